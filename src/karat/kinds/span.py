"""A span: one or more segments of a text, counted in Unicode code points, half-open; of a turn or an answer, from its beginning."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Literal, cast

import msgspec
import numpy as np
from numpy.typing import NDArray

from karat.geometry.intervals import overlaps
from karat.kinds.averages import ALIKE, shares, weighted_medoid
from karat.kinds.resources import is_name
from karat.model.kind import Facts, Kind, WhereOptions
from karat.model.loosening import freely
from karat.model.problem import Problem, shown
from karat.model.schema import Field

Span = tuple[tuple[int, int], ...]
"""Segments [start, end), sorted and disjoint."""

LONGEST = 2**31 - 1


class Suggested(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """The project's list of words that are suggested as spans, by name, and whether capitals must be the same."""

    words: str
    exact: bool = False


class SpanOptions(WhereOptions, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """`cut` is the share of characters that only one of two spans has.

    `snap` is where marks begin and end on the screen, until the person chooses otherwise; any characters may be marked.
    With `clusters` the screen puts spans that speak of one thing into clusters: spans of one `group` are one.
    `suggest` names a list of words of the project, which the screen underlines until they are accepted.
    """

    snap: Literal["character", "token", "sentence"] = "token"
    clusters: bool = False
    suggest: Suggested | None = None


def check(value: Span, _field: Field, facts: Facts) -> list[Problem]:
    """There is a segment, none is empty, they are in order without overlap, and they lie in the text."""
    if not value:
        return [Problem("", "[]", "at least one segment", "Mark some text, or remove the annotation.")]
    length = LONGEST if facts.length is None else facts.length
    found: list[Problem] = []
    before = 0
    for index, (start, end) in enumerate(value):
        if before <= start < end <= length:
            before = end
            continue
        found.append(_wrong(index, start, end, before, length))
        before = max(before, min(end, length))
    return found


def check_options(given: msgspec.Struct) -> list[Problem]:
    """A list of words has a name that can stand in an address."""
    options = cast(SpanOptions, given)  # the kind's own options type, by the contract of Kind
    if options.suggest is None or is_name(options.suggest.words):
        return []
    do = "Name the list as it is uploaded, e.g. `suggest: {words: drugs}`."
    return [Problem("suggest.words", shown(options.suggest.words), "1 to 64 of a-z, 0-9, `_` and `-`", do)]


def distance(a: Span, b: Span, _field: Field) -> float:
    """1 - common characters / characters of either; 0 for the same characters, 1 for none in common."""
    if a == b:
        return 0.0
    if len(a) == len(b) == 1:
        (start_a, end_a), (start_b, end_b) = a[0], b[0]
        common = min(end_a, end_b) - max(start_a, start_b)
        return 1.0 - common / (end_a - start_a + end_b - start_b - common) if common > 0 else 1.0
    common = _common(a, b)
    return 1.0 - common / (_length(a) + _length(b) - common)


def distances(a: Sequence[Span], b: Sequence[Span], _field: Field) -> NDArray[np.float64]:
    """The matrix of `distance`, shape (len(a), len(b))."""
    if not a or not b:
        return np.zeros((len(a), len(b)))
    common = overlaps(_segments(a), _segments(b))
    common = np.add.reduceat(np.add.reduceat(common, _firsts(a), axis=0), _firsts(b), axis=1)
    union = _lengths(a)[:, None] + _lengths(b)[None, :] - common
    return np.asarray(1.0 - common / union)


def merge(values: Sequence[Span], weights: Sequence[float], field: Field) -> Span:
    """The characters that more than half of the weight has marked.

    The majority of each token is the usual vote on sequences (Rodrigues, Pereira and Ribeiro 2014); by character it needs
    no tokenizer, holds segments apart, and for spans with a common character it equals the weighted median of the two
    ends. A character at exactly half is kept if the first value has it. Spans of which no character has a majority
    merge to the one nearest to all. Touching segments become one, except where all values are equal.
    """
    if all(value == values[0] for value in values):
        return values[0]
    share = shares(weights)
    points = sorted({point for value in values for segment in value for point in segment})
    kept: list[tuple[int, int]] = []
    for start, end in pairwise(points):
        votes = sum(s for value, s in zip(values, share, strict=True) if _has(value, start))
        if votes > 0.5 + ALIKE or (votes > 0.5 - ALIKE and _has(values[0], start)):
            if kept and kept[-1][1] == start:
                kept[-1] = (kept[-1][0], end)
            else:
                kept.append((start, end))
    return tuple(kept) or weighted_medoid(values, weights, lambda a, b: distance(a, b, field))


def _wrong(index: int, start: int, end: int, before: int, length: int) -> Problem:
    if not 0 <= start <= length:
        return Problem(f"[{index}][0]", shown(start), f"0 to {length}", "Count code points from the start of the text.")
    if not 0 <= end <= length:
        return Problem(f"[{index}][1]", shown(end), f"0 to {length}", "Count code points; the text ends earlier.")
    if start >= end:
        return Problem(
            f"[{index}][1]", shown(end), f"more than start ({start})", "Give the segment a length, or remove it."
        )
    return Problem(f"[{index}][0]", shown(start), f"{before} or more", "Sort the segments and join those that overlap.")


def _common(a: Span, b: Span) -> int:
    i = j = common = 0
    while i < len(a) and j < len(b):
        common += max(0, min(a[i][1], b[j][1]) - max(a[i][0], b[j][0]))
        if a[i][1] <= b[j][1]:
            i += 1
        else:
            j += 1
    return common


def _length(span: Span) -> int:
    return sum(end - start for start, end in span)


def _has(span: Span, point: int) -> bool:
    return any(start <= point < end for start, end in span)


def _segments(spans: Sequence[Span]) -> NDArray[np.int64]:
    return np.array([segment for span in spans for segment in span], np.int64)


def _firsts(spans: Sequence[Span]) -> NDArray[np.int64]:
    return np.cumsum([0, *(len(span) for span in spans[:-1])])


def _lengths(spans: Sequence[Span]) -> NDArray[np.int64]:
    return np.array([_length(span) for span in spans], np.int64)


SPAN = Kind(
    name="span",
    version=1,
    role="where",
    value=Span,
    options=SpanOptions,
    looser={"snap": freely, "clusters": freely, "suggest": freely},
    streams=("candidates", "dialogue", "document", "text"),
    check=check,
    distance=distance,
    merge=merge,
    check_options=check_options,
    distances=distances,
)

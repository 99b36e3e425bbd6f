"""Which slices an item is of, by a value of its metadata."""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from karat.model.item import Scalar
from karat.server.fairness.figures import CellKind
from karat.server.fairness.schemas import SliceRule
from karat.server.reports.schemas import Filter

MISSING = "missing"
OTHER = "other"
LONGEST_NAME = 80

Typed = tuple[str, str | float | bool]
"""A value as it is shown, and as a filter compares it."""
Raw = tuple[Typed, ...] | float | None
"""What slices tell apart: the values, more than one of a list; a number by itself where there are edges; None for no value."""


class Cut(NamedTuple):
    """A slice: its name, what it is, and the conditions that find its items."""

    name: str
    kind: CellKind
    filter: Filter


def raw_of(value: Scalar | None, rule: SliceRule) -> Raw:
    """The value by which an item is put into slices; a number stays by itself only where the rule has edges.

    >>> raw_of(3, SliceRule("n")), raw_of(3, SliceRule("n", edges=(2,))), raw_of(["a", "b"], SliceRule("n"))
    ((('3', 3.0),), 3.0, (('a', 'a'), ('b', 'b')))
    """
    if value is None or value == []:
        return None
    if isinstance(value, bool):
        said = "true" if value else "false"  # as it is searched: the text and the truth are one slice
        return ((said, said),)
    if isinstance(value, int | float):
        return float(value) if rule.edges else ((f"{value:.15g}", float(value)),)
    if isinstance(value, str):
        return ((shown_name(value), value),)
    return tuple((shown_name(one), one) for one in sorted(set(value)))


def shown_name(text: str) -> str:
    """A value as a slice is named by it: a long one is cut, with a digest, so that two of them are two.

    >>> shown_name("night"), len(shown_name("night " * 99))
    ('night', 78)
    """
    if len(text) <= LONGEST_NAME:
        return text
    return f"{text[: LONGEST_NAME - 11]}… {hashlib.sha256(text.encode()).hexdigest()[:7]}"


def cuts_of(counts: Mapping[Raw, int], rule: SliceRule) -> tuple[list[Cut], dict[Raw, tuple[int, ...]]]:
    """The slices that these values make, given how many items have each, and the places of each value among them.

    Ranges come in order, then the most frequent values, `other` and `missing`. An item with a list of several values is of
    the slice of each; else no two slices have the same items.
    """
    ranges = _ranges(rule) if any(isinstance(value, float) for value in counts) else []
    holding: Counter[Typed] = Counter()
    for raw, n in counts.items():
        if isinstance(raw, tuple):
            holding.update(dict.fromkeys(raw, n))
    known = sorted(holding, key=lambda v: (-holding[v], v[0], str(v[1])))
    # A single value more is shown by itself: `other` would hold nothing else.
    kept = known if len(known) <= rule.most + 1 else known[: rule.most]
    cuts = list(ranges)
    names = {MISSING, OTHER, *(cut.name for cut in ranges)}
    for text, value in kept:
        name = text
        while name in names:
            name = f'"{name}"'
        names.add(name)
        cuts.append(Cut(name, "value", _where(rule.key, "eq", value)))
    at = {value: len(ranges) + index for index, value in enumerate(kept)}
    has_other = any(isinstance(raw, tuple) and not at.keys() & set(raw) for raw in counts)
    other, missing = len(cuts), len(cuts) + has_other
    if has_other:
        cuts.append(Cut(OTHER, "other", _other(rule, kept)))
    if None in counts:
        cuts.append(Cut(MISSING, "missing", _where(rule.key, "exists", False)))
    place: dict[Raw, tuple[int, ...]] = {}
    for raw in counts:
        if raw is None:
            place[raw] = (missing,)
        elif isinstance(raw, float):
            place[raw] = (sum(raw >= edge for edge in rule.edges),)
        else:
            place[raw] = tuple(sorted(at[value] for value in raw if value in at)) or (other,)
    return cuts, place


def _ranges(rule: SliceRule) -> list[Cut]:
    first, last = rule.edges[0], rule.edges[-1]
    between = zip(rule.edges[:-1], rule.edges[1:], strict=True)
    return [
        Cut(f"below {first:.15g}", "range", _between(rule.key, None, first)),
        *(Cut(f"{low:.15g} to {high:.15g}", "range", _between(rule.key, low, high)) for low, high in between),
        Cut(f"from {last:.15g}", "range", _between(rule.key, last, None)),
    ]


def _between(key: str, low: float | None, high: float | None) -> Filter:
    bounds = [("ge", low), ("lt", high)]
    return {"all": [{"metadata": {"key": key, "op": op, "value": edge}} for op, edge in bounds if edge is not None]}


def _where(key: str, op: str, value: str | float | bool) -> Filter:
    return {"all": [{"metadata": {"key": key, "op": op, "value": value}}]}


def _other(rule: SliceRule, kept: Sequence[Typed]) -> Filter:
    without: list[object] = [{"metadata": {"key": rule.key, "op": "ne", "value": value}} for _, value in kept]
    # Beside ranges `other` is of texts alone: every text is the empty one or comes after it.
    there = {"op": "ge", "value": ""} if rule.edges else {"op": "exists", "value": True}
    return {"all": [{"metadata": {"key": rule.key, **there}}, *without]}

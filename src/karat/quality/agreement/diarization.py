"""Who spoke when: the diarization error rate between annotators, and what it is made of."""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from karat.quality.agreement.comparisons import Comparisons, pairs_within
from karat.quality.spans import Spans

Floats = NDArray[np.floating]
Ints = NDArray[np.signedinteger]
Turns = tuple[Ints, Floats, Floats]
"""Speakers, starts and ends of the turns of one annotator on one item."""


@dataclass(frozen=True, slots=True)
class DiarizationErrors:
    """Seconds in error over seconds of the reference's speech; each part has `estimate()`, `by_pair()`, `by_slice(…)`.

    The rate is the sum of the three parts and can be above 1.
    """

    rate: Comparisons
    missed: Comparisons
    """Speech that only the reference has."""
    false_alarm: Comparisons
    """Speech that only the other has."""
    confusion: Comparisons
    """Speech of another speaker."""


def diarization_errors(
    spans: Spans,
    *,
    reference: object = None,
    collar: float = 0.0,
    overlap: Literal["scored", "skipped"] = "scored",
    speakers: Literal["mapped", "named"] = "mapped",
) -> DiarizationErrors:
    """The diarization error rate (DER) of annotators against `reference`, or of each against each other.

    `spans` has turns: a speaker is a label, times are in seconds. Without `reference` every two annotators are compared
    both ways round, each once as the reference. "mapped": speakers are matched one to one so that they share the most
    time, item by item; "named": a speaker is who the label says. `collar` seconds around each end of a turn of the
    reference, half of them on each side, do not count. Where several speak at once each counts ("scored"), or nothing
    does where the reference has several ("skipped"). Turns of one speaker by one annotator that overlap count as one.
    Source: NIST, Rich Transcription 2009 Evaluation Plan; as in pyannote.metrics (Bredin, Interspeech 2017).

    >>> table = {"call": [1, 1, 1], "who": ["Ada", "Ada", "Ben"], "from": [0, 6, 0], "to": [5, 10, 10], "says": ["x", "y", "z"]}
    >>> turns = Spans.from_table(table, item="call", annotator="who", start="from", end="to", label="says")
    >>> errors = diarization_errors(turns, reference="Ada")
    >>> print(errors.rate.by_item(), errors.confusion.apart, errors.false_alarm.apart)
    {1: 0.5555555555555556} [4.] [1.]
    """
    if collar < 0:
        raise ValueError(f"collar={collar}: seconds that do not count are 0 or more")
    if overlap not in ("scored", "skipped") or speakers not in ("mapped", "named"):
        raise ValueError(f"overlap={overlap!r}, speakers={speakers!r}: take 'scored' or 'skipped', 'mapped' or 'named'")
    item, first, second = _pairs(spans, reference)
    turns = _turns(spans)
    nothing: Turns = (np.empty(0, np.int64), np.empty(0), np.empty(0))
    found = np.zeros((len(item), 4))
    for row, (i, a, b) in enumerate(zip(item.tolist(), first.tolist(), second.tolist(), strict=True)):
        of_both = turns.get((i, a), nothing), turns.get((i, b), nothing)
        found[row] = _compared(*of_both, collar=collar, skip=overlap == "skipped", mapped=speakers == "mapped")
    whole = Comparisons(spans.items, spans.annotators, item, first, second, found[:, :3].sum(axis=1), found[:, 3])
    return DiarizationErrors(whole, *(replace(whole, apart=found[:, part]) for part in range(3)))


def _pairs(spans: Spans, reference: object) -> tuple[Ints, Ints, Ints]:
    item, who = spans.looked_item.astype(np.int64), spans.looked_annotator
    a, b = pairs_within(item, ordered=True)
    if reference is not None:
        names = spans.annotators.tolist()
        if reference not in names:
            raise ValueError(f"reference={reference!r} is no annotator of these spans; name one of {names[:8]}")
        kept = who[a] == names.index(reference)
        a, b = a[kept], b[kept]
    order = np.argsort(item[a], kind="stable")
    return item[a][order], who[a][order].astype(np.int64), who[b][order].astype(np.int64)


def _turns(spans: Spans) -> dict[tuple[int, int], Turns]:
    whole = spans.merged()
    order = np.lexsort((whole.annotator_codes, whole.item_codes))
    item, who = whole.item_codes[order], whole.annotator_codes[order]
    cut = np.flatnonzero(np.diff(item, prepend=-1) | np.diff(who, prepend=-1))
    found: dict[tuple[int, int], Turns] = {}
    for start, rows in zip(cut.tolist(), np.split(order, cut[1:]), strict=True):
        key = int(item[start]), int(who[start])
        found[key] = whole.label_codes[rows].astype(np.int64), whole.starts[rows], whole.ends[rows]
    return found


def _compared(reference: Turns, other: Turns, *, collar: float, skip: bool, mapped: bool) -> Floats:
    """Missed, false alarm, confusion, and the reference's speech, in seconds."""
    edges = np.concatenate([reference[1], reference[2], other[1], other[2]])
    around = np.concatenate([reference[1], reference[2]])
    cuts = np.unique(np.concatenate([edges, around - collar / 2, around + collar / 2]))
    if len(cuts) < 2:
        return np.zeros(4)
    long, middle = np.diff(cuts), (cuts[1:] + cuts[:-1]) / 2
    x, y = _spoken(reference, middle), _spoken(other, middle)
    kept = np.ones(len(middle), bool)
    if collar:
        inside = np.searchsorted(np.sort(around), [middle - collar / 2, middle + collar / 2])
        kept &= inside[0] == inside[1]
    if skip:
        kept &= x.sum(axis=0) <= 1
    long = np.where(kept, long, 0.0)
    right = _together(x, y, long) if mapped else _same(reference, other, x, y)
    n, m = x.sum(axis=0), y.sum(axis=0)
    parts = (np.maximum(n - m, 0), np.maximum(m - n, 0), np.minimum(n, m) - right, n)
    return np.array([float(part @ long) for part in parts])


def _spoken(turns: Turns, middle: Floats) -> NDArray[np.int64]:
    """Whether each speaker speaks in each stretch, shape (speakers, stretches)."""
    who, starts, ends = turns
    names, row = np.unique(who, return_inverse=True)
    change = np.zeros((len(names), len(middle) + 1), np.int64)
    np.add.at(change, (row, np.searchsorted(middle, starts)), 1)
    np.add.at(change, (row, np.searchsorted(middle, ends)), -1)
    return np.minimum(np.cumsum(change, axis=1)[:, :-1], 1)


def _together(x: NDArray[np.int64], y: NDArray[np.int64], long: Floats) -> NDArray[np.int64]:
    """How many matched speakers speak in both, stretch by stretch."""
    rows, columns = linear_sum_assignment((x * long) @ y.T, maximize=True)
    return np.asarray((x[rows] & y[columns]).sum(axis=0))


def _same(a: Turns, b: Turns, x: NDArray[np.int64], y: NDArray[np.int64]) -> NDArray[np.int64]:
    _, rows, columns = np.intersect1d(np.unique(a[0]), np.unique(b[0]), return_indices=True)
    return np.asarray((x[rows] & y[columns]).sum(axis=0))

"""Control charts of votes: accuracy, agreement, time and the mix of labels, per annotator, slice or batch."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from karat.quality.agreement.parts import slices_of
from karat.quality.drift.before import mix_before, ranks_before, rates_before
from karat.quality.drift.charts import Chart, cusum, ewma
from karat.quality.drift.sessions import checked_seconds
from karat.quality.tallies import tallied
from karat.quality.votes import Votes

Floats = NDArray[np.floating]
Ints = NDArray[np.signedinteger]
Measure = Literal["accuracy", "agreement", "seconds", "labels"]
ByItem = Mapping[object, object] | Sequence[object] | NDArray[np.generic]
LEAST = 4
"""Batches below which there is no chart."""


@dataclass(frozen=True, slots=True)
class VoteChart:
    """The chart of one annotator or slice; arrays of shape (batches,), in the order of time."""

    chart: Chart
    n: Ints
    """Votes of each batch."""
    value: Floats
    """What was measured in each: the share right, mean agreement, median seconds, or for labels the share that would have
    to be others to look as before; nan in an empty batch."""
    names: list[object]
    """Of each batch, where `batches` named them; else its number."""


def charts(
    votes: Votes,
    measure: Measure,
    *,
    by: Literal["annotator", "all"] | ByItem = "annotator",
    known: Mapping[object, object] | None = None,
    seconds: Floats | None = None,
    batch: int = 20,
    batches: ByItem | None = None,
    chart: Literal["ewma", "cusum"] = "ewma",
    run_length: float = 370.0,
) -> dict[object, VoteChart]:
    """A control chart for each annotator, for all together, or for each slice of the items; four batches at least.

    `measure`: "accuracy" by the labels `known` (gold, or a consensus that leaves the annotator out); "agreement" with the
    others on the item; "seconds" of each vote (votes,), as given or by `sessions_of`, nan where unknown; "labels", the mix of
    them. Batches are `batch` votes in the order of times, else of rows, what is left over going unseen; or as `batches` names
    them by item. Each batch is compared with all before it, so that while nothing changes one in `run_length` is a false
    alarm, on average, without a baseline (`karat.quality.drift.before`). Votes of one item in one batch are not independent: with
    "all" or slices, keep an item's votes apart or read alarms of agreement with care.
    """
    if batch < 1:
        raise ValueError(f"batch={batch}: a batch holds at least one vote")
    if chart not in ("ewma", "cusum"):
        raise ValueError(f"chart={chart!r}: take 'ewma' or 'cusum'")
    rows, values = _measured(votes, measure, known, seconds)
    group, names = _groups(rows, by)
    order = np.arange(len(rows)) if rows.times is None else np.argsort(rows.times, kind="stable")
    by_group = order[np.argsort(group[order], kind="stable")]
    ends = np.searchsorted(group[by_group], np.arange(len(names) + 1))
    points = POINTS[measure]
    found: dict[object, VoteChart] = {}
    for code, name in enumerate(names):
        own = by_group[ends[code] : ends[code + 1]]
        place, called = _batched(rows, own, batch, batches)
        own = own[place >= 0]
        place = place[place >= 0]
        if len(called) < LEAST:
            continue
        z, value = points(values[own], place, len(called))
        drawn = ewma(z, run_length=run_length) if chart == "ewma" else cusum(z, run_length=run_length)
        found[name] = VoteChart(drawn, np.bincount(place, minlength=len(called)), value, called)
    return found


def agreement_of_votes(votes: Votes) -> Floats:
    """The share of the other votes on the item that equal each vote, shape (votes,), in [0, 1]; nan where there are none."""
    k = max(len(votes.labels), 1)
    cell = votes.item_codes.astype(np.int64) * k + votes.label_codes
    _, place, same = np.unique(cell, return_inverse=True, return_counts=True)
    n = np.bincount(votes.item_codes, minlength=len(votes.items))[votes.item_codes]
    return np.where(n > 1, (same[place] - 1) / np.maximum(n - 1, 1), np.nan)


def _measured(
    votes: Votes, measure: Measure, known: Mapping[object, object] | None, seconds: Floats | None
) -> tuple[Votes, Floats]:
    """The votes that can be measured, and the number of each."""
    if measure == "seconds":
        if seconds is None:
            raise ValueError("seconds= is missing: give how long each vote took, or sessions_of(votes).seconds")
        took = checked_seconds(votes, seconds)
        there = np.isfinite(took)
        return votes.rows(there), took[there]
    once = votes.once()
    if measure == "labels":
        return once, once.label_codes.astype(np.float64)
    if measure == "agreement":
        shared = agreement_of_votes(once)
        return once.rows(np.isfinite(shared)), shared[np.isfinite(shared)]
    if measure != "accuracy":
        raise ValueError(f"measure={measure!r}: take 'accuracy', 'agreement', 'seconds' or 'labels'")
    if known is None:
        raise ValueError("accuracy needs known=, the labels of items: gold, or a consensus of others")
    codes = votes.gold_codes(known)
    on_known = once.rows(codes[once.item_codes] >= 0)
    return on_known, (codes[on_known.item_codes] == on_known.label_codes).astype(np.float64)


def _groups(votes: Votes, by: Literal["annotator", "all"] | ByItem) -> tuple[Ints, list[object]]:
    """The group of each vote, -1 where it has none, and the groups' names."""
    if isinstance(by, str):
        if by == "annotator":
            return votes.annotator_codes.astype(np.int64), votes.annotators.tolist()
        if by == "all":
            return np.zeros(len(votes), np.int64), ["all"]
        raise ValueError(f"by={by!r}: take 'annotator', 'all', or the slice of each item")
    cut = slices_of(votes, by)
    names = list(dict.fromkeys(name for name in cut if name is not None))
    place = {name: i for i, name in enumerate(names)}
    return np.array([place.get(name, -1) for name in cut], np.int64)[votes.item_codes], names


def _batched(votes: Votes, own: Ints, batch: int, batches: ByItem | None) -> tuple[Ints, list[object]]:
    """The batch of each of these votes, -1 where it has none, and how batches are called."""
    if batches is None:
        whole = len(own) // batch
        place = np.arange(len(own)) // batch
        return np.where(place < whole, place, -1), list(range(whole))
    cut = slices_of(votes, batches)
    of_vote = [cut[i] for i in votes.item_codes[own].tolist()]
    names = list(dict.fromkeys(name for name in of_vote if name is not None))
    number = {name: i for i, name in enumerate(names)}
    return np.array([number.get(name, -1) for name in of_vote], np.int64), names


def _of_rates(values: Floats, place: Ints, size: int) -> tuple[Floats, Floats]:
    n, hits = np.bincount(place, minlength=size), tallied(place, values, size)
    return rates_before(hits, n), np.divide(hits, n, out=np.full(size, np.nan), where=n > 0)


def _of_ranks(values: Floats, place: Ints, size: int) -> tuple[Floats, Floats]:
    parts = [values[place == i] for i in range(size)]
    return ranks_before(values, place), np.array([np.median(part) if len(part) else np.nan for part in parts])


def _of_shares(values: Floats, place: Ints, size: int) -> tuple[Floats, Floats]:
    n = np.bincount(place, minlength=size)
    mean = np.divide(tallied(place, values, size), n, out=np.full(size, np.nan), where=n > 0)
    return ranks_before(values, place), mean


def _of_labels(values: Floats, place: Ints, size: int) -> tuple[Floats, Floats]:
    k = int(values.max(initial=0)) + 1
    counts = np.bincount(place * k + values.astype(np.int64), minlength=size * k).reshape(size, k)
    past = np.cumsum(counts, axis=0) - counts
    shares = [part / np.maximum(part.sum(axis=1, keepdims=True), 1) for part in (counts, past)]
    return mix_before(counts), np.where(past.sum(axis=1) > 0, np.abs(shares[0] - shares[1]).sum(axis=1) / 2, 0.0)


POINTS: dict[Measure, Callable[[Floats, Ints, int], tuple[Floats, Floats]]] = {
    "accuracy": _of_rates,
    "agreement": _of_shares,
    "seconds": _of_ranks,
    "labels": _of_labels,
}
"""What is made of the numbers of the votes and their batches: points for a chart, and what was measured."""

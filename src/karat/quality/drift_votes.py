"""Control charts of votes: who gets worse, and at what hour, measured against gold or the consensus."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from karat.quality.bias import rates_by_slice
from karat.quality.drift import Chart, cusum, ewma, rates
from karat.quality.estimate import Estimate
from karat.quality.tallies import last_votes
from karat.quality.votes import Votes

Floats = NDArray[np.floating]
Ints = NDArray[np.signedinteger]

DAY_S = 86_400


@dataclass(frozen=True, slots=True)
class VoteChart:
    """The chart of one annotator: batches of votes on items whose label is known, in the order of time."""

    chart: Chart
    n: Ints
    """Votes of each batch, shape (batches,)."""
    right: Ints
    """How many of them were right."""
    usual: float
    """The share that the first batches had."""


@dataclass(frozen=True, slots=True)
class Hour:
    """How often votes of one hour of the day are right."""

    hour: int
    right: Estimate
    adjusted: float
    """How likely so large a difference from the other hours is by chance, after control of false discoveries."""


def charts_by_annotator(
    votes: Votes,
    known: Mapping[object, object],
    *,
    batch: int = 20,
    baseline: int = 5,
    chart: Literal["ewma", "cusum"] = "ewma",
    run_length: float = 370.0,
) -> dict[object, VoteChart]:
    """A control chart of each annotator's share of right votes, where there are more than `baseline` batches.

    `known` is the label of items: gold, or the consensus of others. The first `baseline` batches say what is usual for the
    annotator, and are charted too; one false alarm comes in `run_length` batches on average as far as these said it well. A
    last batch that is not full is left out. The order is that of times, else of rows.
    """
    if batch < 1 or baseline < 1:
        raise ValueError(f"batch={batch}, baseline={baseline}: both count from 1")
    if chart not in ("ewma", "cusum"):
        raise ValueError(f"chart={chart!r}: take 'ewma' or 'cusum'")
    once, right = _known(votes, known)
    order = np.arange(len(once)) if once.times is None else np.argsort(once.times, kind="stable")
    found: dict[object, VoteChart] = {}
    for code, name in enumerate(votes.annotators.tolist()):
        own = right[order[once.annotator_codes[order] == code]]
        batches = len(own) // batch
        if batches <= baseline:
            continue
        hits = own[: batches * batch].reshape(batches, batch).sum(axis=1)
        first = float(hits[:baseline].sum())
        usual = (first + 0.5) / (baseline * batch + 1)
        points = rates(hits, np.full(batches, batch), usual=usual)
        drawn = ewma(points, run_length=run_length) if chart == "ewma" else cusum(points, run_length=run_length)
        found[name] = VoteChart(drawn, np.full(batches, batch), hits, usual)
    return found


def accuracy_by_hour(votes: Votes, known: Mapping[object, object], *, level: float = 0.95) -> list[Hour]:
    """The share of right votes by hour of the day, 0 to 23, of times in seconds since 1970 (UTC), hours with votes only.

    Each hour is tested against all others, with control of false discoveries; people who work at different hours differ
    too, so read it for one annotator at a time, or beside `group_difference`.
    """
    if votes.times is None:
        raise ValueError("these votes have no times: name the column by time= of Votes.from_table")
    once, right = _known(votes, known)
    times = once.times if once.times is not None else np.empty(0)
    hour = (times % DAY_S // 3600).astype(np.int64)
    found = [Hour(int(str(rate.slice)), rate.rate, rate.adjusted) for rate in rates_by_slice(right, hour, level=level)]
    return sorted(found, key=lambda one: one.hour)


def _known(votes: Votes, known: Mapping[object, object]) -> tuple[Votes, NDArray[np.bool_]]:
    codes = votes.gold_codes(known)
    once = last_votes(votes.rows(codes[votes.item_codes] >= 0))
    return once, np.asarray(codes[once.item_codes] == once.label_codes)

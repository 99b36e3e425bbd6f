"""What changes over time: control charts, hours of the day, and how sessions go on."""

import numpy as np
from scipy.special import stdtrit

from karat.quality.drift.fatigue import accuracy_by_hour, fatigue
from karat.quality.drift.votes import Measure, VoteChart, charts
from karat.quality.estimate import Estimate, estimate, finite
from karat.quality.sheet.table import Floats, Table
from karat.quality.sheet.values import Chart, Figure, HourRow, PartRow
from karat.quality.votes import Votes

BATCH = 20
"""Votes of a batch at least."""
BATCHES = 40
"""Batches of a chart of all at most."""
SHOWN = 60
"""Charts of annotators at most: those with alarms first, then those with most votes."""
CALLED: dict[Measure, str] = {
    "accuracy": "share right", "agreement": "agreement with others", "seconds": "seconds a vote", "labels": "mix of labels",
}  # fmt: skip


def chart_rows(table: Table) -> tuple[Chart, ...]:
    """Charts of all together, then of annotators; none where the order of votes is unknown."""
    if table.votes.times is None:
        return ()
    together = [
        _row("all", measure, found)
        for measure in CALLED
        if measure != "agreement"
        for found in _charts(table, measure, "all").values()
    ]
    single = [
        _row(str(name), measure, found)
        for measure in CALLED
        for name, found in _charts(table, measure, "annotator").items()
    ]
    single.sort(key=lambda chart: (-len(chart.alarms), -len(chart.n)))
    return (*together, *single[:SHOWN])


def hour_rows(table: Table) -> tuple[HourRow, ...]:
    """Hours of the day, where times are dates."""
    if not table.are_dates or not table.known:
        return ()
    return tuple(
        HourRow(h.hour, h.right, h.odds_ratio, finite(h.adjusted)) for h in accuracy_by_hour(table.votes, table.known)
    )


def session_rows(table: Table) -> tuple[tuple[PartRow, ...], tuple[Figure, ...]]:
    """How sessions go on, where times are dates."""
    if not table.are_dates or not table.known:
        return (), ()
    found = fatigue(table.votes, table.known)
    rows = tuple(PartRow(part.from_s / 60, finite(part.to_s / 60), part.right) for part in found.parts)
    meaning = f"by how much the share of right votes changes each hour of a session, by {table.against}"
    return rows, (Figure("Fatigue", found.per_hour, meaning),)


def _charts(table: Table, measure: Measure, by: str) -> dict[object, VoteChart]:
    if (measure == "accuracy" and not table.known) or (measure == "seconds" and table.seconds is None):
        return {}
    votes, seconds = table.votes, table.seconds
    if by == "all":
        chosen = _one_each(votes)
        votes, seconds = votes.rows(chosen), None if seconds is None else seconds[chosen]
        size = max(BATCH, -(-len(votes) // BATCHES))
        return charts(votes, measure, by="all", known=table.known, seconds=seconds, batch=size)
    return charts(votes, measure, by="annotator", known=table.known, seconds=seconds, batch=BATCH)


def _one_each(votes: Votes) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """One vote of each item, drawn at random: votes of one item are alike, and would make false alarms of hard ones."""
    order = np.random.default_rng(0).permutation(len(votes))
    _, first = np.unique(votes.item_codes[order], return_index=True)
    return np.sort(order[first]).astype(np.int64)


def _row(who: str, measure: Measure, found: VoteChart) -> Chart:
    chart = found.chart
    return Chart(
        who,
        CALLED[measure],
        tuple(found.n.tolist()),
        tuple(finite(value) for value in found.value.tolist()),
        tuple(chart.level.tolist()),
        tuple(chart.limit.tolist()),
        tuple(np.flatnonzero(chart.alarms).tolist()),
        chart.run_length,
        _mean(found.value[: len(found.value) // 2]),
        _mean(found.value[len(found.value) // 2 :]),
    )


def _mean(values: Floats) -> Estimate:
    """The mean over batches, each as one number."""
    there = values[np.isfinite(values)]
    n, method = len(there), "Student's t over batches"
    if n < 2:
        return estimate(float(there.mean()) if n else float("nan"), np.nan, np.nan, n=n, of="batches", method=method)
    reach = float(stdtrit(n - 1, 0.975) * there.std(ddof=1) / np.sqrt(n))
    mean = float(there.mean())
    return estimate(mean, mean - reach, mean + reach, n=n, of="batches", method=method)

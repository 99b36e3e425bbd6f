"""Control charts over what a person answered, batch by batch."""

from collections.abc import Iterable
from functools import lru_cache

from karat.quality.drift import cusum
from karat.quality.drift.before import rates_before
from karat.server.team.schemas import Chart, ChartPoint

BATCH = 20
"""Answers compared, at least, that make a point: fewer say little, and days of one answer would make points of noise."""
RUN_LENGTH = 370.0
"""Points of a chart, on average, until a false alarm while nothing changes."""
SHIFT = 1.0
"""The change to be seen soonest, in standard deviations of a batch."""

Day = tuple[str, int, float]
"""The day, how many were compared, and the sum of how right they were."""


def chart_of(days: Iterable[Day]) -> Chart:
    """The chart of somebody's days, in their order."""
    return _chart(_batches(days))


def _batches(days: Iterable[Day]) -> tuple[Day, ...]:
    """Days put together until each batch is large enough; what is left over waits for more."""
    found: list[Day] = []
    n, x = 0, 0.0
    for day, count, right in days:
        n, x = n + count, x + right
        if n >= BATCH:
            found.append((day, n, x))
            n, x = 0, 0.0
    return tuple(found)


@lru_cache(maxsize=4096)
def _chart(batches: tuple[Day, ...]) -> Chart:
    n = [count for _, count, _ in batches]
    hits = [min(max(round(right), 0), count) for _, count, right in batches]
    drawn = cusum(rates_before(hits, n), shift=SHIFT, run_length=RUN_LENGTH)
    points = [
        ChartPoint(day, count, right / count, float(z), float(level), bool(alarm))
        for (day, count, right), z, level, alarm in zip(batches, drawn.z, drawn.level, drawn.alarms, strict=True)
    ]
    last = next((point for point in reversed(points) if point.alarm), None)
    falling = last.day if last is not None and last.level < 0 else None
    return Chart(points, float(drawn.limit[0]) if points else 0.0, RUN_LENGTH, falling)

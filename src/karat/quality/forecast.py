"""When will it be done? What is left over what was done a day, with the doubt of days that differ."""

from collections.abc import Sequence

import numpy as np

from karat.quality.measure import RESAMPLES, Measure, measure

FEW_DAYS = 3
"""Days below which nothing is said: a single good day promises nothing."""


def days_left(left: int, per_day: Sequence[int], *, seed: int = 0, level: float = 0.95) -> Measure:
    """How many days it takes to do what is left at the pace of these days, with a percentile interval (Efron 1979).

    Days are drawn anew, so quiet days and busy ones make the interval wide; it holds while the days to come are like these,
    and takes them as independent of one another. Days without work belong into `per_day` as 0. Undefined below `FEW_DAYS`
    days, or where nothing was done; an end is None where so little may be done that there is no end.

    >>> found = days_left(100, [10, 20, 30, 20])
    >>> found.value, found.low <= 5.0 <= found.high
    (5.0, True)
    """
    done = np.asarray(per_day, np.float64)
    if left <= 0:
        return Measure(0.0, 0.0, 0.0, len(done), True)
    if len(done) < FEW_DAYS or done.sum() <= 0:
        return Measure(None, None, None, len(done), False)
    drawn = np.random.default_rng(seed).choice(done, (RESAMPLES, len(done))).mean(axis=1)
    with np.errstate(divide="ignore"):
        ends = left / np.quantile(drawn, [(1 + level) / 2, (1 - level) / 2])
    found = measure(left / float(done.mean()), float(ends[0]), float(ends[1]), n=len(done))
    return Measure(found.value, found.low, found.high, found.n, True)

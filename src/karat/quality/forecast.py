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


def cost_of_one(amounts: Sequence[int], counts: Sequence[int], *, seed: int = 0, level: float = 0.95) -> Measure:
    """What one of what was counted costs: the sum of amounts over the sum of counts, with a percentile interval (Efron 1979).

    Amounts and counts belong together, shape (n,); they are drawn anew in pairs, since who is paid more may do more.
    In the unit of the amounts; undefined where nothing was counted. `n` counts pairs.

    >>> found = cost_of_one([100, 240, 90], [10, 20, 10])
    >>> found.value, found.low <= 10.75 <= found.high
    (10.75, True)
    """
    paid, done = np.asarray(amounts, np.float64), np.asarray(counts, np.float64)
    if len(paid) == 0 or done.sum() <= 0:
        return Measure(None, None, None, len(paid), False)
    drawn = np.random.default_rng(seed).integers(0, len(paid), (RESAMPLES, len(paid)))
    sums = done[drawn].sum(axis=1)
    ratios = paid[drawn].sum(axis=1)[sums > 0] / sums[sums > 0]
    low, high = np.quantile(ratios, [(1 - level) / 2, (1 + level) / 2])
    return measure(float(paid.sum() / done.sum()), float(low), float(high), n=len(paid))

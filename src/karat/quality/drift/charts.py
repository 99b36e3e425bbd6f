"""Does it get worse? Control charts on rates and means, with the false alarms that they give stated.

A chart is fed one point after another: the share of right answers of a day, agreement of a batch, seconds per item. Points
are in units of what is usual, so that 0 is usual and 1 is one standard deviation of a point.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import brentq
from scipy.special import ndtr, ndtri

Floats = NDArray[np.floating]

GRID = 121
"""States of the Markov chain by which run lengths are found."""


@dataclass(frozen=True, slots=True)
class Chart:
    """A control chart over points; arrays of shape (points,)."""

    z: Floats
    """Each point in standard deviations from what is usual."""
    level: Floats
    """EWMA: the weighted mean. CUSUM: the larger of the two sums, signed."""
    limit: Floats
    """An alarm is where |level| is above this."""
    alarms: NDArray[np.bool_]
    run_length: float
    """How many points, on average, until a false alarm, while nothing changes: 370 is one in 370."""


def ewma(z: ArrayLike, *, weight: float = 0.2, run_length: float = 370.0) -> Chart:
    """An exponentially weighted moving average, which sees small lasting shifts; both directions.

    `weight`, in (0, 1], is what the newest point counts: 0.2 suits shifts of about one standard deviation. The limit is set
    so that in `run_length` points there is one false alarm on average while points are independent and normal. Source:
    Roberts, Technometrics 1 (1959); run lengths by a Markov chain as in Lucas and Saccucci, Technometrics 32 (1990), whose
    table has a limit of 2.962 for weight 0.2 and run length 500.
    """
    points = _points(z)
    if not 0 < weight <= 1:
        raise ValueError(f"weight={weight}: a share between 0 and 1 is needed; 0.2 is usual")
    width = ewma_limit(weight, run_length)
    level = np.empty(len(points))
    mean = 0.0
    for place, point in enumerate(points.tolist()):
        mean = weight * point + (1 - weight) * mean
        level[place] = mean
    limit = np.full(len(points), width * np.sqrt(weight / (2 - weight)))
    return Chart(points, level, limit, np.abs(level) > limit, run_length)


def cusum(z: ArrayLike, *, shift: float = 1.0, run_length: float = 370.0) -> Chart:
    """Cumulative sums upward and downward, the quickest to see a lasting shift of a given size.

    `shift`, in standard deviations, is the change to be seen soonest: half of it is let pass at each point. The limit gives
    one false alarm in `run_length` points on average, both directions together. Source: Page, Biometrika 41 (1954); run
    lengths as in Brook and Evans, Biometrika 59 (1972). Sums go back to 0 after an alarm.
    """
    points = _points(z)
    if not shift > 0:
        raise ValueError(f"shift={shift}: the change to be seen must be above 0 standard deviations")
    bound = cusum_limit(shift, run_length)
    level = np.empty(len(points))
    up = down = 0.0
    for place, point in enumerate(points.tolist()):
        up, down = max(0.0, up + point - shift / 2), max(0.0, down - point - shift / 2)
        level[place] = up if up >= down else -down
        if max(up, down) > bound:
            up = down = 0.0
    limit = np.full(len(points), bound)
    return Chart(points, level, limit, np.abs(level) > limit, run_length)


def rates(hits: ArrayLike, n: ArrayLike, *, usual: float) -> Floats:
    """Shares of right answers, or of one label, as points for a chart: hits of n each, shape (points,).

    The standard deviations that are as unlikely as so many hits, counting half of exactly so many (mid-p; Lancaster,
    Journal of the American Statistical Association 56 (1961)), which makes small samples near normal without pushing them to
    a side. A point with nothing counted is 0: usual.
    """
    from scipy.stats import binom  # a second to import

    x, of = np.asarray(hits, np.float64), np.asarray(n, np.float64)
    if x.shape != of.shape or not np.all((x >= 0) & (x <= of)):
        raise ValueError("hits must lie between 0 and n, one for each point")
    if not 0 < usual < 1:
        raise ValueError(f"usual={usual}: the usual share must lie between 0 and 1")
    below = binom.cdf(x, of, usual) - binom.pmf(x, of, usual) / 2
    return np.where(of > 0, ndtri(np.clip(below, 1e-15, 1 - 1e-15)), 0.0)


def means(values: ArrayLike, *, baseline: int) -> Floats:
    """Numbers such as seconds per item as points for a chart: in robust standard deviations from the first `baseline`.

    Median and 1.4826 times the median distance from it, so that a pause in the baseline does not hide one later.
    """
    x = _points(values)
    if not 2 <= baseline <= len(x):
        raise ValueError(f"baseline={baseline}: between 2 and the {len(x)} points are needed to know what is usual")
    first = x[:baseline]
    center = float(np.median(first))
    spread = 1.4826 * float(np.median(np.abs(first - center)))
    if spread == 0:
        raise ValueError(
            f"more than half of the first {baseline} points are the same, {center:g}: they show no usual spread"
        )
    return np.asarray((x - center) / spread)


def label_mix(counts: ArrayLike, *, usual: ArrayLike) -> Floats:
    """How far each point's labels (points, labels) are from their usual shares (labels,), as points for a chart.

    Pearson's chi-squared, turned into the standard deviations that are as unlikely (Wilson and Hilferty 1931); above 0 is
    farther off than chance has it. Read alarms upward.
    """
    given, shares = np.asarray(counts, np.float64), np.asarray(usual, np.float64)
    if given.ndim != 2 or given.shape[1:] != shares.shape or (shares <= 0).any():
        raise ValueError("counts need the shape (points, labels), usual (labels,) with every share above 0")
    shares = shares / shares.sum()
    n = given.sum(axis=1, keepdims=True)
    expected = np.maximum(n * shares, 1e-12)
    chi, freedom = ((given - expected) ** 2 / expected).sum(axis=1), max(len(shares) - 1, 1)
    spread = 2 / (9 * freedom)
    return np.where(n[:, 0] > 0, ((chi / freedom) ** (1 / 3) - (1 - spread)) / np.sqrt(spread), 0.0)


@lru_cache(maxsize=64)
def ewma_limit(weight: float, run_length: float) -> float:
    """The width of an EWMA chart's limits, in standard deviations of the average, for this run length."""
    _check_run(run_length)
    return _solved(lambda width: _ewma_run(weight, width), run_length, 0.5, 8.0)


@lru_cache(maxsize=64)
def cusum_limit(shift: float, run_length: float) -> float:
    """The limit of a two-sided CUSUM for this run length: each side alone has twice of it."""
    _check_run(run_length)
    return _solved(lambda limit: _cusum_run(shift / 2, limit) / 2, run_length, 0.05, 60.0)


def _ewma_run(weight: float, width: float) -> float:
    reach = width * np.sqrt(weight / (2 - weight))
    step = 2 * reach / GRID
    middle = -reach + step * (np.arange(GRID) + 0.5)
    upper = (middle[None, :] + step / 2 - (1 - weight) * middle[:, None]) / weight
    lower = upper - step / weight
    return _steps(ndtr(upper) - ndtr(lower), GRID // 2)


def _cusum_run(slack: float, limit: float) -> float:
    step = 2 * limit / (2 * GRID - 1)
    place = step * np.arange(GRID)
    upper = place[None, :] + step / 2 - place[:, None] + slack
    moves = ndtr(upper) - ndtr(upper - step)
    moves[:, 0] = ndtr(upper[:, 0])
    return _steps(moves, 0)


def _steps(moves: Floats, start: int) -> float:
    """How many steps a Markov chain takes until it leaves."""
    return float(np.linalg.solve(np.eye(len(moves)) - moves, np.ones(len(moves)))[start])


def _solved(run: Callable[[float], float], wanted: float, low: float, high: float) -> float:
    while run(high) < wanted:
        high *= 1.5
    while run(low) > wanted:
        low /= 2
    return float(brentq(lambda x: np.log(run(x)) - np.log(wanted), low, high, xtol=1e-6))


def _check_run(run_length: float) -> None:
    if not 10 <= run_length <= 1e6:
        raise ValueError(f"run_length={run_length}: between 10 and 1,000,000 points to a false alarm can be asked for")


def _points(values: ArrayLike) -> Floats:
    x = np.asarray(values, np.float64)
    if x.ndim != 1 or not np.isfinite(x).all():
        raise ValueError("points must be finite numbers in their order, shape (points,); leave out what is unknown")
    return x

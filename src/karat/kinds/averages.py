"""Weighted middles that several kinds merge by."""

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

V = TypeVar("V")

ALIKE = 1e-9
"""Shares of a total that differ by less are equal: weights are sums of fractions."""


def weighted_median(values: Sequence[float], weights: Sequence[float]) -> float:
    """The number with half of the weight on each side; the middle of two where the half falls between them.

    >>> weighted_median([1, 2, 100], [1, 1, 1]), weighted_median([1, 2], [1, 1]), weighted_median([1, 2], [1, 3])
    (2.0, 1.5, 2.0)
    """
    return _median(values, shares(weights))


def _median(values: Sequence[float], parts: Sequence[float]) -> float:
    ordered = sorted(zip(values, parts, strict=True))
    below = 0.0
    for index, (value, share) in enumerate(ordered):
        below += share
        if below > 0.5 + ALIKE:
            return float(value)
        if below > 0.5 - ALIKE and share > 0:
            after = next((v for v, s in ordered[index + 1 :] if s > 0), value)
            return float(value) if after == value else float(value + (after - value) / 2)
    return float(ordered[-1][0])


def steady_mean(
    rows: Sequence[Sequence[float]], weights: Sequence[float], reach: Callable[[Sequence[float]], Sequence[float]]
) -> tuple[float, ...]:
    """The weighted mean of each column over the rows that lie near the weighted median of all.

    `reach(middle)` says per column how far a row may be from the median row before it counts nothing; nearer it counts by
    Tukey's biweight (Beaton and Tukey 1974), as one row, by the column in which it is farthest. So the mean is as sharp as
    a mean where all are near, and fewer than half of the weight cannot pull it away. The median where nothing is near.

    >>> [round(x, 2) for x in steady_mean([(0, 10), (2, 12), (90, 99)], [1, 1, 1], lambda middle: (10, 10))]
    [1.04, 11.04]
    """
    parts = shares(weights)
    middle = [_median(column, parts) for column in zip(*rows, strict=True)]
    limits = reach(middle)
    total = 0.0
    sums = [0.0] * len(middle)
    for row, weight in sorted(zip(map(tuple, rows), weights, strict=True)):  # the same sum in whatever order they come
        far = max(abs(x - m) / (limit or ALIKE) for x, m, limit in zip(row, middle, limits, strict=True))
        if far < 1 and weight > 0:
            counts = weight * (1 - far * far) ** 2
            total += counts
            for place, x in enumerate(row):
                sums[place] += counts * (x - middle[place])
    if total <= 0:
        return tuple(middle)
    means = (m + s / total for m, s in zip(middle, sums, strict=True))
    return tuple(in_range(mean, column) for mean, column in zip(means, zip(*rows, strict=True), strict=True))


def in_range(mean: float, values: Iterable[float]) -> float:
    """A mean of some values, which rounding may have moved out of their range by a last digit, in that range.

    >>> in_range(-1.0000000000000018, [-1.0, 3.0])
    -1.0
    """
    held = list(values)
    return float(min(max(mean, min(held)), max(held)))


def weighted_medoid(values: Sequence[V], weights: Sequence[float], distance: Callable[[V, V], float]) -> V:
    """The given value with the least weighted distance to all; the first of those that are equally near.

    >>> weighted_medoid([1.0, 9.0, 2.0], [1, 1, 1], lambda a, b: abs(a - b))
    2.0
    """
    share = shares(weights)
    best, least = values[0], float("inf")
    for candidate in values:
        cost = sum(s * distance(candidate, other) for other, s in zip(values, share, strict=True) if s > 0)
        if cost < least - ALIKE:
            best, least = candidate, cost
    return best


def shares(weights: Sequence[float]) -> list[float]:
    """Weights as shares of their sum; equal shares where all weights are 0.

    >>> shares([1, 3]), shares([0, 0])
    ([0.25, 0.75], [0.5, 0.5])
    """
    if any(w < 0 for w in weights):
        raise ValueError(f"weights must not be negative: {list(weights)}")
    total = float(sum(weights))
    return [w / total for w in weights] if total > 0 else [1 / len(weights)] * len(weights)

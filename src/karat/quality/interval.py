"""An interval: from one time to a later one, in seconds of a stream's own time.

No stream of a project has time yet, so this kind stands here, for tables, and not in the list of kinds.
"""

from collections.abc import Sequence
from math import isfinite

import msgspec
import numpy as np
from numpy.typing import NDArray

from karat.geometry.intervals import overlaps
from karat.kinds.averages import steady_mean
from karat.model.kind import Facts, Kind, WhereOptions
from karat.model.problem import Problem, shown
from karat.model.schema import Field

FAR = 0.75
"""Of the median length: an interval with an end so far from it counts nothing in a merge."""


class Interval(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Seconds from the start of the stream, start before end."""

    start: float
    end: float


class IntervalOptions(WhereOptions, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """`cut` is the share of time that only one of two intervals has."""


def check(value: Interval, _field: Field, _facts: Facts) -> list[Problem]:
    """Both ends are finite and the interval has a length."""
    for name in ("start", "end"):
        if not isfinite(getattr(value, name)):
            return [Problem(name, shown(getattr(value, name)), "a finite number", "Give the time in seconds.")]
    if not value.start < value.end:
        do = "Give the interval a length, or remove it."
        return [Problem("end", shown(value.end), f"more than start ({value.start:g})", do)]
    return []


def distance(a: Interval, b: Interval, _field: Field) -> float:
    """1 - common time / time of either; 0 for the same interval, 1 for none in common."""
    if a == b:
        return 0.0
    common = min(a.end, b.end) - max(a.start, b.start)
    return 1.0 - common / (a.end - a.start + b.end - b.start - common) if common > 0 else 1.0


def distances(a: Sequence[Interval], b: Sequence[Interval], _field: Field) -> NDArray[np.float64]:
    """The matrix of `distance`, shape (len(a), len(b))."""
    left, right = _array(a), _array(b)
    common = overlaps(left, right)
    union = (left[:, 1] - left[:, 0])[:, None] + (right[:, 1] - right[:, 0])[None, :] - common
    return np.clip(1.0 - common / union, 0.0, 1.0)


def merge(values: Sequence[Interval], weights: Sequence[float], _field: Field) -> Interval:
    """The weighted mean of the intervals near the weighted median of both ends (`averages.steady_mean`).

    One with an end that is three quarters of the median length off counts nothing, so half of the annotators may be far
    off without moving it.
    """
    if all(value == values[0] for value in values):
        return values[0]
    return Interval(*steady_mean([(v.start, v.end) for v in values], weights, _reach))


def _reach(middle: Sequence[float]) -> tuple[float, float]:
    length = FAR * (middle[1] - middle[0])
    return length, length


def between(a: Interval, b: Interval, share: float) -> Interval:
    """The interval at `share` of the way from `a` to `b`."""
    return Interval((1 - share) * a.start + share * b.start, (1 - share) * a.end + share * b.end)


def _array(intervals: Sequence[Interval]) -> NDArray[np.float64]:
    return np.array([(i.start, i.end) for i in intervals], np.float64).reshape(-1, 2)


INTERVAL = Kind(
    name="interval",
    version=1,
    role="where",
    value=Interval,
    options=IntervalOptions,
    streams=(),
    check=check,
    distance=distance,
    merge=merge,
    distances=distances,
    between=between,
)

"""How difficult an item is by the time that people take over it: its time intensity, against that of the middle item.

What an item takes, apart from who answers it, is its time intensity (van der Linden, A hierarchical framework for modeling
speed and accuracy on test items, Psychometrika 72, 2007). Here it is the median over people, which one who was away from
the desk does not move.
"""

from collections.abc import Iterable
from statistics import median

from karat.quality.annotators.bins import PER_DOUBLING, time_bin

TIMED = 3
"""People whose time on an item must be known before it is said how long it takes: the median of two is moved by each."""


def time_intensity(times_ms: Iterable[int]) -> int | None:
    """The bin of the median of people's active times on one item, in milliseconds; None below three people.

    >>> time_intensity([10_000, 12_000, 90_000]), time_intensity([10_000, 12_000])
    (54, None)
    """
    times = sorted(ms for ms in times_ms if ms > 0)
    return time_bin(int(median(times))) if len(times) >= TIMED else None


def relative_time(place: int | None, usual: int | None) -> float:
    """How many times the usual time an item takes, above 0, from the bins of both; 1 where either is not known.

    >>> relative_time(48, 44), relative_time(None, 44)
    (2.0, 1.0)
    """
    return 1.0 if place is None or usual is None else round(2 ** ((place - usual) / PER_DOUBLING), 6)

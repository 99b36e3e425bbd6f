"""Times counted in bins, so that a median of any number of them is read from a few counts."""

from collections.abc import Mapping
from math import floor, log2

PER_DOUBLING = 4
"""Bins of time to a doubling: the middle of a bin is at most 9 % from any time in it."""


def time_bin(ms: int) -> int:
    """The bin of a time in milliseconds; of less than one that of one.

    >>> time_bin(1000), time_bin(1200)
    (39, 40)
    """
    return floor(PER_DOUBLING * log2(max(ms, 1)))


def bin_ms(place: int) -> int:
    """The middle of a bin, in milliseconds."""
    return round(2 ** ((place + 0.5) / PER_DOUBLING))


def median_ms(times: Mapping[int, int]) -> int | None:
    """The median of times counted by bin, to the bin; None where there is none.

    >>> median_ms({39: 2, 40: 1}) == bin_ms(39)
    True
    """
    place = median_bin(times)
    return None if place is None else bin_ms(place)


def median_bin(times: Mapping[int, int]) -> int | None:
    """The bin in which the median lies; None where nothing was counted.

    >>> median_bin({39: 2, 40: 1})
    39
    """
    half, seen = sum(times.values()) / 2, 0
    for place in sorted(times):
        seen += times[place]
        if seen >= half and times[place]:
            return place
    return None

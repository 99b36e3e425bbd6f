"""Durations as people write them in a policy: `20m`, `2d`."""

import re

DURATION = re.compile(r"([0-9]+)(s|m|h|d)")
SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
YEAR = 366 * 86400
"""The longest duration that means something, in seconds."""


def seconds(text: str) -> int:
    """A duration such as `20m` in seconds.

    >>> seconds("20m")
    1200
    """
    found = DURATION.fullmatch(text)
    if not found:
        raise ValueError(f"{text!r} is not a duration; write a number and s, m, h or d, such as 20m")
    return int(found[1]) * SECONDS[found[2]]


def is_duration(text: str, *, least: int = 1, most: int = YEAR) -> bool:
    """Whether a text is a duration of so many seconds.

    >>> is_duration("2d"), is_duration("0s"), is_duration("soon"), is_duration("9999999d")
    (True, False, False, False)
    """
    return len(text) <= 20 and DURATION.fullmatch(text) is not None and least <= seconds(text) <= most

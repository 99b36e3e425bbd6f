"""Numbers of COCO files: those that a place can have, and whole ones however they are written."""

from math import isfinite

FARTHEST = 1e300
"""Numbers beyond it are slips, and would overflow when they are added."""


def finite(value: object) -> float | None:
    """A number of a file; None where it is none, or one that is too large for a place.

    >>> finite(2), finite(True), finite(10**400)
    (2.0, None, None)
    """
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < FARTHEST:
        return None
    return float(value) if isfinite(value) else None


def all_finite(values: list[object]) -> list[float] | None:
    """Every number of a list; None where one of them is none.

    >>> all_finite([1, 2.5]), all_finite([1, "2"])
    ([1.0, 2.5], None)
    """
    found = [number for value in values if (number := finite(value)) is not None]
    return found if len(found) == len(values) else None


def whole(value: object) -> int | None:
    """A whole number, also where it is written with a point; None for all else.

    >>> whole(2), whole(2.0), whole(2.5), whole("2")
    (2, 2, None, None)
    """
    if isinstance(value, float) and isfinite(value) and value.is_integer():
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None

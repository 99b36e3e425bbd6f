"""Whether points lie in the image, for every kind that is made of points."""

from collections.abc import Sequence
from math import isfinite

from karat.model.kind import Facts
from karat.model.problem import Problem, shown

TOLERANCE_PX = 1.0
"""How far a point may lie outside the image: tools that round outwards write such points, and nothing is lost by them."""

LARGEST_PX = 1 << 20
"""The longest side of an image whose size is not known, and of any shape: what is larger is a mistake, and overflows."""
LEAST_PX = 0.01
"""Finer differences are noise, and underflow."""

Place = tuple[float, float]
"""x and y in pixels from the top left corner of the image after EXIF orientation."""


def outside(path: str, at: float, size: int | None) -> Problem | None:
    """What is wrong with one coordinate on an axis of this size; None where it lies in the image."""
    if not isfinite(at):
        return Problem(path, shown(at), "a finite number", "Give the point in pixels.")
    if -TOLERANCE_PX <= at <= limit(size):
        return None
    do = "Keep the points inside the image; pixels count after EXIF orientation."
    return Problem(path, shown(at), within(size), do)


def limit(size: int | None) -> float:
    """The largest coordinate on an axis of this size."""
    return (LARGEST_PX if size is None else size) + TOLERANCE_PX


def within(size: int | None) -> str:
    """Where coordinates lie on an axis of this size, in words.

    >>> within(640), within(None)
    ('0 to 640', '0 to 1048576')
    """
    return f"0 to {LARGEST_PX if size is None else size}"


def first_outside(path: str, points: Sequence[Place], facts: Facts) -> Problem | None:
    """What is wrong with the first point of several that does not lie in the image."""
    for index, point in enumerate(points):
        for axis, size in enumerate((facts.width, facts.height)):
            if problem := outside(f"{path}[{index}][{axis}]", point[axis], size):
                return problem
    return None

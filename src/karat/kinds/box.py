"""A box: an axis-aligned rectangle in pixels of the image after EXIF orientation."""

from collections.abc import Sequence
from math import isfinite

import msgspec
import numpy as np
from numpy.typing import NDArray

from karat.geometry.boxes import box_iou
from karat.kinds.averages import steady_mean, weighted_medoid
from karat.kinds.places import TOLERANCE_PX, limit, within
from karat.model.kind import Facts, Kind, WhereOptions
from karat.model.problem import Problem, shown
from karat.model.schema import Field

FAR = 0.75
"""Of the median box's width or height: a box with a side so far from it counts nothing in a merge."""


class Box(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Pixels from the image's top left corner; the pixel's corner is the integer."""

    left: float
    top: float
    right: float
    bottom: float


class BoxOptions(WhereOptions, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """`cut` is 1 - IoU: two boxes that overlap by less than half are two things."""


def check(value: Box, _field: Field, facts: Facts) -> list[Problem]:
    """Every side is finite, the box has area, and it lies in the image, give or take one pixel."""
    left, top, right, bottom = value.left, value.top, value.right, value.bottom
    wide, high = limit(facts.width), limit(facts.height)
    if -TOLERANCE_PX <= left < right <= wide and -TOLERANCE_PX <= top < bottom <= high:
        return []
    sides = (
        ("left", left, facts.width),
        ("top", top, facts.height),
        ("right", right, facts.width),
        ("bottom", bottom, facts.height),
    )
    found = [problem for name, side, size in sides if (problem := _side(name, side, size))]
    if found:
        return found
    if not left < right:
        found.append(
            Problem("right", shown(right), f"more than left ({_plain(left)})", "Give the box a width, or remove it.")
        )
    if not top < bottom:
        found.append(
            Problem("bottom", shown(bottom), f"more than top ({_plain(top)})", "Give the box a height, or remove it.")
        )
    return found


def distance(a: Box, b: Box, _field: Field) -> float:
    """1 - intersection over union (Jaccard 1901); 0 for equal boxes, 1 for boxes that do not touch."""
    if a == b:
        return 0.0
    width = min(a.right, b.right) - max(a.left, b.left)
    height = min(a.bottom, b.bottom) - max(a.top, b.top)
    if width <= 0 or height <= 0:
        return 1.0
    common = width * height
    union = _area(a) + _area(b) - common
    return min(1.0, max(0.0, 1.0 - common / union)) if union > 0 else 1.0


def distances(a: Sequence[Box], b: Sequence[Box], _field: Field) -> NDArray[np.float64]:
    """The matrix of `distance`, shape (len(a), len(b))."""
    return np.clip(1.0 - box_iou(_array(a), _array(b)), 0.0, 1.0)


def merge(values: Sequence[Box], weights: Sequence[float], field: Field) -> Box:
    """The weighted mean of the boxes that lie near the weighted median of each side.

    A box with a side that is three quarters of the median box's width or height off counts nothing, so half of the
    annotators may be far off without moving it, which a plain mean does not survive; near boxes are averaged, which is
    sharper than a median (`averages.steady_mean`). With two equal votes it is the middle. It is a mean of whole boxes, so
    it has area; of boxes so thin that rounding leaves none, it is the one nearest to all.
    """
    if all(value == values[0] for value in values):
        return values[0]
    rows = [(v.left, v.top, v.right, v.bottom) for v in values]
    merged = Box(*steady_mean(rows, weights, _reach))
    if merged.left < merged.right and merged.top < merged.bottom:
        return merged
    return weighted_medoid(values, weights, lambda a, b: distance(a, b, field))


def _reach(middle: Sequence[float]) -> tuple[float, float, float, float]:
    left, top, right, bottom = middle
    wide, high = FAR * (right - left), FAR * (bottom - top)
    return wide, high, wide, high


def between(a: Box, b: Box, share: float) -> Box:
    """The box at `share` of the way from `a` to `b`, each side on a straight line."""
    return Box(*((1 - share) * getattr(a, side) + share * getattr(b, side) for side in Box.__struct_fields__))


def _side(name: str, side: float, size: int | None) -> Problem | None:
    if not isfinite(side):
        return Problem(name, shown(side), "a finite number", "Give the side in pixels.")
    if -TOLERANCE_PX <= side <= limit(size):
        return None
    return Problem(
        name, shown(side), within(size), "Keep the box inside the image; pixels count after EXIF orientation."
    )


def _plain(side: float) -> str:
    return str(int(side)) if side.is_integer() else str(side)


def _area(box: Box) -> float:
    return (box.right - box.left) * (box.bottom - box.top)


def _array(boxes: Sequence[Box]) -> NDArray[np.float64]:
    return np.array([(b.left, b.top, b.right, b.bottom) for b in boxes], np.float64).reshape(-1, 4)


BOX = Kind(
    name="box",
    version=1,
    role="where",
    value=Box,
    options=BoxOptions,
    streams=("image", "document"),
    check=check,
    distance=distance,
    merge=merge,
    distances=distances,
    between=between,
)

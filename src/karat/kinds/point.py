"""A point: a place in pixels of the image after EXIF orientation: a cell, a tree, a head in a crowd."""

from collections.abc import Sequence
from typing import Annotated

import msgspec
import numpy as np
from numpy.typing import NDArray

from karat.kinds.averages import steady_mean
from karat.kinds.places import LEAST_PX, outside
from karat.model.kind import Facts, Kind, WhereOptions
from karat.model.loosening import freely
from karat.model.problem import Problem
from karat.model.schema import Field

REACH_PX = 20.0


class Point(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Pixels from the image's top left corner; the pixel's corner is the integer."""

    x: float
    y: float


class PointOptions(WhereOptions, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """With the usual `cut` of 0.5, points half of `reach` apart are still the same thing."""

    reach: Annotated[float, msgspec.Meta(ge=LEAST_PX, le=100_000)] = REACH_PX
    """Pixels from which on two points have nothing in common. Scale it with your pictures and with what they show."""


def check(value: Point, _field: Field, facts: Facts) -> list[Problem]:
    """The point lies in the image, give or take one pixel."""
    found = (outside("x", value.x, facts.width), outside("y", value.y, facts.height))
    return [problem for problem in found if problem]


def distance(a: Point, b: Point, field: Field) -> float:
    """The way between the two as a share of the field's `reach`, and 1 from there on.

    It is the cut-off distance by which sets of points are compared (Schuhmacher, Vo and Vo 2008: OSPA), in pixels: a
    point has no size that it could be measured by, other than the skeleton of which OKS takes it.
    """
    return min(1.0, float(np.hypot(a.x - b.x, a.y - b.y)) / _reach(field))


def distances(a: Sequence[Point], b: Sequence[Point], field: Field) -> NDArray[np.float64]:
    """The matrix of `distance`, shape (len(a), len(b))."""
    left, right = _array(a), _array(b)
    away = np.hypot(left[:, None, 0] - right[None, :, 0], left[:, None, 1] - right[None, :, 1])
    return np.minimum(1.0, away / _reach(field))


def merge(values: Sequence[Point], weights: Sequence[float], field: Field) -> Point:
    """The weighted mean of the points that lie within reach of the weighted median (`averages.steady_mean`)."""
    if all(value == values[0] for value in values):
        return values[0]
    reach = (_reach(field),) * 2
    return Point(*steady_mean([(v.x, v.y) for v in values], weights, lambda _middle: reach))


def between(a: Point, b: Point, share: float) -> Point:
    """The point at `share` of the straight way from `a` to `b`."""
    return Point((1 - share) * a.x + share * b.x, (1 - share) * a.y + share * b.y)


def _reach(field: Field) -> float:
    return field.options.reach if isinstance(field.options, PointOptions) else REACH_PX


def _array(points: Sequence[Point]) -> NDArray[np.float64]:
    return np.array([(p.x, p.y) for p in points], np.float64).reshape(-1, 2)


POINT = Kind(
    name="point",
    version=1,
    role="where",
    value=Point,
    options=PointOptions,
    looser={"reach": freely},
    streams=("image", "document"),
    check=check,
    distance=distance,
    merge=merge,
    distances=distances,
    between=between,
)

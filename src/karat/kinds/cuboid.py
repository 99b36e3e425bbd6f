"""A cuboid in a picture: a box in space by its eight corners as they are seen, in pixels of the image after EXIF orientation."""

from collections.abc import Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from karat.geometry import polygons
from karat.geometry.hulls import hull
from karat.kinds.averages import steady_mean, weighted_medoid
from karat.kinds.places import LEAST_PX, Place, first_outside
from karat.model.kind import Facts, Kind, WhereOptions
from karat.model.problem import Problem, shown
from karat.model.schema import Field


class Cuboid(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Its front and its back, each from the top left corner clockwise; each corner of the front is joined to its like at the
    back. These are the eight points of CVAT's cuboids, so that either can be written as the other without loss."""

    front: tuple[Place, ...]
    back: tuple[Place, ...]


class CuboidOptions(WhereOptions, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """`cut` is half of 1 - IoU of the silhouettes and half of that of the fronts."""


def check(value: Cuboid, _field: Field, facts: Facts) -> list[Problem]:
    """Four corners of the front and four of the back lie in the image, and the front has an area; the back may be hidden."""
    for name, face in (("front", value.front), ("back", value.back)):
        if len(face) != 4:
            return [Problem(name, shown(face), "four points", "Give the corners from the top left one clockwise.")]
        if problem := first_outside(name, face, facts):
            return [problem]
    if polygons.is_flat(value.front, LEAST_PX):
        do = "Move its corners apart, or remove the cuboid."
        return [Problem("front", shown(value.front), "a front with an area", do)]
    return []


def distance(a: Cuboid, b: Cuboid, _field: Field) -> float:
    """The mean of two, each 1 - intersection over union (Jaccard 1901): of the silhouettes, which are the convex hulls of the
    eight corners, and of the hulls of the fronts. By the silhouette alone, a thing seen from its back would be the same."""
    if a == b:
        return 0.0
    return (polygons.area_distance(_whole(a), _whole(b)) + polygons.area_distance(_front(a), _front(b))) / 2


def distances(a: Sequence[Cuboid], b: Sequence[Cuboid], _field: Field) -> NDArray[np.float64]:
    """The matrix of `distance`, shape (len(a), len(b))."""
    wholes = polygons.area_distances([_whole(v) for v in a], [_whole(v) for v in b])
    fronts = polygons.area_distances([_front(v) for v in a], [_front(v) for v in b])
    return np.where(np.array([[x == y for y in b] for x in a]).reshape(wholes.shape), 0.0, (wholes + fronts) / 2)


def merge(values: Sequence[Cuboid], weights: Sequence[float], field: Field) -> Cuboid:
    """Corner by corner the weighted mean of those near the weighted median (`averages.steady_mean`): nearer than half of the
    width and height of the median cuboid. Where that has no area, the one that is nearest to all."""
    if all(value == values[0] for value in values):
        return values[0]
    row = steady_mean([_row(value) for value in values], weights, _reach)
    points = list(zip(row[0::2], row[1::2], strict=True))
    merged = Cuboid(tuple(points[:4]), tuple(points[4:]))
    if not polygons.is_flat(merged.front, LEAST_PX):
        return merged
    return weighted_medoid(values, weights, lambda a, b: distance(a, b, field))


def between(a: Cuboid, b: Cuboid, share: float) -> Cuboid:
    """At `share` of the way from `a` to `b`, corner by corner."""
    row = [(1 - share) * x + share * y for x, y in zip(_row(a), _row(b), strict=True)]
    points = list(zip(row[0::2], row[1::2], strict=True))
    return Cuboid(tuple(points[:4]), tuple(points[4:]))


def _reach(middle: Sequence[float]) -> list[float]:
    width = (max(middle[0::2]) - min(middle[0::2])) / 2
    height = (max(middle[1::2]) - min(middle[1::2])) / 2
    return [width, height] * (len(middle) // 2)


def _row(value: Cuboid) -> list[float]:
    return [axis for point in (*value.front, *value.back) for axis in point]


def _whole(value: Cuboid) -> polygons.Area:
    return [hull([*value.front, *value.back])], []


def _front(value: Cuboid) -> polygons.Area:
    return [hull(value.front)], []


CUBOID = Kind(
    name="cuboid",
    version=1,
    role="where",
    value=Cuboid,
    options=CuboidOptions,
    streams=("image", "document"),
    check=check,
    distance=distance,
    merge=merge,
    distances=distances,
    between=between,
)

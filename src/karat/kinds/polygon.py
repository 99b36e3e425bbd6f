"""A polygon: an area in pixels of the image after EXIF orientation, in one part or several, with or without holes."""

from collections.abc import Iterator, Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from karat.geometry import polygons
from karat.kinds.averages import ALIKE, shares, weighted_medoid
from karat.kinds.places import LEAST_PX, Place, first_outside
from karat.model.kind import Facts, Kind, WhereOptions
from karat.model.problem import Problem, shown
from karat.model.schema import Field

Ring = tuple[Place, ...]
"""Three points or more, in either direction of turn; the line back to the first is part of it."""


class Polygon(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The area in the outer rings and in no hole. Several outer rings are parts of one thing, seen behind another."""

    outer: tuple[Ring, ...]
    holes: tuple[Ring, ...] = ()


class PolygonOptions(WhereOptions, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """`cut` is 1 - IoU: two polygons that overlap by less than half are two things."""


def check(value: Polygon, _field: Field, facts: Facts) -> list[Problem]:
    """Every ring has three points in the image and an area, and does not cross itself; rings do not overlap, holes lie within."""
    if not value.outer:
        return [Problem("outer", "[]", "at least one ring", "Draw the outline, or remove the polygon.")]
    rings = [*_named("outer", value.outer), *_named("holes", value.holes)]
    found = [problem for name, ring in rings if (problem := _ring_problem(name, ring, facts))]
    return found or [*_overlaps("outer", value.outer), *_overlaps("holes", value.holes), *_outside(value)]


def distance(a: Polygon, b: Polygon, _field: Field) -> float:
    """1 - intersection over union of the areas (Jaccard 1901), holes left out; 0 for the same area, 1 for none in common."""
    if a == b:
        return 0.0
    (left, top, right, bottom), other = _bounds(a), _bounds(b)
    if right <= other[0] or other[2] <= left or bottom <= other[1] or other[3] <= top:
        return 1.0
    return polygons.area_distance((a.outer, a.holes), (b.outer, b.holes))


def distances(a: Sequence[Polygon], b: Sequence[Polygon], _field: Field) -> NDArray[np.float64]:
    """The matrix of `distance`, shape (len(a), len(b))."""
    return polygons.area_distances([(p.outer, p.holes) for p in a], [(p.outer, p.holes) for p in b])


def merge(values: Sequence[Polygon], weights: Sequence[float], field: Field) -> Polygon:
    """The area that more than half of the weight has marked: the majority vote of each place.

    It is the usual vote on segmentations (Heckemann et al. 2006), in closed form instead of pixel by pixel, so that it
    moves no line. A place at exactly half is kept if the first value has it. Specks below half a percent of the area,
    which come from outlines that cross, are left out. Polygons of which no place has a majority merge to the one nearest
    to all.
    """
    if all(value == values[0] for value in values):
        return values[0]
    outer, holes = polygons.majority([(v.outer, v.holes) for v in values], shares(weights), alike=ALIKE)
    merged = Polygon(tuple(map(tuple, outer)), tuple(map(tuple, holes)))
    # On the grid of a hundredth of a pixel, slivers can fall together.
    if not check(merged, field, Facts()):
        return merged
    return weighted_medoid(values, weights, lambda a, b: distance(a, b, field))


def _named(name: str, rings: Sequence[Ring]) -> Iterator[tuple[str, Ring]]:
    return ((f"{name}[{index}]", ring) for index, ring in enumerate(rings))


def _ring_problem(name: str, ring: Ring, facts: Facts) -> Problem | None:
    """What is wrong with a ring by itself; of points that are wrong, the first."""
    if len(ring) < 3:
        return Problem(name, shown(ring), "three points or more", "Add points, or remove the ring.")
    problem = first_outside(name, ring, facts)
    if problem is not None:
        return problem
    if polygons.is_flat(ring, LEAST_PX):
        return Problem(name, shown(ring), "a ring with an area", "Move its points apart, or remove the ring.")
    if polygons.is_simple(ring):
        return None
    return Problem(
        name, shown(ring), "a ring that does not cross or touch itself", "Move the points at which its lines meet."
    )


def _overlaps(name: str, rings: Sequence[Ring]) -> list[Problem]:
    """Rings that have area in common with an earlier one of their sort."""
    return [
        Problem(f"{name}[{later}]", shown(rings[later]), f"no area in common with {name}[{earlier}]", "Join the two.")
        for later, earlier in polygons.overlaps(rings).items()
    ]


def _outside(value: Polygon) -> list[Problem]:
    found = [
        Problem(
            f"holes[{i}]", shown(value.holes[i]), "a hole inside one of the outer rings", "Move the hole, or remove it."
        )
        for i in polygons.uncovered(value.holes, value.outer)
    ]
    if found or not value.holes:
        return found
    left = sum(map(polygons.ring_area, value.outer)) - sum(map(polygons.ring_area, value.holes))
    if left > 1e-9 * sum(map(polygons.ring_area, value.outer)):
        return []
    return [Problem("holes", shown(value.holes), "holes that leave some area", "Remove a hole, or the polygon.")]


def _bounds(value: Polygon) -> tuple[float, float, float, float]:
    x, y = [p[0] for ring in value.outer for p in ring], [p[1] for ring in value.outer for p in ring]
    return min(x), min(y), max(x), max(y)


POLYGON = Kind(
    name="polygon",
    version=1,
    role="where",
    value=Polygon,
    options=PolygonOptions,
    streams=("image", "document"),
    check=check,
    distance=distance,
    merge=merge,
    distances=distances,
)

"""Areas with holes and in several parts: whether their rings are sound, how much they overlap, what most of them hold.

Shapely does the work and is imported with the first polygon: it takes a quarter of a second, and few programs need it.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

Ring = Sequence[tuple[float, float]]
Rings = Sequence[Ring]
Area = tuple[Rings, Rings]
"""Outer rings and holes, in pixels. A ring is closed by itself: its first point is not repeated."""

GRID_PX = 0.01
"""Points of a computed area lie on this grid: finer is noise."""
DIGITS = 10
"""Places of a coordinate that are computed with: products of the differences below would underflow."""
SPECK = 0.005
"""Parts and holes of a computed area below this share of it come from outlines that cross a little, and are left out."""


def is_simple(ring: Ring) -> bool:
    """Whether a ring of three points or more neither crosses nor touches itself, and has area.

    >>> is_simple([(0, 0), (4, 0), (4, 4)]), is_simple([(0, 0), (4, 4), (4, 0), (0, 4)])
    (True, False)
    """
    from shapely import LinearRing

    return bool(LinearRing(ring).is_simple) and ring_area(ring) > 0


def is_flat(ring: Ring, least: float) -> bool:
    """Whether all points of a ring lie within `least` pixels of one line, so that there is hardly any area between them.

    The line is that from the first point to the one farthest from it.

    >>> is_flat([(0, 0), (2, 1), (6, 3)], 0.01), is_flat([(0, 0), (4, 4), (4, 0), (0, 4)], 0.01)
    (True, False)
    """
    x, y = ring[0]
    steps = [(px - x, py - y) for px, py in ring]
    right, down = max(steps, key=lambda step: max(abs(step[0]), abs(step[1])))
    far = max(abs(right), abs(down))
    return far < least or all(abs(right * dy - down * dx) < least * far for dx, dy in steps)


def ring_area(ring: Ring) -> float:
    """The area in a ring, by the shoelace formula; positive in both directions of turn.

    >>> ring_area([(0, 0), (4, 0), (4, 4)])
    8.0
    """
    points = np.asarray(ring, np.float64)
    x, y = (points - points[0]).T  # from the first point: small differences of large products would lose digits
    return float(abs(x @ np.roll(y, -1) - y @ np.roll(x, -1)) / 2)


def uncovered(holes: Rings, outer: Rings) -> list[int]:
    """Which holes have a point outside of every outer ring; they may touch. All rings are simple.

    >>> square, far = [(0, 0), (4, 0), (4, 4), (0, 4)], [(6, 0), (8, 0), (8, 2)]
    >>> uncovered([square, far], [square])
    [1]
    """
    import shapely

    if not holes:
        return []
    _, covered = shapely.STRtree(_filled(holes)).query(_filled(outer), "covers")
    return sorted(set(range(len(holes))) - set(covered.tolist()))


def overlaps(rings: Rings) -> dict[int, int]:
    """Of simple rings, those that have area in common with an earlier one, each with the last such; touching is none.

    >>> overlaps([[(0, 0), (4, 0), (4, 4)], [(4, 0), (8, 0), (4, 4)], [(3, 0), (6, 0), (3, 6)]])
    {2: 1}
    """
    import shapely

    if len(rings) < 2:
        return {}
    shapes = _filled(rings)
    tree = shapely.STRtree(shapes)
    found: dict[int, int] = {}
    for later, shape in enumerate(shapes):
        shapely.prepare(shape)
        near = np.sort(tree.query(shape))
        for earlier in near[near < later][::-1].tolist():
            other = shapes[earlier]
            if shapely.intersects(shape, other) and shapely.relate_pattern(shape, other, "T********"):
                found[later] = earlier
                break
    return found


def _filled(rings: Rings) -> "NDArray[np.object_]":
    """A polygon for each ring."""
    import shapely

    corners = np.concatenate([np.asarray(ring, np.float64) for ring in rings])
    of_ring = np.repeat(np.arange(len(rings)), [len(ring) for ring in rings])
    return np.asarray(shapely.polygons(shapely.linearrings(corners, indices=of_ring)))


def area_distance(a: Area, b: Area) -> float:
    """1 - intersection over union of two areas.

    >>> square = ([[(0, 0), (4, 0), (4, 4), (0, 4)]], [])
    >>> area_distance(square, ([[(2, 0), (6, 0), (6, 4), (2, 4)]], []))
    0.6666666666666667
    """
    x, y = _shape(a), _shape(b)
    common = x.intersection(y).area
    union = x.area + y.area - common
    return min(1.0, max(0.0, 1.0 - common / union)) if union > 0 else 1.0


def area_distances(a: Sequence[Area], b: Sequence[Area]) -> NDArray[np.float64]:
    """`area_distance` of each in `a` to each in `b`, shape (len(a), len(b)). Only pairs whose boxes meet are cut."""
    import shapely

    found = np.ones((len(a), len(b)))
    if not a or not b:
        return found
    left, right = np.array([_shape(x) for x in a]), np.array([_shape(x) for x in b])
    rows, columns = shapely.STRtree(right).query(left)
    common = shapely.area(shapely.intersection(left[rows], right[columns]))
    union = shapely.area(left)[rows] + shapely.area(right)[columns] - common
    found[rows, columns] = np.where(union > 0, 1.0 - common / np.where(union > 0, union, 1.0), 1.0)
    same = shapely.equals_exact(left[rows], right[columns], 0)
    found[rows[same], columns[same]] = 0.0
    return np.clip(found, 0.0, 1.0)


def majority(areas: Sequence[Area], shares: Sequence[float], *, alike: float) -> tuple[list[Ring], list[Ring]]:
    """Outer rings and holes of what lies in more than half of the areas, by shares that add up to 1.

    What lies in exactly half, give or take `alike`, is kept if the first area has it. Both lists are empty where no place
    has a majority.
    """
    import shapely

    shapes = [_shape(area) for area in areas]
    lines = shapely.union_all([shape.boundary for shape in shapes])
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(lines)))
    inside = shapely.point_on_surface(faces)
    votes = np.array([shapely.contains_properly(shape, inside) for shape in shapes], np.float64)
    sum_of = np.asarray(shares) @ votes
    kept = (sum_of > 0.5 + alike) | ((sum_of > 0.5 - alike) & (votes[0] > 0))
    return _rings(shapely.union_all(faces[kept]))


def mended(area: Area) -> tuple[list[Ring], list[Ring]]:
    """The same area with sound rings, where rings cross themselves or one another; what is in a ring twice is out.

    >>> mended(([[(0, 0), (4, 4), (4, 0), (0, 4)]], []))[0]
    [[(2.0, 2.0), (4.0, 4.0), (4.0, 0.0)], [(0.0, 0.0), (0.0, 4.0), (2.0, 2.0)]]
    """
    outer, holes = ([ring for ring in rings if len(ring) > 2] for rings in area)
    return _rings(_shape((outer, holes)))


def _shape(area: Area) -> "BaseGeometry":
    """One geometry that is valid even where parts or holes touch along an edge, and where a ring is not sound."""
    outer, holes = area
    whole = _union(outer)
    return whole.difference(_union(holes)) if holes else whole


def _union(rings: Rings) -> "BaseGeometry":
    from shapely import Polygon, make_valid, union_all

    parts = [Polygon(np.round(ring, DIGITS)) for ring in rings]
    sound = [part if part.is_valid else _areas_of(make_valid(part)) for part in parts]
    return sound[0] if len(sound) == 1 else union_all(sound)


def _areas_of(shape: "BaseGeometry") -> "BaseGeometry":
    """A geometry without its lines and points: of a ring that turns back on itself `make_valid` gives these as well."""
    import shapely

    if shape.geom_type != "GeometryCollection":
        return shape
    return shapely.union_all([part for part in shapely.get_parts(shape) if "Polygon" in part.geom_type])


def _rings(shape: "BaseGeometry") -> tuple[list[Ring], list[Ring]]:
    """The rings of a computed area on the grid, without specks and without points on straight lines."""
    import shapely

    on_grid = shapely.normalize(shapely.simplify(shapely.set_precision(shape, GRID_PX), 0))
    parts = [part for part in shapely.get_parts(on_grid) if part.geom_type == "Polygon" and part.area > 0]
    least = SPECK * sum(part.area for part in parts)
    large = [part for part in parts if part.area >= least]
    outer = [_points(part.exterior) for part in large]
    holes = [_points(hole) for part in large for hole in part.interiors]
    return outer, [hole for hole in holes if ring_area(hole) >= least]


def _points(ring: "BaseGeometry") -> Ring:
    return [(round(x, 2), round(y, 2)) for x, y in ring.coords[:-1]]

"""Lines of two points or more: how far they run from one another, and what lies between several of them.

Shapely does the work and is imported with the first line: it takes a quarter of a second, and few programs need it.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from shapely import LineString

Line = Sequence[tuple[float, float]]
Floats = NDArray[np.float64]

LEAST_PIECES = 64
MOST_PIECES = 4096
PIECES_IN_REACH = 8
"""Distances are looked at in the middle of pieces no longer than an eighth of the reach, so that a mean is off by no more
than 1/32, and by far less on lines that people draw; a straight line along another has no error at all."""
DIGITS = 10
"""Places of a coordinate that are computed with: products of the differences below would underflow."""
ROUNDNESS = 32
"""Sides of the polygon that stands for a quarter of the round ends of a line with a width."""


def length(line: Line) -> float:
    """The way along all points, in pixels.

    >>> length([(0, 0), (3, 4), (3, 10)])
    11.0
    """
    points = np.asarray(line, np.float64)
    return float(np.hypot(*np.diff(points, axis=0).T).sum())


def boundary_distance(a: Line, b: Line, reach: float) -> float:
    """1 - the F measure of two lines' boundaries (Martin, Fowlkes and Malik 2004), graded within reach; in [0, 1].

    A place of a line counts by how near the other line is: 1 where they meet, 0 from `reach` pixels on, and evenly
    between. The mean over one line is precision, over the other recall. Lines that run side by side are their distance
    as a share of the reach apart; one that is half of the other is a third off.

    >>> boundary_distance([(0, 0), (100, 0)], [(0, 5), (100, 5)], 20)
    0.25
    """
    return float(_boundary(_string(a), _string(b), reach))


def boundary_distances(a: Sequence[Line], b: Sequence[Line], reach: float) -> Floats:
    """`boundary_distance` of each in `a` to each in `b`, shape (len(a), len(b)). Only pairs within reach are measured."""
    return _each(a, b, reach, lambda x, y: _boundary(x, y, reach))


def hull_distance(a: Line, b: Line, width: float) -> float:
    """1 - intersection over union of two lines drawn `width` pixels wide with round ends (Pan et al. 2018: lanes)."""
    return float(_hull(_string(a), _string(b), width))


def hull_distances(a: Sequence[Line], b: Sequence[Line], width: float) -> Floats:
    """`hull_distance` of each in `a` to each in `b`, shape (len(a), len(b))."""
    return _each(a, b, width, lambda x, y: _hull(x, y, width))


def are_opposite(a: Line, b: Line) -> bool:
    """Whether two lines run in opposite directions: `b` lies nearer to `a` when it is walked from its end.

    >>> are_opposite([(0, 0), (9, 0)], [(9, 1), (0, 1)])
    True
    """
    shares = (np.arange(LEAST_PIECES) + 0.5) / LEAST_PIECES
    left, right = _along(_string(a), shares), _along(_string(b), shares)
    return bool(((left - right) ** 2).sum() > ((left - right[::-1]) ** 2).sum() * (1 + 1e-9))


def nearest(line: Line, points: Floats) -> Floats:
    """The place on a line that is nearest to each of some points, shape (n, 2)."""
    import shapely

    string = _string(line)
    there = shapely.line_locate_point(string, shapely.points(np.round(points, DIGITS)))
    return np.asarray(shapely.get_coordinates(shapely.line_interpolate_point(string, there)))


def _each(
    a: Sequence[Line], b: Sequence[Line], reach: float, measure: Callable[["LineString", "LineString"], float]
) -> Floats:
    import shapely

    found = np.ones((len(a), len(b)))
    if not a or not b:
        return found
    left, right = np.array([_string(x) for x in a]), np.array([_string(x) for x in b])
    for row, column in zip(*shapely.STRtree(right).query(left, "dwithin", reach), strict=True):
        same = left[row].equals_exact(right[column], 0)
        found[row, column] = 0.0 if same else measure(left[row], right[column])
    return found


def _boundary(a: "LineString", b: "LineString", reach: float) -> float:
    precision, recall = _nearness(a, b, reach), _nearness(b, a, reach)
    total = precision + recall
    return 1.0 - 2 * precision * recall / total if total > 0 else 1.0


def _nearness(line: "LineString", other: "LineString", reach: float) -> float:
    """The mean over one line of how near the other is, 1 where they meet and 0 from the reach on."""
    import shapely

    pieces = int(np.clip(np.ceil(line.length * PIECES_IN_REACH / reach), LEAST_PIECES, MOST_PIECES))
    places = shapely.points(_along(line, (np.arange(pieces) + 0.5) / pieces))
    shapely.prepare(other)
    return float(np.maximum(1.0 - shapely.distance(places, other) / reach, 0.0).mean())


def _hull(a: "LineString", b: "LineString", width: float) -> float:
    x, y = (line.buffer(width / 2, quad_segs=ROUNDNESS) for line in (a, b))
    common = x.intersection(y).area
    return float(np.clip(1.0 - common / (x.area + y.area - common), 0.0, 1.0))


def _along(line: "LineString", shares: Floats) -> Floats:
    """The places at these shares of the way along a line, shape (n, 2)."""
    import shapely

    return np.asarray(shapely.get_coordinates(shapely.line_interpolate_point(line, shares, normalized=True)))


def _string(line: Line) -> "LineString":
    from shapely import LineString

    return LineString(np.round(np.asarray(line, np.float64), DIGITS))

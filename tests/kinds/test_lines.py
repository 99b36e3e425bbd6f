"""Lines are as far apart as drawing them, or walking along them, says; they and points merge to the middle of those near."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from karat.geometry import lines
from karat.kinds import KINDS
from karat.kinds.point import Point
from karat.kinds.polyline import Polyline
from karat.testing.responses import schema

FIELDS = schema({
    "lanes": {"kind": "polyline", "labels": {"lane": {}}},
    "cracks": {"kind": "polyline", "measure": "hull", "reach": 30, "labels": {"crack": {}}},
    "cells": {"kind": "point", "labels": {"cell": {}}},
}).fields  # fmt: skip
LINE, POINT = KINDS["polyline"], KINDS["point"]
places = st.tuples(st.integers(0, 60), st.integers(0, 60))
polylines = st.lists(places, min_size=2, max_size=5, unique=True).map(lambda p: Polyline(tuple(p)))
quick = settings(max_examples=60, deadline=None, derandomize=True)


def walked(a, b, reach):
    """The share of nearness over a line, in steps of a twentieth of a pixel, with nothing but numpy."""
    sides = [(p, q, int(np.hypot(*(q - p)) * 20)) for p, q in pairwise(np.asarray(a, float))]
    at = np.concatenate([p + (q - p) * ((np.arange(n) + 0.5) / n)[:, None] for p, q, n in sides])
    best = np.full(len(at), np.inf)
    for p, q in pairwise(np.asarray(b, float)):
        share = np.clip(((at - p) @ (q - p)) / ((q - p) @ (q - p)), 0, 1)
        best = np.minimum(best, np.hypot(*(at - p - share[:, None] * (q - p)).T))
    return np.maximum(1 - best / reach, 0).mean()


@quick
@given(a=polylines, b=polylines)
def test_the_boundary_distance_is_that_of_walking_along_both(a, b):
    near, back = walked(a.points, b.points, 20), walked(b.points, a.points, 20)
    expected = 1 - 2 * near * back / (near + back) if near + back else 1.0

    assert LINE.distance(a, b, FIELDS["lanes"]) == pytest.approx(expected, abs=0.01)


# shapely 2.2.0: 1 - IoU of LineString(a).buffer(15, quad_segs=32) and the same of b
@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ([(0, 0), (100, 0)], [(0, 10), (100, 10)], 0.5176253228405746),
        ([(0, 0), (100, 0)], [(50, -50), (50, 50)], 0.8618179935466923),
        ([(10, 10), (60, 40), (90, 10)], [(12, 14), (58, 44), (95, 12)], 0.2290538949456571),
    ],
)
def test_the_hull_distance_is_that_of_areas_as_wide_as_the_reach(a, b, expected):
    found = LINE.distance(Polyline(tuple(a)), Polyline(tuple(b)), FIELDS["cracks"])

    assert found == pytest.approx(expected, abs=1e-9)


def test_a_band_with_straight_ends_and_half_circles_has_the_area_that_geometry_gives():
    """Two bands 30 wide, one pushed on by 30 along itself: 100 long + a disc; what is not common is 30 x 30 on each side."""
    band, common = 100 * 30 + np.pi * 15**2, 70 * 30 + np.pi * 15**2

    found = lines.hull_distance([(0, 0), (100, 0)], [(30, 0), (130, 0)], 30)

    assert found == pytest.approx(1 - common / (2 * band - common), abs=1e-4)


@quick
@given(line=polylines, shift=st.integers(-8, 8), count=st.integers(1, 3))
def test_a_careless_line_does_not_move_those_of_most(line, shift, count):
    far = Polyline(tuple((x + 500, y + 500) for x, y in line.points))
    moved = Polyline(tuple((x, y + shift) for x, y in line.points))

    merged = LINE.merge([line, moved, *[line] * count, *[far] * count], [1.0] * (2 + 2 * count), FIELDS["lanes"])

    assert LINE.distance(merged, line, FIELDS["lanes"]) <= LINE.distance(moved, line, FIELDS["lanes"]) + 0.05


def test_an_end_meets_the_end_that_belongs_to_it():
    short, long = Polyline(((0, 0), (90, 0))), Polyline(((100, 4), (0, 4)))

    assert LINE.merge([short, long], [1, 1], FIELDS["lanes"]).points == ((0, 2), (95, 2))


def test_a_picture_full_of_lines_is_measured_only_where_they_are_near():
    row = [Polyline(((i * 50.0, 0.0), (i * 50.0, 400.0))) for i in range(40)]

    found = LINE.distances(row, row[::-1], FIELDS["lanes"])

    assert (found.shape, int((found < 1).sum())) == ((40, 40), 40)


@quick
@given(votes=st.lists(st.tuples(places, st.integers(1, 3)), min_size=1, max_size=6))
def test_points_merge_to_one_place_in_any_order(votes):
    points, weights = [Point(*p) for p, _ in votes], [w for _, w in votes]

    merged = POINT.merge(points, weights, FIELDS["cells"])
    turned = POINT.merge(points[::-1], weights[::-1], FIELDS["cells"])

    assert (merged.x, merged.y) == pytest.approx((turned.x, turned.y))
    assert min(p.x for p in points) <= merged.x <= max(p.x for p in points)

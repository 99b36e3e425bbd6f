"""Areas of polygons have the sizes that counting the cells of a grid gives, and are majorities where people differ."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from karat.geometry import polygons
from karat.kinds.polygon import POLYGON, Polygon, distance, distances, merge
from karat.model.kind import NO_FACTS
from karat.testing.responses import OBJECTS, schema

FIELD = schema({"objects": {**OBJECTS, "kind": "polygon"}}).fields["objects"]
SIDE = 12
quick = settings(max_examples=120, deadline=None, derandomize=True)

heights = st.lists(st.integers(1, SIDE), min_size=2, max_size=5)


def skyline(left, steps):
    """A row of towers two cells wide: a polygon with corners on the grid, convex or not."""
    top = [(left + 2 * i + side, SIDE - h) for i, h in enumerate(steps) for side in (0, 2)]
    ring = [(left, SIDE), *top, (left + 2 * len(steps), SIDE)]
    return Polygon((tuple((float(x), float(y)) for x, y in [p for p, q in pairwise([*ring, None]) if p != q]),))


polygons_of_cells = st.builds(skyline, st.integers(0, 4), heights)


def cells(value):
    """Whether the middle of each cell lies in the area, shape (SIDE + 4, SIDE * 2)."""
    import shapely

    x, y = np.meshgrid(np.arange(SIDE * 2) + 0.5, np.arange(SIDE + 4) + 0.5)
    inside = [shapely.contains_xy(shapely.Polygon(ring), x, y) for ring in value.outer]
    holes = [shapely.contains_xy(shapely.Polygon(ring), x, y) for ring in value.holes]
    return np.logical_or.reduce(inside) & ~np.logical_or.reduce([np.zeros(x.shape, bool), *holes])


@quick
@given(a=polygons_of_cells, b=polygons_of_cells)
def test_the_distance_is_that_of_the_cells(a, b):
    left, right = cells(a), cells(b)

    assert distance(a, b, FIELD) == pytest.approx(1 - (left & right).sum() / (left | right).sum())


@quick
@given(votes=st.lists(polygons_of_cells, min_size=3, max_size=5).filter(lambda v: len(v) % 2))
def test_polygons_merge_to_the_cells_that_most_have(votes):
    majority = sum(cells(v).astype(int) for v in votes) * 2 > len(votes)

    merged = merge(votes, [1.0] * len(votes), FIELD)

    specks = majority ^ cells(merged) if majority.any() else np.zeros(1)
    assert merged in votes or specks.sum() <= polygons.SPECK * majority.sum()
    assert not POLYGON.check(merged, FIELD, NO_FACTS)


def test_twice_the_weight_counts_as_two_people():
    one, other, third = skyline(0, [4, 8]), skyline(2, [8, 8]), skyline(4, [2, 2, 2])

    assert merge([one, other, third], [2, 1, 1], FIELD) == merge([one, one, other, third], [1] * 4, FIELD)


def test_many_against_many_are_cut_only_where_their_boxes_meet():
    row = [skyline(i * 40, [4, 8]) for i in range(30)]

    found = distances(row, row[::-1], FIELD)

    assert found.shape == (30, 30)
    assert (found < 1).sum() == 30


@quick
@given(rings=st.lists(polygons_of_cells, min_size=2, max_size=6).map(lambda row: [value.outer[0] for value in row]))
def test_rings_overlap_or_lie_in_one_another_as_their_cells_do(rings):
    inside = [cells(Polygon((ring,))) for ring in rings]
    met = {j: [i for i in range(j) if (inside[i] & inside[j]).any()] for j in range(len(rings))}

    assert polygons.overlaps(rings) == {j: earlier[-1] for j, earlier in met.items() if earlier}
    assert polygons.uncovered(rings[1:], rings[:1]) == [
        k for k, hole in enumerate(inside[1:]) if (hole & ~inside[0]).any()
    ]


def test_rings_are_compared_only_where_they_meet(monkeypatch):
    import shapely

    asked = []
    relate = shapely.relate_pattern
    monkeypatch.setattr(shapely, "relate_pattern", lambda a, b, pattern: asked.append(a) or relate(a, b, pattern))
    squares = tuple(
        tuple((float(x), float(y)) for x, y in ((i, j), (i + 6, j), (i + 6, j + 6), (i, j + 6)))
        for i in range(0, 200, 10)
        for j in range(0, 200, 10)
    )

    assert POLYGON.check(Polygon(squares), FIELD, NO_FACTS) == []
    assert asked == []


def test_a_ring_that_crosses_itself_has_the_area_of_its_loops():
    hourglass = [(0.0, 0.0), (4.0, 4.0), (4.0, 0.0), (0.0, 4.0)]

    outer, holes = polygons.mended(([hourglass], []))

    assert (sum(map(polygons.ring_area, outer)), holes) == (8.0, [])
    assert all(map(polygons.is_simple, outer))


def test_an_area_far_from_the_corner_loses_no_digits():
    far = [(1e7, 1e7), (1e7 + 1, 1e7), (1e7 + 1, 1e7 + 1), (1e7, 1e7 + 1)]

    assert polygons.ring_area(far) == 1.0

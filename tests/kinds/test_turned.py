"""Boxes and ellipses at an angle overlap as shapely says, are the same in each of their forms, and merge as angles do."""

from math import acos, pi, sqrt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from karat.kinds import KINDS
from karat.kinds.ellipse import Ellipse
from karat.kinds.rotated_box import RotatedBox
from karat.model.kind import NO_FACTS
from karat.testing.responses import OBJECTS, schema

FIELDS = schema({name: {**OBJECTS, "kind": name} for name in ("rotated_box", "ellipse")}).fields
SHAPES = {"rotated_box": RotatedBox, "ellipse": Ellipse}
each = pytest.mark.parametrize("name", SHAPES)
quick = settings(max_examples=60, deadline=None, derandomize=True)

rows = st.tuples(*(st.integers(100, 140),) * 2, *(st.integers(8, 60),) * 2, st.integers(0, 179))


def shape(name, row):
    return SHAPES[name](*map(float, row))


def distance(name, a, b):
    return KINDS[name].distance(a, b, FIELDS[name])


def other_form(value):
    cx, cy, along, across, angle = (getattr(value, key) for key in value.__struct_fields__)
    return type(value)(cx, cy, across, along, (angle + 90) % 180)


# shapely 2.2.0: affinity.rotate of a box, and of Point.buffer(1, quad_segs=20000) scaled by the radii, angles as given
GOLD = [
    ("rotated_box", (100, 80, 40, 20, 12.5), (104, 83, 44, 18, 30), 0.38535754002232847),
    ("rotated_box", (320, 240, 200, 60, 90), (322, 236, 190, 64, 179.9), 0.8110232798266326),
    ("rotated_box", (50, 50, 60, 8, 20), (55, 48, 50, 10, 25), 0.618542890389169),
    ("ellipse", (100, 80, 40, 20, 12.5), (104, 83, 44, 18, 30), 0.3121027511631269),
    ("ellipse", (320, 240, 200, 60, 90), (322, 236, 190, 64, 179.9), 0.7563959020674976),
    ("ellipse", (50, 50, 60, 8, 20), (55, 48, 50, 10, 25), 0.4413045623426468),
]


@pytest.mark.parametrize(("name", "a", "b", "expected"), GOLD)
def test_the_distance_is_that_of_shapely(name, a, b, expected):
    found = distance(name, shape(name, a), shape(name, b))

    assert found == pytest.approx(expected, abs=1e-9 if name == "rotated_box" else 2e-4)


@pytest.mark.parametrize("apart", [0.1, 1.0, 1.9])
def test_circles_overlap_by_the_lens_between_them(apart):
    lens = 2 * acos(apart / 2) - apart / 2 * sqrt(4 - apart**2)

    found = distance("ellipse", Ellipse(0, 0, 1, 1, 0), Ellipse(apart, 0, 1, 1, 55))

    assert found == pytest.approx(1 - lens / (2 * pi - lens), abs=2e-4)


@each
@quick
@given(a=rows, b=rows)
def test_each_form_of_a_shape_is_the_same_shape(name, a, b):
    one, other = shape(name, a), shape(name, b)

    assert distance(name, one, other_form(one)) == pytest.approx(0, abs=1e-9)
    assert distance(name, one, other) == pytest.approx(distance(name, other_form(one), other), abs=1e-9)


@each
@quick
@given(votes=st.lists(st.tuples(rows, st.booleans(), st.integers(1, 3)), min_size=1, max_size=5))
def test_a_merge_has_area_and_a_normal_angle_in_whatever_forms_it_was_drawn(name, votes):
    values = [other_form(shape(name, row)) if turned else shape(name, row) for row, turned, _ in votes]
    weights = [float(weight) for *_, weight in votes]

    merged = KINDS[name].merge(values, weights, FIELDS[name])

    assert KINDS[name].check(merged, FIELDS[name], NO_FACTS) == []


@each
@quick
@given(angle=st.integers(0, 179), spread=st.integers(1, 20), forms=st.lists(st.booleans(), min_size=3, max_size=3))
def test_angles_average_on_their_circle(name, angle, spread, forms):
    drawn = [shape(name, (100, 100, 50, 10, (angle + by) % 180)) for by in (-spread, 0, spread)]
    merged = KINDS[name].merge(
        [other_form(v) if form else v for v, form in zip(drawn, forms, strict=True)], [1, 1, 1], FIELDS[name]
    )

    assert distance(name, merged, drawn[1]) == pytest.approx(0, abs=1e-6)


@each
def test_a_careless_shape_does_not_move_those_of_most(name):
    good, far = shape(name, (100, 100, 50, 10, 30)), shape(name, (120, 140, 80, 60, 100))

    merged = KINDS[name].merge([far, good, good, far, good], [1] * 5, FIELDS[name])

    assert distance(name, merged, good) == pytest.approx(0, abs=1e-9)

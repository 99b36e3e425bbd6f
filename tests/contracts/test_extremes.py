"""Kinds of pictures at the ends of what they accept: nothing raises, all that is said agrees, and merges are accepted."""

import json
import re
from itertools import product

import msgspec
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from karat.kinds import KINDS
from karat.kinds.places import LARGEST_PX, LEAST_PX
from karat.model.kind import Facts
from karat.testing.responses import schema

SIDE = 100
PICTURES = [Facts(width=SIDE, height=SIDE), Facts()]
OPTIONS = {
    "keypoints": [{"points": ["a", "b"], "sigmas": {"a": sigma, "b": 1}} for sigma in (0.0001, 1)],
    "point": [{"reach": reach} for reach in (LEAST_PX, 100_000)],
    "polyline": [
        {"measure": measure, "reach": reach, "directed": directed}
        for measure, reach, directed in product(("boundary", "hull"), (LEAST_PX, 100_000), (False, True))
    ],
}
SHAPES = {
    "box": '{"left": @, "top": @, "right": @, "bottom": @}',
    "cuboid": '{"front": [[@, @], [@, @], [@, @], [@, @]], "back": [[@, @], [@, @], [@, @], [@, @]]}',
    "ellipse": '{"cx": @, "cy": @, "rx": @, "ry": @, "angle": ~}',
    "grid": '{"left": @, "top": @, "right": @, "bottom": @, "rows": [@]}',
    "keypoints": "[[@, @, 2], [@, @, 1]]",
    "mask": '{"box": [0, 0, 2, 2], "counts": "04"}',
    "point": '{"x": @, "y": @}',
    "polygon": '{"outer": [[[@, @], [@, @], [@, @]]]}',
    "polyline": '{"points": [[@, @], [@, @], [@, @]]}',
    "rotated_box": '{"cx": @, "cy": @, "width": @, "height": @, "angle": ~}',
}
"""Where a number stands there is @, for a length or a place, or ~, for an angle."""
EDGES = [
    -1.0,
    np.nextafter(-1, 0),
    -1e-170,
    0.0,
    5e-324,
    1e-320,
    1e-170,
    LEAST_PX,
    0.1,
    1 / 3,
    50.0,
    np.nextafter(50, 99),
]
FAR = [SIDE, np.nextafter(SIDE + 1, 0), SIDE + 1, 1e5, LARGEST_PX, LARGEST_PX + 1, 1e9, 1e200, 1.7e308]
lengths = st.sampled_from([float(n) for n in EDGES + FAR])
angles = st.sampled_from([0.0, 1e-170, 1e-9, 30.0, 45.0, 90.0, 135.0, float(np.nextafter(180, 0))])
places = [name for name, kind in KINDS.items() if "image" in kind.streams and kind.role == "where"]
fields = [
    pytest.param(KINDS[name], field, id=f"{name}-{i}")
    for name in places
    for i, options in enumerate(OPTIONS.get(name, [{}]))
    for field in [schema({"f": {"kind": name, "on": "photo", "labels": {"x": {}}, **options}}).fields["f"]]
]


def values_of(kind, field, facts):
    """Values with numbers from the ends of what there is, of which the kind accepts all."""
    template = SHAPES[kind.name]
    numbers = st.tuples(*(lengths if sign == "@" else angles for sign in re.findall("[@~]", template)))

    def made(found):
        rest = iter(found)
        return msgspec.convert(json.loads(re.sub("[@~]", lambda _: repr(next(rest)), template)), kind.value)

    return numbers.map(made).filter(lambda value: not kind.check(value, field, facts))


def test_every_kind_of_pictures_is_walked():
    assert places == sorted(SHAPES)


@pytest.mark.parametrize(("kind", "field"), fields)
@pytest.mark.parametrize("facts", PICTURES, ids=["known", "unknown"])
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(data=st.data())
def test_what_is_accepted_is_measured_and_merged(kind, field, facts, data):
    some = data.draw(st.lists(values_of(kind, field, facts), min_size=1, max_size=4))
    weights = data.draw(st.lists(st.sampled_from([1e-9, 0.5, 1.0]), min_size=len(some), max_size=len(some)))

    one_by_one = np.array([[kind.distance(a, b, field) for b in some] for a in some])
    at_once = kind.distances(some, some, field)
    merged = kind.merge(some, weights, field)

    assert np.diag(at_once) == pytest.approx(0, abs=0)
    assert np.all((one_by_one >= 0) & (one_by_one <= 1))
    assert one_by_one == pytest.approx(one_by_one.T, abs=1e-6)
    assert at_once == pytest.approx(one_by_one, abs=1e-6)
    assert kind.check(merged, field, facts) == []

"""Keypoints are as far apart as COCO says, and merge point by point."""

from importlib.resources import files
from math import exp

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from karat.geometry.keypoints import areas
from karat.kinds import KINDS
from karat.kinds.keypoints import USUAL_SIGMA, distance, distances, merge, sigmas_of
from karat.kinds.skeletons import ready_made
from karat.model.schema import read_schema
from karat.model.yaml import read_yaml
from karat.testing.responses import OBJECTS, schema

quick = settings(max_examples=100, deadline=None, derandomize=True)


def field_of(**options):
    return schema({"objects": {**OBJECTS, "kind": "keypoints", **options}}).fields["objects"]


PERSON = field_of(points=list(ready_made()["person"].points))
BODY = "150 40 156 34 144 34 164 38 136 38 182 84 118 86 198 132 104 136 206 176 92 180 170 180 130 182 174 256 128 258 178 330 122 334"
OFF = "3 -2 1 1 -1 0 2 2 0 -3 6 4 -5 2 8 -6 -4 7 3 3 -2 -9 12 5 -7 -10 4 8 -6 3 5 -12 2 6"


def numbers(text):
    return [(float(x), float(y)) for x, y in zip(text.split()[::2], text.split()[1::2], strict=True)]


def points(places, seen=2, gone=()):
    return tuple((0.0, 0.0, 0) if i in gone else (x, y, seen) for i, (x, y) in enumerate(places))


A = points(numbers(BODY))
B = points((x + dx, y + dy) for (x, y), (dx, dy) in zip(numbers(BODY), numbers(OFF), strict=True))
C = points(((40 + 2.5 * (x - 40) * 0.4, 30 + 0.9 * y) for x, y in numbers(BODY)), seen=1)
GONE = (3, 4, 9)
A_PART, B_PART = (points([p[:2] for p in v], gone=GONE) for v in (A, B))


# pycocotools 2.0.10, COCOeval.computeOks with its own sigmas, `area` of the truth set to the mean of the two `areas`.
@pytest.mark.parametrize(
    ("a", "b", "oks"),
    [
        (A, B, 0.9634234250286521),
        (A_PART, B_PART, 0.9583211123101499),
        (A, C, 0.6478983555535485),
        (B, C, 0.6291268750557846),
    ],
)
def test_people_are_as_alike_as_pycocotools_says(a, b, oks):
    assert distance(a, b, PERSON) == pytest.approx(1 - oks, abs=1e-12)
    assert distances([a], [b], PERSON)[0, 0] == pytest.approx(1 - oks, abs=1e-12)


def test_a_field_takes_the_sigmas_of_the_ready_made_skeleton_with_its_names_in_any_order():
    names = list(ready_made()["person"].points)

    assert sigmas_of(field_of(points=names[::-1]))[-1] == 0.026
    assert sigmas_of(field_of(points=names, sigmas={"nose": 0.2}))[:2] == (0.2, 0.025)
    assert sigmas_of(field_of(points=[*names, "tail"])) == (USUAL_SIGMA,) * 18


@pytest.mark.parametrize("name", list(ready_made()))
def test_a_ready_made_skeleton_is_a_field_of_a_schema(name):
    made = ready_made()[name]
    options = {
        "points": list(made.points),
        "edges": made.edges,
        "pairs": made.pairs,
        "sigmas": made.sigmas,
        "places": made.places,
    }
    given = {
        "karat_schema": 1,
        "streams": {"image": {"kind": "image"}},
        "fields": {"f": {**options, "kind": "keypoints", "labels": {"a": {}}}},
    }

    read, problems = read_schema(given, KINDS)

    assert problems == [] and read is not None
    assert set(made.places) == set(made.points)


def test_the_project_template_is_the_ready_made_person():
    text = files("karat.templates").joinpath("body_keypoints.yaml").read_text("utf-8")
    (field,) = read_yaml(text)[0]["fields"].values()

    person = msgspec.json.decode(msgspec.json.encode(ready_made()["person"]))

    assert {key: field[key] for key in ("points", "edges", "pairs")} == {
        key: person[key] for key in ("points", "edges", "pairs")
    }


sets = st.lists(
    st.tuples(st.floats(0, 500), st.floats(0, 500), st.integers(0, 2)).map(lambda p: p if p[2] else (0.0, 0.0, 0)),
    min_size=3,
    max_size=3,
).map(tuple)
TRIANGLE = field_of(points=["a", "b", "c"])


@quick
@given(a=sets, b=sets)
def test_the_distance_is_one_minus_the_mean_similarity_over_the_points_that_either_has(a, b):
    either = [(p, q) for p, q in zip(a, b, strict=True) if p[2] or q[2]]
    scale = areas(np.array([a, b], float)).mean()
    alike = [
        exp(-((p[0] - q[0]) ** 2 + (p[1] - q[1]) ** 2) / (2 * scale * 0.01)) if p[2] and q[2] else 0 for p, q in either
    ]

    expected = 1 - sum(alike) / len(alike) if alike else 0

    assert distance(a, b, TRIANGLE) == pytest.approx(expected, abs=1e-12)


def test_many_sets_are_compared_part_by_part_and_to_the_same():
    rng = np.random.default_rng(4)
    some = [tuple((*xy, 2) for xy in set_) for set_ in rng.uniform(0, 400, (150, 1000, 2)).tolist()]
    field = field_of(points=[f"p{i}" for i in range(1000)])

    found = distances(some[:9], some, field)

    assert found.shape == (9, 150)
    assert found[8, 149] == pytest.approx(distance(some[8], some[149], field))
    assert (found.diagonal() == 0).all()


def test_points_merge_sharper_than_one_annotator_and_a_minority_moves_nothing():
    rng = np.random.default_rng(7)
    truth = np.array(numbers(BODY))
    honest = [points((truth + rng.normal(0, 3, truth.shape)).tolist()) for _ in range(4)]
    swapped = points(np.flip(truth, axis=0).tolist())

    merged = np.array(merge([swapped, *honest], [1.0] * 5, PERSON))[:, :2]

    errors = [np.abs(np.array(h)[:, :2] - truth).mean() for h in honest]
    assert np.abs(merged - truth).mean() < 0.7 * np.mean(errors)

"""Which options of a field may change while there are answers: those under which every one of these still stands."""

import msgspec
import pytest

from karat.kinds import KINDS
from karat.server.projects.changes import stranding
from karat.testing.responses import schema

LABELS = {"thing": {}}
FIELDS = {
    "box": {"kind": "box", "labels": LABELS},
    "keypoints": {"kind": "keypoints", "points": ["a", "b"], "edges": [["a", "b"]], "labels": LABELS},
    "mask": {"kind": "mask", "overlap": False, "instances": False, "labels": LABELS},
    "polyline": {"kind": "polyline", "labels": LABELS},
    "rating": {"kind": "rating", "min": 2, "max": 7},
    "span": {"kind": "span", "labels": LABELS},
    "text": {"kind": "text", "max_length": 10, "pattern": "a*"},
}


def paths(kind, **changed):
    before, after = (schema({"things": options}) for options in (FIELDS[kind], {**FIELDS[kind], **changed}))
    return [change.path for change in stranding(before, after)]


@pytest.mark.parametrize(
    ("kind", "changed"),
    [
        ("box", {"cut": 0.8}),
        ("keypoints", {"edges": [], "pairs": [["a", "b"]], "sigmas": {"a": 0.1}, "places": {"a": [0.5, 0.5]}}),
        ("mask", {"overlap": True, "instances": True}),
        ("polyline", {"cut": 0.3, "reach": 5, "measure": "hull", "directed": True}),
        ("rating", {"min": 1, "max": 9, "scale": "interval"}),
        ("span", {"snap": "character"}),
        ("text", {"max_length": 20, "pattern": None, "multiline": True}),
        ("text", {"max_length": None}),
    ],
)
def test_what_leaves_every_answer_as_it_is_may_change(kind, changed):
    assert paths(kind, **changed) == []


@pytest.mark.parametrize(
    ("kind", "changed", "path"),
    [
        ("keypoints", {"points": ["a", "b", "c"]}, "points"),
        ("rating", {"max": 5}, "max"),
        ("rating", {"min": 3}, "min"),
        ("text", {"max_length": 5}, "max_length"),
        ("text", {"pattern": "b*"}, "pattern"),
    ],
)
def test_what_answers_may_break_may_not(kind, changed, path):
    assert paths(kind, **changed) == [f"fields.things.{path}"]


def test_a_bound_that_is_left_out_is_the_usual_one():
    before, after = schema({"things": FIELDS["rating"]}), schema({"things": {"kind": "rating"}})

    # Of 7 nothing would be left: where no highest rating is given, it is 5.
    assert [change.path for change in stranding(before, after)] == ["fields.things.max"]


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_a_kind_has_the_options_that_it_lets_change(kind):
    assert set(kind.looser) <= {option.name for option in msgspec.structs.fields(kind.options)}

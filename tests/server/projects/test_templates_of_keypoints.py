"""What of a template may change once there are answers."""

from karat.server.projects.changes import stranding
from karat.testing.responses import schema

FIELD = {"kind": "keypoints", "points": ["a", "b"], "edges": [["a", "b"]], "labels": {"thing": {}}}


def paths(**changed):
    before, after = (schema({"things": options}) for options in (FIELD, {**FIELD, **changed}))
    return [change.path for change in stranding(before, after)]


def test_lines_pairs_sigmas_and_places_may_change():
    assert paths(edges=[], pairs=[["a", "b"]], sigmas={"a": 0.1}, places={"a": [0.5, 0.5]}) == []


def test_points_may_not():
    assert paths(points=["a", "b", "c"]) == ["fields.things.points"]

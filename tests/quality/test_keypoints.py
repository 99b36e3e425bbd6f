"""Keypoints of several people: who drew the same thing is found by OKS, agreement follows, and the consensus is sharper."""

import numpy as np

from karat.kinds.skeletons import ready_made
from karat.model.response import Annotation
from karat.quality import InstanceConsensus, Responses
from karat.quality.agreement.regions import response_agreement
from karat.quality.consensus import consensus_of
from karat.quality.tallies import Bootstrap
from karat.testing.responses import response, schema

PERSON = ready_made()["person"]
SCHEMA = schema({"people": {"kind": "keypoints", "points": list(PERSON.points), "labels": {"adult": {}, "child": {}}}})
SHAPE = np.array([PERSON.places[name] for name in PERSON.points]) * (90, 180)
HIDDEN = {3, 4}


def people(rng, who, *, noise, label="adult"):
    """Two people far apart, placed with some noise; the ears of the second are not there."""
    found = []
    for number, left in enumerate((40, 400)):
        points = SHAPE + np.array([left, 60]) + rng.normal(0, noise, SHAPE.shape)
        value = tuple(
            (0.0, 0.0, 0) if number and i in HIDDEN else (float(x), float(y), 2) for i, (x, y) in enumerate(points)
        )
        found.append(Annotation(id=f"{who}{number}", field="people", kind="keypoints", label=label, value=value))
    return response(who, *found)


def responses(noises, *, items=12):
    rng = np.random.default_rng(3)
    said = [(str(n), [people(rng, who, noise=noise) for who, noise in noises.items()]) for n in range(items)]
    return said, Responses.from_responses(said, SCHEMA, "people")


def errors(values):
    """The mean distance of points from where they are, in pixels."""
    truth = [SHAPE + np.array([left, 60]) for left in (40, 400)]
    found = []
    for value in values:
        points = np.array(value)
        there = points[:, 2] > 0
        nearest = min(truth, key=lambda t: np.abs(points[there, :2] - t[there]).sum())
        found.append(np.linalg.norm(points[there, :2] - nearest[there], axis=1).mean())
    return float(np.mean(found))


def test_careful_people_agree_more_than_careless_ones():
    _, careful = responses({"ada": 1.0, "ben": 1.0})
    _, careless = responses({"ada": 8.0, "ben": 8.0})

    near, far = (
        response_agreement(said, bootstrap=Bootstrap(samples=50)).distance.value for said in (careful, careless)
    )

    assert 0 < near < 0.05 < 0.2 < far < 0.7


def test_the_consensus_of_three_lies_nearer_than_one_and_knows_what_is_not_there():
    said, table = responses({"ada": 3.0, "ben": 3.0, "cem": 3.0})

    merged = InstanceConsensus().fit(table).instances_.values

    alone = errors([a.value for _, item in said for r in item for a in r.annotations])
    assert len(merged) == 24
    assert errors(merged) < 0.75 * alone
    assert sum({i for i, p in enumerate(value) if p[2] == 0} == HIDDEN for value in merged) == 12


def test_an_item_is_settled_point_by_point():
    rng = np.random.default_rng(5)
    item = [people(rng, who, noise=2.0) for who in ("ada", "ben", "cem")]

    (field,) = consensus_of(item, SCHEMA)

    assert [a.label for a in field.annotations] == ["adult", "adult"]
    assert errors([a.value for a in field.annotations]) < 2.5

"""Lines, points, rotated boxes and ellipses of several people: agreement follows their care, the consensus is sharper."""

import numpy as np
import pytest

from karat.kinds import KINDS
from karat.kinds.ellipse import Ellipse
from karat.kinds.point import Point
from karat.kinds.polyline import Polyline
from karat.kinds.rotated_box import RotatedBox
from karat.model.response import Annotation
from karat.quality import InstanceConsensus, Responses
from karat.quality.agreement.regions import response_agreement
from karat.quality.consensus import consensus_of
from karat.quality.tallies import Bootstrap
from karat.testing.responses import response, schema

LABELS = {"big": {}, "small": {}}
SCHEMA = schema({kind: {"kind": kind, "labels": LABELS} for kind in ("ellipse", "point", "polyline", "rotated_box")})
DRAWN = {
    "ellipse": lambda x, e: Ellipse(x + e[0], 80 + e[1], 60 + e[2], 30 + e[3], (178 + 4 * e[4]) % 180),
    "point": lambda x, e: Point(x + e[0], 80 + e[1]),
    "polyline": lambda x, e: Polyline(((x + e[0], 40 + e[1]), (x + 40 + e[2], 90 + e[3]), (x + e[4], 200 + e[5]))),
    "rotated_box": lambda x, e: RotatedBox(x + e[0], 80 + e[1], 120 + e[2], 60 + e[3], (178 + 4 * e[4]) % 180),
}
"""A thing at x as somebody draws it, six numbers off; boxes and ellipses lie where angles come round."""

each = pytest.mark.parametrize("kind", DRAWN)


def drawn(kind, rng, who, noise):
    made = [DRAWN[kind](x, rng.normal(0, noise, 6)) for x in (100.0, 500.0)]
    return response(
        who, *(Annotation(id=f"{who}{n}", field=kind, kind=kind, label="big", value=v) for n, v in enumerate(made))
    )


def responses(kind, noises, items=10):
    rng = np.random.default_rng(3)
    said = [(str(n), [drawn(kind, rng, who, noise) for who, noise in noises.items()]) for n in range(items)]
    return said, Responses.from_responses(said, SCHEMA, kind)


def errors(kind, values):
    """The mean distance to what is there."""
    truth = [DRAWN[kind](x, np.zeros(6)) for x in (100.0, 500.0)]
    return float(KINDS[kind].distances(values, truth, SCHEMA.fields[kind]).min(axis=1).mean())


@each
def test_careful_people_agree_more_than_careless_ones(kind):
    near, far = (
        response_agreement(
            responses(kind, {"ada": noise, "ben": noise})[1], bootstrap=Bootstrap(samples=50)
        ).distance.value
        for noise in (0.5, 3.0)
    )

    assert 0 < 2 * near < far < 0.7


@each
def test_the_consensus_of_three_lies_nearer_than_one(kind):
    said, table = responses(kind, {"ada": 2.0, "ben": 2.0, "cem": 2.0})

    merged = InstanceConsensus().fit(table).instances_.values

    alone = errors(kind, [a.value for _, item in said for r in item for a in r.annotations])
    assert len(merged) == 20
    assert errors(kind, merged) < 0.8 * alone


@each
def test_an_item_is_settled_thing_by_thing(kind):
    rng = np.random.default_rng(5)

    found = consensus_of([drawn(kind, rng, who, 1.0) for who in ("ada", "ben", "cem")], SCHEMA)

    (field,) = [f for f in found if f.annotations]
    assert [a.label for a in field.annotations] == ["big", "big"]
    assert errors(kind, [a.value for a in field.annotations]) < 0.15


def test_a_table_with_a_column_for_each_number_is_read():
    marks = {"photo": [7, 7], "who": ["Ada", "Ben"], "x": [10, 14], "y": [20, 23]}

    table = Responses.from_table(marks, item="photo", annotator="who", kind="point", value=["x", "y"])

    assert list(table.values.of([0, 1])) == [Point(10, 20), Point(14, 23)]
    assert response_agreement(table, bootstrap=Bootstrap(samples=40)).distance.value == pytest.approx(0.25)

"""Regions of a project are settled by what was learned of all its items, one item at a time."""

import msgspec
import numpy as np
import pytest

from karat.kinds import KINDS
from karat.model.field import Field
from karat.model.kind import WhereOptions
from karat.model.response import Author
from karat.quality import InstanceConsensus, Responses
from karat.quality.consensus import Knowledge, ProjectLearner, consensus_of, settlers_of
from karat.quality.consensus.by_kind import model_of
from karat.quality.consensus.instances import INSTANCES
from karat.quality.interval import INTERVAL
from karat.testing.responses import ENTITIES, OBJECTS, box, response, schema, span

SCHEMA = schema({"objects": OBJECTS, "entities": ENTITIES})
GOOD, BAD = ("ada", "ben", "cem"), ("dan", "eve")
LOOKED = {"objects": None}


def marked(who, *boxes, covers=None):
    return response(who, *boxes, covers=LOOKED if covers is None else covers)


def world(items=80, seed=0):
    """Four cars an image; three people see nine in ten of them, two see three in ten and invent two."""
    random = np.random.default_rng(seed)
    found = []
    for _ in range(items):
        corners = np.arange(4) * 200 + random.uniform(0, 50, 4)
        responses = []
        for who in (*GOOD, *BAD):
            seen = random.random(4) < (0.9 if who in GOOD else 0.3)
            boxes = [shifted(c + random.normal(0, 2)) for c in corners[seen]]
            invented = random.poisson(0.1 if who in GOOD else 2)
            boxes += [shifted(x, top=500) for x in random.uniform(0, 900, invented)]
            responses.append(marked(who, *boxes))
        found.append(responses)
    return found


def shifted(left, *, top=0.0, label="car", **more):
    return box((round(left, 3), top, round(left, 3) + 60, top + 60), label, id=f"{left:.3f}-{top}", **more)


def learned(items, method="default"):
    learner = ProjectLearner(SCHEMA, method=method)
    for responses in items:
        learner.add(responses)
    return learner.learn()


@pytest.fixture(scope="module")
def knowledge():
    return learned(world())


def settled(known, *responses):
    found = consensus_of(responses, SCHEMA, method="default", settlers=settlers_of(SCHEMA, known.values()))
    return next(one for one in found if one.field == "objects")


def test_what_one_who_sees_well_marked_stays_and_what_two_who_invent_marked_does_not(knowledge):
    here, there = shifted(100), shifted(600)
    found = settled(
        knowledge, marked("ada", here), marked("ben", here), marked("cem"), marked("dan", there), marked("eve")
    )

    [kept] = found.annotations
    assert (kept.value, found.method, found.n, found.learned) == (here.value, "default", 5, True)
    assert 0.5 < kept.confidence <= 1


def test_skills_tell_who_marks_well(knowledge):
    skills = {s.author: s for s in knowledge["objects"].skills}

    assert min(skills[who].low for who in GOOD) > max(skills[who].high for who in BAD)
    assert all(0 <= s.low < s.value < s.high <= 1 and 0 <= s.agrees <= 1 for s in skills.values())


def test_items_are_settled_as_all_of_them_together_are(knowledge):
    items = world()
    together = InstanceConsensus().fit(
        Responses.from_responses([(str(n), item) for n, item in enumerate(items)], SCHEMA, "objects")
    )
    alone = [len(settled(knowledge, *item).annotations) for item in items]

    assert np.bincount(together.instances_.item_codes, minlength=len(items)).tolist() == alone


def test_what_was_learned_survives_being_stored(knowledge):
    stored = {key: msgspec.json.decode(msgspec.json.encode(known), type=Knowledge) for key, known in knowledge.items()}
    item = world(items=1, seed=9)[0]

    assert settled(stored, *item) == settled(knowledge, *item)


def test_what_is_known_is_the_result(knowledge):
    gold = msgspec.structs.replace(marked("key", shifted(300)), author=Author(type="gold", name="key"))
    found = settled(knowledge, marked("ada", shifted(100)), gold)

    assert [a.value for a in found.annotations] == [shifted(300).value]
    assert (found.score, found.tie) == (1.0, False)


def test_gold_teaches_whom_to_believe_against_the_others():
    def item(n, known):
        mine = marked("ada", shifted(100 + n))
        others = [marked(who, shifted(400 + n)) for who in ("ben", "cem")]
        gold = msgspec.structs.replace(marked("key", shifted(100 + n)), author=Author(type="gold", name="key"))
        return [mine, *others, gold] if known else [mine, *others]

    known = learned([item(n, known=True) for n in range(30)])
    [kept] = settled(known, *item(50, known=False)).annotations

    assert kept.value == shifted(150).value


def test_a_stranger_is_taken_for_the_authors_together(knowledge):
    here = shifted(100)
    found = settled(knowledge, marked("new", here), marked("ada", here), marked("ben", here))

    assert [a.value for a in found.annotations] == [here.value]


def test_who_did_not_look_for_a_label_is_no_witness_against_it(knowledge):
    here = shifted(100, label="person")
    others = ("ben", "cem", *BAD)
    alone = settled(knowledge, marked("ada", here), *(marked(who, covers={"objects": ["car"]}) for who in others))
    against = settled(knowledge, marked("ada", here), *(marked(who) for who in others))

    assert alone.annotations
    assert not against.annotations


def test_attributes_come_from_those_who_agree_on_the_label(knowledge):
    hidden = [shifted(100, occluded="yes"), shifted(100, occluded="yes"), shifted(100)]
    found = settled(knowledge, *(marked(who, one) for who, one in zip(GOOD, hidden, strict=True)))

    assert found.annotations[0].attributes == {"occluded": "yes"}


def test_nothing_there_has_the_probability_that_all_who_looked_are_right(knowledge):
    few, many = settled(knowledge, marked("dan")), settled(knowledge, *(marked(who) for who in GOOD))

    assert few.annotations == many.annotations == ()
    assert few.score < many.score < 1


def test_by_majority_everybody_has_one_vote_and_half_is_a_tie():
    known = learned(world(items=20), "majority")
    here = shifted(100)
    kept = settled(known, marked("dan", here), marked("eve", here), marked("ada"))
    half = settled(known, marked("dan", here), marked("ada"))

    assert [(a.value, a.confidence) for a in kept.annotations] == [(here.value, pytest.approx(2 / 3, abs=1e-5))]
    assert (half.annotations, half.tie) == ((), True)


def test_by_weight_one_who_marks_well_outvotes_two_who_do_not():
    known = learned(world(), "weighted")
    here = shifted(100)
    alone = settled(known, marked("ada", here), marked("dan"), marked("eve"))
    together = settled(known, marked("ada"), marked("dan", here), marked("eve", here))

    assert [a.value for a in alone.annotations] == [here.value]
    assert together.annotations == ()


@pytest.mark.parametrize("method", ["default", "weighted"])
def test_where_nobody_marked_anything_nothing_is_there(method):
    known = learned([[marked("ada"), marked("ben")] for _ in range(3)], method)
    found = settled(known, marked("ada"), marked("ben"))

    assert (found.annotations, found.learned, found.tie) == ((), True, False)


@pytest.mark.parametrize("method", ["dawid_skene", "one_coin", "mace"])
def test_labels_may_be_judged_by_any_model_of_votes(method):
    known = learned(world(items=20), method)

    assert settled(known, *world(items=1, seed=5)[0]).method == method


def test_spans_are_settled_too():
    items = [
        [
            response("ada", span((0, 5)), span((10, 14), "place")),
            response("ben", span((0, 5)), span((10, 14), "place")),
            response("cem", span((0, 6)), covers={"entities": None}),
        ]
        for _ in range(20)
    ]
    found = consensus_of(items[0], SCHEMA, method="default", settlers=settlers_of(SCHEMA, learned(items).values()))

    [entities] = found
    assert [(a.value, a.label) for a in entities.annotations] == [(((0, 5),), "person"), (((10, 14),), "place")]


def test_every_kind_that_says_where_has_a_model():
    later = Field(key="talk", kind="interval", options=INTERVAL.options(), many=True)

    assert model_of(later, INTERVAL) is INSTANCES
    assert all(
        model_of(Field(key="f", kind=k.name, options=WhereOptions(), many=True), k)
        for k in KINDS.values()
        if k.role == "where"
    )

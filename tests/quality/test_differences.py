"""Two responses are compared on what both spoke about."""

import msgspec
import pytest

from karat.model.response import Author, Skip
from karat.quality import differences, disagreement
from karat.testing.responses import ENTITIES, NOTE, OBJECTS, TAGS, TOPIC, answer, box, response, schema, span

SCHEMA = schema({"objects": OBJECTS, "entities": ENTITIES, "topic": TOPIC, "tags": TAGS, "note": NOTE})


def test_equal_responses_differ_in_nothing():
    said = response("ada", answer("topic", "a"), box((0, 0, 9, 9)), span((0, 4)))

    assert [(d.field, d.distance) for d in differences(said, said, SCHEMA)] == [
        ("objects", 0),
        ("entities", 0),
        ("topic", 0),
    ]


def test_a_field_that_one_did_not_cover_is_missing():
    assert differences(response("ada", answer("topic", "a")), response("ben", span((0, 4))), SCHEMA) == []


def test_looked_and_found_nothing_is_an_answer():
    ada = response("ada", box((0, 0, 9, 9), id="one"))
    ben = response("ben", covers={"objects": None})

    [found] = differences(ada, ben, SCHEMA)

    assert (found.distance, found.only_a, found.only_b) == (1.0, ("one",), ())


def test_only_labels_that_both_looked_for_are_compared():
    ada = response("ada", box((0, 0, 9, 9)), box((50, 50, 70, 70), "person"))
    ben = response("ben", box((0, 0, 9, 9)), covers={"objects": ["car"]})

    [found] = differences(ada, ben, SCHEMA)

    assert (found.distance, found.only_a) == (0.0, ())


def test_authors_who_looked_for_different_labels_have_no_distance():
    ada = response("ada", box((0, 0, 9, 9)), covers={"objects": ["car"]})
    ben = response("ben", covers={"objects": ["person"]})

    assert disagreement([ada, ben], SCHEMA) is None


def test_an_answer_and_an_answer_left_open_are_apart():
    ada, ben = response("ada", answer("note", "hi", kind="text")), response("ben", covers={"note": None})

    [found] = differences(ada, ben, SCHEMA)

    assert (found.distance, found.only_a) == (1.0, ("note",))


@pytest.mark.parametrize("empty", [answer("note", "", kind="text"), answer("tags", ())])
def test_an_empty_answer_is_one_left_open(empty):
    ada, ben = response("ada", empty), response("ben", covers={empty.field: None})

    assert disagreement([ada, ben], SCHEMA) == 0


def test_disagreement_is_the_mean_over_fields_of_the_mean_over_people():
    people = [
        response("ada", answer("topic", "a"), answer("tags", ("fog",))),
        response("ben", answer("topic", "b"), answer("tags", ("fog",))),
        response("cem", answer("topic", "b"), answer("tags", ("fog",))),
    ]

    assert disagreement(people, SCHEMA) == pytest.approx((2 / 3 + 0) / 2)


def test_one_person_cannot_disagree():
    assert disagreement([response("ada", answer("topic", "a"))], SCHEMA) is None


@pytest.mark.parametrize(
    "change",
    [
        {"state": "skipped", "skip": Skip("unclear")},
        {"state": "withdrawn"},
        {"excluded": {"by": "x", "reason": "spam"}},
        {"author": Author(type="model", name="m")},
        {"author": Author(type="consensus", name="c")},
    ],
)
def test_what_does_not_count_is_not_compared(change):
    ada, ben = response("ada", answer("topic", "a")), response("ben", answer("topic", "b"))

    assert disagreement([ada, msgspec.structs.replace(ben, **change)], SCHEMA) is None


def test_a_question_that_was_not_asked_is_missing():
    asked = {**TOPIC, "when": {"tags": "fog"}}
    conditional = schema({"tags": TAGS, "topic": asked})
    ada = response("ada", answer("tags", ("fog",)), answer("topic", "a"))
    ben = response("ben", answer("tags", ()), covers={"tags": None, "topic": None})

    assert [d.field for d in differences(ada, ben, conditional)] == ["tags"]

"""One question a card: which schemas can be asked so."""

import pytest

from karat.kinds import KINDS
from karat.model.schema import read_schema

TWO = {"kind": "choice", "options": {"yes": {}, "no": {}}}
SPAN = {"kind": "span", "labels": {"person": {}}}


def schema(**fields):
    given = {"karat_schema": 1, "streams": {"text": {"kind": "text"}}, "fields": fields, "layout": "card"}
    return read_schema(given, KINDS)


@pytest.mark.parametrize("field", [TWO, {**TWO, "required": True}, SPAN])
def test_one_choice_or_one_field_of_regions_fits_a_card(field):
    made, problems = schema(asked=field)

    assert not problems
    assert made.document["layout"] == "card"


@pytest.mark.parametrize(
    "fields",
    [
        {"a": TWO, "b": TWO},
        {"a": {**TWO, "multiple": True}},
        {"a": {"kind": "choice", "options": {str(n): {} for n in range(10)}}},
        {"a": {"kind": "text"}},
    ],
)
def test_whatever_one_key_cannot_answer_is_refused_with_what_can(fields):
    [problem] = schema(**fields)[1]

    assert (problem.path, problem.got) == ("layout", "card")
    assert problem.expected.startswith("one field with 2 to 9 options")

"""Tables as the content of a stream: read from what files have, one text for one table."""

import json

import pytest

from karat.model import tables
from karat.model.contents import CONTENTS
from karat.model.dialogue import Unreadable

ROWS = [{"name": "Ada", "born": 1815}, {"name": "Grace", "died": 1992.5}]
TEXT = '{"columns":["name","born","died"],"rows":[["Ada",1815,null],["Grace",null,1992.5]]}'


@pytest.mark.parametrize("given", [ROWS, json.dumps(ROWS), TEXT, json.loads(TEXT)])
def test_the_same_table_is_the_same_text_however_it_is_given(given):
    assert tables.read(given) == TEXT


def test_a_mapping_is_one_row_and_csv_names_its_columns_in_the_first_line():
    assert tables.read({"b": True, "a": ["x", 1]}) == '{"columns":["b","a"],"rows":[[true,"[\\"x\\",1]"]]}'
    assert tables.read('name,said\nAda,"1, 2"\n\nBen,\n') == (
        '{"columns":["name","said"],"rows":[["Ada","1, 2"],["Ben",null]]}'
    )


def test_rows_are_parts_that_fields_can_be_answered_for():
    assert CONTENTS["table"].parts == ("row",)
    assert tables.facts(TEXT).each["row"].all() == ("0", "1")


def test_words_are_lines_of_cells_and_of_one_row_its_names_too():
    assert tables.words(TEXT) == "Ada, 1815\nGrace, 1992.5"
    assert tables.words(tables.read({"name": "Ada", "born": 1815})) == "name: Ada\nborn: 1815"


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ("a,b\n1\n", "rows[0]"),
        ("", ""),
        ("[1]", "[0]"),
        ({}, ""),
        ([], ""),
        ([{"a": float("nan")}], "[0].a"),
        ({"columns": ["a", "a"], "rows": [[1, 2]]}, "columns"),
        ({"columns": ["a"], "rows": [5]}, "rows[0]"),
        ("{", ""),
        (7, ""),
        ({"a": "b\x00"}, "rows[0][0]"),
    ],
)
def test_what_is_no_table_is_refused_with_its_place_and_the_remedy(given, path):
    with pytest.raises(Unreadable) as refused:
        tables.read(given)

    [problem] = refused.value.problems
    assert problem.path == path
    assert problem.do

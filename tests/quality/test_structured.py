"""Tables of boxes, spans and intervals become responses, or say which cell is wrong and what to do about it."""

import numpy as np
import pyarrow as pa
import pytest

from karat.kinds.box import Box
from karat.model.response import Author, Response
from karat.quality import Responses
from karat.quality.interval import Interval
from karat.testing.responses import OBJECTS, box, schema

SIDES = ["left", "top", "right", "bottom"]
BOXES = {
    "photo": ["a", "a", "a", "b"],
    "who": ["Ada", "Ben", "Cem", "Ada"],
    "what": ["cat", "dog", None, "cat"],
    "left": [0.0, 1.0, None, 5.0],
    "top": [0.0, 1.0, None, 5.0],
    "right": [9.0, 9.0, None, 8.0],
    "bottom": [9.0, 9.0, None, 8.0],
}


def read(table, **changed):
    return Responses.from_table(
        table, **({"item": "photo", "annotator": "who", "label": "what", "kind": "box", "value": SIDES} | changed)
    )


def test_a_row_without_a_value_is_a_look_that_found_nothing():
    responses = read(BOXES)

    assert responses.look_annotators.tolist() == [0, 1, 2, 0]
    assert responses.look_items.tolist() == [0, 0, 0, 1]
    assert len(responses) == 3


def test_arrow_tables_and_dicts_read_the_same():
    table = read(pa.table(BOXES))

    assert table.values.of(np.arange(3)) == read(BOXES).values.of(np.arange(3))
    assert table.labels == ("cat", "dog")


def test_values_may_stand_whole_in_one_column():
    marks = {"photo": [1, 1], "who": ["Ada", "Ben"], "spans": [[[2, 5]], [[2, 6], [8, 9]]]}
    responses = read(marks, label=None, kind="span", value="spans")

    assert responses.values[1] == ((2, 6), (8, 9))


def test_whole_numbers_written_as_floats_make_spans():
    marks = {"photo": [1, 1], "who": ["Ada", "Ben"], "start": [2.0, None], "end": [5.0, None]}

    assert read(marks, label=None, kind="span", value=["start", "end"]).values[0] == ((2, 5),)


def test_seconds_make_intervals():
    marks = {"photo": [1], "who": ["Ada"], "start": [0.5], "end": [2]}

    assert read(marks, label=None, kind="interval", value=["start", "end"]).values[0] == Interval(0.5, 2.0)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"left": [0.0, None, None, 5.0]}, "column 'left' is empty in row 1"),
        ({"what": ["cat", None, None, "cat"]}, "column 'what' is empty in row 1"),
        ({"right": [9.0, 9.0, None, 4.0]}, "in row 3: got 4.0 at right, expected more than left"),
        ({"photo": ["a", None, "a", "b"]}, "column 'photo' is empty in row 1"),
        ({"bottom": ["x", "y", None, "z"]}, "column 'bottom' holds a string in each row: give numbers"),
    ],
)
def test_what_is_wrong_is_named_with_column_row_and_remedy(changed, said):
    with pytest.raises(ValueError, match=said):
        read(BOXES | changed)


def test_columns_that_make_no_value_name_the_parts():
    with pytest.raises(ValueError, match="name the columns of its parts in their order: left, top, right, bottom"):
        read(BOXES, value=["left", "top"])


def test_an_unknown_kind_names_those_there_are():
    with pytest.raises(ValueError, match="no kind 'circle': name one of box"):
        read(BOXES, kind="circle")


def test_an_empty_table_has_no_rows():
    responses = read({name: [] for name in BOXES})

    assert len(responses) == 0
    assert list(responses.by_item()) == []


def test_responses_of_a_project_keep_who_looked_for_what():
    objects = schema({"objects": OBJECTS})
    said = Response(
        author=Author(type="person", name="Ada", id="ada"),
        annotations=(box((0, 0, 9, 9)),),
        covers={"objects": ["car"]},
    )
    silent = Response(author=Author(type="person", name="Ben", id="ben"), covers={"objects": None})
    responses = Responses.from_responses([("first", [said, silent])], objects, "objects")
    [(_, [ada, ben], rows)] = list(responses.by_item())

    assert ada.annotations[0].value == Box(0, 0, 9, 9)
    assert (ada.labels, ben.labels) == (frozenset({"car"}), None)
    assert rows == [[0], []]

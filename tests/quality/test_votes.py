import numpy as np
import pyarrow as pa
import pytest

from karat.quality import Votes

NAMED = {"item": "i", "annotator": "a", "label": "l"}


def table(**more):
    return {"i": ["x", "x", "y"], "a": ["Ben", "Ada", "Ada"], "l": ["cat", "dog", "cat"]} | more


def read(table, **more):
    return Votes.from_table(table, **NAMED, **more)


class Frame:
    """A data frame as pandas and polars have them: columns by name, each an array."""

    def __init__(self, columns):
        self.given = columns
        self.columns = list(columns)

    def __getitem__(self, name):
        return np.array(self.given[name], dtype=object)


@pytest.mark.parametrize("form", [dict, pa.table, Frame])
def test_a_table_of_any_form_is_coded_in_sorted_order(form):
    votes = read(form(table()))

    assert votes.items.tolist() == ["x", "y"]
    assert votes.annotators.tolist() == ["Ada", "Ben"]
    assert votes.labels.tolist() == ["cat", "dog"]
    assert votes.item_codes.tolist() == [0, 0, 1]
    assert votes.annotator_codes.tolist() == [1, 0, 0]
    assert votes.label_codes.tolist() == [0, 1, 0]
    assert {votes.item_codes.dtype, votes.annotator_codes.dtype, votes.label_codes.dtype} == {np.dtype("int32")}


def test_columns_of_arrow_that_are_chunked_or_coded_read_alike():
    chunked = pa.chunked_array([["cat"], ["dog", "cat"]]).dictionary_encode()

    assert read(pa.table(table(l=chunked))).label_codes.tolist() == [0, 1, 0]


def test_numbers_stay_numbers():
    votes = read({"i": np.array([9, 3]), "a": np.array([1, 1]), "l": np.array([1, 0])})

    assert votes.items.tolist() == [3, 9]
    assert votes.item_codes.tolist() == [1, 0]
    assert votes.labels.dtype == np.int64


def test_no_rows_are_votes_of_nobody_about_nothing():
    votes = read({"i": [], "a": [], "l": []})

    assert (len(votes), len(votes.items), len(votes.annotators), len(votes.labels)) == (0, 0, 0, 0)
    assert votes.counts().shape == (0, 0)


def test_an_abstention_is_no_vote_but_its_item_and_annotator_are_known():
    votes = read(table(l=["cat", "dog", "cannot tell"]), abstain=["cannot tell"])

    assert votes.labels.tolist() == ["cat", "dog"]
    assert votes.items.tolist() == ["x", "y"]
    assert votes.item_codes.tolist() == [0, 0]


def test_empty_labels_are_abstentions_where_that_is_said():
    votes = read(table(l=["cat", None, "cat"], w=[1, 2, 3]), abstain=[None], weight="w")

    assert votes.label_codes.tolist() == [0, 0]
    assert votes.weights.tolist() == [1, 3]


def test_labels_come_in_the_order_that_was_given_with_those_nobody_chose():
    votes = read(table(), labels=["dog", "bird", "cat"])

    assert votes.labels.tolist() == ["dog", "bird", "cat"]
    assert votes.label_codes.tolist() == [2, 0, 2]
    assert votes.counts().tolist() == [[1, 0, 1], [0, 0, 1]]


AGAIN = {"i": [1, 1, 1, 2], "a": ["Ada", "Ben", "Ada", "Ada"], "l": ["x", "y", "y", "y"]}


def test_of_repeated_votes_the_last_row_counts():
    once = read(AGAIN).once()

    assert once.annotator_codes.tolist() == [1, 0, 0]
    assert once.counts().tolist() == [[0, 2], [0, 1]]


def test_of_repeated_votes_the_latest_counts_where_times_are_known():
    once = read(AGAIN | {"t": [9, 1, 2, 3], "w": [4, 3, 2, 1]}, time="t", weight="w").once()

    assert once.label_codes.tolist() == [0, 1, 1]
    assert once.weights.tolist() == [4, 3, 1]


def test_at_the_same_time_the_last_row_counts():
    once = read(AGAIN | {"t": [5, 5, 5, 5]}, time="t").once()

    assert once.label_codes.tolist() == [1, 1, 1]


def test_times_of_dates_are_seconds_and_numbers_stay():
    dates = pa.array([0, 1_000_000, 2_500_000], pa.timestamp("us"))

    assert read(table(t=dates), time="t").times.tolist() == [0, 1, 2.5]
    assert read(table(t=[5, 6, 7]), time="t").times.tolist() == [5, 6, 7]


def test_gold_is_coded_and_unknown_items_are_passed_over():
    votes = read(table())

    assert votes.gold_codes({"y": "dog", "nobody saw": "cat"}).tolist() == [-1, 1]
    assert votes.gold_codes(None).tolist() == [-1, -1]


@pytest.mark.parametrize(
    ("wrong", "more", "said"),
    [
        ({"i": [1], "l": [1]}, {}, "no column 'a' in the table: it has 'i', 'l'"),
        (table(l=["cat", None, "cat"]), {}, r"column 'l' is empty in row 1: leave the row out, or say abstain"),
        (table(i=[1.0, float("nan"), 2.0]), {}, "column 'i' is empty in row 1"),
        (table(l=["cat", "dog", 7]), {}, r"column 'l' mixes types: row 2 holds 7 \(int\), row 0 'cat' \(str\)"),
        (table(l=[["cat"], ["dog"], ["cat"]]), {}, "column 'l' holds a list"),
        (table(w=[1.0, 0.0, 1.0]), {"weight": "w"}, "column 'w' holds 0.0 in row 1, a weight must be a number above 0"),
        (table(w=[1.0, None, 1.0]), {"weight": "w"}, "column 'w' holds None in row 1"),
        (table(w=["1", "2", "3"]), {"weight": "w"}, "column 'w' holds '1' in row 0, which is no number"),
        (table(t=[1.0, None, 2.0]), {"time": "t"}, "column 't' is empty in row 1"),
        (table(a=["Ada"]), {}, "column 'a' has 1 rows and 'i' 3"),
        (table(), {"labels": ["cat"]}, r"the label 'dog' \(vote 1\), which labels= does not name"),
        (table(), {"labels": ["cat", "dog", "cat"]}, "names a label twice"),
        (7, {}, "a int is no table"),
    ],
)
def test_an_error_names_the_column_the_row_and_the_remedy(wrong, more, said):
    with pytest.raises(ValueError, match=said):
        read(wrong, **more)


def test_a_gold_label_that_no_vote_can_have_is_named():
    with pytest.raises(
        ValueError, match="the gold label 'bird' of item 'x' is not among the labels of the votes, 'cat', 'dog'"
    ):
        read(table()).gold_codes({"x": "bird"})

"""Tables as people have them: each odd column and each thin set of votes has a defined result."""

import datetime

import numpy as np
import pyarrow as pa
import pytest

from karat.quality import Consensus, DawidSkene, MajorityVote, OneCoin, Votes, krippendorff_alpha, percent_agreement
from karat.quality.annotators import accuracy_on_gold
from karat.quality.columns import coded

NAMED = {"item": "i", "annotator": "a", "label": "l"}
MODELS = [MajorityVote, OneCoin, DawidSkene, Consensus]


def labelled(said, **more):
    return Votes.from_table({"i": ["x", "x", "y"], "a": ["Ben", "Ada", "Ada"], "l": said}, **NAMED, **more)


DAY = datetime.date(2026, 1, 1)
CATEGORIES = pa.DictionaryArray.from_arrays(pa.array([0, 2, 0]), pa.array(["a", "never given", "c"]))
TWICE = pa.DictionaryArray.from_arrays(pa.array([0, 1, 2]), pa.array(["a", "a", "c"]))
CHUNKS = pa.chunked_array([pa.array(["b"]).dictionary_encode(), pa.array(["a", "b"]).dictionary_encode()])


@pytest.mark.parametrize(
    ("column", "labels", "codes"),
    [
        ([True, False, True], [False, True], [1, 0, 1]),
        ([b"b", b"a", b"b"], [b"a", b"b"], [1, 0, 1]),
        ([1, 2.5, 2], [1.0, 2.0, 2.5], [0, 2, 1]),
        ([0.0, -0.0, float("inf")], [0.0, float("inf")], [0, 0, 1]),
        (["", "b", ""], ["", "b"], [0, 1, 0]),
        (["a ", "a", "a"], ["a", "a "], [1, 0, 0]),
        ([DAY, DAY, datetime.date(2025, 1, 1)], [datetime.date(2025, 1, 1), DAY], [1, 1, 0]),
        (np.array([-100, 100, -100], np.int8), [-100, 100], [0, 1, 0]),
        (np.array([2**64 - 1, 2**64 - 2, 2**64 - 1], np.uint64), [2**64 - 2, 2**64 - 1], [1, 0, 1]),
        (np.array([-(2**63), 2**63 - 1, 0]), [-(2**63), 0, 2**63 - 1], [0, 2, 1]),
        (np.array([1, 2, 1], np.float16), [1.0, 2.0], [0, 1, 0]),
        (CATEGORIES, ["a", "c"], [0, 1, 0]),
        (TWICE, ["a", "c"], [0, 0, 1]),
        (CHUNKS, ["a", "b"], [1, 0, 1]),
        (pa.array(["b", "a", "b"], pa.string_view()), ["a", "b"], [1, 0, 1]),
        (pa.array(["b", "a", "b"], pa.large_string()), ["a", "b"], [1, 0, 1]),
        (pa.chunked_array([[3, 1], [3]]), [1, 3], [1, 0, 1]),
    ],
)
def test_a_column_of_any_simple_type_is_coded_in_sorted_order(column, labels, codes):
    votes = labelled(column)

    assert votes.labels.tolist() == labels
    assert votes.label_codes.tolist() == codes


def test_texts_may_be_very_long():
    votes = labelled(["a" * 1_000_000, "b", "a" * 1_000_000])

    assert votes.label_codes.tolist() == [0, 1, 0]


@pytest.mark.parametrize(
    ("column", "said"),
    [
        ([None, None, None], "column 'l' is empty in row 0"),
        (np.array(["a", np.nan, "b"], dtype=object), "column 'l' is empty in row 1"),
        (pa.DictionaryArray.from_arrays(pa.array([0, 1, 0]), pa.array(["a", None])), "column 'l' is empty in row 1"),
        ([True, 2, 3], r"column 'l' mixes types: row 1 holds 2 \(int\), row 0 True \(bool\)"),
        (
            [2**70, 1, 2],
            "column 'l' holds 1180591620717411303424 in row 0, more than 64 bits: write such numbers as texts",
        ),
        (["a", "\ud800", "b"], "in row 1, which is no valid Unicode"),
        (np.zeros((3, 2)), r"column 'l' has the shape \(3, 2\): give one text, number or date in each row"),
        ("abc", "column 'l' is 'abc': give an array or list with one entry a row"),
        ([object(), object(), object()], "column 'l' holds values that are no texts, numbers, truth values or dates"),
    ],
)
def test_a_column_that_cannot_be_coded_is_named_with_its_row(column, said):
    with pytest.raises(ValueError, match=said):
        labelled(column)


@pytest.mark.parametrize("dtype", [np.int8, np.int16, np.int32, np.int64, np.uint8, np.uint16, np.uint32, np.uint64])
def test_whole_numbers_are_coded_as_numpy_would(dtype):
    ends = np.iinfo(dtype)
    values = np.random.default_rng(0).integers(ends.min, ends.max, 500, dtype=dtype, endpoint=True)
    for some in (values, values // 2, values % 50):
        names, codes = coded(pa.array(some), "values")
        expected = np.unique(some, return_inverse=True)

        assert names.dtype == dtype
        assert names.tolist() == expected[0].tolist()
        assert codes.tolist() == expected[1].tolist()


def test_labels_that_nobody_gave_have_a_place_and_a_probability():
    votes = labelled(["b", "a", "a"], labels=["a", "b", "c"])

    assert Consensus().fit(votes).posterior_.shape == (2, 3)


@pytest.mark.parametrize("model", MODELS)
def test_items_with_one_vote_and_annotators_with_one_vote_are_judged(model):
    votes = labelled(["a", "b", "b"])

    fitted = model().fit(votes)

    assert fitted.posterior_.sum(axis=1) == pytest.approx(1)
    assert fitted.labels_[1] == "b"
    assert (fitted.skill_.low <= fitted.skill_.value).all()
    assert (fitted.skill_.value <= fitted.skill_.high).all()
    assert fitted.skill_.n.tolist() == [2, 1]


@pytest.mark.parametrize("model", MODELS)
def test_one_label_only_is_certain_and_no_tie(model):
    fitted = model().fit(labelled(["a", "a", "a"]))

    assert fitted.posterior_.tolist() == [[1], [1]]
    assert not fitted.ties_.any()


@pytest.mark.parametrize("model", MODELS)
def test_no_votes_at_all_have_results_without_rows(model):
    fitted = model().fit(Votes.from_table({"i": [], "a": [], "l": []}, **NAMED))

    assert fitted.posterior_.shape == (0, 0)
    assert fitted.labels_.tolist() == []
    assert fitted.skill_.value.tolist() == []


def test_agreement_of_nothing_is_undefined_and_says_why():
    for votes in (
        Votes.from_table({"i": [], "a": [], "l": []}, **NAMED),
        labelled(["a", "b", "b"]).rows(np.array([2])),
    ):
        found = percent_agreement(votes)

        assert found.value is None
        assert found.warning


def test_agreement_where_all_gave_one_label_is_undefined():
    assert krippendorff_alpha(labelled(["a", "a", "a"])).value is None


@pytest.mark.parametrize("model", MODELS)
def test_an_item_of_abstentions_has_a_posterior_and_no_vote(model):
    votes = labelled(["a", "b", "cannot tell"], abstain=["cannot tell"])

    fitted = model().fit(votes)

    assert votes.items.tolist() == ["x", "y"]
    assert fitted.posterior_[1].sum() == pytest.approx(1)
    assert fitted.skill_.n.tolist() == [1, 1]


def test_gold_of_some_items_is_certain_and_leaves_the_others_open():
    fitted = Consensus().fit(labelled(["a", "b", "b"]), gold={"x": "b"})

    assert fitted.posterior_[0].tolist() == [0, 1]
    assert 0 < fitted.posterior_[1, 1] < 1


def test_repeated_votes_count_once_wherever_votes_are_counted():
    table = {"i": ["x", "x", "x", "y", "y"], "a": ["Ada", "Ada", "Ben", "Ada", "Ben"], "l": ["a", "b", "b", "a", "a"]}
    votes, last = Votes.from_table(table, **NAMED), Votes.from_table(table, **NAMED).rows(np.array([1, 2, 3, 4]))

    assert percent_agreement(votes).value == percent_agreement(last).value == 1
    assert krippendorff_alpha(votes).value == krippendorff_alpha(last).value
    assert MajorityVote().fit(votes).posterior_.tolist() == MajorityVote().fit(last).posterior_.tolist()
    assert accuracy_on_gold(votes, {"x": "b"}).n.tolist() == [1, 1]
    for model in MODELS:
        assert model().fit(votes).posterior_ == pytest.approx(model().fit(last).posterior_)

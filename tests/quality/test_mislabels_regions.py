"""Boxes that were overlooked, badly placed or misnamed are found by what a model sees; so are words of texts."""

import numpy as np
import pytest
from scipy.stats import rankdata

from karat.quality.mislabels.regions import find_region_mislabels
from karat.quality.mislabels.tokens import find_token_mislabels
from karat.quality.structured import Responses

SIDES = ["left", "top", "right", "bottom"]


def boxes(*rows, item="photo"):
    """Rows of photo, label and left side; all boxes are 40 wide and high."""
    columns = {item: [r[0] for r in rows], "who": ["x"] * len(rows), "label": [r[1] for r in rows]}
    columns |= dict(
        zip(SIDES, ([r[2] for r in rows], [0] * len(rows), [r[2] + 40 for r in rows], [40] * len(rows)), strict=True)
    )
    return Responses.from_table(columns, item=item, annotator="who", label="label", kind="box", value=SIDES)


GIVEN = boxes((1, "cat", 0), (1, "dog", 100), (2, "cat", 0), (3, "cat", 0), (4, "dog", 0))
RIGHT = [(1, "cat", 0), (1, "dog", 100), (2, "cat", 0), (3, "cat", 0), (4, "dog", 0)]


def scores(*more, instead=(), confidence=0.9):
    rows = [*(instead or RIGHT), *more]
    return find_region_mislabels(GIVEN, boxes(*rows), [confidence] * len(rows))


def test_what_the_model_sees_alike_is_right():
    found = scores()

    assert found.placed.tolist() == [1.0] * 5
    assert found.named == pytest.approx([0.95] * 5)
    assert found.seen.tolist() == [1.0] * 5
    assert found.suggested.tolist() == GIVEN.label_codes.tolist()


def test_a_box_that_the_model_is_sure_of_and_nobody_marked_was_overlooked():
    found = scores((3, "dog", 200))

    assert found.seen[-1] == pytest.approx(0.1)
    assert found.order[0] == 2
    assert (found.seen[:-1] == 1).all()


def test_a_box_beside_the_models_is_badly_placed():
    found = scores(instead=[*RIGHT[:3], (3, "cat", 20), RIGHT[4]])

    assert found.placed.tolist() == [1, 1, 1, pytest.approx(1 / 3), 1]
    assert found.order[0] == 2


def test_a_box_that_the_model_calls_otherwise_is_misnamed():
    found = scores(instead=[*RIGHT[:3], (3, "dog", 0), RIGHT[4]])

    assert found.named[3] == pytest.approx(0.05)
    assert GIVEN.labels[found.suggested[3]] == "dog"
    assert found.order[0] == 2


def test_where_the_model_finds_nothing_a_box_is_neither_right_nor_wrong():
    found = scores(instead=[*RIGHT[:3], RIGHT[4]])

    assert (found.placed[3], found.named[3], found.suggested[3]) == (1.0, 0.5, -1)


def test_a_shy_model_is_sure_by_its_own_measure():
    assert scores((3, "dog", 200), confidence=0.4).order[0] == 2


def test_items_and_labels_that_only_the_model_knows_do_no_harm():
    found = scores((9, "cat", 0), (1, "fox", 300))

    assert len(found.item_scores) == 4
    assert found.seen[-2] == 1.0
    assert found.seen[-1] == pytest.approx(0.1)


@pytest.mark.parametrize(
    ("found", "confidence", "says"),
    [
        (boxes((1, "cat", 0)), [0.5, 0.5], r"confidence has shape \(2,\) for 1 found regions"),
        (boxes((1, "cat", 0)), [1.5], "confidence holds 1.5 in row 0"),
        (
            Responses.from_table(
                {"i": [1], "w": [1], "a": [0], "b": [3]}, item="i", annotator="w", kind="interval", value=["a", "b"]
            ),
            [0.5],
            "given regions are of kind 'box', found ones of 'interval'",
        ),
    ],
)
def test_what_cannot_be_compared_is_told(found, confidence, says):
    with pytest.raises(ValueError, match=says):
        find_region_mislabels(GIVEN, found, confidence)


def test_a_text_is_as_good_as_its_worst_word():
    # As cleanlab 2.9, token_classification.rank.get_label_quality_scores: 0.25 and 0.85 for the texts.
    items = ["one"] * 3 + ["two"] * 2
    p = [[0.9, 0.1], [0.75, 0.25], [0.6, 0.4], [0.05, 0.95], [0.85, 0.15]]

    found = find_token_mislabels(items, [0, 1, 0, 1, 0], p)
    assert found.item_scores == pytest.approx([0.25, 0.85])
    assert found.worst.tolist() == [1, 4]
    assert found.suggested.tolist() == [0, 0, 0, 1, 0]
    assert found.run_starts.tolist() == [0, 1, 2, 3, 4]


def test_a_run_of_one_label_is_as_good_as_its_worst_word():
    found = find_token_mislabels([1, 1, 1, 2], [0, 1, 1, 1], [[0.9, 0.1], [0.2, 0.8], [0.7, 0.3], [0.1, 0.9]])

    assert found.run_starts.tolist() == [0, 1, 3]
    assert found.run_scores == pytest.approx([0.9, 0.3, 0.9])


def test_planted_errors_among_words_come_first():
    chance = np.random.default_rng(1)
    items, truth = np.repeat(np.arange(300), 12), chance.integers(0, 3, 3600)
    wrong = chance.random(300) < 0.1
    labels = truth.copy()
    at = np.flatnonzero(wrong) * 12 + chance.integers(0, 12, wrong.sum())
    labels[at] = (truth[at] + 1) % 3
    p = np.full((3600, 3), 0.02)
    p[np.arange(3600), truth] = 0.96
    hard = chance.random(3600) < 0.02
    p[hard] = [0.5, 0.3, 0.2]

    ranks = rankdata(find_token_mislabels(items, labels, p).item_scores)
    assert ranks[wrong].mean() < 0.25 * ranks[~wrong].mean()


def test_tokens_of_a_text_follow_one_another():
    with pytest.raises(ValueError, match="the tokens of item 1 do not follow one another"):
        find_token_mislabels([1, 2, 1], [0, 0, 0], [[0.9, 0.1]] * 3)
    assert len(find_token_mislabels([], np.empty(0, int), np.empty((0, 2))).order) == 0

"""Agreement of tables of regions, spans and texts: what is reported in place of bands."""

import numpy as np
import pytest

from karat.quality.agreement.alpha import alpha_of_units
from karat.quality.agreement.regions import distance_by_label, matched_label_alpha, response_agreement
from karat.quality.agreement.unitising import unitising_alpha
from karat.quality.agreement.words import word_error_agreement
from karat.quality.spans import Spans, spans_of_responses
from karat.quality.structured import Responses
from karat.quality.tallies import Bootstrap

QUICK = Bootstrap(samples=200)


def boxes(seed, *, items=60, people=("ada", "ben"), jitter=2, same=0.9):
    """Three boxes an item, one in each third of the picture; labels agree so often."""
    chance = np.random.default_rng(seed)
    rows = []
    for item in range(items):
        for third in range(3):
            x, y = 200 * third + int(chance.integers(0, 100)), int(chance.integers(0, 400))
            truth = str(chance.choice(["car", "van"]))
            for who in people:
                label = truth if chance.random() < same else str(chance.choice(["car", "van"]))
                dx, dy = chance.integers(-jitter, jitter + 1, 2).tolist()
                rows.append((item, who, label, x + dx, y + dy, x + dx + 60, y + dy + 60))
    names = ("item", "who", "label", "left", "top", "right", "bottom")
    table = dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))
    return rows, Responses.from_table(
        table, item="item", annotator="who", label="label", kind="box", value=["left", "top", "right", "bottom"]
    )


def test_the_alpha_of_matched_labels_is_that_of_the_labels_alone():
    rows, responses = boxes(1)
    labels = [row[2] for row in rows]

    found = matched_label_alpha(responses, bootstrap=QUICK)
    assert found.value == pytest.approx(alpha_of_units(list(zip(labels[::2], labels[1::2], strict=True))), abs=1e-12)
    assert found.low < found.value < found.high
    assert found.n == 60


def test_regions_that_agree_are_near_one_another_and_far_from_chance():
    _, responses = boxes(2, same=1.0)

    found = response_agreement(responses, bootstrap=QUICK)
    assert found.distance.value < 0.15
    assert found.sigma.value > 0.95
    assert found.ks.value > 0.95
    assert found.distance_alpha.value == pytest.approx(1 - found.distance.value, abs=0.05)
    assert found.unitising_alpha is None
    assert found.distances.observed.by_pair()["ada", "ben"].value == found.distance.value


def test_each_label_has_its_own_distance():
    table = {
        "item": [1, 1, 1, 2, 2],
        "who": ["ada", "ben", "ada", "ada", "ben"],
        "label": ["car", "car", "van", "car", "car"],
        "left": [0, 0, 50, 0, 0],
        "top": [0] * 5,
        "right": [10, 10, 60, 10, 8],
        "bottom": [10] * 5,
    }
    sides = ["left", "top", "right", "bottom"]
    responses = Responses.from_table(table, item="item", annotator="who", label="label", kind="box", value=sides)

    found = {label: (e.value, e.n) for label, e in distance_by_label(responses).items()}
    assert found == {"car": (pytest.approx(0.1), 2), "van": (1.0, 1)}


def test_spans_of_responses_are_those_of_the_table():
    table = {
        "text": [1, 1, 2, 2, 2],
        "who": ["ada", "ben", "ada", "ben", "ben"],
        "label": ["name", "name", "place", "place", None],
        "from": [0, 1, 4, 4, None],
        "to": [5, 5, 9, 9, None],
    }
    names = {"item": "text", "annotator": "who", "label": "label"}
    responses = Responses.from_table(table, **names, kind="interval", value=["from", "to"])
    lengths = {1: 40, 2: 40}

    read = Spans.from_table(table, **names, start="from", end="to", lengths=lengths)
    made = spans_of_responses(responses, lengths)
    assert unitising_alpha(made) == unitising_alpha(read)
    assert response_agreement(responses, lengths=lengths).unitising_alpha == unitising_alpha(read)


def test_boxes_lie_on_no_line():
    with pytest.raises(ValueError, match="row 0 holds a Box, which lies on no line"):
        spans_of_responses(boxes(3, items=1)[1])


def test_the_word_error_rate_is_that_of_jiwer():
    # jiwer 4.0, wer(right, given).
    right = ["the cat sat on the mat", "so it goes", "we will see tomorrow"]
    given = ["the cat sits on mat", "so it went", "we shall see you tomorrow"]
    items, people = [1, 2, 3, 1, 2, 3], ["ada"] * 3 + ["ben"] * 3

    found = word_error_agreement(items, people, right + given, reference="ada")
    assert found.estimate().value == pytest.approx(0.38461538461538464, abs=1e-12)
    assert found.by_item() == {1: pytest.approx(1 / 3), 2: pytest.approx(1 / 3), 3: 0.5}
    both = word_error_agreement(items, people, right + given)
    assert both.estimate().value == pytest.approx(10 / (13 + 13))
    assert both.by_pair()["ada", "ben"].n == 3


def test_a_reference_that_wrote_nothing_is_told():
    with pytest.raises(ValueError, match="reference='cem' wrote no text"):
        word_error_agreement([1, 1], ["ada", "ben"], ["a", "b"], reference="cem")

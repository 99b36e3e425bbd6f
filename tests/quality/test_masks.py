"""Masks of several people are grouped, judged and merged by the models of every kind that says where something is."""

import numpy as np
import pytest

from karat.geometry import masks
from karat.quality import InstanceConsensus, Responses
from karat.quality.panoptic import panoptic_quality

HEIGHT, WIDTH = 80, 120
PLACES = (30, 85)


def disc(x, y, radius):
    row, column = np.mgrid[:HEIGHT, :WIDTH]
    return (column - x) ** 2 + (row - y) ** 2 <= radius**2


def painted(pixels):
    box, counts = masks.of_pixels(pixels)
    return {"box": list(box), "counts": counts}


def overlap(value, pixels):
    left, top, width, height = value.box
    whole = np.zeros((HEIGHT, WIDTH), bool)
    whole[top : top + height, left : left + width] = masks.pixels((value.box, value.counts))
    return (whole & pixels).sum() / (whole | pixels).sum()


def test_what_most_have_painted_is_there_and_covers_what_they_share_and_a_slip_is_not():
    random = np.random.default_rng(5)
    rows = [
        (photo, who, "cat", painted(disc(x + aside, 40 + above, 18)))
        for photo in range(6)
        for who in ("Ada", "Ben", "Cem")
        for x in PLACES
        for aside, above in [random.integers(-2, 3, 2)]
    ]
    rows += [(photo, "Cem", "cat", painted(disc(60, 70, 6))) for photo in range(6)]
    table = dict(zip(("photo", "who", "what", "value"), map(list, zip(*rows, strict=True)), strict=True))

    responses = Responses.from_table(table, item="photo", annotator="who", label="what", kind="mask", value="value")
    model = InstanceConsensus().fit(responses)

    given, merged = (
        [max(overlap(value, disc(x, 40, 18)) for x in PLACES) for value in values]
        for values in (responses.values, model.instances_.values)
    )
    assert (len(model.instances_), len(model.candidates_)) == (12, 18)
    assert min(merged) > 0.85
    assert np.mean(merged) > np.mean([one for one in given if one > 0]) + 0.02


def rectangle(left, top, right, bottom):
    pixels = np.zeros((HEIGHT, WIDTH), bool)
    pixels[top:bottom, left:right] = True
    return painted(pixels)


def scored(*marks):
    columns = zip(*marks, strict=True)
    table = dict(zip(("photo", "who", "what", "value"), map(list, columns), strict=True))
    responses = Responses.from_table(table, item="photo", annotator="who", label="what", kind="mask", value="value")
    return panoptic_quality(responses, of="model", truth="gold")


def test_panoptic_quality_is_the_overlap_of_what_was_found_over_all_that_there_is():
    # Cars: overlaps of 0.8 and 0.6, one missing, one that is not there: 1.4 / (2 + 1/2 + 1/2). Sky: 1.
    found = scored(
        (1, "gold", "car", rectangle(0, 0, 10, 10)), (1, "model", "car", rectangle(0, 0, 8, 10)),
        (1, "gold", "car", rectangle(20, 0, 30, 10)), (1, "model", "car", rectangle(20, 0, 26, 10)),
        (1, "gold", "car", rectangle(40, 0, 50, 10)), (1, "model", "car", rectangle(60, 0, 70, 10)),
        (2, "gold", "sky", rectangle(0, 0, 120, 20)), (2, "model", "sky", rectangle(0, 0, 120, 20)),
    )  # fmt: skip

    assert {label: round(figure.value, 9) for label, figure in found.by_label.items()} == {
        "car": round(1.4 / 3, 9),
        "sky": 1,
    }
    assert found.quality.value == pytest.approx((1.4 / 3 + 1) / 2)
    assert found.segmentation.value == pytest.approx((0.7 + 1) / 2)
    assert found.recognition.value == pytest.approx((2 / 3 + 1) / 2)
    assert found.quality.low <= found.quality.value <= found.quality.high
    assert found.quality.n == 2


def test_a_half_is_not_found_and_another_label_is_none_of_it():
    found = scored(
        (1, "gold", "car", rectangle(0, 0, 10, 10)), (1, "model", "car", rectangle(0, 0, 5, 10)),
        (1, "gold", "bus", rectangle(50, 0, 60, 10)), (1, "model", "car", rectangle(50, 0, 60, 10)),
    )  # fmt: skip

    assert {label: figure.value for label, figure in found.by_label.items()} == {"bus": 0, "car": 0}


def test_who_is_compared_must_be_an_annotator():
    with pytest.raises(ValueError, match="no annotator 'model'"):
        scored((1, "gold", "car", rectangle(0, 0, 10, 10)))

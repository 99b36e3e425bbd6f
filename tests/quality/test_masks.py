"""Masks of several people are grouped, judged and merged by the models of every kind that says where something is."""

import numpy as np

from karat.geometry import masks
from karat.quality import InstanceConsensus, Responses

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

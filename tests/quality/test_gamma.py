"""Gamma aligns spans as pygamma-agreement does, and is 0 where spans lie anywhere."""

import numpy as np
import pytest

from karat.quality.agreement.gamma import Marked, disorder, gamma
from karat.quality.spans import Spans
from karat.quality.tallies import Bootstrap

# Of each span its annotator, start, end and label.
TWO = [(0, 0, 10, 0), (0, 15, 22, 1), (0, 30, 44, 0), (1, 1, 11, 0), (1, 16, 25, 0), (1, 50, 60, 1)]
THREE = [*TWO, (2, 2, 9, 0), (2, 14, 22, 1), (2, 31, 45, 0), (2, 51, 58, 1)]


def marked(rows):
    person, start, end, label = (np.array(column) for column in zip(*rows, strict=True))
    return Marked(person, start.astype(float), end.astype(float), label, int(person.max()) + 1, 60.0)


def spans_of(*items, length=60):
    rows = [(i, *row) for i, item in enumerate(items) for row in item]
    table = dict(zip(("item", "who", "start", "end", "label"), map(list, zip(*rows, strict=True)), strict=True))
    names = {"item": "item", "annotator": "who", "start": "start", "end": "end", "label": "label"}
    return Spans.from_table(table, **names, lengths=dict.fromkeys(range(len(items)), length))


# pygamma-agreement 0.5.9, CombinedCategoricalDissimilarity(alpha=1, beta=1, delta_empty=1); single precision.
@pytest.mark.parametrize(("rows", "value"), [(TWO, 1.0241667), (THREE, 0.62619776)])
def test_the_observed_disorder_is_that_of_pygamma(rows, value):
    assert disorder(marked(rows)) == pytest.approx(value, abs=1e-6)


# The same with ShuffleContinuumSampler, 300 samples: 0.001 and 0.451; both sides draw at random.
@pytest.mark.parametrize(("rows", "value"), [(TWO, 0.001), (THREE, 0.451)])
def test_gamma_is_that_of_pygamma_but_for_the_drawing(rows, value):
    assert gamma(spans_of(rows), shuffled=60).value == pytest.approx(value, abs=0.06)


def test_two_annotators_are_aligned_as_many_are():
    chance = np.random.default_rng(1)
    rows = [
        (who, s, s + int(chance.integers(2, 9)), int(chance.integers(2)))
        for who in (0, 1)
        for s in chance.integers(0, 50, 5).tolist()
    ]
    two = marked(rows)
    three = Marked(two.person, two.start, two.end, two.label, 3, 60.0)

    # With a third who marked nothing a pair costs (d + 2) / 3 in place of d.
    assert disorder(two) * 2 <= disorder(three) * 3


def test_the_same_spans_have_no_disorder():
    rows = [(who, *span) for who in range(4) for span in ((0, 5, 0), (9, 14, 1), (20, 40, 0))]

    assert disorder(marked(rows)) == 0.0
    assert gamma(spans_of(rows, rows), shuffled=5).value == 1.0


def test_spans_put_anywhere_agree_by_chance():
    chance = np.random.default_rng(2)
    items = [[(who, s, s + 8, 0) for who in (0, 1) for s in chance.integers(0, 392, 12).tolist()] for _ in range(60)]

    found = gamma(spans_of(*items, length=400), shuffled=10, bootstrap=Bootstrap(samples=200))
    assert found.value == pytest.approx(0, abs=0.06)
    assert found.low < found.value < found.high
    assert (found.n, found.warning) == (60, None)


def test_what_cannot_be_asked_is_told():
    with pytest.raises(ValueError, match="only 'items' are drawn anew"):
        gamma(spans_of(TWO), bootstrap=Bootstrap(over="items and annotators"))
    with pytest.raises(ValueError, match="shuffled=0"):
        gamma(spans_of(TWO), shuffled=0)
    alone = gamma(spans_of([(0, 1, 4, 0)]))
    assert (alone.value, alone.warning) == (None, "no item was marked by two annotators")
    crowded = [(who, s, s + 30, 0) for who in range(8) for s in range(0, 24, 3)]
    with pytest.raises(ValueError, match="64 spans of 8 annotators"):
        gamma(spans_of(crowded))

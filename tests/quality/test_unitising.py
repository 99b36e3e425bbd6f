"""Unitising alpha has the values that Krippendorff prints, and spans are read with all that may be odd in them."""

import numpy as np
import pytest

from karat.quality.agreement.unitising import (
    unitising_alpha,
    unitising_alpha_by_label,
    unitising_alpha_by_pair,
    unitising_alpha_by_slice,
)
from karat.quality.spans import Spans
from karat.quality.tallies import Bootstrap

COLUMNS = ("item", "annotator", "start", "end", "label")
QUICK = Bootstrap(samples=200)
# Krippendorff, Content Analysis, 2nd edition (2004), p. 254: observers i and j on a continuum from 150 to 450.
PRINTED = [
    (1, "i", 225, 295, "c"),
    (1, "i", 370, 400, "c"),
    (1, "j", 220, 300, "c"),
    (1, "j", 355, 375, "c"),
    (1, "j", 400, 420, "c"),
    (1, "i", 180, 240, "k"),
    (1, "i", 300, 350, "k"),
    (1, "j", 180, 240, "k"),
    (1, "j", 300, 350, "k"),
]


def spans_of(rows, *, lengths=None, shift=0):
    moved = [(i, a, None if s is None else s - shift, None if e is None else e - shift, k) for i, a, s, e, k in rows]
    table = dict(zip(COLUMNS, map(list, zip(*moved, strict=True)), strict=True))
    return Spans.from_table(table, **{name: name for name in COLUMNS}, lengths=lengths)


def world(seed, *, items=60, people=("a", "b", "c"), jitter=2, length=200, keep=0.9):
    """Texts in which each person marks the same stretches, give or take, and leaves some out."""
    chance = np.random.default_rng(seed)
    rows = []
    for item in range(items):
        places = np.sort(chance.choice(np.arange(10, length - 20, 20), 4, replace=False))
        for who in people:
            rows.append((item, who, None, None, None))
            for at in places.tolist():
                if chance.random() < keep:
                    start, end = at + int(chance.integers(-jitter, jitter + 1)), at + 12 + int(chance.integers(-2, 3))
                    rows.append((item, who, max(start, 0), end, "name"))
    return spans_of(rows, lengths=dict.fromkeys(range(items), length))


def test_alpha_is_what_krippendorff_printed():
    spans = spans_of(PRINTED, lengths={1: 300}, shift=150)

    by_label = {label: found.value for label, found in unitising_alpha_by_label(spans).items()}
    assert by_label == {"c": pytest.approx(0.7286, abs=5e-5), "k": 1.0}
    assert unitising_alpha(spans).value == pytest.approx(0.8591, abs=5e-4)


def test_alpha_is_the_formula_worked_out_by_hand():
    # b = 4, N = 2, gaps 16 and 12 + 4; distance of [0, 4) and [12, 16) is 2 * 4² by each order of the two.
    spans = spans_of([(1, "a", 0, 4, "x"), (1, "b", 12, 16, "x")], lengths={1: 20})

    observed = (16 + 16) * 2 / (2 * 1 * 20**2)
    units = 2 * (2 * 64 - 3 * 16 + 4) / 3
    gaps = 2 * 16 * ((16 - 3) + (12 - 3) + (4 - 3))
    expected = 2 / 20 * (units + gaps) / (40 * 39 - 2 * 4 * 3)
    assert unitising_alpha(spans).value == pytest.approx(1 - observed / expected, abs=1e-12)


def test_the_length_of_a_step_is_the_unit_that_everything_is_measured_in():
    tenths = [(i, a, s / 10, e / 10, k) for i, a, s, e, k in PRINTED]

    whole = unitising_alpha(spans_of(PRINTED, lengths={1: 450}))
    parts = unitising_alpha(spans_of(tenths, lengths={1: 45}), step=0.1)
    assert parts.value == pytest.approx(whole.value, abs=1e-9)


def test_spans_put_at_random_agree_by_chance():
    chance = np.random.default_rng(1)
    rows = []
    for item in range(300):
        for who in "ab":
            at = int(chance.integers(0, 91))
            rows.append((item, who, at, at + 10, "x"))
    spans = spans_of(rows, lengths=dict.fromkeys(range(300), 100))

    assert unitising_alpha(spans, bootstrap=QUICK).value == pytest.approx(0, abs=0.05)


def test_an_annotator_who_found_nothing_disagrees_and_one_who_did_not_look_is_missing():
    both = [(1, "a", 3, 9, "x"), (1, "b", 3, 9, "x"), (2, "a", 1, 5, "x"), (2, "b", 1, 5, "x")]
    lengths = {1: 20, 2: 20}

    assert unitising_alpha(spans_of([*both, (1, "c", None, None, None)], lengths=lengths)).value < 0.7
    assert unitising_alpha(spans_of(both, lengths=lengths)).value == 1.0
    alone = [(1, "a", 3, 9, "x"), (2, "b", 1, 5, "x")]
    assert unitising_alpha(spans_of(alone, lengths=lengths)).warning == "no item was marked by two annotators"


def test_the_interval_over_items_is_as_wide_as_the_spread_over_worlds():
    found = unitising_alpha(world(0), bootstrap=QUICK)
    spread = np.std([unitising_alpha(world(seed), bootstrap=Bootstrap(samples=40)).value for seed in range(1, 13)])

    assert found.low < found.value < found.high
    assert (found.high - found.low) / 3.92 == pytest.approx(spread, rel=0.6)


def test_pairs_and_slices_are_measured_apart():
    spans = world(3, items=40)
    pairs = unitising_alpha_by_pair(spans, bootstrap=QUICK)
    slices = unitising_alpha_by_slice(spans, ["even" if i % 2 == 0 else None for i in range(40)], bootstrap=QUICK)

    assert list(pairs) == [("a", "b"), ("a", "c"), ("b", "c")]
    assert pairs["a", "b"].n == 40
    assert {name: found.n for name, found in slices.items()} == {"even": 20}
    assert slices["even"].warning == "only 20 items; below 30 the interval is too narrow"


def test_overlapping_spans_of_one_label_count_as_one_and_touching_ones_as_two():
    merged = spans_of([(1, "a", 0, 5, "x"), (1, "a", 3, 9, "x"), (1, "a", 9, 12, "x"), (1, "a", 4, 6, "y")]).merged()

    stretches = zip(merged.starts.tolist(), merged.ends.tolist(), merged.label_codes.tolist(), strict=True)
    assert list(stretches) == [(0, 9, 0), (9, 12, 0), (4, 6, 1)]


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([(1, "a", 3, 3, "x")], "row 0 goes from 'start' 3 to 'end' 3"),
        ([(1, "a", None, 3, "x")], "row 0 has one of 'start' and 'end' only"),
        ([(1, "a", 0, 2, "x"), (1, "a", 3, 5, None)], "column 'label' is empty in row 1"),
        ([(1, "a", 0, float("inf"), "x")], "column 'end' is not finite in row 0"),
    ],
)
def test_a_span_that_cannot_be_is_told_with_its_row(rows, says):
    with pytest.raises(ValueError, match=says):
        spans_of(rows)


def test_what_cannot_be_asked_is_told():
    spans = spans_of(PRINTED)
    with pytest.raises(ValueError, match="label='z' was given to no span; the labels are 'c', 'k'"):
        unitising_alpha(spans, label="z")
    with pytest.raises(ValueError, match="only 'items' are drawn anew"):
        unitising_alpha(spans, bootstrap=Bootstrap(over="items and annotators"))
    with pytest.raises(ValueError, match="step=0"):
        unitising_alpha(spans, step=0)
    with pytest.raises(ValueError, match=r"lengths= says 400 for item 1, but a span ends at 420"):
        spans_of(PRINTED, lengths={1: 400})

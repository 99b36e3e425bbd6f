"""Overlaps and assignments have the values that plain loops give."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from karat.geometry import assign, box_iou, overlaps
from karat.geometry import assignment as module

sides = st.tuples(*(st.integers(0, 12),) * 4).map(
    lambda b: (min(b[0], b[2]), min(b[1], b[3]), max(b[0], b[2]), max(b[1], b[3]))
)
quick = settings(max_examples=150, deadline=None, derandomize=True)


def plain_iou(a, b):
    cells = [{(x, y) for x in range(left, right) for y in range(top, bottom)} for left, top, right, bottom in (a, b)]
    union = len(cells[0] | cells[1])
    return len(cells[0] & cells[1]) / union if union else float(a == b)


@quick
@given(a=st.lists(sides, min_size=1, max_size=4), b=st.lists(sides, min_size=1, max_size=4))
def test_iou_is_the_share_of_common_cells(a, b):
    expected = [[plain_iou(x, y) for y in b] for x in a]

    assert box_iou(np.array(a, float), np.array(b, float)) == pytest.approx(np.array(expected))


def test_iou_of_nothing_is_an_empty_matrix():
    assert box_iou(np.empty((0, 4)), np.zeros((3, 4))).shape == (0, 3)


@quick
@given(data=st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)).map(sorted), min_size=2, max_size=6))
def test_overlaps_are_common_integers(data):
    expected = [[len(set(range(*x)) & set(range(*y))) for y in data] for x in data]

    assert overlaps(np.array(data), np.array(data)).tolist() == expected


def random_pairs(seed, height, width, share):
    chance = np.random.default_rng(seed)
    rows, columns = np.nonzero(chance.random((height, width)) < share)
    return rows, columns, chance.uniform(0.1, 1, len(rows))


def total(rows, columns, gains, chosen):
    gain = {(r, c): g for r, c, g in zip(rows.tolist(), columns.tolist(), gains.tolist(), strict=True)}
    return sum(gain[pair] for pair in zip(*(part.tolist() for part in chosen), strict=True))


def best(rows, columns, gains, size):
    gain = {(r, c): g for r, c, g in zip(rows.tolist(), columns.tolist(), gains.tolist(), strict=True)}
    return max(sum(gain.get((i, j), 0) for i, j in enumerate(order)) for order in permutations(range(size)))


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("small", [0, 4096])
def test_the_assignment_has_the_largest_gain_there_is(seed, small, monkeypatch):
    monkeypatch.setattr(module, "SMALL", small)
    rows, columns, gains = random_pairs(seed, 6, 6, 0.4)

    chosen = assign(rows, columns, gains)

    assert total(rows, columns, gains, chosen) == pytest.approx(best(rows, columns, gains, 6))
    assert len(set(chosen[0].tolist())) == len(chosen[0]) == len(set(chosen[1].tolist()))


def test_the_large_way_and_the_small_way_choose_alike(monkeypatch):
    rows, columns, gains = random_pairs(1, 60, 50, 0.05)
    small = assign(rows, columns, gains)
    monkeypatch.setattr(module, "SMALL", 0)

    large = assign(rows, columns, gains)

    assert [part.tolist() for part in large] == [part.tolist() for part in small]


def test_no_pairs_are_no_assignment():
    assert [len(part) for part in assign(np.array([], int), np.array([], int), np.array([]))] == [0, 0]


def test_thousands_of_crowded_pairs_are_assigned_within_seconds():
    rows = np.repeat(np.arange(5000), 3)
    columns = (rows + np.tile([0, 1, 2], 5000)) % 5000

    chosen = assign(rows, columns, np.tile([0.9, 0.5, 0.2], 5000))

    assert chosen[0].tolist() == chosen[1].tolist() == list(range(5000))

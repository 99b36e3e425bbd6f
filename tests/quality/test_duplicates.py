"""What stands twice or alone is found, exactly."""

import numpy as np
import pytest

from karat.quality.duplicates import (
    groups,
    near_duplicates,
    near_hashes,
    nearest,
    outlier_scores,
    with_different_labels,
)


def points(seed, *, items=300):
    chance = np.random.default_rng(seed)
    found = chance.normal(0, 1, (items, 32))
    found[10] = found[3] * 2.0 + chance.normal(0, 0.01, 32)
    found[20] = found[3] + chance.normal(0, 0.01, 32)
    return found


def test_near_duplicates_are_those_of_all_pairs():
    found = near_duplicates(points(1), within=0.01)

    assert sorted(zip(found.first.tolist(), found.second.tolist(), strict=True)) == [(3, 10), (3, 20), (10, 20)]
    assert (np.diff(found.distance) >= 0).all()
    grouped = groups(found, 300)
    assert grouped[3] == grouped[10] == grouped[20]
    assert len(set(grouped.tolist())) == 298


def test_near_hashes_are_those_of_all_pairs():
    chance = np.random.default_rng(2)
    codes = chance.integers(0, 2**63, 400, dtype=np.uint64)
    codes[100] = codes[5] ^ np.uint64(0b10110)
    codes[200] = codes[5] ^ np.uint64((1 << 63) | (1 << 40) | (1 << 33) | (1 << 20) | (1 << 9) | 1)
    codes[300] = codes[7]
    i, j = np.triu_indices(400, 1)
    bits = np.bitwise_count(codes[i] ^ codes[j])

    found = near_hashes(codes, within=6)
    assert set(zip(found.first.tolist(), found.second.tolist(), strict=True)) == set(
        zip(i[bits <= 6].tolist(), j[bits <= 6].tolist(), strict=True)
    )
    assert found.distance.tolist() == sorted(found.distance.tolist())


def test_duplicates_with_different_labels_are_singled_out():
    labels = np.zeros(300, int)
    labels[20] = 1
    found = with_different_labels(near_duplicates(points(1), within=0.01), labels)

    assert set(zip(found.first.tolist(), found.second.tolist(), strict=True)) == {(3, 20), (10, 20)}


def test_the_nearest_are_those_of_all_distances():
    x = points(3)
    unit = x / np.linalg.norm(x, axis=1, keepdims=True)
    distance = 1 - unit @ unit.T
    np.fill_diagonal(distance, np.inf)

    places, distances = nearest(x, k=4)
    assert places.tolist() == np.argsort(distance, axis=1)[:, :4].tolist()
    assert distances == pytest.approx(np.sort(distance, axis=1)[:, :4], abs=1e-5)


def test_what_points_elsewhere_is_an_outlier():
    chance = np.random.default_rng(4)
    x = np.array([1.0, 0.0, 0.0]) + chance.normal(0, 0.05, (100, 3))
    x[42] = [-1.0, 1.0, 0.0]

    scores = outlier_scores(x, k=5)
    assert scores.argmin() == 42
    assert ((scores >= 0) & (scores <= 1)).all()


def test_nothing_has_no_duplicates():
    assert len(near_duplicates(np.empty((0, 8))).first) == 0
    assert len(near_hashes([]).first) == 0


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: near_duplicates([1.0, 2.0]), "embeddings have shape"),
        (lambda: near_duplicates([[0.0, 0.0]]), "row 0 is all 0"),
        (lambda: near_duplicates([[1.0, 0.0]], within=3), "within=3"),
        (lambda: near_hashes([1, 2], within=40), "within=40"),
        (lambda: nearest([[1.0], [2.0]], k=2), "k=2"),
    ],
)
def test_what_cannot_be_asked_is_told(call, says):
    with pytest.raises(ValueError, match=says):
        call()

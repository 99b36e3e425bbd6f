"""Outliers are those of the local outlier factor; labels that twins contradict are found."""

import numpy as np
import pytest

from karat.quality.duplicates import near_duplicates, near_hashes
from karat.quality.mislabels import find_mislabels
from karat.quality.mislabels.twins import joined_with_twins
from karat.quality.outliers import local_outlier_factors, outliers


def test_factors_are_those_of_scikit_learn():
    chance = np.random.default_rng(4)
    x = chance.normal(0, 1, (12, 3))
    x[5] *= -1
    x[7] = [3, -2, 0.1]

    # scikit-learn 1.9.1: -LocalOutlierFactor(n_neighbors=4, metric="cosine").fit(x).negative_outlier_factor_
    assert local_outlier_factors(x, k=4) == pytest.approx(
        [
            1.4352,
            0.99598,
            1.069632,
            1.1271,
            0.891431,
            0.891431,
            1.065297,
            1.029162,
            0.99598,
            1.158225,
            1.032194,
            1.090314,
        ],
        abs=1e-5,
    )


def clouds(chance):
    """A tight cloud of directions and a wide one, and one item beside the tight one, as far as usual in the wide one."""
    tight = np.array([1.0, 0, 0, 0, 0, 0]) + chance.normal(0, 0.01, (200, 6))
    wide = np.array([0.0, 1, 0, 0, 0, 0]) + chance.normal(0, 0.2, (200, 6))
    return np.vstack([tight, wide, [[1.0, 0, 0.2, 0, 0, 0]]])


def test_an_item_beside_a_tight_cloud_is_an_outlier_and_those_of_a_wide_one_are_not():
    found = outliers(clouds(np.random.default_rng(1)))

    assert found[0] == 400
    assert (found[1:] < 200).all()


def test_few_items_of_one_cloud_are_called_outliers():
    chance = np.random.default_rng(2)

    assert np.mean([len(outliers(chance.normal(0, 1, (300, 8)))) for _ in range(10)]) < 3


def test_copies_are_no_outliers():
    assert local_outlier_factors(np.repeat([[1.0, 2.0]], 30, axis=0), k=5) == pytest.approx(np.ones(30))
    with pytest.raises(ValueError, match="beyond=0"):
        outliers(np.eye(30), beyond=0)


def labelled(chance, items=400):
    """Items in pairs and threes of near-duplicates, labels with one error in twenty, and a model that is right in 7 of 10."""
    group = np.sort(chance.integers(0, items // 3, items))
    centres = chance.normal(0, 1, (items // 3, 16))
    truth = chance.integers(0, 3, items // 3)[group]
    wrong = chance.random(items) < 0.05
    given = np.where(wrong, (truth + chance.integers(1, 3, items)) % 3, truth)
    guess = np.where(chance.random(items) < 0.7, truth, chance.integers(0, 3, items))
    p = np.full((items, 3), 0.2)
    p[np.arange(items), guess] = 0.6
    return given, p, centres[group] + chance.normal(0, 0.01, (items, 16)), wrong


def test_twins_with_other_labels_bring_errors_to_the_front():
    given, p, x, wrong = labelled(np.random.default_rng(3))
    plain = find_mislabels(given, p)
    joined = find_mislabels(given, p, twins=near_duplicates(x, within=0.01))
    errors = int(wrong.sum())

    assert wrong[plain.order[:errors]].mean() < 0.5
    assert wrong[joined.order[:errors]].mean() > 0.75
    assert wrong[joined.suspected].mean() > 0.7
    assert joined.error_rate == plain.error_rate


def test_hashes_give_twins_too_and_who_has_none_keeps_the_word_of_the_model():
    twins = near_hashes([0b0, 0b1, 0b11, 0xFFFFFFFF00000000], within=2)
    p = [[0.5, 0.5], [0.5, 0.5], [0.9, 0.1], [0.3, 0.7]]
    found = joined_with_twins([0, 0, 1, 0], p, twins, error_rate=0.1)

    assert found[2, 0] > 0.99
    assert found[0] == pytest.approx([0.5, 0.5])
    assert found[3].tolist() == [0.3, 0.7]

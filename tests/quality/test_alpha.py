"""Alpha has the values that textbooks and the reference implementation give."""

import krippendorff
import numpy as np
import pytest

from karat.quality.agreement.alpha import alpha_of_units

# K. Krippendorff, Computing Krippendorff's Alpha-Reliability (2011): A is two observers and two categories,
# C four observers with missing values; rows are observers.
A = [[0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]]
C = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
    [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
]
SCALES = ("nominal", "ordinal", "interval")


def units_of(observers):
    return [[value for value in unit if value is not None] for unit in zip(*observers, strict=True)]


def reference(observers, scale):
    table = np.array([[np.nan if v is None else v for v in row] for row in observers], float)
    return krippendorff.alpha(table, level_of_measurement=scale)


def random_observers(seed, *, people, items, values):
    chance = np.random.default_rng(seed)
    truth = chance.integers(0, values, items)
    noise = chance.integers(0, values, (people, items))
    given = np.where(chance.random((people, items)) < 0.7, truth, noise).tolist()
    missing = (chance.random((people, items)) < 0.3).tolist()
    return [
        [None if m else v for v, m in zip(row, gone, strict=True)] for row, gone in zip(given, missing, strict=True)
    ]


def test_two_observers_and_two_categories_as_krippendorff_printed():
    assert alpha_of_units(units_of(A)) == pytest.approx(0.095, abs=5e-4)


@pytest.mark.parametrize(("scale", "value"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849)])
def test_four_observers_with_missing_values_as_krippendorff_printed(scale, value):
    assert alpha_of_units(units_of(C), scale=scale) == pytest.approx(value, abs=5e-4)


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("seed", range(5))
def test_alpha_is_that_of_the_reference_implementation(scale, seed):
    observers = random_observers(seed, people=2 + seed, items=60, values=6)

    assert alpha_of_units(units_of(observers), scale=scale) == pytest.approx(reference(observers, scale), abs=1e-6)


def test_alpha_of_a_distance_of_zero_or_one_is_the_nominal_one():
    units = units_of(C)

    assert alpha_of_units(units, distance=lambda a, b: float(a != b)) == pytest.approx(alpha_of_units(units))


def test_alpha_of_a_squared_difference_is_the_interval_one():
    units = units_of(C)

    assert alpha_of_units(units, distance=lambda a, b: ((a - b) / 4) ** 2) == pytest.approx(
        alpha_of_units(units, scale="interval")
    )


def test_alpha_of_many_different_values_is_estimated_closely():
    chance = np.random.default_rng(5)
    truth = chance.normal(size=1500)
    units = [[t + chance.normal() / 3, t + chance.normal() / 3] for t in truth.tolist()]

    estimated = alpha_of_units(units, distance=lambda a, b: min(1.0, (a - b) ** 2 / 100))

    assert estimated == pytest.approx(alpha_of_units(units, scale="interval"), abs=0.01)


@pytest.mark.parametrize("units", [[], [[1]], [[1], [2]], [[1, 1], [1, 1]]])
def test_alpha_is_undefined_where_nothing_could_differ(units):
    assert np.isnan(alpha_of_units(units))


def test_a_perfect_and_a_reversed_pair_of_observers_are_the_ends_of_the_scale():
    assert alpha_of_units([[0, 0], [1, 1]]) == 1.0
    assert alpha_of_units([[0, 1], [1, 0]]) < 0

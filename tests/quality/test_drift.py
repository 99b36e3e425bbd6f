"""Charts give the false alarms they state, and see the shifts they are made for."""

import numpy as np
import pytest

from karat.quality.drift import cusum, cusum_limit, ewma, ewma_limit, label_mix, means, rates


# Lucas and Saccucci, Technometrics 32 (1990), table 3: limits for a run length of 500.
@pytest.mark.parametrize(("weight", "width"), [(0.05, 2.615), (0.10, 2.814), (0.20, 2.962), (1.0, 3.090)])
def test_limits_of_the_average_are_those_of_lucas_and_saccucci(weight, width):
    assert ewma_limit(weight, 500.0) == pytest.approx(width, abs=0.003)


# Montgomery, Introduction to Statistical Quality Control, table 9.3 and 9.4: half a deviation is let pass.
@pytest.mark.parametrize(("run_length", "limit"), [(168, 4.0), (370, 4.77), (465, 5.0)])
def test_limits_of_the_sums_are_those_of_montgomery(run_length, limit):
    assert cusum_limit(1.0, float(run_length)) == pytest.approx(limit, abs=0.01)


@pytest.mark.parametrize("chart", [ewma, cusum])
def test_false_alarms_come_as_rarely_as_stated(chart):
    steady = np.random.default_rng(1).normal(0, 1, (300, 400))
    first = [int(np.argmax(a)) + 1 if (a := chart(row, run_length=100.0).alarms).any() else 400 for row in steady]

    # A run is cut off at 400 points, which takes off two in a hundred.
    assert np.mean(first) == pytest.approx(98, rel=0.15)


@pytest.mark.parametrize("chart", [ewma, cusum])
def test_a_shift_of_one_deviation_is_seen_within_a_dozen_points(chart):
    shifted = np.random.default_rng(2).normal(-1, 1, (200, 100))
    first = [int(np.argmax(chart(row).alarms)) + 1 for row in shifted]

    assert np.mean(first) < 12
    assert chart(shifted[0]).level[chart(shifted[0]).alarms].max() < 0  # and it says in which direction


def test_shares_become_points_of_unit_spread():
    n = np.full(4000, 50)
    hits = np.random.default_rng(3).binomial(50, 0.9, 4000)
    z = rates(hits, n, usual=0.9)

    assert z.mean() == pytest.approx(0, abs=0.06)
    assert z.std() == pytest.approx(1, abs=0.05)
    assert rates([0], [0], usual=0.9).tolist() == [0.0]


def test_seconds_are_measured_against_the_first_without_being_misled_by_a_pause():
    seconds = np.random.default_rng(4).normal(10, 2, 200)
    seconds[7] = 4000
    z = means(seconds, baseline=100)

    assert np.median(np.abs(z[100:])) == pytest.approx(0.674, abs=0.15)
    assert z[7] > 100


def test_a_mix_of_labels_as_usual_has_points_of_unit_spread_and_another_stands_out():
    usual = [0.5, 0.3, 0.2]
    chance = np.random.default_rng(5)
    z = label_mix(chance.multinomial(100, usual, 3000), usual=usual)

    assert z.mean() == pytest.approx(0, abs=0.1)
    assert z.std() == pytest.approx(1, abs=0.1)
    assert label_mix([[20, 30, 50]], usual=usual)[0] > 5


def test_no_points_make_no_alarms():
    assert len(ewma([]).alarms) == 0
    assert len(cusum([]).alarms) == 0


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: ewma([1.0], weight=0), "weight=0"),
        (lambda: ewma([1.0, float("nan")]), "must be finite"),
        (lambda: ewma([1.0], run_length=2), "run_length=2"),
        (lambda: cusum([1.0], shift=0), "shift=0"),
        (lambda: rates([2], [1], usual=0.5), "hits must lie between"),
        (lambda: rates([1], [1], usual=1.0), "usual=1.0"),
        (lambda: means([1.0, 1.0, 1.0], baseline=3), "are the same, 1"),
        (lambda: means([1.0], baseline=3), "baseline=3"),
        (lambda: label_mix([[1, 2]], usual=[1.0, 0.0]), "every share above 0"),
    ],
)
def test_what_cannot_be_charted_is_told(call, says):
    with pytest.raises(ValueError, match=says):
        call()

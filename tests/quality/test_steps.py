"""The chart that is fed answer by answer."""

import numpy as np
import pytest

from karat.quality.drift.steps import Steps


def alarm_after(right_before: float, right_after: float, *, n: int, seed: int) -> int | None:
    random = np.random.default_rng(seed)
    chart = Steps(labels=5, run_length=1000.0)
    for place in range(chart.baseline + n):
        right = right_before if place < chart.baseline else right_after
        if chart.add(1.0 if random.random() < right else 0.0):
            return place - chart.baseline + 1
    return None


def test_a_drop_is_seen_and_what_stays_as_it_was_is_seldom_taken_for_one():
    seen = [alarm_after(0.9, 0.6, n=200, seed=seed) for seed in range(8)]
    false = [alarm_after(0.9, 0.9, n=100, seed=seed) for seed in range(8)]

    assert None not in seen
    assert float(np.median([at for at in seen if at])) < 40
    # A run of 1,000 answers on average: of eight times a hundred, one in ten has an alarm, give or take.
    assert sum(at is not None for at in false) <= 3


@pytest.mark.parametrize("wrong", [{"labels": 1}, {"labels": 2, "run_length": 5.0}, {"labels": 2, "baseline": 3}])
def test_settings_that_make_no_sense_are_named(wrong):
    with pytest.raises(ValueError, match="="):
        Steps(**wrong)


def test_a_chance_outside_its_range_is_refused():
    with pytest.raises(ValueError, match="likely="):
        Steps(labels=2).add(1.2)

"""The chart that is fed answer by answer."""

import msgspec
import numpy as np
import pytest

from karat.quality.drift import steps
from karat.quality.drift.steps import Steps


@pytest.fixture(autouse=True)
def _few_chains(monkeypatch):
    monkeypatch.setattr(steps, "CHAINS", 300)


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


def test_all_charts_of_a_project_err_together_as_often_as_is_stated():
    random = np.random.default_rng(7)
    alarms = answers = 0
    for _ in range(40):
        chart = Steps(labels=2, run_length=200.0, baseline=60)
        sure = random.uniform(0.7, 1.0, 160)
        held = (random.random(160) < sure) == (random.random(160) < 0.85)
        for likely in np.where(held, sure, 1 - sure).tolist():
            alarms += chart.add(likely)
        answers += chart.watched

    # 4,000 answers, one false alarm in 200: twenty, within what 99 of 100 projects have.
    assert answers == 4000
    assert 9 <= alarms <= 33


def test_what_was_usual_is_kept_after_an_alarm_and_it_can_be_kept_as_text():
    chart = Steps(labels=2, run_length=1000.0)
    for place in range(150):
        chart.add(0.0 if place % 10 == 0 else 1.0)
    usual, alarms = chart.usual, []
    for place in range(120):
        chart = msgspec.json.decode(msgspec.json.encode(chart), type=Steps)
        if chart.add(float(place % 2)):
            alarms.append(place)

    assert usual == pytest.approx(0.89, abs=0.02)
    assert alarms[0] < 40
    assert len(alarms) > 1, "it is still lower than it was"
    assert chart.usual > 0.8


@pytest.mark.parametrize("wrong", [{"labels": 1}, {"labels": 2, "run_length": 5.0}, {"labels": 2, "baseline": 3}])
def test_settings_that_make_no_sense_are_named(wrong):
    with pytest.raises(ValueError, match="="):
        Steps(**wrong)


def test_a_chance_outside_its_range_is_refused():
    with pytest.raises(ValueError, match="likely="):
        Steps(labels=2).add(1.2)

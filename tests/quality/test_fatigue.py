"""Hours and sessions: what they do to quality is found, and what annotators do is not taken for it."""

import numpy as np
import pytest

from karat.quality.drift.fatigue import accuracy_by_hour, fatigue
from karat.quality.drift.sessions import sessions_of
from karat.quality.votes import Votes

DAY = 86_400


def votes_at(right, who, times):
    n = len(right)
    table = {
        "item": [*range(n), n],
        "who": [*who, "other"],
        "label": [*("x" if r else "y" for r in right), "y"],
        "at": [*times, 0],
    }
    return Votes.from_table(table, item="item", annotator="who", label="label", time="at"), dict.fromkeys(range(n), "x")


def sessions_with(chance, falls, *, people=12, sessions=5, minutes=180):
    """Votes a minute apart, in sessions on several days; accuracy falls by so much an hour."""
    who, times, right = [], [], []
    for person in range(people):
        base = chance.uniform(0.75, 0.95)
        for day in range(sessions):
            minute = np.arange(chance.integers(30, minutes))
            who += [f"p{person}"] * len(minute)
            times += (day * DAY + minute * 60 + 1000 * person).tolist()
            right += (chance.random(len(minute)) < np.clip(base - falls * minute / 60, 0, 1)).tolist()
    return votes_at(right, who, times)


def test_a_pause_ends_a_session_and_the_first_vote_of_one_has_no_time():
    table = {"i": [1, 2, 3, 4], "a": list("AABA"), "l": ["x"] * 4, "at": [50, 10, 20, 5000]}
    found = sessions_of(Votes.from_table(table, item="i", annotator="a", label="l", time="at"), pause_s=600)

    assert found.session.tolist() == [0, 0, 2, 1]
    assert found.into_s.tolist() == [40, 0, 0, 0]
    assert found.seconds[0] == 40
    assert np.isnan(found.seconds[1:]).all()


def test_accuracy_that_falls_in_sessions_is_measured():
    found = fatigue(*sessions_with(np.random.default_rng(1), 0.08))

    assert found.per_hour.low < -0.08 < found.per_hour.high < 0
    assert found.sessions == 60
    assert [part.from_s for part in found.parts] == [0, 900, 1800, 3600, 7200]
    assert found.parts[0].right.value > found.parts[-1].right.value


def test_intervals_of_fatigue_hold_the_truth_as_often_as_they_say():
    chance = np.random.default_rng(2)
    found = [fatigue(*sessions_with(chance, 0.0, people=8, sessions=4, minutes=90)).per_hour for _ in range(200)]

    assert np.mean([e.low <= 0 <= e.high for e in found]) == pytest.approx(0.95, abs=0.035)


def test_one_session_says_nothing_of_others():
    votes, gold = votes_at([True, False, True], ["a"] * 3, [0, 60, 120])
    found = fatigue(votes, {k: v for k, v in gold.items() if k < 3})

    assert found.per_hour.value is None
    assert "two sessions" in found.per_hour.warning


def test_an_hour_at_which_people_err_stands_out():
    chance = np.random.default_rng(3)
    hour = chance.choice([9, 10, 14, 22], 2000)
    right = chance.random(2000) < np.where(hour == 22, 0.7, 0.9)
    votes, gold = votes_at(right, ["a"] * 2000, hour * 3600 + DAY * 20_000)
    found = {h.hour: h for h in accuracy_by_hour(votes, gold)}

    assert sorted(found) == [9, 10, 14, 22]
    assert found[22].adjusted < 1e-6
    assert found[22].odds_ratio.high < 1
    assert found[22].right.low < 0.7 < found[22].right.high
    assert [h.hour for h in accuracy_by_hour(votes, gold, zone_h=3)] == [1, 12, 13, 17]


def test_the_night_is_not_blamed_for_who_works_at_night():
    chance = np.random.default_rng(4)
    owl = chance.random(3000) < 0.5
    hour = np.where(chance.random(3000) < np.where(owl, 0.8, 0.2), 23, 11)
    votes, gold = votes_at(chance.random(3000) < np.where(owl, 0.7, 0.95), np.where(owl, "o", "l"), hour * 3600)
    found = {h.hour: h for h in accuracy_by_hour(votes, gold)}

    assert found[23].right.high < found[11].right.low
    assert found[23].adjusted > 0.05


def test_times_are_needed():
    votes = Votes.from_table({"i": [1], "a": ["a"], "l": ["x"]}, item="i", annotator="a", label="l")

    with pytest.raises(ValueError, match="have no times"):
        accuracy_by_hour(votes, {1: "x"})
    with pytest.raises(ValueError, match="pause_s=0"):
        sessions_of(votes_at([True], ["a"], [0])[0], pause_s=0)

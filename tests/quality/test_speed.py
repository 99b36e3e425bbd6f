"""Speed: who hurries is told apart from who has short items, and whether time carries quality is said with an interval."""

import numpy as np
import pytest

from karat.quality.annotators.speed import longer_when_right, share_of_pairs_interval, speed, time_and_quality
from karat.quality.votes import Votes


def world(seed, *, items=120, pace=(1.0, 1.0, 1.0, 1.0, 0.3), carries=0.0):
    """Five people on all items, half of which are hard: twice as long, and got wrong more often."""
    chance = np.random.default_rng(seed)
    hard = chance.random(items) < 0.5
    people = len(pace)
    item, who = np.tile(np.arange(items), people), np.repeat(np.arange(people), items)
    own = chance.normal(0, 0.4, len(item))
    seconds = 10 * np.array(pace)[who] * np.where(hard[item], 2.0, 1.0) * np.exp(own)
    odds = np.where(hard[item], 0.5, 2.0) + carries * own
    right = chance.random(len(item)) < 1 / (1 + np.exp(-odds))
    table = {"i": item, "a": who, "l": np.where(right, "x", "y")}
    return Votes.from_table(table, item="i", annotator="a", label="l"), seconds, dict.fromkeys(range(items), "x")


def test_who_takes_a_third_of_the_usual_time_is_speeding():
    votes, seconds, _ = world(1)
    found = speed(votes, seconds)

    assert found.speeding.tolist() == [False] * 4 + [True]
    assert found.low[4] < found.pace[4] < found.high[4] < 0.5
    assert found.n.tolist() == [120] * 5
    assert found.median_s[4] < found.median_s[0] / 2
    assert found.estimate(4).warning is None


def test_who_has_the_short_items_is_not_speeding():
    chance = np.random.default_rng(2)
    item = np.concatenate([np.arange(200), np.arange(100, 200), np.arange(100), np.arange(100, 200)])
    who = np.repeat(["all", "short", "long", "short too"], [200, 100, 100, 100])
    seconds = np.where(item < 100, 60.0, 5.0) * np.exp(chance.normal(0, 0.3, len(item)))
    votes = Votes.from_table({"i": item, "a": who, "l": ["x"] * 500}, item="i", annotator="a", label="l")
    found = dict(zip(votes.annotators.tolist(), speed(votes, seconds).pace.tolist(), strict=True))

    assert np.median(seconds[who == "short"]) < np.median(seconds[who == "long"]) / 5
    assert found["short"] > 0.9


def test_steady_people_are_called_speeding_as_rarely_as_stated():
    flagged = [speed(*world(seed, items=40, pace=(1.0, 0.5, 1.0, 1.0, 1.0))[:2]).speeding.any() for seed in range(100)]

    assert np.mean(flagged) <= 0.08


def test_time_that_carries_quality_is_seen_and_time_of_hard_items_is_not_taken_for_it():
    votes, seconds, known = world(3, carries=2.0)
    plain, idle, gold = world(4)
    found, none = time_and_quality(votes, seconds, known).overall, time_and_quality(plain, idle, gold).overall

    assert 0.5 < found.low < found.value < found.high
    assert none.low < 0.5 < none.high
    assert (found.n, found.of) == (600, "votes")


def test_intervals_of_time_and_quality_hold_what_is_true_as_often_as_they_say():
    chance, inside = np.random.default_rng(5), []
    for _ in range(300):  # right votes take one standard deviation longer: a share of 0.760
        low, high = share_of_pairs_interval(
            longer_when_right(
                np.concatenate([chance.normal(1, 1, 30), chance.normal(0, 1, 12)]), np.repeat([True, False], [30, 12])
            ),
            30,
            12,
        )
        inside.append(low <= 0.76025 <= high)

    assert np.mean(inside) == pytest.approx(0.95, abs=0.03)


def test_the_share_of_pairs_is_that_of_mann_and_whitney():
    from scipy.stats import mannwhitneyu

    chance = np.random.default_rng(6)
    seconds, right = chance.integers(1, 20, 60).astype(float), chance.random(60) < 0.6
    statistic = mannwhitneyu(seconds[right], seconds[~right]).statistic

    assert longer_when_right(seconds, right) == pytest.approx(statistic / right.sum() / (~right).sum())


def test_ends_of_the_share_of_pairs_are_where_the_score_says():
    low, high = share_of_pairs_interval([1.0, 0.0, 0.8, np.nan], [10, 10, 40, 0], [10, 10, 25, 9])

    assert (high[0], low[1]) == (1.0, 0.0)
    assert low[0] == pytest.approx(1 - high[1])
    assert 0.6 < low[0] < 1
    theta = low[2]
    variance = theta * (1 - theta) / 1000 * (1 + 31.5 * ((1 - theta) / (2 - theta) + theta / (1 + theta)))
    assert 0.8 - theta == pytest.approx(1.959964 * np.sqrt(variance), abs=1e-6)
    assert np.isnan(low[3])


def test_unknown_times_and_clocks_of_whole_seconds():
    votes, seconds, known = world(7, items=30)
    seconds = np.floor(seconds / 4)
    seconds[:30] = np.nan
    found = speed(votes, seconds)

    assert found.n.tolist() == [0, 30, 30, 30, 30]
    assert np.isnan(found.pace[0])
    assert found.estimate(0).value is None
    assert np.isfinite(found.pace[1:]).all()
    assert time_and_quality(votes, np.full(150, np.nan), known).overall.warning is not None


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda v, s, k: speed(v, s[:3]), "the shape \\(3,\\); one is needed for each of the 600"),
        (lambda v, s, k: speed(v, -s), "vote 0 took -"),
        (lambda v, s, k: speed(v, s, usual=2), "usual=2"),
    ],
)
def test_what_cannot_be_asked_is_told(call, says):
    with pytest.raises(ValueError, match=says):
        call(*world(1))

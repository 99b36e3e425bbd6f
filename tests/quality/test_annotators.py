"""Accuracies, suspicions and verdicts about annotators hold what they say."""

import numpy as np
import pytest

from karat.quality.annotators import (
    accuracy_by_label,
    accuracy_on_gold,
    accuracy_over_time,
    confusion_on_gold,
    skill_without_gold,
    suspicions,
)
from karat.quality.annotators.sequential import SequentialTest
from karat.quality.votes import Votes


def table(items, people, labels, **extra):
    columns = {"item": list(items), "who": list(people), "label": list(labels)}
    return Votes.from_table(columns | extra, item="item", annotator="who", label="label", **{k: k for k in extra})


def crowd(seed, *, items=500, people=40, votes=4, labels=3):
    """Votes, the accuracy of each annotator, and gold."""
    chance = np.random.default_rng(seed)
    skill = 1 / labels + (1 - 1 / labels) * chance.beta(4, 2, people)
    item = np.repeat(np.arange(items), votes)
    person = np.concatenate([chance.choice(people, votes, replace=False) for _ in range(items)])
    truth = chance.integers(0, labels, items)
    right = chance.random(len(item)) < skill[person]
    label = np.where(right, truth[item], (truth[item] + chance.integers(1, labels, len(item))) % labels)
    return table(item, person, label), skill, dict(enumerate(truth.tolist()))


def test_accuracy_on_gold_counts_right_answers():
    votes = table([1, 2, 3, 1, 2, 3], list("aaabbb"), ["x", "y", "x", "x", "x", "x"])
    found = accuracy_on_gold(votes, {1: "x", 2: "y"})

    assert found.n.tolist() == [2, 2]
    assert found.accuracy.tolist() == [1.0, 0.5]
    assert found.estimate(0).warning == "only 2 answers on gold; below 10 nothing can be said"


def test_who_answered_no_gold_has_no_accuracy_and_an_interval_of_all():
    found = accuracy_on_gold(table([1, 2], ["a", "b"], ["x", "y"]), {1: "x"})

    assert np.isnan(found.accuracy[1])
    assert (found.low[1], found.high[1]) == (0.0, 1.0)
    assert found.estimate(1).value is None


def test_gold_that_the_votes_do_not_know_is_told():
    with pytest.raises(ValueError, match="'z' of item 1 is not among the labels"):
        accuracy_on_gold(table([1, 2], ["a", "b"], ["x", "y"]), {1: "z"})
    with pytest.raises(ValueError, match="'c' is no annotator"):
        confusion_on_gold(table([1], ["a"], ["x"]), {1: "x"}, "c")
    with pytest.raises(ValueError, match="window=0"):
        accuracy_over_time(table([1], ["a"], ["x"]), {1: "x"}, "a", window=0)


def test_intervals_hold_the_accuracy_as_often_as_they_say():
    found = [(accuracy_on_gold(votes, gold), skill[votes.annotators]) for votes, skill, gold in map(crowd, range(20))]

    assert np.mean([((a.low <= s) & (s <= a.high)).mean() for a, s in found]) == pytest.approx(0.95, abs=0.02)


def test_skill_is_found_without_gold():
    found = [(skill_without_gold(votes), skill[votes.annotators]) for votes, skill, _ in map(crowd, range(8))]

    assert np.mean([np.abs(a.value - s).mean() for a, s in found]) < 0.06
    assert np.mean([((a.low <= s) & (s <= a.high)).mean() for a, s in found]) >= 0.9
    assert np.mean([np.corrcoef(a.value, s)[0, 1] for a, s in found]) > 0.8


def test_who_shares_nothing_has_an_interval_that_says_little():
    votes, _, _ = crowd(1)
    lonely = table([*votes.item_codes, 9999], [*votes.annotator_codes, 99], [*votes.labels[votes.label_codes], 1])
    found = skill_without_gold(lonely)

    assert found.high[-1] - found.low[-1] > 1.5 * np.median(found.high[:-1] - found.low[:-1])


def test_recall_and_confusion_stand_by_label():
    votes = table([1, 2, 3, 4], ["a"] * 4, ["x", "x", "y", "y"])
    gold = {1: "x", 2: "y", 3: "y", 4: "y"}

    assert accuracy_by_label(votes, gold).accuracy.tolist() == [[1.0, pytest.approx(2 / 3)]]
    assert confusion_on_gold(votes, gold, "a").tolist() == [[1, 0], [1, 2]]


def test_somebody_who_tires_shows_a_trend():
    right = [1] * 90 + [1, 0] * 30
    labels = ["x" if r else "y" for r in right]
    items = list(range(150))
    votes = table([*items, 999], ["a"] * 151, [*labels, "y"], time=[*items[::-1], 0])
    windows, p = accuracy_over_time(votes, dict.fromkeys(items, "x"), "a", window=60)

    assert windows.n.tolist() == [60, 60, 30]
    assert windows.accuracy.tolist() == [0.5, 1.0, 1.0]  # times run backward
    assert p < 1e-6


def test_a_steady_annotator_shows_a_trend_as_rarely_as_chance_has_it():
    chance = np.random.default_rng(1)
    found = []
    for _ in range(300):
        labels = np.where(chance.random(80) < 0.8, "x", "y")
        votes = table(range(81), ["a"] * 81, [*labels, "y"])
        found.append(accuracy_over_time(votes, dict.fromkeys(range(80), "x"), "a")[1])

    assert np.mean(np.array(found) < 0.05) < 0.1


def test_spammers_adversaries_and_the_good_are_told_apart():
    chance = np.random.default_rng(1)
    truth = chance.integers(0, 2, 200)
    answers = {"good": truth, "same": np.zeros(200, int), "random": chance.integers(0, 2, 200), "against": 1 - truth}
    votes = table(list(range(200)) * 4, np.repeat(list(answers), 200), np.concatenate(list(answers.values())))
    found = suspicions(votes, dict(enumerate(truth.tolist())))
    of = {name: place for place, name in enumerate(votes.annotators.tolist())}

    assert found.informed[of["good"]] == 1
    assert found.informed[of["against"]] == -1
    assert found.spammer_score[of["good"]] == found.spammer_score[of["against"]] == 1
    assert found.spammer_score[of["same"]] == 0
    assert found.spammer_score[of["random"]] < 0.05
    assert found.p_random[of["same"]] == 1
    assert found.p_random[of["random"]] > 0.05
    assert found.p_random[of["good"]] < 1e-20
    assert found.adversary.tolist() == [name == "against" for name in votes.annotators]


def test_the_sequential_test_errs_no_more_often_than_it_says():
    test, chance = SequentialTest(good=0.95, bad=0.8, false_fail=0.05, false_pass=0.05), np.random.default_rng(1)

    assert share_passed(test, 0.95, chance) >= 0.93
    assert share_passed(test, 0.80, chance) <= 0.07


def share_passed(test, accuracy, chance, people=500):
    return np.mean([judged(test, accuracy, chance) == "pass" for _ in range(people)])


def judged(test, accuracy, chance):
    return test.verdict(**ended(test, accuracy, chance))


def length(test, accuracy, chance):
    return sum(ended(test, accuracy, chance).values())


def ended(test, accuracy, chance):
    right = wrong = 0
    while test.verdict(right=right, wrong=wrong) == "not yet known":
        hit = chance.random() < accuracy
        right, wrong = right + hit, wrong + (not hit)
    return {"right": right, "wrong": wrong}


def test_the_sequential_test_says_how_long_it_takes():
    test = SequentialTest(good=0.95, bad=0.8)

    chance = np.random.default_rng(7)
    for accuracy in (0.95, 0.8):
        taken = [length(test, accuracy, chance) for _ in range(600)]
        assert test.expected_answers(accuracy) == pytest.approx(
            np.mean(taken), abs=4 * np.std(taken) / len(taken) ** 0.5
        )
    # Wald's formula leaves out what goes past the bound: it says 28.2 and 19.0.
    assert [round(test.expected_answers(accuracy), 1) for accuracy in (0.95, 0.8)] == [30.6, 22.6]
    assert test.expected_answers(0.5) < test.expected_answers(0.8) < test.expected_answers(0.8897)
    assert test.expected_answers(0.8897) == pytest.approx(test.expected_answers(0.8896), rel=0.01)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: SequentialTest(good=0.8, bad=0.9), "bad below good"),
        (lambda: SequentialTest(false_fail=0.7), "false_fail=0.7"),
        (lambda: SequentialTest().verdict(right=-1, wrong=0), "counts cannot be below 0"),
        (lambda: SequentialTest().expected_answers(1.0), "accuracy=1.0"),
    ],
)
def test_a_test_that_makes_no_sense_is_told(call, says):
    with pytest.raises(ValueError, match=says):
        call()

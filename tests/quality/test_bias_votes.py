"""Groups and slices that differ are found; people and items that differ by themselves are not taken for it."""

import numpy as np
import pytest

from karat.quality.bias import group_difference
from karat.quality.bias.mixed import mixed_difference
from karat.quality.bias.votes import agreement_by_group, clustered_rate, error_rates, label_shares
from karat.quality.tallies import Bootstrap
from karat.quality.votes import Votes


def world(chance, *, people=8, items=60, of_people=0.7, of_items=1.0, effect=0.0, between=True):
    """Hits of people on all items, in two groups of annotators, or of items."""
    who, what = np.repeat(np.arange(people), items), np.tile(np.arange(items), people)
    group = who < people // 2 if between else what < items // 2
    odds = (
        1.0 + of_people * chance.normal(size=people)[who] + of_items * chance.normal(size=items)[what] + effect * group
    )
    return chance.random(len(who)) < 1 / (1 + np.exp(-odds)), group, who, what


def test_groups_that_do_not_differ_are_called_so_as_rarely_as_stated():
    chance = np.random.default_rng(1)
    worlds = [world(chance, people=6, items=40) for _ in range(24)]
    mixed = np.mean([mixed_difference(*w).p < 0.05 for w in worlds])
    plain = np.mean([group_difference(hit, group, what).p < 0.05 for hit, group, _, what in worlds])

    assert mixed <= 3 / 24
    assert plain > 0.3  # which takes the votes of one person for those of many


@pytest.mark.parametrize("between", [True, False])
def test_a_planted_difference_and_the_spreads_are_measured(between):
    chance = np.random.default_rng(2)
    found = [mixed_difference(*world(chance, people=24, items=80, effect=1.0, between=between)) for _ in range(8)]

    assert np.mean([np.log(f.odds_ratio.value) for f in found]) == pytest.approx(1.0, abs=0.3)
    assert np.mean([f.odds_ratio.low < np.e < f.odds_ratio.high for f in found]) >= 7 / 8
    assert np.mean([f.annotator_spread for f in found]) == pytest.approx(0.7, abs=0.15)
    assert np.mean([f.item_spread for f in found]) == pytest.approx(1.0, abs=0.15)


def test_where_people_and_items_are_alike_it_is_the_odds_ratio_of_mantel_and_haenszel():
    hit, group, who, what = world(np.random.default_rng(3), people=30, items=60, of_people=0, of_items=0, effect=0.7)

    mixed, plain = mixed_difference(hit, group, who, what).odds_ratio, group_difference(hit, group, what).odds_ratio
    assert mixed.value == pytest.approx(plain.value, rel=0.03)
    assert mixed.low == pytest.approx(plain.low, rel=0.08)


def test_few_annotators_in_a_group_are_told():
    assert (
        "only 2 annotators in a group"
        in mixed_difference(*world(np.random.default_rng(4), people=4)).odds_ratio.warning
    )


@pytest.mark.parametrize(("hits", "group", "says"), [([1, 1], [0, 1], "every vote"), ([1, 0], [1, 1], "no votes")])
def test_what_cannot_differ_is_undefined(hits, group, says):
    found = mixed_difference(hits, group, [0, 1], [0, 1])

    assert found.odds_ratio.value is None
    assert says in found.odds_ratio.warning


def test_intervals_of_a_rate_know_that_votes_of_one_person_are_alike():
    chance, inside, plain = np.random.default_rng(5), [], []
    who, what = np.repeat(np.arange(40), 30), np.tile(np.arange(30), 40)
    for _ in range(200):
        hits = chance.random(1200) < chance.beta(6, 2, 40)[who]
        found = clustered_rate(hits, who, what)
        inside.append(found.low <= 0.75 <= found.high)
        half = 1.96 * np.sqrt(found.value * (1 - found.value) / 1200)
        plain.append(abs(found.value - 0.75) <= half)

    assert np.mean(inside) == pytest.approx(0.95, abs=0.04)
    assert np.mean(plain) < 0.7


def table(chance, *, night=0.3, items=150, people=10):
    """Votes of which more are wrong on items of the night; the second half of the people says `x` more often."""
    what, who = np.repeat(np.arange(items), 4), np.concatenate([chance.permutation(people)[:4] for _ in range(items)])
    truth = np.where(chance.random(items) < 0.5, "x", "y")
    wrong = chance.random(len(what)) < np.where(what % 2, night, 0.1)
    label = np.where(wrong, np.where(truth[what] == "x", "y", "x"), truth[what])
    label = np.where((who >= people // 2) & (chance.random(len(what)) < 0.5), "x", label)
    votes = Votes.from_table({"i": what, "a": who, "l": label}, item="i", annotator="a", label="l")
    return votes, dict(enumerate(truth.tolist())), ["day", "night"] * (items // 2)


def test_errors_by_slice_and_labels_by_group_come_out():
    votes, known, slices = table(np.random.default_rng(6))
    groups = ["old"] * 5 + ["new"] * 5
    errors = {r.name: r for r in error_rates(votes, known, slices=slices)}
    labels = {r.name: r for r in label_shares(votes, "x", groups=groups)}

    assert errors["night"].adjusted < 0.01
    assert errors["night"].difference.odds_ratio.low > 1
    assert errors["day"].rate.value < errors["night"].rate.value
    assert labels["new"].adjusted < 0.01
    assert labels["new"].rate.value > labels["old"].rate.high
    assert {r.name for r in error_rates(votes, known, groups={0: "a", 1: "b", 2: None})} == {"a", "b"}


def test_agreement_of_groups_is_that_among_their_own():
    votes, _, _ = table(np.random.default_rng(7))
    found = agreement_by_group(votes, ["old"] * 5 + ["new"] * 5, bootstrap=Bootstrap(samples=50))

    assert list(found) == ["old", "new"]
    assert found["old"].value > found["new"].value


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda v, k: error_rates(v, k), "one of the two"),
        (lambda v, k: error_rates(v, k, groups=["a"]), "groups= has 1 entries for 10 annotators"),
        (lambda v, k: label_shares(v, "z", groups=["a"] * 10), "'z' is no label"),
        (lambda v, k: mixed_difference([1], [1, 0], [0], [0]), "one each for a vote"),
        (lambda v, k: mixed_difference([2, 0], [1, 0], [0, 1], [0, 1]), "must be 0 or 1"),
    ],
)
def test_what_cannot_be_asked_is_told(call, says):
    votes, known, _ = table(np.random.default_rng(8), items=10)
    with pytest.raises(ValueError, match=says):
        call(votes, known)

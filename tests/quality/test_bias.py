"""Differences between slices and groups are found, and chance ones are not."""

import numpy as np
import pytest

from karat.quality.bias import coverage, false_discoveries, group_difference, label_rates, rates_by_slice
from karat.quality.votes import Votes


def test_adjusted_p_values_are_those_of_statsmodels():
    # statsmodels 0.15, multipletests(method="fdr_bh")
    given = [0.001, 0.008, 0.039, 0.041, 0.042, 0.06, 0.074, 0.205]

    assert false_discoveries(given).tolist() == pytest.approx(
        [0.008, 0.032, 0.0672, 0.0672, 0.0672, 0.08, 0.0845714285714, 0.205]
    )
    assert np.isnan(false_discoveries([0.1, float("nan")])[1])


def test_a_slice_that_differs_is_first():
    chance = np.random.default_rng(1)
    slices = np.repeat(["north", "south", "east", "west"], 300)
    wrong = chance.random(1200) < np.where(slices == "east", 0.25, 0.1)
    found = rates_by_slice(wrong, slices)

    assert found[0].slice == "east"
    assert found[0].adjusted < 1e-6
    assert found[0].rate.low <= 0.25 <= found[0].rate.high


def test_slices_that_do_not_differ_are_reported_as_rarely_as_stated():
    chance = np.random.default_rng(2)
    slices = np.repeat(np.arange(10), 100)
    worlds = [min(r.adjusted for r in rates_by_slice(chance.random(1000) < 0.3, slices)) for _ in range(300)]

    assert np.mean(np.array(worlds) < 0.05) < 0.09


def test_one_slice_alone_has_nothing_to_differ_from():
    [found] = rates_by_slice([1, 0, 1], ["a", "a", "a"])

    assert np.isnan(found.p)
    assert found.rate.value == pytest.approx(2 / 3)


def test_labels_are_counted_by_item():
    table = {"i": [1, 1, 1, 2, 2, 3, 3], "a": list("abcabab"), "l": list("xxyyyxy")}
    votes = Votes.from_table(table, item="i", annotator="a", label="l")
    found = {r.slice: r.rate for r in label_rates(votes, {1: "day", 2: "night", 3: "night"}, "x")}

    assert (found["day"].value, found["night"].value) == (1.0, 0.0)
    assert found["night"].n == 1  # item 3 is a tie
    with pytest.raises(ValueError, match="'z' is no label"):
        label_rates(votes, ["day"] * 3, "z")


def test_groups_are_compared_within_strata():
    # statsmodels 0.15, StratifiedTable of these two tables: oddsratio_pooled, its interval, test_null_odds(correction=False)
    tables = [[[30, 10], [20, 20]], [[15, 25], [5, 35]]]
    hits, first, strata = [], [], []
    for name, ((a, b), (c, d)) in zip("xy", tables, strict=True):
        hits += [1] * a + [0] * b + [1] * c + [0] * d
        first += [1] * (a + b) + [0] * (c + d)
        strata += [name] * (a + b + c + d)

    found = group_difference(hits, first, strata)
    assert found.odds_ratio.value == pytest.approx(3.4615384615384617)
    assert (found.odds_ratio.low, found.odds_ratio.high) == pytest.approx((1.6768519468697731, 7.145680656588473))
    assert found.p == pytest.approx(0.0006237581985542029)


def test_who_gets_the_hard_items_is_not_worse():
    chance = np.random.default_rng(3)
    hard = chance.random(4000) < 0.5
    first = chance.random(4000) < np.where(hard, 0.8, 0.2)
    right = chance.random(4000) < np.where(hard, 0.6, 0.95)

    assert right[first].mean() < right[~first].mean() - 0.1
    assert group_difference(right, first, hard).p > 0.01
    assert (
        group_difference(right, first, hard).odds_ratio.low < 1 < group_difference(right, first, hard).odds_ratio.high
    )


def test_groups_that_never_meet_cannot_be_compared():
    found = group_difference([1, 0], [1, 0], ["a", "b"])

    assert found.odds_ratio.value is None
    assert found.strata == 0


def test_coverage_against_a_population():
    found = coverage(["a"] * 60 + ["b"] * 40, {"a": 50, "b": 30, "c": 20})

    assert found.distance == pytest.approx(0.2)
    assert found.empty == ["c"]
    assert found.imbalance == 1.5
    assert found.stability > 0.25
    assert coverage(["a", "b"] * 50).distance == 0


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: coverage(["a"], {"b": 1}), "lacks the cell 'a'"),
        (lambda: coverage(["a"], {"a": 0}), "a share above 0"),
        (lambda: rates_by_slice([1, 2], ["a", "b"]), "0 or 1 is needed"),
        (lambda: rates_by_slice([1], ["a", "b"]), "there are 2 slices"),
        (lambda: group_difference([1], [1, 0], ["a"]), "one entry for each vote"),
        (lambda: false_discoveries([2.0]), "between 0 and 1"),
    ],
)
def test_what_cannot_be_asked_is_told(call, says):
    with pytest.raises(ValueError, match=says):
        call()

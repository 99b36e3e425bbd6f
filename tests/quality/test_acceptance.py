"""Bounds, sample sizes and plans are those of textbooks and standards."""

import numpy as np
import pytest
from scipy.stats import binom

from karat.quality.acceptance import (
    Stratum,
    allocate,
    defect_bound,
    defect_rate,
    draw_strata,
    sample_size,
    scores,
    stratified_rate,
)
from karat.quality.acceptance.plans import Plan, iso_plan, plan
from karat.quality.estimate import beta_interval, exact_interval


# statsmodels 0.15 proportion_confint(count, nobs, method="beta") and "jeffreys"
@pytest.mark.parametrize(
    ("x", "n", "low", "high"),
    [(0, 30, 0.0, 0.1157033082), (3, 50, 0.0125485878, 0.1654819466), (18, 20, 0.6830172860, 0.9876514728)],
)
def test_exact_intervals_are_those_of_statsmodels(x, n, low, high):
    found = exact_interval(x, n)

    assert (float(found[0]), float(found[1])) == pytest.approx((low, high), abs=1e-9)


def test_exact_intervals_hold_every_rate_at_least_as_often_as_they_say():
    n = 40
    low, high = exact_interval(np.arange(n + 1), n)
    rates = np.linspace(0.005, 0.995, 199)
    chances = binom.pmf(np.arange(n + 1), n, rates[:, None])

    assert (chances * ((low <= rates[:, None]) & (rates[:, None] <= high))).sum(axis=1).min() >= 0.95


def test_beta_intervals_hold_the_rate_as_often_as_they_say_on_average():
    n = 40
    low, high = beta_interval(np.arange(n + 1), n)
    rates = np.linspace(0.005, 0.995, 199)
    chances = binom.pmf(np.arange(n + 1), n, rates[:, None])

    assert (chances * ((low <= rates[:, None]) & (rates[:, None] <= high))).sum(axis=1).mean() == pytest.approx(
        0.95, abs=0.01
    )


def test_the_rule_of_three_comes_out():
    assert defect_bound(0, 300) == pytest.approx(3 / 300, rel=0.01)
    assert str(defect_rate(0, 0)) == "undefined, 0 reviewed (nothing was looked at)"


def test_a_lot_that_was_seen_whole_has_no_doubt():
    assert defect_bound(3, 50, lot=50) == 3 / 50
    assert defect_bound(0, 40, lot=50) < defect_bound(0, 40)
    assert defect_bound(5, 100, lot=10**6) == pytest.approx(defect_bound(5, 100), abs=1e-4)


@pytest.mark.parametrize(
    ("bound", "confidence", "defects", "n"),
    [(0.05, 0.95, 0, 59), (0.01, 0.95, 0, 299), (0.10, 0.90, 0, 22), (0.05, 0.95, 1, 93), (0.05, 0.95, 2, 124)],
)
def test_sample_sizes_are_those_of_the_tables(bound, confidence, defects, n):
    assert sample_size(bound, confidence=confidence, defects=defects) == n
    assert defect_bound(defects, n - 1, confidence=confidence) > bound


# ISO 2859-1:1999, tables 1 and 2-A; an arrow leads to another letter.
@pytest.mark.parametrize(
    ("lot", "aql", "level", "letter", "n", "accept"),
    [
        (1000, 1.0, "II", "J", 80, 2),
        (5000, 1.0, "II", "L", 200, 5),
        (2000, 2.5, "II", "K", 125, 7),
        (120, 1.0, "II", "E", 13, 0),  # F points up to E
        (200, 1.0, "II", "H", 50, 1),  # G points down to H
        (40, 1.0, "II", "E", 13, 0),  # D points down to E
        (600_000, 10.0, "II", "K", 125, 21),  # Q points up to where 21 are accepted
        (600_000, 0.01, "III", "Q", 1250, 0),  # R points up to Q
        (1000, 0.65, "I", "F", 20, 0),  # G points up to F
        (8, 10.0, "II", "C", 5, 1),  # A points down to C
        (10, 0.1, "II", "K", 10, 0),  # the sample is larger than the lot
    ],
)
def test_plans_are_those_of_the_standard(lot, aql, level, letter, n, accept):
    found = iso_plan(lot, aql, level=level)

    assert (found.letter, found.n, found.accept) == (letter, n, accept)


# Guenther (1969) and the usual tables of two-point plans.
@pytest.mark.parametrize(("good", "bad", "n", "accept"), [(0.01, 0.05, 132, 3), (0.02, 0.08, 98, 4)])
def test_the_smallest_plan_for_two_risks(good, bad, n, accept):
    found = plan(good=good, bad=bad)

    assert (found.n, found.accept) == (n, accept)
    assert found.chance_to_pass(good) >= 0.95
    assert found.chance_to_pass(bad) <= 0.10
    assert Plan(n - 1, accept).chance_to_pass(bad) > 0.10


def test_a_plan_for_a_lot_needs_less_than_one_for_an_endless_stream():
    assert plan(good=0.01, bad=0.05, lot=300).n < plan(good=0.01, bad=0.05).n


def test_f1_and_its_parts_from_counts():
    found = scores(hits=80, false_alarms=20, misses=10)

    assert (found.precision.value, found.recall.value) == (0.8, pytest.approx(80 / 90))
    assert found.f1.value == pytest.approx(2 * 80 / (2 * 80 + 20 + 10))
    assert scores(hits=0, false_alarms=0, misses=0).f1.value is None


def test_intervals_of_f1_hold_the_true_one():
    chance = np.random.default_rng(1)
    truth = 2 * 0.5 / (2 * 0.5 + 0.2 + 0.1)
    drawn = chance.multinomial(200, [0.5, 0.2, 0.1, 0.2], 2000)
    found = [scores(hits=int(h), false_alarms=int(f), misses=int(m)).f1 for h, f, m, _ in drawn]

    assert np.mean([e.low <= truth <= e.high for e in found]) >= 0.94


def test_strata_weigh_as_much_as_they_are_large():
    found = stratified_rate({"day": Stratum(900, 50, 0), "night": Stratum(100, 50, 10)})

    assert found.value == pytest.approx(0.1 * 0.2)
    assert found.low < 0.02 < found.high
    assert stratified_rate({"day": Stratum(900, 1, 0)}).warning == "stratum 'day' needs two looked at"


def test_intervals_of_strata_hold_the_true_rate():
    chance = np.random.default_rng(2)
    hits = 0
    for _ in range(400):
        day, night = chance.binomial(120, 0.03), chance.binomial(80, 0.15)
        found = stratified_rate({"day": Stratum(80_000, 120, int(day)), "night": Stratum(20_000, 80, int(night))})
        hits += found.low <= 0.8 * 0.03 + 0.2 * 0.15 <= found.high

    assert hits / 400 >= 0.94


def test_looks_are_dealt_out_by_size_by_equal_parts_or_by_spread():
    sizes = {"a": 700, "b": 200, "c": 100}

    assert allocate(sizes, 100) == {"a": 70, "b": 20, "c": 10}
    assert sorted(allocate(sizes, 100, allocation="equal").values()) == [33, 33, 34]
    spread = allocate(sizes, 100, allocation="neyman", rates={"a": 0.01, "b": 0.2, "c": 0.5})
    assert spread["b"] > spread["c"] > 20
    assert allocate(sizes, 5000) == sizes


def test_drawing_repeats_with_its_seed_and_takes_what_was_asked():
    strata = np.array(["a"] * 70 + ["b"] * 30)
    found = draw_strata(strata, {"a": 7, "b": 3}, seed=1)

    assert found.tolist() == draw_strata(strata, {"a": 7, "b": 3}, seed=1).tolist()
    assert (strata[found] == "a").sum() == 7
    assert len(set(found.tolist())) == 10


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: defect_rate(5, 3), "successes must lie between 0 and the trials"),
        (lambda: defect_bound(5, 3), "defects=5 of n=3"),
        (lambda: defect_bound(0, 10, lot=5), "lot=5 is smaller"),
        (lambda: sample_size(5), "0.01 asks for at most 1 %"),
        (lambda: sample_size(0.1, defects=-1), "defects=-1"),
        (lambda: iso_plan(1, 1.0), "lot=1"),
        (lambda: iso_plan(100, 3.0), "aql=3.0"),
        (lambda: iso_plan(100, 1.0, level="IV"), "level='IV'"),
        (lambda: plan(good=0.1, bad=0.05), "good below bad"),
        (lambda: plan(good=0.01, bad=0.05, lot=10), "same number of defects"),
        (lambda: Plan(5, 0).chance_to_pass(2.0), "rates lie between 0 and 1"),
        (lambda: scores(hits=-1, false_alarms=0, misses=0), "hits=-1"),
        (lambda: stratified_rate({}), "strata= is empty"),
        (lambda: stratified_rate({"a": Stratum(5, 6, 0)}), "stratum 'a' has 5, but 6 were looked at"),
        (lambda: allocate({"a": 10, "b": 10}, 3), "total=3 is too few"),
        (lambda: allocate({"a": 10}, 3, allocation="neyman"), "rates= lacks stratum 'a'"),
        (lambda: draw_strata(["a"], {"a": 2}, seed=1), "asks for 2 of stratum 'a', which has 1"),
    ],
)
def test_what_cannot_be_asked_is_told_with_the_value(call, says):
    with pytest.raises(ValueError, match=says):
        call()

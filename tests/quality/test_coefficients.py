"""Coefficients of agreement have the values that the literature and the reference implementations give."""

import krippendorff
import numpy as np
import pytest
from scipy.stats import friedmanchisquare

from karat.quality.agreement import (
    fleiss_kappa,
    gwet_ac1,
    gwet_ac2,
    krippendorff_alpha,
    percent_agreement,
)
from karat.quality.agreement.alpha import alpha_of_units
from karat.quality.agreement.kappa import cohen_kappa, concordance_p_value, kendall_w
from karat.quality.agreement.parts import agreement_by_label, agreement_by_pair, agreement_by_slice
from karat.quality.tallies import Bootstrap
from karat.quality.votes import Votes

# Gwet, Handbook of Inter-Rater Reliability (2014), table 2.10, which is Krippendorff's (2011) example C: four raters,
# twelve units, 0 where nobody answered. FIVE was drawn once at random.
FOUR = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, 0, 0, 0],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, 0, 0],
    [0, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, 3],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, 0],
]
FIVE = [
    [5, 0, 4, 5, 3, 0, 0, 3, 0, 0, 2, 5, 5, 0, 1, 0, 1, 0, 2, 0, 5, 1, 2, 3, 0, 4, 5, 3, 0, 1, 0, 0, 0, 5, 0, 0, 2, 4, 0, 5],
    [5, 3, 2, 5, 3, 4, 5, 2, 1, 0, 0, 0, 5, 1, 0, 5, 0, 5, 1, 3, 0, 1, 2, 0, 0, 1, 5, 3, 3, 3, 3, 3, 3, 5, 5, 0, 4, 0, 2, 5],
    [3, 2, 0, 5, 0, 4, 5, 1, 1, 2, 3, 3, 5, 3, 3, 4, 3, 4, 1, 0, 5, 3, 0, 2, 0, 2, 5, 3, 3, 3, 2, 0, 3, 5, 5, 0, 2, 4, 2, 0],
    [5, 0, 0, 4, 0, 2, 5, 2, 1, 3, 2, 3, 4, 1, 4, 5, 1, 4, 1, 3, 5, 1, 4, 2, 2, 2, 5, 4, 3, 4, 0, 5, 4, 5, 5, 4, 2, 5, 3, 0],
    [4, 5, 2, 5, 5, 4, 5, 2, 1, 2, 2, 5, 5, 1, 3, 0, 1, 4, 1, 0, 5, 2, 1, 2, 4, 2, 3, 4, 0, 3, 3, 3, 0, 5, 4, 4, 0, 2, 0, 5],
]  # fmt: skip
QUICK = Bootstrap(samples=200)


def votes_of(raters, *, name=lambda label: label):
    rows = [(i, f"rater {a}", name(x)) for a, row in enumerate(raters) for i, x in enumerate(row) if x]
    return table(*zip(*rows, strict=True))


def table(items, people, labels, **extra):
    columns = {"item": list(items), "who": list(people), "label": list(labels)}
    return Votes.from_table(columns | extra, item="item", annotator="who", label="label", **{k: k for k in extra})


def crowd(seed, *, items=300, people=8, votes=3, right=0.75, labels=3):
    chance = np.random.default_rng(seed)
    item = np.repeat(np.arange(items), votes)
    person = np.concatenate([chance.choice(people, votes, replace=False) for _ in range(items)])
    truth = chance.integers(0, labels, items)[item]
    return table(item, person, np.where(chance.random(len(item)) < right, truth, chance.integers(0, labels, len(item))))


# From irrCAC 0.4.4, digits=10: (Fleiss, AC1 or AC2, observed agreement).
@pytest.mark.parametrize(
    ("raters", "fleiss", "ac1", "percent"),
    [(FOUR, 0.7611692754, 0.7754440681, 0.8181818182), (FIVE, 0.3593259178, 0.371062859, 0.495)],
)
def test_coefficients_of_labels_without_order_are_those_of_irrcac(raters, fleiss, ac1, percent):
    votes = votes_of(raters)

    assert fleiss_kappa(votes, bootstrap=QUICK).value == pytest.approx(fleiss, abs=1e-9)
    assert gwet_ac1(votes, bootstrap=QUICK).value == pytest.approx(ac1, abs=1e-9)
    assert percent_agreement(votes, bootstrap=QUICK).value == pytest.approx(percent, abs=1e-9)


@pytest.mark.parametrize(
    ("raters", "weights", "ac2"),
    [
        (FOUR, "identity", 0.7754440681),
        (FOUR, "linear", 0.8587391364),
        (FOUR, "quadratic", 0.9140007236),
        (FOUR, "ordinal", 0.8989397699),
        (FIVE, "linear", 0.5265913366),
        (FIVE, "quadratic", 0.6733720668),
        (FIVE, "ordinal", 0.6320715725),
    ],
)
def test_ac2_is_that_of_irrcac(raters, weights, ac2):
    assert gwet_ac2(votes_of(raters), weights=weights, bootstrap=QUICK).value == pytest.approx(ac2, abs=1e-9)


# From krippendorff 0.9.0.
@pytest.mark.parametrize(
    ("metric", "alpha"),
    [
        ("nominal", 0.36052293872313135),
        ("ordinal", 0.666816995695028),
        ("interval", 0.6646231518211324),
        ("ratio", 0.5998680504227578),
    ],
)
def test_alpha_is_that_of_the_reference_implementation(metric, alpha):
    assert krippendorff_alpha(votes_of(FIVE), metric=metric, bootstrap=QUICK).value == pytest.approx(alpha, abs=1e-12)


def test_alpha_with_a_distance_is_that_of_the_metric_it_says():
    squared = krippendorff_alpha(votes_of(FIVE), distance=lambda a, b: (a - b) ** 2, bootstrap=QUICK)

    assert squared.value == pytest.approx(0.6646231518211324)
    assert squared.low == pytest.approx(krippendorff_alpha(votes_of(FIVE), metric="interval", bootstrap=QUICK).low)


@pytest.mark.parametrize("metric", ["nominal", "ordinal", "interval"])
def test_alpha_of_votes_is_alpha_of_units(metric):
    votes = crowd(1)
    units = [votes.labels[votes.label_codes[votes.item_codes == i]].tolist() for i in range(len(votes.items))]

    assert krippendorff_alpha(votes, metric=metric, bootstrap=QUICK).value == pytest.approx(
        alpha_of_units(units, scale=metric)
    )


@pytest.mark.parametrize("metric", ["ordinal", "interval", "ratio"])
def test_many_different_numbers_have_the_alpha_of_the_reference_implementation(metric):
    chance = np.random.default_rng(3)
    numbers = np.rint(chance.uniform(0, 1000, 150) * chance.uniform(0.7, 1.3, (3, 150)))
    votes = table(np.tile(np.arange(150), 3), np.repeat([0, 1, 2], 150), numbers.ravel())

    assert len(votes.labels) > 300
    assert krippendorff_alpha(votes, metric=metric, bootstrap=QUICK).value == pytest.approx(
        krippendorff.alpha(numbers, level_of_measurement=metric), abs=1e-9
    )


def test_too_many_labels_for_all_pairs_are_estimated_from_partners():
    chance = np.random.default_rng(4)
    numbers = chance.uniform(0, 1, 700) + chance.normal(0, 0.05, (2, 700))
    votes = table(np.tile(np.arange(700), 2), np.repeat([0, 1], 700), numbers.ravel())

    assert krippendorff_alpha(votes, distance=lambda a, b: (a - b) ** 2, bootstrap=QUICK).value == pytest.approx(
        krippendorff_alpha(votes, metric="interval", bootstrap=QUICK).value, abs=0.002
    )


def test_words_take_their_order_from_order():
    words = {1: "no", 2: "little", 3: "some", 4: "much", 5: "all"}
    named = votes_of(FIVE, name=words.get)
    order = ["no", "little", "some", "much", "all"]

    assert krippendorff_alpha(named, metric="ordinal", order=order, bootstrap=QUICK).value == pytest.approx(
        0.666816995695
    )
    assert gwet_ac2(named, order=order, bootstrap=QUICK).value == pytest.approx(0.6733720668)
    with pytest.raises(ValueError, match=r"order= does not name the label 'all'"):
        gwet_ac2(named, order=order[:-1])
    with pytest.raises(ValueError, match=r"label 'all' is no number: list all labels"):
        krippendorff_alpha(named, metric="interval")


# From scikit-learn 1.9.1, the first two raters of FIVE on the 16 items both answered.
@pytest.mark.parametrize(
    ("weights", "kappa"),
    [(None, 0.5051546391752577), ("linear", 0.5925925925925926), ("quadratic", 0.6870748299319728)],
)
def test_kappa_is_that_of_scikit_learn(weights, kappa):
    found = cohen_kappa(votes_of(FIVE), ("rater 0", "rater 1"), weights=weights)

    assert found.value == pytest.approx(kappa, abs=1e-12)
    assert found.n == 16
    assert found.low < kappa < found.high


def test_the_table_of_pairs_has_the_kappa_of_each():
    votes = votes_of(FIVE)
    pairs = agreement_by_pair(votes)

    assert len(pairs.n) == 10
    names = [(votes.annotators[a], votes.annotators[b]) for a, b in zip(pairs.first, pairs.second, strict=True)]
    assert pairs.kappa == pytest.approx([cohen_kappa(votes, two, bootstrap=QUICK).value for two in names])
    assert pairs.n.tolist() == sorted(pairs.n.tolist(), reverse=True)
    assert pairs.estimate(9).warning == "only 16 items; below 30 the interval is too narrow"


def test_w_is_friedmans_statistic_over_its_largest_value():
    ratings = [[4, 2, 5, 1, 3, 3, 5, 2], [5, 1, 4, 2, 3, 2, 5, 1], [3, 3, 5, 1, 4, 2, 4, 2]]
    votes = table(list(range(8)) * 3, np.repeat(["a", "b", "c"], 8).tolist(), [r for row in ratings for r in row])

    expected = friedmanchisquare(*np.array(ratings).T)
    w = kendall_w(votes).value
    assert w == pytest.approx(expected.statistic / 21)
    assert concordance_p_value(w, annotators=3, items=8) == pytest.approx(expected.pvalue)


def test_w_asks_for_two_who_ranked_everything():
    with pytest.raises(ValueError, match=r"1 of 2 annotators voted on all 2 items"):
        kendall_w(table([1, 2, 1], ["a", "a", "b"], [1, 2, 1]))


def test_equal_orders_have_a_w_of_one_and_opposite_ones_of_zero():
    assert kendall_w(table([1, 2, 3] * 2, list("aaabbb"), [1, 2, 3, 10, 20, 30])).value == pytest.approx(1)
    assert kendall_w(table([1, 2, 3] * 2, list("aaabbb"), [1, 2, 3, 30, 20, 10])).value == pytest.approx(0)


def test_each_label_has_its_alpha_against_the_rest():
    votes = crowd(2)
    label = int(votes.labels[1])
    binary = table(votes.item_codes, votes.annotator_codes, votes.labels[votes.label_codes] == label)

    assert agreement_by_label(votes, bootstrap=QUICK)[label].value == pytest.approx(
        krippendorff_alpha(binary, bootstrap=QUICK).value
    )
    assert list(agreement_by_label(votes, most=1, bootstrap=QUICK)) == [
        votes.labels[np.bincount(votes.label_codes).argmax()]
    ]


def test_slices_are_measured_apart():
    good, bad = crowd(3, right=0.95), crowd(4, right=0.3)
    both = table(
        np.concatenate([good.item_codes, bad.item_codes + 300]),
        np.concatenate([good.annotator_codes, bad.annotator_codes]),
        np.concatenate([good.labels[good.label_codes], bad.labels[bad.label_codes]]),
    )

    found = agreement_by_slice(both, ["day"] * 300 + ["night"] * 300)
    assert found["day"].value == pytest.approx(krippendorff_alpha(good).value)
    assert found["night"].value == pytest.approx(krippendorff_alpha(bad).value)
    assert list(agreement_by_slice(both, {0: "day", 1: "day"})) == ["day"]
    with pytest.raises(ValueError, match=r"slices= has 2 entries for 600 items"):
        agreement_by_slice(both, ["day", "night"])


def test_the_interval_over_items_is_as_wide_as_the_spread_over_worlds():
    worlds = [krippendorff_alpha(crowd(seed), bootstrap=QUICK).value for seed in range(120)]
    widths = [e.high - e.low for e in (krippendorff_alpha(crowd(seed)) for seed in range(5))]

    assert np.mean(widths) == pytest.approx(2 * 1.96 * np.std(worlds), rel=0.2)


def test_more_items_than_patterns_that_fit_are_drawn_in_blocks():
    chance = np.random.default_rng(5)
    numbers = chance.normal(0, 1, 6000) + chance.normal(0, 0.5, (2, 6000))
    votes = table(np.tile(np.arange(6000), 2), np.repeat([0, 1], 6000), numbers.ravel().round(6))
    found = krippendorff_alpha(votes, metric="interval")

    # The intraclass correlation 1 / 1.25, whose standard error with two votes is (1 - r²) / √n.
    assert found.value == pytest.approx(0.8, abs=0.02)
    assert found.high - found.low == pytest.approx(2 * 1.96 * (1 - 0.8**2) / np.sqrt(6000), rel=0.1)


def test_drawing_annotators_too_widens_the_interval_where_people_differ():
    chance = np.random.default_rng(6)
    item, person = np.repeat(np.arange(2000), 3), chance.integers(0, 12, 6000)
    skill = np.array([0.4, 0.95] * 6)[person]
    votes = table(item, person, np.where(chance.random(6000) < skill, item % 3, chance.integers(0, 3, 6000)))

    items = fleiss_kappa(votes)
    both = fleiss_kappa(votes, bootstrap=Bootstrap(over="items and annotators", samples=300))
    assert both.value == items.value
    assert both.high - both.low > 3 * (items.high - items.low)
    assert "items and annotators" in both.method


def test_the_last_vote_of_an_annotator_on_an_item_counts():
    again = table([1, 1, 1, 2, 2], ["a", "a", "b", "a", "b"], ["x", "y", "y", "x", "x"])
    by_time = table([1, 1, 1, 2, 2], ["a", "a", "b", "a", "b"], ["y", "x", "y", "x", "x"], time=[2, 1, 1, 1, 1])

    assert krippendorff_alpha(again).value == 1.0
    assert krippendorff_alpha(by_time).value == 1.0


@pytest.mark.parametrize("coefficient", [percent_agreement, fleiss_kappa, gwet_ac1, gwet_ac2, krippendorff_alpha])
def test_too_little_is_said_and_never_a_number(coefficient):
    empty = Votes.from_table({"i": [], "a": [], "l": []}, item="i", annotator="a", label="l")
    lonely = table([1, 2, 3], ["a", "b", "a"], [1, 2, 1])

    assert coefficient(empty).value is None
    assert coefficient(lonely).value is None
    assert coefficient(lonely).warning == "no item has votes of two annotators, which agreement needs"
    assert "only 2 items" in coefficient(table([1, 1, 2, 2], list("abab"), [1, 1, 2, 1])).warning


@pytest.mark.parametrize("coefficient", [fleiss_kappa, gwet_ac1, krippendorff_alpha])
def test_one_label_only_leaves_nothing_to_be_told_apart(coefficient):
    found = coefficient(table([1, 1, 2, 2], list("abab"), ["x"] * 4))

    assert (found.value, found.low, found.high) == (None, None, None)
    assert found.warning == "every answer is the same, so nothing was there to be told apart"


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda v: cohen_kappa(v), "there are 8 annotators"),
        (lambda v: cohen_kappa(v, (0, 99)), "names 99, who is no annotator"),
        (lambda v: cohen_kappa(v, (1, 1)), "names 1 twice"),
        (
            lambda v: cohen_kappa(v, (0, 1), bootstrap=Bootstrap(over="items and annotators")),
            "only 'items' can be drawn",
        ),
        (lambda v: krippendorff_alpha(v, metric="cosine"), "metric='cosine'"),
        (lambda v: krippendorff_alpha(v, distance=lambda a, b: -1.0), "is not a number of at least 0"),
        (lambda v: gwet_ac2(v, weights="cubic"), "weights='cubic'"),
        (lambda v: gwet_ac1(v, labels=2), "labels=2, but 3 occur"),
        (lambda v: Bootstrap(over="votes"), "over='votes'"),
        (lambda v: Bootstrap(samples=3), "samples=3"),
        (lambda v: Bootstrap(level=95), "level=95"),
    ],
)
def test_what_cannot_be_asked_is_told_with_the_value(call, says):
    with pytest.raises(ValueError, match=says):
        call(crowd(7))

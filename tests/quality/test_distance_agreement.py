"""Mean distance, alpha of a distance, sigma and KS have the values of their references, and intervals that hold."""

import numpy as np
import pytest

from karat.quality.agreement.comparisons import Comparisons
from karat.quality.agreement.distances import Distances, distance_alpha, distances_of, ks, sigma
from karat.quality.tallies import Bootstrap

QUICK = Bootstrap(samples=200)


def numbers(seed, *, items=60, people="abc", noise=1.5):
    chance = np.random.default_rng(seed)
    truth = np.repeat(chance.normal(0, 10, items), len(people))
    item, who = np.repeat(np.arange(items), len(people)), np.tile(list(people), items)
    return item, who, (truth + chance.normal(0, noise, len(truth))).tolist()


def apart(a, b):
    return abs(a - b)


def of(observed, expected):
    """Distances given by hand, each of an item of its own."""
    n = np.arange(len(observed))
    codes = np.zeros(len(n), np.int64)
    names = np.array([0, 1], object)
    near = np.array(observed, float)
    table = Comparisons(np.arange(len(n)), names, n, codes, codes + 1, near, np.ones(len(n)))
    return Distances(table, np.array(expected, float), np.zeros(len(expected), np.int64))


def test_alpha_sigma_and_ks_are_those_of_the_authors_code():
    # From scipy 1.17 as in github.com/Praznat/annotationmodeling: gaussian_kde of the expected distances integrated from
    # 0 to each observed one, at least 0.05 is no agreement; ks_2samp with alternative "greater"; 1 - the ratio of means.
    distances = distances_of(*numbers(3), apart, drawn=100_000)

    assert len(distances.expected) == 15_930
    assert distance_alpha(distances, bootstrap=QUICK).value == pytest.approx(0.8565888303474254, abs=1e-12)
    assert sigma(distances, bootstrap=QUICK).value == pytest.approx(0.46111111111111114, abs=1e-12)
    assert ks(distances, bootstrap=QUICK).value == pytest.approx(0.7238229755178908, abs=1e-12)


def test_the_mean_distance_is_that_of_all_pairs_within_items():
    distances = distances_of([1, 1, 1, 2, 2, 3], list("abcabc"), [0, 1, 3, 5, 5, 9], apart)

    assert distances.observed.estimate().value == pytest.approx((1 + 3 + 2 + 0) / 4)
    assert distances.observed.by_item() == {1: 2.0, 2: 0.0}
    pairs = {two: found.value for two, found in distances.observed.by_pair().items()}
    assert pairs == {("a", "b"): 0.5, ("a", "c"): 3.0, ("b", "c"): 2.0}
    assert distances.observed.by_annotator()["c"].value == 2.5
    assert distances.observed.by_slice({1: "hard", 2: "easy"})["easy"].value == 0.0


def test_ks_of_apart_and_of_equal_distances_are_the_ends():
    assert ks(of([0.1, 0.2], [0.8, 0.9])).value == 1.0
    assert ks(of([0.8, 0.9], [0.1, 0.2])).value == 0.0


@pytest.mark.parametrize("statistic", [distance_alpha, sigma, ks])
def test_the_interval_over_items_is_as_wide_as_the_spread_over_worlds(statistic):
    found = statistic(distances_of(*numbers(0, items=150), apart), bootstrap=QUICK)
    worlds = [distances_of(*numbers(seed, items=150), apart, seed=seed) for seed in range(1, 25)]
    spread = np.std([statistic(world, bootstrap=Bootstrap(samples=40)).value for world in worlds])

    assert found.low < found.value < found.high
    assert (found.high - found.low) / 3.92 == pytest.approx(spread, rel=0.5)


def test_drawing_annotators_too_widens_the_interval_of_the_mean_where_they_differ():
    chance = np.random.default_rng(4)
    wild = {who: 0.2 + 3 * (i % 2) for i, who in enumerate("abcdefghijkl")}
    item = np.repeat(np.arange(200), 3)
    who = np.concatenate([chance.choice(list(wild), 3, replace=False) for _ in range(200)])
    answers = [chance.normal(0, wild[w]) for w in who]
    observed = distances_of(item, who, answers, apart).observed

    items = observed.estimate()
    both = observed.estimate(bootstrap=Bootstrap(over="items and annotators"))
    assert both.high - both.low > 1.5 * (items.high - items.low)
    assert both.method == "percentile bootstrap over items and annotators, 1,000 samples"


def test_where_nothing_differs_the_upper_end_is_what_the_items_can_vouch_for():
    same = distances_of(np.repeat(np.arange(40), 2), list("ab") * 40, np.repeat(np.arange(40), 2).tolist(), apart)

    found = same.observed.estimate()
    assert (found.value, found.low) == (0.0, 0.0)
    assert found.high == pytest.approx(1 - 0.025 ** (1 / 40))
    assert found.warning is None


def test_too_little_is_said_and_never_a_number():
    one = distances_of([1, 1], ["a", "b"], [3, 4], apart)

    assert sigma(one).value is None
    assert "two items with answers of two annotators" in sigma(one).warning
    few = one.observed.estimate()
    assert (few.value, few.low, few.warning) == (
        1.0,
        None,
        "only 1 items have two annotators; below 30 the interval is too narrow",
    )
    nobody = distances_of([1, 2], ["a", "b"], [3, 4], apart)
    assert nobody.observed.estimate().warning == "no item has answers of two annotators"


def test_what_cannot_be_measured_is_told_with_its_rows():
    with pytest.raises(ValueError, match="distance of the answers in rows 0 and 1 is nan"):
        distances_of([1, 1], ["a", "b"], [3, 4], lambda a, b: float("nan"))
    with pytest.raises(ValueError, match="there are 1 answers and 2 items"):
        distances_of([1, 1], ["a", "b"], [3], apart)
    with pytest.raises(ValueError, match="level=2"):
        sigma(distances_of(*numbers(1), apart), level=2)

"""Distances of orders are Kendall's, medians are Kemeny's: against sums over every order there is."""

from itertools import permutations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from karat.kinds.kemeny import median_order, pairs_apart
from karat.kinds.ranking import RANKING, Ranking, distance, merge
from karat.model.schema import read_schema

KEYS = "abcd"
SCHEMA, _ = read_schema(
    {
        "karat_schema": 1,
        "streams": {"s": {"kind": "candidates"}},
        "fields": {"r": {"kind": "ranking", "none_good": True}, "strict": {"kind": "ranking", "ties": False}},
    },
    {"ranking": RANKING},
)
FIELD, STRICT = SCHEMA.fields["r"], SCHEMA.fields["strict"]
quick = settings(max_examples=80, deadline=None, derandomize=True)


def order_of(levels):
    """Places by the level of each candidate."""
    return tuple(
        tuple(key for key, level in zip(KEYS, levels, strict=False) if level == at) for at in sorted(set(levels))
    )


ALL = sorted({order_of(levels) for levels in product(range(4), repeat=4)})
orders = st.sampled_from(ALL)


def test_there_are_as_many_orders_with_ties_of_four_as_there_should_be():
    assert len(ALL) == 75  # the fourth Fubini number


def test_without_ties_the_distance_is_kendalls_tau_as_scipy_has_it():
    from scipy.stats import kendalltau

    first = tuple((key,) for key in KEYS)
    for other in permutations(KEYS):
        tau = kendalltau(range(4), [other.index(key) for key in KEYS]).statistic

        assert distance(Ranking(first), Ranking(tuple((key,) for key in other)), FIELD) == pytest.approx((1 - tau) / 2)


@quick
@given(a=orders, b=orders, c=orders)
def test_the_distance_is_a_metric(a, b, c):
    x, y, z = Ranking(a), Ranking(b), Ranking(c, none_good=len(a) == 1)

    assert (distance(x, y, FIELD) == 0) == (a == b)
    assert distance(x, z, FIELD) <= distance(x, y, FIELD) + distance(y, z, FIELD) + 1e-12


@quick
@given(st.lists(st.tuples(orders, st.integers(1, 4)), min_size=2, max_size=5))
def test_the_median_is_the_nearest_of_all_orders(votes):
    said, weights = [order for order, _ in votes], [float(weight) for _, weight in votes]

    def cost(order):
        return sum(w * pairs_apart(order, other)[0] for other, w in zip(said, weights, strict=True))

    found = median_order(said, [w / sum(weights) for w in weights], ties=True)
    strict = median_order(said, [w / sum(weights) for w in weights], ties=False)

    assert cost(found) == pytest.approx(min(map(cost, ALL)))
    best = min(cost(tuple((key,) for key in p)) for p in permutations(KEYS))
    assert cost(strict) == pytest.approx(best) or all(order == said[0] for order in said)


def test_more_candidates_than_can_be_tried_are_merged_by_their_mean_places():
    keys = [f"k{n:02}" for n in range(12)]
    forth = Ranking(tuple((key,) for key in keys))
    swapped = Ranking(tuple((key,) for key in [keys[1], keys[0], *keys[2:]]))

    assert merge([swapped, forth, forth], [1, 1, 1], STRICT) == forth


def test_who_left_out_the_rest_says_that_the_best_are_better():
    assert pairs_apart((("a",),), (("b",), ("a",), ("c",))) == (1.5, 3)

"""A table of sources: what is counted, scores of known size, intervals that know of items, and what cannot be compared."""

from collections import Counter

import numpy as np
import pytest

from karat.kinds.ranking import Ranking
from karat.quality.compared import Ballot
from karat.quality.consensus import BradleyTerry, Pairs
from karat.quality.placing import Places, sum_test
from karat.quality.standings import ELO, Table


def ballot(order, sources, **more):
    """`order`: places of letters; `sources`: by letter."""
    keys = tuple(sources)
    value = Ranking(tuple(tuple(sorted(place)) for place in order), **more)
    return Ballot("i", "Ann", keys, keys, tuple(sources.values()), value, None)


TWO = {"a": "large", "b": "small"}


def test_wins_losses_ties_and_none_good_are_counted_apart():
    table = Table()
    said = [
        ballot("ab", TWO),
        ballot("ab", TWO),
        ballot("ba", TWO),
        ballot(["ab"], TWO),
        ballot("", TWO, none_good=True),
    ]
    for n, one in enumerate(said):
        table.add(f"i{n}", [one])

    large, small = table.standings()

    assert large.source == "large"
    assert large.counts == {"wins": 2, "losses": 1, "ties": 1, "none_good": 1}
    assert small.counts == {"wins": 1, "losses": 2, "ties": 1, "none_good": 1}
    assert large.items == {"wins": ("i0", "i1"), "losses": ("i2",), "ties": ("i3",), "none_good": ("i4",)}
    assert (large.elo.n, large.elo.enough) == (5, False)
    assert large.elo.value + small.elo.value == pytest.approx(2000)


def test_scores_are_those_by_which_winners_were_drawn():
    true = {"a": 1.2, "b": 0.0, "c": -1.2}
    generator = np.random.default_rng(3)
    table = Table()
    for n in range(1500):
        first, second = (str(x) for x in generator.choice(list(true), 2, replace=False))
        wins = generator.random() < 1 / (1 + np.exp(true[second] - true[first]))
        table.add(f"i{n}", [ballot([first, second] if wins else [second, first], {first: first, second: second})])

    rows = {row.source: row.elo for row in table.standings()}

    for name, score in true.items():
        assert rows[name].low < 1000 + ELO * score < rows[name].high
        assert rows[name].high - rows[name].low < 90


def test_the_same_said_by_many_of_one_item_says_no_more_of_others():
    once, often = Table(seed=1), Table(seed=1)
    for n in range(40):
        order = "ab" if n % 4 else "ba"
        once.add(f"i{n}", [ballot(order, TWO)])
        often.add(f"i{n}", [ballot(order, TWO)] * 9)

    width = [(table.standings()[0].elo.high or 0) - (table.standings()[0].elo.low or 0) for table in (once, often)]

    assert width[1] == pytest.approx(width[0], rel=0.35)


def test_scores_are_those_of_the_model_of_pairs():
    table, said = Table(), ["ab", "ab", "ba", "bc", "ca", ["ab"], "bc"]
    for n, order in enumerate(said):
        table.add(f"i{n}", [ballot(order, {key: key for key in "".join(order)})])
    columns = {
        "better": [order[0][0] for order in said],
        "worse": [(*order[0], *order[1:])[1] for order in said],
        "who": [0] * len(said),
        "tie": [len(order) == 1 for order in said],
    }
    pairs = Pairs.from_table(columns, better="better", worse="worse", annotator="who", tie="tie")
    model = BradleyTerry(skilled="nobody", prior=1.0).fit(pairs)

    rows = {row.source: row.elo.value for row in table.standings()}

    wanted = dict(zip(pairs.objects.tolist(), 1000 + ELO * model.scores_, strict=True))
    assert rows == {name: pytest.approx(score, abs=0.1) for name, score in wanted.items()}


def test_what_was_never_held_against_one_another_is_of_two_groups():
    table = Table()
    table.add("i", [ballot("ab", {"a": "a", "b": "b"}), ballot("cd", {"c": "c", "d": "d"})])

    groups = {row.source: row.group for row in table.standings()}

    assert groups["a"] == groups["b"] != groups["c"] == groups["d"]


def test_without_sources_there_is_no_table_and_the_answers_are_counted():
    table = Table()
    table.add(
        "i",
        [ballot("ab", {"a": "", "b": ""}), ballot("ab", {"a": "one", "b": "one"}), ballot("ab", {"a": "one", "b": ""})],
    )

    assert table.standings() == []
    assert table.unknown == 3


def test_the_test_of_places_is_the_binomial_test_and_holds_for_mixed_numbers():
    # scipy.stats.binomtest(9, 10, 0.5).pvalue = 0.021484375.
    assert sum_test(9, Counter({2: 10})) == pytest.approx(0.021484375)
    assert sum_test(5, Counter({2: 10})) == pytest.approx(1.0)
    # One of two and one of three: both won by chance 1/6, neither 1/3, one of the two 1/2.
    assert sum_test(2, Counter({2: 1, 3: 1})) == pytest.approx(1 / 6)
    assert sum_test(0, Counter({2: 1, 3: 1})) == pytest.approx(1 / 2)
    # Beyond what is summed: 30,000 throws, one standard deviation is 86.6.
    assert sum_test(15_000 + 170, Counter({2: 30_000})) == pytest.approx(0.05, abs=0.002)


def test_places_without_an_answer_say_nothing():
    found = Places().bias()

    assert (found.first.n, found.first.value, found.is_biased) == (0, None, False)
    assert np.isnan(found.p)

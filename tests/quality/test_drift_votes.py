"""Who gets worse, slower or other is seen, when, and charts give the false alarms they state."""

import numpy as np
import pytest

from karat.quality.drift.before import mix_before, ranks_before, rates_before
from karat.quality.drift.votes import agreement_of_votes, charts
from karat.quality.votes import Votes


def votes_of(right, *, times=None, person="a"):
    """Votes of one person, right or wrong, on items whose label is x; a vote on another item names y."""
    n = len(right)
    columns = {
        "item": [*range(n), n],
        "who": [person] * n + ["other"],
        "label": [*("x" if r else "y" for r in right), "y"],
    }
    extra = {} if times is None else {"at": [*times, 0]}
    return Votes.from_table(columns | extra, item="item", annotator="who", label="label", time="at" if extra else None)


def known(n):
    return dict.fromkeys(range(n), "x")


def first_alarm(found):
    return int(np.argmax(found.chart.alarms)) if found.chart.alarms.any() else None


# scipy 1.17: ndtri(hypergeom.cdf(8, 60, 45, 20) - pmf / 2) for 45 hits in 60, 9 of the last 20
def test_a_share_is_judged_by_fisher_against_all_before():
    found = rates_before([18, 18, 9], [20, 20, 20])

    assert found[:2] == pytest.approx([0, 0], abs=1e-12)
    assert found[2] == pytest.approx(-3.5845, abs=0.0001)
    assert rates_before([0, 5], [0, 10]).tolist() == [0.0, 0.0]


def test_times_are_judged_by_wilcoxon_against_all_before():
    # scipy 1.17: mannwhitneyu([4, 5, 5], [1, 2, 3, 3, 5], use_continuity=False, method="asymptotic") has p 0.0909
    found = ranks_before([1, 2, 3, 3, 5, 4, 5, 5], [0, 0, 0, 0, 0, 1, 1, 1])

    assert found[0] == 0
    assert found[1] == pytest.approx(1.690879, abs=1e-6)


def test_points_against_what_came_before_are_independent_and_of_unit_spread():
    chance = np.random.default_rng(1)
    batch = np.repeat(np.arange(8), 20)
    ranks = np.array([ranks_before(chance.exponential(size=160), batch) for _ in range(1500)])[:, 1:]
    shares = np.array([rates_before(chance.binomial(20, 0.8, 8), np.full(8, 20)) for _ in range(1500)])[:, 1:]
    mixes = np.array([mix_before(chance.multinomial(60, [0.5, 0.3, 0.2], 8)) for _ in range(1500)])[:, 1:]

    for points in (ranks, shares, mixes):
        assert points.mean(axis=0) == pytest.approx(np.zeros(7), abs=0.1)
        assert points.std(axis=0) == pytest.approx(np.ones(7), abs=0.1)
        assert np.corrcoef(points.T)[np.triu_indices(7, 1)] == pytest.approx(np.zeros(21), abs=0.1)


@pytest.mark.parametrize("chart", ["ewma", "cusum"])
@pytest.mark.parametrize("measure", ["accuracy", "seconds"])
def test_false_alarms_come_as_rarely_as_stated_without_a_baseline(measure, chart):
    chance, first = np.random.default_rng(2), []
    for _ in range(100):
        votes = votes_of(chance.random(1500) < 0.8)
        spent = np.append(chance.lognormal(2, 1, 1500), np.nan)
        own = charts(votes, measure, known=known(1500), seconds=spent, batch=10, chart=chart, run_length=50)["a"]
        first.append(150 if first_alarm(own) is None else first_alarm(own) + 1)

    # Runs are cut off at 150 batches, where 50 becomes 47; 100 runs say it to a tenth.
    assert np.mean(first) >= 47 * 0.85
    assert np.mean(first) <= 47 * (1.6 if measure == "accuracy" else 1.25)  # counts come in steps


@pytest.mark.parametrize("chart", ["ewma", "cusum"])
def test_somebody_who_gets_worse_raises_an_alarm_soon(chart):
    chance = np.random.default_rng(1)
    right = np.concatenate([chance.random(400) < 0.9, chance.random(200) < 0.65])

    found = charts(votes_of(right), "accuracy", known=known(600), chart=chart)["a"]
    assert 20 <= first_alarm(found) <= 24
    assert found.chart.level[first_alarm(found)] < 0
    assert found.value[:20].mean() == pytest.approx(0.9, abs=0.03)
    assert found.n.tolist() == [20] * 30


def test_somebody_who_hurries_raises_an_alarm_soon():
    chance = np.random.default_rng(3)
    spent = np.concatenate([chance.lognormal(2, 0.5, 400), chance.lognormal(1.6, 0.5, 200), [np.nan]])
    spent[7] = 5000  # a pause
    found = charts(votes_of([True] * 600), "seconds", seconds=spent)["a"]

    assert 20 <= first_alarm(found) <= 23
    assert found.chart.level[first_alarm(found)] < 0


def test_somebody_who_leaves_the_others_is_seen_without_any_truth():
    chance = np.random.default_rng(4)
    truth = chance.integers(0, 3, 600)
    said = [np.where(chance.random(600) < 0.85, truth, chance.integers(0, 3, 600)) for _ in range(4)]
    said[0][400:] = chance.integers(0, 3, 200)
    table = {"item": np.tile(np.arange(600), 4), "who": np.repeat(list("abcd"), 600), "label": np.concatenate(said)}
    found = charts(Votes.from_table(table, item="item", annotator="who", label="label"), "agreement")

    assert 20 <= first_alarm(found["a"]) <= 22
    assert found["a"].chart.level[first_alarm(found["a"])] < 0


def test_agreement_of_a_vote_is_that_with_the_others_on_its_item():
    table = {"i": [1, 1, 1, 2], "a": list("abca"), "l": list("xxyx")}
    found = agreement_of_votes(Votes.from_table(table, item="i", annotator="a", label="l"))

    assert found[:3].tolist() == [0.5, 0.5, 0.0]
    assert np.isnan(found[3])


def test_another_mix_of_labels_in_a_batch_of_items_is_seen():
    chance = np.random.default_rng(5)
    items = np.arange(500)
    label = np.where(items // 50 == 8, chance.choice(["x", "y"], 500, p=[0.2, 0.8]), chance.choice(["x", "y"], 500))
    votes = Votes.from_table({"i": items, "a": ["p"] * 500, "l": label}, item="i", annotator="a", label="l")
    found = charts(votes, "labels", by="all", batches=[f"batch {i // 50}" for i in items])["all"]

    assert found.names[first_alarm(found)] == "batch 8"
    assert found.value[8] > 0.2 > found.value[7]


def test_slices_have_their_own_charts_and_few_batches_none():
    votes = votes_of([True] * 400)
    found = charts(votes, "accuracy", by=["en"] * 300 + ["de"] * 70 + [None] * 31, known=known(400))

    assert list(found) == ["en"]
    assert found["en"].names == list(range(15))


def test_the_order_is_that_of_times():
    right = [True] * 200 + [False] * 200
    backward = charts(votes_of(right, times=range(400, 0, -1)), "accuracy", known=known(400))["a"]

    assert backward.value.tolist() == [0] * 10 + [1] * 10


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda v: charts(v, "accuracy", known=known(3), batch=0), "batch=0"),
        (lambda v: charts(v, "accuracy", known=known(3), chart="shewhart"), "chart='shewhart'"),
        (lambda v: charts(v, "accuracy"), "accuracy needs known="),
        (lambda v: charts(v, "seconds"), "seconds= is missing"),
        (lambda v: charts(v, "seconds", seconds=[1.0]), "one is needed for each of the 4 votes"),
        (lambda v: charts(v, "seconds", seconds=[1.0, -1.0, 1.0, 1.0]), "vote 1 took -1.0 seconds"),
        (lambda v: charts(v, "mood"), "measure='mood'"),
        (lambda v: charts(v, "labels", by="month"), "by='month'"),
        (lambda v: charts(v, "labels", by=["a"]), "1 entries for 4 items"),
    ],
)
def test_what_cannot_be_charted_is_told(call, says):
    with pytest.raises(ValueError, match=says):
        call(votes_of([True, True, False]))

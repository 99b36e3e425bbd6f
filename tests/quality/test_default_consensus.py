"""The default model of consensus: what it compares and chooses, how sure it is, whom it takes for somebody new."""

from dataclasses import replace

import numpy as np
import pytest

from karat.quality import Consensus, MajorityVote, Votes
from karat.quality.consensus.hierarchy import Hypothesis, fit, unaided
from karat.quality.consensus.incidence import Incidence
from karat.quality.consensus.rule import SOMEBODY
from tests.quality.worlds import share_right, votes_of, world


@pytest.mark.parametrize("prevalence", [None, [0.9, 0.1]])
def test_spammers_among_experts_do_not_sway_the_default(prevalence):
    votes, truth = world([0.95] * 4 + [0.5] * 8, items=500, prevalence=prevalence)

    fitted = Consensus().fit(votes)

    assert share_right(fitted, truth) > 0.97
    assert fitted.skill_.value[:4].min() > 0.9
    assert fitted.skill_.value[4:].max() < 0.65


def test_the_default_compares_its_hypotheses_and_keeps_the_likeliest():
    votes, _ = world([0.9, 0.8, 0.7, 0.6, 0.8], items=200)

    fitted = Consensus().fit(votes)

    best = max(fitted.bounds_, key=lambda of: fitted.bounds_[of])
    compared = {(one.population, one.sorts) for one in fitted.bounds_}
    assert compared == {("coin", 1), ("habit", 1), ("confusion", 1), ("coin", 2)}
    assert fitted.hypothesis_ == best


def test_with_fewer_than_five_votes_an_item_two_sorts_are_not_told_apart():
    votes, _ = world([0.9, 0.8, 0.7, 0.6], items=200)

    fitted = Consensus().fit(votes)

    assert {one.sorts for one in fitted.bounds_} == {1}


def test_how_strongly_a_population_of_coins_counts_is_chosen_by_likelihood():
    votes, _ = world(np.linspace(0.6, 0.9, 40), items=400, labels=3, each=4)

    fitted = Consensus().fit(votes)

    assert fitted.hypothesis_.weight > 4
    assert {one.weight for one in fitted.bounds_} == {4.0, 16.0, 64.0}


def test_a_label_that_all_are_used_to_say_is_a_habit_of_the_population():
    votes, truth = world([0.85] * 20, items=800, labels=4, each=4)
    said = np.where(np.random.default_rng(3).random(len(votes)) < 0.35, 2, votes.label_codes)
    table = {"item": votes.item_codes, "who": votes.annotator_codes, "label": said}

    fitted = Consensus().fit(Votes.from_table(table, item="item", annotator="who", label="label"))

    assert fitted.hypothesis_.population == "habit"
    assert share_right(fitted, truth) > (MajorityVote().fit(fitted.votes_).labels_ == truth).mean() + 0.03


def test_without_gold_items_may_be_astray_as_in_recorded_crowds():
    votes, _ = world([0.95] * 7, items=200)

    fitted = Consensus().fit(votes)

    assert fitted.astray_ == pytest.approx(0.13)
    assert fitted.posterior_.max() == pytest.approx(1 - 0.13 / 2, abs=1e-3)


def test_gold_that_the_votes_found_says_that_few_items_are_astray():
    votes, truth = world([0.9] * 7, items=400)

    fitted = Consensus().fit(votes, dict(enumerate(truth[:200].tolist())))

    assert fitted.astray_ < 0.04
    assert fitted.posterior_[200:].max(axis=1).mean() > 0.97


def test_gold_that_the_votes_did_not_find_makes_the_model_less_sure():
    votes, truth = world([0.9] * 7, items=400)
    misled = np.where(np.random.default_rng(9).random(400) < 0.33, 1 - truth, truth)

    fitted = Consensus().fit(votes, dict(enumerate(misled[:200].tolist())))

    right = (fitted.labels_[200:] == misled[200:]).mean()
    assert fitted.posterior_[200:].max(axis=1).mean() == pytest.approx(right, abs=0.08)


def test_a_known_label_does_not_speak_for_itself():
    votes, truth = world([0.6, 0.6, 0.6], items=60, labels=4)
    incidence = Incidence.of(votes, votes.gold_codes(dict(enumerate(truth.tolist()))))

    told = unaided(incidence, fit(incidence, Hypothesis("confusion", 1, "open"), rounds=20, tolerance=1e-3))

    assert told.sum(axis=1) == pytest.approx(np.ones(60))
    assert 0.3 < told[np.arange(60), truth].mean() < 0.8


def test_two_sorts_are_found_where_annotators_err_together():
    random = np.random.default_rng(5)
    truth = random.integers(0, 2, 600)
    hard = random.random(600) < 0.3
    chance = np.where(hard, 0.45, 0.97)
    said = np.where(random.random((600, 9)) < chance[:, None], truth[:, None], 1 - truth[:, None])
    table = {"item": np.repeat(np.arange(600), 9), "who": np.tile(np.arange(9), 600), "label": said.ravel()}

    fitted = Consensus().fit(Votes.from_table(table, item="item", annotator="who", label="label"))

    assert fitted.hypothesis_.sorts == 2


def test_the_bound_grows_with_more_rounds_where_the_population_stands():
    votes, _ = world(np.linspace(0.5, 0.95, 10), items=300, labels=3, each=5)
    incidence = Incidence.of(votes, votes.gold_codes(None))

    bounds = [fit(incidence, Hypothesis("coin", 1, "open"), rounds=n, tolerance=0).bound for n in (2, 40)]

    assert bounds[1] > bounds[0]


def test_large_tables_are_compared_on_a_sample_and_fitted_whole():
    votes, truth = world(np.linspace(0.55, 0.95, 15), items=2000, labels=3, each=5)

    fitted = Consensus(sample=300).fit(votes)

    assert len(fitted.posterior_) == 2000
    assert share_right(fitted, truth) > share_right(MajorityVote().fit(votes), truth)


def test_somebody_new_is_taken_for_the_annotators_together():
    votes, _ = world([0.9, 0.9, 0.9], items=200, seed=2)
    fitted = Consensus().fit(votes)

    known, somebody = fitted.rule_.posterior([0], [1]), fitted.rule_.posterior([SOMEBODY], [1])

    assert somebody == pytest.approx(known, abs=0.03)
    assert somebody[1] > 0.75


@pytest.mark.parametrize(
    ("rows", "widest_low"),
    [
        ([(1, "a", "x")], 0.4),
        ([(item, "ab"[item // 50], "xy"[item % 2]) for item in range(100)], 0.3),
        ([(item, who, "x") for item in range(3) for who in "abc"], 0.7),
    ],
)
def test_few_votes_leave_the_skill_open(rows, widest_low):
    skill = Consensus().fit(votes_of(rows, labels=["x", "y"])).skill_

    assert (skill.low < widest_low).all()
    assert (skill.high > 0.95).all()
    assert ((skill.low <= skill.value) & (skill.value <= skill.high)).all()
    assert ((skill.value > 0.6) & (skill.value < 0.96)).all()


@pytest.mark.parametrize(("items", "people", "labels"), [(20, 3, 2), (30, 5, 3)])
def test_nine_of_ten_skills_are_within_their_interval_in_small_tables(items, people, labels):
    held = []
    for seed in range(20):
        skills = np.random.default_rng(100 + seed).beta(6, 2, people)
        votes, _ = world(skills, items=items, labels=labels, each=3, seed=seed)
        found = Consensus().fit(votes).skill_
        held.append(((found.low <= skills) & (skills <= found.high)).mean())

    assert np.mean(held) >= 0.9


def test_an_item_known_to_have_a_label_that_nobody_voted_is_known_and_no_more():
    votes, _ = world([0.9, 0.7, 0.6, 0.8, 0.55], items=60)
    extra = replace(votes, labels=np.array([0, 1, 7]))

    fitted = Consensus().fit(extra, {0: 7})

    assert fitted.posterior_[0].tolist() == [0, 0, 1]
    assert fitted.posterior_[1:, :2] == pytest.approx(Consensus().fit(votes).posterior_[1:], abs=0.04)
    assert fitted.astray_ == pytest.approx(0.13)


@pytest.mark.parametrize(
    ("wrong", "error", "said"),
    [
        ({"weight": 0}, ValueError, r"weight=0: give a finite number above 0"),
        ({"sample": 0}, ValueError, r"sample=0: give a whole number of 1 or more"),
        ({"max_rounds": 2.5}, TypeError, r"max_rounds=2.5: give a whole number of 1 or more"),
        ({"tolerance": -1}, ValueError, r"tolerance=-1: give a finite number of 0 or more"),
        ({"astray": (1.0, float("nan"))}, ValueError, r"astray\[1\]=nan: give a finite number above 0"),
    ],
)
def test_settings_of_the_default_that_make_no_sense_are_refused_by_name(wrong, error, said):
    with pytest.raises(error, match=said):
        Consensus(**wrong).fit(votes_of([(1, "a", 0), (1, "b", 1)]))

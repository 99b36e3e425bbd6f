"""Consensus of votes by any model: exact small cases, parameters that are recovered, degenerate input, ties."""

from dataclasses import replace

import numpy as np
import pytest

from karat.quality import Consensus, DawidSkene, Glad, Mace, MajorityVote, OneCoin, Votes, WeightedVote
from karat.quality.consensus.incidence import Incidence
from karat.quality.consensus.model import Model
from tests.quality.worlds import share_right, votes_of, world

MODELS = [MajorityVote, WeightedVote, DawidSkene, OneCoin, Glad, Mace, Consensus]
ALL = pytest.mark.parametrize("model", MODELS)
LEARNED = pytest.mark.parametrize("model", [DawidSkene, OneCoin, Glad, Mace, Consensus])


def test_a_model_that_does_not_say_how_it_learns_is_refused_where_it_is_made():
    class Idle(Model):
        pass

    with pytest.raises(TypeError, match="Can't instantiate abstract class Idle"):
        Idle()


def test_the_vote_is_the_share_of_each_label():
    vote = MajorityVote().fit(votes_of([(1, "a", "x"), (1, "b", "x"), (1, "c", "y"), (2, "a", "y")]))

    assert vote.posterior_.tolist() == pytest.approx(np.array([[2 / 3, 1 / 3], [0, 1]]))
    assert vote.labels_.tolist() == ["x", "y"]


@ALL
def test_level_labels_are_a_tie_in_any_order_of_the_rows(model):
    rows = [(1, "a", "x"), (1, "b", "y")]

    for given in (rows, rows[::-1]):
        fitted = model().fit(votes_of(given))
        assert fitted.ties_.tolist() == [True]
        assert fitted.posterior_.tolist() == pytest.approx(np.array([[0.5, 0.5]]))


@ALL
def test_votes_of_nobody_have_a_result_of_no_rows(model):
    fitted = model().fit(votes_of([]))

    assert fitted.posterior_.shape == (0, 0)
    assert fitted.labels_.tolist() == fitted.ties_.tolist() == fitted.skill_.value.tolist() == []


@ALL
def test_one_label_only_is_certain(model):
    fitted = model().fit(votes_of([(1, "a", "x"), (1, "b", "x"), (2, "a", "x")]))

    assert fitted.posterior_.tolist() == [[1.0], [1.0]]
    assert fitted.labels_.tolist() == ["x", "x"]
    assert not fitted.ties_.any()


@ALL
def test_an_item_of_abstentions_only_has_a_row_that_sums_to_one(model):
    rows = [(1, "a", "x"), (1, "b", "x"), (2, "a", "y"), (3, "b", "cannot tell")]

    fitted = model().fit(votes_of(rows, abstain=["cannot tell"]))

    assert fitted.posterior_.shape == (3, 2)
    assert fitted.posterior_.sum(axis=1) == pytest.approx(np.ones(3))


@ALL
def test_all_abstained_is_told_by_none(model):
    fitted = model().fit(votes_of([(1, "a", "cannot tell")], abstain=["cannot tell"]))

    assert fitted.labels_.tolist() == [None]


@pytest.mark.parametrize("model", [MajorityVote, WeightedVote, Consensus])
def test_single_votes_of_annotators_with_one_vote_are_followed(model):
    fitted = model().fit(votes_of([(1, "a", "x"), (2, "b", "y"), (3, "c", "x")]))

    assert fitted.labels_.tolist() == ["x", "y", "x"]
    assert np.isfinite(fitted.posterior_).all()
    assert np.isfinite(fitted.skill_.low).all()


@ALL
def test_repeated_votes_count_as_one_voice(model):
    once = [(1, "a", "x"), (1, "b", "y"), (2, "a", "x"), (2, "b", "x")]

    repeated = model().fit(votes_of([*once, (1, "a", "x"), (1, "a", "x")]))

    assert repeated.posterior_ == pytest.approx(model().fit(votes_of(once)).posterior_)


@ALL
def test_gold_is_certain_and_teaches_who_is_right(model):
    rows = [(n, who, "x" if who == "good" else "y") for n in range(20) for who in ("good", "bad")]
    gold = dict.fromkeys(range(15), "x")

    fitted = model().fit(votes_of(rows), gold)

    assert fitted.posterior_[:15, 0].tolist() == [1.0] * 15
    assert fitted.skill_.value[1] > 0.8 > 0.2 > fitted.skill_.value[0]


@LEARNED
def test_what_gold_taught_decides_other_items(model):
    rows = [(n, who, "xy"[(n + (who != "good")) % 2]) for n in range(40) for who in ("good", "bad")]
    gold = {n: "xy"[n % 2] for n in range(30)}

    fitted = model().fit(votes_of(rows), gold)

    assert fitted.labels_[30:].tolist() == ["xy"[n % 2] for n in range(30, 40)]


@LEARNED
def test_the_same_votes_in_another_order_say_the_same(model):
    votes, _ = world([0.9, 0.8, 0.6, 0.7], items=60, labels=3)
    order = np.random.default_rng(1).permutation(len(votes))

    assert model().fit(votes.rows(order)).posterior_ == pytest.approx(model().fit(votes).posterior_, abs=1e-6)


@LEARNED
def test_skill_is_recovered_within_its_interval(model):
    skills = np.array([0.95, 0.9, 0.8, 0.7, 0.6])
    votes, truth = world(skills, items=3000)

    fitted = model().fit(votes)

    assert np.abs(fitted.skill_.value - skills).max() < 0.05
    assert (fitted.skill_.low < fitted.skill_.value).all()
    assert (fitted.skill_.value < fitted.skill_.high).all()
    assert share_right(fitted, truth) > share_right(MajorityVote().fit(votes), truth)


def test_a_confusion_matrix_is_recovered():
    random = np.random.default_rng(3)
    confusion = np.array([[0.9, 0.1, 0.0], [0.3, 0.6, 0.1], [0.0, 0.2, 0.8]])
    truth = random.integers(0, 3, 3000)
    said = np.array([[random.choice(3, p=confusion[label]) for _ in range(5)] for label in truth])
    table = {"item": np.repeat(np.arange(3000), 5), "who": np.tile(np.arange(5), 3000), "label": said.ravel()}

    fitted = DawidSkene().fit(Votes.from_table(table, item="item", annotator="who", label="label"))

    assert np.abs(fitted.confusion_ - confusion).max() < 0.06
    assert fitted.confusion_.sum(axis=2) == pytest.approx(np.ones((5, 3)))


@pytest.mark.parametrize("model", [DawidSkene, OneCoin, Glad, Mace])
def test_the_likelihood_never_falls(model):
    votes, _ = world(np.linspace(0.4, 0.95, 12), items=300, labels=4, each=4)

    fitted = model(tolerance=0, max_rounds=60).fit(votes)

    assert len(fitted.likelihoods_) > 20  # until nothing is gained but by rounding
    assert np.diff(fitted.likelihoods_).min() > -1e-6


def test_dawid_and_skene_by_hand_after_one_round():
    votes = votes_of([(1, "a", 0), (1, "b", 0), (2, "a", 1), (2, "b", 1), (3, "a", 0), (3, "b", 1)])

    fitted = DawidSkene(smoothing=1e-12, max_rounds=1).fit(votes)

    # By the vote item 3 is either: of 1.5 true items of each label, a says 0 of label 0 in all, of label 1 in one third.
    assert fitted.confusion_[0] == pytest.approx(np.array([[1, 0], [1 / 3, 2 / 3]]), abs=1e-9)
    assert fitted.confusion_[1] == pytest.approx(np.array([[2 / 3, 1 / 3], [0, 1]]), abs=1e-9)
    assert fitted.posterior_[0, 0] == pytest.approx(1, abs=1e-9)
    assert fitted.posterior_[2] == pytest.approx([0.5, 0.5])


def test_voices_decide_where_they_are_given():
    rows = [(1, "a", "x"), (1, "b", "y"), (1, "c", "y")]

    assert WeightedVote(voices={"a": 3, "b": 1, "c": 1}).fit(votes_of(rows)).labels_.tolist() == ["x"]
    assert WeightedVote(voices={"a": 2, "b": 1, "c": 1}).fit(votes_of(rows)).ties_.tolist() == [True]


def test_voices_that_are_missing_or_wrong_are_named():
    rows = [(1, "a", "x"), (1, "b", "y")]

    with pytest.raises(ValueError, match="no entry for annotator 'b'"):
        WeightedVote(voices={"a": 1}).fit(votes_of(rows))
    with pytest.raises(ValueError, match="the voice of annotator 'b' is -1: give a number of 0 or more"):
        WeightedVote(voices={"a": 1, "b": -1}).fit(votes_of(rows))


def test_an_adversary_has_a_negative_ability_and_hard_items_little_ease():
    random = np.random.default_rng(2)
    truth = random.integers(0, 2, 500)
    hard = np.arange(500) < 100
    chance = np.where(hard[:, None], 0.55, [0.97] * 6 + [0.05])
    said = np.where(random.random((500, 7)) < chance, truth[:, None], 1 - truth[:, None])
    table = {"item": np.repeat(np.arange(500), 7), "who": np.tile(np.arange(7), 500), "label": said.ravel()}

    fitted = Glad().fit(Votes.from_table(table, item="item", annotator="who", label="label"))

    assert fitted.ability_[6] < 0 < fitted.ability_[:6].min()
    assert fitted.ease_[hard].mean() < 0.5 * fitted.ease_[~hard].mean()


def test_a_spammer_has_no_competence_and_a_habit():
    random = np.random.default_rng(4)
    truth = random.integers(0, 3, 600)
    said = np.stack([np.where(random.random(600) < 0.8, truth, random.integers(0, 3, 600)) for _ in range(4)], axis=1)
    said = np.column_stack([said, np.ones(600, dtype=int)])
    table = {"item": np.repeat(np.arange(600), 5), "who": np.tile(np.arange(5), 600), "label": said.ravel()}

    fitted = Mace().fit(Votes.from_table(table, item="item", annotator="who", label="label"))

    assert fitted.competence_[:4] == pytest.approx([0.8] * 4, abs=0.06)
    assert fitted.competence_[4] < 0.05
    assert fitted.habits_[4, 1] > 0.95


@pytest.mark.parametrize("model", [MajorityVote, WeightedVote, DawidSkene, OneCoin, Mace, Consensus])
def test_the_rule_of_a_model_gives_an_item_what_fitting_gave_it(model):
    votes, _ = world([0.9, 0.8, 0.7, 0.4], items=60, labels=3, each=3, seed=5)
    fitted = model().fit(votes)

    one_by_one = np.array(
        [
            fitted.rule_.posterior(*(c[votes.item_codes == i] for c in (votes.annotator_codes, votes.label_codes)))
            for i in range(60)
        ]
    )

    assert one_by_one == pytest.approx(fitted.posterior_, abs=1e-9)


@pytest.mark.parametrize("model", [Glad, Consensus])
def test_a_label_that_nobody_voted_changes_nothing(model):
    votes, _ = world([0.9, 0.7, 0.6, 0.8, 0.55], items=60)
    extra = replace(votes, labels=np.array([0, 1, 7]))

    fitted, beside = model().fit(votes), model().fit(extra)

    assert beside.posterior_[:, :2] == pytest.approx(fitted.posterior_, abs=1e-9)
    assert beside.skill_.low == pytest.approx(fitted.skill_.low, abs=1e-9)
    assert beside.confusion_.shape == (5, 3, 3)
    assert beside.confusion_.sum(axis=2) == pytest.approx(np.ones((5, 3)))
    assert beside.prevalence_.shape == (3,)


def test_a_rule_hears_the_first_votes_for_a_label_and_says_the_same_of_the_others():
    votes, _ = world([0.9, 0.7, 0.6, 0.8, 0.55], items=60)
    beside = Consensus().fit(replace(votes, labels=np.array([0, 1, 7])))
    of_item = votes.item_codes == 0
    settled = beside.rule_.posterior(votes.annotator_codes[of_item], votes.label_codes[of_item])

    assert settled == pytest.approx(beside.posterior_[0], abs=1e-6)
    assert beside.rule_.posterior([0, 1, 3], [2, 2, 2]).argmax() == 2


def test_annotators_who_did_not_vote_are_one_to_a_model():
    votes = votes_of([(1, "a", 0), (1, "b", 1), (2, "c", 1), (2, "b", 0), (3, "d", 1)])
    some = Incidence.of(votes, np.full(3, -1)).some(np.array([0, 2]))
    voters, place = some.of_voters()

    belief = np.array([[0.9, 0.1], [0.2, 0.8]])
    assert voters.annotators == 4
    assert place.tolist() == [0, 1, 3, 2]
    assert voters.counts(belief)[place].tolist() == some.counts(belief).tolist()

"""Label errors are ranked at least as well as by the best of cleanlab, and counted as it counts."""

import json

import numpy as np
import pytest
from scipy.stats import rankdata

from karat.quality.mislabels import (
    confident_joint,
    find_mislabels,
    label_scores,
    neighbour_labels,
    temperature,
)
from karat.quality.mislabels.crowd import find_crowd_mislabels
from karat.quality.mislabels.numbers import number_scores
from karat.quality.mislabels.tags import tag_scores
from karat.quality.votes import Votes

GIVEN = [2, 2, 1, 0, 1, 1, 1, 0, 2, 0, 1, 1, 1, 1, 0, 0, 0, 0, 0, 2, 0, 1, 2, 0]
PROBABILITIES = [[0.05, 0.41, 0.54], [0.19, 0.12, 0.69], [0.52, 0.41, 0.07], [0.02, 0.47, 0.51], [0.09, 0.52, 0.39], [0.0, 0.53, 0.47], [0.07, 0.63, 0.3], [0.95, 0.04, 0.01], [0.14, 0.3, 0.56], [0.51, 0.03, 0.46], [0.78, 0.17, 0.05], [0.35, 0.65, 0.0], [0.06, 0.79, 0.15], [0.47, 0.51, 0.02], [0.59, 0.41, 0.0], [0.53, 0.41, 0.06], [0.75, 0.18, 0.07], [0.92, 0.0, 0.08], [0.5, 0.38, 0.12], [0.07, 0.37, 0.56], [0.64, 0.06, 0.3], [0.28, 0.5, 0.22], [0.0, 0.13, 0.87], [0.66, 0.19, 0.15]]  # fmt: skip


def average_precision(wrong, scores):
    hits = wrong[np.argsort(scores, kind="stable")]
    return (np.cumsum(hits) / np.arange(1, len(hits) + 1))[hits].mean()


def auroc(wrong, scores):
    ranks = rankdata(-scores)
    n = wrong.sum()
    return (ranks[wrong].sum() - n * (n + 1) / 2) / (n * (len(wrong) - n))


def noisy(seed, *, items=1000, labels=4, wrong=0.1, sure=2.0):
    """Given labels, which of them are wrong, and probabilities of a model."""
    chance = np.random.default_rng(seed)
    truth = chance.integers(0, labels, items)
    moved = chance.random(items) < wrong
    given = np.where(moved, (truth + chance.integers(1, labels, items)) % labels, truth)
    logits = chance.normal(0, 1, (items, labels))
    logits[np.arange(items), truth] += sure
    p = np.exp(sure * logits)
    return given, moved, p / p.sum(axis=1, keepdims=True)


def test_the_confident_joint_is_that_of_cleanlab():
    # cleanlab 2.9.0, compute_confident_joint(calibrate=False)
    assert confident_joint(GIVEN, PROBABILITIES).tolist() == [[5, 0, 0], [1, 4, 0], [0, 0, 2]]


# cleanlab 2.9.0, get_label_quality_scores: the best of its methods on each set, by reviewers who did not stay with the
# given label (fewer than three of five); normalized_margin is best on both.
@pytest.mark.parametrize(("name", "precision", "area"), [("cifar10", 0.285316, 0.990811), ("imdb", 0.6479, 0.9902)])
def test_errors_that_reviewers_found_rank_at_least_as_high_as_by_cleanlab(data, name, precision, area):
    folder = data / "crowd" / f"label_errors_{name}"
    stored = np.load(folder / "pred.npz")
    reviewed = json.loads((folder / "mturk.json").read_text())
    wrong = np.zeros(len(stored["labels"]), bool)
    wrong[[entry["id"] for entry in reviewed if entry["mturk"]["given"] < 3]] = True

    scores = label_scores(stored["labels"], stored["pred_probs"])
    assert average_precision(wrong, scores) >= precision
    assert auroc(wrong, scores) >= area


def test_the_share_of_wrong_labels_is_estimated():
    given, moved, p = noisy(1, items=4000, sure=4.0)

    assert find_mislabels(given, p).error_rate == pytest.approx(moved.mean(), abs=0.03)


def test_what_is_suspected_is_mostly_wrong():
    given, moved, p = noisy(2, sure=4.0)
    found = find_mislabels(given, p)

    assert moved[found.suspected].mean() > 0.8
    assert found.suspected[moved].mean() > 0.7
    assert moved[found.order[:20]].all()


def test_a_model_that_is_too_sure_is_softened():
    given, _, p = noisy(3, wrong=0.0)
    sharp = p**3 / (p**3).sum(axis=1, keepdims=True)

    assert temperature(given, p) == pytest.approx(1.0, abs=0.15)
    assert temperature(given, sharp) == pytest.approx(3.0, abs=0.45)


@pytest.mark.parametrize("method", ["margin", "self_confidence", "entropy"])
def test_scores_lie_between_0_and_1_and_know_right_from_wrong(method):
    given, moved, p = noisy(4)
    scores = label_scores(given, p, method=method)

    assert ((scores >= 0) & (scores <= 1)).all()
    assert auroc(moved, scores) > 0.9


def test_self_confidence_is_the_probability_of_the_given_label():
    assert label_scores([0, 1], [[0.9, 0.1], [0.8, 0.2]], method="self_confidence").tolist() == [0.9, 0.2]


def test_neighbours_join_a_weak_model():
    chance = np.random.default_rng(5)
    given, moved, p = noisy(5, items=600, sure=1.0)
    truth_of = given.copy()
    truth_of[moved] = -1
    center = chance.normal(0, 1, (4, 16))
    wrong_truth = chance.integers(0, 4, 600)
    place = np.where(moved, np.where(wrong_truth == given, (given + 1) % 4, wrong_truth), given)
    embeddings = center[place] + chance.normal(0, 0.5, (600, 16))

    alone = find_mislabels(given, p).scores
    joined = find_mislabels(given, p, embeddings=embeddings).scores
    assert average_precision(moved, joined) > average_precision(moved, alone) + 0.05


def test_neighbours_do_not_see_the_items_own_label():
    shares = neighbour_labels([0, 1, 1], [[1.0, 0.0], [1.0, 0.1], [1.0, 0.2]], 2, k=2)

    assert shares[0].tolist() == [pytest.approx(0.5 / 3), pytest.approx(2.5 / 3)]


def test_one_plain_error_among_many_tags_is_seen():
    right = tag_scores([[1, 0, 1, 0]], [[0.9, 0.1, 0.9, 0.1]])
    wrong = tag_scores([[1, 0, 0, 0]], [[0.9, 0.1, 0.9, 0.1]])

    assert wrong[0] < 0.6 < right[0]


def test_a_number_far_from_its_prediction_stands_out():
    chance = np.random.default_rng(6)
    foretold = chance.uniform(0, 100, 200)
    given = foretold + chance.normal(5, 1, 200)
    given[17] += 20

    scores = number_scores(given, foretold)
    assert scores.argmin() == 17
    assert np.mean(scores < 0.05) < 0.12
    assert number_scores([1.0, 1.0, 5.0], [1.0, 1.0, 1.0]).tolist() == [1.0, 1.0, 0.0]


def crowd(seed, *, items=1500, people=40, labels=4):
    chance = np.random.default_rng(seed)
    truth = chance.integers(0, labels, items)
    per = chance.integers(1, 5, items)
    item = np.repeat(np.arange(items), per)
    person = np.concatenate([chance.choice(people, n, replace=False) for n in per])
    skill = 1 / labels + (1 - 1 / labels) * chance.beta(3, 1.5, people)
    right = chance.random(len(item)) < skill[person]
    label = np.where(right, truth[item], (truth[item] + chance.integers(1, labels, len(item))) % labels)
    votes = Votes.from_table({"i": item, "a": person, "l": label}, item="i", annotator="a", label="l")
    logits = chance.normal(0, 1, (items, labels))
    logits[np.arange(items), truth] += 2.0
    p = np.exp(logits)
    return votes, truth, skill, p / p.sum(axis=1, keepdims=True)


def test_a_model_beside_people_betters_the_vote_and_finds_its_errors():
    votes, truth, skill, p = crowd(1)
    found = find_crowd_mislabels(votes, p)

    vote_right = (found.majority == truth).mean()
    assert (found.labels == truth).mean() > vote_right + 0.03
    assert auroc(found.majority != truth, found.scores) > 0.95
    assert auroc(votes.label_codes != truth[votes.item_codes], found.vote_scores) > 0.95
    assert np.abs(found.accuracy - skill[votes.annotators]).mean() < 0.05


def test_a_model_that_knows_nothing_does_no_harm():
    votes, truth, _, p = crowd(2)
    lost = np.random.default_rng(1).permutation(p)
    found = find_crowd_mislabels(votes, lost)

    assert found.model_floor > 0.8
    assert (found.labels == truth).mean() > (found.majority == truth).mean() - 0.01


def test_a_confident_model_that_errs_on_some_items_does_not_drown_the_crowd():
    votes, truth, _, _ = crowd(3)
    chance = np.random.default_rng(2)
    sees = np.where(chance.random(len(truth)) < 0.8, truth, chance.integers(0, 4, len(truth)))
    p = np.full((len(truth), 4), 0.001)
    p[np.arange(len(truth)), sees] = 0.997
    found = find_crowd_mislabels(votes, p)

    assert found.model_floor == pytest.approx(0.2, abs=0.05)
    assert (found.labels == truth).mean() > max((sees == truth).mean(), (found.majority == truth).mean()) + 0.03


def test_errors_that_people_share_are_no_evidence_for_one_another():
    chance = np.random.default_rng(4)
    truth = chance.integers(0, 4, 2000)
    item, person = np.repeat(np.arange(2000), 3), chance.integers(0, 30, 6000)
    wrong = np.where(chance.random(6000) < 0.9, truth[item] ^ 1, (truth[item] + chance.integers(1, 4, 6000)) % 4)
    label = np.where(chance.random(6000) < 0.6, truth[item], wrong)
    p = np.full((2000, 4), 0.1)
    p[np.arange(2000), np.where(chance.random(2000) < 0.7, truth, chance.integers(0, 4, 2000))] = 0.7
    votes = Votes.from_table({"i": item, "a": person, "l": label}, item="i", annotator="a", label="l")

    found = find_crowd_mislabels(votes, p)
    pairs = [0, 1, 2, 3], [1, 0, 3, 2]
    assert found.errors[pairs].min() > 0.8
    assert found.posterior.max(axis=1).mean() == pytest.approx((found.labels == truth).mean(), abs=0.04)


def test_a_vote_given_anew_is_judged_by_the_others():
    table = {"i": [1, 1, 1, 2], "a": ["x", "y", "x", "x"], "l": ["p", "p", "q", "q"]}
    votes = Votes.from_table(table, item="i", annotator="a", label="l")
    found = find_crowd_mislabels(votes, [[0.5, 0.5], [0.5, 0.5]])

    assert found.vote_scores[0] == pytest.approx(1 - found.vote_scores[2])
    assert found.vote_scores[3] == pytest.approx(0.5, abs=1e-6)


def test_items_without_votes_have_the_models_word_and_no_score():
    table = {"i": [1, 2], "a": ["a", "a"], "l": ["x", None]}
    votes = Votes.from_table(table, item="i", annotator="a", label="l", labels=["x", "y"], abstain=[None])
    found = find_crowd_mislabels(votes, [[0.9, 0.1], [0.2, 0.8]])

    assert found.majority.tolist() == [0, -1]
    assert np.isnan(found.scores[1])
    assert found.labels[1] == 1


@pytest.mark.parametrize(
    ("labels", "probabilities", "says"),
    [
        ([0, 1], [[0.5, 0.5]], "labels have shape"),
        ([0, 5], [[0.5, 0.5], [0.5, 0.5]], "row 1 has the label 5"),
        ([0.0, 1.0], [[0.5, 0.5], [0.5, 0.5]], "labels are float64"),
        ([0, 1], [[0.5, 0.5], [0.5, 0.9]], "the probabilities of row 1 sum to 1.4, not to 1"),
        ([0, 1], [[0.5, 0.5], [float("nan"), 0.9]], "row 1 has a probability that is no number"),
        ([0], [[1.0]], "one column"),
    ],
)
def test_what_does_not_fit_is_told_with_its_row(labels, probabilities, says):
    with pytest.raises(ValueError, match=says):
        find_mislabels(labels, probabilities)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: label_scores([0], [[0.5, 0.5]], method="guess"), "method='guess'"),
        (lambda: tag_scores([[2]], [[0.5]]), "tags must be 0 or 1"),
        (lambda: tag_scores([1], [0.5]), "both need"),
        (lambda: number_scores([1.0, float("nan")], [1.0, 1.0]), "must be finite"),
        (lambda: number_scores([1.0], [1.0, 2.0]), "both need"),
        (lambda: neighbour_labels([0, 1], [[1.0, 0.0]] * 3, 2, k=1), "2 labels and 3 embeddings"),
    ],
)
def test_other_scores_tell_too(call, says):
    with pytest.raises(ValueError, match=says):
        call()

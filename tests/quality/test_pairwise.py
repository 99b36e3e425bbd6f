"""Scores from comparisons and rankings: reference values, planted annotators, ties, and graphs that fall apart."""

import numpy as np
import pytest

from karat.quality import BradleyTerry, Pairs, PlackettLuce, Rankings

TEAMS = ["Baltimore", "Boston", "Cleveland", "Detroit", "Milwaukee", "New York", "Toronto"]
# Games won by the row against the column, American League 1987: Agresti, Categorical Data Analysis (1990), table 10.10.
WON = [
    [0, 1, 7, 4, 2, 3, 1],
    [12, 0, 7, 2, 6, 7, 6],
    [6, 6, 0, 4, 4, 6, 5],
    [9, 11, 9, 0, 6, 5, 7],
    [11, 7, 9, 7, 0, 7, 9],
    [10, 6, 7, 8, 6, 0, 6],
    [12, 7, 8, 6, 4, 7, 0],
]
GAMES = [(TEAMS[a], TEAMS[b]) for a in range(7) for b in range(7) for _ in range(WON[a][b])]
# The same games by scikit-learn 1.9.1, LogisticRegression(C=1e9, fit_intercept=False) on differences of teams, centred.
SCORES = [-1.0502, 0.0575, -0.36635, 0.38621, 0.53115, 0.19742, 0.24428]


def pairs_of(rows):
    columns = list(zip(*rows, strict=True)) if rows else [[], [], []]
    table = dict(zip(("b", "w", "a", "t"), map(list, columns), strict=False))
    return Pairs.from_table(table, better="b", worse="w", annotator="a", tie="t" if "t" in table else None)


def test_scores_of_baseball_teams_are_those_of_logistic_regression():
    model = BradleyTerry(skilled="nobody", prior=1e3).fit(pairs_of([(a, b, "league") for a, b in GAMES]))

    assert model.scores_ == pytest.approx(SCORES, abs=2e-4)
    assert (model.low_ < model.scores_).all() and (model.high_ - model.low_).max() < 2


def test_rankings_of_two_lead_to_the_same_scores():
    table = {
        "game": [game for game in range(len(GAMES)) for _ in range(2)],
        "team": [team for game in GAMES for team in game],
        "place": [1, 2] * len(GAMES),
        "who": ["league"] * (2 * len(GAMES)),
    }
    rankings = Rankings.from_table(table, ranking="game", annotator="who", object="team", rank="place")

    model = PlackettLuce(skilled="nobody", prior=1e3).fit(rankings)
    both = BradleyTerry(skilled="nobody", prior=1e3).fit(pairs_of([(a, b, "league") for a, b in GAMES]))

    assert model.scores_ == pytest.approx(SCORES, abs=2e-4)
    assert model.low_ == pytest.approx(both.low_, abs=1e-3)


def compared(seed=0, *, objects=40, comparisons=1500, people=30):
    """Comparisons by annotators of whom every third hardly knows what is better."""
    random = np.random.default_rng(seed)
    scores = random.normal(0, 1.5, objects)
    trust = np.where(np.arange(people) % 3 == 0, random.uniform(0.3, 0.6, people), random.uniform(0.85, 1, people))
    first = random.integers(0, objects, comparisons)
    second = (first + random.integers(1, objects, comparisons)) % objects
    who = random.integers(0, people, comparisons)
    wins = random.random(comparisons) < 1 / (1 + np.exp(scores[second] - scores[first]))
    wins ^= random.random(comparisons) > trust[who]
    table = {"b": np.where(wins, first, second), "w": np.where(wins, second, first), "a": who}
    return Pairs.from_table(table, better="b", worse="w", annotator="a"), scores - scores.mean(), trust


def test_who_does_not_mean_what_they_say_counts_less():
    pairs, scores, trust = compared()

    model, alike = BradleyTerry().fit(pairs), BradleyTerry(skilled="nobody").fit(pairs)

    assert np.abs(model.scores_ - scores).mean() < 0.7 * np.abs(alike.scores_ - scores).mean()
    assert np.corrcoef(model.skill_.value, trust)[0, 1] > 0.85


def test_intervals_hold_scores_and_skills():
    worlds = [(BradleyTerry().fit(pairs), scores, trust) for pairs, scores, trust in map(compared, range(4))]

    of_scores = np.mean([((m.low_ <= s) & (s <= m.high_)).mean() for m, s, _ in worlds])
    of_skills = np.mean([((m.skill_.low <= t) & (t <= m.skill_.high)).mean() for m, _, t in worlds])
    assert 0.9 < of_scores < 0.995
    assert 0.88 < of_skills <= 1


def test_objects_that_nothing_connects_are_not_compared():
    model = BradleyTerry().fit(pairs_of([("a", "b", 1), ("a", "b", 2), ("y", "x", 1)]))

    assert model.components_[:2].tolist() != model.components_[2:].tolist()
    assert model.scores_[[0, 2]].tolist() == pytest.approx((-model.scores_[[1, 3]]).tolist())
    assert np.isnan(model.preferred(0, 3))
    assert model.preferred(0, 1) > 0.5 and model.preferred(0, 1) + model.preferred(1, 0) == pytest.approx(1)


def test_ties_pull_together():
    apart = BradleyTerry(prior=2.0).fit(pairs_of([("a", "b", 1, False)] * 4))
    tied = BradleyTerry(prior=2.0).fit(pairs_of([("a", "b", 1, False)] * 4 + [("b", "a", 1, True)] * 4))
    only = BradleyTerry().fit(pairs_of([("a", "b", 1, True)]))

    assert 0 < tied.scores_[0] < apart.scores_[0]
    assert only.scores_.tolist() == pytest.approx([0, 0], abs=1e-6)


def test_nobody_compared_and_itself_compared():
    assert BradleyTerry().fit(pairs_of([])).scores_.shape == (0,)
    with pytest.raises(ValueError, match="row 1 compares 'a' with itself"):
        pairs_of([("a", "b", 1), ("a", "a", 1)])


def test_a_tie_is_true_or_false():
    with pytest.raises(ValueError, match="column 't' holds 'no' in row 0"):
        pairs_of([("a", "b", 1, "no")])


def ranked(seed=0, *, objects=20, rankings=150, people=20):
    """Rankings of five objects by annotators of whom seven mostly guess."""
    random = np.random.default_rng(seed)
    scores = random.normal(0, 1.2, objects)
    trust = np.where(np.arange(people) < 7, 0.15, 0.95)
    rows = []
    for ranking in range(rankings):
        who = int(random.integers(people))
        left = random.choice(objects, 5, replace=False).tolist()
        for place in range(5):
            weight = np.exp(scores[left]) if random.random() < trust[who] else np.ones(len(left))
            rows.append((ranking, who, left.pop(int(random.choice(len(left), p=weight / weight.sum()))), place))
    table = dict(zip("rwop", map(list, zip(*rows, strict=True)), strict=True))
    return Rankings.from_table(table, ranking="r", annotator="w", object="o", rank="p"), scores - scores.mean(), trust


def test_rankings_of_those_who_guess_count_less():
    rankings, scores, trust = ranked()

    model, alike = PlackettLuce().fit(rankings), PlackettLuce(skilled="nobody").fit(rankings)

    assert np.abs(model.scores_ - scores).mean() < np.abs(alike.scores_ - scores).mean()
    assert np.corrcoef(model.skill_.value, trust)[0, 1] > 0.6
    assert ((model.low_ <= scores) & (scores <= model.high_)).mean() > 0.85


def test_tied_ranks_are_not_chosen_over_each_other():
    table = {"r": [1] * 3, "w": ["x"] * 3, "o": ["a", "b", "c"], "p": [1, 1, 2]}

    scores = PlackettLuce().fit(Rankings.from_table(table, ranking="r", annotator="w", object="o", rank="p")).scores_

    assert scores[0] == pytest.approx(scores[1], abs=1e-5)
    assert scores[0] > scores[2]


def test_a_ranking_with_an_object_twice_or_without_a_place_is_named():
    twice = {"r": [1, 1], "w": ["x", "x"], "o": ["a", "a"], "p": [1, 2]}
    empty = {"r": [1, 1], "w": ["x", "x"], "o": ["a", "b"], "p": [1, None]}

    with pytest.raises(ValueError, match="row 1 puts 'a' a second time"):
        Rankings.from_table(twice, ranking="r", annotator="w", object="o", rank="p")
    with pytest.raises(ValueError, match="column 'p' is empty in row 1"):
        Rankings.from_table(empty, ranking="r", annotator="w", object="o", rank="p")

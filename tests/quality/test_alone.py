"""Votes on items that nobody else answered: they must not make the model surer of who is right."""

import numpy as np
import pytest

from karat.quality import Consensus, Votes

LABELS = 5


def programme(*, items=1500, seed=1):
    """Twelve people answer 25 known items each, then most items have one answer."""
    random = np.random.default_rng(seed)
    accuracy = np.linspace(0.65, 0.92, 12)
    truth = random.integers(0, LABELS, items)
    rows = [(item, who) for who in range(12) for item in random.choice(100, 25, replace=False).tolist()]
    rows += [(item, int(random.integers(12))) for item in range(100, items)]
    item, who = np.array(rows).T
    right = random.random(len(rows)) < accuracy[who]
    wrong = (truth[item] + random.integers(1, LABELS, len(rows))) % LABELS
    said = np.where(right, truth[item], wrong)
    return item, who, said, truth


def votes_of(item, who, said):
    table = {"item": item, "who": who, "label": said}
    return Votes.from_table(table, item="item", annotator="who", label="label", labels=range(LABELS))


def test_single_answers_are_as_sure_as_they_are_right():
    item, who, said, truth = programme()
    known = {n: int(truth[n]) for n in range(100)}

    fitted = Consensus().fit(votes_of(item, who, said), known)

    left = fitted.votes_.items >= 100
    sure = fitted.posterior_[left].max(axis=1)
    right = fitted.posterior_[left].argmax(axis=1) == truth[fitted.votes_.items[left]]
    # It was 0.11 too sure when single answers counted for who gave them.
    assert right.mean() - 0.1 < sure.mean() < right.mean() + 0.02
    assert (sure >= 0.95).mean() < 0.01
    assert right.mean() > 0.75


def test_counts_of_single_answers_say_what_their_rows_say():
    item, who, said, truth = programme()
    known = {n: int(truth[n]) for n in range(100)}
    rows = item < 100
    alone = np.zeros((12, LABELS))
    np.add.at(alone, (who[~rows], said[~rows]), 1)

    whole = Consensus().fit(votes_of(item, who, said), known)
    counted = Consensus(alone=alone).fit(votes_of(item[rows], who[rows], said[rows]), known)

    assert counted.rule_.posterior([3], [2]) == pytest.approx(whole.rule_.posterior([3], [2]), abs=1e-6)


def test_items_chosen_by_what_was_said_do_not_bend_what_is_learned():
    """Only where the first of two people said 0 is the second asked: the others' answers say that 0 is no commoner than 1."""
    random = np.random.default_rng(4)
    truth = random.integers(0, 2, 3000)
    first, second = (np.where(random.random(3000) < 0.8, truth, 1 - truth) for _ in range(2))
    asked = np.flatnonzero((first == 0) | (np.arange(3000) < 60))
    item, said = np.concatenate([np.arange(3000), asked]), np.concatenate([first, second[asked]])
    table = {"item": item, "who": np.repeat(["a", "b"], [3000, len(asked)]), "label": said}
    votes = Votes.from_table(table, item="item", annotator="who", label="label")

    fitted = Consensus().fit(votes, {n: int(truth[n]) for n in range(60)})

    chosen = votes.rows(np.flatnonzero(np.isin(item, asked)))
    bent = Consensus().fit(chosen, {n: int(truth[n]) for n in range(60)})
    assert abs(bent.prevalence_[0] - 0.5) > 2 * abs(fitted.prevalence_[0] - 0.5)
    assert fitted.prevalence_[0] == pytest.approx(0.5, abs=0.08)
    assert fitted.confusion_[0].diagonal().min() > 0.7


@pytest.mark.parametrize("alone", [np.ones((3, 2)), np.full((12, LABELS), -1.0), np.full((12, LABELS), np.nan)])
def test_counts_that_make_no_sense_are_refused(alone):
    item, who, said, _ = programme()

    with pytest.raises(ValueError, match="alone has the shape"):
        Consensus(alone=alone).fit(votes_of(item, who, said))

"""Votes on items that nobody else answered: they tell how often labels are given, and of nobody whether they are right."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from karat.quality.columns import Floats
from karat.quality.consensus.hierarchy import Fitted, expected_log
from karat.quality.consensus.incidence import Incidence, softmax

TELLING = 10
"""Votes an annotator on items that several have answered, from which these are enough to begin with."""
LEAST = 0.1
"""Of all answers: where fewer are single ones they confirm themselves too little to be kept apart."""
ROUNDS = 50
TOLERANCE = 1e-3


def answered_alone(incidence: Incidence, more: float = 0.0) -> NDArray[np.bool_]:
    """Which items are to be kept apart because one person has answered them, shape (items,); none where they are few, with
    `more` that are not in the table.

    Those with a known label too, if the others hold `TELLING` votes an annotator: which single answers are looked at by a
    reviewer depends on who gave which label.
    """
    answers = np.diff(incidence.matrix.indptr)
    several = answers > 1
    is_enough = answers[several].sum() >= TELLING * max(int((incidence.given().sum(axis=1) > 0).sum()), 1)
    single = (answers == 1) & (is_enough | (incidence.gold < 0))
    return np.asarray(single & (single.sum() + more >= LEAST * (answers.sum() + more)))


def cells_of(incidence: Incidence) -> Floats:
    """How often each annotator gave each label where each label is right, and, last, where that is not known, shape
    (annotators, labels, labels + 1)."""
    of = np.where(incidence.gold < 0, incidence.labels, incidence.gold)
    return incidence.counts(np.eye(incidence.labels + 1)[of])


def with_alone(fitted: Fitted, incidence: Incidence, alone: Floats) -> Fitted:
    """What was fitted to the items of `incidence`, and what single answers add: `alone` is as `cells_of` gives it. `belief`
    stays that of the items of `incidence`.

    A model that begins by taking such votes for right confirms itself: they outnumber all others, and their likelihood is
    level along the ways in which an annotator's errors and the commonness of labels make up for each other. Here they begin
    from what the other items say, and move it only as far as how often labels are given asks for, by expectation and
    maximisation over the cells of `alone`. None is left out: a second person or a reviewer is asked of an item because of
    who said what, and what is learned of those items alone would be bent.
    """
    given = alone[:, :, -1:]
    sorts = len(fitted.states) // alone.shape[1]
    before = fitted.learned.reshape(*alone.shape[:2], -1) + np.repeat(alone[:, :, :-1], sorts, axis=2) / sorts
    shares = np.exp(fitted.states - fitted.states.max())
    shares *= incidence.items / shares.sum()
    shares += np.repeat(alone[:, :, :-1].sum(axis=(0, 1)), sorts) / sorts
    learned, states, belief = before, shares, np.zeros(1)
    for _ in range(ROUNDS):
        logits = np.log(learned / learned.sum(axis=1, keepdims=True)) + np.log(np.maximum(states, 1e-300))
        found, _norm = softmax(logits.reshape(-1, len(shares)))
        moved = float(np.abs(found - belief).max(initial=0.0))
        belief = found
        counted = given * belief.reshape(before.shape)
        learned, states = before + counted, shares + counted.sum(axis=(0, 1))
        if moved < TOLERANCE:
            break
    by_sort = learned.reshape(fitted.learned.shape)
    means = by_sort.sum(axis=3) / by_sort.sum(axis=(1, 3))[:, None]
    return replace(
        fitted,
        learned=by_sort,
        tables=expected_log(learned, 1),
        states=np.log(np.maximum(states / states.sum(), 1e-300)),
        means=np.asarray(means.transpose(0, 2, 1)),
    )

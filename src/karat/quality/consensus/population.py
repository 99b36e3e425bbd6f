"""What is expected of an annotator before their own confusions: the population's, moved by their own skill."""

from typing import Literal

import numpy as np
from scipy.special import expit, gammaln, logit

from karat.quality.columns import Floats

Population = Literal["coin", "habit", "confusion"]
CONCENTRATION = 4.0
"""How many votes the population counts for in each row of an annotator's confusion matrix, where nothing else is said."""
WIDTHS = np.exp(np.linspace(np.log(0.3), np.log(300), 16))
"""How alike annotators may be: the votes that the population counts for in an annotator's skill; the likeliest is taken."""
RIGHT, ANY = 3.0, 1.0
"""Votes that the population has before any came: so many right ones in each state, and so many of each label."""
TINY = 1e-6


def population_of(counts: Floats, population: Population, sorts: int) -> tuple[Floats, tuple[float, float]]:
    """The expected confusion of each annotator; also right and wrong votes that an unknown annotator is credited with.

    `counts` and the confusions have the shape (annotators, labels given, labels * sorts). A population of coins has one
    chance of being right for each sort of items, whatever the label, and errs evenly; one of habits says the right label
    or, whatever the item shows, what all are used to say (after MACE, Hovy et al. 2013), in one sort only.
    """
    _, labels, states = counts.shape
    state = np.arange(states)
    true = state // sorts
    is_right = true[None, :] == np.arange(labels)[:, None]
    shape = _pooled(counts.sum(axis=0), is_right, sorts, population)
    right_by_state = np.clip(shape[true, state], TINY, 1 - TINY)
    given = counts.sum(axis=(1, 2))
    right = counts[:, true, state].sum(axis=1)
    mean_right = right_by_state.mean() if states else 1.0
    expected = np.clip((counts.sum(axis=1) @ right_by_state + TINY) / (given + TINY / mean_right), TINY, 1 - TINY)
    width = _likeliest_width(right, given, expected)
    skill = np.clip((right + width * expected) / (given + width), TINY, 1 - TINY)
    moved = expit(logit(right_by_state)[None] + (logit(skill) - logit(expected))[:, None])
    errors = np.where(is_right, 0.0, shape)
    errors /= np.maximum(errors.sum(axis=0), TINY)
    base = errors[None] * (1 - moved)[:, None, :]
    base[:, true, state] = moved
    typical = float(right.sum() + RIGHT) / float(given.sum() + RIGHT + ANY)
    return np.maximum(base, TINY), (width * typical, width * (1 - typical))


def _pooled(counts: Floats, is_right: np.ndarray, sorts: int, population: Population) -> Floats:
    """The confusion of all annotators together, shape (labels given, states)."""
    pooled = counts + ANY + RIGHT * is_right
    # The vote is a floor: in no state is a wrong label given more often than the right one by the population.
    wrong_most = np.where(is_right, 0.0, pooled).max(axis=0, initial=0.0)
    pooled = np.where(is_right, np.maximum(pooled, wrong_most), pooled)
    if population == "coin":
        labels = len(pooled)
        right = np.where(is_right, pooled, 0.0).sum(axis=0).reshape(labels, sorts).sum(axis=0)
        right = np.tile(right / pooled.sum(axis=0).reshape(labels, sorts).sum(axis=0), labels)
        pooled = np.where(is_right, right, (1 - right) / max(labels - 1, 1))
    if population == "habit":
        habit = np.where(is_right, 0.0, pooled).sum(axis=1) / np.where(is_right, 0.0, pooled.sum(axis=0)).sum(axis=1)
        habit *= min(1.0, (1 - TINY) / habit.sum())
        pooled = np.where(is_right, 1 - habit.sum() + habit[:, None], habit[:, None])
    return np.asarray(pooled / pooled.sum(axis=0))


def _likeliest_width(right: Floats, given: Floats, expected: Floats) -> float:
    """The concentration of the beta-binomial under which the annotators' right votes are likeliest."""
    chances = []
    for width in WIDTHS:
        a, b = width * expected, width * (1 - expected)
        terms = gammaln(right + a) - gammaln(a) + gammaln(np.maximum(given - right, 0) + b) - gammaln(b)
        chances.append(float((terms - gammaln(given + width) + gammaln(width)).sum()))
    return float(WIDTHS[int(np.argmax(chances))])

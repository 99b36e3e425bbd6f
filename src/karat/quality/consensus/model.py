"""What every model of consensus has: fit, and what it leaves behind."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv

from karat.quality.columns import Floats, Names
from karat.quality.consensus.incidence import ALIKE, Incidence, softmax
from karat.quality.votes import Votes

LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Skill:
    """How likely each annotator's vote is right, aligned with `votes.annotators`: equal-tailed intervals of a Beta
    distribution that also counts the doubt about the true labels. `n` is how many votes (by weight) it rests on."""

    value: Floats
    low: Floats
    high: Floats
    n: Floats
    level: float = LEVEL


@dataclass(frozen=True, slots=True)
class Learned:
    """What a model knows after fitting."""

    posterior: Floats
    """Shape (items, labels)."""
    confusion: Floats
    """Shape (annotators, true labels, labels given): probabilities of what is given."""
    log_prior: Floats
    """Shape (labels,): how common each label is."""
    skill_prior: tuple[float, float]
    """Right and wrong votes that an unknown annotator is credited with."""
    belief: Floats | None = None
    """By which votes count as right, where that is not the posterior."""


class Model:
    """A model of consensus, in the style of scikit-learn: parameters by keyword, `fit`, results with a trailing underscore.

    Without votes an item has the posterior of the model's prior and is a tie where that is level. All ties are reported;
    `labels_` then has the first of the level labels in the order of `votes.labels`.
    """

    votes_: Votes
    posterior_: Floats
    """Shape (items, labels), aligned with `votes.items` and `votes.labels`: rows sum to 1."""
    confusion_: Floats
    """Shape (annotators, true labels, labels given)."""
    prevalence_: Floats
    """Shape (labels,): how common each true label is."""
    skill_: Skill

    def fit(self, votes: Votes, gold: Mapping[object, object] | None = None) -> Self:
        """Learn from votes and from the labels known for some items (`gold`: item to label)."""
        incidence = Incidence.of(votes, votes.gold_codes(gold))
        learned = self._learn(incidence)
        self.votes_ = votes
        self.posterior_ = learned.posterior
        self.confusion_ = learned.confusion
        self.prevalence_ = np.exp(learned.log_prior)
        self.skill_ = skill_of(
            incidence, learned.posterior if learned.belief is None else learned.belief, learned.skill_prior
        )
        return self

    @property
    def labels_(self) -> Names:
        """The most probable label of each item, aligned with `votes.items`; None for all where there are no labels at all."""
        if not len(self.votes_.labels):
            return np.full(len(self.posterior_), None, dtype=object)
        return np.asarray(self.votes_.labels[level_of(self.posterior_).argmax(axis=1)])

    @property
    def ties_(self) -> NDArray[np.bool_]:
        """Which items have two or more labels that are equally probable, shape (items,)."""
        return np.asarray(level_of(self.posterior_).sum(axis=1) > 1)

    def _learn(self, incidence: Incidence) -> Learned:
        raise NotImplementedError


def level_of(posterior: Floats) -> NDArray[np.bool_]:
    """Which labels are as probable as the most probable one, shape (items, labels)."""
    if posterior.shape[1] == 0:
        return np.zeros(posterior.shape, dtype=bool)
    return np.asarray(posterior >= posterior.max(axis=1, keepdims=True) - ALIKE)


def skill_of(incidence: Incidence, posterior: Floats, prior: tuple[float, float]) -> Skill:
    """Right and wrong votes by the posterior, with the doubt about each true label counted as doubt about the skill."""
    given = incidence.given().sum(axis=1)
    places = np.arange(incidence.labels)
    right = incidence.counts(posterior)[:, places, places].sum(axis=1)
    variance = 1 - posterior
    variance *= posterior
    doubt = incidence.counts(variance)[:, places, places].sum(axis=1)
    return Skill(*beta_interval(right + prior[0], given - right + prior[1], doubt), given)


def beta_interval(right: Floats, wrong: Floats, doubt: Floats) -> tuple[Floats, Floats, Floats]:
    """Mean and equal-tailed interval of Beta distributions, widened by the variance that `doubt` adds to the sums."""
    total = np.maximum(right + wrong, 1e-9)
    mean = right / total
    spread = mean * (1 - mean) / (total + 1) + doubt / total**2
    size = np.maximum(mean * (1 - mean) / np.maximum(spread, 1e-12) - 1, 1e-3)
    a, b = np.maximum(mean * size, 1e-6), np.maximum((1 - mean) * size, 1e-6)
    tail = (1 - LEVEL) / 2
    return mean, betaincinv(a, b, tail), betaincinv(a, b, 1 - tail)


def believed(incidence: Incidence, log_votes: Floats, log_prior: Floats) -> tuple[Floats, float]:
    """The posterior of each item's label, and the log likelihood of all votes and known labels."""
    logits = incidence.evidence(log_votes)
    logits += log_prior
    known = np.flatnonzero(incidence.gold >= 0)
    of_gold = logits[known, incidence.gold[known]]
    posterior, norm = softmax(logits)
    norm[known] = of_gold
    return incidence.with_gold(posterior), float(norm.sum())

"""What every model of consensus has: fit, and what it leaves behind."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv

from karat.quality.columns import Codes, Floats, Names
from karat.quality.consensus.incidence import ALIKE, Incidence, softmax
from karat.quality.consensus.rule import Rule
from karat.quality.votes import Votes, check_votes

RESULTS = ("votes_", "posterior_", "confusion_", "prevalence_", "skill_", "rule_")
"""What a fit leaves behind."""
LEVEL = 0.95
DEPENDENCE = 0.5
"""How much of what the posterior is less sure than the belief counts as doubt in skills: of none, half and all, half held
the true skill nearest to 95 % of the time on average over nine simulated populations (93.0, 95.8, 97.4 %); the belief alone
leaves out that what annotators share, such as how alike they are, was learned from the same votes. Those of
`bench.quality_consensus coverage` are others."""
LEAST_INFORMATION = 0.1
"""Of what known labels would tell: more is never taken to be missing."""


class NotFittedError(ValueError, AttributeError):
    """A result was asked for before `fit`."""


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
    rule: Rule | None = None
    """By what an item is settled; where it is None, by the confusions."""


class Model(ABC):
    """A model of consensus, in the style of scikit-learn: parameters by keyword, `fit`, results with a trailing underscore.

    Without votes an item has the posterior of the model's prior and is a tie where that is level. All ties are reported;
    `labels_` then has the first of the level labels in the order of `votes.labels`.
    """

    votes_: Votes
    _priors: tuple[Floats, tuple[float, float]]
    """Of `Learned`: how common labels are, and what an unknown annotator is credited with."""
    posterior_: Floats
    """Shape (items, labels), aligned with `votes.items` and `votes.labels`: rows sum to 1."""
    confusion_: Floats
    """Shape (annotators, true labels, labels given)."""
    prevalence_: Floats
    """Shape (labels,): how common each true label is."""
    skill_: Skill
    rule_: Rule
    """What it says of an item from the votes on that item alone; of the items it was fitted to the same as `posterior_`, but
    for known labels and for GLAD, whose items have an ease of their own."""

    def fit(self, votes: Votes, gold: Mapping[object, object] | None = None) -> Self:
        """Learn from votes and from the labels known for some items (`gold`: item to label, or a pandas Series).

        Raises `ValueError` where gold knows none of the items, or has a label that votes cannot have.
        """
        check_votes(votes)
        return self._fit_codes(votes, votes.gold_codes(gold))

    def fit_predict(self, votes: Votes, gold: Mapping[object, object] | None = None) -> Names:
        """`fit`, and then `labels_`, aligned with `votes.items`."""
        return self.fit(votes, gold).labels_

    def _fit_codes(self, votes: Votes, gold: Codes) -> Self:
        incidence = Incidence.of(votes, gold)
        self._keep(votes, incidence, self._learn(incidence))
        return self

    def _keep(self, votes: Votes, incidence: Incidence, learned: Learned) -> None:
        self._priors = learned.log_prior, learned.skill_prior
        self.votes_ = votes
        self.posterior_ = learned.posterior
        self.confusion_ = learned.confusion
        self.prevalence_ = np.exp(learned.log_prior)
        self.skill_ = self._skill(incidence, learned)
        self.rule_ = learned.rule or rule_of(incidence, learned)

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

    @abstractmethod
    def _learn(self, incidence: Incidence) -> Learned:
        """What a model of its kind makes of the votes; all else follows from it."""

    def _skill(self, incidence: Incidence, learned: Learned) -> Skill:
        return skill_of(incidence, learned)

    def __getattr__(self, name: str) -> object:
        """Results that are asked for before there are any."""
        if name.endswith("_") and not name.startswith("_") and "votes_" not in self.__dict__:
            raise NotFittedError(f"{type(self).__name__} is not fitted yet: call fit")
        raise AttributeError(f"{type(self).__name__} has no {name!r}")


def level_of(posterior: Floats) -> NDArray[np.bool_]:
    """Which labels are as probable as the most probable one, shape (items, labels)."""
    if posterior.shape[1] == 0:
        return np.zeros(posterior.shape, dtype=bool)
    return np.asarray(posterior >= posterior.max(axis=1, keepdims=True) - ALIKE)


def rule_of(incidence: Incidence, learned: Learned) -> Rule:
    """By the confusions, and by how common the labels are."""
    tables = np.log(np.maximum(learned.confusion, 1e-300)).transpose(0, 2, 1)
    return Rule.likelihood(tables, learned.log_prior, incidence.given().sum(axis=1))


def skill_of(incidence: Incidence, learned: Learned) -> Skill:
    """Right and wrong votes by the model's belief, with the doubt about each true label counted as doubt about the skill."""
    given = incidence.given().sum(axis=1)
    places = np.arange(incidence.labels)
    belief = learned.posterior if learned.belief is None else learned.belief
    right = incidence.counts(belief)[:, places, places].sum(axis=1)
    unsure = belief if learned.belief is None else belief + DEPENDENCE * (learned.posterior - belief)
    variance = 1 - unsure
    variance *= unsure
    doubt = incidence.counts(variance)[:, places, places].sum(axis=1)
    prior = learned.skill_prior
    return Skill(*beta_interval(right + prior[0], given - right + prior[1], doubt), given)


def told(incidence: Incidence, learned: Learned) -> Floats:
    """The share of what an annotator's votes say of their skill that is left by what the posterior is less sure than the
    belief, shape (annotators,): see `DEPENDENCE`."""
    if learned.belief is None:
        return np.ones(incidence.annotators)
    places = np.arange(incidence.labels)
    unsure = learned.belief + DEPENDENCE * (learned.posterior - learned.belief)
    more = np.maximum(unsure * (1 - unsure) - learned.belief * (1 - learned.belief), 0.0)
    doubt = incidence.counts(more)[:, places, places].sum(axis=1)
    right = incidence.counts(unsure)[:, places, places].sum(axis=1)
    given = np.maximum(incidence.given().sum(axis=1), 1e-9)
    spread = given * np.maximum(right / given * (1 - right / given), 1e-9)
    return np.asarray(np.clip(1 - doubt / spread, 0.5, 1.0))


def beta_interval(right: Floats, wrong: Floats, doubt: Floats) -> tuple[Floats, Floats, Floats]:
    """Mean and equal-tailed interval of Beta distributions of as much information as there is: that of known right and
    wrong votes less what is missing because the true labels are in `doubt` (Louis 1982)."""
    total = np.maximum(right + wrong, 1e-9)
    mean = right / total
    spread = np.maximum(mean * (1 - mean), 1e-12)
    there = np.clip(1 - doubt / (total * spread), LEAST_INFORMATION, 1.0)
    size = np.maximum((total + 1) * there - 1, 1e-3)
    a, b = np.maximum(mean * size, 1e-6), np.maximum((1 - mean) * size, 1e-6)
    return mean, *_ends(mean, a, b)


def moment_interval(mean: Floats, variance: Floats) -> tuple[Floats, Floats]:
    """Equal-tailed interval of Beta distributions of this mean and variance."""
    size = np.maximum(mean * (1 - mean) / np.maximum(variance, 1e-12) - 1, 1e-3)
    return _ends(mean, np.maximum(mean * size, 1e-6), np.maximum((1 - mean) * size, 1e-6))


def _ends(mean: Floats, a: Floats, b: Floats) -> tuple[Floats, Floats]:
    """The mean is always between them, though a mean next to 0 or 1 may be beyond its distribution's quantiles."""
    tail = (1 - LEVEL) / 2
    return np.minimum(betaincinv(a, b, tail), mean), np.maximum(betaincinv(a, b, 1 - tail), mean)


def believed(incidence: Incidence, log_votes: Floats, log_prior: Floats) -> tuple[Floats, float]:
    """The posterior of each item's label, and the log likelihood of all votes and known labels."""
    logits = incidence.evidence(log_votes)
    logits += log_prior
    known = np.flatnonzero(incidence.gold >= 0)
    of_gold = logits[known, incidence.gold[known]]
    posterior, norm = softmax(logits)
    norm[known] = of_gold
    return incidence.with_gold(posterior), float(norm.sum())

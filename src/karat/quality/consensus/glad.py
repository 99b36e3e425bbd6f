"""GLAD (Whitehill, Ruvolo, Wu, Bergsma and Movellan 2009): skill of the annotator times ease of the item."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, log_expit

from karat.quality.columns import Floats
from karat.quality.consensus.checks import check_number, check_whole
from karat.quality.consensus.incidence import Incidence, softmax
from karat.quality.consensus.model import Learned, Model
from karat.quality.consensus.rows import Rows

STEPS = 2
"""Newton steps on the annotators and on the items in each round; a step that would lower the likelihood is not taken."""
FARTHEST = 1.0
"""By how much a step may move the log of an ease."""


@dataclass(kw_only=True)
class Glad(Model):
    """A vote is right with probability 1 / (1 + exp(-ability * ease)); wrong labels are equally likely.

    `ability_`, shape (annotators,), has a normal prior of mean and deviation 1; below 0 is an adversary. `ease_`, shape
    (items,), is above 0, and its log has a normal prior of mean 0 and deviation 1. `likelihoods_` are the log likelihoods
    with those priors after each round; they never fall. Stops when one grows by less than `tolerance` a vote.
    """

    max_rounds: int = 60
    tolerance: float = 1e-4

    def _learn(self, incidence: Incidence) -> Learned:
        check_whole("max_rounds", self.max_rounds)
        check_number("tolerance", self.tolerance, least=0)
        rows = _Rows.of(incidence)
        labels = incidence.labels
        self.ability_ = np.ones(incidence.annotators)
        log_ease = np.zeros(incidence.items)
        posterior = incidence.shares()
        self.likelihoods_: list[float] = []
        log_prior = np.zeros(labels)
        enough = self.tolerance * max(float(rows.weight.sum()), 1.0)
        for _ in range(self.max_rounds if labels > 1 else 0):
            right = posterior[rows.item, rows.given]
            for _ in range(STEPS):
                self.ability_ = _better_ability(rows, right, self.ability_, np.exp(log_ease))
                log_ease = _better_ease(rows, right, self.ability_, log_ease)
            log_prior = np.log((posterior.sum(axis=0) + 1e-9) / (posterior.sum() + 1e-9 * labels))
            posterior, likelihood = _believed(incidence, rows, self.ability_, np.exp(log_ease), log_prior)
            priors = ((self.ability_ - 1) ** 2).sum() + (log_ease**2).sum()
            self.likelihoods_.append(likelihood - 0.5 * float(priors))
            if len(self.likelihoods_) > 1 and self.likelihoods_[-1] - self.likelihoods_[-2] < enough:
                break
        self.ease_ = np.exp(log_ease)
        return Learned(posterior, self._confusion(rows, labels), log_prior, (0.5, 0.5))

    def _confusion(self, rows: "_Rows", labels: int) -> Floats:
        """As a coin for each annotator: the mean chance to be right over the items they voted on."""
        chance = rows.by_annotator(expit(self.ability_[rows.annotator] * self.ease_[rows.item]))
        votes = rows.by_annotator(np.ones(len(rows.item)))
        skill = np.where(votes > 0, chance / np.maximum(votes, 1e-300), 0.5) if labels > 1 else np.ones(rows.annotators)
        confusion = np.repeat(((1 - skill) / max(labels - 1, 1))[:, None], labels * labels, axis=1)
        confusion = confusion.reshape(rows.annotators, labels, labels)
        confusion[:, np.arange(labels), np.arange(labels)] = skill[:, None]
        return confusion


@dataclass(frozen=True, slots=True)
class _Rows(Rows):
    """Votes, and sums over them."""

    def by_item(self, values: Floats) -> Floats:
        return _summed(self.item, values * self.weight, self.items)

    def by_annotator(self, values: Floats) -> Floats:
        return _summed(self.annotator, values * self.weight, self.annotators)


def _summed(places: NDArray[np.integer], values: Floats, size: int) -> Floats:
    return np.asarray(np.bincount(places, weights=values, minlength=size), dtype=np.float64)


def _fit_of(right: Floats, signal: Floats) -> Floats:
    return np.asarray(right * log_expit(signal) + (1 - right) * log_expit(-signal))


def _better_ability(rows: _Rows, right: Floats, ability: Floats, ease: Floats) -> Floats:
    """One Newton step for each annotator."""
    of_item = ease[rows.item]
    signal = ability[rows.annotator] * of_item
    chance = expit(signal)
    slope = rows.by_annotator((right - chance) * of_item) - (ability - 1)
    bend = rows.by_annotator(chance * (1 - chance) * of_item**2) + 1
    moved = ability + slope / bend
    was = rows.by_annotator(_fit_of(right, signal)) - 0.5 * (ability - 1) ** 2
    now = rows.by_annotator(_fit_of(right, moved[rows.annotator] * of_item)) - 0.5 * (moved - 1) ** 2
    return np.where(now >= was, moved, ability)


def _better_ease(rows: _Rows, right: Floats, ability: Floats, log_ease: Floats) -> Floats:
    """One step of Fisher scoring for each item."""
    of_annotator = ability[rows.annotator]
    signal = of_annotator * np.exp(log_ease)[rows.item]
    chance = expit(signal)
    slope = rows.by_item((right - chance) * signal) - log_ease
    bend = rows.by_item(chance * (1 - chance) * signal**2) + 1
    moved = log_ease + np.clip(slope / bend, -FARTHEST, FARTHEST)
    was = rows.by_item(_fit_of(right, signal)) - 0.5 * log_ease**2
    now = rows.by_item(_fit_of(right, of_annotator * np.exp(moved)[rows.item])) - 0.5 * moved**2
    return np.where(now >= was, moved, log_ease)


def _believed(
    incidence: Incidence, rows: _Rows, ability: Floats, ease: Floats, log_prior: Floats
) -> tuple[Floats, float]:
    labels = incidence.labels
    signal = ability[rows.annotator] * ease[rows.item]
    right = log_expit(signal)
    wrong = log_expit(-signal) - np.log(max(int(incidence.voted().sum()) - 1, 1))
    cell = rows.item.astype(np.int64) * labels + rows.given
    favour = _summed(cell, (right - wrong) * rows.weight, rows.items * labels)
    logits = favour.reshape(rows.items, labels) + rows.by_item(wrong)[:, None] + log_prior
    known = np.flatnonzero(incidence.gold >= 0)
    of_gold = logits[known, incidence.gold[known]]
    posterior, norm = softmax(logits)
    norm[known] = of_gold
    return incidence.with_gold(posterior), float(norm.sum())

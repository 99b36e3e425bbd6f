"""Consensus where votes are few: a vote is not judged by the belief that it made itself."""

from dataclasses import dataclass

import numpy as np

from karat.quality.columns import Floats
from karat.quality.consensus.hierarchy import Hypothesis, learn_annotators
from karat.quality.consensus.incidence import Incidence, softmax
from karat.quality.consensus.live import voted
from karat.quality.consensus.model import Learned
from karat.quality.consensus.online import Online
from karat.quality.consensus.population import Population
from karat.quality.consensus.rows import Rows
from karat.quality.consensus.rule import Rule, with_everybody

POPULATIONS: tuple[Population, ...] = ("coin", "confusion")
WEIGHTS = 1.0, 4.0, 16.0
"""For how many votes the population may count in each row of an annotator's confusion matrix."""
TINY = 1e-9
AT_LEAST = 5
"""Rounds, for the first may hardly move anything."""


@dataclass(kw_only=True)
class Collapsed(Online):
    """Annotators with confusions of their own, drawn from a population that is learned with them, as in `Consensus`; but
    what a vote says of an item is learned from the annotator's votes on all other items. What `replay` buys by.

    Where each annotator gave a few votes only, a model that also counts the vote at hand believes what it already
    believes: it is sure too early, and of the wrong label as well. Collapsed variational Bayes of order zero (Asuncion,
    Welling, Smyth and Teh 2009) leaves it out. It is done for a population of one coin each and for one of a confusion
    matrix, and their log odds are averaged. `posterior_` is the mean of that and of a vote in which each voice counts as
    far as its annotator is above chance. Stops when no probability moves by more than `tolerance`.
    """

    max_rounds: int = 60
    tolerance: float = 0.01

    def _learn(self, incidence: Incidence) -> Learned:
        rows = _Rows.of(incidence)
        found = [self._likeliest(incidence, rows, population) for population in POPULATIONS]
        evidence = np.add(*(one.evidence for one in found))
        evidence /= 2
        belief = incidence.with_gold(softmax(evidence)[0])
        means = np.add(*(one.means for one in found)) / 2
        rule = _rule(incidence, found, means, belief)
        posterior = (1 - rule.share) * belief + rule.share * voted(incidence, rule)
        prior = found[0].skill_prior
        return Learned(incidence.with_gold(posterior), means, np.log(rule.first), prior, belief, rule)

    def _likeliest(self, incidence: Incidence, rows: "_Rows", population: Population) -> "_Fitted":
        """With the population counting for as many votes as make each vote likeliest by all the others."""
        found = [self._fit(incidence, rows, Hypothesis(population, 1, "voted", weight)) for weight in WEIGHTS]
        return max(found, key=lambda one: one.likelihood)

    def _fit(self, incidence: Incidence, rows: "_Rows", hypothesis: Hypothesis) -> "_Fitted":
        belief = incidence.shares()
        common = belief.sum(axis=0) + TINY  # as common as in the votes, with the weight of all items
        evidence = np.zeros_like(belief)
        learned, skill_prior = _annotators(incidence, belief, hypothesis)
        for count in range(self.max_rounds):
            evidence = rows.summed(rows.logs(learned, belief))
            evidence += np.log(belief.sum(axis=0) - belief + common)
            found = incidence.with_gold(softmax(evidence.copy())[0])
            moved = float(np.abs(found - belief).max(initial=0.0))
            belief = found
            learned, skill_prior = _annotators(incidence, belief, hypothesis)
            if moved < self.tolerance and count >= AT_LEAST:
                break
        states = np.log(belief.sum(axis=0) + common)
        means = (learned / learned.sum(axis=1, keepdims=True)).transpose(0, 2, 1)
        return _Fitted(evidence, means, skill_prior, states, rows.likelihood(learned, belief))


@dataclass(frozen=True, slots=True)
class _Fitted:
    evidence: Floats
    """Shape (items, labels): log odds."""
    means: Floats
    """Shape (annotators, true labels, labels given)."""
    skill_prior: tuple[float, float]
    states: Floats
    likelihood: float
    """Of each vote given all the others, as logarithm."""


def _annotators(incidence: Incidence, belief: Floats, hypothesis: Hypothesis) -> tuple[Floats, tuple[float, float]]:
    """Votes by annotator, label given and label believed, those of the population that count for each among them."""
    step = learn_annotators(incidence.counts(belief), hypothesis)
    return step.learned[:, :, :, 0], step.skill_prior


@dataclass(frozen=True, slots=True)
class _Rows(Rows):
    """Votes, each judged by the other votes of its annotator."""

    def logs(self, learned: Floats, belief: Floats) -> Floats:
        """How likely each vote is under each label by its annotator's other votes, as logarithm, shape (votes, labels)."""
        own = belief[self.item] * self.weight[:, None]
        said = np.maximum(learned[self.annotator, self.given] - own, TINY)
        of = np.maximum(learned.sum(axis=1)[self.annotator] - own, TINY)
        return np.asarray(np.log(said / of) * self.weight[:, None])

    def summed(self, logs: Floats) -> Floats:
        """Over the votes of each item, shape (items, labels)."""
        sums = [np.bincount(self.item, of_label, self.items) for of_label in logs.T]
        return np.asarray(np.stack(sums, axis=1) if sums else np.zeros((self.items, 0)), dtype=np.float64)

    def likelihood(self, learned: Floats, belief: Floats) -> float:
        """Of each vote given all the others, as logarithm: what is believed without a vote is what is believed with it,
        divided by how likely the vote is."""
        without = belief[self.item] * np.exp(-self.logs(learned, belief))
        return -float(np.log(np.maximum(without.sum(axis=1), TINY)).sum())


def _rule(incidence: Incidence, found: list[_Fitted], means: Floats, belief: Floats) -> Rule:
    labels, given = incidence.labels, incidence.given().sum(axis=1)
    prevalence = (belief.sum(axis=0) + TINY) / max(float(belief.sum() + labels * TINY), TINY)
    places = np.arange(labels)
    skill = means[:, places, places] @ prevalence
    voices = np.clip((labels * skill - 1) / max(labels - 1, 1), 0.0, 1.0)
    everybody = float(voices @ given / max(given.sum(), TINY))
    logs = [np.log(np.maximum(one.means.transpose(0, 2, 1), TINY)) for one in found]
    states = np.add(*(one.states for one in found)) / 2
    return Rule(with_everybody(np.add(*logs) / 2, given), states, np.append(voices, everybody), prevalence, 0.5)

"""Karat's own model of consensus: the likeliest of several hypotheses about how annotators err, held to the vote."""

from dataclasses import dataclass

import numpy as np

from karat.quality.columns import Floats
from karat.quality.consensus.hierarchy import Fitted, Hypothesis, Population, Prevalence, fit
from karat.quality.consensus.incidence import Incidence
from karat.quality.consensus.model import Learned
from karat.quality.consensus.online import Online
from karat.quality.consensus.rule import Rule, with_everybody

POPULATIONS: tuple[Population, ...] = ("coin", "confusion")
SORTS = (1, 2)
PREVALENCES: tuple[Prevalence, ...] = ("voted", "open")
HYPOTHESES = [Hypothesis(p, s, c) for s in SORTS for p in POPULATIONS for c in PREVALENCES]


@dataclass(kw_only=True)
class Consensus(Online):
    """The default: which hypothesis holds is chosen by likelihood inside the votes at hand, never by a setting.

    Annotators come from a population that is learned with them: either of one coin each, or of a confusion matrix. Each has
    a skill, shrunken to the population's, and confusions, shrunken to what that skill makes of the population's. Items of a
    label are of one sort or of two, such as easy and hard, so that annotators who err together count as less than
    independent. The labels are as common as in the votes, or not. The eight hypotheses are fitted by variational Bayes and the one with the highest evidence bound is kept
    (`hypothesis_`, `bounds_`). Gold is certain and teaches who is right.

    `posterior_` is the mean of what the hypothesis says and of a vote in which each voice counts as far as its annotator is
    above chance, with one more voice for how common the labels are. People make the same mistakes in ways that their votes
    alone do not show; models that take them for independent witnesses were too sure on recorded crowds, and the mean was
    closer. Half and half is a choice made on such crowds; where annotators truly err independently it is too careful.

    Where there are more than twice `sample` items, the hypotheses are compared on so many of them, drawn at random, and the
    likeliest is then carried to all. `seed` draws these, and where two sorts of items start from; the same votes and seed give the same result.
    """

    seed: int = 0
    sample: int = 20_000
    max_rounds: int = 150
    tolerance: float = 1e-3

    def _learn(self, incidence: Incidence) -> Learned:
        if incidence.labels < 2 or incidence.matrix.nnz == 0:
            return _trivial(incidence)
        large = incidence.items > 2 * self.sample
        drawn = np.random.default_rng(self.seed).choice(incidence.items, self.sample, replace=False) if large else None
        part = incidence if drawn is None else incidence.some(np.sort(drawn))
        best: Fitted | None = None
        self.bounds_: dict[Hypothesis, float] = {}
        for hypothesis in HYPOTHESES:
            fitted = fit(part, hypothesis, seed=self.seed, rounds=self.max_rounds, tolerance=self.tolerance)
            self.bounds_[hypothesis] = fitted.bound
            best = fitted if best is None or fitted.bound > best.bound else best
        assert best is not None
        if large:
            best = fit(incidence, best.hypothesis, seed=self.seed, rounds=8, tolerance=0.05, start=best)
        self.hypothesis_ = best.hypothesis
        posterior = best.posterior(incidence.labels)
        prevalence = posterior.mean(axis=0)
        voice = _voices(best.means, prevalence)
        held = (posterior + _shares(incidence, voice, prevalence)) / 2
        return Learned(
            incidence.with_gold(held),
            best.means,
            np.log(np.maximum(prevalence, 1e-300)),
            best.skill_prior,
            posterior,
            _rule(incidence, best, voice, prevalence),
        )


def _rule(incidence: Incidence, fitted: Fitted, voice: Floats, prevalence: Floats) -> Rule:
    given = incidence.given().sum(axis=1)
    everybody = float(voice @ given / max(given.sum(), 1e-300))
    return Rule(with_everybody(fitted.tables, given), fitted.states, np.append(voice, everybody), prevalence, 0.5)


def _voices(means: Floats, prevalence: Floats) -> Floats:
    """How far each annotator is above chance, shape (annotators,), in [0, 1]."""
    labels = len(prevalence)
    skill = means[:, np.arange(labels), np.arange(labels)] @ prevalence
    return np.asarray(np.clip((labels * skill - 1) / (labels - 1), 0.0, 1.0))


def _shares(incidence: Incidence, voice: Floats, prevalence: Floats) -> Floats:
    """The share of the votes, each weighted by how far its annotator is above chance, with one more voice for how common
    the labels are; shape (items, labels)."""
    shares = incidence.evidence(voice[:, None, None] * np.eye(incidence.labels))
    shares += prevalence
    shares /= shares.sum(axis=1, keepdims=True)
    return shares


def _trivial(incidence: Incidence) -> Learned:
    """Nothing to choose from, or nobody voted: the shares."""
    posterior = incidence.shares()
    labels = incidence.labels
    confusion = np.full((incidence.annotators, labels, labels), 1.0 / max(labels, 1))
    prevalence = posterior.mean(axis=0) if len(posterior) else np.full(labels, 1.0 / max(labels, 1))
    return Learned(posterior, confusion, np.log(np.maximum(prevalence, 1e-300)), (0.5, 0.5))

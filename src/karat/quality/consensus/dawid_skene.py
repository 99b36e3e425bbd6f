"""Dawid and Skene's model (1979), and the one with a single coin for each annotator: expectation and maximisation."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from karat.quality.columns import Floats
from karat.quality.consensus.checks import check_number, check_whole
from karat.quality.consensus.incidence import Incidence
from karat.quality.consensus.model import Learned, believed
from karat.quality.consensus.online import Online
from karat.quality.consensus.rule import Rule


@dataclass(kw_only=True)
class DawidSkene(Online):
    """Each annotator has a confusion matrix. `smoothing` is added to every count of it, so that a vote never rules a label
    out for good. Starts at the shares of the vote, stops when the likelihood grows by less than `tolerance` a vote.

    `likelihoods_` are the log likelihoods (with that of the smoothing) of each round; they never fall. Raises `ValueError`
    where `smoothing` is not above 0, `max_rounds` not above 0, or `tolerance` below 0.
    """

    smoothing: float = 0.01
    max_rounds: int = 100
    tolerance: float = 1e-5

    def _learn(self, incidence: Incidence) -> Learned:
        learned, self.likelihoods_ = maximise(incidence, self, self._tables)
        return learned

    def _prior(self, rule: Rule) -> Floats:
        return np.full(rule.tables.shape[1:], self.smoothing)

    def _tables(self, counts: Floats) -> tuple[Floats, float]:
        tables = counts + self.smoothing
        tables /= tables.sum(axis=1, keepdims=True)
        logs = np.log(tables)
        return logs, float(self.smoothing * logs.sum())


@dataclass(kw_only=True)
class OneCoin(DawidSkene):
    """Each annotator is right with one probability, whatever the label, and wrong labels are equally likely.

    `smoothing` counts as so many right and as many wrong votes.
    """

    def _tables(self, counts: Floats) -> tuple[Floats, float]:
        labels = counts.shape[1]
        places = np.arange(labels)
        right = counts[:, places, places].sum(axis=1) + self.smoothing
        wrong = counts.sum(axis=(1, 2)) + 2 * self.smoothing - right
        skill = right / (right + wrong)
        logs = np.repeat(np.log((1 - skill) / max(labels - 1, 1))[:, None], labels * labels, axis=1)
        logs = logs.reshape(len(counts), labels, labels)
        logs[:, places, places] = np.log(skill)[:, None]
        if labels == 1:
            logs[:] = 0.0
        return logs, float(self.smoothing * (np.log(skill) + np.log1p(-skill)).sum())

    def _tables_of(self, counts: Floats) -> Floats:
        return self._tables(counts)[0]


Tables = Callable[[Floats], tuple[Floats, float]]


def maximise(incidence: Incidence, model: DawidSkene, tables: Tables) -> tuple[Learned, list[float]]:
    """Rounds of learning the annotators from the labels and the labels from the annotators.

    `tables` turns counts, shape (annotators, labels given, true labels), into log probabilities of that shape and the log
    of their prior.
    """
    check_number("smoothing", model.smoothing, above=0)
    check_whole("max_rounds", model.max_rounds)
    check_number("tolerance", model.tolerance, least=0)
    posterior = incidence.shares()
    enough = model.tolerance * max(float(incidence.matrix.sum()), 1.0)
    likelihoods: list[float] = []
    logs = np.zeros((incidence.annotators, incidence.labels, incidence.labels))
    log_prior = np.zeros(incidence.labels)
    for _ in range(model.max_rounds):
        logs, of_tables = tables(incidence.counts(posterior))
        prevalence = posterior.sum(axis=0) + model.smoothing
        del posterior  # as large as the one that follows
        log_prior = np.log(prevalence / prevalence.sum())
        posterior, likelihood = believed(incidence, logs, log_prior)
        likelihoods.append(likelihood + of_tables + float(model.smoothing * log_prior.sum()))
        if len(likelihoods) > 1 and likelihoods[-1] - likelihoods[-2] < enough:
            break
    confusion = np.exp(logs).transpose(0, 2, 1)
    return Learned(posterior, confusion, log_prior, (0.5, 0.5)), likelihoods

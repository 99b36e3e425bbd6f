"""MACE (Hovy, Berg-Kirkpatrick, Vaswani and Hovy 2013): each vote is either known to be right, or drawn from a habit."""

from dataclasses import dataclass

import numpy as np

from karat.quality.columns import Floats
from karat.quality.consensus.checks import check_number
from karat.quality.consensus.dawid_skene import DawidSkene, maximise
from karat.quality.consensus.incidence import Incidence
from karat.quality.consensus.model import Learned


@dataclass(kw_only=True)
class Mace(DawidSkene):
    """Each annotator says the right label with a probability of their own (`competence_`, shape (annotators,)), and
    otherwise gives labels as is their habit (`habits_`, shape (annotators, labels)), whatever the item shows.

    `smoothing` is added to the votes that were known, to those that were not, and to each label of the habit. Starts at the
    shares of the vote; no restarts and nothing drawn at random.
    """

    smoothing: float = 0.1

    def _learn(self, incidence: Incidence) -> Learned:
        check_number("smoothing", self.smoothing, above=0)
        self.competence_ = np.full(incidence.annotators, 0.5)
        given = incidence.given() + self.smoothing
        self.habits_ = given / np.maximum(given.sum(axis=1, keepdims=True), 1e-300)
        learned, self.likelihoods_ = maximise(incidence, self, self._tables)
        return learned

    def _tables(self, counts: Floats) -> tuple[Floats, float]:
        labels = counts.shape[1]
        places = np.arange(labels)
        right = counts[:, places, places]
        known = self.competence_[:, None]
        knew = right * (known / np.maximum(known + (1 - known) * self.habits_, 1e-300))
        guessed = np.maximum(counts.sum(axis=2) - knew, 0.0)
        knows, guesses = knew.sum(axis=1) + self.smoothing, guessed.sum(axis=1) + self.smoothing
        self.competence_ = knows / (knows + guesses)
        guessed += self.smoothing
        self.habits_ = guessed / np.maximum(guessed.sum(axis=1, keepdims=True), 1e-300)
        tables = np.repeat(((1 - self.competence_)[:, None] * self.habits_)[:, :, None], labels, axis=2)
        tables[:, places, places] += self.competence_[:, None]
        prior = np.log(self.competence_).sum() + np.log1p(-self.competence_).sum() + np.log(self.habits_).sum()
        return np.log(tables), float(self.smoothing * prior)

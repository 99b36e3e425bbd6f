"""The votes as a sparse matrix of items by (annotator, label given): all that the models of consensus compute with."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from karat.quality.columns import Codes, Floats
from karat.quality.votes import Votes

ALIKE = 1e-9
"""Probabilities that differ by less are level."""


@dataclass(frozen=True, slots=True)
class Incidence:
    """12 bytes a vote; each step of a model is one product with the matrix or its transpose."""

    matrix: csr_array
    """Shape (items, annotators * labels): the weight of each vote."""
    annotators: int
    labels: int
    gold: Codes
    """Shape (items,): the known label, -1 where none is known."""

    @classmethod
    def of(cls, votes: Votes, gold: Codes) -> "Incidence":
        """The matrix of some votes; of an annotator's repeated votes on an item the last counts."""
        given = votes.once()
        items, labels = len(votes.items), len(votes.labels)
        starts = np.zeros(items + 1, dtype=np.int32)
        np.cumsum(np.bincount(given.item_codes, minlength=items), out=starts[1:])
        column = given.annotator_codes * np.int32(max(labels, 1)) + given.label_codes
        weights = given.weights
        if (given.item_codes[1:] < given.item_codes[:-1]).any():
            order = np.argsort(given.item_codes, kind="stable")
            column, weights = column[order], None if weights is None else weights[order]
            del order
        weights = np.ones(len(column)) if weights is None else weights
        shape = (items, len(votes.annotators) * labels)
        return cls(csr_array((weights, column, starts), shape=shape), len(votes.annotators), labels, gold)

    @property
    def items(self) -> int:
        """How many items there are, those without votes too."""
        return int(self.matrix.shape[0])

    def shares(self) -> Floats:
        """The share of the votes that each label has, shape (items, labels); level where nobody voted; gold is certain."""
        labels = np.tile(np.eye(self.labels), (self.annotators, 1))
        counts = np.asarray(self.matrix @ labels) if self.annotators else np.zeros((self.items, self.labels))
        counts[counts.sum(axis=1) == 0] = 1.0
        counts /= np.maximum(counts.sum(axis=1), 1e-300)[:, None]
        return self.with_gold(counts)

    def weight_of_items(self) -> Floats:
        """How many votes each item has, shape (items,)."""
        return np.asarray(self.matrix.sum(axis=1), dtype=np.float64).reshape(-1)

    def given(self) -> Floats:
        """How often each annotator gave each label, shape (annotators, labels)."""
        return np.asarray(self.matrix.sum(axis=0), dtype=np.float64).reshape(self.annotators, self.labels)

    def voted(self) -> NDArray[np.bool_]:
        """Which labels were given in any vote, shape (labels,); all where there is only one, which has no other beside it."""
        given = self.given().sum(axis=0) > 0
        return np.asarray(given if given.sum() > 1 else np.ones_like(given))

    def counts(self, belief: Floats) -> Floats:
        """How often each annotator gave each label where each state is believed, shape (annotators, labels, states)."""
        return np.asarray(self.matrix.T @ belief).reshape(self.annotators, self.labels, belief.shape[1])

    def evidence(self, log_votes: Floats) -> Floats:
        """The sum over an item's votes of their log probabilities in each state, shape (items, states).

        `log_votes` has the shape (annotators, labels given, states).
        """
        return np.asarray(self.matrix @ log_votes.reshape(self.annotators * self.labels, log_votes.shape[2]))

    def with_gold(self, belief: Floats) -> Floats:
        """The belief over labels, certain where the label is known; changes its argument."""
        known = self.gold >= 0
        if known.any():
            belief[known] = 0.0
            belief[known, self.gold[known]] = 1.0
        return belief

    def some(self, rows: NDArray[np.integer]) -> "Incidence":
        """These items only; annotators and labels stay as they are."""
        return Incidence(self.matrix[rows], self.annotators, self.labels, self.gold[rows])

    def of_voters(self) -> tuple["Incidence", NDArray[np.integer]]:
        """With the annotators who voted only, and one who did not, who stands last; and where each annotator stands then.

        All who did not vote are alike to a model: it need not go through them one by one.
        """
        given = self.given().sum(axis=1) > 0
        voters = np.flatnonzero(given)
        place = np.full(self.annotators, len(voters))
        place[voters] = np.arange(len(voters))
        columns = (voters[:, None] * self.labels + np.arange(self.labels)).ravel()
        matrix = csr_array(self.matrix[:, columns])
        matrix.resize(self.items, (len(voters) + 1) * self.labels)
        return Incidence(matrix, len(voters) + 1, self.labels, self.gold), place

    def among(self, labels: NDArray[np.integer]) -> "Incidence":
        """With these labels only, in ascending order, which must have all votes; gold of another label is left out."""
        place = np.full(self.labels + 1, -1, dtype=self.gold.dtype)
        place[labels] = np.arange(len(labels))
        columns = (np.arange(self.annotators)[:, None] * self.labels + labels).ravel()
        return Incidence(csr_array(self.matrix[:, columns]), self.annotators, len(labels), place[self.gold])


def softmax(logits: Floats) -> tuple[Floats, Floats]:
    """Probabilities over the last axis, and the log of what they were divided by, shape (items,); changes its argument."""
    if logits.shape[1] == 0:
        return logits, np.zeros(len(logits))
    top = logits.max(axis=1)
    logits -= top[:, None]
    np.exp(logits, out=logits)
    total = logits.sum(axis=1)
    logits /= total[:, None]
    return logits, top + np.log(total)

"""Votes as they arrive: the belief about one item and what is known of its annotators, brought up to date in microseconds."""

from array import array
from collections.abc import Callable
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from karat.quality.columns import Codes, Floats
from karat.quality.consensus.incidence import Incidence, softmax
from karat.quality.consensus.rule import Rule, with_everybody

STILL = 1e-4
"""Where no probability of an item moves by more, its earlier annotators are left as they are."""
NOTHING = 1e-6
TablesOf = Callable[[Floats], Floats]
"""From how often some annotators gave each label in each state to the log probabilities of that, both of shape
(some, labels given, states)."""
Array = TypeVar("Array", bound=NDArray[np.generic])


class Live:
    """Items and annotators are places: those of the fit, then in the order in which they came.

    The rule of the fit says what votes tell. It moves as the shares of what an annotator gave move, who is credited with
    `prior` votes, shape (labels given, states), which are all there is of one whom it has not met. What all share, such as
    how common the labels are, stays as it was fitted.
    """

    def __init__(self, rule: Rule, incidence: Incidence, *, prior: Floats, tables_of: TablesOf) -> None:
        self.labels = incidence.labels
        self.items, self.annotators = incidence.items, incidence.annotators
        self.gold: Codes = incidence.gold.copy()
        self.fitted, self._tables_of, self._matrix = rule, tables_of, incidence.matrix
        self._belief = _believed(rule, incidence)
        self._counts = np.repeat(prior[None], self.annotators + 1, axis=0)
        self._counts[:-1] += incidence.counts(self._belief)
        self._beyond = rule.tables - tables_of(self._counts)
        self._tables, self._voices = rule.tables.copy(), rule.voices.copy()
        self._somebody = self._counts[-1].copy(), self._beyond[-1].copy()
        self._touched: dict[int, tuple[array[int], array[float]]] = {}

    def belief(self) -> Floats:
        """What the likelihood of the votes says of each item, shape (items, labels)."""
        return np.asarray(self._belief[: self.items].reshape(self.items, self.labels, -1).sum(axis=2))

    def counts(self) -> Floats:
        """How often each annotator gave each label where each is right, with what they are credited with, shape
        (annotators, labels given, labels)."""
        return np.asarray(
            self._counts[: self.annotators].reshape(-1, self.labels, self.labels, self._sorts).sum(axis=3)
        )

    def rule(self, given: Floats) -> Rule:
        """What votes tell by now; `given`, shape (annotators,), is how much each annotator voted."""
        tables = with_everybody(self._tables[: self.annotators], given)
        voices = np.append(self._voices[: self.annotators], self.fitted.voices[-1])
        return Rule(tables, self.fitted.states, voices, self.fitted.first, self.fitted.share)

    def posterior(self, item: int) -> Floats:
        """How probable each label of an item is, shape (labels,)."""
        cells, weight = self.votes_of(item)
        share = self.fitted.share
        found = np.zeros(self.labels)
        if share < 1:
            found += (1 - share) * self._belief[item].reshape(self.labels, -1).sum(axis=1)
        if share > 0:
            people, said = np.divmod(cells, self.labels)
            heard: NDArray[np.floating] = (
                np.bincount(said, weight * self._voices[people], self.labels) + self.fitted.first
            )
            if heard.sum() <= 0:  # nobody who voted has a voice: then all have the same
                heard = np.bincount(said, weight, self.labels) + (0.0 if len(said) else 1.0)
            found += share * heard / heard.sum()
        return found if self.gold[item] < 0 else np.eye(self.labels)[self.gold[item]]

    def new_item(self) -> int:
        """The place of an item not seen before."""
        place = self.items
        self._belief, self.gold = _room(self._belief, place), _room(self.gold, place)
        self._belief[place] = _softmax(self.fitted.states)
        self.gold[place] = -1
        self.items += 1
        return place

    def new_annotator(self) -> int:
        """The place of an annotator not seen before."""
        place = self.annotators
        self._counts, self._beyond = _room(self._counts, place), _room(self._beyond, place)
        self._tables, self._voices = _room(self._tables, place), _room(self._voices, place)
        self._counts[place], self._beyond[place] = self._somebody
        self._tables[place], self._voices[place] = self.fitted.tables[-1], self.fitted.voices[-1]
        self.annotators += 1
        return place

    def vote(self, item: int, annotator: int, label: int, weight: float) -> None:
        """One more vote; an earlier one of the same annotator on the item gives way."""
        columns, weights = self._votes_of(item)
        first = annotator * self.labels
        for place, column in enumerate(columns):
            if first <= column < first + self.labels:
                _flat(self._counts)[column] -= weights[place] * self._belief[item]
                del columns[place], weights[place]
                break
        columns.append(first + label)
        weights.append(weight)
        _flat(self._counts)[first + label] += weight * self._belief[item]
        self._settle(item, annotator)

    def know(self, item: int, label: int) -> None:
        """The label of an item is certain from now on."""
        self.gold[item] = label
        self._settle(item, None)

    def votes_of(self, item: int) -> tuple[NDArray[np.int64], Floats]:
        """The votes on an item, as annotator * labels + label given, and their weights."""
        columns, weights = self._votes_of(item)
        return np.array(columns, dtype=np.int64), np.array(weights, dtype=np.float64)

    @property
    def _sorts(self) -> int:
        return len(self.fitted.states) // max(self.labels, 1)

    def _settle(self, item: int, annotator: int | None) -> None:
        """Believe anew about an item, and let that count for its annotators."""
        cells, weight = self.votes_of(item)
        evidence = weight @ _flat(self._tables)[cells]
        evidence += self.fitted.states
        belief = self._certain(item, _softmax(evidence))
        moved = belief - self._belief[item]
        self._belief[item] = belief
        if np.abs(moved).max() > STILL:
            _flat(self._counts)[cells] += weight[:, None] * moved
            people = cells // self.labels
            self._tables[people] = self._tables_of(self._counts[people]) + self._beyond[people]
        elif annotator is not None:
            own = slice(annotator, annotator + 1)
            self._tables[own] = self._tables_of(self._counts[own]) + self._beyond[own]

    def _certain(self, item: int, belief: Floats) -> Floats:
        label = int(self.gold[item])
        if label < 0:
            return belief
        certain = np.zeros_like(belief)
        own = slice(label * self._sorts, (label + 1) * self._sorts)
        certain[own] = belief[own] / max(float(belief[own].sum()), 1e-300)
        return certain

    def _votes_of(self, item: int) -> "tuple[array[int], array[float]]":
        found = self._touched.get(item)
        if found is None:
            found = array("q"), array("d")
            if item < self._matrix.shape[0]:
                part = slice(int(self._matrix.indptr[item]), int(self._matrix.indptr[item + 1]))
                found = array("q", self._matrix.indices[part].tolist()), array("d", self._matrix.data[part].tolist())
            self._touched[item] = found
        return found


def tables_of(counts: Floats) -> Floats:
    """Each label's share of what was given in a state, as logarithm."""
    there = np.maximum(counts, NOTHING)  # taking votes away leaves the rounding errors of those that were added
    return np.asarray(np.log(there / there.sum(axis=1, keepdims=True)))


def voted(incidence: Incidence, rule: Rule) -> Floats:
    """What the vote says of each item, each annotator with the voice that the rule gives, shape (items, labels)."""
    heard = incidence.evidence(rule.voices[:-1, None, None] * np.eye(incidence.labels))
    heard += rule.first
    silent = heard.sum(axis=1) <= 0
    heard[silent] = incidence.shares()[silent]
    heard /= heard.sum(axis=1, keepdims=True)
    return heard


def _believed(rule: Rule, incidence: Incidence) -> Floats:
    belief = incidence.evidence(rule.tables[:-1])
    belief += rule.states
    belief, _ = softmax(belief)
    known = np.flatnonzero(incidence.gold >= 0)
    if len(known):
        sorts = belief.reshape(len(belief), incidence.labels, -1)
        own = sorts[known, incidence.gold[known]]
        sorts[known] = 0.0
        sorts[known, incidence.gold[known]] = own / np.maximum(own.sum(axis=1, keepdims=True), 1e-300)
    return belief


def _softmax(evidence: Floats) -> Floats:
    found = np.exp(evidence - evidence.max())
    found /= found.sum()
    return np.asarray(found)


def _flat(values: Floats) -> Floats:
    """Annotators and labels given as one axis; a view."""
    return values.reshape(-1, values.shape[2])


def _room(values: Array, place: int) -> Array:
    """The array with room for that place: twice as long where it was full."""
    if place < len(values):
        return values
    longer = np.zeros((max(2 * len(values), 16), *values.shape[1:]), dtype=values.dtype)
    longer[: len(values)] = values
    return longer  # type: ignore[return-value]

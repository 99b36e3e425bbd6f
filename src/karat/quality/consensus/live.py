"""Votes as they arrive: the belief about one item and what is known of its annotators, brought up to date in microseconds."""

from array import array
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from karat.quality.columns import Codes, Floats
from karat.quality.consensus.incidence import Incidence

STILL = 1e-4
"""Where no probability of an item moves by more, its earlier annotators are left as they are."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What a fitted model knows, and how a vote changes it. A state is a label, or a label and a sort of items."""

    counts: Floats
    """Shape (annotators, labels given, states): how often each gave each label in each state, prior included."""
    unknown: Floats
    """The same of an annotator nobody knows, shape (labels given, states)."""
    states: Floats
    """What is added to the evidence of each item, shape (states,)."""
    tables_of: Callable[[Floats], Floats]
    """From the counts of some annotators to the evidence of their votes, both of shape (some, labels given, states)."""
    believe: Callable[[Floats], Floats]
    """From the evidence of one item to the belief about it, both of shape (states,)."""


class Live:
    """Items and annotators are places, in the order in which they came. What all share (how common labels are, what
    annotators are like as a population) stays as it was fitted."""

    def __init__(self, rules: Rules, incidence: Incidence, belief: Floats) -> None:
        self.rules = rules
        self.labels = rules.unknown.shape[0]
        self.items, self.annotators = incidence.items, incidence.annotators
        self.belief = belief
        self.gold = incidence.gold
        self._counts = rules.counts.copy()
        self._tables = rules.tables_of(self._counts)
        self._fitted = incidence.matrix
        self._touched: dict[int, tuple[array[int], array[float]]] = {}

    @property
    def counts(self) -> Floats:
        """As in the rules, of all annotators so far."""
        return self._counts[: self.annotators]

    @property
    def tables(self) -> Floats:
        """The evidence of the votes of all annotators so far."""
        return self._tables[: self.annotators]

    def beliefs(self) -> Floats:
        """Shape (items, states)."""
        return self.belief[: self.items]

    def new_item(self) -> int:
        """The place of an item not seen before."""
        place = self.items
        self.belief, self.gold = _room(self.belief, place, 0.0), _room(self.gold, place, -1)
        self.belief[place] = self.rules.believe(self.rules.states.copy())
        self.items += 1
        return place

    def new_annotator(self) -> int:
        """The place of an annotator not seen before."""
        place = self.annotators
        self._counts, self._tables = _room(self._counts, place, 0.0), _room(self._tables, place, 0.0)
        self._counts[place] = self.rules.unknown
        self._tables[place] = self.rules.tables_of(self.rules.unknown[None])[0]
        self.annotators += 1
        return place

    def vote(self, item: int, annotator: int, label: int, weight: float) -> None:
        """One more vote; an earlier one of the same annotator on the item gives way."""
        columns, weights = self._votes_of(item)
        first = annotator * self.labels
        for place, column in enumerate(columns):
            if first <= column < first + self.labels:
                self._flat(self._counts)[column] -= weights[place] * self.belief[item]
                del columns[place], weights[place]
                break
        columns.append(first + label)
        weights.append(weight)
        self._flat(self._counts)[first + label] += weight * self.belief[item]
        self._settle(item, columns, weights, annotator)

    def know(self, item: int, label: int) -> None:
        """The label of an item is certain from now on."""
        self.gold[item] = label
        columns, weights = self._votes_of(item)
        self._settle(item, columns, weights, None)

    def votes_of(self, item: int) -> tuple[NDArray[np.integer], Floats]:
        """The votes on an item, as annotator * labels + label given, and their weights."""
        columns, weights = self._votes_of(item)
        return np.array(columns, dtype=np.int64), np.array(weights, dtype=np.float64)

    def _settle(self, item: int, columns: "array[int]", weights: "array[float]", annotator: int | None) -> None:
        """Believe anew about an item, and let that count for its annotators."""
        cells, weight = np.array(columns, dtype=np.int64), np.array(weights)
        evidence = weight @ self._flat(self._tables)[cells]
        evidence += self.rules.states
        belief = self._certain(item, self.rules.believe(evidence))
        moved = belief - self.belief[item]
        self.belief[item] = belief
        if np.abs(moved).max() > STILL:
            self._flat(self._counts)[cells] += weight[:, None] * moved
            people = cells // self.labels
            self._tables[people] = self.rules.tables_of(self._counts[people])
        elif annotator is not None:
            self._tables[annotator] = self.rules.tables_of(self._counts[annotator][None])[0]

    def _certain(self, item: int, belief: Floats) -> Floats:
        label = int(self.gold[item])
        if label < 0:
            return belief
        sorts = len(belief) // self.labels
        own = belief[label * sorts : (label + 1) * sorts]
        total = float(own.sum())
        certain = np.zeros_like(belief)
        certain[label * sorts : (label + 1) * sorts] = own / total if total > 0 else 1.0 / sorts
        return certain

    def _votes_of(self, item: int) -> "tuple[array[int], array[float]]":
        found = self._touched.get(item)
        if found is None:
            found = array("q"), array("d")
            if item < self._fitted.shape[0]:
                part = slice(int(self._fitted.indptr[item]), int(self._fitted.indptr[item + 1]))
                found = array("q", self._fitted.indices[part].tolist()), array("d", self._fitted.data[part].tolist())
            self._touched[item] = found
        return found

    def _flat(self, values: Floats) -> Floats:
        """Annotators and labels given as one axis; a view."""
        return values.reshape(-1, values.shape[2])


def _room(values: NDArray[np.generic], place: int, empty: float) -> "Floats | Codes":
    """The array with room for that place: twice as long where it was full."""
    if place < len(values):
        return values  # type: ignore[return-value]
    longer = np.full((max(2 * len(values), 16), *values.shape[1:]), empty, dtype=values.dtype)
    longer[: len(values)] = values
    return longer  # type: ignore[return-value]

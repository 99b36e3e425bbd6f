"""Spans and intervals of many authors as they come in, for unitising alpha in a report."""

from array import array

import numpy as np

from karat.quality.agreement.report import UNDEFINED
from karat.quality.agreement.unitising import unitising_alpha
from karat.quality.interval import Interval
from karat.quality.measure import Measure, measure
from karat.quality.responses import Said
from karat.quality.spans import Spans
from karat.quality.tallies import Bootstrap

LINES = ("span", "interval")
"""Kinds that lie on one line."""


class LineMarks:
    """Gathers where things were marked: 8 bytes for each author on an item, 28 for each thing, 8 for each item."""

    def __init__(self, labels: list[str]) -> None:
        self._number: dict[str | None, int] = {label: n for n, label in enumerate(labels or [""])} | {None: 0}
        self._labels = labels or [""]
        self._looked, self._person = array("i"), array("i")
        self._item, self._author, self._label = array("i"), array("i"), array("i")
        self._start, self._end = array("d"), array("d")
        self._length = array("d")
        self._items = array("i")

    def add(self, item: int, author: int, said: Said) -> None:
        """What an author marked; who looked for some labels only is left out, since silence about others says nothing."""
        if said.labels is not None:
            return
        self._looked.append(item)
        self._person.append(author)
        for annotation in said.annotations:
            for start, end in _segments(annotation.value):
                self._item.append(item)
                self._author.append(author)
                self._label.append(self._number[annotation.label])
                self._start.append(start)
                self._end.append(end)

    def length(self, item: int, length: float) -> None:
        """How long an item is; asked before what was marked on it."""
        self._items.append(item)
        self._length.append(length)

    def measure(self, *, resamples: int, seed: int) -> Measure:
        """Unitising alpha over all labels; undefined where no item was marked by two."""
        if not self._looked:
            return UNDEFINED
        count = max(self._items) + 1
        lengths = np.zeros(count)
        lengths[np.frombuffer(self._items, np.int32)] = np.frombuffer(self._length)
        ends = np.frombuffer(self._end) if self._end else np.empty(0)
        item = _ints(self._item)
        np.maximum.at(lengths, item, ends)
        people = np.arange(max(self._person) + 1)
        spans = Spans(
            np.arange(count),
            people,
            np.array(self._labels, object),
            item,
            _ints(self._author),
            _ints(self._label),
            np.frombuffer(self._start) if self._start else np.empty(0),
            ends,
            lengths,
            _ints(self._looked),
            _ints(self._person),
        )
        found = unitising_alpha(spans, bootstrap=Bootstrap(samples=max(resamples, 40), seed=seed))
        ends_of = (float("nan") if x is None else x for x in (found.value, found.low, found.high))
        return measure(*ends_of, n=found.n)


def _segments(value: object) -> tuple[tuple[float, float], ...]:
    if isinstance(value, Interval):
        return ((value.start, value.end),)
    if isinstance(value, tuple):
        return value
    raise TypeError(f"a {type(value).__name__} lies on no line; LINES names kinds that do")


def _ints(numbers: "array[int]") -> np.ndarray[tuple[int], np.dtype[np.int32]]:
    return np.frombuffer(numbers, np.int32) if numbers else np.empty(0, np.int32)

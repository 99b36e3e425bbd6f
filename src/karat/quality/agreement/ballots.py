"""Answers of many authors to many items as arrays: 16 bytes an answer, and each different value once."""

from array import array
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations

import msgspec
import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.signedinteger]

CHUNK = 60_000
"""Answers worked on at once."""


@dataclass(slots=True)
class Ballots:
    """Answers, grouped by unit: what is answered once by each author, an item or a matched pair of its annotations.

    Per answer the unit (of which the item is known), the author and the code of the value, each a 32-bit integer.
    """

    values: list[object] = field(default_factory=list)
    """The different values, by code; None is an answer left open."""
    unit: "array[int]" = field(default_factory=lambda: array("i"))
    author: "array[int]" = field(default_factory=lambda: array("i"))
    code: "array[int]" = field(default_factory=lambda: array("i"))
    item_of_unit: "array[int]" = field(default_factory=lambda: array("i"))
    codes: dict[Hashable, int] = field(default_factory=dict)

    def add(self, item: int, answers: Sequence[tuple[int, object]]) -> None:
        """One unit: (author, value) of everyone who spoke about it."""
        unit = len(self.item_of_unit)
        self.item_of_unit.append(item)
        for author, value in answers:
            self.unit.append(unit)
            self.author.append(author)
            self.code.append(self.code_of(value))

    def code_of(self, value: object) -> int:
        """The code of a value; a new one if it was not seen before."""
        key = value if isinstance(value, Hashable) else msgspec.json.encode(value)
        code = self.codes.setdefault(key, len(self.values))
        if code == len(self.values):
            self.values.append(value)
        return code


@dataclass(frozen=True, slots=True)
class Pairable:
    """The answers in units that two or more authors answered: one row per answer, and one per pair of authors."""

    item: Ints
    """Of each answer: the item's place among `Ballots.paired_items`, counted from the chunk's first."""
    unit: Ints
    code: Ints
    size: Ints
    """How many answers the answer's unit has."""
    pair_item: Ints
    pair_a: Ints
    """The answer's code; likewise pair_b."""
    pair_b: Ints
    author_a: Ints
    author_b: Ints
    pair_weight: NDArray[np.float64]
    """2 / (answers of the unit - 1), so that the pairs of a unit weigh as much as its answers (Krippendorff)."""
    items: int
    """How many items the chunk has."""


class Paired:
    """The answers that can be compared, handed out a few items at a time, so that what is made of them stays small."""

    def __init__(self, ballots: Ballots) -> None:
        unit, self._code, self._author = _numbers(ballots.unit), _numbers(ballots.code), _numbers(ballots.author)
        item_of_unit = _numbers(ballots.item_of_unit)
        sizes = np.bincount(unit, minlength=len(item_of_unit)).astype(np.int32)
        self.items: Ints = np.unique(item_of_unit[sizes >= 2])
        """The items with a pair, ascending."""
        self._unit, self._sizes = unit, sizes
        row = np.zeros(int(item_of_unit.max(initial=-1)) + 1, np.int32)
        row[self.items] = np.arange(len(self.items), dtype=np.int32)
        self._row_of_unit = row[item_of_unit]

    def draw(self, pairs: int, generator: np.random.Generator) -> tuple[Ints, Ints, Ints]:
        """Pairs of answers drawn from all that can be compared: the row of the first one's item, and both codes."""
        answers = np.flatnonzero(self._sizes[self._unit] >= 2)
        first, second = generator.integers(0, len(answers), (2, pairs))
        first, second = answers[first[first != second]], answers[second[first != second]]
        return self._row_of_unit[self._unit[first]], self._code[first], self._code[second]

    def chunks(self) -> Iterator[tuple[int, Pairable]]:
        """The first row of each chunk, and its answers; items are never torn apart."""
        rows = self._row_of_unit[self._unit]
        start = 0
        while start < len(rows):
            stop = start + CHUNK
            while start < stop < len(rows) and rows[stop] == rows[stop - 1]:
                stop += 1
            part = slice(start, stop)
            unit = self._unit[part]
            keep = self._sizes[unit] >= 2
            if keep.any():
                first = int(rows[part][keep].min())
                yield (
                    first,
                    _pairable(
                        unit[keep],
                        self._code[part][keep],
                        self._author[part][keep],
                        rows[part][keep] - first,
                        self._sizes,
                    ),
                )
            start = stop


def pairable(ballots: Ballots) -> Pairable:
    """All answers that can be compared at once, for few."""
    paired = Paired(ballots)
    chunks = list(paired.chunks())
    if len(chunks) != 1:
        raise ValueError("there are no answers to compare, or too many to do so at once")
    return chunks[0][1]


def _pairable(unit: Ints, code: Ints, author: Ints, item: Ints, sizes: Ints) -> Pairable:
    size = sizes[unit]
    first, second = _pairs_within(size)
    return Pairable(
        item=item,
        unit=unit,
        code=code,
        size=size,
        pair_item=item[first],
        pair_a=code[first],
        pair_b=code[second],
        author_a=author[first],
        author_b=author[second],
        pair_weight=2.0 / (size[first] - 1),
        items=int(item.max()) + 1,
    )


def _pairs_within(size: Ints) -> tuple[Ints, Ints]:
    """Indices of every two answers of one unit; answers of a unit follow one another."""
    firsts: list[Ints] = []
    seconds: list[Ints] = []
    for m in np.unique(size).tolist():
        starts = np.flatnonzero(size == m).reshape(-1, m)
        for i, j in combinations(range(m), 2):
            firsts.append(starts[:, i])
            seconds.append(starts[:, j])
    return np.concatenate(firsts), np.concatenate(seconds)


def _numbers(numbers: "array[int]") -> Ints:
    return np.frombuffer(numbers, np.int32) if numbers else np.empty(0, np.int32)

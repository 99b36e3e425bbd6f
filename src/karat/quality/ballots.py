"""Answers of many authors to many items as arrays: 16 bytes an answer, and each different value once."""

from array import array
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from itertools import combinations

import msgspec
import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.signedinteger]


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
    """Of each answer."""
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


def pairable(ballots: Ballots) -> Pairable:
    """The answers that can be compared, and every pair of them within its unit."""
    unit, code, author = (np.frombuffer(a, np.int32) if a else np.empty(0, np.int32) for a in (ballots.unit, ballots.code, ballots.author))
    item_of_unit = np.frombuffer(ballots.item_of_unit, np.int32) if ballots.item_of_unit else np.empty(0, np.int32)
    sizes = np.bincount(unit, minlength=len(item_of_unit))
    keep = sizes[unit] >= 2 if len(unit) else np.empty(0, bool)
    unit, code, author = unit[keep], code[keep], author[keep]
    size = sizes[unit].astype(np.int32) if len(unit) else np.empty(0, np.int32)
    first, second = _pairs_within(size)
    return Pairable(
        item=item_of_unit[unit],
        unit=unit,
        code=code,
        size=size,
        pair_item=item_of_unit[unit[first]],
        pair_a=code[first],
        pair_b=code[second],
        author_a=author[first],
        author_b=author[second],
        pair_weight=2.0 / (size[first] - 1),
    )


def _pairs_within(size: Ints) -> tuple[Ints, Ints]:
    """Indices of every two answers of one unit; answers of a unit follow one another."""
    firsts: list[NDArray[np.int32]] = [np.empty(0, np.int32)]
    seconds: list[NDArray[np.int32]] = [np.empty(0, np.int32)]
    for m in np.unique(size).tolist():
        starts = np.flatnonzero(size == m).astype(np.int32).reshape(-1, m)
        for i, j in combinations(range(m), 2):
            firsts.append(starts[:, i])
            seconds.append(starts[:, j])
    return np.concatenate(firsts), np.concatenate(seconds)

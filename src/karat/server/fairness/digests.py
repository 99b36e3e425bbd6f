"""Whether anything that a figure is made of has changed, person by person: sums of hashes, the same in any order.

Two digests stand beside one another. The first is of what a person did themselves, or what was done about their answers;
the second of every value that goes into a figure, which also changes with what others do, with a key of gold, or with an
edge between two slices.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from karat.server.fairness.columns import Bools, Column
from karat.server.fairness.reading import AUTHORS, Gathered, Ints

Hashes = NDArray[np.uint64]
LOW = np.uint64(0xFFFFFFFF)
HALF = np.uint64(32)


class Digests:
    """What every person's part of the figures is made of."""

    def __init__(self, found: Gathered, columns: Sequence[Column]) -> None:
        items = np.array(found.items, np.int64)
        acted = [(np.array(found.answers, np.int64), np.array(found.heads, np.int64), 1)]
        if "accepted" in found.near:
            acted.append((np.array(found.near["accepted"].answer, np.int64), np.array(found.verdicts, np.int64), 2))
        if "gold" in found.near:
            acted.append((np.array(found.near["gold"].answer, np.int64), np.zeros(1, np.int64), 3))
        held = [(one.what * AUTHORS + one.who, one.y.view(np.int64), one.w.view(np.int64)) for one in columns]
        codes = [answer for answer, *_ in (*acted, *held)]
        self.answers = np.unique(np.concatenate(codes))
        self.who, self.what = self.answers % AUTHORS, self.answers // AUTHORS
        self._own = np.zeros(len(self.answers), np.uint64)
        self._all = np.zeros(len(self.answers), np.uint64)
        for answer, value, kind in acted:
            self._add(self._own, answer, _hashes(items[answer // AUTHORS], value, np.full(1, kind)))
        for index, (answer, y, w) in enumerate(held):
            self._add(self._all, answer, _hashes(items[answer // AUTHORS], y, w, np.full(1, index)))
        self._people = len(found.authors)

    def of(self, inside: Bools | None = None) -> list[str]:
        """The digests of each author, of all items or of those in a slice; empty where they have no answer there."""
        rows = slice(None) if inside is None else inside[self.what]
        who = self.who[rows]
        own, of_all = (_sums(who, hashes[rows], self._people) for hashes in (self._own, self._all))
        n = np.bincount(who, minlength=self._people)
        told = zip(n.tolist(), own.tolist(), of_all.tolist(), strict=True)
        return [f"{a:016x}.{b:016x}" if there else "" for there, a, b in told]

    def present(self, inside: Bools) -> Bools:
        """Which authors have an answer in a slice."""
        return np.bincount(self.who[inside[self.what]], minlength=self._people) > 0

    def _add(self, total: Hashes, answer: Ints, hashes: Hashes) -> None:
        total += _sums(np.searchsorted(self.answers, answer), hashes, len(total))


def _hashes(*parts: Ints) -> Hashes:
    """One number for each row of numbers (the finalizer of SplitMix64: Steele, Lea and Flood, OOPSLA 2014)."""
    h = np.full(1, 0x9E3779B97F4A7C15, np.uint64)
    for part in parts:
        h = h * np.uint64(0xD1342543DE82EF95) + part.astype(np.uint64, copy=False).view(np.uint64)
        h = (h ^ (h >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        h = (h ^ (h >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        h = h ^ (h >> np.uint64(31))
    return h


def _sums(group: Ints, hashes: Hashes, size: int) -> Hashes:
    """Sums modulo 2^64 of each group; by halves, since doubles hold 2^53."""
    low = np.bincount(group, (hashes & LOW).astype(np.float64), size)
    high = np.bincount(group, (hashes >> HALF).astype(np.float64), size)
    return low.astype(np.uint64) + (high.astype(np.uint64) << HALF)

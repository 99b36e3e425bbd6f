"""What an agreement report says: numbers with their intervals, each leading to the items and people behind it."""

from dataclasses import dataclass

import msgspec
import numpy as np
from numpy.typing import NDArray

from karat.quality.measure import ENOUGH, LEVEL, Measure, measure, surely_above

Floats = NDArray[np.float64]
Ints = NDArray[np.signedinteger]
NORMAL = 1.959963984540054
"""Half-width of 95 % of a normal distribution, in standard deviations."""


class LabelAgreement(msgspec.Struct, frozen=True):
    """One label or option: where one author gave it, how often the other did (percent), and that beyond chance (alpha).

    Of regions, `percent` is 1 - distance over the pairs of authors of which one has the label; alpha is not defined there.
    """

    label: str
    percent: Measure
    alpha: Measure


class AuthorAgreement(msgspec.Struct, frozen=True):
    """One author against everyone else who answered the same items."""

    author: str
    agreement: Measure


class PairAgreement(msgspec.Struct, frozen=True):
    """Two authors against one another; `a` sorts before `b`."""

    a: str
    b: str
    agreement: Measure


class Confusion(msgspec.Struct, frozen=True):
    """How often two labels were given to one thing; None where one author had nothing there."""

    a: str | None
    b: str | None
    n: int


class ItemDisagreement(msgspec.Struct, frozen=True):
    """How far apart the authors of one item are: the mean distance over `n` pairs of authors."""

    item: str
    distance: float
    n: int


@dataclass(frozen=True, kw_only=True)
class FieldAgreement:
    """Agreement on one field, or on one attribute of it (`objects.occluded`, `objects.car.plate`).

    `percent` is 1 - the mean distance of two answers to one item, which for a choice is the share of equal answers. `alpha`
    is Krippendorff's over `scale`; with scale "distance" it is over the kind's own distance, and for regions over the
    distance of all that two authors marked.
    """

    field: str
    title: str
    kind: str
    scale: str
    percent: Measure
    alpha: Measure
    n_items: int
    n_pairs: int
    per_label: tuple[LabelAgreement, ...]
    authors: tuple[AuthorAgreement, ...]
    pairs: tuple[PairAgreement, ...]
    confusions: tuple[Confusion, ...]
    item_index: Ints
    item_distance: Floats
    item_pairs: Ints
    item_keys: list[str]

    def most_disagreed(self, *, limit: int | None = None) -> list[ItemDisagreement]:
        """Items by falling distance; with equal distance, those with more pairs first, then as they came."""
        order = np.lexsort((self.item_index, -self.item_pairs, -self.item_distance))[:limit]
        return [
            ItemDisagreement(self.item_keys[self.item_index[i]], float(self.item_distance[i]), int(self.item_pairs[i]))
            for i in order.tolist()
        ]


@dataclass(frozen=True)
class Agreement:
    """Agreement on every field of a schema that two authors answered for at least one item."""

    fields: tuple[FieldAgreement, ...]

    def __getitem__(self, field: str) -> FieldAgreement:
        return next(f for f in self.fields if f.field == field)


@dataclass(frozen=True, kw_only=True)
class Compared:
    """Every pair of authors on every item: who, where, and how far apart; 20 bytes a pair while they are gathered."""

    item: Ints
    author_a: Ints
    author_b: Ints
    distance: Floats


def by_author(compared: Compared, names: list[str]) -> tuple[AuthorAgreement, ...]:
    """Each author against the others: first per item, then over items."""
    author = np.concatenate([compared.author_a, compared.author_b])
    item = np.concatenate([compared.item, compared.item])
    distance = np.concatenate([compared.distance, compared.distance])
    keys, means, _ = grouped(author.astype(np.int64) * (int(item.max(initial=0)) + 1) + item, distance)
    authors = keys // (int(item.max(initial=0)) + 1)
    found = zip(*_measures(authors, means), strict=True)
    return tuple(sorted((AuthorAgreement(names[a], m) for a, m in found), key=lambda entry: entry.author))


def by_pair(compared: Compared, names: list[str]) -> tuple[PairAgreement, ...]:
    """Each two authors over the items that both answered."""
    low = np.minimum(compared.author_a, compared.author_b)
    high = np.maximum(compared.author_a, compared.author_b)
    keys, measures = _measures(low.astype(np.int64) * len(names) + high, compared.distance)
    found = []
    for key, agreement in zip(keys, measures, strict=True):
        a, b = sorted((names[key // len(names)], names[key % len(names)]))
        found.append(PairAgreement(a, b, agreement))
    return tuple(sorted(found, key=lambda pair: (pair.a, pair.b)))


def grouped(keys: Ints, amounts: Floats) -> tuple[Ints, Floats, Ints]:
    """The different keys, the mean amount of each, and how many there are."""
    different, inverse, counts = np.unique(keys, return_inverse=True, return_counts=True)
    return different, np.bincount(inverse, amounts, minlength=len(different)) / np.maximum(counts, 1), counts


def _measures(keys: Ints, distance: Floats) -> tuple[list[int], list[Measure]]:
    """1 - mean distance of each key, with the normal interval of a mean; by resampling, thousands of cells would take minutes."""
    different, mean, n = grouped(keys, distance)
    _, square, _ = grouped(keys, distance**2)
    spread = NORMAL * np.sqrt(np.maximum(square - mean**2, 0) / np.maximum(n - 1, 1))
    rows = zip(mean.tolist(), spread.tolist(), n.tolist(), strict=True)
    return different.tolist(), [_mean_measure(m, s, count) for m, s, count in rows]


def _mean_measure(distance: float, spread: float, n: int) -> Measure:
    if n < ENOUGH:
        return Measure(1 - distance, None, None, n, False)
    if distance == 0:
        return measure(1.0, surely_above(n, level=LEVEL), 1.0, n=n)
    return measure(1 - distance, max(0.0, 1 - distance - spread), min(1.0, 1 - distance + spread), n=n)

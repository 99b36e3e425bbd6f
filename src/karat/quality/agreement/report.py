"""What an agreement report says: numbers with their intervals, each leading to the items and people behind it."""

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from typing import TypeVar

import msgspec
import numpy as np
from numpy.typing import NDArray

from karat.model.kind import Role
from karat.quality.measure import ENOUGH, LEVEL, Measure, measure, surely_above

Floats = NDArray[np.float64]
Ints = NDArray[np.signedinteger]
K = TypeVar("K", bound=Hashable)

NORMAL = 1.959963984540054
"""Half-width of 95 % of a normal distribution, in standard deviations."""
UNDEFINED = Measure(None, None, None, 0, False)
"""What does not apply to a field."""


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

    Only alpha of a `what` field has bands (0.8 and more good, 0.6 to 0.8 watch, below mend the guideline). Of regions
    (`where`) two authors differ wholly by chance, so that distance alpha says little more than `distance` does; there read
    `distance`, `label_alpha` and `sigma`.
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
    role: Role = "what"
    distance: Measure = UNDEFINED
    """The mean distance of two authors on an item, 0 where they say the same."""
    label_alpha: Measure = UNDEFINED
    """Regions: nominal alpha of the labels of what both marked, matched without regard to labels."""
    sigma: Measure = UNDEFINED
    """Regions: the share of distances that answers to different items undercut in less than 5 % of cases (Braylan, Alonso
    and Lease 2022)."""
    unitising: Measure = UNDEFINED
    """Spans and intervals on items of known length: Krippendorff's alpha for unitising."""
    clusters: Measure = UNDEFINED
    """Mentions in clusters: the mean B-cubed F1 of two authors over the mentions that both have (Bagga and Baldwin 1998)."""

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
    """Pairs of authors on items: who, where, and how far apart."""

    item: Ints
    author_a: Ints
    author_b: Ints
    distance: Floats


class Tally:
    """Sums over pairs of authors, by item, by author and by pair of authors; pairs of one item come in together."""

    def __init__(self) -> None:
        self._items: list[tuple[Ints, Floats, Ints]] = []
        self._authors: dict[int, Floats] = {}
        self._pairs: dict[tuple[int, int], Floats] = {}

    def add(self, compared: Compared) -> None:
        """Some more items."""
        items, mean, n = grouped(compared.item, compared.distance)
        self._items.append((items.astype(np.int32), mean, n.astype(np.int32)))
        self._add_authors(compared)
        low = np.minimum(compared.author_a, compared.author_b).astype(np.int64)
        high = np.maximum(compared.author_a, compared.author_b)
        width = int(high.max(initial=0)) + 1
        for key, sums in _moments(low * width + high, compared.distance):
            _add(self._pairs, (key // width, key % width), sums)

    def items(self) -> tuple[Ints, Floats, Ints]:
        """The items, the mean distance on each, and its number of pairs."""
        index, mean, n = (np.concatenate(part) for part in zip(*self._items, strict=True))
        return index, mean, n

    def authors(self, names: list[str]) -> tuple[AuthorAgreement, ...]:
        """Each author against the others: first per item, then over items."""
        found = (AuthorAgreement(names[author], _mean_measure(sums)) for author, sums in self._authors.items())
        return tuple(sorted(found, key=lambda entry: entry.author))

    def pairs(self, names: list[str]) -> tuple[PairAgreement, ...]:
        """Each two authors over the items that both answered."""
        found = [
            PairAgreement(min(names[a], names[b]), max(names[a], names[b]), _mean_measure(sums))
            for (a, b), sums in self._pairs.items()
        ]
        return tuple(sorted(found, key=lambda pair: (pair.a, pair.b)))

    def _add_authors(self, compared: Compared) -> None:
        author = np.concatenate([compared.author_a, compared.author_b]).astype(np.int64)
        item = np.concatenate([compared.item, compared.item])
        width = int(item.max(initial=0)) + 1
        keys, mean, _ = grouped(author * width + item, np.concatenate([compared.distance, compared.distance]))
        for key, sums in _moments(keys // width, mean):
            _add(self._authors, key, sums)


def in_chunks(compared: Compared, size: int) -> Iterator[Compared]:
    """Parts of about so many pairs, in which no item is torn apart; `compared.item` ascends."""
    start = 0
    while start < len(compared.item):
        stop = start + size
        if stop < len(compared.item):
            stop = int(np.searchsorted(compared.item, compared.item[stop], side="right"))
        part = slice(start, stop)
        yield Compared(
            item=compared.item[part],
            author_a=compared.author_a[part],
            author_b=compared.author_b[part],
            distance=compared.distance[part],
        )
        start = stop


def grouped(keys: Ints, amounts: Floats) -> tuple[Ints, Floats, Ints]:
    """The different keys, the mean amount of each, and how many there are."""
    different, inverse, counts = np.unique(keys, return_inverse=True, return_counts=True)
    return different, np.bincount(inverse, amounts, minlength=len(different)) / np.maximum(counts, 1), counts


def reversed_measure(percent: Measure) -> Measure:
    """1 - a measure, with its interval."""
    value, low, high = (None if x is None else 1 - x for x in (percent.value, percent.low, percent.high))
    return Measure(value, high, low, percent.n, percent.enough)


def _moments(keys: Ints, distance: Floats) -> Iterator[tuple[int, Floats]]:
    """For each different key the number of distances, their sum, and the sum of their squares."""
    different, mean, n = grouped(keys, distance)
    _, square, _ = grouped(keys, distance**2)
    yield from zip(different.tolist(), np.column_stack([n, mean * n, square * n]), strict=True)


def _add(sums: dict[K, Floats], key: K, more: Floats) -> None:
    sums[key] = sums[key] + more if key in sums else more


def _mean_measure(sums: Floats) -> Measure:
    """1 - the mean, with the normal interval of a mean; by resampling, thousands of pairs of people would take minutes."""
    n, distance, square = int(sums[0]), float(sums[1] / sums[0]), float(sums[2] / sums[0])
    if n < ENOUGH:
        return Measure(1 - distance, None, None, n, False)
    if distance == 0:
        return measure(1.0, surely_above(n, level=LEVEL), 1.0, n=n)
    spread = NORMAL * (max(square - distance**2, 0.0) / (n - 1)) ** 0.5
    return measure(1 - distance, max(0.0, 1 - distance - spread), min(1.0, 1 - distance + spread), n=n)

"""What two authors call the things that both marked: alpha of the labels, apart from whether the thing was seen at all."""

from array import array
from collections import Counter

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array

from karat.quality.agreement.alpha import beside, ratio, summed

Floats = NDArray[np.float64]
Ints = NDArray[np.signedinteger]


class MatchedLabels:
    """Gathers pairs of labels from a class-blind matching: 16 bytes for each two labels that two authors gave on an item."""

    def __init__(self, labels: list[str]) -> None:
        self._number = {label: n for n, label in enumerate(labels)}
        self._item, self._a, self._b, self._times = array("i"), array("i"), array("i"), array("i")

    def add(self, item: int, found: Counter[tuple[str | None, str | None]]) -> None:
        """How often (label of the one, label of the other) stand for one thing; what only one marked is passed over."""
        for (a, b), times in found.items():
            if a is not None and b is not None:
                self._item.append(item)
                self._a.append(self._number[a])
                self._b.append(self._number[b])
                self._times.append(times)

    def items(self) -> int:
        """How many items have a thing that two authors marked."""
        return len(set(self._item))

    def rows(self, seen: Ints) -> csr_array:
        """Per item the unequal pairs and how often each label was given: shape (items, 1 + labels)."""
        row = np.searchsorted(seen, np.frombuffer(self._item, np.int32)) if self._item else np.empty(0, np.int64)
        a, b, times = (
            np.frombuffer(x, np.int32) if x else np.empty(0, np.int32) for x in (self._a, self._b, self._times)
        )
        shape = (len(seen), max(len(self._number), 1))
        place = np.concatenate([row, row]), np.concatenate([a, b])
        given = coo_array((np.concatenate([times, times]).astype(np.float64), place), shape=shape)
        return beside(summed(row, 2.0 * times * (a != b), len(seen)), csr_array(given))

    @property
    def width(self) -> int:
        """The number of columns of `rows`."""
        return 1 + max(len(self._number), 1)

    @staticmethod
    def alpha(sums: Floats) -> Floats:
        """Krippendorff's nominal alpha for each row of sums, shape (times, width); nan where one label only was given."""
        counts = sums[:, 1:]
        n = counts.sum(axis=1)
        return ratio(sums[:, 0], n, n**2 - (counts**2).sum(axis=1))

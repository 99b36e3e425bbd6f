"""Intervals by drawing items, or items and annotators, anew: for every measure that follows from sums over items."""

from abc import ABC, abstractmethod
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from karat.quality.tallies import Bootstrap, Tallies, cells, entries_of, reweighted
from karat.quality.votes import Votes

Floats = NDArray[np.floating]
Rows: TypeAlias = "Floats | csr_array"

PATTERNS = 5000
"""More different rows are first summed in random blocks."""
BLOCKS = 4000
"""So many blocks make the width of an interval right to a hundredth."""
ITEMS = 20_000
"""Items by which the part of annotators in the doubt is measured, where there are more."""
AT_ONCE = 2_000_000
"""Numbers held at once."""


class Measured(ABC):
    """A measure of agreement that follows from sums over items of what `rows` says of each."""

    @abstractmethod
    def rows(self, tally: Tallies) -> Rows:
        """Shape (rows of the tally, columns)."""

    @abstractmethod
    def value(self, sums: Floats) -> Floats:
        """The measure from sums, shape (samples, columns) to (samples,); nan where it is undefined."""

    def total(self, tally: Tallies) -> float:
        """The measure of all items."""
        sums = np.asarray(tally.times @ self.rows(tally), np.float64).reshape(1, -1)
        return float(self.value(sums)[0])


def interval(measure: Measured, tally: Tallies, votes: Votes, how: Bootstrap) -> tuple[float, float]:
    """The percentile interval (Efron 1979) of a measure.

    Over items and annotators, the deviation by other items and the one by other annotators are drawn independently and
    added; the part that both share counts twice, so that the interval is rather too wide (compare Owen, The pigeonhole
    bootstrap, 2007, in which it counts three times).
    """
    generator = np.random.default_rng(how.seed)
    value = measure.total(tally)
    drawn = over_items(measure, tally, how.samples, generator)
    if how.over == "items and annotators":
        drawn = drawn + over_annotators(measure, votes, how.samples, generator)
    if not np.isfinite(value) or np.isfinite(drawn).mean() <= 0.5:
        return float("nan"), float("nan")
    tail = 100 * (1 - how.level) / 2
    low, high = np.nanpercentile(drawn, [tail, 100 - tail])
    return min(float(low), value), max(float(high), value)


def over_items(measure: Measured, tally: Tallies, samples: int, generator: np.random.Generator) -> Floats:
    """The measure of other items, shape (samples,)."""
    rows, items = measure.rows(tally), int(tally.times.sum())
    shares: Floats = tally.times / items
    if tally.rows > PATTERNS:
        rows = blocked(rows, tally.times, generator)
        shares = np.full(rows.shape[0], 1 / rows.shape[0])
        items = rows.shape[0]
    step = max(1, AT_ONCE // (rows.shape[0] + rows.shape[1]))
    found = []
    for start in range(0, samples, step):
        weights = generator.multinomial(items, shares, size=min(step, samples - start)).astype(np.float64)
        found.append(measure.value(np.asarray((rows.T @ weights.T).T, np.float64)))
    return np.concatenate(found)


def over_annotators(measure: Measured, votes: Votes, samples: int, generator: np.random.Generator) -> Floats:
    """How far the measure moves with other annotators, shape (samples,)."""
    once = votes.once()
    if len(once.items) > ITEMS:
        chosen = np.zeros(len(once.items), bool)
        chosen[generator.choice(len(once.items), ITEMS, replace=False)] = True
        once = once.rows(chosen[once.item_codes])
    tally = entries_of(once)
    entry = np.unique(cells(once), return_inverse=True)[1]
    people, person = np.unique(once.annotator_codes, return_inverse=True)
    center = measure.total(tally)
    found = np.empty(samples)
    for sample in range(samples):
        weights = np.bincount(generator.integers(0, len(people), len(people)), minlength=len(people)).astype(np.float64)
        found[sample] = measure.total(reweighted(tally, entry, weights[person]))
    return found - center


def blocked(rows: Rows, times: NDArray[np.signedinteger], generator: np.random.Generator) -> Rows:
    """Rows of items summed in random blocks, shape (blocks, columns)."""
    pattern = np.repeat(np.arange(len(times)), times)
    place = generator.permutation(len(pattern)) % BLOCKS
    put = csr_array((np.ones(len(pattern)), (place, pattern)), shape=(BLOCKS, len(times)))
    return put @ rows

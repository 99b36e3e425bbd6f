"""A number with its doubt: the value, an interval from resampling items, and whether there is enough to say it."""

from collections.abc import Callable
from math import isfinite

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

Floats = NDArray[np.float64]

ENOUGH = 30
"""Items below which a percentile interval is too narrow to be trusted."""
RESAMPLES = 1000
LEVEL = 0.95
BLOCKS = 10_000
"""More items are summed in so many random blocks, and blocks are resampled: the width is right to a hundredth, the cost
stays the same for any number of items."""
AT_ONCE = 20


class Measure(msgspec.Struct, frozen=True):
    """`value` is None where it is undefined. The interval is 95 % unless another level was asked. `n` counts items."""

    value: float | None
    low: float | None
    high: float | None
    n: int
    enough: bool


def measure(value: float, low: float, high: float, *, n: int) -> Measure:
    """A measure; numbers that are not finite become None."""
    return Measure(_finite(value), _finite(low), _finite(high), n, n >= ENOUGH)


def bootstrap(
    rows: csr_array,
    statistic: Callable[[Floats], Floats],
    *,
    seed: int = 0,
    resamples: int = RESAMPLES,
    level: float = LEVEL,
) -> tuple[Floats, Floats]:
    """The percentile interval (Efron 1979) of statistics of column sums, by resampling rows with replacement.

    `rows` is (items, columns); `statistic` turns sums, shape (resamples, columns), into values, shape (resamples, k). The
    result is the low and the high ends, shape (k,); nan where fewer than half of the resamples define the value.
    """
    generator = np.random.default_rng(seed)
    n = rows.shape[0]
    columns = rows.T.tocsr()
    values: list[Floats] = []
    for start in range(0, resamples, AT_ONCE):
        times = min(AT_ONCE, resamples - start)
        drawn = generator.integers(0, n, (times, n)) + np.arange(times)[:, None] * n
        weights = np.bincount(drawn.ravel(), minlength=times * n).reshape(times, n).astype(np.float64)
        values.append(statistic(np.asarray((columns @ weights.T).T)))
    return _percentiles(np.concatenate(values), level)


def surely_above(n: int, *, level: float = LEVEL) -> float:
    """The lower bound of a share of which n of n were seen (Clopper and Pearson 1934).

    Resampling items that all agree gives no width at all; this is what n such items can say.

    >>> round(surely_above(30), 3)
    0.884
    """
    return float(((1 - level) / 2) ** (1 / n)) if n else 0.0


class Blocks:
    """Rows of items, summed in random blocks as they come in where there are very many."""

    def __init__(self, items: int, *, seed: int) -> None:
        self.count = BLOCKS if items > 2 * BLOCKS else items
        places = np.arange(items, dtype=np.int32)
        self.place = np.random.default_rng(seed).permutation(places) % BLOCKS if items > 2 * BLOCKS else places
        self.rows: csr_array | None = None

    def add(self, first: int, rows: csr_array) -> None:
        """The rows of items `first`, `first + 1`, …"""
        place = self.place[first : first + rows.shape[0]]
        put = csr_array((np.ones(len(place)), (place, np.arange(len(place)))), shape=(self.count, len(place)))
        self.rows = put @ rows if self.rows is None else self.rows + put @ rows

    def done(self) -> csr_array:
        """One row per block."""
        if self.rows is None:
            raise ValueError("no rows were added")
        return self.rows


def _percentiles(values: Floats, level: float) -> tuple[Floats, Floats]:
    tail = 100 * (1 - level) / 2
    defined = np.isfinite(values).mean(axis=0) > 0.5
    shown = np.where(defined, values, 0.0)
    low, high = np.nanpercentile(shown, [tail, 100 - tail], axis=0)
    return np.where(defined, low, np.nan), np.where(defined, high, np.nan)


def _finite(value: float) -> float | None:
    return float(value) if isfinite(value) else None

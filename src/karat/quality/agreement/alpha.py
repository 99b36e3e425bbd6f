"""Krippendorff's alpha: agreement beyond chance, for answers on any scale and with any distance.

Alpha is 1 - Do / De: the disagreement seen within units over the one expected if answers were dealt out at random. 1 is
perfect, 0 is chance, below 0 is worse than chance. Source: K. Krippendorff, Computing Krippendorff's Alpha-Reliability,
2011, and Content Analysis, 4th edition, 2019, chapter 12.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array, hstack

from karat.model.kind import Scale
from karat.quality.agreement.ballots import Ballots, Ints, Pairable, Paired

V = TypeVar("V")
Floats = NDArray[np.float64]
Delta = Callable[[object, object], float]

MATRIX = 1200
"""Up to so many different values, expected disagreement is exact; beyond, it is estimated from pairs drawn at random."""
DRAWN = 40_000
"""Pairs drawn: the standard error of expected disagreement is below 0.0025."""


def alpha_of_units(
    units: Sequence[Sequence[V]], *, scale: Scale = "nominal", distance: Callable[[V, V], float] | None = None
) -> float:
    """Alpha of units, each the answers that were given to it; missing answers are left out.

    With `distance`, any function in [0, 1] takes the place of the scale. nan where every answer is the same: nothing was
    there to be told apart.

    >>> round(alpha_of_units([[0, 1], [1, 1], [0, 1], [0, 0], [0, 0], [0, 1], [0, 0], [0, 0], [1, 0], [0, 0]]), 3)
    0.095
    """
    ballots = Ballots()
    for index, unit in enumerate(units):
        ballots.add(index, list(enumerate(unit)))
    paired = Paired(ballots)
    metric: Metric = Distances(ballots.values, distance) if distance else metric_of(scale, ballots.values)  # type: ignore[arg-type]
    sums = sum(np.asarray(metric.rows(data).sum(axis=0)) for _, data in paired.chunks())
    if not len(paired.items):
        return float("nan")
    drawn = metric.drawn(paired)
    every = sums if drawn is None else sums + np.asarray(drawn.sum(axis=0))
    return float(metric.alpha(np.reshape(every, (1, -1)))[0])


def metric_of(scale: Scale, values: Sequence[object]) -> "Metric":
    """The metric of a scale over these values; numbers are needed for all but the nominal one."""
    if scale == "nominal":
        return Nominal(len(values))
    numbers = np.array(values, np.float64)
    return Interval(numbers) if scale == "interval" else Ordinal(numbers)


class Metric(ABC):
    """What a scale keeps of each item, so that alpha follows from sums over items: resampling is then a weighted sum."""

    @abstractmethod
    def rows(self, data: Pairable) -> csr_array:
        """Per item the numbers whose sums `alpha` needs, shape (items, columns)."""

    def drawn(self, _paired: Paired) -> csr_array | None:
        """What is to be added to the rows of all items once, in the same columns; None where that is nothing."""
        return None

    @abstractmethod
    def alpha(self, sums: Floats) -> Floats:
        """Alpha for each row of sums, shape (times, columns); nan where it is undefined."""


class Nominal(Metric):
    """Different is different. Columns: disagreement, then how often each value was given."""

    def __init__(self, values: int) -> None:
        self.values = values

    def rows(self, data: Pairable) -> csr_array:
        """Per item the weight of its unequal pairs and the count of each value."""
        unequal = data.pair_weight * (data.pair_a != data.pair_b)
        return beside(
            summed(data.pair_item, unequal, data.items), counted(data.item, data.code, data.items, self.values)
        )

    def alpha(self, sums: Floats) -> Floats:
        """1 - Do / De, from counts."""
        counts = sums[:, 1:]
        n = counts.sum(axis=1)
        return ratio(sums[:, 0], n, n**2 - (counts**2).sum(axis=1))


class Interval(Metric):
    """The squared difference of numbers. Columns: disagreement, count, sum, sum of squares."""

    def __init__(self, numbers: Floats) -> None:
        reach = float(np.abs(numbers).max(initial=0.0))
        if not 1e-100 < reach < 1e100:  # so that squares neither overflow nor vanish
            numbers = numbers / (reach or 1.0)
        self.numbers = numbers - numbers.mean() if len(numbers) else numbers

    def rows(self, data: Pairable) -> csr_array:
        """Per item the weighted squared differences and the moments of its answers."""
        x = self.numbers
        squared = data.pair_weight * (x[data.pair_a] - x[data.pair_b]) ** 2
        given = x[data.code]
        moments = [summed(data.item, part, data.items) for part in (np.ones(len(given)), given, given**2)]
        return beside(summed(data.pair_item, squared, data.items), *moments)

    def alpha(self, sums: Floats) -> Floats:
        """1 - Do / De, from moments."""
        observed, n, first, second = sums.T
        return ratio(observed, n, 2 * (n * second - first**2))


class Ordinal(Metric):
    """How many answers lie between two ranks. Columns: how often each value was given beside each other one."""

    def __init__(self, numbers: Floats) -> None:
        self.order = np.argsort(numbers, kind="stable")
        self.rank = np.argsort(self.order)

    def rows(self, data: Pairable) -> csr_array:
        """Per item its part of the coincidence matrix, laid flat in the order of ranks."""
        k = len(self.rank)
        a, b = self.rank[data.pair_a], self.rank[data.pair_b]
        half = data.pair_weight / 2
        row = np.concatenate([data.pair_item, data.pair_item])
        column = np.concatenate([a * k + b, b * k + a])
        return csr_array(coo_array((np.concatenate([half, half]), (row, column)), shape=(data.items, k * k)))

    def alpha(self, sums: Floats) -> Floats:
        """1 - Do / De; the metric itself follows from the counts."""
        k = len(self.rank)
        coincidences = sums.reshape(-1, k, k)
        counts = coincidences.sum(axis=2)
        n = counts.sum(axis=1)
        middle = counts.cumsum(axis=1) - counts / 2
        delta = (middle[:, :, None] - middle[:, None, :]) ** 2
        observed = (coincidences * delta).sum(axis=(1, 2))
        expected = (counts[:, :, None] * counts[:, None, :] * delta).sum(axis=(1, 2))
        return ratio(observed, n, expected)


class Distances(Metric):
    """Any distance. Columns: disagreement, then how often each value was given.

    With more than 1,200 different values (texts), expected disagreement comes from 40,000 pairs drawn at random, and its
    columns are those pairs' answers and their distances instead of counts.
    """

    def __init__(self, values: Sequence[object], distance: Delta, *, seed: int = 0) -> None:
        self.values = values
        self.distance = distance
        self.generator = np.random.default_rng(seed)
        self.matrix = self.all_against_all() if len(values) <= MATRIX else None

    def rows(self, data: Pairable) -> csr_array:
        """Per item the weighted distances of its pairs, and what expected disagreement needs."""
        apart = summed(data.pair_item, data.pair_weight * self.of_pairs(data.pair_a, data.pair_b), data.items)
        if self.matrix is not None:
            return beside(apart, counted(data.item, data.code, data.items, len(self.values)))
        given = summed(data.item, np.ones(len(data.item)), data.items)
        return beside(apart, given, csr_array((data.items, 2)))

    def drawn(self, paired: Paired) -> csr_array | None:
        """The drawn pairs at the rows of their first answers: sum of distances and count."""
        if self.matrix is not None:
            return None
        row, a, b = paired.draw(DRAWN, self.generator)
        items = len(paired.items)
        apart, ones = summed(row, self.of_pairs(a, b), items), summed(row, np.ones(len(row)), items)
        return beside(csr_array((items, 2)), apart, ones)

    def alpha(self, sums: Floats) -> Floats:
        """1 - Do / De, De from all pairs of values or from the drawn ones."""
        if self.matrix is None:
            observed, n, apart, drawn = sums.T
            return ratio(observed, n, np.divide(apart, drawn, out=np.zeros_like(apart), where=drawn > 0) * n * (n - 1))
        counts = sums[:, 1:]
        return ratio(sums[:, 0], counts.sum(axis=1), ((counts @ self.matrix) * counts).sum(axis=1))

    def of_pairs(self, a: Ints, b: Ints) -> Floats:
        """The distance of each pair of codes; each different pair is computed once."""
        if self.matrix is not None:
            return np.asarray(self.matrix[a, b])
        low, high = np.minimum(a, b), np.maximum(a, b)
        different, inverse = np.unique(low.astype(np.int64) * len(self.values) + high, return_inverse=True)
        lows, highs = np.divmod(different, len(self.values))
        pairs = zip(lows.tolist(), highs.tolist(), strict=True)
        return np.array([self.distance(self.values[i], self.values[j]) if i != j else 0.0 for i, j in pairs])[inverse]

    def all_against_all(self) -> Floats:
        """The matrix of distances of all values."""
        k = len(self.values)
        matrix = np.zeros((k, k))
        for i in range(k):
            for j in range(i + 1, k):
                matrix[i, j] = matrix[j, i] = self.distance(self.values[i], self.values[j])
        return matrix


def ratio(observed: Floats, n: Floats, expected: Floats) -> Floats:
    """1 - (observed / n) / (expected / (n (n - 1))); nan where nothing differs by chance either."""
    with np.errstate(divide="ignore", invalid="ignore"):
        alpha = 1.0 - (n - 1) * observed / expected
    return np.where(expected > 1e-12 * np.maximum(n, 1), alpha, np.nan)


def summed(item: Ints, amounts: Floats, items: int) -> csr_array:
    """Amounts summed by item, as one column."""
    return csr_array(np.bincount(item, amounts, minlength=items).reshape(-1, 1))


def counted(item: Ints, code: Ints, items: int, values: int) -> csr_array:
    """How often each value was given to each item."""
    return csr_array(coo_array((np.ones(len(item)), (item, code)), shape=(items, max(values, 1))))


def beside(*parts: csr_array) -> csr_array:
    """Columns side by side."""
    return csr_array(hstack(parts, format="csr"))

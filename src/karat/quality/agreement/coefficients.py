"""Coefficients of agreement as sums over items: what each keeps of an item, and how the sums become the coefficient."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, hstack

from karat.quality.agreement.resampling import Measured, Rows
from karat.quality.tallies import Tallies, tallied

Floats = NDArray[np.floating]
Ints = NDArray[np.signedinteger]
Delta = Callable[[Ints, Ints], Floats]
"""The distances of pairs of label codes."""

EXACT = 300
"""Up to so many labels expected disagreement is drawn anew exactly; beyond, to first order around the one of all items."""
RANKED = 40
"""Up to so many labels the ranks of the ordinal metric are found anew in each sample; beyond, those of all items stay."""
PARTNERS = 64
"""Labels that each is compared with where there are too many for all pairs."""
ALL_PAIRS = 1200
CHECKED = 1000
"""Of so many pairs of labels it is checked that their distance is the same both ways."""


class Shared(Measured):
    """Percent agreement, Fleiss' kappa, Gwet's AC1 and AC2. Columns: items, those with a pair, agreement, shares of labels."""

    def __init__(self, chance: Callable[[Floats], Floats | float], alike: Floats | None = None) -> None:
        self.chance = chance
        """Expected agreement from the shares of labels, shape (samples, labels) to (samples,)."""
        self.alike = alike
        """How alike two labels are, 1 on the diagonal; None where different is different."""

    def rows(self, tally: Tallies) -> Rows:
        """Per row whether there is a vote, a pair, how far pairs agree, and the share of each label."""
        count = tally.matrix(tally.count)
        total = tally.summed(tally.count)
        pairs = total**2 - tally.summed(tally.alone)
        near = count if self.alike is None else csr_array(count @ csr_array(self.alike))
        same = np.asarray(count.multiply(near).sum(axis=1)).ravel() - tally.summed(tally.alone)
        paired = pairs > 1e-9
        agree = np.divide(same, pairs, out=np.zeros_like(pairs), where=paired)
        shares = tally.matrix(tally.count / np.maximum(total, 1e-300)[tally.row])
        head = np.column_stack([total > 0, paired, agree]).astype(np.float64)
        return csr_array(hstack([csr_array(head), shares], format="csr"))

    def value(self, sums: Floats) -> Floats:
        """(observed - expected) / (1 - expected)."""
        with np.errstate(divide="ignore", invalid="ignore"):
            observed = sums[:, 2] / sums[:, 1]
            expected = self.chance(sums[:, 3:] / sums[:, :1])
            found = (observed - expected) / (1 - expected)
        return np.where(np.abs(1 - np.asarray(expected)) > 1e-12, found, np.nan)


class Alpha(Measured):
    """Krippendorff's alpha for a metric given by the distances of codes. Columns: disagreement, then the expected one's."""

    def __init__(self, delta: Delta, tally: Tallies) -> None:
        self.delta = delta
        self.labels = tally.labels
        paired = _paired(tally)
        given = tallied(tally.label, tally.count * (tally.times * paired)[tally.row], max(tally.labels, 1))
        self.matrix = _all(delta, tally.labels) if tally.labels <= EXACT else None
        self.toward = None if self.matrix is not None else _toward(delta, given)
        self.middle = 0.0 if self.toward is None else float(self.toward @ given)

    def rows(self, tally: Tallies) -> Rows:
        """Per row the distances of its pairs, weighted as its votes, and what expected disagreement needs."""
        row, a, b, weight = _pairs(tally)
        apart = tallied(row, 2 * weight * self.delta(tally.label[a], tally.label[b]), tally.rows)
        given = tally.count * _paired(tally)[tally.row]
        if self.toward is None:
            return _beside(apart, tally.matrix(given))
        return np.column_stack([apart, tally.summed(given), tally.summed(given * self.toward[tally.label])])

    def value(self, sums: Floats) -> Floats:
        """1 - Do / De."""
        if self.toward is not None or self.matrix is None:
            return _beyond_chance(sums[:, 0], sums[:, 1], 2 * sums[:, 2] - self.middle)
        counts = sums[:, 1:]
        return _beyond_chance(sums[:, 0], counts.sum(axis=1), ((counts @ self.matrix) * counts).sum(axis=1))


class NominalAlpha(Measured):
    """Alpha where different is different. Columns: disagreement, then how often each label was given."""

    def rows(self, tally: Tallies) -> Rows:
        """Per row the unequal pairs, weighted as its votes, and its labels."""
        paired = _paired(tally)
        total, alone = tally.summed(tally.count), tally.summed(tally.alone)
        unequal = total**2 - tally.summed(tally.count**2)
        apart = np.divide(unequal * total, total**2 - alone, out=np.zeros_like(total), where=paired)
        return _beside(apart, tally.matrix(tally.count * paired[tally.row]))

    def value(self, sums: Floats) -> Floats:
        """1 - Do / De."""
        counts = sums[:, 1:]
        n = counts.sum(axis=1)
        return _beyond_chance(sums[:, 0], n, n**2 - (counts**2).sum(axis=1))


class IntervalAlpha(Measured):
    """Alpha of squared differences. Columns: disagreement, count, sum, sum of squares."""

    def __init__(self, numbers: Floats) -> None:
        self.numbers = numbers - numbers.mean() if len(numbers) else numbers

    def rows(self, tally: Tallies) -> Rows:
        """Per row the squared differences of its pairs, weighted as its votes, and its moments."""
        paired, x = _paired(tally), self.numbers[tally.label]
        total, alone = tally.summed(tally.count), tally.summed(tally.alone)
        first, second = tally.summed(tally.count * x), tally.summed(tally.count * x**2)
        squared = np.maximum(2 * (total * second - first**2), 0)
        apart = np.divide(squared * total, total**2 - alone, out=np.zeros_like(total), where=paired)
        return np.column_stack([apart, total * paired, first * paired, second * paired])

    def value(self, sums: Floats) -> Floats:
        """1 - Do / De."""
        observed, n, first, second = sums.T
        return _beyond_chance(observed, n, 2 * (n * second - first**2))


class OrdinalAlpha(Measured):
    """Alpha by how many answers lie between two ranks. Columns: the coincidence matrix in the order of ranks, flat."""

    def __init__(self, rank: Ints) -> None:
        self.rank = rank
        """Of each label's code its place in the order."""
        self.labels = len(rank)

    def rows(self, tally: Tallies) -> Rows:
        """Per row its part of the coincidence matrix."""
        k = self.labels
        row, a, b, weight = _pairs(tally)
        at, to, own = self.rank[tally.label[a]], self.rank[tally.label[b]], self.rank[tally.label]
        same = (tally.count**2 - tally.alone) * _per_pair(tally)[tally.row]
        places = np.concatenate([at * k + to, to * k + at, own * k + own])
        rows = np.concatenate([row, row, tally.row])
        return csr_array((np.concatenate([weight, weight, same]), (rows, places)), shape=(tally.rows, k * k))

    def value(self, sums: Floats) -> Floats:
        """1 - Do / De; the metric follows from the counts."""
        k = self.labels
        coincidences = sums.reshape(-1, k, k)
        counts = coincidences.sum(axis=2)
        middle = counts.cumsum(axis=1) - counts / 2
        delta = (middle[:, :, None] - middle[:, None, :]) ** 2
        observed = (coincidences * delta).sum(axis=(1, 2))
        expected = (counts[:, :, None] * counts[:, None, :] * delta).sum(axis=(1, 2))
        return _beyond_chance(observed, counts.sum(axis=1), expected)


def ranks(tally: Tallies, rank: Ints) -> Floats:
    """The middle rank of each label among all answers in items with a pair, shape (labels,)."""
    weight = tally.count * (tally.times * _paired(tally))[tally.row]
    counts = tallied(rank[tally.label], weight, tally.labels)
    return np.asarray((counts.cumsum() - counts / 2)[rank], np.float64)


def of_labels(distance: Callable[[object, object], float], labels: list[object]) -> Delta:
    """The distances of codes from a function of two labels; each different pair is computed once."""

    def delta(a: Ints, b: Ints) -> Floats:
        low, high = np.minimum(a, b).astype(np.int64), np.maximum(a, b)
        different, inverse = np.unique(low * len(labels) + high, return_inverse=True)
        pairs = zip(*np.divmod(different, len(labels)), strict=True)
        found = np.array([distance(labels[i], labels[j]) if i != j else 0.0 for i, j in pairs], np.float64)
        if not np.all(np.isfinite(found) & (found >= 0)):
            bad = int(different[np.flatnonzero(~(np.isfinite(found) & (found >= 0)))[0]])
            i, j = divmod(bad, len(labels))
            raise ValueError(f"distance({labels[i]!r}, {labels[j]!r}) is not a number of at least 0; alpha needs one")
        for pair, there in zip(different[:CHECKED].tolist(), found.tolist(), strict=False):
            i, j = divmod(pair, len(labels))
            back = there if i == j else distance(labels[j], labels[i])
            if not abs(back - there) <= 1e-9 * max(abs(back), there):
                raise ValueError(
                    f"distance({labels[i]!r}, {labels[j]!r}) is {there:g} and the other way round {back:g}; alpha needs a"
                    " distance that is the same both ways"
                )
        return found[inverse]

    return delta


def _paired(tally: Tallies) -> NDArray[np.bool_]:
    return np.asarray(tally.summed(tally.count) ** 2 - tally.summed(tally.alone) > 1e-9)


def _per_pair(tally: Tallies) -> Floats:
    total = tally.summed(tally.count)
    pairs = total**2 - tally.summed(tally.alone)
    return np.divide(total, pairs, out=np.zeros_like(total), where=pairs > 1e-9)


def _pairs(tally: Tallies) -> tuple[Ints, Ints, Ints, Floats]:
    """Every two entries of one row: the row, both entries, and what the pair weighs."""
    sizes = np.diff(tally.starts)
    firsts: list[Ints] = [np.empty(0, np.int64)]
    seconds: list[Ints] = [np.empty(0, np.int64)]
    for size in np.unique(sizes[sizes > 1]).tolist():
        start = tally.starts[:-1][sizes == size]
        i, j = np.triu_indices(size, 1)
        firsts.append((start[:, None] + i).ravel())
        seconds.append((start[:, None] + j).ravel())
    a, b = np.concatenate(firsts), np.concatenate(seconds)
    row = tally.row[a]
    return row, a, b, tally.count[a] * tally.count[b] * _per_pair(tally)[row]


def _all(delta: Delta, labels: int) -> Floats:
    i, j = np.triu_indices(labels, 1)
    matrix = np.zeros((labels, labels))
    matrix[i, j] = delta(i, j)
    return matrix + matrix.T


def _toward(delta: Delta, given: Floats) -> Floats:
    """Of each label the sum of its distances to all that were given, shape (labels,)."""
    k = len(given)
    if k <= ALL_PAIRS:
        return np.asarray(_all(delta, k) @ given)
    partners = np.random.default_rng(0).choice(k, (k, PARTNERS), p=given / given.sum())
    codes = np.repeat(np.arange(k), PARTNERS)
    return np.asarray(delta(codes, partners.ravel()).reshape(k, PARTNERS).mean(axis=1) * given.sum())


def _beyond_chance(observed: Floats, n: Floats, expected: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        alpha = 1.0 - (n - 1) * observed / expected
    return np.where(expected > 1e-12 * np.maximum(n, 1), alpha, np.nan)


def _beside(column: Floats, matrix: csr_array) -> csr_array:
    return csr_array(hstack([csr_array(column.reshape(-1, 1)), matrix], format="csr"))

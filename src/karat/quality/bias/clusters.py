"""What differences of drawn values are put together from: contrasts of means, and their variance where people and items are alike.

Two-way clusters: Cameron, Gelbach and Miller, Journal of Business and Economic Statistics 29 (2011); degrees of freedom of
Satterthwaite over clusters.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

LEAST = 20
"""Values in a part, as many as an even draw would be worth, below which nothing is tested."""
LEAST_HITS = 5
"""Of the two outcomes the rarer is expected at least so often in each part, or t is no guide to the tails."""
FEW = 5
"""Independent people or items behind a comparison below which a warning stands with it. Where fewer people than that have
values on both sides, nothing can be learned of how people differ in it: the comparison is then about these very people."""
SPARSE = 8
"""Numbers of up to so many times their count are counted rather than sorted."""


def given_values(
    values: ArrayLike, weights: ArrayLike, people: ArrayLike, items: ArrayLike
) -> tuple[Floats, Floats, Ints, Ints]:
    """Values, weights, and people and items as codes from 0, checked."""
    y, w = np.asarray(values, np.float64), np.asarray(weights, np.float64)
    who, what = codes_of(people), codes_of(items)
    if y.ndim != 1 or not y.shape == w.shape == who.shape == what.shape:
        raise ValueError(f"values {y.shape}, weights {w.shape}, people {who.shape} and items {what.shape}: one each")
    if (w <= 0).any():
        raise ValueError(f"a weight is {w.min()}; each is 1 over the probability of a draw, above 0")
    return y, w, who, what


def codes_of(names: ArrayLike) -> Ints:
    """Codes from 0, without gaps, in the order of the names (n,); numbers that are nearly such codes take no sorting.

    >>> codes_of([7, 3, 3]).tolist(), codes_of(["b", "a"]).tolist()
    ([1, 0, 0], [1, 0])
    """
    given = np.asarray(names)
    if given.dtype.kind == "i" and given.size and given.min() >= 0 and given.max() < SPARSE * given.size + FEW:
        there = np.bincount(given) > 0
        counted: Ints = (np.cumsum(there) - 1)[given].astype(np.int64)
        return counted
    return np.unique(given, return_inverse=True)[1].astype(np.int64)


def too_little(y: Floats, w: Floats, inside: Bools) -> str | None:
    """Why nothing is tested, if nothing is."""
    both = float((w * y).sum() / w.sum()) if len(y) else 0.0
    for part in (inside, ~inside):
        worth = float(w[part].sum() ** 2 / (w[part] ** 2).sum()) if part.any() else 0.0
        if worth < LEAST:
            return f"worth {worth:.0f} answers; a comparison needs {LEAST} on each side"
        if worth * min(both, 1 - both) < LEAST_HITS:
            return f"too rare, or too common, to compare among {worth:.0f} answers"
    return None


def between(y: Floats, w: Floats, inside: Bools) -> tuple[float, Floats, Floats]:
    """The difference of the means, what each value weighs in it, and how far it is from its own side's mean."""
    omega, apart = np.empty(len(y)), np.empty(len(y))
    means = []
    for part, sign in ((inside, 1.0), (~inside, -1.0)):
        total = w[part].sum()
        means.append(float((w[part] * y[part]).sum() / total))
        omega[part], apart[part] = sign * w[part] / total, y[part] - means[-1]
    return means[0] - means[1], omega, apart


def within(y: Floats, w: Floats, inside: Bools, what: Ints) -> tuple[float, Floats, Floats]:
    """The same, within items: each value less the mean of its item (fixed effects)."""
    weight = np.bincount(what, w)
    side = inside - (np.bincount(what, w * inside) / weight)[what]
    level = y - (np.bincount(what, w * y) / weight)[what]
    spread = float((w * side**2).sum())
    if spread <= 0:
        return 0.0, np.zeros(len(y)), level
    omega = w * side / spread
    found = float((omega * y).sum())
    return found, omega, level - found * side


def are_few_on_both_sides(w: Floats, inside: Bools, who: Ints) -> bool:
    """Whether the values are of fewer than `FEW` people, as many as even shares would be worth, who have both sides."""
    share = np.bincount(who, inside) / np.bincount(who)
    return bool(((share > 0) & (share < 1)).all()) and are_few(w, who)


def are_few(w: Floats, who: Ints) -> bool:
    """Whether these values are of fewer than `FEW` people, as many as even shares would be worth."""
    weight = np.bincount(who, w)
    return float(weight.sum() ** 2 / (weight**2).sum()) < FEW - 0.5


def variance_of(
    omega: Floats, apart: Floats, inside: Bools, who: Ints, what: Ints, *, inside_items: Bools | None = None
) -> tuple[float, float]:
    """The variance of the sum of omega times apart, and the degrees of freedom of what it was estimated from.

    `inside` (n,) is the side of each value; `inside_items`, where items lie on other sides than people do.
    """
    parts = omega * apart
    of_people, free_people = _of_clusters(omega, parts, inside, who)
    of_items, free_items = _of_clusters(omega, parts, inside if inside_items is None else inside_items, what)
    both = of_people + of_items - float((parts**2).sum())
    # Of one way more may be taken away than it has; the wider of the two ways is then the safe one.
    variance = max(both, of_people, of_items)
    return variance, max(min(free_people, free_items), 1.0)


def _of_clusters(omega: Floats, parts: Floats, inside: Bools, cluster: Ints) -> tuple[float, float]:
    """The variance where clusters are independent, and Satterthwaite's degrees of freedom.

    Where each cluster lies on one side, each side has a mean of its own, as in Welch's test. What a cluster adds to the
    variance is known only in size: as if its values were independent, or, on one side, all alike; the fewer degrees count.
    """
    total = np.bincount(cluster, parts)
    share = np.bincount(cluster, inside) / np.bincount(cluster)
    is_split = bool(np.isin(share, (0, 1)).all())
    sides = [side for side in (share == 1, share == 0) if side.any()] if is_split else [np.ones(len(total), bool)]
    worths = [np.bincount(cluster, omega**2)] + ([np.bincount(cluster, np.abs(omega)) ** 2] if is_split else [])
    found = [_satterthwaite(total, worth, sides) for worth in worths]
    return max(variance for variance, _ in found), min(free for _, free in found)


def _satterthwaite(total: NDArray[np.number], worth: NDArray[np.number], sides: list[Bools]) -> tuple[float, float]:
    """The variance of a sum of clusters, enlarged for the mean of each side, and the degrees of freedom that it has."""
    variance = whole = squares = 0.0
    for side in sides:
        held = float(worth[side].sum())
        if held <= 0:
            continue
        clusters = max(held**2 / float((worth[side] ** 2).sum()), 1 + 1e-6)
        variance += float((total[side] ** 2).sum()) * clusters / (clusters - 1)
        whole += held
        squares += held**2 / (clusters - 1)
    return variance, whole**2 / squares if squares > 0 else 1.0

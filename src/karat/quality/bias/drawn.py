"""Do two parts of the data differ, where each value was drawn with its own chance, and people and items are alike within?

Means weigh each value by 1 over the probability of its draw (Hájek, in Foundations of Statistical Inference, 1971, page 236).
The difference of two means has a variance that is robust to whatever the values of one person, and those on one item, have
in common: two-way clusters, Cameron, Gelbach and Miller, Journal of Business and Economic Statistics 29 (2011). Student's t
has the degrees of freedom of Satterthwaite over clusters, since a few people are few however much they answered.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import stdtr, stdtrit

from karat.quality.estimate import Estimate, check_level, estimate, exact_interval

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
OF_THESE = f"of fewer than {FEW} people: it holds for these"
METHOD = "difference of Hájek means, clusters of people and items, Satterthwaite's t"
WITHIN = "difference on the same items, clusters of people and items, Satterthwaite's t"


@dataclass(frozen=True, slots=True)
class Drawn:
    """How a part of the values differs from the others."""

    rate: Estimate
    """Of the part."""
    others: float
    """The same of all others; nan where there are none."""
    difference: Estimate
    """The part less the others."""
    p: float
    """How likely so large a difference is by chance, two-sided; nan where nothing is tested."""
    adjusted: float = float("nan")
    """`p` after control of the chance of any false finding among all that were asked together."""


def drawn_rate(
    values: ArrayLike, weights: ArrayLike, people: ArrayLike, items: ArrayLike, *, level: float = 0.95
) -> Estimate:
    """The weighted mean of values in [0, 1], all (n,), with an interval that knows that people and items come in clusters.

    An exact interval of so many independent values as tell the same (Korn and Graubard, Survey Methodology 24 (1998)). Of
    fewer than `FEW` people it is about these very people, and a warning says so.
    """
    y, w, who, what = _given(values, weights, people, items)
    method = "Hájek's mean, exact interval of as many independent values, clusters of people and items"
    if not len(y) or w.sum() <= 0:
        return Estimate(None, None, None, 0, "answers", method, level, "no answers")
    share = float(np.clip((w * y).sum() / w.sum(), 0, 1))
    omega = w / w.sum()
    worth = 1 / float((omega**2).sum())
    is_of_these = _are_few(w, who)
    variance, free = _variance(omega, y - share, np.ones(len(y), bool), what if is_of_these else who, what)
    effective = worth
    if variance > 0 and 0 < share < 1:
        wider = (stdtrit(max(worth - 1, 1), (1 + level) / 2) / stdtrit(free, (1 + level) / 2)) ** 2
        effective = min(worth, share * (1 - share) / variance * float(wider))
    low, high = exact_interval(share * effective, effective, level=level)
    warning = OF_THESE if is_of_these else None
    return estimate(share, float(low), float(high), n=len(y), of="answers", method=method, level=level, warning=warning)


def drawn_difference(
    values: ArrayLike,
    first: ArrayLike,
    weights: ArrayLike,
    people: ArrayLike,
    items: ArrayLike,
    *,
    on_same_items: bool = False,
    level: float = 0.95,
) -> Drawn:
    """How the values of one part differ from all others, each (n,): values in [0, 1], `first` 0 or 1, weights above 0.

    `people` and `items` are codes; a person has at most one value on an item. `on_same_items` compares only within items
    that both parts have values on, so that whoever got the harder items is not taken to be worse; the difference is then
    the mean of those within items. `p` is nan, and a warning says why, where too little was seen to be tested.
    """
    y, w, who, what = _given(values, weights, people, items)
    inside = np.asarray(first).astype(bool)
    if inside.shape != y.shape:
        raise ValueError(f"first has shape {inside.shape}, and there are {y.shape} values; 0 or 1 is needed for each")
    rate = drawn_rate(y[inside], w[inside], who[inside], what[inside], level=level)
    rest = float((w * y)[~inside].sum() / w[~inside].sum()) if (~inside).any() else float("nan")
    method = WITHIN if on_same_items else METHOD
    why = _too_little(y, w, inside)
    if why:
        return Drawn(rate, rest, Estimate(None, None, None, len(y), "answers", method, level, why), float("nan"))
    found, omega, apart = _within(y, w, inside, what) if on_same_items else _between(y, w, inside)
    if not omega.any():
        why = "no item has values of both parts"
        return Drawn(rate, rest, Estimate(None, None, None, len(y), "answers", method, level, why), float("nan"))
    is_of_these = _are_few_on_both_sides(w, inside, who)
    variance, free = _variance(omega, apart, inside, what if is_of_these else who, what)
    error = float(np.sqrt(variance))
    reach = float(stdtrit(free, (1 + check_level(level)) / 2)) * error
    p = float(2 * stdtr(free, -abs(found / error))) if error > 0 else float("nan")
    warning = f"as good as only {free + 1:.0f} independent people or items" if free + 1 < FEW else None
    warning = OF_THESE if is_of_these else warning
    ends = max(found - reach, -1.0), min(found + reach, 1.0)
    said = estimate(found, *ends, n=len(y), of="answers", method=method, level=level, warning=warning)
    return Drawn(rate, rest, said, p)


def adjusted(found: list[Drawn]) -> list[Drawn]:
    """The same with p values adjusted over all that were asked together, by `holm`."""
    return [replace(one, adjusted=q) for one, q in zip(found, holm([one.p for one in found]).tolist(), strict=True)]


def holm(p: ArrayLike) -> Floats:
    """p values (n,) so adjusted that the chance of any false finding among all below 0.05 is 0.05 at most.

    Holds however they depend on one another. nan stays nan and counts for nothing. Source: Holm, Scandinavian Journal of
    Statistics 6 (1979).

    >>> holm([0.01, 0.04, 0.03]).tolist()
    [0.03, 0.06, 0.06]
    """
    given = np.asarray(p, np.float64)
    out = np.full(given.shape, np.nan)
    asked = np.flatnonzero(~np.isnan(given))
    order = asked[np.argsort(given[asked], kind="stable")]
    steps = given[order] * np.arange(len(order), 0, -1)
    out[order] = np.minimum(np.maximum.accumulate(steps), 1.0)
    return out


def _given(
    values: ArrayLike, weights: ArrayLike, people: ArrayLike, items: ArrayLike
) -> tuple[Floats, Floats, Ints, Ints]:
    y, w = np.asarray(values, np.float64), np.asarray(weights, np.float64)
    who, what = (np.unique(np.asarray(x), return_inverse=True)[1].astype(np.int64) for x in (people, items))
    if y.ndim != 1 or not y.shape == w.shape == who.shape == what.shape:
        raise ValueError(f"values {y.shape}, weights {w.shape}, people {who.shape} and items {what.shape}: one each")
    if (w <= 0).any():
        raise ValueError(f"a weight is {w.min()}; each is 1 over the probability of a draw, above 0")
    return y, w, who, what


def _too_little(y: Floats, w: Floats, inside: Bools) -> str | None:
    """Why nothing is tested, if nothing is."""
    both = float((w * y).sum() / w.sum()) if len(y) else 0.0
    for part in (inside, ~inside):
        worth = float(w[part].sum() ** 2 / (w[part] ** 2).sum()) if part.any() else 0.0
        if worth < LEAST:
            return f"worth {worth:.0f} answers; a comparison needs {LEAST} on each side"
        if worth * min(both, 1 - both) < LEAST_HITS:
            return f"too rare, or too common, to compare among {worth:.0f} answers"
    return None


def _between(y: Floats, w: Floats, inside: Bools) -> tuple[float, Floats, Floats]:
    """The difference of the means, what each value weighs in it, and how far it is from its own side's mean."""
    omega, apart = np.empty(len(y)), np.empty(len(y))
    means = []
    for part, sign in ((inside, 1.0), (~inside, -1.0)):
        total = w[part].sum()
        means.append(float((w[part] * y[part]).sum() / total))
        omega[part], apart[part] = sign * w[part] / total, y[part] - means[-1]
    return means[0] - means[1], omega, apart


def _within(y: Floats, w: Floats, inside: Bools, what: Ints) -> tuple[float, Floats, Floats]:
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


def _are_few_on_both_sides(w: Floats, inside: Bools, who: Ints) -> bool:
    """Whether the values are of fewer than `FEW` people, as many as even shares would be worth, who have both sides."""
    share = np.bincount(who, inside) / np.bincount(who)
    return bool(((share > 0) & (share < 1)).all()) and _are_few(w, who)


def _are_few(w: Floats, who: Ints) -> bool:
    weight = np.bincount(who, w)
    return float(weight.sum() ** 2 / (weight**2).sum()) < FEW - 0.5


def _variance(omega: Floats, apart: Floats, inside: Bools, who: Ints, what: Ints) -> tuple[float, float]:
    """The variance of the sum of omega times apart, and the degrees of freedom of what it was estimated from."""
    parts = omega * apart
    of_people, free_people = _of_clusters(omega, parts, inside, who)
    of_items, free_items = _of_clusters(omega, parts, inside, what)
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
    worths = [np.bincount(cluster, omega**2)] + ([np.bincount(cluster, omega) ** 2] if is_split else [])
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

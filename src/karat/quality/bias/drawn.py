"""Do two parts of the data differ, where each value was drawn with its own chance, and people and items are alike within?

Means weigh each value by 1 over the probability of its draw (Hájek, in Foundations of Statistical Inference, 1971, page 236).
The difference of two means has a variance that is robust to whatever the values of one person, and those on one item, have
in common: two-way clusters, Cameron, Gelbach and Miller, Journal of Business and Economic Statistics 29 (2011). Student's t
has the degrees of freedom of Satterthwaite over clusters, since a few people are few however much they answered.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import stdtr, stdtrit

from karat.quality.bias.clusters import (
    FEW,
    Floats,
    are_few,
    are_few_on_both_sides,
    between,
    given_values,
    too_little,
    variance_of,
    within,
)
from karat.quality.estimate import Estimate, check_level, estimate, exact_interval

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
    y, w, who, what = given_values(values, weights, people, items)
    method = "Hájek's mean, exact interval of as many independent values, clusters of people and items"
    if not len(y) or w.sum() <= 0:
        return Estimate(None, None, None, 0, "answers", method, level, "no answers")
    share = float(np.clip((w * y).sum() / w.sum(), 0, 1))
    omega = w / w.sum()
    worth = 1 / float((omega**2).sum())
    is_of_these = are_few(w, who)
    variance, free = variance_of(omega, y - share, np.ones(len(y), bool), what if is_of_these else who, what)
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
    y, w, who, what = given_values(values, weights, people, items)
    inside = np.asarray(first).astype(bool)
    if inside.shape != y.shape:
        raise ValueError(f"first has shape {inside.shape}, and there are {y.shape} values; 0 or 1 is needed for each")
    rate = drawn_rate(y[inside], w[inside], who[inside], what[inside], level=level)
    rest = float((w * y)[~inside].sum() / w[~inside].sum()) if (~inside).any() else float("nan")
    method = WITHIN if on_same_items else METHOD
    why = too_little(y, w, inside)
    if why:
        return Drawn(rate, rest, Estimate(None, None, None, len(y), "answers", method, level, why), float("nan"))
    found, omega, apart = within(y, w, inside, what) if on_same_items else between(y, w, inside)
    if not omega.any():
        why = "no item has values of both parts"
        return Drawn(rate, rest, Estimate(None, None, None, len(y), "answers", method, level, why), float("nan"))
    is_of_these = are_few_on_both_sides(w, inside, who)
    variance, free = variance_of(omega, apart, inside, what if is_of_these else who, what)
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

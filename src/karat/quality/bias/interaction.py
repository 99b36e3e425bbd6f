"""Does one group of people treat one part of the items otherwise than the others do: a difference of two differences."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import stdtr, stdtrit

from karat.quality.bias.clusters import FEW, between, codes_of, given_values, too_little, variance_of, within
from karat.quality.estimate import Estimate, check_level, estimate

METHOD = "difference of two differences of Hájek means, clusters of people and items, Satterthwaite's t"
WITHIN = "difference of two differences on the same items, clusters of people and items, Satterthwaite's t"


@dataclass(frozen=True, slots=True)
class Interaction:
    """How a group differs from the others in a slice, and how much of that it does not elsewhere."""

    value: float
    """Mean of the group in the slice."""
    others: float
    """Mean of the others in the slice."""
    elsewhere: float
    """The group less the others on all other items."""
    difference: Estimate
    """The group less the others in the slice, less the same elsewhere: 0 where it differs as much as everywhere."""
    p: float
    """How likely so large a one is by chance, two-sided; nan where nothing is tested."""


def drawn_interaction(
    values: ArrayLike,
    group: ArrayLike,
    slice_: ArrayLike,
    weights: ArrayLike,
    people: ArrayLike,
    items: ArrayLike,
    *,
    on_same_items: bool = False,
    level: float = 0.95,
) -> Interaction:
    """Whether a group of people differs from the others in a slice by more, or less, than it does on all other items.

    All (n,): values in [0, 1], `group` 0 or 1 by the person, `slice_` 0 or 1 by the item, weights above 0, `people` and
    `items` as codes. Differences are of shares, so a group that is worse everywhere by the same points is no finding; one
    that is worse by more points where all are worse is. `on_same_items` compares within items that both have values on.
    The variance is robust to what the values of one person, and those on one item, have in common, as `drawn_difference`;
    p is nan, and a warning says why, where one of the four parts is too little.
    """
    y, w, who, what = given_values(values, weights, people, items)
    of_group, there = np.asarray(group).astype(bool), np.asarray(slice_).astype(bool)
    if not of_group.shape == there.shape == y.shape:
        raise ValueError(f"group {of_group.shape} and slice {there.shape} need one entry for each of {y.shape} values")
    method = WITHIN if on_same_items else METHOD
    means = [_mean(y, w, there & side) for side in (of_group, ~of_group)]
    omega, apart = np.zeros(len(y)), np.zeros(len(y))
    found = []
    for part, sign in ((there, 1.0), (~there, -1.0)):
        why = too_little(y[part], w[part], of_group[part])
        if why is None:
            codes = codes_of(what[part])
            one = (
                within(y[part], w[part], of_group[part], codes)
                if on_same_items
                else between(y[part], w[part], of_group[part])
            )
            omega[part], apart[part] = sign * one[1], one[2]
            found.append(one[0])
            why = None if one[1].any() else "no item has values of both sides"
        if why:
            nothing = Estimate(None, None, None, len(y), "answers", method, level, why)
            return Interaction(means[0], means[1], float("nan"), nothing, float("nan"))
    difference = found[0] - found[1]
    variance, free = variance_of(omega, apart, of_group, who, what, inside_items=there)
    error = float(np.sqrt(variance))
    reach = float(stdtrit(free, (1 + check_level(level)) / 2)) * error
    p = float(2 * stdtr(free, -abs(difference / error))) if error > 0 else float("nan")
    warning = f"as good as only {free + 1:.0f} independent people or items" if free + 1 < FEW else None
    ends = max(difference - reach, -2.0), min(difference + reach, 2.0)
    said = estimate(difference, *ends, n=len(y), of="answers", method=method, level=level, warning=warning)
    return Interaction(means[0], means[1], found[1], said, p)


def _mean(y: np.ndarray, w: np.ndarray, part: np.ndarray) -> float:
    return float((w[part] * y[part]).sum() / w[part].sum()) if part.any() else float("nan")

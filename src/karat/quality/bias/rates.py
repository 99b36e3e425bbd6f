"""Is anybody, or any part of the data, treated differently, or missing? Rates by slice and by group of annotators.

A p value says how likely so large a difference is where there is none. With many of them some are small by chance:
`false_discoveries` bounds the share of false findings among those that are reported.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import chdtrc, ndtr, ndtri

from karat.quality.agreement.parts import slices_of
from karat.quality.estimate import Estimate, check_level, estimate, exact_interval
from karat.quality.tallies import tallied
from karat.quality.votes import Votes

Floats = NDArray[np.floating]


@dataclass(frozen=True, slots=True)
class SliceRate:
    """A rate in one slice beside the rate in all others."""

    slice: object
    rate: Estimate
    others: float
    """The same rate in all other slices together."""
    p: float
    """How likely so large a difference is by chance; nan where a side is empty."""
    adjusted: float
    """`p` after control of false discoveries among all that were asked together."""


def rates_by_slice(
    hits: ArrayLike, slices: Sequence[object] | NDArray[np.generic], *, level: float = 0.95
) -> list[SliceRate]:
    """The share of hits (items,) of 0 and 1 in each slice, with an exact interval, tested against the others together.

    Hits are whatever is counted: an item is wrong, has a label, was agreed on. Two-sided test of two shares with pooled
    variance; adjusted over slices by Benjamini and Hochberg. Slices with the smallest p first. None is no slice.
    """
    names = slices.tolist() if isinstance(slices, np.ndarray) else list(slices)
    hit = np.asarray(hits, np.float64)
    if hit.shape != (len(names),) or not np.isin(hit, (0, 1)).all():
        raise ValueError(f"hits have shape {hit.shape}, and there are {len(names)} slices; 0 or 1 is needed for each")
    known = sorted({n for n in names if n is not None}, key=lambda name: (str(type(name)), name))
    code = {name: place for place, name in enumerate(known)}
    place = np.array([code.get(name, -1) if name is not None else -1 for name in names], np.int64)
    n = np.bincount(place[place >= 0], minlength=len(known)).astype(np.float64)
    x = tallied(place[place >= 0], hit[place >= 0], len(known))
    p = _two_shares(x, n, x.sum() - x, n.sum() - n)
    adjusted = false_discoveries(p)
    low, high = exact_interval(x, n, level=level)
    with np.errstate(divide="ignore", invalid="ignore"):
        others = (x.sum() - x) / (n.sum() - n)
    method = "exact interval of Clopper and Pearson"
    found = []
    for i, name in enumerate(known):
        rate = estimate(x[i] / n[i], float(low[i]), float(high[i]), n=int(n[i]), of="items", method=method, level=level)
        found.append(SliceRate(name, rate, float(others[i]), float(p[i]), float(adjusted[i])))
    return sorted(found, key=lambda rate: (np.isnan(rate.p), rate.p))


def label_rates(
    votes: Votes,
    slices: Mapping[object, object] | Sequence[object] | NDArray[np.generic],
    label: object,
    *,
    level: float = 0.95,
) -> list[SliceRate]:
    """How often a label is given in each slice of the items; one hit or miss per item, by which label has most votes.

    Slices align with `votes.items` or map an item. An item without votes, or whose most frequent labels are equal in
    number, is left out. As `rates_by_slice`.
    """
    labels = votes.labels.tolist()
    if label not in labels:
        raise ValueError(f"{label!r} is no label of these votes; there are {labels[:5]}")
    names = slices_of(votes, slices)
    counts = votes.once().counts()
    top = counts.max(axis=1, initial=0)
    clear = (top > 0) & ((counts == top[:, None]).sum(axis=1) == 1)
    hit = counts.argmax(axis=1) == labels.index(label)
    chosen = np.flatnonzero(clear)
    return rates_by_slice(hit[chosen], [names[i] for i in chosen.tolist()], level=level)


@dataclass(frozen=True, slots=True)
class Association:
    """How a group of annotators differs from another, within strata, so that harder items do not look like worse people."""

    odds_ratio: Estimate
    """Odds of a hit in the first group over those in the second, common to all strata; 1 is no difference."""
    p: float
    strata: int
    """Strata that had both groups, hits and misses."""


def group_difference(
    hits: ArrayLike, first: ArrayLike, strata: Sequence[object] | NDArray[np.generic], *, level: float = 0.95
) -> Association:
    """Whether one group of annotators has more hits than the other on votes of the same stratum.

    `hits` (votes,) 0 or 1: right, or of a label; `first` (votes,) whether the annotator is of the first group; `strata`
    (votes,) the item, slice or batch within which groups are compared. Test and common odds ratio of Mantel and Haenszel,
    Journal of the National Cancer Institute 22 (1959); interval by Robins, Breslow and Greenland (1986).
    """
    hit, of_first = np.asarray(hits, bool), np.asarray(first, bool)
    names = _coded(strata)
    if not hit.shape == of_first.shape == names.shape:
        raise ValueError(
            f"hits {hit.shape}, first {of_first.shape} and strata {names.shape} need one entry for each vote"
        )
    size = int(names.max(initial=-1)) + 1
    a, b, c, d = (
        np.bincount(names[chosen], minlength=size).astype(np.float64)
        for chosen in (hit & of_first, ~hit & of_first, hit & ~of_first, ~hit & ~of_first)
    )
    useful = (a + b > 0) & (c + d > 0) & (a + c > 0) & (b + d > 0)
    a, b, c, d = a[useful], b[useful], c[useful], d[useful]
    n, method = a + b + c + d, "Mantel and Haenszel, interval of Robins, Breslow and Greenland"
    votes = int(n.sum())
    if not len(n):
        why = "no stratum has both groups, hits and misses"
        return Association(Estimate(None, None, None, 0, "votes", method, level, why), float("nan"), 0)
    expected = (a + b) * (a + c) / n
    variance = (a + b) * (c + d) * (a + c) * (b + d) / (n**2 * np.maximum(n - 1, 1))
    p = float(chdtrc(1, float((a - expected).sum()) ** 2 / variance.sum()))
    r, s = a * d / n, b * c / n
    if r.sum() == 0 or s.sum() == 0:
        value = float("inf") if s.sum() == 0 else 0.0
        why = "one group has no hits, or no misses, where the other can be compared"
        return Association(
            estimate(value, np.nan, np.nan, n=votes, of="votes", method=method, level=level, warning=why), p, len(n)
        )
    share, rest = (a + d) / n, (b + c) / n
    spread = (share * r).sum() / (2 * r.sum() ** 2)
    spread += (share * s + rest * r).sum() / (2 * r.sum() * s.sum()) + (rest * s).sum() / (2 * s.sum() ** 2)
    ratio, reach = float(r.sum() / s.sum()), float(ndtri((1 + check_level(level)) / 2) * np.sqrt(spread))
    ends = ratio * np.exp(-reach), ratio * np.exp(reach)
    return Association(estimate(ratio, *ends, n=votes, of="votes", method=method, level=level), p, len(n))


def false_discoveries(p: ArrayLike) -> Floats:
    """p values adjusted so that among those below q, a share of q at most is false on average; shape as given, nan stays.

    Source: Benjamini and Hochberg, Journal of the Royal Statistical Society B 57 (1995); for independent or positively
    dependent tests.

    >>> false_discoveries([0.01, 0.04, 0.03, 0.5]).round(4).tolist()
    [0.04, 0.0533, 0.0533, 0.5]
    """
    given = np.asarray(p, np.float64)
    found = np.full(given.shape, np.nan)
    known = np.flatnonzero(np.isfinite(given))
    if ((given[known] < 0) | (given[known] > 1)).any():
        raise ValueError("p values lie between 0 and 1")
    order = known[np.argsort(-given[known], kind="stable")]
    rank = np.arange(len(order), 0, -1)
    found[order] = np.minimum.accumulate(np.minimum(given[order] * len(order) / np.maximum(rank, 1), 1.0))
    return found


@dataclass(frozen=True, slots=True)
class Coverage:
    """How the items spread over the cells of a population."""

    cells: list[object]
    n: NDArray[np.signedinteger]
    expected: Floats
    """Shares of the population, summing to 1."""
    distance: float
    """Total variation, in [0, 1]: the share of items that would have to lie in another cell; 0 is a perfect match."""
    stability: float
    """Population stability index: by custom below 0.1 is near, above 0.25 is far; half an item is added to each cell."""
    empty: list[object]
    """Cells of the population in which there is nothing."""
    imbalance: float
    """The largest cell over the smallest that is not empty."""


def coverage(
    found: Sequence[object] | NDArray[np.generic], population: Mapping[object, float] | None = None
) -> Coverage:
    """How far the cells of the items (items,) are from a declared population, or from equal cells where none is given.

    `population` names every cell with its share or count. A cell that items have and it lacks is an error: an undeclared
    cell would otherwise vanish.
    """
    names = found.tolist() if isinstance(found, np.ndarray) else list(found)
    shares = (
        dict.fromkeys(sorted(set(names), key=lambda x: (str(type(x)), x)), 1.0)
        if population is None
        else dict(population)
    )
    unknown = [name for name in names if name not in shares]
    if unknown:
        raise ValueError(f"population= lacks the cell {unknown[0]!r}, which {len(unknown)} items have; declare it")
    if not shares or any(share <= 0 for share in shares.values()):
        raise ValueError("population= needs a share above 0 for each cell; leave out cells that cannot occur")
    cells = list(shares)
    place = {cell: i for i, cell in enumerate(cells)}
    n = np.bincount(np.array([place[name] for name in names], np.int64), minlength=len(cells))
    expected = np.array([shares[cell] for cell in cells], np.float64)
    expected = expected / expected.sum()
    seen = n / max(n.sum(), 1)
    smooth = (n + 0.5) / (n.sum() + 0.5 * len(cells))
    stability = float(((smooth - expected) * np.log(smooth / expected)).sum())
    filled = n[n > 0]
    return Coverage(
        cells,
        n,
        expected,
        float(np.abs(seen - expected).sum() / 2) if n.sum() else 1.0,
        stability,
        [cell for cell, count in zip(cells, n.tolist(), strict=True) if not count],
        float(filled.max() / filled.min()) if len(filled) else float("nan"),
    )


def _two_shares(x: Floats, n: Floats, y: Floats, m: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        pooled = (x + y) / (n + m)
        error = np.sqrt(pooled * (1 - pooled) * (1 / n + 1 / m))
        z = np.where(error > 0, (x / n - y / m) / error, 0.0)
    return np.where((n > 0) & (m > 0), 2 * ndtr(-np.abs(z)), np.nan)


def _coded(strata: Sequence[object] | NDArray[np.generic]) -> NDArray[np.signedinteger]:
    """Names as codes."""
    plain = (
        strata if isinstance(strata, np.ndarray) and strata.dtype != object else np.asarray([str(s) for s in strata])
    )
    return np.asarray(np.unique(plain, return_inverse=True)[1], np.int64)

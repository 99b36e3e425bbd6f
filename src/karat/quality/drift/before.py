"""Is a batch unlike all before it? Points for a chart that need no baseline, so that its false alarms are as stated.

A usual level that is itself only estimated makes more false alarms than a chart's limits say. Here each batch is compared
with all votes before it, by a test of two samples: while nothing changes, these points are independent and near standard
normal from the second batch on, however little came before (self-starting charts: Hawkins, Journal of the Royal Statistical
Society D 36 (1987); Quesenberry, Journal of Quality Technology 23 (1991)). The price is that a change is soon part of what
came before: late changes are seen best. Each function gives an array of shape (batches,), 0 where there is nothing to compare.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri

Floats = NDArray[np.floating]
Ints = NDArray[np.signedinteger]
SURE = 1e-15


def rates_before(hits: ArrayLike, n: ArrayLike) -> Floats:
    """Each batch's share of hits, of n, against the share before: above 0 is more hits than before.

    The mid-p value of Fisher's exact test as a normal deviate: Quesenberry's Q chart for binomial data, 1991. As counts come
    in steps, points of small batches spread less than 1, and false alarms are rarer than stated, never more frequent.

    >>> (rates_before([18, 18, 9], [20, 20, 20]).round(2) + 0).tolist()
    [0.0, 0.0, -3.58]
    """
    from scipy.stats import hypergeom  # a second to import

    x, of = np.asarray(hits, np.int64), np.asarray(n, np.int64)
    if x.shape != of.shape or x.ndim != 1 or not np.all((x >= 0) & (x <= of)):
        raise ValueError("hits must lie between 0 and n, one for each batch")
    total, right = np.cumsum(of), np.cumsum(x)
    below = hypergeom.cdf(x, total, right, of) - hypergeom.pmf(x, total, right, of) / 2
    compared = (of > 0) & (total > of)
    return np.where(compared, ndtri(np.clip(np.where(compared, below, 0.5), SURE, 1 - SURE)), 0.0)


def ranks_before(values: ArrayLike, batch: ArrayLike) -> Floats:
    """Numbers such as seconds (votes,), each batch's against all before: above 0 is larger than before.

    `batch` (votes,) counts from 0. Wilcoxon's rank sum with its variance for ties, so that a pause of an hour is no more
    than the longest time so far; and seconds and their logarithm give the same points.
    """
    x, place = np.asarray(values, np.float64), np.asarray(batch, np.int64)
    if x.shape != place.shape or x.ndim != 1 or not np.isfinite(x).all():
        raise ValueError("values must be finite numbers, each with the number of its batch; leave out what is unknown")
    batches = int(place.max(initial=-1)) + 1
    order = np.lexsort((x, place))
    x, ends = x[order], np.cumsum(np.bincount(place, minlength=batches))
    found, past = np.zeros(batches), np.empty(0)
    for i, end in enumerate(ends.tolist()):
        own = x[len(past) : end]
        if len(past) and len(own):
            found[i] = _rank_sum(own, past)
        past = np.sort(np.concatenate([past, own]), kind="stable")
    return found


def mix_before(counts: ArrayLike) -> Floats:
    """Each batch's labels (batches, labels) against those before: above 0 is farther off than chance has it.

    Pearson's chi-squared of two samples over its mean while the margins stay, turned into a normal deviate (Wilson and
    Hilferty 1931). Labels not given so far count for nothing. Read alarms upward.
    """
    given = np.asarray(counts, np.float64)
    if given.ndim != 2 or not (given >= 0).all():
        raise ValueError("counts need the shape (batches, labels) and cannot be below 0")
    past = np.cumsum(given, axis=0) - given
    n, m = given.sum(axis=1, keepdims=True), past.sum(axis=1, keepdims=True)
    both = given + past
    total = np.maximum(n + m, 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        apart = np.where(both > 0, (given - both * n / total) ** 2 / (both * n * m / total**2), 0.0).sum(axis=1)
    freedom = np.maximum((both > 0).sum(axis=1) - 1, 1)
    ratio = apart * (total[:, 0] - 1) / np.maximum(total[:, 0], 1) / freedom
    spread = 2 / (9 * freedom)
    compared = (n[:, 0] > 0) & (m[:, 0] > 0) & ((both > 0).sum(axis=1) > 1)
    return np.where(compared, (np.where(compared, ratio, 1.0) ** (1 / 3) - (1 - spread)) / np.sqrt(spread), 0.0)


def _rank_sum(own: Floats, past: Floats) -> float:
    """The normal deviate of Wilcoxon's rank sum; both sorted."""
    n, m = len(own), len(past)
    above = (np.searchsorted(past, own, "left") + np.searchsorted(past, own, "right")).sum() / 2
    _, ties = np.unique(np.concatenate([own, past]), return_counts=True)
    total = n + m
    tied = float((ties.astype(np.float64) ** 3 - ties).sum()) / max(total * (total - 1), 1)
    variance = n * m / 12 * (total + 1 - tied)
    return float((above - n * m / 2) / np.sqrt(variance)) if variance > 0 else 0.0

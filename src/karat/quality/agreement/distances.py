"""Agreement of answers of any sort by a distance: its mean, alpha over it, and where it lies in what chance would give.

Boxes, texts, trees: whatever has a distance. Between answers to *different* items such distances are nearly all near 1,
so that alpha has no scale that carries from task to task; bands as for labels mean nothing here. Sigma and KS ask instead
how many of the observed distances are smaller than chance would nearly ever make them.
"""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr

from karat.quality.agreement.comparisons import Comparisons, blocks_of, pairs_within, weights_of
from karat.quality.agreement.votes import ENOUGH_ITEMS
from karat.quality.columns import coded, read_columns
from karat.quality.estimate import Estimate, estimate
from karat.quality.tallies import Bootstrap

Floats = NDArray[np.floating]
Ints = NDArray[np.signedinteger]

DRAWN = 4000
"""Pairs of answers to different items that stand for chance; the standard error of their mean is below 0.008."""
GRID = 100
"""Distances around the limit of sigma at which the smoothed chance is read; between them it is taken to be straight."""


@dataclass(frozen=True, slots=True)
class Distances:
    """Distances between answers to the same item, and between answers of any two annotators to different items."""

    observed: Comparisons
    """`observed.estimate()` is the mean distance with its interval; `by_item()`, `by_pair()` and so on its parts."""
    expected: Floats
    """Shape (drawn,)."""
    expected_item: Ints
    """Of each the item of its first answer, codes into `observed.items`."""


def distances_of(
    items: ArrayLike,
    annotators: ArrayLike,
    answers: Sequence[object],
    distance: Callable[[object, object], float | None],
    *,
    drawn: int = DRAWN,
    seed: int = 0,
) -> Distances:
    """Distances within items, all of them, and between items, `drawn` of them (all where there are no more).

    Row i says: `annotators[i]` answered `items[i]` with `answers[i]`, which may be anything that `distance` takes; that is
    symmetric, at least 0, and 0 for equal answers; None where two answers cannot be compared, which leaves the pair out.
    Who answered an item twice counts with both.

    >>> boxes = [(0, 10), (1, 10), (50, 60), (50, 61), (80, 95), (80, 95)]
    >>> def apart(a, b):
    ...     both = max(0, min(a[1], b[1]) - max(a[0], b[0]))
    ...     return 1 - both / (a[1] - a[0] + b[1] - b[0] - both)
    >>> found = distances_of([1, 1, 2, 2, 3, 3], ["Ada", "Ben"] * 3, boxes, apart)
    >>> round(found.observed.estimate().value, 3), round(distance_alpha(found).value, 3), sigma(found).value
    (0.064, 0.936, 1.0)
    """
    columns = read_columns({"items": items, "annotators": annotators}, ["items", "annotators"])
    names, item = coded(columns["items"], "items")
    people, person = coded(columns["annotators"], "annotators")
    if len(answers) != len(item):
        raise ValueError(f"there are {len(answers)} answers and {len(item)} items; give one answer a row")
    a, b = pairs_within(item)
    a, b, observed = _measured(answers, distance, a, b)
    x, _, expected = _measured(answers, distance, *_different(item, drawn, np.random.default_rng(seed)))
    table = Comparisons(names, people, item[a], person[a], person[b], observed, np.ones(len(a)))
    return Distances(table, expected, item[x])


def distance_alpha(distances: Distances, *, bootstrap: Bootstrap | None = None) -> Estimate:
    """1 - the mean distance within items over that between items: 1 where all say the same, 0 is chance.

    Krippendorff's alpha with the distance in place of a scale, except that chance is drawn from different items only. It
    depends on the distance as much as on the annotators, so compare it within one field, never with bands. Source:
    Krippendorff (2011); the form is that of Braylan, Alonso and Lease (WWW 2022), equation 1.
    """
    return _estimate(distances, _alphas, bootstrap)


def sigma(distances: Distances, *, level: float = 0.05, bootstrap: Bootstrap | None = None) -> Estimate:
    """The share of distances within items that chance would undercut in less than `level` of cases; in [0, 1].

    1: annotators are nearly always closer than answers to different items ever are; `level`: no closer than those. Chance
    is the distribution of distances between items, smoothed by normal kernels with the bandwidth of Scott (1992), from 0
    up. Source: Braylan, Alonso and Lease, Measuring Annotator Agreement Generally across Complex Structured,
    Multi-object, and Free-text Annotation Tasks (WWW 2022), 4.
    """
    if not 0 < level < 1:
        raise ValueError(f"level={level} is no share between 0 and 1; 0.05 is that of the paper")
    return _estimate(distances, partial(_sigmas, level=level), bootstrap)


def ks(distances: Distances, *, bootstrap: Bootstrap | None = None) -> Estimate:
    """The largest lead of the distances within items over those between items (Kolmogorov and Smirnov); in [0, 1].

    At some distance so much more of the one lies below it than of the other: 1 where they do not mix, 0 where the former
    are never smaller. Source: Braylan, Alonso and Lease (WWW 2022), 4.
    """
    return _estimate(distances, _leads, bootstrap)


Statistic = Callable[[Floats, Floats, Floats, Floats], Floats]
"""From distances within (n,) and between items (m,), and weights (samples, n) and (samples, m), to (samples,)."""


def _estimate(distances: Distances, statistic: Statistic, bootstrap: Bootstrap | None) -> Estimate:
    how = bootstrap or Bootstrap()
    if how.over != "items":
        raise ValueError(f"over={how.over!r}: here only 'items' are drawn anew")
    near, far, where = distances.observed.apart, distances.expected, distances.observed.item
    n = len(np.unique(where))
    if n < 2 or not len(far):
        why = "two items with answers of two annotators are needed to say what chance would give"
        return Estimate(None, None, None, n, "items", how.method, how.level, why)
    value = float(statistic(near, far, np.ones((1, len(near))), np.ones((1, len(far))))[0])
    generator = np.random.default_rng(how.seed)
    count, block = blocks_of(len(distances.observed.items), np.arange(len(distances.observed.items)), generator)
    found = []
    for weights in weights_of(count, how.samples, generator):
        step = max(1, 4_000_000 // (len(near) + len(far)))
        for at in range(0, len(weights), step):
            w = weights[at : at + step][:, block]
            found.append(statistic(near, far, w[:, where], w[:, distances.expected_item]))
    drawn = np.concatenate(found)
    tail = 100 * (1 - how.level) / 2
    few = f"only {n} items; below {ENOUGH_ITEMS} the interval is too narrow" if n < ENOUGH_ITEMS else None
    if not np.isfinite(value):
        return Estimate(
            None, None, None, n, "items", how.method, how.level, "answers to different items are all the same"
        )
    low, high = np.nanpercentile(drawn, [tail, 100 - tail])
    ends = min(float(low), value), max(float(high), value)
    return estimate(value, *ends, n=n, of="items", method=how.method, level=how.level, warning=few)


def _alphas(near: Floats, far: Floats, of_near: Floats, of_far: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        within, between = of_near @ near / of_near.sum(axis=1), of_far @ far / of_far.sum(axis=1)
        return np.where(between > 0, 1 - within / between, np.nan)


def _sigmas(near: Floats, far: Floats, of_near: Floats, of_far: Floats, *, level: float) -> Floats:
    whole = of_near.sum(axis=1)
    limit = chance_limit(far, near, level=level)
    shares = of_near @ (near < limit) / whole
    if len(of_far) == 1:
        return np.asarray(shares)
    # What other answers to different items would change, to first order.
    limits, base = chance_limits(far, of_far, level=level), chance_limit(far, None, level=level)
    return np.asarray(shares + share_below(near, limits) - share_below(near, base))


def chance_limit(far: Floats, near: Floats | None = None, *, level: float = 0.05) -> float:
    """The distance below which lies `level` of the smoothed distribution of distances `far`; the smallest of `near` that
    is not below it, where these are given."""
    if not _width(far) > 0:
        return float(far[0])
    if near is not None:
        different = np.unique(near).tolist()
        first = bisect_left(different, level, key=lambda upto: _mass(far, upto))
        return float([*different, np.inf][first])
    return float(chance_limits(far, np.ones((1, len(far))), level=level)[0])


def chance_limits(far: Floats, weights: Floats, *, level: float = 0.05) -> Floats:
    """The same under each row of weights, shape (samples, len(far)), from a grid of distances."""
    width = _width(far)
    if not width > 0:
        return np.full(len(weights), far[0])
    grid = np.linspace(0, float(np.quantile(far, min(1.0, 4 * level))) + 3 * width, GRID)
    below = weights @ (ndtr((grid - far[:, None]) / width) - ndtr(-far[:, None] / width))
    below /= weights.sum(axis=1, keepdims=True)
    return np.array([np.interp(level, row, grid, right=np.inf) for row in below])


def share_below(near: Floats, limits: Floats | float) -> Floats:
    """The share of distances below each limit."""
    return np.asarray(np.searchsorted(np.sort(near), limits, side="left") / len(near))


def _width(far: Floats) -> float:
    """The bandwidth of Scott (1992) for one dimension."""
    return float(far.std(ddof=1)) * len(far) ** -0.2 if len(far) > 1 else 0.0


def _mass(far: Floats, upto: float) -> float:
    """How much of the smoothed distribution lies between 0 and `upto`."""
    width = _width(far)
    return float((ndtr((upto - far) / width) - ndtr(-far / width)).mean())


def _leads(near: Floats, far: Floats, of_near: Floats, of_far: Floats) -> Floats:
    every = np.concatenate([near, far])
    order = np.argsort(every, kind="stable")
    last = np.flatnonzero(np.diff(every[order], append=np.inf) > 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        steps = np.concatenate(
            [of_near / of_near.sum(axis=1, keepdims=True), -of_far / of_far.sum(axis=1, keepdims=True)], axis=1
        )
    return np.asarray(np.maximum(np.cumsum(steps[:, order], axis=1)[:, last].max(axis=1), 0.0))


def _measured(
    answers: Sequence[object], distance: Callable[[object, object], float | None], a: Ints, b: Ints
) -> tuple[Ints, Ints, Floats]:
    """The pairs of rows that can be compared, and how far apart they are."""
    said = [distance(answers[i], answers[j]) for i, j in zip(a.tolist(), b.tolist(), strict=True)]
    kept = np.array([d is not None for d in said], bool)
    a, b, found = a[kept], b[kept], np.array([d for d in said if d is not None], np.float64)
    odd = np.flatnonzero(~(np.isfinite(found) & (found >= 0)))
    if len(odd):
        i, j = int(a[odd[0]]), int(b[odd[0]])
        raise ValueError(
            f"the distance of the answers in rows {i} and {j} is {found[odd[0]]}: a distance is at least 0"
        )
    return a, b, found


def _different(item: Ints, drawn: int, generator: np.random.Generator) -> tuple[Ints, Ints]:
    """Rows of answers to different items: all pairs, or so many drawn at random."""
    n = len(item)
    if n * (n - 1) / 2 <= drawn:
        a, b = np.triu_indices(n, 1)
    else:
        a, b = generator.integers(0, n, (2, 2 * drawn))
    apart = item[a] != item[b]
    return a[apart][:drawn], b[apart][:drawn]

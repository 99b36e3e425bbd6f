"""What stands twice, and what stands alone: near-duplicates and outliers by hashes and by embeddings."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

Floats = NDArray[np.floating]
Ints = NDArray[np.signedinteger]

AT_ONCE = 8_000_000
"""Similarities held at once."""


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of items, shape (pairs,) each; `first` below `second`, the nearest first."""

    first: Ints
    second: Ints
    distance: Floats


def near_duplicates(embeddings: ArrayLike, *, within: float = 0.05) -> Pairs:
    """Pairs of items whose embeddings (items, dimensions) lie within a cosine distance, in [0, 2], 0 is the same way.

    Exact, by all pairs in chunks: O(items²) time, little memory.
    """
    unit = _unit(embeddings)
    if not 0 <= within <= 2:
        raise ValueError(f"within={within}: cosine distances lie between 0 and 2")
    found: list[tuple[Ints, Ints, Floats]] = []
    for start, near in _similarities(unit):
        rows, columns = np.nonzero(near >= 1 - within)
        later = columns > rows + start
        found.append((rows[later] + start, columns[later], 1 - near[rows[later], columns[later]]))
    return _sorted(found)


def near_hashes(hashes: Sequence[int] | NDArray[np.unsignedinteger], *, within: int = 6) -> Pairs:
    """Pairs of items whose perceptual hashes, of 64 bits, differ in so many bits at most.

    A hash is cut into `within` + 1 parts, of which two near ones share one (Manku, Jain and Das Sarma, Detecting
    Near-Duplicates for Web Crawling, WWW 2007), so that only those are compared.
    """
    if not 0 <= within < 32:
        raise ValueError(f"within={within}: between 0 and 31 of 64 bits can differ in what is still near")
    codes = np.asarray(hashes, np.uint64)
    cuts = np.linspace(0, 64, within + 2).astype(int)
    found: list[tuple[Ints, Ints, Floats]] = []
    for low, high in zip(cuts[:-1].tolist(), cuts[1:].tolist(), strict=True):
        part = (codes >> np.uint64(low)) & np.uint64((1 << (high - low)) - 1)
        order = np.argsort(part, kind="stable")
        found += _within_groups(codes, order, part[order], within)
    pairs = _sorted(found)
    _, once = np.unique(pairs.first * len(codes) + pairs.second, return_index=True)
    once = np.sort(once)
    return Pairs(pairs.first[once], pairs.second[once], pairs.distance[once])


def groups(pairs: Pairs, items: int) -> Ints:
    """Items that pairs join, directly or by others: the group of each item, shape (items,), numbered from 0."""
    links = coo_array((np.ones(len(pairs.first)), (pairs.first, pairs.second)), shape=(items, items))
    return np.asarray(connected_components(links, directed=False)[1], np.int64)


def with_different_labels(pairs: Pairs, labels: ArrayLike) -> Pairs:
    """The pairs of near-duplicates whose labels differ: one of the two is wrong, or the guideline does not decide."""
    given = np.asarray(labels)
    apart = given[pairs.first] != given[pairs.second]
    return Pairs(pairs.first[apart], pairs.second[apart], pairs.distance[apart])


def outlier_scores(embeddings: ArrayLike, *, k: int = 10) -> Floats:
    """How near an item's `k` nearest others are, on average, by cosine: (items,), in [0, 1], low is an outlier.

    Source: Ramaswamy, Rastogi and Shim, Efficient Algorithms for Mining Outliers (SIGMOD 2000), with the mean distance
    instead of the k-th; the score is 1 - distance / 2.
    """
    return np.asarray(1 - nearest(embeddings, k=k)[1].mean(axis=1) / 2)


def nearest(embeddings: ArrayLike, *, k: int = 10) -> tuple[Ints, Floats]:
    """The `k` nearest other items of each, nearest first, and their cosine distances, each (items, k)."""
    unit = _unit(embeddings)
    n = len(unit)
    if not 1 <= k < max(n, 2):
        raise ValueError(f"k={k}: between 1 and the {n - 1} others can be asked for")
    places, distances = np.empty((n, k), np.int64), np.empty((n, k))
    for start, near in _similarities(unit):
        rows = np.arange(len(near))
        near[rows, rows + start] = -np.inf
        best = np.argpartition(-near, k - 1, axis=1)[:, :k]
        found = np.take_along_axis(near, best, axis=1)
        order = np.argsort(-found, axis=1, kind="stable")
        places[start : start + len(near)] = np.take_along_axis(best, order, axis=1)
        distances[start : start + len(near)] = 1 - np.take_along_axis(found, order, axis=1)
    return places, np.clip(distances, 0, 2)


def _unit(embeddings: ArrayLike) -> Floats:
    x = np.asarray(embeddings, np.float32)
    if x.ndim != 2:
        raise ValueError(f"embeddings have shape {x.shape}; (items, dimensions) is needed")
    size = np.linalg.norm(x, axis=1, keepdims=True)
    odd = np.flatnonzero(~np.isfinite(size[:, 0]) | (size[:, 0] == 0))
    if len(odd):
        raise ValueError(f"the embedding of row {odd[0]} is all 0 or not finite, so it points nowhere; leave it out")
    return np.asarray(x / size)


def _similarities(unit: Floats) -> Iterator[tuple[int, Floats]]:
    """Rows of the matrix of cosines, some at a time, and the place of the first."""
    step = max(1, AT_ONCE // max(len(unit), 1))
    for start in range(0, len(unit), step):
        yield start, unit[start : start + step] @ unit.T


def _within_groups(
    codes: NDArray[np.unsignedinteger], order: Ints, part: NDArray[np.unsignedinteger], within: int
) -> list[tuple[Ints, Ints, Floats]]:
    found: list[tuple[Ints, Ints, Floats]] = []
    step = 1
    while True:
        same = np.flatnonzero(part[step:] == part[:-step]) if step < len(part) else np.empty(0, np.int64)
        if not len(same):
            return found
        a, b = order[same], order[same + step]
        bits = np.bitwise_count(codes[a] ^ codes[b])
        near = bits <= within
        found.append((np.minimum(a, b)[near], np.maximum(a, b)[near], bits[near].astype(np.float64)))
        step += 1


def _sorted(found: Sequence[tuple[Ints, Ints, Floats]]) -> Pairs:
    empty = (np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0))
    first, second, distance = (np.concatenate(parts) for parts in zip(empty, *found, strict=True))
    order = np.lexsort((second, first, distance))
    return Pairs(first[order], second[order], np.maximum(distance[order], 0.0))

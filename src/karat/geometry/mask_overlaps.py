"""Which masks have pixels in common, how many, and to whom those go; by their runs, as everything in `masks`."""

from collections.abc import Sequence

import numpy as np

from karat.geometry.masks import Crop, below, frame, kept_of, spread_out

Votes = Sequence[tuple[Crop, float]]
"""Masks and the weights of those who made them."""


def common(a: Crop, b: Crop) -> int:
    """How many pixels two masks have in common.

    >>> common(((1, 1, 2, 1), "02"), ((2, 1, 2, 1), "02"))
    1
    """
    top, stride = frame([a, b])
    (start, end), other = spread_out(a, top, stride), spread_out(b, top, stride)
    sums = np.concatenate([[0], np.cumsum(other[1] - other[0])])
    return int((below(end, other, sums) - below(start, other, sums)).sum())


def collisions(crops: Sequence[Crop]) -> list[tuple[int, int]]:
    """Two masks with pixels in common, by their places, the lesser first; none where no pixel is in two masks.

    Of masks that several others cover at the same pixels, not every pair is named, but every such mask is.

    >>> collisions([((1, 1, 2, 1), "02"), ((5, 5, 1, 1), "01"), ((2, 1, 2, 1), "02")])
    [(0, 2)]
    """
    if len(crops) < 2:
        return []
    top, stride = frame(crops)
    spread = [spread_out(crop, top, stride) for crop in crops]
    start, end = (np.concatenate([pair[side] for pair in spread]) for side in (0, 1))
    owner = np.repeat(np.arange(len(crops)), [pair[0].size for pair in spread])
    order = np.argsort(start, kind="stable")
    start, end, owner = start[order], end[order], owner[order]
    reach = np.maximum.accumulate(end)
    farthest = np.maximum.accumulate(np.where(end == reach, np.arange(end.size), 0))
    later = np.flatnonzero(start[1:] < reach[:-1]) + 1
    pairs = np.sort(np.stack([owner[later], owner[farthest[later - 1]]], axis=1), axis=1)
    return [(i, j) for i, j in np.unique(pairs, axis=0).tolist()]


def parted(a: Crop, b: Crop, votes: tuple[Votes, Votes], *, alike: float) -> tuple[Crop | None, Crop | None]:
    """Two masks without a pixel in common: each goes to the one whose votes have more weight there, a tie to `a`.

    `votes` are those of `a` and of `b`, masks and their weights; weights that differ by less than `alike` tie.

    >>> parted(((0, 0, 3, 1), "03"), ((2, 0, 3, 1), "03"), ([(((0, 0, 3, 1), "03"), 1)], [(((2, 0, 3, 1), "03"), 2)]), alike=0)
    (((0, 0, 2, 1), '02'), ((2, 0, 3, 1), '03'))
    """
    crops = [a, b, *(crop for side in votes for crop, _ in side)]
    counts = np.zeros((len(crops), 3))
    counts[0, 0] = counts[1, 1] = 1
    counts[2:, 2] = [sign * weight for side, sign in zip(votes, (1, -1), strict=True) for _, weight in side]
    top, stride = frame(crops)
    spread = [spread_out(crop, top, stride) for crop in crops]
    at = np.concatenate([edge for pair in spread for edge in pair])
    of = np.repeat(np.repeat(np.arange(len(crops)), 2), [edge.size for pair in spread for edge in pair])
    sign = np.concatenate([np.full(pair[0].size, s) for pair in spread for s in (1.0, -1.0)])
    order = np.argsort(at, kind="stable")
    at, sums = at[order], np.cumsum((counts[of] * sign[:, None])[order], axis=0)
    is_last = np.concatenate([at[1:] != at[:-1], [True]])
    at, sums = at[is_last], sums[is_last]
    in_a, in_b, to_a = sums[:, 0] > 0.5, sums[:, 1] > 0.5, sums[:, 2] >= -alike
    first, second = (kept_of(at, kept, top, stride) for kept in (in_a & ~(in_b & ~to_a), in_b & ~(in_a & to_a)))
    return first, second

"""Sets of keypoints: how alike two are, by COCO's object keypoint similarity."""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

LEAST_SIZE_PX = 32.0
"""Sets are not taken for smaller than so many pixels squared: COCO's keypoint evaluation leaves out what is smaller."""
LEAST_ASPECT = 0.25
"""A side of the box around the points counts at least this share of the other: points in a row have a size too."""
AT_ONCE = 1 << 20
"""So many pairs of points are compared in one step, 8 bytes each and a few arrays of them."""


def areas(sets: Array) -> Array:
    """The area that stands for the size of each set, in square pixels; sets of shape (n, points, 3), result (n,).

    COCO takes the area of the object's outline, which a set of points alone does not have: this is the area of the box
    around the points that are there (see `LEAST_ASPECT`, `LEAST_SIZE_PX`).
    """
    there = sets[:, :, 2] > 0
    spans = []
    for axis in (0, 1):
        most = np.where(there, sets[:, :, axis], -np.inf).max(axis=1, initial=-np.inf)
        least = np.where(there, sets[:, :, axis], np.inf).min(axis=1, initial=np.inf)
        spans.append(np.where(there.any(axis=1), most - least, 0.0))
    wide, high = spans
    box = np.maximum(wide, LEAST_ASPECT * high) * np.maximum(high, LEAST_ASPECT * wide)
    return np.asarray(np.maximum(box, LEAST_SIZE_PX**2), np.float64)


def oks_distances(a: Array, b: Array, sigmas: Array) -> Array:
    """1 - OKS of every set of `a` with every one of `b`; shapes (n, points, 3), (m, points, 3), (points,), result (n, m).

    The third number of a point is its visibility; 0 is not there. OKS is COCO's object keypoint similarity (Lin et al.
    2014; cocodataset.org/#keypoints-eval), the mean over points of exp(-d² / (2 s² k²)) with k twice the point's sigma,
    made symmetric since neither side is the truth: s² is the mean of the two sets' `areas`, and the mean goes over the
    points that either has, where one that only one of them has counts 0. Where both have the same points it is COCO's own
    with that area. Two sets without any point are equal.
    """
    result = np.empty((len(a), len(b)))
    size_a, size_b = areas(a), areas(b)
    step = max(1, AT_ONCE // max(1, len(b) * len(sigmas)))
    for start in range(0, len(a), step):
        rows = slice(start, start + step)
        part = a[rows, None]
        both = (part[..., 2] > 0) & (b[None, :, :, 2] > 0)
        either = (part[..., 2] > 0) | (b[None, :, :, 2] > 0)
        squares = ((part[..., :2] - b[None, :, :, :2]) ** 2).sum(axis=-1)
        scale = (size_a[rows, None] + size_b[None, :]) / 2
        alike = np.where(both, np.exp(-squares / (2 * scale[..., None] * (2 * sigmas) ** 2)), 0.0).sum(axis=-1)
        count = either.sum(axis=-1)
        result[rows] = 1.0 - np.where(count > 0, alike / np.maximum(count, 1), 1.0)
    return np.clip(result, 0.0, 1.0)

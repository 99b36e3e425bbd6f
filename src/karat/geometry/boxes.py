"""How much axis-aligned boxes overlap."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def box_iou(a: Floats, b: Floats) -> Floats:
    """Intersection over union of each box in `a` with each in `b`.

    Boxes are rows of left, top, right, bottom, shapes (n, 4) and (m, 4); the result is (n, m), in [0, 1].
    Two boxes without area overlap fully when they are equal and not at all otherwise.

    >>> box_iou(np.array([[0.0, 0, 2, 2]]), np.array([[0.0, 0, 2, 2], [1, 0, 3, 2], [5, 5, 6, 6]]))
    array([[1.        , 0.33333333, 0.        ]])
    """
    a, b = a.reshape(-1, 4), b.reshape(-1, 4)
    width = np.minimum(a[:, None, 2], b[None, :, 2]) - np.maximum(a[:, None, 0], b[None, :, 0])
    height = np.minimum(a[:, None, 3], b[None, :, 3]) - np.maximum(a[:, None, 1], b[None, :, 1])
    common = np.clip(width, 0, None) * np.clip(height, 0, None)
    union = _areas(a)[:, None] + _areas(b)[None, :] - common
    flat = union <= 0
    if not flat.any():
        return np.asarray(common / union)
    equal = (a[:, None, :] == b[None, :, :]).all(axis=2)
    return np.asarray(np.where(flat, equal.astype(np.float64), common / np.where(flat, 1.0, union)))


def _areas(boxes: Floats) -> Floats:
    return (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])

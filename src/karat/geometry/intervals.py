"""How much half-open intervals overlap."""

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64] | NDArray[np.int64]


def overlaps(a: Numbers, b: Numbers) -> NDArray[np.float64]:
    """Length common to each interval in `a` and each in `b`.

    Intervals are rows of start and end, shapes (n, 2) and (m, 2); the result is (n, m), in the same unit.

    >>> overlaps(np.array([[0, 5], [8, 9]]), np.array([[3, 8]]))
    array([[2.],
           [0.]])
    """
    a, b = a.reshape(-1, 2), b.reshape(-1, 2)
    common = np.minimum(a[:, None, 1], b[None, :, 1]) - np.maximum(a[:, None, 0], b[None, :, 0])
    return np.asarray(np.clip(common, 0, None), np.float64)

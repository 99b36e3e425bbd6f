"""What stands alone: outliers among embeddings, by how far the nearest others are, as they are among themselves.

An item far from all others is an outlier where the others lie close together, and none where they are as far from one
another. `outlier_scores` of `karat.quality.duplicates` knows the first only; the local factor here knows both.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from karat.quality.duplicates import nearest

Floats = NDArray[np.floating]
SPREAD = 1.4826
"""Turns a median distance from the median into a standard deviation, for normal values."""


def local_outlier_factors(embeddings: ArrayLike, *, k: int = 20) -> Floats:
    """How much thinner the surroundings of an item are than those of its `k` nearest others, by cosine: (items,), above 0.

    1 is as thick as theirs; 2 is half as thick, and an outlier by custom. Source: Breunig, Kriegel, Ng and Sander, LOF
    (SIGMOD 2000). Duplicates, whose surroundings are endlessly thick, count as 1 among themselves. Embeddings (items,
    dimensions); exact, O(items²) time in chunks.
    """
    places, distances = nearest(embeddings, k=k)
    reach = np.maximum(distances, distances[places, -1])
    thickness = 1 / (reach.mean(axis=1) + 1e-10)
    return np.asarray(thickness[places].mean(axis=1) / thickness)


def outliers(embeddings: ArrayLike, *, k: int = 20, beyond: float = 3.5) -> NDArray[np.signedinteger]:
    """Places of items whose local factor is out of line with those of the others, the farthest first.

    Out of line: its logarithm lies more than `beyond` robust standard deviations above the median (Iglewicz and Hoaglin, How
    to Detect and Handle Outliers, 1993, whose 3.5 it is). Of normal logarithms about one in 4,000 lies there.
    """
    if not beyond > 0:
        raise ValueError(f"beyond={beyond}: so many standard deviations above 0 are needed; 3.5 is usual")
    factors = np.log(local_outlier_factors(embeddings, k=k))
    middle = np.median(factors)
    spread = SPREAD * float(np.median(np.abs(factors - middle)))
    out = np.flatnonzero(factors > middle + beyond * max(spread, 1e-12))
    return out[np.argsort(-factors[out], kind="stable")]

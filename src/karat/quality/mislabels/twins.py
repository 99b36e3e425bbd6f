"""Near-duplicates with different labels: at least one is wrong, and the others say which."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from karat.quality.duplicates import Pairs

Floats = NDArray[np.floating]
LEAST, MOST = 0.01, 0.5
"""A label of a twin is never taken to be surer, or less sure, than this share of errors makes it."""


def joined_with_twins(labels: ArrayLike, probabilities: ArrayLike, twins: Pairs, *, error_rate: float) -> Floats:
    """Probabilities (items, labels) after the labels given to near-duplicates were heard, rows summing to 1.

    Twins have one true label, each a given one that is wrong with `error_rate` (in [0, 1], kept within 0.01 and 0.5), by
    chance any of the others; so each twin's label counts as one more witness (Bayes' rule). What the model says of a twin
    counts for nothing: it saw the same. Items without twins stay as they are.

    >>> from karat.quality.duplicates import near_duplicates
    >>> twins = near_duplicates([[1, 0.0], [1, 0.01], [1, 0.02], [0, 1]])
    >>> joined_with_twins([0, 0, 1, 1], [[0.5, 0.5]] * 4, twins, error_rate=0.1).round(2).tolist()
    [[0.5, 0.5], [0.5, 0.5], [0.99, 0.01], [0.5, 0.5]]
    """
    given, p = np.asarray(labels), np.asarray(probabilities, np.float64)
    k, wrong = p.shape[1], float(np.clip(error_rate, LEAST, MOST))
    heard = np.zeros(p.shape)
    for own, other in ((twins.first, twins.second), (twins.second, twins.first)):
        np.add.at(heard, (own, given[other]), np.log((1 - wrong) * max(k - 1, 1) / wrong))
    logs = np.log(np.maximum(p, 1e-12)) + heard
    shares = np.exp(logs - logs.max(axis=1, keepdims=True))
    with_twins = heard.any(axis=1, keepdims=True)
    return np.where(with_twins, shares / shares.sum(axis=1, keepdims=True), p)

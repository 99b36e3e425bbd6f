"""Which given numbers are probably wrong, by how far they lie from a model's predictions."""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr

Floats = NDArray[np.floating]


def number_scores(given: ArrayLike, predicted: ArrayLike) -> Floats:
    """How usual each difference from the model's prediction is, shape (items,), in [0, 1].

    Differences are taken from their median in units of 1.4826 times their median size, as if normal: the chance of one
    so large. Wild values do not widen their own measure. Source: Iglewicz and Hoaglin, How to Detect and Handle Outliers
    (1993).
    """
    said, foretold = np.asarray(given, np.float64), np.asarray(predicted, np.float64)
    if said.shape != foretold.shape or said.ndim != 1:
        raise ValueError(f"given has shape {said.shape} and predicted {foretold.shape}; both need (items,)")
    if not (np.isfinite(said).all() and np.isfinite(foretold).all()):
        raise ValueError("given and predicted must be finite numbers; leave out what is unknown")
    if not len(said):
        return np.empty(0)
    apart = said - foretold
    apart = apart - np.median(apart)
    usual = 1.4826 * float(np.median(np.abs(apart)))
    if usual == 0:
        return np.where(apart == 0, 1.0, 0.0)
    return np.asarray(2 * ndtr(-np.abs(apart) / usual))

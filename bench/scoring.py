"""How right a posterior is, and how well it says so."""

import numpy as np

from karat.quality.consensus.model import level_of


def accuracy(posterior: np.ndarray, gold: np.ndarray) -> np.ndarray:
    """Of each item with a known label, how likely the answer is right with level labels tossed for."""
    known = np.flatnonzero(gold >= 0)
    level = level_of(posterior[known])
    return level[np.arange(len(known)), gold[known]] / level.sum(axis=1)


def calibration_error(posterior: np.ndarray, gold: np.ndarray, bins: int = 10) -> float:
    """The expected calibration error, in [0, 1], lower is better: bins of equal width, weighted by the items in them."""
    known = gold >= 0
    sure = posterior[known].max(axis=1)
    place = np.minimum((sure * bins).astype(int), bins - 1)
    gap = np.bincount(place, weights=accuracy(posterior, gold) - sure, minlength=bins)
    return float(np.abs(gap).sum() / known.sum())

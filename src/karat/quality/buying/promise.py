"""What accuracy a buyer of labels can promise: what the model expects, corrected by a pilot of items with gold."""

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit

from karat.quality.columns import Codes, Floats
from karat.quality.consensus.model import level_of

PILOT = 400
"""Items with gold, where there are so many: accuracy is then known to two points or so, one standard error, whatever the
model."""
DOUBT = 0.5
"""How far off the log odds of a model may be before anything is known, one standard deviation: 12 points at even odds, 4
at 90 %."""
STEPS = 20


def promised(sure: Floats, pilot: NDArray[np.integer], right: Floats) -> float:
    """The accuracy to expect of labels whose model is `sure` of each, shape (items,), where `right` says how the labels of
    the items of `pilot` (places among them) compare to gold: 1, 0, or between for ties.

    Votes cannot show the mistakes that annotators share, so what a model expects of votes alone is often too high, and of
    one that is careful too low. The pilot moves the log odds of all items by the shift that is likeliest, given a prior of
    mean 0 and deviation `DOUBT`. Items of the pilot count as they are. Without a pilot it is the mean of `sure`.

    >>> sure = np.array([0.9, 0.9, 0.9, 0.9])
    >>> round(promised(sure, np.array([0, 1]), np.array([1.0, 0.0])), 2)
    0.69
    """
    if not len(pilot):
        return float(sure.mean())
    odds = logit(np.clip(sure, 1e-4, 1 - 1e-4))
    expected = expit(odds + _shift(odds[pilot], right))
    expected[pilot] = right
    return float(expected.mean())


def right_of(posterior: Floats, gold: Codes) -> Floats:
    """How likely the label of each item is right with level labels tossed for, shape (items,); gold of all is known."""
    level = level_of(posterior)
    return np.asarray(level[np.arange(len(gold)), gold] / level.sum(axis=1), dtype=np.float64)


def _shift(odds: Floats, right: Floats) -> float:
    """The mode of the shift, by Newton's method; the log posterior is concave."""
    shift = 0.0
    for _ in range(STEPS):
        chance = expit(odds + shift)
        slope = float((right - chance).sum()) - shift / DOUBT**2
        shift += slope / (float((chance * (1 - chance)).sum()) + 1 / DOUBT**2)
    return shift

"""Which items have a wrong label among the several they were given, from a model's probability of each label."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from karat.quality.mislabels.labels import in_range

Floats = NDArray[np.floating]


def tag_scores(tags: ArrayLike, probabilities: ArrayLike) -> Floats:
    """How sure all labels of an item are: tags (items, labels) of 0 and 1, probabilities of each: (items,) in [0, 1].

    The mean of the model's probability for what was said of the likeliest wrong half of an item's labels, weighted to the
    worst, as 1/1, 1/2, 1/4 …: one plain error is seen among many labels that are right. Compare Thyagarajan and others,
    Identifying Incorrect Annotations in Multi-Label Classification Data (2022).
    """
    own = np.sort(tag_label_scores(tags, probabilities), axis=1)
    weight = 0.5 ** np.arange(own.shape[1])
    return np.asarray(own @ weight / weight.sum())


def tag_label_scores(tags: ArrayLike, probabilities: ArrayLike) -> Floats:
    """How far a model stands behind each decision, shape (items, labels) in [0, 1]: low means probably wrong.

    The probability of what was said: of the label where it was given, of its absence where it was not.

    >>> tag_label_scores([[1, 0]], [[0.9, 0.8]]).round(3).tolist()
    [[0.9, 0.2]]
    """
    said, p = np.asarray(tags), np.asarray(probabilities, np.float64)
    _check(said, p)
    return np.where(said == 1, p, 1 - p)


def _check(said: NDArray[np.generic], p: Floats) -> None:
    if said.shape != p.shape or said.ndim != 2 or not said.size:
        raise ValueError(f"tags have shape {said.shape} and probabilities {p.shape}; both need (items, labels)")
    if not np.isin(said, (0, 1)).all():
        raise ValueError("tags must be 0 or 1: whether the item has the label")
    in_range(p)

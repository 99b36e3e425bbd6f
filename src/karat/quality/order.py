"""Where labels lie on a line, and how alike two of them are."""

from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from karat.quality.votes import Votes, check_votes

Floats = NDArray[np.floating]
Likeness = Literal["identity", "linear", "quadratic", "ordinal"]


def likeness(place: Floats, weights: Likeness) -> Floats:
    """How alike labels are that lie at these places, shape (labels, labels): 1 for the same, 0 for the farthest apart."""
    apart = np.abs(place[:, None] - place[None, :])
    reach = max(float(apart.max(initial=0.0)), 1e-300)
    if weights == "identity":
        return np.eye(len(place))
    if weights == "linear":
        return 1 - apart / reach
    if weights == "quadratic":
        return 1 - (apart / reach) ** 2
    if weights == "ordinal":
        rank = np.argsort(np.argsort(place))
        between = np.abs(rank[:, None] - rank[None, :]) + 1.0
        pairs = between * (between - 1) / 2
        return np.asarray(1 - pairs / max(float(pairs.max(initial=0.0)), 1e-300))
    raise ValueError(f"weights={weights!r}: take 'identity', 'linear', 'quadratic' or 'ordinal'")


def places(votes: Votes, order: Sequence[object] | None = None) -> Floats:
    """Where each label lies, shape (labels,): its number, or its place in `order`."""
    check_votes(votes)
    labels = votes.labels.tolist()
    if order is not None:
        place = {label: float(index) for index, label in enumerate(order)}
        if len(place) < len(order):
            twice = next(label for index, label in enumerate(order) if place[label] != index)
            raise ValueError(f"order= names the label {twice!r} twice; name each once")
        missing = [label for label in labels if label not in place]
        if missing:
            raise ValueError(f"order= does not name the label {missing[0]!r}; list all labels from first to last")
        return np.array([place[label] for label in labels])
    numbers = [x for x in labels if isinstance(x, int | float) and not isinstance(x, bool) and np.isfinite(x)]
    if len(numbers) < len(labels):
        other = next(x for x in labels if x not in numbers)
        raise ValueError(f"the label {other!r} is no number: list all labels from first to last by order=")
    return np.array(numbers, np.float64)

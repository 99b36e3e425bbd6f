"""How far each author's places scatter around the true ones, from the distances between authors alone."""

import numpy as np

from karat.quality.columns import Codes, Floats

ROUNDS = 1000
SETTLED = 1e-5
"""Stop when no scatter moves by a larger share."""
PRIOR = 4.0
"""Distances that the population counts for in an author's scatter."""
LEAST = 1e-6


def learn_spread(first: Codes, second: Codes, count: Floats, squares: Floats, authors: int) -> Floats:
    """The variance of each author's distance from the truth, shape (authors + 1,); the last is that of an unknown author.

    A distance between two authors is taken for the difference of two errors, so that its square is expected to be the
    sum of two variances (the idea of Braylan and Lease 2020, who model mean distances so). The likeliest are found by
    minorisation and maximisation (Zhou, Hu, Zhou and Lange 2019), shrunken to the population's. `count` and `squares` are, of each pair of
    authors, the number of common clusters and the sum of squared distances in them. Without any pair all are 1.
    """
    total = count.sum()
    if not total:
        return np.ones(authors + 1)
    typical = max(float(squares.sum() / total) / 2, LEAST)
    spread = np.full(authors, typical)
    for _ in range(ROUNDS):
        both = spread[first] + spread[second]
        gain, cost = squares / both**2, count / both
        up = PRIOR * typical / spread**2 + np.bincount(first, gain, minlength=authors)
        up += np.bincount(second, gain, minlength=authors)
        down = PRIOR / spread + np.bincount(first, cost, minlength=authors)
        down += np.bincount(second, cost, minlength=authors)
        found = np.maximum(spread * np.sqrt(up / down), LEAST)
        moved = float(np.abs(found / spread - 1).max(initial=0.0))
        spread = found
        if moved < SETTLED:
            break
    return np.append(spread, typical)

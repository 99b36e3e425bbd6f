"""How far each author's places scatter around the true ones, from the distances between authors alone."""

import numpy as np

from karat.quality.columns import Codes, Floats

ROUNDS = 200
SETTLED = 1e-4
"""Stop when no scatter moves by a larger share."""
PRIOR = 4.0
"""Distances that the population counts for in an author's scatter."""
LEAST = 1e-6


def learn_spread(first: Codes, second: Codes, count: Floats, squares: Floats, authors: int) -> Floats:
    """The variance of each author's distance from the truth, shape (authors + 1,); the last is that of an unknown author.

    A distance between two authors is taken for the difference of two errors, so that its square is expected to be the
    sum of two variances; expectation and maximisation finds them (as the random effects of Braylan and Lease 2020, with
    variances in place of mean distances), shrunken to the population's. `count` and `squares` are, of each pair of
    authors, the number of common clusters and the sum of squared distances in them. Without any pair all are 1.
    """
    total = count.sum()
    if not total:
        return np.ones(authors + 1)
    typical = max(float(squares.sum() / total) / 2, LEAST)
    spread = np.full(authors, typical)
    met = np.bincount(first, count, minlength=authors) + np.bincount(second, count, minlength=authors)
    for _ in range(ROUNDS):
        a, b = spread[first], spread[second]
        both = a + b
        common = a * b / both * count
        of_a, of_b = common + (a / both) ** 2 * squares, common + (b / both) ** 2 * squares
        found = np.bincount(first, of_a, minlength=authors) + np.bincount(second, of_b, minlength=authors)
        found = np.maximum((found + PRIOR * typical) / (met + PRIOR), LEAST)
        moved = float(np.abs(found / spread - 1).max(initial=0.0))
        spread = found
        if moved < SETTLED:
            break
    return np.append(spread, typical)

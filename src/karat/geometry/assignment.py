"""Which of two sets belong together, so that the pairs are as alike as possible."""

import numpy as np
from numpy.typing import NDArray

Indices = NDArray[np.int64]

SMALL = 4096
"""Up to so many cells, one matrix is faster than looking for parts."""


def assign(rows: Indices, columns: Indices, gains: NDArray[np.float64]) -> tuple[Indices, Indices]:
    """The one-to-one assignment with the largest total gain among the allowed pairs.

    `rows[i]` may be joined with `columns[i]` for `gains[i]` > 0; pairs not listed are not allowed. The result is the rows
    and columns that were joined, rows ascending. Pairs that cannot influence one another are solved apart, so that the
    cost follows the crowding and not the number of pairs.

    >>> assign(np.array([0, 0, 1]), np.array([0, 1, 0]), np.array([0.9, 0.8, 0.7]))
    (array([0, 1]), array([1, 0]))
    """
    if not len(rows):
        return np.empty(0, np.int64), np.empty(0, np.int64)
    height, width = int(rows.max()) + 1, int(columns.max()) + 1
    if height * width <= SMALL:
        return _solve_small(rows, columns, gains, (height, width))
    rows_used, row = np.unique(rows, return_inverse=True)
    columns_used, column = np.unique(columns, return_inverse=True)
    part = _parts(row, column, len(rows_used), len(columns_used))
    order = np.argsort(part, kind="stable")
    edges = np.split(order, np.flatnonzero(np.diff(part[order])) + 1)
    found = [e if len(e) == 1 else _solve(row[e], column[e], gains[e], e) for e in edges]
    chosen = np.concatenate(found)
    chosen = chosen[np.argsort(rows[chosen], kind="stable")]
    return rows[chosen].astype(np.int64), columns[chosen].astype(np.int64)


def _solve_small(
    rows: Indices, columns: Indices, gains: NDArray[np.float64], shape: tuple[int, int]
) -> tuple[Indices, Indices]:
    from scipy.optimize import (
        linear_sum_assignment,  # here, since it takes a second to import and few programs pair anything
    )

    gain = np.zeros(shape)
    gain[rows, columns] = gains
    r, c = linear_sum_assignment(gain, maximize=True)
    allowed = gain[r, c] > 0
    return r[allowed].astype(np.int64), c[allowed].astype(np.int64)


def _parts(row: Indices, column: Indices, height: int, width: int) -> Indices:
    """For each allowed pair, the number of the connected component that it lies in."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    size = height + width
    graph = coo_array((np.ones(len(row)), (row, column + height)), shape=(size, size))
    _, parts = connected_components(graph, directed=False)
    return np.asarray(parts[row], np.int64)


def _solve(row: Indices, column: Indices, gains: NDArray[np.float64], edges: Indices) -> Indices:
    from scipy.optimize import linear_sum_assignment

    rows_used, r = np.unique(row, return_inverse=True)
    columns_used, c = np.unique(column, return_inverse=True)
    gain = np.zeros((len(rows_used), len(columns_used)))
    edge = np.full(gain.shape, -1, np.int64)
    gain[r, c] = gains
    edge[r, c] = edges
    joined = edge[linear_sum_assignment(gain, maximize=True)]
    return np.asarray(joined[joined >= 0], np.int64)

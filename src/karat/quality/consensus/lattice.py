"""Several sequences side by side: places in a row, at each of them what every sequence has there, or nothing."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein

from karat.quality.alignment import aligned
from karat.quality.columns import Codes, Floats

NOTHING = -1
MOST_CELLS = 4_000_000
"""Places times tokens up to which a sequence is aligned with all that were before; longer ones are aligned with what most
of those before have at each place, which needs memory for the changes only."""


def lattice(sequences: Sequence[Sequence[int]]) -> Codes:
    """The sequences aligned, shape (places, sequences): codes of 0 or more, `NOTHING` where a sequence has no token.

    The sequence nearest to all comes first, then the others by nearness to it; each is aligned with all before it at the
    least expected number of changes, and then once more with all others. So the order in which they are given does not
    matter, except between level alignments of equal sequences. At every place some sequence has a token. Source: Fiscus,
    A post-processing system to yield reduced word error rates (ROVER), ASRU 1997, with the order and the second round added.

    >>> lattice([[7, 8, 9], [7, 9], [7, 8, 5, 9]]).tolist()
    [[7, 7, 7], [8, -1, 8], [-1, -1, 5], [9, 9, 9]]
    """
    different: dict[tuple[int, ...], list[int]] = {}
    for place, sequence in enumerate(sequences):
        different.setdefault(tuple(sequence), []).append(place)
    if not different:
        return np.empty((0, 0), dtype=np.int32)
    unique = sorted(different, key=lambda one: (len(one), one))
    times = np.array([len(different[one]) for one in unique], dtype=np.float64)
    table = _aligned_all([np.array(one, dtype=np.int32) for one in unique], times)
    whole = np.empty((len(table), len(sequences)), dtype=np.int32)
    for column, one in enumerate(unique):
        whole[:, different[one]] = table[:, column : column + 1]
    return whole


def nearest(sequences: Sequence[Sequence[int]], weights: Floats) -> int:
    """The place of the sequence with the fewest changes to all others, by weight; of level ones the longest, then the
    first in the order of codes."""
    changes = np.array([[Levenshtein.distance(a, b) for b in sequences] for a in sequences], dtype=np.float64)
    cost = changes @ weights
    level = np.flatnonzero(cost <= cost.min() + 1e-9 * max(float(weights.sum()), 1.0)).tolist()
    return int(min(level, key=lambda place: (-len(sequences[place]), tuple(sequences[place]))))


def _aligned_all(sequences: list[Codes], times: Floats) -> Codes:
    if len(sequences) == 1:
        return sequences[0][:, None]
    plain = [one.tolist() for one in sequences]
    middle = nearest(plain, times)
    order = sorted(range(len(plain)), key=lambda place: Levenshtein.normalized_distance(plain[middle], plain[place]))
    order.remove(middle)
    table, known = sequences[middle][:, None], [middle]
    for place in order:
        table = _joined(table, times[known], sequences[place])
        known.append(place)
    for place in known[:] if len(known) > 2 else []:
        column = known.index(place)
        table, known = np.delete(table, column, axis=1), known[:column] + known[column + 1 :]
        table = _joined(table[(table != NOTHING).any(axis=1)], times[known], sequences[place])
        known.append(place)
    return table[:, np.argsort(known)]


def _joined(table: Codes, times: Floats, sequence: Codes) -> Codes:
    """The table with one sequence more."""
    small = len(table) * len(sequence) <= MOST_CELLS
    path = _path(table, times, sequence) if small else _path_by_most(table, times, sequence)
    joined = np.full((len(path), table.shape[1] + 1), NOTHING, dtype=np.int32)
    for row, (place, token) in enumerate(path):
        if place is not None:
            joined[row, :-1] = table[place]
        if token is not None:
            joined[row, -1] = sequence[token]
    return joined


def _path(table: Codes, times: Floats, sequence: Codes) -> list[tuple[int | None, int | None]]:
    """Places and tokens side by side at the least cost: a token beside a place costs the share of those before that have
    another there or none, a place left out the share of those that have one, a new place 1."""
    share = times / times.sum()
    cost = np.ones((len(table), len(sequence)))
    for column, of_column in enumerate(share.tolist()):
        cost -= of_column * (table[:, column : column + 1] == sequence[None, :])
    left_out = (table != NOTHING) @ share
    steps = np.arange(len(sequence) + 1, dtype=np.float64)
    above = steps
    moves: list[NDArray[np.int8]] = []
    for row in range(len(table)):
        best = above + left_out[row]
        beside = above[:-1] + cost[row]
        taken = beside <= best[1:] + 1e-12
        best[1:][taken] = beside[taken]
        reached = np.minimum.accumulate(best - steps) + steps
        move = np.zeros(len(best), dtype=np.int8)
        move[1:][taken] = 1
        move[reached < best - 1e-12] = 2
        moves.append(move)
        above = reached
    return _walked_back(moves, len(sequence))


def _walked_back(moves: "list[NDArray[np.int8]]", tokens: int) -> list[tuple[int | None, int | None]]:
    place, token = len(moves), tokens
    path: list[tuple[int | None, int | None]] = []
    while place or token:
        move = moves[place - 1][token] if place else 2
        place -= move != 2
        token -= move != 0
        path.append((place if move != 2 else None, token if move != 0 else None))
    return path[::-1]


def _path_by_most(table: Codes, times: Floats, sequence: Codes) -> list[tuple[int | None, int | None]]:
    most = []
    for row in table:
        votes: dict[int, float] = {}
        for token, of_token in zip(row.tolist(), times.tolist(), strict=True):
            votes[token] = votes.get(token, 0.0) + of_token
        most.append(max(votes, key=votes.__getitem__))
    return aligned(most, sequence.tolist())

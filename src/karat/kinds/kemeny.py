"""Orders with ties: how many pairs two of them see differently, and the order that is nearest to several."""

from collections.abc import Mapping, Sequence
from itertools import combinations

Order = tuple[tuple[str, ...], ...]
"""Places from best to worst; those in one place are tied. Who is in no place is tied below all."""

EXACT = 8
"""The median of as many candidates is found among all orders: 3 to this power sums."""
UNIT = 1_000_000_000
"""Weights are counted in so many parts, so that sums are exact and equally good orders are found to be so."""


def pairs_apart(a: Order, b: Order) -> tuple[float, int]:
    """Pairs that two orders see differently (1 where they are reversed, 1/2 where one of them ties), and the number of pairs.

    >>> pairs_apart((("x",), ("y",), ("z",)), (("y",), ("x", "z")))
    (1.5, 3)
    """
    place_a, place_b = placed(a), placed(b)
    keys = [*dict.fromkeys([*place_a, *place_b])]
    last = len(keys)
    apart = 0.0
    for x, y in combinations(keys, 2):
        left = _sign(place_a.get(x, last) - place_a.get(y, last))
        right = _sign(place_b.get(x, last) - place_b.get(y, last))
        apart += abs(left - right) / 2
    return apart, last * (last - 1) // 2


def median_order(orders: Sequence[Order], weights: Sequence[float], *, ties: bool) -> Order:
    """The order with the least weighted number of pairs seen differently; of equally good ones that nearest to the first given.

    Over all candidates that any order names. `ties`: whether candidates may share a place in the result.
    """
    if all(order == orders[0] for order in orders):
        return orders[0]
    keys = sorted({key for order in orders for place in order for key in place})
    if len(keys) > EXACT:
        return _by_mean_place(orders, weights, keys, ties=ties)
    above, tied = _costs(orders, weights, keys)
    near, near_tied = _costs(orders[:1], [1.0], keys)
    # One whole number for both costs: the second decides only where the first is equal.
    scale = 4 * UNIT * len(keys) ** 2
    n = len(keys)
    pair = [[above[i][j] * scale + near[i][j] for j in range(n)] for i in range(n)]
    level = [[tied[i][j] * scale + near_tied[i][j] for j in range(n)] for i in range(n)]
    return _best(keys, pair, level, ties=ties)


def placed(order: Order) -> dict[str, int]:
    """The number of each candidate's place, from 0."""
    return {key: number for number, place in enumerate(order) for key in place}


def _costs(
    orders: Sequence[Order], weights: Sequence[float], keys: Sequence[str]
) -> tuple[list[list[int]], list[list[int]]]:
    """What it costs, in halves, to put one above the other, [i][j], and to tie the two."""
    n = len(keys)
    above, tied = [[0] * n for _ in keys], [[0] * n for _ in keys]
    for order, weight in zip(orders, weights, strict=True):
        place, unit = placed(order), round(weight * UNIT)
        for i, j in combinations(range(n), 2):
            sign = _sign(place.get(keys[i], n) - place.get(keys[j], n))
            above[i][j] += (sign + 1) * unit
            above[j][i] += (1 - sign) * unit
            tied[i][j] += abs(sign) * unit
            tied[j][i] = tied[i][j]
    return above, tied


def _best(keys: Sequence[str], pair: Sequence[Sequence[int]], level: Sequence[Sequence[int]], *, ties: bool) -> Order:
    """By dynamic programming over sets: the best order of a set ends with some place below the best order of the rest."""
    n = len(keys)
    inside = _sums_within(level, n)
    best: list[tuple[int, int]] = [(0, 0)]
    for chosen in range(1, 1 << n):
        last, found = chosen, (-1, 0)
        while last:
            if ties or last & (last - 1) == 0:
                rest = chosen ^ last
                cost = best[rest][0] + inside[last] + _between(pair, rest, last, n)
                if found[0] < 0 or cost < found[0]:
                    found = (cost, last)
            last = (last - 1) & chosen
        best.append(found)
    places: list[tuple[str, ...]] = []
    left = (1 << n) - 1
    while left:
        last = best[left][1]
        places.append(tuple(key for i, key in enumerate(keys) if last >> i & 1))
        left ^= last
    return tuple(reversed(places))


def _sums_within(level: Sequence[Sequence[int]], n: int) -> list[int]:
    sums = [0]
    for chosen in range(1, 1 << n):
        top = chosen.bit_length() - 1
        rest = chosen ^ (1 << top)
        sums.append(sums[rest] + sum(level[i][top] for i in range(top) if rest >> i & 1))
    return sums


def _between(pair: Sequence[Sequence[int]], upper: int, lower: int, n: int) -> int:
    below = [j for j in range(n) if lower >> j & 1]
    return sum(pair[i][j] for i in range(n) if upper >> i & 1 for j in below)


def _by_mean_place(orders: Sequence[Order], weights: Sequence[float], keys: Sequence[str], *, ties: bool) -> Order:
    """Candidates by their weighted mean rank (Borda 1781); equal ones are tied, or stand as the first order has them."""
    total: dict[str, int] = dict.fromkeys(keys, 0)
    for order, weight in zip(orders, weights, strict=True):
        for key, rank in _ranks(order, keys).items():
            total[key] += rank * round(weight * UNIT)
    if ties:
        levels = sorted(set(total.values()))
        return tuple(tuple(key for key in keys if total[key] == level) for level in levels)
    first = placed(orders[0])
    return tuple((key,) for key in sorted(keys, key=lambda key: (total[key], first.get(key, len(keys)))))


def _ranks(order: Order, keys: Sequence[str]) -> Mapping[str, int]:
    """Twice the mean rank of each candidate."""
    found: dict[str, int] = {}
    left_out = tuple(key for key in keys if not any(key in place for place in order))
    for place in (*order, left_out):
        before = len(found)
        found |= dict.fromkeys(place, 2 * before + len(place) + 1)
    return found


def _sign(value: int) -> int:
    return (value > 0) - (value < 0)

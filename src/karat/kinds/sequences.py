"""Orders of which each may lack some of the things: how many pairs two agree on, and the order that most agree with."""

from bisect import bisect_left, insort
from collections.abc import Sequence
from itertools import combinations

from karat.kinds.averages import ALIKE, shares

Sequenced = tuple[str, ...]
"""Names from first to last, each once."""


def apart(a: Sequenced, b: Sequenced) -> float:
    """The share of pairs that either puts in order and the two do not put in the same order, in [0, 1].

    Over the same names it is Kendall's distance, (1 - tau) / 2, since neither has ties (Kendall, Biometrika 30, 1938). A
    pair of which one of the two lacks a name is one they do not agree on, as in the Jaccard distance of the ordered pairs
    with each reversed pair counted once. Orders of fewer than two names are 0 apart where they are equal, else 1.

    >>> [round(apart(tuple("abc"), tuple(b)), 3) for b in ("bac", "ac", "cba")], apart(("a",), ("b",))
    ([0.333, 0.667, 1.0], 1.0)
    """
    if a == b:
        return 0.0
    place = {name: at for at, name in enumerate(b)}
    common = [place[name] for name in a if name in place]
    either = _pairs(len(a)) + _pairs(len(b)) - _pairs(len(common))
    return 1 - (_pairs(len(common)) - _inversions(common)) / either if either else 1.0


def settled(orders: Sequence[Sequenced], weights: Sequence[float]) -> Sequenced:
    """The names that at least half of the weight has, in the order that the weight prefers pair by pair.

    Who lacks a name of a pair has no word on it. Names are first sorted by the weight of the pairs they win (Copeland's
    rule with weights); then neighbours that more weight has the other way round trade places until none are left, so that
    a name which beats each of the others stands first, and so on (local Kemenization; Dwork, Kumar, Naor and Sivakumar,
    "Rank aggregation methods for the web", WWW 2001). What is equally good stands as in the first order that has both. A
    name that has exactly half of the weight is there where the first order has it.
    """
    parts = shares(weights)
    places = [{name: at for at, name in enumerate(order)} for order in orders]
    known = dict.fromkeys(name for order in orders for name in order)
    backed = {name: sum(s for place, s in zip(places, parts, strict=True) if name in place) for name in known}
    names = [n for n in known if backed[n] > 0.5 + ALIKE or (backed[n] > 0.5 - ALIKE and n in places[0])]
    ahead = {name: dict.fromkeys(names, 0.0) for name in names}
    for place, share in zip(places, parts, strict=True):
        own = sorted((name for name in names if name in place), key=place.__getitem__)
        for first, second in combinations(own, 2):
            ahead[first][second] += share
            ahead[second][first] -= share
    won = {name: sum(ahead[name].values()) for name in names}
    started = sorted(range(len(names)), key=lambda i: (-round(won[names[i]] / ALIKE), i))
    made: list[str] = []
    for name in (names[i] for i in started):
        at = len(made)
        while at and ahead[name][made[at - 1]] > ALIKE:
            at -= 1
        made.insert(at, name)
    return tuple(made)


def _pairs(count: int) -> int:
    return count * (count - 1) // 2


def _inversions(places: Sequence[int]) -> int:
    """Pairs that stand the other way round."""
    seen: list[int] = []
    found = 0
    for place in places:
        found += len(seen) - bisect_left(seen, place)
        insort(seen, place)
    return found

"""Who shares answers with whom: each pair of people is tested, item by item, as the follower of the server feeds it."""

from collections.abc import Callable, Mapping, Sequence
from itertools import combinations

import numpy as np

from bench.programme.people import World
from karat.quality.annotators.copying import Pair, Person, Tally

PAIRS_AT_LEAST = 10
Votes = dict[int, int]
"""Of one item: who said what."""


def colluding(
    world: World,
    standing: Sequence[Votes],
    left_out: Sequence[Votes],
    gold: Mapping[int, int],
    believed: Callable[[Votes], np.ndarray],
) -> list[tuple[int, int]]:
    """Pairs who share answers. `standing` and `left_out` are by item the answers that count and those that do not any more;
    what is said of gold is held against what is known, of other items against what is `believed` by the
    votes of the others, where there are three or more."""
    labels, people = world.labels, len(world.people)
    pairs: dict[tuple[int, int], Pair] = {}
    known, whole = [Person() for _ in range(people)], Tally()
    found: dict[tuple[int, int], None] = {}
    shares = np.full((people, labels), 1.0)
    for votes in (*standing, *left_out):
        for who, said in votes.items():
            shares[who, said] += 1
    shares /= shares.sum(axis=1, keepdims=True)
    for item, counted in enumerate(standing):
        votes = counted | left_out[item]
        for a, b in combinations(sorted(votes), 2):
            if item in gold:
                right = tuple(float(votes[who] == gold[item]) for who in (a, b))
            elif len(votes) > 2 and len(counted.keys() - {a, b}):
                right = tuple(float(believed(_without(counted, two))[votes[one]]) for one, two in ((a, b), (b, a)))
            else:
                continue
            pair = pairs.setdefault((a, b), Pair(labels))
            usual = float(max(shares[a, votes[b]], shares[b, votes[b]]))
            same = votes[a] == votes[b]
            whole += pair.add(known[a], known[b], same=same, right=(right[0], right[1]), usual=usual)
            if pair.n >= PAIRS_AT_LEAST and pair.is_sharing(
                known[a], known[b], whole, pairs=people * (people - 1) // 2
            ):
                found[a, b] = None
    return list(found)


def _without(votes: Votes, left_out: int) -> Votes:
    return {who: said for who, said in votes.items() if who != left_out}

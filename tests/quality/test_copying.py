"""Who shares answers is found from votes alone, and nobody else is called so."""

from itertools import combinations

import numpy as np
import pytest

from karat.quality.annotators.copying import Pair, Person, Tally, believed


def called(seed, *, shares, items=600, people=10, labels=5, clique=0):
    """The pairs that are called sharing, where the first two may hand over eight of ten answers. `clique`: so many of the
    last people take one label for another."""
    random = np.random.default_rng(seed)
    known, whole, pairs, found = [Person() for _ in range(people)], Tally(), {}, set()
    likely_error = random.integers(1, labels, labels)
    for _ in range(items):
        truth, said = int(random.integers(labels)), {}
        for who in sorted(random.permutation(people)[:5].tolist()):
            step = likely_error[truth] if random.random() < 0.6 else random.integers(1, labels)
            said[who] = truth if random.random() < 0.8 else int((truth + step) % labels)
            if who >= people - clique and truth == 0 and random.random() < 0.7:
                said[who] = 1
        if shares and 0 in said and 1 in said and random.random() < 0.8:
            said[1] = said[0]
        for a, b in combinations(said, 2):
            right = tuple(
                believed(said[one], [value for who, value in said.items() if who != other], labels)
                for one, other in ((a, b), (b, a))
            )
            pair = pairs.setdefault((a, b), Pair(labels))
            whole += pair.add(known[a], known[b], same=said[a] == said[b], right=right)
            if pair.is_sharing(known[a], known[b], whole, pairs=45):
                found.add((a, b))
    return found


def test_a_pair_that_hands_over_answers_is_found_and_no_other():
    assert [called(seed, shares=True) for seed in range(3)] == [{(0, 1)}] * 3


@pytest.mark.parametrize("clique", [0, 3])
def test_errors_in_common_are_no_sharing(clique):
    assert [called(seed, shares=False, clique=clique) for seed in range(3)] == [set()] * 3


def test_right_answers_in_common_say_nothing_and_differing_speaks_against():
    pair, one, other, whole = Pair(labels=3), Person(), Person(), Tally()
    for _ in range(50):
        whole += pair.add(one, other, same=True, right=(0.95, 0.95))
    alike = pair.evidence(one, other, whole)
    for _ in range(10):
        whole += pair.add(one, other, same=False, right=(0.95, 0.02))

    assert (alike, whole.n) == (0.0, 10)
    assert pair.evidence(one, other, whole) < -5
    with pytest.raises(ValueError, match="right="):
        pair.add(one, other, same=True, right=(1.2, 0.0))

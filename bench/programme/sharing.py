"""Do two people share their answers, by votes alone? Whole projects, in which one pair does, or nobody; and what could be
told of a pair by somebody who knows how often everybody errs, and how."""

from dataclasses import dataclass
from itertools import combinations, pairwise, permutations

import numpy as np
from numpy.typing import NDArray

from karat.quality.annotators.copying import (
    DOUBTFUL,
    VOTES_RIGHT,
    Pair,
    Person,
    Tally,
    Way,
    believed,
    same_error,
)
from karat.quality.estimate import exact_interval

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Random = np.random.Generator
PEOPLE, PAIRS = 30, 435
RIGHT, HARD_RIGHT, HARD, COMMON = 0.8, 0.5, 0.1, 0.6
"""How often people are right, on hard items, how many are hard, and which share of errors is the usual one of the label."""
SHARED, HANDED = 150, 0.8
FALSE = 0.01
LOOKS = 4


@dataclass(frozen=True)
class Votes:
    """Who said what, both of shape (items, votes)."""

    who: Ints
    said: Ints


def voted(
    random: Random, items: int, *, labels: int, votes: int, rates: Floats | None = None, shares: bool = False
) -> Votes:
    """The votes of a project; the first two of its people hand over eight of ten answers, or nobody does."""
    rates = np.full(PEOPLE, RIGHT) if rates is None else rates
    who = random.random((items, PEOPLE)).argsort(axis=1)[:, :votes]
    truth, is_hard = random.integers(0, labels, items)[:, None], random.random((items, 1)) < HARD
    right = np.where(is_hard, rates[who] * HARD_RIGHT / RIGHT, rates[who])
    usual = random.integers(1, labels, labels)[truth]
    step = np.where(random.random(who.shape) < COMMON, usual, random.integers(1, labels, who.shape))
    said = np.where(random.random(who.shape) < right, truth, (truth + step) % labels)
    if shares:
        both = ((who == 0).any(axis=1) & (who == 1).any(axis=1) & (random.random(items) < HANDED)).nonzero()[0]
        said[both, (who[both] == 1).argmax(axis=1)] = said[both, (who[both] == 0).argmax(axis=1)]
    return Votes(who, said)


def sharing(votes: Votes, *, labels: int) -> set[tuple[int, int]]:
    """The pairs that are called sharing, asked `LOOKS` times as the items grow."""
    found: set[tuple[int, int]] = set()
    ends = np.linspace(0, len(votes.who), LOOKS + 1).round().astype(int)
    sums = np.zeros((6, PEOPLE, PEOPLE))
    for begins, ends_at in pairwise(ends.tolist()):
        sums += _met(Votes(votes.who[begins:ends_at], votes.said[begins:ends_at]), labels)
        found |= _called(sums, labels)
    return found


def _met(votes: Votes, labels: int) -> Floats:
    """What `Pair.add` counts of the second's answers after the first's, shape (6, first, second): items, doubtful answers, how
    many are the same, how many were expected to be, the part of that which is of the same, and differing from what is likely
    right."""
    found = np.zeros((6, PEOPLE, PEOPLE))
    places = range(votes.who.shape[1])
    for first, second in permutations(places, 2):
        rest = np.delete(votes.said, second, axis=1)
        own = votes.said[:, first]
        supporters = np.sort((rest[:, :, None] == np.arange(labels)).sum(axis=1), axis=1)[:, ::-1]
        key = np.column_stack([(rest == own[:, None]).sum(axis=1), supporters])
        kinds, at = np.unique(key, axis=0, return_inverse=True)
        right = np.array([_likely(n, some, labels) for n, *some in kinds.tolist()])[at.ravel()]
        same, doubtful = own == votes.said[:, second], right <= DOUBTFUL
        expected = right * VOTES_RIGHT + (1 - right) * same_error(labels)
        counted = (
            same >= 0,
            doubtful,
            doubtful & same,
            doubtful * expected,
            doubtful * expected * same,
            ~doubtful & ~same,
        )
        for place, one in enumerate(counted):
            np.add.at(found[place], (votes.who[:, first], votes.who[:, second]), one)
    return found


def _likely(n: int, supporters: list[int], labels: int) -> float:
    """How likely an answer is right that so many give, its author among them, by how many each answer has."""
    said = [label for label, times in enumerate(supporters) for _ in range(times)]
    return believed(supporters.index(n), said, labels)


def _called(sums: Floats, labels: int) -> set[tuple[int, int]]:
    """Whom the test calls sharing, by sums as `_met` gives them."""
    tallies = {
        (a, b): Tally(int(sums[1, a, b]), int(sums[2, a, b]), float(sums[3, a, b]))
        for a, b in permutations(range(PEOPLE), 2)
    }
    people = [Person() for _ in range(PEOPLE)]
    whole = Tally()
    for (a, b), tally in tallies.items():
        people[a].said += tally
        people[b].heard += tally
        whole += tally
    found = set()
    for a, b in combinations(range(PEOPLE), 2):
        onward, back = (
            Way(tallies[one, two], float(sums[4, one, two]), int(sums[5, one, two])) for one, two in ((a, b), (b, a))
        )
        if Pair(labels, onward=onward, back=back).is_sharing(people[a], people[b], whole, pairs=PAIRS):
            found.add((a, b))
    return found


def oracle(random: Random, *, labels: int, votes: int, runs: int = 4000) -> float:
    """How often the likelihood ratio test finds a pair on 150 items that errs as rarely as the test of votes may: no test
    finds more (Neyman and Pearson 1933). It knows how often everybody is right, which items are hard and how labels are
    confused; only the truth it does not."""
    usual = np.full(labels, 1)
    of = np.zeros((2, labels, labels))
    each_label = np.arange(labels)
    for hard, right in enumerate((RIGHT, HARD_RIGHT)):
        of[hard] = (1 - right) * (1 - COMMON) / (labels - 1)
        of[hard, each_label, (each_label + usual) % labels] += (1 - right) * COMMON
        of[hard, each_label, each_label] = right
    size = (runs, SHARED)
    truth, is_hard = random.integers(0, labels, size), (random.random(size) < HARD).astype(int)
    drawn = of.cumsum(axis=2)[is_hard, truth]
    said = [(random.random((*size, 1)) > drawn).sum(axis=2).clip(0, labels - 1) for _ in range(votes)]
    said[1] = np.where(random.random(size) < HANDED, said[0], said[1])
    shared, alone = np.zeros(size), np.zeros(size)
    for hard, chance in enumerate((1 - HARD, HARD)):
        for label in range(labels):
            each = [of[hard, label][one] for one in said]
            rest = chance / labels * each[0] * np.prod(each[2:], axis=0)
            alone += rest * each[1]
            shared += rest * (HANDED * (said[0] == said[1]) + (1 - HANDED) * each[1])
    ratio = np.sort(np.log(shared / alone).sum(axis=1))[::-1]
    errs = np.cumsum(np.exp(-ratio)) / runs
    return float((errs <= FALSE / PAIRS).mean())


def shares(seed: int, *, labels: int, votes: int, runs: int = 100) -> dict[str, object]:
    """Of projects in which one pair shares 150 items: how often it is found; and of those in which nobody does, and of those
    in which four are careful and the others are not, how often anybody is called so."""
    random = np.random.default_rng([seed, labels, votes])
    items = round(SHARED * PEOPLE * (PEOPLE - 1) / (votes * (votes - 1)))
    careful = np.array([0.95] * 4 + [0.65] * (PEOPLE - 4))
    found = false = false_careful = 0
    for _ in range(runs):
        called = sharing(voted(random, items, labels=labels, votes=votes, shares=True), labels=labels)
        found, false = found + ((0, 1) in called), false + bool(called - {(0, 1)})
        false += bool(sharing(voted(random, items, labels=labels, votes=votes), labels=labels))
        few = voted(random, items, labels=labels, votes=votes, rates=careful)
        false_careful += bool(sharing(few, labels=labels))
    low, high = exact_interval(found, runs)
    _, most = exact_interval(false, 2 * runs)
    _, most_careful = exact_interval(false_careful, runs)
    return {
        "detector": "sharing, by votes alone",
        "labels": labels,
        "votes": votes,
        "items": items,
        "projects": runs,
        "found": found / runs,
        "found_interval": [round(float(low), 4), round(float(high), 4)],
        "most_that_can_be_found": round(oracle(random, labels=labels, votes=votes), 3),
        "projects_with_a_false_pair": false / (2 * runs),
        "false_at_most": round(float(most), 4),
        "projects_with_a_false_pair_where_four_are_careful": false_careful / runs,
        "careful_at_most": round(float(most_careful), 4),
        "met": bool(false / (2 * runs) <= FALSE and false_careful / runs <= FALSE),
    }

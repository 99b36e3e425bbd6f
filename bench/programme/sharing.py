"""Do two people share their answers, by votes alone? Whole projects, in which one pair does, or nobody; and what could be
told of a pair by somebody who knows how often everybody errs, and how."""

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from karat.quality.annotators.copying import Pair, Person, Tally, believed
from karat.quality.estimate import exact_interval

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Random = np.random.Generator
PEOPLE, PAIRS = 30, 435
RIGHT, HARD_RIGHT, HARD, COMMON = 0.8, 0.5, 0.1, 0.6
"""How often people are right, on hard items, how many are hard, and which share of errors is the usual one of the label."""
SHARED, HANDED = 150, 0.8
FALSE = 0.01


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
    """The pairs that are called sharing, asked after each item as the server does."""
    people, whole = [Person() for _ in range(PEOPLE)], Tally()
    pairs: dict[tuple[int, int], Pair] = {}
    found: set[tuple[int, int]] = set()
    known: dict[tuple[int, tuple[int, ...]], float] = {}
    for who, said in zip(votes.who.tolist(), votes.said.tolist(), strict=True):
        for i, j in combinations(sorted(range(len(who)), key=lambda place: who[place]), 2):
            right = []
            for own, left_out in ((i, j), (j, i)):
                rest = tuple(sorted(value for place, value in enumerate(said) if place != left_out))
                key = (said[own], rest)
                if key not in known:
                    known[key] = believed(said[own], rest, labels)
                right.append(known[key])
            a, b = who[i], who[j]
            pair = pairs.setdefault((a, b), Pair(labels))
            whole += pair.add(people[a], people[b], same=said[i] == said[j], right=(right[0], right[1]))
            if pair.onward.doubtful.same > 5 and pair.is_sharing(people[a], people[b], whole, pairs=PAIRS):
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


def shares(seed: int, *, labels: int, votes: int, runs: int = 200) -> dict[str, object]:
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

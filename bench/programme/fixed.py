"""What peers do: three votes on every item, the majority, and a random fifth of the items reviewed."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bench.programme.people import REVIEW_S, World

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Outcome:
    """What a programme came to."""

    results: Ints
    minutes: float
    """Of everybody: annotators, reviewers and those who made the gold."""
    answers: int
    reviews: int


def fixed(world: World, *, votes: int = 3, share: float = 0.2) -> Outcome:
    """`votes` people on each item, level votes tossed for, and a random `share` of the items put right by a reviewer."""
    seconds, results = 0.0, np.zeros(world.items, dtype=np.int64)
    for item in range(world.items):
        asked = world.random.choice(len(world.people), votes, replace=False).tolist()
        counts = np.bincount([world.answer(who, item) for who in asked], minlength=world.labels)
        seconds += sum(world.people[who].seconds for who in asked)
        results[item] = world.random.choice(np.flatnonzero(counts == counts.max()))
    reviewed = world.random.permutation(world.items)[: round(share * world.items)]
    for item in reviewed.tolist():
        results[item] = world.review(item)
        seconds += REVIEW_S
    return Outcome(results, seconds / 60, votes * world.items, len(reviewed))

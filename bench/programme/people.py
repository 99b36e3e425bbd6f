"""The thirty people of the programme, and the items that they label: all of it drawn from one seed."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

HONEST = frozenset({"expert", "average", "sloppy", "drifts", "tires"})
HARD = 0.1
"""So many items are hard: people then know half as much as usual."""
REVIEWER = 0.97
"""How often a reviewer is right, on hard items too."""
REVIEW_S = 10.0
SESSION = 200
"""Answers of one sitting."""
TURN = 300
"""After so many answers, the one who drifts gets worse."""


@dataclass
class Person:
    """Somebody who labels. `knows` is how far above chance they are right: 0 as a coin, 1 always."""

    name: str
    sort: str
    knows: float
    seconds: float
    """Of an answer."""
    errors: Floats
    """Shape (labels, labels): of each true label, which wrong ones are given, rows sum to 1, 0 on the diagonal."""
    habit: Floats | None = None
    """Of somebody who does not look: how often each label is given."""
    given: int = 0

    def knows_now(self) -> float:
        """How far above chance they are right at their next answer."""
        if self.sort == "drifts" and self.given >= TURN:
            return self.knows / 2
        if self.sort == "tires":
            return self.knows * (1 - 0.4 * (self.given % SESSION) / SESSION)
        return self.knows


@dataclass
class World:
    """Items with their truth, people, and the randomness that their answers come from."""

    labels: int
    truth: Ints
    is_hard: NDArray[np.bool_]
    people: list[Person]
    random: np.random.Generator
    shared: dict[int, int] = field(default_factory=dict)
    """What the colluders hand to one another: an answer to each item that one of them has met."""

    @property
    def items(self) -> int:
        """How many there are."""
        return len(self.truth)

    def answer(self, who: int, item: int) -> int:
        """What a person says of an item."""
        person = self.people[who]
        if person.sort == "colluder":
            if item not in self.shared:
                self.shared[item] = self._looked(person, item)
            answer = self.shared[item]
        elif person.habit is not None:
            answer = _drawn(person.habit, self.random)
        else:
            answer = self._looked(person, item)
        person.given += 1
        return answer

    def review(self, item: int) -> int:
        """What a reviewer says of it."""
        truth = int(self.truth[item])
        if self.random.random() < REVIEWER:
            return truth
        return int((truth + self.random.integers(1, self.labels)) % self.labels)

    def _looked(self, person: Person, item: int) -> int:
        truth = int(self.truth[item])
        chance = 1 / self.labels
        knows = person.knows_now() * (0.5 if self.is_hard[item] else 1.0)
        if self.random.random() < chance + knows * (1 - chance):
            return truth
        return _drawn(person.errors[truth], self.random)


def world(seed: int, *, items: int, labels: int) -> World:
    """4 experts, 14 average, 5 sloppy, 3 spammers, 2 colluders, one who drifts and one who tires; everybody gives answers
    at the same rate, whatever time each takes."""
    random = np.random.default_rng(seed)
    truth = random.choice(labels, items, p=random.dirichlet(np.full(labels, 20.0)))
    sorts = (
        [("expert", 0.90, 0.97, 14.0)] * 4
        + [("average", 0.66, 0.82, 10.0)] * 14
        + [("sloppy", 0.56, 0.64, 8.0)] * 5
        + [("spammer", 0.0, 0.0, 3.0)] * 3
        + [("colluder", 0.3, 0.3, 5.0)] * 2
        + [("drifts", 0.8, 0.8, 10.0), ("tires", 0.85, 0.85, 10.0)]
    )
    people: list[Person] = []
    for place, (sort, low, high, seconds) in enumerate(sorts):
        errors = random.dirichlet(np.full(labels, 2.0), labels)
        np.fill_diagonal(errors, 0)
        errors /= errors.sum(axis=1, keepdims=True)
        habit = random.dirichlet(np.full(labels, 3.0)) if sort == "spammer" else None
        people.append(Person(f"{sort}-{place}", sort, float(random.uniform(low, high)), seconds, errors, habit))
    return World(labels, truth, random.random(items) < HARD, people, random)


def _drawn(shares: Floats, random: np.random.Generator) -> int:
    return int(np.searchsorted(shares.cumsum(), random.random() * shares.sum(), side="right"))

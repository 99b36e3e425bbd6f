"""Does this annotator answer without looking? Asked after each answer, with a stated chance of removing somebody honest."""

from collections.abc import Sequence
from math import exp, log

import msgspec

from karat.quality.columns import Floats

FLOOR = 0.5
"""Somebody who is right this far above chance (0: as often as a coin, 1: always) is honest, however sloppy."""
FALSE_REMOVAL = 0.02
EVENLY = 0.8
"""How likely a guesser gives all labels equally often, before anything is known; else in shares of their own."""


class Guessing(msgspec.Struct):
    """A sequential test of an annotator who guesses against one who looks, to be read after every answer.

    Each answer is held against what is believed of its item without it: the known label, or the posterior of what others
    said. `evidence` is the log of how much likelier the answers are from somebody who gives the labels whatever the item,
    evenly or in the shares of this annotator's own earlier answers, than from somebody who is right `floor` of the way from
    chance to always. The annotator guesses once it is above -log(`false_removal`).

    Whoever is right at least so often is called a guesser with a chance below `false_removal`, however long the test goes on
    and however often it is read: the ratio is a martingale that begins at 1 (Ville 1939; Wald, Annals of Mathematical
    Statistics 16 (1945)). That takes beliefs that hold; nothing is learned from items that nobody else has answered.

    >>> test, answer = Guessing(labels=5), 0
    >>> while not test.guesses:
    ...     answer = (answer + 1) % 5
    ...     told = test.add(answer, [0, 0, 1, 0, 0])
    >>> test.n
    14
    """

    labels: int
    floor: float = FLOOR
    false_removal: float = FALSE_REMOVAL
    evidence: float = 0.0
    n: int = 0
    """Answers that were held against something."""
    given: list[float] = []
    """How often each label was given, and once more."""
    evenly: float = 0.0
    """The log of how much likelier the answers are from somebody who gives all labels equally often …"""
    habitually: float = 0.0
    """… from somebody with a habit."""

    def __post_init__(self) -> None:
        if self.labels < 2:
            raise ValueError(f"labels={self.labels}: with fewer than two labels nobody can be wrong")
        if not 0 < self.floor < 1:
            raise ValueError(f"floor={self.floor}: a share of the way from chance to always right, between 0 and 1")
        if not 0 < self.false_removal < 0.5:
            raise ValueError(f"false_removal={self.false_removal}: a chance between 0 and 0.5 is needed")
        if not self.given:
            self.given = [1.0] * self.labels

    @property
    def guesses(self) -> bool:
        """Whether the annotator answers without looking, beyond the chance that is allowed."""
        return self.evidence >= -log(self.false_removal)

    def add(self, answer: int, belief: Sequence[float] | Floats) -> float:
        """Take the next answer, a place among the labels, and what is believed of its item, shape (labels,), sum 1; gives
        what it adds to the evidence."""
        chance = 1 / self.labels
        right = chance + self.floor * (1 - chance)
        wrong = (1 - right) / (self.labels - 1)
        expected = wrong + (right - wrong) * float(belief[answer])
        self.evenly += log(chance / expected)
        self.habitually += log(self.given[answer] / sum(self.given) / expected)
        self.given[answer] += 1
        self.n += 1
        before, most = self.evidence, max(self.evenly, self.habitually)
        mixed = EVENLY * exp(self.evenly - most) + (1 - EVENLY) * exp(self.habitually - most)
        self.evidence = most + log(mixed)
        return self.evidence - before

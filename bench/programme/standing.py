"""What a manager chooses, what the flow knows of each person, and what it comes to."""

from dataclasses import dataclass, field

import numpy as np

from bench.programme.fixed import Outcome
from karat.quality.annotators.guessing import Guessing


@dataclass(frozen=True)
class Settings:
    """What a manager chooses."""

    minutes: float
    """All that may be spent; what labeling leaves goes to reviews."""
    sure: float = 0.95
    most: int = 5
    reviews: float = 0.2
    """Of the items at most so many are reviewed, those with the highest risk."""
    gold: float = 0.03
    """Of the answers so many are to gold, hidden among the others."""
    usual: float = 1.3
    """Whoever errs so many times as often as the median person belongs in training."""


@dataclass
class Standing:
    """What is known of one annotator."""

    guessing: Guessing
    removed_at: int | None = None
    """After so many compared items."""
    trained_at: int | None = None
    has_failed: bool = False
    """Whether the training ended without a passed test: there is no more work then."""
    hits: list[float] = field(default_factory=list)
    """Of each compared item, in order: how likely the answer was right."""

    @property
    def works(self) -> bool:
        """Whether items are given to them."""
        return self.removed_at is None and not self.has_failed

    @property
    def ended_at(self) -> int | None:
        """After so many compared items no more were given to them."""
        ends = [at for at in (self.removed_at, self.trained_at if self.has_failed else None) if at is not None]
        return min(ends, default=None)


@dataclass(frozen=True)
class Programme(Outcome):
    """What the flow came to, and what it found out about people."""

    standings: list[Standing]
    posterior: np.ndarray
    stopped: np.ndarray
    """Items that stopped because they were sure."""
    votes: list[dict[int, int]]
    """Of each item: who said what."""
    sharing: list[tuple[int, int]]
    """Pairs who were found to share answers."""

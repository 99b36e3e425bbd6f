"""Whether the place on the screen decided: how often the candidate shown first was the best."""

from collections import Counter
from dataclasses import dataclass

import numpy as np
from scipy.stats import binom, norm

from karat.quality.estimate import Estimate, estimate, exact_interval

ALL_SUMS = 20_000
"""Up to so many answers every sum is weighed; beyond that the sum is as good as normal."""
ALIKE = 1e-9


@dataclass(frozen=True, slots=True)
class PositionBias:
    """How often the candidate shown first was the best, beside how often that would be if places did not matter."""

    first: Estimate
    expected: float
    """The mean of 1 over the number of candidates: 0.5 for pairs."""
    p: float = float("nan")
    """How likely a share at least so unlikely is where places do not matter, two-sided; nan without answers."""

    @property
    def is_biased(self) -> bool:
        """Whether the interval leaves `expected` out; False where nothing is known."""
        low, high = self.first.low, self.first.high
        return low is not None and high is not None and not low <= self.expected <= high


class Places:
    """Counts decided answers while they come in: of so many candidates, and whether the first shown won."""

    def __init__(self) -> None:
        self.wins = 0
        self.of: Counter[int] = Counter()
        """By number of candidates, the decided answers."""

    def add(self, candidates: int, *, first_won: bool) -> None:
        """One answer in which one of so many candidates was the best alone."""
        self.of[candidates] += 1
        self.wins += first_won

    def bias(self, *, level: float = 0.95) -> PositionBias:
        """The share with its exact interval, and an exact test of it.

        Orders are drawn at random for each author and item, so that without an effect of places each answer's first wins
        with a chance of 1 over its candidates, whatever stood there and whoever else answered: the test needs no more. The
        interval takes answers as independent.
        """
        n = self.of.total()
        method = "exact interval of a share"
        if not n:
            nan, warning = float("nan"), "no answer is known with the order in which its candidates were shown"
            return PositionBias(
                estimate(nan, nan, nan, n=0, of="decided answers", method=method, level=level, warning=warning), nan
            )
        low, high = exact_interval(self.wins, n, level=level)
        first = estimate(
            self.wins / n, float(low), float(high), n=n, of="decided answers", method=method, level=level, warning=None
        )
        return PositionBias(first, sum(times / k for k, times in self.of.items()) / n, sum_test(self.wins, self.of))


def sum_test(wins: int, of: Counter[int]) -> float:
    """The two-sided p of so many wins, where `of[k]` answers are won with a chance of 1/k each.

    Exact up to 20,000 answers: the chance of all sums that are no likelier than this one, as the binomial test has it where
    all have the same number of candidates; beyond that from the normal distribution.

    >>> round(sum_test(9, Counter({2: 10})), 6)
    0.021484
    """
    if of.total() > ALL_SUMS:
        mean = sum(n / k for k, n in of.items())
        spread = sum(n / k * (1 - 1 / k) for k, n in of.items()) ** 0.5
        return float(2 * norm.sf(max(0.0, abs(wins - mean) - 0.5) / spread))
    chances = np.ones(1)
    for k, n in of.items():
        chances = np.convolve(chances, binom.pmf(np.arange(n + 1), n, 1 / k))
    return float(min(1.0, chances[chances <= chances[wins] * (1 + ALIKE)].sum()))

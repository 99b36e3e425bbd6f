"""Shares from sums alone: what was counted may be weighted, and is gone; only how much of it there was is kept."""

import msgspec
import numpy as np

from karat.quality.estimate import beta_interval
from karat.quality.measure import Measure, measure


class Sums(msgspec.Struct, frozen=True):
    """How many values in [0, 1] were counted, the sum of each times its weight, the sum of weights and of their squares.

    >>> Sums.of(1.0) + Sums.of(0.0, weight=3.0)
    Sums(n=2, x=1.0, w=4.0, ww=10.0)
    """

    n: int = 0
    x: float = 0.0
    w: float = 0.0
    ww: float = 0.0

    @classmethod
    def of(cls, value: float, *, weight: float = 1.0, n: int = 1) -> "Sums":
        """One value; where it was drawn, its weight is 1 over the probability of the draw."""
        return cls(n, weight * value, weight, weight * weight)

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(self.n + other.n, self.x + other.x, self.w + other.w, self.ww + other.ww)

    def __sub__(self, other: "Sums") -> "Sums":
        return Sums(self.n - other.n, self.x - other.x, self.w - other.w, self.ww - other.ww)

    @property
    def effective(self) -> float:
        """How many evenly drawn values say as much: Kish, Survey Sampling (1965), 1 / the sum of squared shares."""
        return self.w * self.w / self.ww if self.ww > 0 else 0.0

    def share(self, *, level: float = 0.95) -> Measure:
        """The weighted mean with the interval of its Beta posterior (Jeffreys) for as many values as it is worth.

        Values between 0 and 1, such as a similarity, spread less than 0 and 1 do: of them the interval is too wide, never
        too narrow. `n` counts values, unweighted. Undefined where nothing was counted.

        >>> found = Sums(n=20, x=18.0, w=20.0, ww=20.0).share()
        >>> round(found.low or 0, 3), round(found.high or 0, 3)
        (0.716, 0.979)
        """
        if self.n <= 0 or self.w <= 0:
            return Measure(None, None, None, 0, False)
        value = float(np.clip(self.x / self.w, 0.0, 1.0))
        worth = max(self.effective, 1e-9)
        low, high = beta_interval(value * worth, worth, level=level)
        return measure(value, float(low), float(high), n=self.n)

"""Does somebody get worse within a sitting? From sums alone, so that no answer need be kept."""

from collections.abc import Sequence
from math import sqrt
from typing import NamedTuple

from scipy.special import stdtrit

from karat.quality.estimate import check_level
from karat.quality.measure import Measure

FEW = 10
"""Sittings with answers at different times, below which an interval would be too narrow."""


class Sitting(NamedTuple):
    """Sums of one sitting: answers, their hours into it, how right they were in [0, 1], and the products."""

    n: int
    hours: float
    hours2: float
    right: float
    right_hours: float


def tiring(sittings: Sequence[Sitting], *, level: float = 0.95) -> Measure:
    """By how much the share of right answers changes with each hour of a sitting, in [-1, 1] near 0; below 0 it falls.

    A line whose height is each sitting's own: a bad day is no fatigue. The interval takes sittings as independent, not
    answers (Liang and Zeger, Biometrika 73 (1986)), so that answers of one sitting may be alike. A long sitting pulls the
    line to itself and so looks nearer to it than it is: what is left over is enlarged by that, and Student's t has the
    degrees of freedom that go with sittings of such lengths, one less than there are if all are alike (CR2: Bell and
    McCaffrey, Survey Methodology 28 (2002)). Undefined below `FEW` sittings. `n` counts answers.
    """
    slopes = [one for one in map(_within, sittings) if one[0] > 1e-12]
    n = sum(one.n for one in sittings)
    if len(slopes) < FEW:
        return Measure(None, None, None, n, False)
    spread = sum(one[0] for one in slopes)
    slope = sum(one[1] for one in slopes) / spread
    shares = [one[0] / spread for one in slopes]
    error = sqrt(sum((xy - slope * xx) ** 2 / (1 - h) for (xx, xy), h in zip(slopes, shares, strict=True))) / spread
    pulls = [h * h / (1 - h) for h in shares]
    freedom = 1 / (sum(h * h for h in shares) + sum(pulls) ** 2 - sum(g * g for g in pulls))
    reach = float(stdtrit(freedom, (1 + check_level(level)) / 2)) * error
    return Measure(slope, slope - reach, slope + reach, n, True)


def _within(one: Sitting) -> tuple[float, float]:
    """What hours and rightness spread, and spread together, about the sitting's own means."""
    if one.n < 2:
        return 0.0, 0.0
    return one.hours2 - one.hours**2 / one.n, one.right_hours - one.right * one.hours / one.n

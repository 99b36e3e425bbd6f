"""Double sampling: look at a few, and at as many again only where these do not decide."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binom, hypergeom

from karat.quality.acceptance.plans import ACCEPT, LETTERS, SIZES, TIGHTENED, place_in_table

Floats = NDArray[np.floating]
NUMBERS = {
    1: (0, 2, 1), 2: (0, 3, 3), 3: (1, 4, 4), 5: (2, 5, 6), 7: (3, 7, 8), 10: (5, 9, 12), 14: (7, 11, 18), 21: (11, 16, 26),
    8: (3, 7, 11), 12: (6, 10, 15), 18: (9, 14, 23),
}  # fmt: skip
"""By the acceptance number of the single plan: of the first sample the numbers that accept and reject, of both together the
number that accepts. The last three are of tightened inspection."""


@dataclass(frozen=True, slots=True)
class DoublePlan:
    """Look at `n` drawn at random. With at most `accept` defects the lot passes, with `reject` or more it fails; in between
    look at `n` more: it passes with at most `accept_both` in all."""

    n: int
    accept: int
    reject: int
    accept_both: int
    lot: int | None = None
    letter: str | None = None

    def chance_to_pass(self, rates: float | Sequence[float]) -> Floats:
        """How likely a lot with these defect rates, in [0, 1], passes: the operating characteristic, shape of `rates`.

        >>> DoublePlan(50, 0, 3, 3).chance_to_pass([0.01, 0.05]).round(3).tolist()
        [0.975, 0.259]
        """
        given = _rates(rates)
        passes = _at_most(self.accept, self.n, given, self.lot)
        for first in range(self.accept + 1, self.reject):
            passes = passes + self._exactly(first, given) * self._second(first, given)
        return np.minimum(passes, 1.0)

    def expected_looks(self, rates: float | Sequence[float]) -> Floats:
        """How many are looked at on average where lots have these defect rates, shape of `rates`."""
        given = _rates(rates)
        again = sum(
            (self._exactly(first, given) for first in range(self.accept + 1, self.reject)), np.zeros(given.shape)
        )
        return np.asarray(self.n * (1 + again))

    def verdict(self, first: int, second: int | None = None) -> Literal["pass", "fail", "look again"]:
        """What so many defects say in the first sample, and, where it was drawn, in the second."""
        if first <= self.accept:
            return "pass"
        if first >= self.reject:
            return "fail"
        if second is None:
            return "look again"
        return "pass" if first + second <= self.accept_both else "fail"

    def _exactly(self, first: int, rates: Floats) -> Floats:
        if self.lot is None:
            return np.asarray(binom.pmf(first, self.n, rates))
        return np.asarray(hypergeom.pmf(first, self.lot, np.rint(rates * self.lot).astype(np.int64), self.n))

    def _second(self, first: int, rates: Floats) -> Floats:
        """How likely the second sample keeps the lot, once the first had so many defects."""
        if self.lot is None:
            return _at_most(self.accept_both - first, self.n, rates, None)
        left, bad = self.lot - self.n, np.maximum(np.rint(rates * self.lot).astype(np.int64) - first, 0)
        return np.asarray(hypergeom.cdf(self.accept_both - first, left, np.minimum(bad, left), min(self.n, left)))


def iso_double_plan(
    lot: int,
    aql: float,
    *,
    level: Literal["I", "II", "III"] = "II",
    inspection: Literal["normal", "tightened"] = "normal",
) -> DoublePlan:
    """The double sampling plan that answers to `iso_plan`: tables III-A and III-B of ISO 2859-1:1989 and MIL-STD-105E.

    It passes lots about as often as the single plan and looks at fewer where lots are clearly good or bad. Raises
    `ValueError` where the single plan accepts on no defect, or looks at the whole lot: there the standard has no double one.

    >>> iso_double_plan(1000, 1.0)
    DoublePlan(n=50, accept=0, reject=3, accept_both=3, lot=1000, letter='J')
    """
    if inspection not in ("normal", "tightened"):
        raise ValueError(f"inspection={inspection!r}: double plans are there for 'normal' and 'tightened'")
    letter, diagonal = place_in_table(lot, aql, level=level, inspection=inspection)
    single = (ACCEPT if inspection == "normal" else TIGHTENED)[diagonal]
    if single == 0 or letter == 0 or 2 * SIZES[letter - 1] >= lot:
        raise ValueError(f"for a lot of {lot} and aql={aql} there is no double plan: use iso_plan, which looks once")
    accept, reject, both = NUMBERS[single]
    return DoublePlan(SIZES[letter - 1], accept, reject, both, lot, LETTERS[letter])


def _rates(rates: float | Sequence[float]) -> Floats:
    given = np.asarray(rates, np.float64)
    if ((given < 0) | (given > 1)).any():
        raise ValueError(f"rates={rates}: rates lie between 0 and 1")
    return given


def _at_most(defects: int, n: int, rates: Floats, lot: int | None) -> Floats:
    if lot is None:
        return np.asarray(binom.cdf(defects, n, rates))
    return np.asarray(hypergeom.cdf(defects, lot, np.rint(rates * lot).astype(np.int64), n))

"""Sampling plans: how many of a lot to look at, and with how many defects it still passes."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binom, hypergeom

LETTERS = "ABCDEFGHJKLMNPQR"
SIZES = (2, 3, 5, 8, 13, 20, 32, 50, 80, 125, 200, 315, 500, 800, 1250, 2000)
"""Sample size of each letter."""
LOTS = (8, 15, 25, 50, 90, 150, 280, 500, 1200, 3200, 10_000, 35_000, 150_000, 500_000)
"""The largest lot of each row of table 1; the last row has no end."""
INSPECTION = {
    "I": "AABCCDEFGHJKLMN",
    "II": "ABCDEFGHJKLMNPQ",
    "III": "BCDEFGHJKLMNPQR",
}
AQLS = (0.01, 0.015, 0.025, 0.04, 0.065, 0.1, 0.15, 0.25, 0.4, 0.65, 1.0, 1.5, 2.5, 4.0, 6.5, 10.0)
"""Acceptable quality limits in percent."""
ACCEPT = {0: 0, 3: 1, 4: 2, 5: 3, 6: 5, 7: 7, 8: 10, 9: 14, 10: 21}
"""Acceptance number by how many letters lie between a letter and the one that accepts on none, along the diagonals."""
TIGHTENED = {0: 0, 3: 1, 4: 2, 5: 3, 6: 5, 7: 8, 8: 12, 9: 18}
REDUCED_SIZES = (2, 2, 2, 3, 5, 8, 13, 20, 32, 50, 80, 125, 200, 315, 500, 800)
REDUCED = {0: (0, 1), 3: (0, 2), 4: (1, 3), 5: (1, 4), 6: (2, 5), 7: (3, 6), 8: (5, 8), 9: (7, 10), 10: (10, 13)}
"""Acceptance and rejection numbers; in between a lot passes, but the next is inspected normally."""
Severity = Literal["normal", "tightened", "reduced"]


@dataclass(frozen=True, slots=True)
class Plan:
    """Look at `n` drawn at random; the lot passes with at most `accept` defects."""

    n: int
    accept: int
    lot: int | None = None
    letter: str | None = None
    """The code letter of ISO 2859-1."""
    reject: int | None = None
    """Of reduced plans the number of defects with which a lot fails; with fewer, but more than `accept`, it passes."""

    def chance_to_pass(self, rates: float | Sequence[float]) -> NDArray[np.floating]:
        """How likely a lot with these defect rates, in [0, 1], passes: the operating characteristic, shape of `rates`.

        >>> Plan(50, 1).chance_to_pass([0.01, 0.05]).round(3).tolist()
        [0.911, 0.279]
        """
        given = np.asarray(rates, np.float64)
        if ((given < 0) | (given > 1)).any():
            raise ValueError(f"rates={rates}: rates lie between 0 and 1")
        if self.lot is None:
            return np.asarray(binom.cdf(self._most, self.n, given))
        return np.asarray(hypergeom.cdf(self._most, self.lot, np.rint(given * self.lot).astype(np.int64), self.n))

    def passes(self, defects: int) -> bool:
        """Whether the lot passes with so many defects in the sample."""
        return defects <= self._most

    @property
    def _most(self) -> int:
        return self.accept if self.reject is None else self.reject - 1


def iso_plan(lot: int, aql: float, *, level: Literal["I", "II", "III"] = "II", inspection: Severity = "normal") -> Plan:
    """The single sampling plan of ISO 2859-1 (tables 1 and 2).

    `lot` is the number of items, `aql` the acceptable quality limit in percent nonconforming, one of `AQLS`; the plan for
    normal inspection passes lots at the limit in 85 to 99.8 % of cases. `karat.quality.acceptance.switching` says when inspection is
    tightened or reduced. Reduced plans are those of the first edition (1989) and of MIL-STD-105E, in which a lot may pass
    and yet end reduced inspection. Where the standard's sample is larger than the lot, all are looked at.

    >>> iso_plan(1000, 1.0), iso_plan(1000, 2.5).accept
    (Plan(n=80, accept=2, lot=1000, letter='J', reject=None), 5)
    >>> iso_plan(1000, 1.0, inspection="tightened").accept, iso_plan(1000, 1.0, inspection="reduced").n
    (1, 32)
    """
    letter, diagonal = place_in_table(lot, aql, level=level, inspection=inspection)
    if inspection == "tightened":
        return Plan(min(SIZES[letter], lot), TIGHTENED[diagonal], lot, LETTERS[letter])
    if inspection == "reduced":
        accept, reject = REDUCED[diagonal]
        return Plan(min(REDUCED_SIZES[letter], lot), accept, lot, LETTERS[letter], reject)
    return Plan(min(SIZES[letter], lot), ACCEPT[diagonal], lot, LETTERS[letter])


def place_in_table(lot: int, aql: float, *, level: Literal["I", "II", "III"], inspection: Severity) -> tuple[int, int]:
    """The row of the master table that the arrows lead to, and by how many letters it lies below the row that accepts on
    none."""
    if lot < 2:
        raise ValueError(f"lot={lot}: the tables begin with lots of 2")
    if aql not in AQLS:
        raise ValueError(f"aql={aql}: the tables have {', '.join(f'{a:g}' for a in AQLS)} percent; take the next lower")
    if level not in INSPECTION:
        raise ValueError(f"level={level!r}: take 'I', 'II' or 'III'")
    if inspection not in ("normal", "tightened", "reduced"):
        raise ValueError(f"inspection={inspection!r}: take 'normal', 'tightened' or 'reduced'")
    letter, last = LETTERS.index(INSPECTION[level][bisect_left(LOTS, lot)]), len(LETTERS) - 1
    there_is_zero = aql < AQLS[-1]  # at the largest limit no letter accepts on none
    zero = last - 1 - AQLS.index(aql) + (inspection == "tightened")
    if letter < zero or not there_is_zero:
        letter = max(letter, zero if there_is_zero else zero + 3)
    elif letter - zero in (1, 2):
        # From here arrows lead up to the letter that accepts on none, or down to the first that accepts on one.
        down = inspection == "tightened" or letter - zero == 2
        letter = zero + 3 if down and zero + 3 <= last else zero
    largest = max(TIGHTENED if inspection == "tightened" else ACCEPT)
    letter = min(letter, zero + largest)
    return letter, letter - zero


def plan(
    *, good: float, bad: float, false_reject: float = 0.05, false_accept: float = 0.1, lot: int | None = None
) -> Plan:
    """The smallest plan that rejects a lot of defect rate `good` with at most `false_reject`, and accepts one of rate
    `bad` with at most `false_accept`.

    Exact: binomial, or hypergeometric for a `lot` of known size. Source: Guenther, Journal of Quality Technology 1 (1969).

    >>> plan(good=0.01, bad=0.05)
    Plan(n=132, accept=3, lot=None, letter=None, reject=None)
    """
    if not 0 <= good < bad <= 1:
        raise ValueError(f"good={good}, bad={bad}: defect rates between 0 and 1 are needed, good below bad")
    if not (0 < false_reject < 0.5 and 0 < false_accept < 0.5):
        raise ValueError(
            f"false_reject={false_reject}, false_accept={false_accept}: chances between 0 and ½ are needed"
        )
    if lot is not None and int(np.rint(good * lot)) >= int(np.rint(bad * lot)):
        raise ValueError(f"a lot of {lot} has {good} and {bad} as the same number of defects; look at all of it")
    accept = 0
    while True:
        n = _fewest(accept, bad, false_accept, lot)
        found = Plan(n, accept, lot)
        if float(found.chance_to_pass(good)) >= 1 - false_reject:
            return found
        accept += 1


def _fewest(accept: int, bad: float, false_accept: float, lot: int | None) -> int:
    """The smallest sample that accepts so bad a lot with at most this chance."""

    def enough(n: int) -> bool:
        return float(Plan(n, accept, lot).chance_to_pass(bad)) <= false_accept

    low, high = accept, accept + 1
    while not enough(high):
        low, high = high, min(high * 2, lot) if lot is not None else high * 2
        if low == high:
            return high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high

"""How hard to look at the next lot: normal, tightened and reduced inspection, by how the last ones came out."""

from dataclasses import dataclass, replace
from typing import Literal

from karat.quality.acceptance.plans import AQLS, Plan, Severity, iso_plan

WINDOW = 5
"""Two of so many lots in a row that fail tighten; so many that pass loosen; so many failures while tightened stop."""
ENOUGH = 30
"""The switching score from which inspection may be reduced."""


@dataclass(frozen=True, slots=True)
class Inspection:
    """Where a series of lots stands; begin with `Inspection()` and go on with what `after` gives."""

    severity: Severity = "normal"
    stopped: bool = False
    """Five lots failed under tightened inspection: nothing more is accepted until the cause is mended."""
    score: int = 0
    """The switching score; from 30 on, inspection is reduced if `may_reduce`."""
    recent: tuple[bool, ...] = ()
    """Whether each of the last lots passed, since inspection last switched."""
    failed: int = 0
    """Lots that failed since inspection was tightened."""

    def plan(self, lot: int, aql: float, *, level: Literal["I", "II", "III"] = "II") -> Plan:
        """What to look at in the next lot."""
        return iso_plan(lot, aql, level=level, inspection=self.severity)

    def after(
        self, lot: int, aql: float, defects: int, *, level: Literal["I", "II", "III"] = "II", may_reduce: bool = True
    ) -> "Inspection":
        """Where the series stands once so many defects were found in the sample of a lot.

        Normal to tightened: two of five or fewer lots in a row failed. Back: five in a row passed. Normal to reduced: a
        switching score of 30, to which a lot adds 3 if it would pass at the next lower limit too (or 2 if its acceptance
        number is 0 or 1), else it begins anew. Back: a lot failed, or had more defects than its acceptance number. Stop: five
        lots failed under tightened inspection. Source: ISO 2859-1:1999, section 9.3.

        >>> series = Inspection()
        >>> for defects in (0, 3, 1, 5):
        ...     series = series.after(1000, 1.0, defects)
        >>> series.severity
        'tightened'
        """
        if self.stopped:
            raise ValueError("inspection is stopped: mend the cause and begin with Inspection('tightened')")
        if defects < 0:
            raise ValueError(f"defects={defects}: a count cannot be below 0")
        plan = self.plan(lot, aql, level=level)
        passed = plan.passes(defects)
        recent = (*self.recent, passed)[-WINDOW:]
        if self.severity == "tightened":
            failed = self.failed + (not passed)
            if len(recent) == WINDOW and all(recent):
                return Inspection()
            return replace(self, recent=recent, failed=failed, stopped=failed >= WINDOW)
        if self.severity == "reduced":
            return replace(self, recent=recent) if defects <= plan.accept else Inspection()
        if recent.count(False) >= 2:
            return Inspection("tightened")
        score = self._scored(plan, lot, aql, defects, level)
        if score >= ENOUGH and may_reduce:
            return Inspection("reduced")
        return replace(self, recent=recent, score=score)

    def _scored(self, plan: Plan, lot: int, aql: float, defects: int, level: Literal["I", "II", "III"]) -> int:
        if not plan.passes(defects):
            return 0
        if plan.accept < 2:
            return self.score + 2
        tighter = iso_plan(lot, AQLS[max(AQLS.index(aql) - 1, 0)], level=level)
        return self.score + 3 if tighter.passes(defects) else 0

"""Has this annotator passed? Asked after each answer, with stated chances of being wrong."""

from dataclasses import dataclass
from math import ceil, floor, log
from typing import Literal

Verdict = Literal["pass", "fail", "not yet known"]
_RARE = 1e-4
"""Tests that go on no oftener than this hardly change how long one takes on average."""


@dataclass(frozen=True, slots=True)
class SequentialTest:
    """Wald's sequential probability ratio test of a share of right answers, to be read after every answer.

    Someone of accuracy `good` fails with a chance of about `false_fail`, someone of accuracy `bad` passes with a chance of
    about `false_pass`; in between either may happen. Both together are never above `false_fail + false_pass`, however
    often it is read: that is what a test at a fixed number of answers cannot offer. Source: Wald, Annals of Mathematical
    Statistics 16 (1945).

    >>> test = SequentialTest(good=0.95, bad=0.8)
    >>> test.verdict(right=10, wrong=0), test.verdict(right=20, wrong=0), test.verdict(right=4, wrong=4)
    ('not yet known', 'pass', 'fail')
    """

    good: float = 0.95
    bad: float = 0.8
    false_fail: float = 0.05
    false_pass: float = 0.05

    def __post_init__(self) -> None:
        if not 0 < self.bad < self.good < 1:
            raise ValueError(f"bad={self.bad}, good={self.good}: accuracies between 0 and 1 are needed, bad below good")
        if not (0 < self.false_fail < 0.5 and 0 < self.false_pass < 0.5):
            raise ValueError(
                f"false_fail={self.false_fail}, false_pass={self.false_pass}: chances between 0 and ½ are needed"
            )

    def evidence(self, *, right: int, wrong: int) -> float:
        """The log of how much likelier these answers are from someone good than from someone bad."""
        if right < 0 or wrong < 0:
            raise ValueError(f"right={right}, wrong={wrong}: counts cannot be below 0")
        return right * log(self.good / self.bad) + wrong * log((1 - self.good) / (1 - self.bad))

    def told(self, likely: float, *, labels: int = 2) -> float:
        """What one answer adds to the evidence that is right with this chance by what is believed of its item, in [0, 1].

        To count it as right where it is likely right would hold other people's errors against whoever is compared with them.
        """
        if not 0 <= likely <= 1 or labels < 2:
            raise ValueError(f"likely={likely}, labels={labels}: a probability and at least two labels are needed")
        wrong = (1 - likely) / (labels - 1)
        good, bad = (share * likely + (1 - share) * wrong for share in (self.good, self.bad))
        return log(good / bad)

    def verdict(self, *, right: int, wrong: int) -> Verdict:
        """What so many right and wrong answers say."""
        return self.verdict_of(self.evidence(right=right, wrong=wrong))

    def verdict_of(self, evidence: float) -> Verdict:
        """What so much evidence says."""
        if evidence >= self._passing:
            return "pass"
        return "fail" if evidence <= self._failing else "not yet known"

    def expected_answers(self, accuracy: float) -> float:
        """How many answers it takes on average at this accuracy, to a few in ten thousand.

        It is summed over the numbers of right answers with which the test goes on: Wald's formula leaves out by how much the
        last answer steps past the bound, and says up to a fifth too few.
        """
        import numpy as np

        if not 0 < accuracy < 1:
            raise ValueError(f"accuracy={accuracy}: a share between 0 and 1 is needed")
        a_right, a_wrong = self.evidence(right=1, wrong=0), self.evidence(right=0, wrong=1)
        going, first, n, total = np.ones(1), 0, 0, 0.0
        step = a_right - a_wrong
        while len(going) and (mass := float(going.sum())) > _RARE:
            total += mass
            n += 1
            further = np.empty(len(going) + 1)
            further[:-1] = going
            further[-1] = 0.0
            further *= 1 - accuracy
            further[1:] += going * accuracy
            # It goes on where the evidence, first · a_right + (n - first) · a_wrong and upward, lies between the bounds.
            low = max(first, floor((self._failing - n * a_wrong) / step) + 1)
            high = min(first + len(further), ceil((self._passing - n * a_wrong) / step))
            going, first = further[low - first : max(low, high) - first], low
        return total

    @property
    def _passing(self) -> float:
        return log((1 - self.false_fail) / self.false_pass)

    @property
    def _failing(self) -> float:
        return log(self.false_fail / (1 - self.false_pass))

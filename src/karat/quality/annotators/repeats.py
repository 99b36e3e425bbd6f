"""Does the order of the items show in somebody's errors: answers carried over from the item before, or pasted?"""

from scipy.special import betaincinv

from karat.quality.estimate import check_level
from karat.quality.measure import Measure, measure

FAR = (20, 21, 22, 23, 24)
"""Answers so far back are what the one just before is held against."""


def carried_over(before: int, far: int, *, n: int, level: float = 0.95) -> Measure:
    """How often a wrong answer is the one that the same person gave just before, over how often it is one of far earlier.

    Of `n` wrong answers `before` equal the answer given directly before and `far` that many of `FAR` earlier ones. 1 where
    order says nothing; somebody who pastes, or answers in runs, has more. Both counts meet the same labels, so that common
    labels and usual confusions make no difference. Exact interval of a ratio of two counts, given their sum (Clopper and
    Pearson on the conditional binomial: Przyborowski and Wilenski, Biometrika 31 (1940)): while order says nothing a bound of
    1 is passed from below by at most half of 1 - `level`. Counts of one person's far answers are taken as independent.

    >>> found = carried_over(40, 50, n=100)
    >>> round(found.value or 0, 1), (found.low or 0) > 1
    (4.0, True)
    """
    if not (0 <= before <= n and 0 <= far <= len(FAR) * n):
        raise ValueError(f"before={before}, far={far}, n={n}: counts between 0 and n, and {len(FAR)} n, are needed")
    tail = (1 - check_level(level)) / 2
    low = float(betaincinv(before, far + 1, tail)) if before else 0.0
    high = float(betaincinv(before + 1, far, 1 - tail)) if far else 1.0
    value = len(FAR) * before / far if far else float("nan")
    return measure(value, _ratio(low), _ratio(high), n=n)


def _ratio(share: float) -> float:
    return len(FAR) * share / (1 - share) if share < 1 else float("inf")

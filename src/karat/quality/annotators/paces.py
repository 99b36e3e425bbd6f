"""Is somebody too fast? From sums of the logarithm of times against those of others, so that no answer need be kept."""

from math import exp, sqrt

from scipy.special import stdtrit

from karat.quality.annotators.speed import FEW
from karat.quality.estimate import check_level
from karat.quality.measure import Measure


def pace_of(n: int, logs: float, squares: float, *, level: float = 0.95) -> Measure:
    """Time over the usual time for the same items, above 0: 0.5 is twice as fast as usual.

    `logs` and `squares` add up the logarithm of an answer's time over the geometric mean of what others took for its item,
    and the square of that, for n answers. Interval of Student on logarithms, answers independent. Somebody at `SPEEDING`, half
    of the usual time, is called faster by at most half of 1 - `level` each time that it is asked; the bound is a habit
    (Greszki, Meyer and Schoen, Public Opinion Quarterly 79 (2015)). Undefined below 10 answers.

    >>> found = pace_of(20, -20.0, 24.0)
    >>> round(found.value or 0, 2), (found.high or 1) < 0.5
    (0.37, True)
    """
    if n < FEW:
        return Measure(None, None, None, n, False)
    mean = logs / n
    variance = max(squares - n * mean * mean, 0.0) / (n - 1)
    reach = float(stdtrit(n - 1, (1 + check_level(level)) / 2)) * sqrt(variance / n)
    return Measure(exp(mean), exp(mean - reach), exp(mean + reach), n, True)

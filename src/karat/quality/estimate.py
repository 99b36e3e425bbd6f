"""A number with its doubt: value, interval, what it was counted over, how the interval was made, and what to beware of."""

from math import isfinite

import msgspec
import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import betaincinv

Floats = NDArray[np.floating]


class Estimate(msgspec.Struct, frozen=True):
    """One figure of a table of votes.

    `value`, `low` and `high` are None where they are undefined; `warning` then says why. `n` counts `of`: items, votes,
    answers on gold. `level` is what share of such intervals hold the true value; `method` says how it was made, and, for
    a bootstrap, what was drawn anew.

    >>> print(Estimate(0.72, 0.65, 0.78, n=412, of="items", method="bootstrap over items"))
    0.72 [0.65, 0.78], 412 items
    """

    value: float | None
    low: float | None
    high: float | None
    n: int
    of: str
    method: str
    level: float = 0.95
    warning: str | None = None

    def __str__(self) -> str:
        if self.value is None:
            return f"undefined, {self.n} {self.of}" + (f" ({self.warning})" if self.warning else "")
        shown = f"{self.value:.3g}"
        if self.low is not None and self.high is not None:
            shown += f" [{self.low:.3g}, {self.high:.3g}]"
        return f"{shown}, {self.n} {self.of}" + (f" ({self.warning})" if self.warning else "")


def estimate(
    value: float,
    low: float,
    high: float,
    *,
    n: int,
    of: str,
    method: str,
    level: float = 0.95,
    warning: str | None = None,
) -> Estimate:
    """An estimate; numbers that are not finite become None."""
    return Estimate(finite(value), finite(low), finite(high), int(n), of, method, level, warning)


def exact_interval(successes: ArrayLike, trials: ArrayLike, *, level: float = 0.95) -> tuple[Floats, Floats]:
    """The exact interval of a share: it holds the true one in at least `level` of all cases, whatever that is.

    Successes and trials of any shape, 0 ≤ successes ≤ trials; both ends have that shape, and lie in [0, 1]. No trials:
    0 to 1. Source: Clopper and Pearson, Biometrika 26 (1934).

    >>> low, high = exact_interval(0, 30)
    >>> float(low), round(float(high), 4)
    (0.0, 0.1157)
    """
    x, n = _counted(successes, trials)
    tail = _tail(level)
    low = np.where(x > 0, betaincinv(np.maximum(x, 1e-300), n - x + 1, tail), 0.0)
    high = np.where(x < n, betaincinv(x + 1, np.maximum(n - x, 1e-300), 1 - tail), 1.0)
    return low, high


def beta_interval(
    successes: ArrayLike, trials: ArrayLike, *, level: float = 0.95, prior: tuple[float, float] = (0.5, 0.5)
) -> tuple[Floats, Floats]:
    """The equal-tailed interval of a share from its Beta posterior: narrower than the exact one, right on average.

    `prior` is the Beta before anything was seen; (½, ½) is that of Jeffreys, whose coverage is near `level` for almost
    every share. Source: Brown, Cai and DasGupta, Statistical Science 16 (2001); where nothing or everything succeeded
    the outer end is 0 or 1, as they advise.

    >>> low, high = beta_interval(18, 20)
    >>> round(float(low), 3), round(float(high), 3)
    (0.716, 0.979)
    """
    x, n = _counted(successes, trials)
    tail = _tail(level)
    low = betaincinv(x + prior[0], n - x + prior[1], tail)
    high = betaincinv(x + prior[0], n - x + prior[1], 1 - tail)
    return np.where(x == 0, 0.0, low), np.where(x == n, 1.0, high)


def finite(value: float | None) -> float | None:
    """The number as a plain float, None where it is nan or infinite."""
    return float(value) if value is not None and isfinite(value) else None


def check_level(level: float) -> float:
    """The level of an interval, which must be a share between 0 and 1."""
    if not 0 < level < 1:
        raise ValueError(f"level={level!r} is no share between 0 and 1; 0.95 asks for a 95 % interval")
    return level


def _counted(successes: ArrayLike, trials: ArrayLike) -> tuple[Floats, Floats]:
    x, n = np.asarray(successes, np.float64), np.asarray(trials, np.float64)
    if not np.all((x >= 0) & (x <= n)):
        raise ValueError(f"successes must lie between 0 and the trials; got {successes!r} of {trials!r}")
    return x, n


def _tail(level: float) -> float:
    return (1 - check_level(level)) / 2

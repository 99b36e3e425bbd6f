"""Speed against quality: who answers faster than people can, and whether those who take their time are right."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri, stdtr, stdtrit

from karat.quality.bias.rates import false_discoveries
from karat.quality.drift.sessions import checked_seconds
from karat.quality.estimate import Estimate, check_level, estimate
from karat.quality.tallies import tallied
from karat.quality.votes import Votes

Floats = NDArray[np.floating]
Ints = NDArray[np.signedinteger]

SPEEDING = 0.5
"""Whoever takes less than so much of the usual time is speeding."""
FEW = 10


@dataclass(frozen=True, slots=True)
class Speed:
    """How fast each annotator is; arrays of shape (annotators,), nan where nothing is known."""

    n: Ints
    """Votes whose time is known."""
    median_s: Floats
    """Median seconds of a vote."""
    pace: Floats
    """Time taken over the usual time for the same items, above 0: 0.5 is twice as fast as usual, 2 half as fast."""
    low: Floats
    high: Floats
    p: Floats
    """How likely so fast a pace is for somebody who takes `SPEEDING` of the usual time, after control of false discoveries."""
    speeding: NDArray[np.bool_]
    """Whether somebody is faster than `SPEEDING` of the usual time beyond doubt."""
    relative: Floats
    """Of each vote, shape (votes,): its time over the usual time for the item, nan where it is unknown."""
    level: float

    def estimate(self, code: int) -> Estimate:
        """The pace of one annotator."""
        n = int(self.n[code])
        few = f"only {n} votes with a time; below {FEW} nothing can be said" if n < FEW else None
        ends = float(self.low[code]), float(self.high[code])
        method = "geometric mean over votes, t"
        return estimate(float(self.pace[code]), *ends, n=n, of="votes", method=method, level=self.level, warning=few)


@dataclass(frozen=True, slots=True)
class TimeAndQuality:
    """Whether time per item carries quality."""

    overall: Estimate
    """How likely a right vote took longer than a wrong one of the same annotator, in [0, 1]: ½ where time says nothing; all
    annotators together, each as far as it tells."""
    value: Floats
    """The same of each annotator, shape (annotators,); nan without right and wrong votes."""
    low: Floats
    high: Floats
    right: Ints
    wrong: Ints


def speed(votes: Votes, seconds: ArrayLike, *, usual: float = SPEEDING, level: float = 0.95) -> Speed:
    """How fast each annotator is beside others on the same items.

    `seconds` (votes,) is how long each vote took, above 0, nan where unknown: as recorded, or `sessions_of(votes).seconds`.
    A vote's usual time is the geometric mean of what others took for the item, so that long items do not make somebody look
    slow; where there are no others, the median of all. Intervals are those of Student on logarithms, votes independent.
    Speeding: a one-sided test against `usual`, adjusted over annotators by Benjamini and Hochberg. A threshold of half the
    usual time follows Greszki, Meyer and Schoen, Public Opinion Quarterly 79 (2015); it is a habit, not a law.
    """
    if not 0 < usual < 1:
        raise ValueError(f"usual={usual}: a share of the usual time between 0 and 1 is needed; 0.5 is twice as fast")
    took = checked_seconds(votes, seconds)
    known = np.flatnonzero(np.isfinite(took))
    log = np.full(len(votes), np.nan)
    log[known] = np.log(took[known]) - _usual(votes, np.log(np.maximum(took, 1e-300)), known)
    people, who = len(votes.annotators), votes.annotator_codes[known]
    n = np.bincount(who, minlength=people)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = tallied(who, log[known], people) / n
        spread = tallied(who, (log[known] - mean[who]) ** 2, people) / (n - 1)
        error = np.sqrt(np.where(n > 1, spread, np.nan) / n)
        reach = stdtrit(np.maximum(n - 1, 1), (1 + check_level(level)) / 2) * error
        t = (mean - np.log(usual)) / error
    p = np.where(n > 1, stdtr(np.maximum(n - 1, 1), np.where(np.isfinite(t), t, 0.0)), np.nan)
    p = np.where((error == 0) & (mean < np.log(usual)), 0.0, p)
    adjusted = false_discoveries(p)
    median = np.array([np.median(part) if len(part) else np.nan for part in _parts(took[known], who, n)])
    fast = np.nan_to_num(adjusted, nan=1.0) < 1 - level
    pace, low, high = np.exp(mean), np.exp(mean - reach), np.exp(mean + reach)
    return Speed(n, median, pace, low, high, adjusted, fast & (n >= FEW), np.exp(log), level)


def time_and_quality(
    votes: Votes, seconds: ArrayLike, known: Mapping[object, object], *, level: float = 0.95
) -> TimeAndQuality:
    """Whether votes that took longer are right more often, within each annotator.

    `known` is the label of items: gold, or a consensus of others. Times are taken relative to the item (`speed`), as hard
    items take long and are got wrong. The share of pairs of a right and a wrong vote in which the right one took longer
    (Mann and Whitney 1947), with the interval of Newcombe, Statistics in Medicine 25 (2006), method 5; `overall` weighs
    annotators by the inverse of their variance at ½.
    """
    relative = speed(votes, seconds).relative
    codes = votes.gold_codes(known)[votes.item_codes]
    rows = np.flatnonzero(np.isfinite(relative) & (codes >= 0))
    people, who = len(votes.annotators), votes.annotator_codes[rows]
    hit = codes[rows] == votes.label_codes[rows]
    n = np.bincount(who, minlength=people)
    right = np.bincount(who, hit, minlength=people).astype(np.int64)
    order = np.argsort(who, kind="stable")
    parts = zip(_parts(relative[rows], who, n), np.split(hit[order], np.cumsum(n)[:-1]), strict=True)
    value = np.array([longer_when_right(own, ok) for own, ok in parts] or [], np.float64)
    wrong = n - right
    low, high = share_of_pairs_interval(value, right, wrong, level=level)
    told = np.isfinite(value)
    method = "within annotators, Newcombe's method 5 for each, joined by inverse variance"
    if not told.any():
        why = "nobody has right and wrong votes whose time is known"
        none = Estimate(None, None, None, int(n.sum()), "votes", method, level, why)
        return TimeAndQuality(none, value, low, high, right, wrong)
    weight = 1 / _variance(np.full(told.sum(), 0.5), right[told], wrong[told])
    mean = float(weight @ value[told] / weight.sum())
    variance = weight**2 @ _variance(np.clip(np.full(told.sum(), mean), 0.02, 0.98), right[told], wrong[told])
    reach = float(ndtri((1 + level) / 2) * np.sqrt(variance) / weight.sum())
    ends = max(mean - reach, 0.0), min(mean + reach, 1.0)
    overall = estimate(mean, *ends, n=int(n[told].sum()), of="votes", method=method, level=level)
    return TimeAndQuality(overall, value, low, high, right, wrong)


def longer_when_right(seconds: Floats, right: NDArray[np.bool_]) -> float:
    """The share of pairs of a right and a wrong vote in which the right one took longer, ties half; nan without pairs.

    >>> longer_when_right(np.array([5.0, 3.0, 3.0, 1.0]), np.array([True, True, False, False]))
    0.875
    """
    slow, fast = seconds[right], np.sort(seconds[~right])
    if not len(slow) or not len(fast):
        return float("nan")
    below = np.searchsorted(fast, slow, "left") + np.searchsorted(fast, slow, "right")
    return float(below.mean() / 2 / len(fast))


def share_of_pairs_interval(
    share: ArrayLike, m: ArrayLike, n: ArrayLike, *, level: float = 0.95
) -> tuple[Floats, Floats]:
    """The interval of a share of pairs (Mann and Whitney's U over m · n), of any shape: Newcombe (2006), method 5.

    It stays inside 0 to 1, and says something where the share is 0 or 1; nan where there are no pairs.
    """
    a, m_, n_ = np.broadcast_arrays(np.asarray(share, np.float64), np.asarray(m), np.asarray(n))
    z = float(ndtri((1 + check_level(level)) / 2))
    ends = []
    for outer, sign in ((np.zeros(a.shape), 1.0), (np.ones(a.shape), -1.0)):
        inside, outside = a.copy(), outer
        for _ in range(50):
            middle = (inside + outside) / 2
            with np.errstate(invalid="ignore"):
                within = sign * (a - middle) <= z * np.sqrt(_variance(middle, m_, n_))
            inside, outside = np.where(within, middle, inside), np.where(within, outside, middle)
        ends.append(np.where(np.isfinite(a), inside, np.nan))
    return ends[0], ends[1]


def _usual(votes: Votes, log: Floats, known: Ints) -> Floats:
    """The logarithm of the time that others took for the item of each vote with a time."""
    item = votes.item_codes[known]
    others = np.bincount(item, minlength=len(votes.items))[item] - 1
    total = tallied(item, log[known], len(votes.items))[item] - log[known]
    middle = float(np.median(log[known])) if len(known) else 0.0
    return np.where(others > 0, total / np.maximum(others, 1), middle)


def _parts(values: Floats, who: Ints, n: Ints) -> list[Floats]:
    """The values of each annotator."""
    order = np.argsort(who, kind="stable")
    return [np.asarray(part) for part in np.split(values[order], np.cumsum(n)[:-1])] if len(n) else []


def _variance(share: Floats, m: Ints, n: Ints) -> Floats:
    pairs = np.maximum(np.asarray(m, np.float64) * n, 1e-300)
    others = (np.asarray(m, np.float64) + n) / 2 - 1
    odds = (1 - share) / (2 - share) + share / (1 + share)
    return np.asarray(share * (1 - share) * (1 + others * odds) / pairs)

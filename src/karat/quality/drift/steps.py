"""Does somebody get worse, answer by answer? How much likelier the answers are after a drop than without one."""

from itertools import pairwise
from math import exp

import msgspec
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating]

BASELINE = 150
"""Compared answers from which it is learned how good somebody usually is."""
WORSE = 3.0
"""The drop that is watched for: the odds of an error grow by so much. Larger ones are seen sooner still."""
CHAINS = 1500
HORIZON = 0.3
"""The limit is simulated for this part of the run length; from then on it stays as it is."""
PARTS = (0, 20, 40, 70, 100, 150, 250, 400)
"""Answers since the baseline at which the limit changes."""
RATES = 1 / (1 + np.exp(-np.linspace(-0.85, 5.3, 25)))
"""How often somebody may usually be right: from 0.3 to 0.995, evenly on the log of the odds."""
PRIOR = RATES * (1 - RATES) / (RATES * (1 - RATES)).sum()
"""All rates alike."""
DROPPED = RATES / (RATES + (1 - RATES) * WORSE)
MOST = 1e30


class Steps(msgspec.Struct):
    """A chart of one annotator, fed with how likely each compared answer was right by what is believed of its item.

    How often somebody is right is not known, so each rate of `RATES` is held as likely as all answers so far make it, the
    baseline among them (at first all rates are equally likely). From the baseline on a CUSUM runs for every rate: how much
    likelier the answers since some moment are if the odds of an error grew by `WORSE` then (Page, Biometrika 41 (1954)). Each
    is divided by what an answer tells, to which its limit would be proportional if the rate were known (Lorden, Annals of
    Mathematical Statistics 42 (1971)), and the chart's level is their mean by the rates' weights (a mixture over what is not
    known before the change: Pollak, Annals of Statistics 15 (1987)): so its limit hardly depends on the rate, and nothing
    need be decided about which answers may still be learned from. It alarms above a
    limit that is simulated from beliefs as sure as those of the baseline, and rises with what is learned, such that of
    people who are right as often as this one seems to be, and stay so, at every moment one in `run_length` is alarmed about
    at the next answer (dynamic probability limits: Shen, Zou, Jiang and Tsung, Naval Research Logistics 60 (2013)). `add` says whether there is an alarm; after one
    the sums begin anew and what was usual before the drop is kept. It is a value of a kilobyte, to be kept and taken up again.
    """

    labels: int
    run_length: float = 2000.0
    baseline: int = BASELINE
    seed: int = 0
    n: int = 0
    """Answers so far."""
    first: list[float] = []
    """The baseline, until the limits are known."""
    watched: int = 0
    """Answers since the baseline."""
    weights: list[float] = []
    """How likely each of `RATES` is."""
    ratios: list[float] = []
    """Of each: how much likelier the answers are after a drop."""
    scale: list[float] = []
    """Of each: 1 over what an answer tells of a drop."""
    limits: list[float] = []
    """Of each of `PARTS`."""

    def __post_init__(self) -> None:
        if self.labels < 2:
            raise ValueError(f"labels={self.labels}: with fewer than two labels nobody can be wrong")
        if not 100 <= self.run_length <= 1e5:
            raise ValueError(f"run_length={self.run_length}: between 100 and 100,000 answers to a false alarm")
        if self.baseline < 20:
            raise ValueError(f"baseline={self.baseline}: at least 20 answers are needed to know what is usual")

    @property
    def is_begun(self) -> bool:
        """Whether it is known what is usual: before that there are no alarms."""
        return bool(self.limits)

    @property
    def is_ready(self) -> bool:
        """Whether there are enough answers to learn from, and `begin` is due."""
        return not self.is_begun and len(self.first) >= self.baseline

    @property
    def usual(self) -> float:
        """How often somebody is right, as far as it is known: the mean of `RATES` by their weights. 0 before the baseline."""
        return float(np.array(self.weights) @ RATES) if self.weights else 0.0

    def add(self, likely: float) -> bool:
        """The next compared answer, right with this chance; whether there is an alarm. In [0, 1]."""
        alarm = self.feed(likely)
        if self.is_ready:
            self.begin()
        return alarm

    def feed(self, likely: float) -> bool:
        """As `add`, but leaves it to the caller to `begin`, which takes up to a second."""
        if not 0 <= likely <= 1:
            raise ValueError(f"likely={likely}: a probability between 0 and 1 is needed")
        self.n += 1
        if not self.is_begun:
            self.first.append(likely)
            return False
        weights, ratios = _step(np.array(self.weights), np.array(self.ratios), likely, self.labels)
        limit = self.limits[np.searchsorted(PARTS[1 : len(self.limits)], self.watched, side="right")]
        self.watched += 1
        alarm = bool((weights * ratios) @ np.array(self.scale) > limit)
        if alarm:
            weights = weights * ratios / float(weights @ ratios)
            ratios = np.ones_like(ratios)
        self.weights, self.ratios = weights.tolist(), ratios.tolist()
        return alarm

    def begin(self) -> None:
        """Learn what is usual from the baseline, and set the limits."""
        likely = np.array(self.first)
        weights = ratios = PRIOR
        for one in self.first:
            weights, ratios = _step(weights, ratios, one, self.labels)
        self.weights, self.ratios, self.watched = weights.tolist(), [1.0] * len(RATES), 0
        sure = np.where(likely >= 0.5, likely, 1 - likely * (self.labels - 1)).clip(0.5, 1)
        self.scale = (1 / _information(sure, self.labels)).tolist()
        self.limits = self._simulated(sure)
        self.first = []

    def _simulated(self, sure: Floats) -> list[float]:
        """The limits that people who are right as often as this one seems to be, and stay so, stay below with the chance that
        goes with the run length. Their baselines are drawn too: limits that went by what one baseline let believe would be
        high just where it made the chart slow."""
        # Of its own for each chart: what chance does to one limit it must not do to those of all charts of a project.
        random = np.random.default_rng([self.seed, round(1e6 * sum(self.first))])
        horizon = round(HORIZON * self.run_length)
        true = np.full(CHAINS, self.usual)
        scale = np.array(self.scale, np.float32)
        held = ratios = np.tile(PRIOR, (CHAINS, 1)).astype(np.float32)
        limits: list[float] = []
        for begins, ends in pairwise([-len(sure), *(part for part in PARTS if part < horizon), horizon]):
            most = np.zeros(len(true))
            for _ in range(begins, ends):
                given = _drawn(random, true, sure, self.labels).astype(np.float32)
                held, ratios = _step(held, ratios, given[:, None], self.labels)
                np.maximum(most, (held * ratios) @ scale, out=most)
            if begins < 0:
                ratios = np.ones_like(held)
                continue
            limits.append(float(np.quantile(most, exp((begins - ends) / self.run_length))))
            stays = most <= limits[-1]
            true, held, ratios = true[stays], held[stays], ratios[stays]
        return limits


def _step(weights: Floats, ratios: Floats, likely: Floats | float, labels: int) -> tuple[Floats, Floats]:
    """Weights and ratios after one more answer, shapes (…, rates)."""
    before = _chance(likely, RATES.astype(weights.dtype), labels)
    after = _chance(likely, DROPPED.astype(weights.dtype), labels)
    ratios = np.minimum(np.maximum(ratios, 1) * (after / before), MOST)
    weights = weights * before
    return weights / weights.sum(axis=-1, keepdims=True), ratios


def _information(sure: Floats, labels: int) -> Floats:
    """How much an answer after a drop tells of it on average, for each of `RATES`; above 0."""
    likely = np.stack([sure, (1 - sure) / (labels - 1)])[:, :, None]
    before, after = (_chance(likely, rates, labels) for rates in (RATES, DROPPED))
    says = after[0]
    told = np.log(after / before)
    return np.asarray((says * told[0] + (1 - says) * told[1]).mean(axis=0).clip(1e-6))


def _chance(likely: Floats | float, rates: Floats, labels: int) -> Floats:
    """How likely such an answer is from somebody who is right so often."""
    wrong = (1 - likely) / (labels - 1)
    return wrong + rates * (likely - wrong)


def _drawn(random: np.random.Generator, true: Floats, sure: Floats, labels: int) -> Floats:
    """An answer of each of some people who are right so often, on items of which something is believed so surely."""
    held = random.choice(sure, len(true))
    is_held, is_right = random.random(len(true)) < held, random.random(len(true)) < true
    says = np.where(is_right, is_held, ~is_held & (random.random(len(true)) < 1 / (labels - 1)))
    return np.where(says, held, (1 - held) / (labels - 1))

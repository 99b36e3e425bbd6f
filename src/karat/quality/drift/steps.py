"""Does somebody get worse, answer by answer? Sums of what each compared answer tells, for drops of several sizes at once."""

from math import exp, log

import msgspec
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating]

BASELINE = 150
"""Compared answers from which it is learned how good somebody usually is."""
WORSE = (4.0,)
"""Drops that are watched for: the odds of an error grow by so much. Each more makes every one be seen later."""
CHAINS = 1500
HORIZON = 0.5
"""By this part of the run length there have been as many false alarms as it says: a rate that was learned too high makes
them come early, one that was learned too low hardly ever, so that no limit keeps the rate at every moment."""
LEAST, MOST = 0.3, 0.995


class Steps(msgspec.Struct):
    """A chart of one annotator, fed with how likely each compared answer was right by what is believed of its item.

    From the first `baseline` answers it learns how often somebody is right; then it adds up, for each drop of `WORSE`, the log
    of how much likelier each answer is after it than before (Page, Biometrika 41 (1954); the quickest chart there is where
    both rates are known: Moustakides, Annals of Statistics 14 (1986)). Whenever all sums are at 0 nothing speaks for a drop,
    and the answers since the last such moment join the baseline (a self-starting chart: Hawkins, Journal of the Royal
    Statistical Society D 36 (1987)). It alarms where one of the sums is above a limit set by simulation, from beliefs as sure
    as those of the baseline and with rates as likely as they are after it, such that by half of the
    run length there are as many alarms as one in `run_length` answers makes. `add` says whether there is an alarm;
    after one the sums begin anew. It is a value of a few hundred bytes, to be kept and taken up again.
    """

    labels: int
    run_length: float = 2000.0
    baseline: int = BASELINE
    seed: int = 0
    n: int = 0
    """Answers so far."""
    first: list[float] = []
    """The baseline, until the limit is known."""
    usual: float = 0.0
    known: float = 0.0
    """How surely the usual rate is known: 1 over its variance."""
    limit: float = 0.0
    sums: list[float] = []
    since: tuple[float, float] = (0.0, 0.0)
    """What answers since the sums were last at 0 say of the usual rate: slope and curvature of its log likelihood."""

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
        return self.limit > 0

    @property
    def is_ready(self) -> bool:
        """Whether there are enough answers to learn from, and `begin` is due."""
        return not self.is_begun and len(self.first) >= self.baseline

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
        wrong = (1 - likely) / (self.labels - 1)
        before = self.usual * likely + (1 - self.usual) * wrong
        for place, worse in enumerate(WORSE):
            after = _dropped(self.usual, worse)
            told = log((after * likely + (1 - after) * wrong) / before)
            self.sums[place] = max(0.0, self.sums[place] + told)
        slope = (likely - wrong) / before
        self.since = (self.since[0] + slope, self.since[1] + slope * slope)
        if max(self.sums) <= self.limit:
            if not any(self.sums):
                self._learn()
            return False
        self.sums, self.since = [0.0] * len(WORSE), (0.0, 0.0)
        return True

    def begin(self) -> None:
        """Learn what is usual from the baseline, and set the limit."""
        likely = np.array(self.first)
        wrong = (1 - likely) / (self.labels - 1)
        rates = np.linspace(0.3, 0.995, 140)[:, None]
        known = np.log(rates * likely + (1 - rates) * wrong).sum(axis=1)
        weights = np.exp(known - known.max())
        weights /= weights.sum()
        self.usual = float(weights @ rates[:, 0])
        self.known = 1 / float(weights @ (rates[:, 0] - self.usual) ** 2)
        self.sums = [0.0] * len(WORSE)
        self.limit = self._simulated(likely, rates[:, 0], weights)
        self.first = []

    def _learn(self) -> None:
        slope, curve = self.since
        self.known += curve
        self.usual = min(max(self.usual + slope / self.known, LEAST), MOST)
        self.since = (0.0, 0.0)

    def _simulated(self, likely: Floats, rates: Floats, weights: Floats) -> float:
        """The limit that runs of so many answers stay below with the chance that goes with the run length."""
        random = np.random.default_rng(self.seed)
        steps, others = round(HORIZON * self.run_length), self.labels - 1
        true = random.choice(rates, CHAINS, p=weights)
        sure = np.where(likely >= 0.5, likely, 1 - likely * others).clip(0.5, 1)
        worse = np.array(WORSE)[:, None]
        sums, most = np.zeros((len(WORSE), CHAINS)), np.zeros(CHAINS)
        usual, known = np.full(CHAINS, self.usual), np.full(CHAINS, self.known)
        slopes, curves = np.zeros(CHAINS), np.zeros(CHAINS)
        for _ in range(steps):
            held = random.choice(sure, CHAINS)
            is_held, is_right = random.random(CHAINS) < held, random.random(CHAINS) < true
            says = np.where(is_right, is_held, ~is_held & (random.random(CHAINS) < 1 / others))
            given = np.where(says, held, (1 - held) / others)
            wrong = (1 - given) / others
            before = usual * given + (1 - usual) * wrong
            after = usual / (usual + (1 - usual) * worse)
            sums = np.maximum(0.0, sums + np.log((after * given + (1 - after) * wrong) / before))
            np.maximum(most, sums.max(axis=0), out=most)
            slope = (given - wrong) / before
            slopes, curves = slopes + slope, curves + slope * slope
            calm = sums.max(axis=0) == 0
            known += np.where(calm, curves, 0.0)
            usual = np.where(calm, np.clip(usual + slopes / known, LEAST, MOST), usual)
            slopes, curves = np.where(calm, 0.0, slopes), np.where(calm, 0.0, curves)
        return float(np.quantile(most, exp(-HORIZON)))


def _dropped(usual: float, worse: float) -> float:
    """How often somebody is right once the odds of an error have grown."""
    odds = (1 - usual) / usual * worse
    return 1 / (1 + odds)

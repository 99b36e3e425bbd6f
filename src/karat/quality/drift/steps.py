"""Does somebody get worse, answer by answer? Sums of what each compared answer tells, for drops of several sizes at once."""

from dataclasses import dataclass, field
from math import exp, log

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating]

BASELINE = 150
"""Compared answers from which it is learned how good somebody usually is."""
WORSE = (2.0, 5.0)
"""Drops that are watched for: the odds of an error grow by so much."""
CHAINS = 400
PRIOR = 8.0, 2.0


@dataclass(slots=True)
class Steps:
    """A chart of one annotator, fed with how likely each compared answer was right by what is believed of its item.

    From the first `baseline` answers it learns how often somebody is right; then it adds up, for each drop of `WORSE`, the log
    of how much likelier each answer is after it than before (Page, Biometrika 41 (1954); the quickest chart there is where
    both rates are known: Moustakides, Annals of Statistics 14 (1986)). It alarms where one of the sums is above a limit that
    is set by simulation, from beliefs as sure as those of the baseline, so that while nothing changes there is one alarm in
    `run_length` answers; that the usual rate is itself only estimated is part of the simulation. `add` says whether there is an
    alarm; after one the sums begin anew.
    """

    labels: int
    run_length: float = 2000.0
    baseline: int = BASELINE
    seed: int = 0
    _first: list[float] = field(default_factory=list)
    _usual: float = 0.0
    _limit: float = 0.0
    _sums: list[float] = field(default_factory=list)

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
        return len(self._first) >= self.baseline

    def add(self, likely: float) -> bool:
        """The next compared answer, right with this chance; whether there is an alarm. In [0, 1]."""
        if not 0 <= likely <= 1:
            raise ValueError(f"likely={likely}: a probability between 0 and 1 is needed")
        if not self.is_begun:
            self._first.append(likely)
            if self.is_begun:
                self._begin()
            return False
        wrong = (1 - likely) / (self.labels - 1)
        before = self._usual * likely + (1 - self._usual) * wrong
        for place, worse in enumerate(WORSE):
            after = _dropped(self._usual, worse)
            told = log((after * likely + (1 - after) * wrong) / before)
            self._sums[place] = max(0.0, self._sums[place] + told)
        if max(self._sums) <= self._limit:
            return False
        self._sums = [0.0] * len(WORSE)
        return True

    def _begin(self) -> None:
        likely = np.array(self._first)
        wrong = (1 - likely) / (self.labels - 1)
        rates = np.linspace(0.3, 0.995, 140)[:, None]
        known = np.log(rates * likely + (1 - rates) * wrong).sum(axis=1)
        known += (PRIOR[0] - 1) * np.log(rates[:, 0]) + (PRIOR[1] - 1) * np.log(1 - rates[:, 0])
        weights = np.exp(known - known.max())
        weights /= weights.sum()
        self._usual = float(weights @ rates[:, 0])
        self._sums = [0.0] * len(WORSE)
        self._limit = self._simulated(likely, rates[:, 0], weights)

    def _simulated(self, likely: Floats, rates: Floats, weights: Floats) -> float:
        """The limit that so long a run stays below with the chance that goes with the run length."""
        random = np.random.default_rng(self.seed)
        steps = round(self.run_length)
        true = random.choice(rates, CHAINS, p=weights)
        sure = np.where(likely >= 0.5, likely, 1 - likely * (self.labels - 1)).clip(0.5, 1)
        sums, most = np.zeros((len(WORSE), CHAINS)), np.zeros(CHAINS)
        after = np.array([_dropped(self._usual, worse) for worse in WORSE])[:, None]
        for _ in range(steps):
            held = random.choice(sure, CHAINS)
            is_held, is_right = random.random(CHAINS) < held, random.random(CHAINS) < true
            by_chance = random.random(CHAINS) < 1 / (self.labels - 1)
            says = np.where(is_right, is_held, ~is_held & by_chance)
            given = np.where(says, held, (1 - held) / (self.labels - 1))
            wrong = (1 - given) / (self.labels - 1)
            told = np.log((after * given + (1 - after) * wrong) / (self._usual * given + (1 - self._usual) * wrong))
            sums = np.maximum(0.0, sums + told)
            most = np.maximum(most, sums.max(axis=0))
        return float(np.quantile(most, exp(-steps / self.run_length)))


def _dropped(usual: float, worse: float) -> float:
    """How often somebody is right once the odds of an error have grown."""
    odds = (1 - usual) / usual * worse
    return 1 / (1 + odds)

"""How late is a drift seen? Mean delay of the flow's charts against the CUSUM that knows before and after exactly.

The evidence is what the flow has of each compared answer: how likely it was right, by what is believed of the item. A CUSUM of
log likelihood ratios is the quickest of all charts with its in-control run length where both rates are known (Moustakides,
Annals of Statistics 14 (1986)). The flow does not know them: it learns the rate before from a baseline and watches for one
drop, whatever the true one is.
"""

from collections.abc import Mapping

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy.stats import chi2

from karat.quality.drift.steps import BASELINE, Steps

Floats = NDArray[np.float64]
EVIDENCE: Mapping[str, tuple[float, float, float]] = {
    "mixed": (0.3, 0.8, 1.0),
    "gold": (1.0, 1.0, 1.0),
    "review": (0.0, 0.97, 0.97),
    "posterior": (0.0, 0.6, 1.0),
}
"""The share of gold among the compared items, and between which two the sureness of the others lies, evenly."""
CHANGES = (200, 600)
"""Answers after which somebody gets worse."""
FOLLOWED = 1000
DROPPED = 600
PEOPLE, ANSWERS = 30, 100


def beliefs(random: np.random.Generator, n: int, right: float, labels: int, evidence: str = "mixed") -> Floats:
    """Of so many compared answers: how likely each was right, by beliefs that hold."""
    gold, low, high = EVIDENCE[evidence]
    sure = np.where(random.random(n) < gold, 1.0, random.uniform(low, high, n))
    held = random.random(n) < sure
    is_right = random.random(n) < right
    says = np.where(is_right, held, ~held & (random.random(n) < 1 / (labels - 1)))
    return np.where(says, sure, (1 - sure) / (labels - 1))


def ratios(likely: Floats, before: float, after: float, labels: int) -> Floats:
    """What each answer tells for the rate after against the one before."""
    wrong = (1 - likely) / (labels - 1)
    of = [rate * likely + (1 - rate) * wrong for rate in (after, before)]
    return np.log(of[0] / of[1])


def optimal(told: Floats, run_length: float) -> float:
    """The limit of the CUSUM that knows both rates, for this run length, by simulation."""
    low, high = 0.5, 15.0
    for _ in range(18):
        middle = (low + high) / 2
        low, high = (middle, high) if len(told) / max(alarms(told, middle), 1) < run_length else (low, middle)
    return (low + high) / 2


def alarms(told: Floats, limit: float) -> int:
    """How many there are; the sum begins anew after each."""
    level, found = 0.0, 0
    for one in told.tolist():
        level = max(0.0, level + one)
        if level > limit:
            level, found = 0.0, found + 1
    return found


def crossed(told: Floats, limit: float) -> int:
    """The answer at which there is the first alarm, from 0; how many there are if there is none."""
    total = np.cumsum(told)
    level = total - np.minimum.accumulate(np.minimum(total, 0.0))
    above = level > limit
    return int(above.argmax()) if above.any() else len(told)


def alarmed(chart: Steps, likely: Floats) -> int:
    """As `crossed`, of a copy of a chart that has begun."""
    own = msgspec.structs.replace(chart)
    return next((n for n, one in enumerate(likely.tolist()) if own.feed(one)), len(likely))


def delays(
    seed: int,
    *,
    labels: int,
    evidence: str = "mixed",
    before: float = 0.9,
    after: float = 0.65,
    run_length: float = 2000.0,
    runs: int = 300,
) -> dict[str, object]:
    """Mean delay, in compared answers, after each of `CHANGES`; who alarmed before it is left out, of both alike.

    Each of `runs` people is also followed without a change to answer 1,000: the answers beyond the baseline until the first
    alarm, over the alarms, are the run length as it was, with an exact interval of a Poisson count.
    """
    random = np.random.default_rng([seed, labels, list(EVIDENCE).index(evidence)])
    told = ratios(beliefs(random, 400_000, before, labels, evidence), before, after, labels)
    limit = optimal(told, run_length)
    ours: dict[int, list[float]] = {change: [] for change in CHANGES}
    best: dict[int, list[float]] = {change: [] for change in CHANGES}
    false, early, answers = 0, 0, 0
    for _ in range(runs):
        first = beliefs(random, BASELINE, before, labels, evidence)
        chart = Steps(labels=labels, run_length=run_length)
        for one in first.tolist():
            chart.add(one)
        stays = beliefs(random, FOLLOWED - BASELINE, before, labels, evidence)
        at = alarmed(chart, stays)
        false, answers = false + (at < len(stays)), answers + min(at + 1, len(stays))
        early += at < ANSWERS
        for change in CHANGES:
            usual = beliefs(random, change - BASELINE, before, labels, evidence)
            likely = np.concatenate([usual, beliefs(random, DROPPED, after, labels, evidence)])
            at = alarmed(chart, likely)
            found = crossed(ratios(np.concatenate([first, likely]), before, after, labels), limit)
            late = at - (change - BASELINE) + 1
            ours[change].append(late if late > 0 else np.nan)
            best[change].append(found - change + 1 if found >= change else np.nan)
    measured = answers / max(false, 1)
    fewest, most = chi2.ppf(0.025, 2 * false) / 2, chi2.ppf(0.975, 2 * false + 2) / 2
    told_of = {change: _against(random, ours[change], best[change]) for change in CHANGES}
    return {
        "labels": labels,
        "evidence": evidence,
        "seed": seed,
        "runs": runs,
        "before": before,
        "after": after,
        "stated_run_length": run_length,
        "measured_run_length": round(measured),
        "measured_low": round(answers / most),
        "measured_high": round(answers / fewest) if fewest > 0 else None,
        "after_answer": told_of,
        "stated_false_alarms_of_30_charts_over_100_answers_each": round(PEOPLE * ANSWERS / run_length, 2),
        "measured_false_alarms_of_30_charts_over_100_answers_each": round(PEOPLE * early / runs, 2),
        "met": bool(
            all(one["ratio"] <= 1.2 for one in told_of.values())
            and answers / most <= run_length <= answers / max(fewest, 1e-9)
        ),
    }


def _against(random: np.random.Generator, ours: list[float], best: list[float]) -> dict[str, float]:
    """Both mean delays and their ratio, with the 95 % interval of a bootstrap over people; nan where there was an alarm before
    the change."""
    both = np.array([ours, best])
    mine, other = np.nanmean(both, axis=1)
    drawn = [np.nanmean(both[:, random.integers(0, len(ours), len(ours))], axis=1) for _ in range(1000)]
    low, high = np.quantile([one[0] / one[1] for one in drawn], [0.025, 0.975])
    return {
        "mean_delay": round(float(mine), 1),
        "optimal_mean_delay": round(float(other), 1),
        "ratio": round(float(mine / other), 3),
        "ratio_low": round(float(low), 3),
        "ratio_high": round(float(high), 3),
    }

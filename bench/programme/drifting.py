"""How late is a drift seen? Mean delay of the flow's charts against the CUSUM that knows before and after exactly.

The evidence is what the flow has of each compared answer: how likely it was right, by what is believed of the item. A CUSUM of
log likelihood ratios is the quickest of all charts with its in-control run length where both rates are known (Moustakides,
Annals of Statistics 14 (1986)). The flow does not know them: it learns the rate before from a baseline and watches for several
sizes at once.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.stats import chi2

from karat.quality.drift.steps import Steps

Floats = NDArray[np.float64]


def beliefs(random: np.random.Generator, n: int, right: float, labels: int) -> Floats:
    """Of so many compared answers: how likely each was right, by beliefs that hold, with gold among them."""
    sure = np.where(random.random(n) < 0.3, 1.0, random.uniform(0.8, 1.0, n))
    held = random.random(n) < sure
    is_right = random.random(n) < right
    says = np.where(is_right, held, ~held & (random.random(n) < 1 / (labels - 1)))
    return np.where(says, sure, (1 - sure) / (labels - 1))


def optimal(random: np.random.Generator, *, before: float, after: float, labels: int, run_length: float) -> float:
    """The limit of the CUSUM that knows both rates, for this run length, by simulation."""
    told = ratios(beliefs(random, 400_000, before, labels), before, after, labels)
    low, high = 0.5, 15.0
    for _ in range(18):
        middle = (low + high) / 2
        low, high = (middle, high) if alarms_every(told, middle) < run_length else (low, middle)
    return (low + high) / 2


def ratios(likely: Floats, before: float, after: float, labels: int) -> Floats:
    """What each answer tells for the rate after against the one before."""
    wrong = (1 - likely) / (labels - 1)
    of = [rate * likely + (1 - rate) * wrong for rate in (after, before)]
    return np.log(of[0] / of[1])


def alarms_every(told: Floats, limit: float) -> float:
    """Mean number of answers between alarms."""
    level, alarms = 0.0, 0
    for one in told.tolist():
        level = max(0.0, level + one)
        if level > limit:
            level, alarms = 0.0, alarms + 1
    return len(told) / max(alarms, 1)


def delays(
    seed: int,
    *,
    labels: int,
    before: float = 0.9,
    after: float = 0.65,
    run_length: float = 2000.0,
    runs: int = 150,
    controls: int = 300,
) -> dict[str, object]:
    """Mean delay, in compared answers, after a change at answer 200; who alarmed before it is left out, of both alike.

    `controls` people who never change are followed for 1,000 answers each: the answers beyond the baseline over the alarms
    until the first alarm, over the alarms, are the run length as it was, with an exact interval of a Poisson count.
    """
    random = np.random.default_rng([seed, labels])
    limit = optimal(random, before=before, after=after, labels=labels, run_length=run_length)
    ours: list[int] = []
    best: list[int] = []
    for _ in range(runs):
        likely = np.concatenate([beliefs(random, 200, before, labels), beliefs(random, 600, after, labels)])
        chart = Steps(labels=labels, run_length=run_length)
        at = next((n for n, one in enumerate(likely.tolist()) if chart.add(one)), len(likely))
        level, found = 0.0, len(likely)
        for n, one in enumerate(ratios(likely, before, after, labels).tolist()):
            level = max(0.0, level + one)
            if level > limit:
                found = n
                break
        if at >= 200:
            ours.append(at - 199)
        if found >= 200:
            best.append(found - 199)
    alarms, answers = 0, 0
    for _ in range(controls):
        chart = Steps(labels=labels, run_length=run_length)
        for one in beliefs(random, 1000, before, labels).tolist():
            answers += chart.is_begun
            if chart.add(one):
                alarms += 1
                break
    measured = answers / max(alarms, 1)
    fewest, most = chi2.ppf(0.025, 2 * alarms) / 2, chi2.ppf(0.975, 2 * alarms + 2) / 2
    ratio = float(np.mean(ours) / np.mean(best))
    return {
        "labels": labels,
        "seed": seed,
        "before": before,
        "after": after,
        "stated_run_length": run_length,
        "measured_run_length": round(measured),
        "measured_low": round(answers / most),
        "measured_high": round(answers / fewest) if fewest > 0 else None,
        "mean_delay": round(float(np.mean(ours)), 1),
        "optimal_mean_delay": round(float(np.mean(best)), 1),
        "ratio": round(ratio, 3),
        "stated_false_alarms_of_30_charts_over_100_answers_each": round(3000 / run_length, 2),
        "measured_false_alarms_of_30_charts_over_100_answers_each": round(3000 / measured, 2),
        "chance_of_one_or_more_in_such_a_project": round(1 - float(np.exp(-3000 / measured)), 3),
        "met": bool(ratio <= 1.2 and answers / most <= run_length <= max(measured, answers / max(fewest, 1e-9))),
    }

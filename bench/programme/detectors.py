"""What the detectors of people find, and how often they err: each on made-up people of whom it is known who does it.

Speeding, fatigue, carrying over and trust are asked once, with 95 % intervals; guessing is read after every answer, which
its bound allows. Whether two share their answers is asked of whole projects, in `sharing`.
"""

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np

from karat.quality.annotators.guessing import Guessing
from karat.quality.annotators.paces import pace_of
from karat.quality.annotators.repeats import FAR, carried_over
from karat.quality.drift.sittings import Sitting, tiring
from karat.quality.sums import Sums

Random = np.random.Generator
LABELS = 5
TRUST_AT_MOST = 0.5


def speeding(random: Random, *, bad: bool, n: int = 60) -> bool:
    """Takes a third of the usual time, or 0.7 of it; times spread by a half on the logarithm."""
    logs = np.log(0.33 if bad else 0.7) + random.normal(0, 0.5, n)
    found = pace_of(n, float(logs.sum()), float((logs**2).sum()))
    return found.high is not None and found.high < 0.5


def tired(random: Random, *, bad: bool, least: int = 60, most: int = 60) -> bool:
    """Loses twelve points an hour in 24 sittings of two hours, or nothing; some days are better than others."""
    sat = []
    for _ in range(24):
        answers = int(random.integers(least, most + 1))
        hours = np.sort(random.uniform(0, answers / 30, answers))
        right = random.random(answers) < np.clip(0.88 + random.normal(0, 0.05) - 0.12 * hours * bad, 0, 1)
        sat.append(Sitting(answers, hours.sum(), (hours**2).sum(), float(right.sum()), float((hours * right).sum())))
    found = tiring(sat)
    return found.high is not None and found.high < 0


def carrying(random: Random, *, bad: bool, n: int = 600) -> bool:
    """Gives the last answer once more on a tenth of the items, or errs by a confusion of their own; labels are uneven."""
    shares = random.dirichlet(np.full(LABELS, 3.0))
    truth = random.choice(LABELS, n, p=shares)
    wrong = random.choice(LABELS, LABELS, p=shares)
    given = np.where(random.random(n) < 0.85, truth, wrong[truth])
    if bad:
        for place in np.flatnonzero(random.random(n) < 0.1):
            given[place] = given[place - 1] if place else given[place]
    before = far = errors = 0
    for place in np.flatnonzero(given != truth):
        if place > max(FAR):
            errors += 1
            before += given[place] == given[place - 1]
            far += sum(given[place] == given[place - 1 - back] for back in FAR)
    low = carried_over(int(before), int(far), n=errors).low
    return low is not None and low > 1


def trusting(random: Random, *, bad: bool, n: int = 40) -> bool:
    """Hands in four of five wrong suggestions as they are, or one of four; a rule says half is too much."""
    taken = int((random.random(n) < (0.8 if bad else 0.25)).sum())
    low = Sums(n, float(taken), float(n), float(n)).share().low
    return low is not None and low > TRUST_AT_MOST


def guessing(random: Random, *, bad: bool, n: int = 200) -> bool:
    """Gives labels in shares of their own, or is right on seven of ten; 200 items, of each of which something is believed."""
    test, habit = Guessing(LABELS), random.dirichlet(np.full(LABELS, 3.0))
    for _ in range(n):
        truth, sure = int(random.integers(LABELS)), float(random.uniform(0.8, 1))
        looks = random.random() < 0.7
        answer = int(random.choice(LABELS, p=habit)) if bad else truth if looks else int(random.integers(LABELS))
        held = truth if random.random() < sure else int((truth + random.integers(1, LABELS)) % LABELS)
        belief = np.full(LABELS, (1 - sure) / (LABELS - 1))
        belief[held] = sure
        test.add(answer, belief)
        if test.guesses:
            return True
    return False


DETECTORS: dict[str, tuple[Callable[..., bool], str]] = {
    "speeding": (speeding, "60 answers; a third of the usual time against 0.7 of it"),
    "fatigue": (tired, "24 sittings of 60 answers; 12 points an hour against none"),
    "fatigue, uneven": (partial(tired, least=10, most=150), "24 sittings of 10 to 150 answers, 30 an hour"),
    "carrying over": (carrying, "600 answers; a tenth is the answer before, against confusions of one's own"),
    "trust": (trusting, "40 wrong suggestions; four of five taken against one of four"),
    "guessing": (guessing, "200 compared answers; a habit against 7 of 10 right, 5 labels"),
}


def detectors(seed: int, *, runs: int = 2000) -> Iterator[dict[str, object]]:
    """Of each detector: how often it finds who does it, and how often it names who does not, with exact intervals."""
    from karat.quality.estimate import exact_interval

    for name, (detect, on) in DETECTORS.items():
        found = {}
        for bad in (True, False):
            random = np.random.default_rng([seed, len(name), bad])
            times = sum(bool(detect(random, bad=bad)) for _ in range(runs))
            low, high = exact_interval(times, runs)
            found[bad] = (times / runs, round(float(low), 4), round(float(high), 4))
        yield {
            "detector": name,
            "on": on,
            "runs": runs,
            "found": found[True][0],
            "found_interval": found[True][1:],
            "false": found[False][0],
            "false_interval": found[False][1:],
            "met": bool(found[False][1] <= 0.025),
        }

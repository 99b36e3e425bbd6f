"""What one person is paid for one period: each part by itself, in whole units of money, from what the line itself keeps."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

import msgspec

from karat.model.money import rounded
from karat.model.pay import USUAL, Formula, QualityPay, percent_at
from karat.policies.pay.tally import UNKNOWN, Own
from karat.quality.annotators.bins import median_bin
from karat.quality.annotators.effort import relative_time
from karat.quality.sums import Sums

JUDGED = 20
"""JudgedWork items below which quality moves nothing, and nothing is said of it."""
HOUR_MS = 3_600_000
PPM = 1_000_000
PLACES = 4
"""Decimals to which the ends of an interval are held against a step: the same on every machine."""


class JudgedWork(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is known of somebody's quality, in whole numbers."""

    verdicts: tuple[tuple[int, int, int], ...] = ()
    """(1 accepted or 0 not, 1 / the probability of the draw in millionths, how many)."""
    gold: tuple[int, int] | None = None
    """The gold score that was told last: of how many answers, and the mean in millionths."""
    shared: tuple[int, int] = (0, 0)
    """Drawn items that others answered too, and the sum of the agreement on them in millionths."""


class Inputs(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What a line is made from. Times in milliseconds."""

    label_ms: int = 0
    raw_ms: int = 0
    course_ms: int = 0
    review_ms: int = 0
    answers: tuple[int, ...] = (0,)
    """By step of difficulty, the usual first. A number below 0 takes back what an earlier period paid."""
    judged: JudgedWork = JudgedWork()
    flags: int = 0
    corrections: int = 0
    """What was decided since, in units of money."""


class Part(msgspec.Struct, frozen=True):
    """A part of a line: of what, and how much. `percent` is what quality said, of the two parts that are about it."""

    of: str
    amount: int
    percent: int | None = None


class Quality(msgspec.Struct, frozen=True):
    """How good somebody's work surely is: the 95 % interval of the share, and what it does to pay."""

    n: int
    low: float | None
    high: float | None
    percent: int


def inputs_of(own: Own, formula: Formula, times: Mapping[int, int], **more: object) -> Inputs:
    """A person's counts as a line keeps them; `times` says what is usual. `more`: what is not from their own answers."""
    usual = median_bin(times)
    answers = [0] * (len(formula.difficulty) + 1)
    for place, n in own.bins.items():
        ratio = relative_time(place, usual)
        answers[sum(1 for step in formula.difficulty if ratio >= step.at_least and place != UNKNOWN)] += n
    if sum(answers) < JUDGED:
        # Of few answers, how hard they were would tell how long others took over them.
        answers = [sum(answers), *[0] * len(formula.difficulty)]
    given = {"label_ms": own.label_ms, "raw_ms": own.raw_ms, "course_ms": own.course_ms, "answers": tuple(answers)}
    return msgspec.convert({**given, **more}, Inputs)


def parts_of(given: Inputs, formula: Formula) -> tuple[Part, ...]:
    """The parts of a line, none of which is 0. Each is rounded by itself, half to even, so a line is exactly their sum.

    >>> parts_of(Inputs(label_ms=1_800_000, flags=2), Formula(per_hour=1501, flag=50))
    (Part(of='time', amount=750, percent=None), Part(of='flags', amount=100, percent=None))
    """
    hour = Fraction(formula.per_hour, HOUR_MS)
    percents = [USUAL, *(step.percent for step in formula.difficulty)]
    worth = sum(n * percent for n, percent in zip(given.answers, percents, strict=True))
    time, answers = rounded(hour * given.label_ms), rounded(Fraction(formula.per_100 * worth, 100 * USUAL))
    parts = [
        Part("time", time),
        Part("course", rounded(hour * given.course_ms)),
        Part("review", rounded(hour * given.review_ms)),
        Part("answers", answers),
    ]
    for name, quality in (("accuracy", accuracy(given, formula)), ("consistency", consistency(given, formula))):
        more = rounded(Fraction((time + answers) * (quality.percent - USUAL), USUAL))
        parts.append(Part(name, more, quality.percent))
    parts.append(Part("flags", formula.flag * min(given.flags, formula.flags_most)))
    parts.append(Part("corrections", given.corrections))
    return tuple(part for part in parts if part.amount)


def accuracy(given: Inputs, formula: Formula) -> Quality:
    """How near the truth answers are: by verdicts, each weighted by 1 / the probability of its draw, and told gold scores.

    Both are pooled for as many answers as they are worth (Kish, Survey Sampling, 1965).
    """
    review = Sums()
    for accepted, weight, n in given.judged.verdicts:
        w = weight / PPM
        review += Sums(n, w * accepted * n, w * n, w * w * n)
    pooled = Sums()
    if review.n:
        worth = review.effective
        pooled = Sums(review.n, review.x / review.w * worth, worth, worth)
    if given.judged.gold is not None:
        n, score = given.judged.gold
        pooled += Sums(n, n * score / PPM, float(n), float(n))
    return _quality(pooled, formula.accuracy)


def consistency(given: Inputs, formula: Formula) -> Quality:
    """How far answers agree with those of the others on the same items: 1 - the mean distance of the fields' kinds."""
    n, total = given.judged.shared
    return _quality(Sums(n, total / PPM, float(n), float(n)), formula.consistency)


def _quality(sums: Sums, pay: QualityPay | None) -> Quality:
    """Nobody is paid less than 100 % unless their whole interval says so, nor more; below `JUDGED` judgements nothing is said.

    The interval is that of the Beta posterior with Jeffreys's prior (Brown, Cai and DasGupta, Statistical Science 16,
    2001): few judgements make it wide, so that they alone never lower what somebody gets.
    """
    if pay is None or sums.n < JUDGED:
        return Quality(sums.n, None, None, USUAL)
    share = sums.share()
    if share.low is None or share.high is None:
        return Quality(sums.n, None, None, USUAL)
    low, high = round(share.low, PLACES), round(share.high, PLACES)
    least, most = percent_at(pay.steps, low), percent_at(pay.steps, high)
    return Quality(sums.n, low, high, least if least > USUAL else min(most, USUAL))


def total_of(parts: Sequence[Part]) -> int:
    """What a line comes to."""
    return sum(part.amount for part in parts)

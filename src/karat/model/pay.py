"""A project's pay formula: data that everybody can read, in words, before they work."""

from collections.abc import Sequence
from functools import partial

import msgspec

from karat.model import money
from karat.model.durations import is_duration, seconds
from karat.model.parsing import convert_problem
from karat.model.problem import Problem, shown

USUAL = 100
"""Per cent: neither more nor less."""
LEAST_SPREAD = 10
"""Per cent by which quality must move the pay of answers, at least."""
MOST_STEPS = 10
USUAL_DAYS = 90


class PayStep(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"at_least": "from"}):
    """From this value on so many per cent are paid; below the first step it is 100."""

    at_least: float
    percent: int


class QualityPay(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """What quality does to pay. Of accuracy judgements of the last `days` before a period's end count."""

    steps: tuple[PayStep, ...]
    days: int = USUAL_DAYS


class Formula(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True, kw_only=True):
    """What is paid for work. Amounts are whole numbers of the currency's smallest unit, e.g. cents.

    The time of one answer, or of one reviewed item, counts up to `longest`.
    """

    karat_pay: int = 1
    currency: str = "EUR"
    per_hour: int = 0
    """For an hour of active time, of labeling, the course and reviews alike."""
    longest: str = "10m"
    per_100: int = 0
    """For a hundred answers of usual difficulty; an answer counts once, however often it is changed."""
    difficulty: tuple[PayStep, ...] = ()
    """Per cent of an answer's pay where the item takes this many times the usual time."""
    accuracy: QualityPay | None = None
    """By verdicts of reviewers and told gold scores."""
    consistency: QualityPay | None = None
    """By agreement with the others on the same items of the period."""
    flag: int = 0
    """For a question that led to a ruling, and an appeal that was right."""
    flags_most: int = 50
    """So many of them are paid in one period."""

    @property
    def longest_ms(self) -> int:
        """The most time of one answer that counts, in milliseconds."""
        return seconds(self.longest) * 1000


def read_formula(given: object) -> tuple[Formula | None, list[Problem]]:
    """The formula that plain values describe, or what is wrong with them."""
    try:
        formula = msgspec.convert(given, Formula)
    except msgspec.ValidationError as error:
        convert = partial(msgspec.convert, type=Formula)
        return None, [convert_problem(error, given, convert, do="See pay in the guide.", type_=Formula)]
    problems = [*_checked(formula), *_checked_steps(formula)] or _volume_only(formula)
    return (None, problems) if problems else (formula, [])


def percent_at(steps: Sequence[PayStep], value: float) -> int:
    """The per cent of the last step that a value reaches.

    >>> percent_at((PayStep(0.9, 110), PayStep(0.97, 120)), 0.95)
    110
    """
    return next((step.percent for step in reversed(steps) if value >= step.at_least), USUAL)


def _checked(formula: Formula) -> list[Problem]:
    found: list[Problem] = []
    if formula.karat_pay != 1:
        found.append(Problem("karat_pay", shown(formula.karat_pay), "1", "Start the formula with `karat_pay: 1`."))
    if not money.CURRENCY.fullmatch(formula.currency):
        do = "Write the currency's code of ISO 4217, e.g. EUR."
        found.append(Problem("currency", shown(formula.currency), "three capital letters", do))
    for name in ("per_hour", "per_100", "flag"):
        amount = getattr(formula, name)
        if not 0 <= amount <= 10**9:
            do = "Write a whole number of the currency's smallest unit."
            found.append(Problem(name, shown(amount), "0 to 1000000000", do))
    if not 0 <= formula.flags_most <= 10_000:
        found.append(Problem("flags_most", shown(formula.flags_most), "0 to 10000", "Say how many are paid at most."))
    if not is_duration(formula.longest, least=10, most=86_400):
        do = "Write how long one answer may take at most, e.g. 10m."
        found.append(Problem("longest", shown(formula.longest), "a duration from 10s to 1d", do))
    if formula.per_hour == 0 and formula.per_100 == 0:
        found.append(Problem("per_hour", "0", "an amount here or for answers", "Say what work is paid by."))
    return found


def _checked_steps(formula: Formula) -> list[Problem]:
    found = _ordered("difficulty", formula.difficulty, (0.1, 100.0), least=USUAL)
    if formula.difficulty and not formula.per_100:
        do = "Pay for answers too, or leave it out: hard items are paid by the time they take."
        found.append(Problem("difficulty", "steps without pay for answers", "no steps", do))
    for name, quality in (("accuracy", formula.accuracy), ("consistency", formula.consistency)):
        if quality is None:
            continue
        if not quality.steps:
            found.append(Problem(f"{name}.steps", "none", "one or more", "Add a step, or leave it out."))
        found += _ordered(f"{name}.steps", quality.steps, (0.0, 1.0), least=0)
        percents = {step.percent for step in quality.steps} | ({USUAL} if _starts_above(quality.steps) else set())
        if quality.steps and USUAL not in percents:
            do = "Let one of the steps be 100: what is paid where nothing is sure."
            found.append(Problem(f"{name}.steps", "no step of 100", "one of 100", do))
        if name == "consistency" and quality.days != USUAL_DAYS:
            do = "Leave it out: agreement is measured on what was answered in the period itself."
            found.append(Problem("consistency.days", shown(quality.days), "nothing", do))
        elif not 1 <= quality.days <= 3650:
            do = "Say how far back judgements count."
            found.append(Problem(f"{name}.days", shown(quality.days), "1 to 3650", do))
    return found


def _starts_above(steps: Sequence[PayStep]) -> bool:
    return bool(steps) and steps[0].at_least > 0


def _ordered(path: str, steps: Sequence[PayStep], within: tuple[float, float], *, least: int) -> list[Problem]:
    if len(steps) > MOST_STEPS:
        return [Problem(path, f"{len(steps)} steps", f"at most {MOST_STEPS}", "Leave some out.")]
    found: list[Problem] = []
    low, high = within
    before = PayStep(low - 1, USUAL if least == USUAL or _starts_above(steps) else 0)
    for index, step in enumerate(steps):
        at = f"{path}[{index}]"
        if not low <= step.at_least <= high:
            found.append(Problem(f"{at}.from", shown(step.at_least), f"{low:g} to {high:g}", "Mend the bound."))
        elif step.at_least <= before.at_least:
            do = "Write the steps from the lowest to the highest, each once."
            found.append(Problem(f"{at}.from", shown(step.at_least), f"more than {before.at_least:g}", do))
        if not 0 <= step.percent <= 500:
            found.append(Problem(f"{at}.percent", shown(step.percent), "0 to 500", "Mend the per cent."))
        elif step.percent < before.percent:
            do = "Better or harder work is never paid less."
            found.append(Problem(f"{at}.percent", shown(step.percent), f"{before.percent} or more", do))
        before = step
    return found


def _volume_only(formula: Formula) -> list[Problem]:
    """Whoever pays for answers must pay for how good they are, or the fastest are paid best."""
    if not formula.per_100:
        return []
    spread = max(
        (
            max(percents) - min(percents)
            for quality in (formula.accuracy, formula.consistency)
            if quality is not None
            and (percents := [s.percent for s in quality.steps] + [USUAL] * _starts_above(quality.steps))
        ),
        default=0,
    )
    if spread >= LEAST_SPREAD:
        return []
    got = "pay for answers by their number alone" if spread == 0 else f"quality that moves pay by {spread} %"
    do = "Add steps of accuracy or consistency, or pay by the hour alone."
    return [Problem("per_100", got, f"accuracy or consistency that moves pay by {LEAST_SPREAD} % or more", do)]

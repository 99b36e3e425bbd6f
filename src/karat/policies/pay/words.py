"""A pay formula in words: what people read before they work, and what it made of their numbers afterwards."""

from collections.abc import Iterator, Sequence

import msgspec

from karat.model.money import shown
from karat.model.pay import USUAL, Formula, PayStep
from karat.policies.pay.line import HOUR_MS, JUDGED, Inputs, Part
from karat.policies.pay.tally import SAMPLE


def said(formula: Formula) -> list[str]:
    """The formula as sentences, in the order in which a line has its parts."""
    found = []
    longest = _duration(formula.longest)
    if formula.per_hour:
        found.append(
            f"{shown(formula.per_hour, formula.currency)} for each hour of active time: labeling, practice and tests, and"
            f" reviews. The time of one item counts up to {longest}."
        )
    if formula.per_100:
        text = f"{shown(formula.per_100, formula.currency)} for 100 answers. An answer counts once, however often it is changed."
        found.append(text + _hard(formula.difficulty))
    if formula.accuracy is not None:
        found.append(
            f"Accuracy of the last {formula.accuracy.days} days: {_steps(formula.accuracy.steps)}. This is what reviewers said of"
            " your answers, and the gold scores that you were told."
        )
    if formula.consistency is not None:
        found.append(
            f"Agreement with others: {_steps(formula.consistency.steps)}. This is how far your answers of the period agree with"
            f" those of others on the same items, on up to {SAMPLE} of them drawn evenly."
        )
    if formula.accuracy is not None or formula.consistency is not None:
        found.append(
            f"Quality moves the pay of answers and labeling time once {JUDGED} of your answers were judged, and only where the"
            " whole 95 % interval lies in a step: few judgements never lower your pay."
        )
    if formula.flag:
        found.append(
            f"{shown(formula.flag, formula.currency)} for each question of yours that led to a ruling and each appeal that was"
            f" right, at most {formula.flags_most} in a period."
        )
    found.append(
        "Each part is rounded to the smallest unit of the currency, half to even. You see every line of yours with what it"
        " was made from, and may contest it; what is corrected comes with the next period."
    )
    return found


class Worked(msgspec.Struct, frozen=True):
    """A part of a line with how it was worked out: the formula in words with this person's numbers."""

    of: str
    amount: int
    how: str


def worked_out(given: Inputs, parts: Sequence[Part], formula: Formula) -> list[Worked]:
    """Each part with its sum written out, and where quality moved nothing, that and why; in the order of the parts.

    Of quality only what it does is said, never how much of whose work it was judged by.
    """
    by = {part.of: part for part in parts}
    return [Worked(of, by[of].amount if of in by else 0, how) for of, how in _sums(given, by, formula)]


def _sums(given: Inputs, by: dict[str, Part], formula: Formula) -> Iterator[tuple[str, str]]:
    for of, ms in (("time", given.label_ms), ("course", given.course_ms), ("review", given.review_ms)):
        if of in by:
            yield of, f"{_hours(ms)} × {shown(formula.per_hour, formula.currency)}"
    if "answers" in by:
        yield "answers", f"{_answers(given, formula)} × {shown(formula.per_100, formula.currency)} for 100"
    base = sum(by[of].amount for of in ("time", "answers") if of in by)
    for of, quality in (("accuracy", formula.accuracy), ("consistency", formula.consistency)):
        if quality is not None and base:
            yield of, _moved(by.get(of), base, formula)
    if "flags" in by:
        n = min(given.flags, formula.flags_most)
        most = f" ({given.flags} there were; {formula.flags_most} are paid at most)" if n < given.flags else ""
        yield "flags", f"{n} × {shown(formula.flag, formula.currency)}{most}"
    if "corrections" in by:
        yield "corrections", "what a manager decided in this period, on earlier lines or without one"


def _hours(ms: int) -> str:
    seconds = round(ms / 1000)
    hours, minutes = seconds // 3600, seconds // 60 % 60
    clock = f"{hours} h {minutes} min" if hours else f"{minutes} min {seconds % 60} s" if minutes else f"{seconds} s"
    return f"{clock} = {ms / HOUR_MS:.4f} h"


def _answers(given: Inputs, formula: Formula) -> str:
    n = sum(given.answers)
    hard = [
        f"{n} × {step.percent / USUAL:g}" for n, step in zip(given.answers[1:], formula.difficulty, strict=True) if n
    ]
    if not hard:
        return f"{n} answer{'' if n == 1 else 's'}"
    worth = given.answers[0] + sum(
        n * step.percent / USUAL for n, step in zip(given.answers[1:], formula.difficulty, strict=True)
    )
    return f"{n} answers, worth {worth:g} ({given.answers[0]} usual + {' + '.join(hard)} hard)"


def _moved(part: Part | None, base: int, formula: Formula) -> str:
    what = f"{shown(base, formula.currency)} of labeling time and answers"
    if part is None or part.percent is None:
        return f"100 % of {what}: fewer than {JUDGED} answers were judged, or they are not surely in another step"
    return f"{part.percent} % of {what}: {part.percent - USUAL:+} %"


def _hard(steps: Sequence[PayStep]) -> str:
    said = ", ".join(
        f"{step.percent / USUAL:g} times as much where it takes {step.at_least:g} times the usual time"
        for step in steps
    )
    return f" Hard items are paid more: {said}." if said else ""


def _steps(steps: Sequence[PayStep]) -> str:
    bounds = [*(step.at_least for step in steps[1:]), None]
    first = [] if steps[0].at_least <= 0 else [f"100 % below {_share(steps[0].at_least)}"]
    return ", ".join(
        [
            *first,
            *(
                f"{step.percent} % from {_share(step.at_least)}"
                if above is None or step.at_least > 0
                else f"{step.percent} % below {_share(above)}"
                for step, above in zip(steps, bounds, strict=True)
            ),
        ]
    )


def _share(value: float) -> str:
    return f"{value * 100:g} %"


def _duration(text: str) -> str:
    units = {"s": "second", "m": "minute", "h": "hour", "d": "day"}
    n = int(text[:-1])
    return f"{n} {units[text[-1]]}{'' if n == 1 else 's'}"

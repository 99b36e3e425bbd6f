"""A pay formula in words: what people read before they work."""

from collections.abc import Sequence

from karat.model.money import shown
from karat.model.pay import USUAL, Formula, PayStep
from karat.policies.pay.line import JUDGED


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
    for name, quality, what in (
        ("Accuracy", formula.accuracy, "what reviewers said of your answers, and the gold scores that you were told"),
        ("Consistency", formula.consistency, "how far your answers agree with those of others on the same items"),
    ):
        if quality is not None:
            found.append(f"{name} of the last {quality.days} days: {_steps(quality.steps)}. This is {what}.")
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

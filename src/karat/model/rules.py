"""Rules that act: what is done about an author once a measure of theirs says so beyond doubt."""

from typing import Literal

import msgspec

from karat.model.problem import Problem, shown

Measured = Literal[
    "accuracy",
    "skill",
    "gold",
    "agreement",
    "accepted",
    "pace",
    "falling",
    "guessing",
    "fatigue",
    "repeats",
    "trust",
    "copying",
]
Does = Literal["raise_review", "pause", "requeue", "train", "notify"]
ALARMS = frozenset({"falling", "guessing", "copying"})
"""Measures that are tests of their own, with a stated chance of erring: a rule gives them no bound."""
OF_ERRORS = frozenset({"accuracy", "skill", "gold", "accepted"})
"""Measures that are shares of what is right: what they lack to 1 is how often somebody errs."""
MOST_REQUEUED, MOST_TIMES = 200, 20


class RuleWhen(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True, kw_only=True):
    """When a rule acts: the whole 95 % interval of a measure lies below, or above, a number; or an alarm."""

    measure: Measured
    """`accuracy` against the consensus of the others, `skill` (how likely answers are right by the consensus as it was
    learned), `gold` against known answers as last told, `agreement` with each of them, `accepted` in review, `pace` (time
    over that of others for the same items), `fatigue` (change of the accuracy by an hour of a sitting), `repeats` (wrong
    answers that repeat the one before, over what chance makes of it), `trust` (the share of wrong suggestions that were
    handed in as they were); or an alarm: `falling` (a chart of the accuracy), `guessing` (answers without looking),
    `copying` (answers shared with somebody)."""
    below: float | None = None
    above: float | None = None
    usual: float | None = None
    """Instead of a bound, of `accuracy`, `skill`, `gold` and `accepted`: below what somebody reaches who errs so many times
    as often as the median person. It says the same of two labels as of twenty."""
    at_least: int = 20
    """Answers that the measure must be of."""


class Rule(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True, kw_only=True):
    """What is done about an author."""

    when: RuleWhen
    do: Does
    """Give reviewers a larger share of the author's answers, give the author no work, give the author's latest open answers
    to others too, begin the course anew, or only say so."""
    share: float = 1.0
    """Of `raise_review`: the share of the author's items that goes to review."""
    last: int = 100
    """Of `requeue`: at most so many of the latest answers that nobody has accepted yet."""


def check_rules(rules: tuple[Rule, ...], *, has_course: bool = True) -> list[Problem]:
    """What is wrong with the rules of a policy."""
    found: list[Problem] = []
    for index, rule in enumerate(rules):
        path, when = f"rules[{index}]", rule.when
        bounds = [name for name in ("below", "above", "usual") if getattr(when, name) is not None]
        if when.measure in ALARMS:
            if bounds:
                do = "It is a test with a bound of its own: leave this one out."
                found.append(Problem(f"{path}.when", "a bound", "no bound", do))
        elif len(bounds) != 1:
            do = "Say either `below` or `above` which number the whole interval must lie, or `usual`."
            found.append(Problem(f"{path}.when", " and ".join(bounds) or "no bound", "one", do))
        elif when.usual is not None:
            found += _check_usual(f"{path}.when.usual", when, when.usual)
        if not 10 <= when.at_least <= 100_000:
            do = "A rule that acts on fewer than ten answers would act on chance."
            found.append(Problem(f"{path}.when.at_least", shown(when.at_least), "10 to 100000", do))
        if not 0 < rule.share <= 1:
            found.append(Problem(f"{path}.share", shown(rule.share), "above 0, at most 1", "Write e.g. `share: 0.5`."))
        if not 1 <= rule.last <= MOST_REQUEUED:
            do = "Say how many of the latest answers others are asked for too."
            found.append(Problem(f"{path}.last", shown(rule.last), f"1 to {MOST_REQUEUED}", do))
        if rule.do == "train" and not has_course:
            do = "Add a `course` to the policy, or `pause` instead."
            found.append(Problem(f"{path}.do", "train", "a project with a course", do))
    return found


def _check_usual(path: str, when: RuleWhen, times: float) -> list[Problem]:
    if when.measure not in OF_ERRORS:
        do = "Give `below` or `above` a number: what is usual is known of shares of right answers only."
        return [Problem(path, when.measure, f"one of {', '.join(sorted(OF_ERRORS))}", do)]
    if not 1 < times <= MOST_TIMES:
        return [Problem(path, shown(times), f"above 1, at most {MOST_TIMES}", "Write e.g. `usual: 1.3`.")]
    return []

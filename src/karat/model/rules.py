"""Rules that act: what is done about an author once a measure of theirs says so beyond doubt."""

from typing import Literal

import msgspec

from karat.model.problem import Problem, shown

Measured = Literal["accuracy", "gold", "agreement", "accepted", "pace", "falling"]
Does = Literal["raise_review", "pause", "notify"]


class RuleWhen(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True, kw_only=True):
    """When a rule acts: the whole 95 % interval of a measure lies below, or above, a number."""

    measure: Measured
    """`accuracy` against the consensus of the others, `gold` against known answers, `agreement` with each of them, `accepted` in review, `pace` (median
    time over that of all), or `falling`: the control chart says that accuracy falls."""
    below: float | None = None
    above: float | None = None
    at_least: int = 20
    """Answers that the measure must be of."""


class Rule(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True, kw_only=True):
    """What is done about an author."""

    when: RuleWhen
    do: Does
    """Give reviewers a larger share of the author's answers, give the author no work, or only say so."""
    share: float = 1.0
    """Of `raise_review`: the share of the author's items that goes to review."""


def check_rules(rules: tuple[Rule, ...]) -> list[Problem]:
    """What is wrong with the rules of a policy."""
    found: list[Problem] = []
    for index, rule in enumerate(rules):
        path, when = f"rules[{index}]", rule.when
        if when.measure == "falling":
            if when.below is not None or when.above is not None:
                found.append(
                    Problem(f"{path}.when", "a bound", "no bound", "A chart has its own: leave the bound out.")
                )
        elif (when.below is None) == (when.above is None):
            do = "Say either `below` or `above` which number the whole interval must lie."
            found.append(
                Problem(f"{path}.when", "below and above" if when.below is not None else "no bound", "one", do)
            )
        if not 10 <= when.at_least <= 100_000:
            do = "A rule that acts on fewer than ten answers would act on chance."
            found.append(Problem(f"{path}.when.at_least", shown(when.at_least), "10 to 100000", do))
        if not 0 < rule.share <= 1:
            found.append(Problem(f"{path}.share", shown(rule.share), "above 0, at most 1", "Write e.g. `share: 0.5`."))
    return found

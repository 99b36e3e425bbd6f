"""How many answers to gold items it takes to say something of a person."""

from typing import Literal

from karat.model.problem import Problem, Refused
from karat.quality.acceptance.rates import sample_size
from karat.quality.annotators.sequential import SequentialTest
from karat.server.access import Actor, enter_project
from karat.server.database import Tx
from karat.server.gold.queries import active
from karat.server.gold.schemas import Plan
from karat.server.labeling.queries.versions import rules_of

MOST_WRONG = 100


def planned(
    tx: Tx,
    actor: Actor,
    project: str,
    *,
    statement: Literal["accuracy", "tell"],
    at_least: float,
    confidence: float,
    wrong: int,
    good: float,
    bad: float,
    alpha: float,
    beta: float,
) -> Plan:
    """`accuracy`: to say "at least so accurate", with so many wrong answers at most. `tell`: to tell good from bad."""
    from karat.quality.acceptance.plans import plan  # a second to import

    scope = enter_project(tx, actor, "gold.see", project=project)
    rule = rules_of(tx, scope.project).policy.gold
    expected: tuple[float | None, float | None] = (None, None)
    if statement == "accuracy":
        _within("at_least", at_least, 0.5, 0.999)
        _within("confidence", confidence, 0.5, 0.999)
        _within("wrong", wrong, 0, MOST_WRONG)
        answers, most = sample_size(1 - at_least, confidence=confidence, defects=wrong), wrong
    else:
        _within("good", good, 0.02, 0.999)
        # The further apart the two are, the fewer it takes; nearer than a hundredth it takes tens of thousands.
        _within("bad", bad, 0.01, good - 0.01)
        _within("alpha", alpha, 0.001, 0.4)
        _within("beta", beta, 0.001, 0.4)
        found = plan(good=1 - good, bad=1 - bad, false_reject=alpha, false_accept=beta)
        answers, most = found.n, found.accept
        test = SequentialTest(good=good, bad=bad, false_fail=alpha, false_pass=beta)
        expected = (test.expected_answers(good), test.expected_answers(bad))
    rate = 0.0 if rule is None else rule.rate
    return Plan(
        statement=statement,
        answers=answers,
        wrong=most,
        expected_good=expected[0],
        expected_bad=expected[1],
        items=answers,
        ordinary=round(answers * (1 - rate) / rate) if rate else None,
        have=active(tx, scope, "hidden"),
    )


def _within(name: str, value: float, low: float, high: float) -> None:
    if not low <= value <= high:
        problem = Problem(name, f"{value:g}", f"{low:g} to {high:g}", "Ask for a value in this range.")
        raise Refused([problem])

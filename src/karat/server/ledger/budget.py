"""How far the money goes: what is spent, what is running, what the rest will cost, and what happens when it is out.

A policy's `until.budget` counts answers, this one money; both stop the same thing, the answers that an adaptive overlap
asks for beyond what it must, and they do it in one place (`reports.spending.is_spent`), whichever is out first.
"""

import msgspec

from karat.model import money
from karat.model.problem import Problem, Refused, shown
from karat.quality.forecast import cost_of_one
from karat.quality.measure import Measure
from karat.server.access import Actor, Scope, enter_project
from karat.server.database import Tx
from karat.server.ledger.formulas import begin_of, holding, versions_of
from karat.server.ledger.schemas import Budget, NewBudget
from karat.server.projects.queries import policy_of
from karat.server.reports.spending import MILLIONTHS, look_again, money_spent
from karat.server.tell import note, tell


def put(tx: Tx, actor: Actor, project: str, given: NewBudget) -> Budget:
    """Say how much there is."""
    scope = enter_project(tx, actor, "pay.change", project=project)
    if given.amount is not None and not 0 <= given.amount <= money.MOST:
        do = "Write a whole number of the currency's smallest unit, or null."
        raise Refused([Problem("amount", shown(given.amount), f"0 to {money.MOST}, or null", do)])
    tx.run(
        "INSERT INTO pay_budgets (project, amount, stops, at) VALUES (:project, :amount, :stops, :now)"
        " ON CONFLICT (project) DO UPDATE SET amount = excluded.amount, stops = excluded.stops, at = excluded.at",
        project=scope.project,
        amount=given.amount,
        stops=given.stops,
        now=tx.now(),
    )
    note(
        tx,
        "pay.budget",
        actor=actor,
        workspace=scope.workspace,
        project=scope.project,
        thing={"type": "budget", "id": project},
        amount=given.amount,
        stops=given.stops,
    )
    tell(tx, scope, "pay.budget", thing="budget", id=project, did="changed")
    look_again(tx, scope.project)
    return _warned(tx, scope)


def count_period(tx: Tx, scope: Scope) -> None:
    """Bring what is spent and what an answer costs up to date, after a period was computed or closed."""
    spent, running, answers, end = tx.run(
        "SELECT coalesce(sum(CASE WHEN state = 'closed' THEN total ELSE 0 END), 0),"
        " coalesce(sum(CASE WHEN state = 'draft' THEN total ELSE 0 END), 0), coalesce(sum(answers), 0), max(end_at)"
        " FROM pay_periods WHERE project = :project AND state <> 'computing'",
        project=scope.project,
    )[0]
    per_answer = round((spent + running) * MILLIONTHS / answers) if answers > 0 else 0
    tx.run(
        "INSERT INTO pay_budgets (project, paid, running, per_answer, counted_to, at) VALUES (:project, :paid, :running,"
        " :per_answer, :end, :now) ON CONFLICT (project) DO UPDATE SET paid = excluded.paid, running = excluded.running,"
        " per_answer = excluded.per_answer, counted_to = excluded.counted_to",
        project=scope.project,
        paid=int(spent),
        running=int(running),
        per_answer=max(per_answer, 0),
        end=end or "",
        now=tx.now(),
    )
    _warned(tx, scope)


def budget_of(tx: Tx, scope: Scope) -> Budget:
    """What there is, and how far it goes."""
    rows = tx.run("SELECT amount, stops, paid FROM pay_budgets WHERE project = :n", n=scope.project)
    amount, stops, paid = rows[0] if rows else (None, False, 0)
    formula = holding(versions_of(tx, scope.project), begin_of(tx, scope.project))
    currency = formula.formula.currency if formula else "EUR"
    lines = tx.run(
        "SELECT l.amount, l.inputs FROM pay_lines l JOIN pay_periods p ON p.n = l.period WHERE l.project = :n AND"
        " p.state <> 'computing' ORDER BY l.n DESC LIMIT 5000",
        n=scope.project,
    )
    answers = [sum(msgspec.json.decode(inputs, type=_Answers).answers) for _, inputs in lines]
    one = cost_of_one([row[0] for row in lines], answers)
    running = money_spent(tx, scope.project) - paid
    left, is_least = _left(tx, scope.project)
    done = tx.run("SELECT done FROM projects WHERE n = :n", n=scope.project)[0][0]
    forecast = _sum(paid + running, _times(one, left))
    return Budget(
        currency=currency,
        digits=money.digits(currency),
        amount=amount,
        stops=bool(stops),
        spent=paid,
        running=running,
        answers_left=left,
        is_least=is_least,
        per_answer=one,
        per_label=_over(paid + running, done, one),
        forecast=forecast,
        is_over=amount is not None and forecast.value is not None and forecast.value > amount,
        is_out=amount is not None and paid + running >= amount,
    )


class _Answers(msgspec.Struct, frozen=True):
    answers: tuple[int, ...] = (0,)


def _warned(tx: Tx, scope: Scope) -> Budget:
    """The budget; managers are told once when the forecast goes over it."""
    found = budget_of(tx, scope)
    was = tx.run("SELECT warned FROM pay_budgets WHERE project = :n", n=scope.project)[0][0]
    if bool(was) != found.is_over:
        tx.run("UPDATE pay_budgets SET warned = :is_over WHERE project = :n", is_over=found.is_over, n=scope.project)
        if found.is_over:
            id_ = tx.run("SELECT id FROM projects WHERE n = :n", n=scope.project)[0][0]
            tell(tx, scope, "pay.budget", thing="budget", id=id_, did="over")
    return found


def _left(tx: Tx, project: int) -> tuple[int, bool]:
    """The answers that the policy still asks for, held ones too, and whether it may ask for more."""
    _, policy = policy_of(tx, project)
    left = 0
    for stage, n in tx.run(
        "SELECT stage, sum(wanted - granted) FROM queue WHERE project = :project GROUP BY stage"
        " UNION ALL SELECT stage, count(*) FROM assignments WHERE project = :project AND state = 'claimed' AND NOT apart"
        " GROUP BY stage",
        project=project,
    ):
        if stage in policy.stages and policy.stages[stage].do == "label":
            left += int(n)
    return left, any(stage.until is not None for stage in policy.stages.values())


def _times(one: Measure, n: int) -> Measure:
    if one.value is None or one.low is None or one.high is None:
        return one
    return Measure(one.value * n, one.low * n, one.high * n, one.n, one.enough)


def _sum(amount: int, one: Measure) -> Measure:
    if one.value is None or one.low is None or one.high is None:
        return one
    return Measure(amount + one.value, amount + one.low, amount + one.high, one.n, one.enough)


def _over(amount: int, done: int, one: Measure) -> Measure:
    """The cost of a done item, as sure as that of an answer is."""
    if not done or not one.value or one.low is None or one.high is None:
        return Measure(None, None, None, one.n, False)
    value = amount / done
    return Measure(value, value * one.low / one.value, value * one.high / one.value, one.n, one.enough)

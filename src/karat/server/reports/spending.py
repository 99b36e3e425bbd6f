"""Whether a project's budgets are spent: the answers that its policy may ask for, and the money that there is for its pay."""

from karat.server.database import Tx
from karat.server.following import AGAIN
from karat.server.reports.weighing import Rules

MILLIONTHS = 1_000_000
"""The cost of one answer is kept in so many parts of the currency's smallest unit."""
MONEY = -1
"""Stands where the number of answers does, when it was money that ran out."""


def is_spent(tx: Tx, project: int, rules: Rules) -> bool:
    """Whether items get no more answers than they must: the project has as many as its policy may ask for, or is out of money.

    The one budget counts answers and stands in the policy; the other is money and stands with the project's pay.
    """
    stages = [stage.until for stage in rules.policy.stages.values() if stage.until is not None]
    if not stages:
        return False
    budgets = [until.budget for until in stages if until.budget]
    answers: int = tx.run("SELECT responses FROM projects WHERE n = :n", n=project)[0][0]
    if budgets and answers >= min(budgets):
        _let_go(tx, project, min(budgets))
        return True
    if _is_out_of_money(tx, project):
        _let_go(tx, project, MONEY)
        return True
    return False


def money_spent(tx: Tx, project: int) -> int:
    """What was paid, what the draft of the running period comes to, and the answers since at what one costs so far."""
    rows = tx.run("SELECT paid, running, per_answer, counted_to FROM pay_budgets WHERE project = :n", n=project)
    if not rows:
        return 0
    paid, running, per_answer, counted_to = rows[0]
    since = 0
    if per_answer:
        since = tx.run(
            "SELECT count(*) FROM responses WHERE project = :n AND at >= :at AND state = 'submitted' AND active_ms > 0",
            n=project,
            at=counted_to,
        )[0][0]
    return int(paid + running + since * per_answer // MILLIONTHS)


def look_again(tx: Tx, project: int) -> None:
    """Let every item be looked at once more: a budget was changed."""
    tx.run("DELETE FROM reports WHERE project = :n AND name = 'spent'", n=project)
    _look_at_all(tx, project)


def _is_out_of_money(tx: Tx, project: int) -> bool:
    rows = tx.run("SELECT amount FROM pay_budgets WHERE project = :n AND stops AND amount IS NOT NULL", n=project)
    return bool(rows) and money_spent(tx, project) >= rows[0][0]


def _let_go(tx: Tx, project: int, budget: int) -> None:
    """Items that wait for more answers are let go by whoever looks at the whole project, a chunk at a time; once."""
    if tx.run("SELECT 1 FROM reports WHERE project = :n AND name = 'spent' AND upto_seq = :seq", n=project, seq=budget):
        return
    tx.run("DELETE FROM reports WHERE project = :n AND name = 'spent'", n=project)
    tx.run(
        "INSERT INTO reports (project, name, body, at, upto_seq) VALUES (:n, 'spent', 'true', :now, :seq)",
        n=project,
        now=tx.now(),
        seq=budget,
    )
    _look_at_all(tx, project)


def _look_at_all(tx: Tx, project: int) -> None:
    tx.run(
        "INSERT INTO overdue (project, after) SELECT n, 0 FROM projects WHERE n = :n"  # noqa: S608 - a constant
        f" ON CONFLICT (project) DO UPDATE SET after = {AGAIN.format(due='overdue')}",
        n=project,
    )

"""Periods: computed as a draft as often as one likes, closed once; of a closed one nothing changes any more."""

from collections.abc import Sequence

import msgspec

from karat.model import money
from karat.model.problem import Problem, Refused
from karat.policies.pay.line import Inputs, Part
from karat.server.access import Actor, Scope, enter_by_key, enter_project, missing
from karat.server.database import Tx
from karat.server.database.base import Row
from karat.server.jobs import actions as jobs
from karat.server.jobs.schemas import Started
from karat.server.ledger import budget
from karat.server.ledger.computing import Computed, digest_of
from karat.server.ledger.formulas import begin_of, holding, read, versions_of
from karat.server.ledger.schemas import NewPeriod, Period, PeriodStarted
from karat.server.ledger.times import end_of
from karat.server.tell import note, tell

COMPUTE = "pay.compute"
VERIFY = "pay.verify"
_PERIOD = (
    "SELECT p.n, p.id, p.number, p.begin_at, p.end_at, p.formula, f.document, p.state, p.job, p.lines, p.answers, p.total,"
    " p.digest, p.at, p.closed_at, coalesce((SELECT j.state FROM jobs j WHERE j.id = p.job), '') FROM pay_periods p"
    " JOIN pay_formulas f ON f.project = p.project AND f.version = p.formula"
)
UNDER_WAY = ("queued", "running")


class PeriodWork(msgspec.Struct, frozen=True):
    """The period that a job is about, by its key."""

    period: int


def compute(tx: Tx, actor: Actor, project: str, given: NewPeriod) -> tuple[PeriodStarted, Started | None]:
    """Begin to compute the running period up to a time; takes the place of the draft before it.

    Where it is being computed already, that is what is given back, and nothing begins.
    """
    scope = enter_project(tx, actor, "pay.change", project=project)
    lock(tx, scope.project)
    running = _under_way(tx, scope)
    if running is not None and given.end_at is None:
        return running, None
    begin = begin_of(tx, scope.project)
    formula = holding(versions_of(tx, scope.project), begin)
    if formula is None:
        raise Refused([Problem("formula", "none", "a pay formula", "Say first what work is paid by.")], status=409)
    end = end_of(given.end_at, begin=begin, now=tx.now())
    _drop_draft(tx, scope)
    number = tx.run("SELECT coalesce(max(number), 0) + 1 FROM pay_periods WHERE project = :n", n=scope.project)[0][0]
    id_ = tx.new_id()
    n = tx.run(
        "INSERT INTO pay_periods (id, project, number, begin_at, end_at, formula, state, job, by, at) VALUES (:id, :project,"
        " :number, :begin, :end, :formula, 'computing', '', :by, :now) RETURNING n",
        id=id_,
        project=scope.project,
        number=number,
        begin=begin,
        end=end,
        formula=formula.version,
        by=scope.author,
        now=tx.now(),
    )[0][0]
    started = jobs.create(tx, scope, COMPUTE, PeriodWork(n))
    tx.run("UPDATE pay_periods SET job = :job WHERE n = :n", job=started.id, n=n)
    tell(tx, scope, "pay.changed", thing="period", id=id_, did="computing")
    return PeriodStarted(id_, started.id), started


def lock(tx: Tx, project: int) -> None:
    """Let one after the other change a project's periods and formula: the first version stands for them all."""
    if not tx.is_sqlite:
        tx.run("SELECT 1 FROM pay_formulas WHERE project = :project AND version = 1 FOR UPDATE", project=project)


def _under_way(tx: Tx, scope: Scope) -> PeriodStarted | None:
    rows = tx.run(
        "SELECT p.id, p.job, j.state FROM pay_periods p JOIN jobs j ON j.id = p.job"
        " WHERE p.project = :project AND p.state = 'computing'",
        project=scope.project,
    )
    return next((PeriodStarted(id_, job, is_running=True) for id_, job, state in rows if state in UNDER_WAY), None)


def close(tx: Tx, actor: Actor, period: str) -> Period:
    """Close a draft: from now on everybody sees their line."""
    scope, n, state = enter(tx, actor, "pay.change", period)
    lock(tx, scope.project)
    if not tx.is_sqlite:
        # As it is now that nobody else changes it.
        scope, n, state = enter(tx, actor, "pay.change", period)
    if state != "draft":
        do = "Compute it first." if state == "computing" else "It was closed already."
        raise Refused([Problem("state", state, "draft", do)], status=409, title="This period cannot be closed")
    tx.run(
        "UPDATE pay_periods SET state = 'closed', closed_at = :now, closed_by = :by WHERE n = :n",
        now=tx.now(),
        by=scope.author,
        n=n,
    )
    shown = shown_of(tx.run(f"{_PERIOD} WHERE p.n = :n", n=n)[0])
    thing: dict[str, object] = {"type": "period", "id": period}
    note(
        tx,
        "pay.closed",
        actor=actor,
        workspace=scope.workspace,
        project=scope.project,
        thing=thing,
        total=shown.total,
        digest=shown.digest,
    )
    budget.count_period(tx, scope)
    tell(tx, scope, "pay.changed", thing="period", id=period, did="closed")
    return shown


def verify(tx: Tx, actor: Actor, period: str) -> Started:
    """Begin to compute a period once more, to hold what comes out against what was written."""
    scope, n, state = enter(tx, actor, "pay.change", period)
    if state == "computing":
        problem = Problem("state", state, "draft or closed", "Wait until it is computed.")
        raise Refused([problem], status=409, title="There is nothing to verify yet")
    return jobs.create(tx, scope, VERIFY, PeriodWork(n))


def write(tx: Tx, scope: Scope, period: int, lines: Sequence[Computed]) -> int:
    """Write the lines of a period that is being computed, all at once; the total."""
    lock(tx, scope.project)
    rows = tx.run("SELECT id, state FROM pay_periods WHERE n = :n", n=period)
    if not rows or rows[0][1] == "closed":
        problem = Problem("period", "replaced" if not rows else "closed", "one being computed", "Compute it again.")
        raise Refused([problem], status=409, title="This draft was replaced")
    tx.run("DELETE FROM pay_lines WHERE period = :n", n=period)
    tx.many(
        "INSERT INTO pay_lines (id, project, period, author, inputs, parts, amount) VALUES (:id, :project, :period, :author,"
        " :inputs, :parts, :amount)",
        [
            {
                "id": tx.new_id(),
                "project": scope.project,
                "period": period,
                "author": line.author,
                "inputs": msgspec.json.encode(line.inputs).decode(),
                "parts": msgspec.json.encode(line.parts).decode(),
                "amount": line.amount,
            }
            for line in lines
        ],
    )
    total = sum(line.amount for line in lines)
    tx.run(
        "UPDATE pay_periods SET state = 'draft', lines = :lines, answers = :answers, total = :total, digest = :digest, at = :now"
        " WHERE n = :n",
        lines=len(lines),
        answers=sum(sum(line.inputs.answers) for line in lines),
        total=total,
        digest=digest_of(lines),
        now=tx.now(),
        n=period,
    )
    budget.count_period(tx, scope)
    tell(tx, scope, "pay.changed", thing="period", id=rows[0][0], did="computed")
    return total


def listed(tx: Tx, scope: Scope) -> list[Period]:
    """Every period, the newest first."""
    rows = tx.run(f"{_PERIOD} WHERE p.project = :project ORDER BY p.number DESC LIMIT 500", project=scope.project)
    return [shown_of(row) for row in rows]


def stored(tx: Tx, period: int) -> list[Computed]:
    """The lines as they were written."""
    rows = tx.run(
        "SELECT author, inputs, parts, amount FROM pay_lines WHERE period = :period ORDER BY author", period=period
    )
    return [
        Computed(
            author, msgspec.json.decode(inputs, type=Inputs), msgspec.json.decode(parts, type=tuple[Part, ...]), amount
        )
        for author, inputs, parts, amount in rows
    ]


def enter(tx: Tx, actor: Actor, right: str, period: str) -> tuple[Scope, int, str]:
    """The actor's scope in a period's project, the period's key and its state."""
    rows = tx.run("SELECT project, n, state FROM pay_periods WHERE id = :id", id=period)
    if not rows:
        raise missing("period", period)
    project, n, state = rows[0]
    return enter_by_key(tx, actor, right, project=project, what="period", shown=period), n, state


def shown_of(row: Row) -> Period:
    """A stored period as it is shown."""
    _, id_, number, begin, end, version, document, state, job, lines, answers, total, digest, at, closed, worked = row
    currency = read(document).currency
    return Period(
        id=id_,
        number=number,
        begin_at=begin,
        end_at=end,
        formula=version,
        currency=currency,
        digits=money.digits(currency),
        state=state,
        job=job,
        job_state=worked,
        lines=lines,
        answers=answers,
        total=total,
        digest=digest,
        at=at,
        closed_at=closed,
    )


def _drop_draft(tx: Tx, scope: Scope) -> None:
    rows = tx.run("SELECT n FROM pay_periods WHERE project = :project AND state <> 'closed'", project=scope.project)
    for (n,) in rows:
        tx.run("DELETE FROM pay_lines WHERE period = :n", n=n)
        tx.run("DELETE FROM pay_periods WHERE n = :n", n=n)

"""What people say against their lines, what managers decide, and corrections, which come with the running period.

Pay has a queue of its own beside the appeals against verdicts: those are read and decided by reviewers, and what somebody
earns is for managers alone; and what comes of it is an amount.
"""

from collections.abc import Sequence

from karat.model.money import MOST
from karat.model.problem import Problem, Refused, shown
from karat.server.access import Actor, Scope, enter_by_key, enter_project, missing
from karat.server.database import Tx, named
from karat.server.database.base import Row
from karat.server.items.schemas import Person
from karat.server.ledger.schemas import Contest, Correction, NewContest, NewCorrection, PayDecision
from karat.server.tell import note, tell

LONGEST = 5_000
_CONTEST = (
    "SELECT c.line, c.id, l.id, p.number, a.id, a.name, a.type, l.amount, c.reason, c.state, c.outcome,"
    " coalesce((SELECT sum(x.amount) FROM pay_corrections x WHERE x.contest = c.n), 0), c.at, c.decided_at"
    " FROM pay_contests c JOIN pay_lines l ON l.n = c.line JOIN pay_periods p ON p.n = l.period"
    " JOIN authors a ON a.n = c.author"
)


def contest(tx: Tx, actor: Actor, line: str, given: NewContest) -> Contest:
    """Say that one's own line is wrong; once for each line of a closed period."""
    rows = tx.run(
        "SELECT l.project, l.n, l.author FROM pay_lines l JOIN pay_periods p ON p.n = l.period"
        " WHERE l.id = :id AND p.state = 'closed'",
        id=line,
    )
    if not rows:
        raise missing("line", line)
    project, n, author = rows[0]
    scope = enter_by_key(tx, actor, "pay.contest", project=project, what="line", shown=line)
    if author != scope.author:
        raise missing("line", line)
    _refuse_text(given.reason)
    made = tx.run(
        "INSERT INTO pay_contests (id, project, line, author, reason, state, at) VALUES (:id, :project, :line, :author, :reason,"
        " 'open', :now) ON CONFLICT DO NOTHING RETURNING id",
        id=tx.new_id(),
        project=project,
        line=n,
        author=author,
        reason=given.reason.strip(),
        now=tx.now(),
    )
    if not made:
        do = "Wait for what is decided; each line is looked at again once."
        raise Refused([Problem("line", "contested already", "a line that was not contested", do)], status=409)
    tell(tx, scope, "pay.contested", thing="contest", id=made[0][0], did="made")
    return contests_on(tx, [n])[n]


def decide(tx: Tx, actor: Actor, id_: str, given: PayDecision) -> Contest:
    """Uphold a line or correct it; the amount comes with the running period."""
    rows = tx.run("SELECT project, n, line, state, author FROM pay_contests WHERE id = :id", id=id_)
    if not rows:
        raise missing("contest", id_)
    project, n, line, state, author = rows[0]
    scope = enter_by_key(tx, actor, "pay.change", project=project, what="contest", shown=id_)
    _refuse_own(scope, author)
    _refuse_text(given.reason)
    if state != "open":
        problem = Problem("outcome", state, "a contest that is open", "It was decided already.")
        raise Refused([problem], status=409, title="This was decided already")
    if (given.outcome == "corrected") != (given.amount != 0):
        do = "Correct by an amount, or uphold the line."
        raise Refused([Problem("amount", str(given.amount), "0 where upheld, another where corrected", do)])
    tx.run(
        "UPDATE pay_contests SET state = :state, outcome = :outcome, by = :by, decided_at = :now WHERE n = :n",
        state=given.outcome,
        outcome=given.reason.strip(),
        by=scope.author,
        now=tx.now(),
        n=n,
    )
    if given.amount:
        _correct(tx, scope, author, given.amount, given.reason, contest=n)
    thing: dict[str, object] = {"type": "contest", "id": id_}
    note(
        tx,
        "pay.decided",
        actor=actor,
        workspace=scope.workspace,
        project=project,
        thing=thing,
        outcome=given.outcome,
        amount=given.amount,
    )
    tell(tx, scope, "pay.contested", thing="contest", id=id_, did=given.outcome)
    return contests_on(tx, [line])[line]


def correct(tx: Tx, actor: Actor, project: str, given: NewCorrection) -> Correction:
    """Give somebody more, or less, with the running period; nobody corrects their own pay."""
    scope = enter_project(tx, actor, "pay.change", project=project)
    rows = tx.run(
        "SELECT n FROM authors WHERE id = :id AND workspace = :workspace AND type = 'person'",
        id=given.person,
        workspace=scope.workspace,
    )
    if not rows:
        raise missing("person", given.person)
    _refuse_own(scope, rows[0][0])
    _refuse_text(given.reason)
    if given.amount == 0:
        raise Refused([Problem("amount", "0", "an amount above or below 0", "Say by how much.")])
    id_ = _correct(tx, scope, rows[0][0], given.amount, given.reason)
    thing: dict[str, object] = {"type": "correction", "id": id_}
    note(
        tx,
        "pay.corrected",
        actor=actor,
        workspace=scope.workspace,
        project=scope.project,
        thing=thing,
        amount=given.amount,
        reason=given.reason.strip()[:500],
    )
    tell(tx, scope, "pay.changed", thing="correction", id=id_, did="corrected")
    return next(one for one in corrections(tx, scope) if one.id == id_)


def corrections(tx: Tx, scope: Scope) -> list[Correction]:
    """What was corrected, the newest first."""
    rows = tx.run(
        "SELECT c.id, a.id, a.name, a.type, c.amount, c.reason, c.at FROM pay_corrections c JOIN authors a ON a.n = c.author"
        " WHERE c.project = :project ORDER BY c.at DESC, c.n DESC LIMIT 500",
        project=scope.project,
    )
    return [
        Correction(id=row[0], person=Person(row[1], row[2], row[3]), amount=row[4], reason=row[5], at=row[6])
        for row in rows
    ]


def of_project(tx: Tx, scope: Scope) -> list[Contest]:
    """What is said against lines: what is open first, then the newest."""
    rows = tx.run(
        f"{_CONTEST} WHERE c.project = :project ORDER BY CASE WHEN c.state = 'open' THEN 0 ELSE 1 END, c.at DESC, c.n DESC"
        " LIMIT 500",
        project=scope.project,
    )
    return [_shown(row) for row in rows]


def contests_on(tx: Tx, lines: Sequence[int]) -> dict[int, Contest]:
    """By line, what was said against it."""
    found: dict[int, Contest] = {}
    for start in range(0, len(lines), 500):
        names, values = named(lines[start : start + 500])
        found |= {row[0]: _shown(row) for row in tx.run(f"{_CONTEST} WHERE c.line IN ({names})", **values)}
    return found


def _correct(tx: Tx, scope: Scope, author: int, amount: int, reason: str, *, contest: int | None = None) -> str:
    if abs(amount) > MOST:
        raise Refused(
            [Problem("amount", shown(amount), f"at most {MOST}", "Write it in the currency's smallest unit.")]
        )
    id_ = tx.new_id()
    tx.run(
        "INSERT INTO pay_corrections (id, project, author, amount, reason, contest, by, at) VALUES (:id, :project, :author,"
        " :amount, :reason, :contest, :by, :now)",
        id=id_,
        project=scope.project,
        author=author,
        amount=amount,
        reason=reason.strip(),
        contest=contest,
        by=scope.author,
        now=tx.now(),
    )
    return id_


def _refuse_own(scope: Scope, author: int) -> None:
    if scope.author == author:
        problem = Problem("person", "yourself", "somebody else", "Let another manager decide.")
        raise Refused([problem], status=403, title="Nobody decides on their own pay")


def _refuse_text(text: str) -> None:
    if not 0 < len(text.strip()) <= LONGEST:
        raise Refused([Problem("reason", f"{len(text)} characters", f"1 to {LONGEST}", "Say why.")])


def _shown(row: Row) -> Contest:
    return Contest(
        id=row[1],
        line=row[2],
        number=row[3],
        person=Person(row[4], row[5], row[6]),
        line_amount=row[7],
        reason=row[8],
        state=row[9],
        outcome=row[10],
        amount=int(row[11]),
        at=row[12],
        decided_at=row[13],
    )

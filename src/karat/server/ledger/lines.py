"""Lines as people see them: all for managers, one's own for everybody, as a table for whoever pays."""

from collections.abc import Sequence
from typing import Literal

import msgspec

from karat.model import money
from karat.policies.pay.line import Inputs, Part, accuracy, consistency
from karat.policies.pay.words import said, worked_out
from karat.server.access import Actor, Scope
from karat.server.database import Tx
from karat.server.database.base import Row
from karat.server.items.schemas import Person
from karat.server.ledger.contests import contests_on
from karat.server.ledger.formulas import read
from karat.server.ledger.periods import enter
from karat.server.ledger.schemas import Contest, OwnLine, OwnPay, PayLine
from karat.server.sheets import Cell, Sheet

PARTS = ("time", "course", "review", "answers", "accuracy", "consistency", "flags", "corrections")
TEXTS = ("person", "name", "from", "to", "currency", "contest", "contest_reason", "contest_outcome")
COLUMNS = [
    "person",
    "name",
    "period",
    "from",
    "to",
    "formula",
    "currency",
    "active_s",
    "counted_s",
    "course_s",
    "review_s",
    "answers",
    "flags",
    *(f"pay_{part}" for part in PARTS),
    "amount",
    "contest",
    "contest_reason",
    "contest_outcome",
    "contest_amount",
]
WHOLE = ("period", "formula", "answers", "flags")
_LINE = (
    "SELECT l.n, l.id, p.id, p.number, p.begin_at, p.end_at, p.formula, f.document, a.id, a.name, a.type, l.inputs, l.parts,"
    " l.amount FROM pay_lines l JOIN pay_periods p ON p.n = l.period JOIN authors a ON a.n = l.author"
    " JOIN pay_formulas f ON f.project = p.project AND f.version = p.formula"
)
MOST = 5_000


def of_period(tx: Tx, actor: Actor, period: str) -> list[PayLine]:
    """Everybody's lines of a period, by name."""
    _, n, _ = enter(tx, actor, "pay.see", period)
    rows = tx.run(f"{_LINE} WHERE l.period = :n ORDER BY a.name, a.id LIMIT :most", n=n, most=MOST)
    contests = contests_on(tx, [row[0] for row in rows])
    return [_shown(row, contests.get(row[0])) for row in rows]


def mine(tx: Tx, scope: Scope) -> OwnPay:
    """One's own lines of closed periods, the newest first."""
    rows = tx.run(
        f"{_LINE} WHERE l.project = :project AND l.author = :me AND p.state = 'closed' ORDER BY p.number DESC LIMIT 200",
        project=scope.project,
        me=scope.author,
    )
    contests = contests_on(tx, [row[0] for row in rows])
    return OwnPay([_own(row, contests.get(row[0])) for row in rows])


def sheet(tx: Tx, actor: Actor, period: str) -> Sheet:
    """The lines as a table: amounts in the currency with all its decimals, a part a column."""
    return Sheet({name: _type(name) for name in COLUMNS}, [_cells(line) for line in of_period(tx, actor, period)])


def _type(name: str) -> Literal["text", "integer", "number"]:
    return "text" if name in TEXTS else "integer" if name in WHOLE else "number"


def _cells(line: PayLine) -> Sequence[Cell]:
    given, amounts = line.inputs, {part.of: part.amount for part in line.parts}
    times = (given.raw_ms, given.label_ms, given.course_ms, given.review_ms)
    return [
        *(line.person.id, line.person.name, line.number, line.begin_at, line.end_at, line.formula, line.currency),
        *(ms / 1000 for ms in times),
        *(sum(given.answers), given.flags),
        *(_amount(amounts.get(part, 0), line.digits) for part in PARTS),
        _amount(line.amount, line.digits),
        *_contested(line),
    ]


def _contested(line: PayLine) -> Sequence[Cell]:
    """What was said against the line and came of it; the amount is paid with the period in which it was decided."""
    said = line.contest
    if said is None:
        return ["", "", "", None]
    return [said.state, said.reason, said.outcome, _amount(said.amount, line.digits)]


def _amount(amount: int, digits: int) -> float:
    """A number that a spreadsheet adds up; an amount below 0 is a number too and no formula."""
    return float(round(amount / 10**digits, digits))


def _shown(row: Row, contest: Contest | None) -> PayLine:
    formula = read(row[7])
    inputs, parts = _stored(row)
    return PayLine(
        id=row[1],
        period=row[2],
        number=row[3],
        begin_at=row[4],
        end_at=row[5],
        formula=row[6],
        currency=formula.currency,
        digits=money.digits(formula.currency),
        person=Person(row[8], row[9], row[10]),
        inputs=inputs,
        accuracy=accuracy(inputs, formula),
        consistency=consistency(inputs, formula),
        parts=parts,
        made=worked_out(inputs, parts, formula),
        amount=row[13],
        contest=contest,
    )


def _stored(row: Row) -> tuple[Inputs, list[Part]]:
    return msgspec.json.decode(row[11], type=Inputs), msgspec.json.decode(row[12], type=list[Part])


def _own(row: Row, contest: Contest | None) -> OwnLine:
    formula = read(row[7])
    inputs, parts = _stored(row)
    return OwnLine(
        id=row[1],
        number=row[3],
        begin_at=row[4],
        end_at=row[5],
        formula=row[6],
        words=said(formula),
        currency=formula.currency,
        digits=money.digits(formula.currency),
        label_ms=inputs.label_ms,
        raw_ms=inputs.raw_ms,
        course_ms=inputs.course_ms,
        review_ms=inputs.review_ms,
        answers=list(inputs.answers),
        flags=inputs.flags,
        parts=parts,
        made=worked_out(inputs, parts, formula),
        amount=row[13],
        contest=contest,
    )

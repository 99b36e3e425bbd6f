"""The versions of a project's pay formula, and which of them a period goes by: never one that came after its work began."""

from functools import lru_cache

import msgspec

from karat.model import money
from karat.model.pay import Formula, read_formula
from karat.model.problem import Problem, Refused
from karat.policies.pay.words import said
from karat.server.access import Actor, Scope, enter_project
from karat.server.database import Tx
from karat.server.ledger.schemas import FormulaBody, NewFormula, PayRule
from karat.server.tell import note, tell

START = ""
"""Before every time."""


def put(tx: Tx, actor: Actor, project: str, given: NewFormula) -> PayRule:
    """Give the project a new version of its formula.

    It holds for periods that begin from now on; at once only where there was none before, or nobody has worked under the
    one before it.
    """
    scope = enter_project(tx, actor, "pay.change", project=project)
    formula = formula_from(given.formula)
    if not tx.is_sqlite:
        # One after the other: of two who change the same version the second is told.
        tx.run("SELECT n FROM projects WHERE n = :n FOR UPDATE", n=scope.project)
    versions = versions_of(tx, scope.project)
    last = versions[-1] if versions else None
    if given.base != (last.version if last else 0):
        got, expected = str(given.base), str(last.version if last else 0)
        problem = Problem(
            "base", got, expected, "Somebody changed it meanwhile. Read it again and make your change on that."
        )
        raise Refused([problem], status=409, title="The formula was changed meanwhile")
    if last is not None and last.formula.currency != formula.currency and _periods(tx, scope.project):
        do = "Make another project for pay in another currency; sums of two have no meaning."
        problem = Problem("formula.currency", formula.currency, last.formula.currency, do)
        raise Refused([problem], title="The currency stays")
    version = last.version + 1 if last else 1
    since = START if last is None else last.since if not _worked(tx, scope.project, last.at) else tx.now()
    tx.run(
        "INSERT INTO pay_formulas (project, version, document, since, by, at) VALUES (:project, :version, :document, :since,"
        " :by, :now)",
        project=scope.project,
        version=version,
        document=msgspec.json.encode(formula).decode(),
        since=since,
        by=scope.author,
        now=tx.now(),
    )
    thing: dict[str, object] = {"type": "formula", "id": str(version)}
    note(tx, "pay.formula", actor=actor, workspace=scope.workspace, project=scope.project, thing=thing)
    tell(tx, scope, "pay.changed", thing="formula", id=str(version), did="formula")
    return rule_of(tx, scope)


def formula_from(given: object, path: str = "formula") -> Formula:
    """The formula that was sent; refused with what is wrong."""
    formula, problems = read_formula(given)
    if formula is None:
        wrong = [msgspec.structs.replace(one, path=f"{path}.{one.path}".rstrip(".")) for one in problems]
        raise Refused(wrong, title="This formula cannot be used")
    return formula


def rule_of(tx: Tx, scope: Scope) -> PayRule:
    """What work is paid by."""
    versions = versions_of(tx, scope.project)
    begin = begin_of(tx, scope.project)
    now = holding(versions, begin)
    last = versions[-1] if versions else None
    return PayRule(
        now=now,
        next=last if last is not None and last is not now else None,
        begin_at=begin if now else None,
        decimals=money.OTHER,
    )


def holding(versions: list[FormulaBody], begin: str) -> FormulaBody | None:
    """The version by which a period goes that begins at a time; None where there is none at all."""
    return next((one for one in reversed(versions) if one.since <= begin), versions[0] if versions else None)


def begin_of(tx: Tx, project: int) -> str:
    """When the running period began: where the last closed one ended, or with the project."""
    rows = tx.run(
        "SELECT coalesce((SELECT max(end_at) FROM pay_periods WHERE project = :n AND state = 'closed'), created_at)"
        " FROM projects WHERE n = :n",
        n=project,
    )
    return str(rows[0][0])


def versions_of(tx: Tx, project: int) -> list[FormulaBody]:
    """Every version, the oldest first."""
    rows = tx.run(
        "SELECT version, document, since, at FROM pay_formulas WHERE project = :project ORDER BY version",
        project=project,
    )
    return [body(*row) for row in rows]


def version_of(tx: Tx, project: int, version: int) -> Formula:
    """One version."""
    rows = tx.run(
        "SELECT document FROM pay_formulas WHERE project = :project AND version = :version",
        project=project,
        version=version,
    )
    return read(rows[0][0])


def body(version: int, document: str, since: str, at: str) -> FormulaBody:
    """A stored version as it is shown."""
    formula = read(document)
    digits = money.digits(formula.currency)
    return FormulaBody(version=version, formula=formula, words=said(formula), digits=digits, since=since, at=at)


@lru_cache(maxsize=256)
def read(document: str) -> Formula:
    """A stored formula."""
    return msgspec.json.decode(document, type=Formula)


def _periods(tx: Tx, project: int) -> bool:
    return bool(tx.run("SELECT 1 FROM pay_periods WHERE project = :project LIMIT 1", project=project))


def _worked(tx: Tx, project: int, since: str) -> bool:
    rows = tx.run(
        "SELECT 1 FROM responses WHERE project = :project AND at >= :since LIMIT 1", project=project, since=since
    )
    return bool(rows)

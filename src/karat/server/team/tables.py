"""The tables of the people's page as CSV."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Literal, get_args

from karat.model.problem import Problem, Refused, shown
from karat.quality.measure import Measure
from karat.server.access import Scope
from karat.server.database import Tx
from karat.server.team.queries import team
from karat.server.team.schemas import PersonRow, ReviewerRow

Name = Literal["people", "reviewers", "days"]
NAMES: tuple[str, ...] = get_args(Name)
PEOPLE = [
    "id",
    "name",
    "type",
    "answers",
    "skipped",
    "active_s",
    "median_s",
    "pace",
    "accuracy",
    "accuracy_low",
    "accuracy_high",
    "accuracy_n",
    "agreement",
    "agreement_low",
    "agreement_high",
    "agreement_n",
    "reviewed",
    "reviewed_low",
    "reviewed_high",
    "reviewed_n",
    "gold",
    "gold_low",
    "gold_high",
    "gold_n",
    "accepted",
    "fixed",
    "rejected",
    "defects",
    "falling_since",
    "last_day",
]
REVIEWERS = [
    "id",
    "name",
    "type",
    "judged",
    "active_s",
    "accepted",
    "fixed",
    "rejected",
    "overturned",
    "overturned_low",
    "overturned_high",
    "overturned_n",
]
DAYS = ["id", "name", "day", "what", "n", "sum", "weight", "squared_weight"]
RISKY = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet would take text that begins so for a formula."""


def table(tx: Tx, scope: Scope, name: str) -> str:
    """One of the tables, with its head."""
    match name:
        case "people":
            return _csv(PEOPLE, (_person(row) for row in team(tx, scope).people))
        case "reviewers":
            return _csv(REVIEWERS, (_reviewer(row) for row in team(tx, scope).reviewers))
        case "days":
            return _csv(DAYS, _days(tx, scope))
    raise Refused([Problem("table", shown(name), f"one of {', '.join(NAMES)}", "Name one of the tables.")])


def _days(tx: Tx, scope: Scope) -> Iterable[Sequence[object]]:
    """Every sum as it is kept."""
    return tx.run(
        "SELECT a.id, a.name, d.day, d.what, d.n, d.x, d.w, d.ww FROM person_days d JOIN authors a ON a.n = d.author"
        " WHERE d.project = :project AND d.n > 0 ORDER BY a.id, d.day, d.what",
        project=scope.project,
    )


def _person(row: PersonRow) -> list[object]:
    median = None if row.median_ms is None else row.median_ms / 1000
    return [
        *(row.author.id, row.author.name, row.author.type, row.answers, row.skipped, row.active_ms / 1000, median),
        row.pace,
        *(*_of(row.accuracy), *_of(row.agreement), *_of(row.reviewed), *_of(row.gold)),
        *(*row.verdicts.values(), row.defects, row.falling_since, row.last_day),
    ]


def _reviewer(row: ReviewerRow) -> list[object]:
    known = row.author
    seconds = row.active_ms / 1000
    return [known.id, known.name, known.type, row.judged, seconds, *row.verdicts.values(), *_of(row.overturned)]


def _of(one: Measure) -> tuple[float | None, float | None, float | None, int]:
    return one.value, one.low, one.high, one.n


def _csv(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(head)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return out.getvalue()


def _cell(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(RISKY) else value

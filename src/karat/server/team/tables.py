"""The tables of the people's page to take along."""

from collections.abc import Iterable, Sequence
from typing import Literal, get_args

from karat.model.problem import Problem, Refused, shown
from karat.quality.measure import Measure
from karat.server.access import Scope
from karat.server.database import Tx
from karat.server.database.base import Row
from karat.server.sheets import Sheet
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
TEXTS = frozenset({"id", "name", "type", "day", "what", "falling_since", "last_day"})
WHOLE = frozenset({"answers", "skipped", "judged", "accepted", "fixed", "rejected", "defects", "n"})


def sheet(tx: Tx, scope: Scope, name: str) -> Sheet:
    """One of the tables."""
    match name:
        case "people":
            return _sheet(PEOPLE, (_person(row) for row in team(tx, scope).people))
        case "reviewers":
            return _sheet(REVIEWERS, (_reviewer(row) for row in team(tx, scope).reviewers))
        case "days":
            return _sheet(DAYS, _days(tx, scope))
    raise Refused([Problem("table", shown(name), f"one of {', '.join(NAMES)}", "Name one of the tables.")])


def _days(tx: Tx, scope: Scope) -> Iterable[Row]:
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


def _sheet(head: Sequence[str], rows: Iterable[Row]) -> Sheet:
    return Sheet({name: _type(name) for name in head}, list(rows))


def _type(name: str) -> Literal["text", "integer", "number"]:
    if name in TEXTS:
        return "text"
    return "integer" if name in WHOLE or name.endswith("_n") else "number"

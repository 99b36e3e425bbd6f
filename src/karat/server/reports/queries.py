"""Reading reports: what is kept up to date, what was computed, and whether it still holds."""

from collections.abc import Sequence
from typing import TypeVar

import msgspec

from karat.quality.measure import Measure
from karat.server.access import Scope
from karat.server.database import Tx
from karat.server.database.base import Row
from karat.server.items.queries import authors_by_key
from karat.server.items.schemas import Person
from karat.server.items.words import known_words, texts_of
from karat.server.projects.changes import flat_titles
from karat.server.projects.queries import schema_of
from karat.server.reports.computing import PairsBody
from karat.server.reports.schemas import (
    AgreementReport,
    ConsensusRow,
    DayCount,
    DisagreementRow,
    FieldRow,
    LabelCount,
    Pairs,
    PersonProgress,
    Progress,
    StateCount,
)
from karat.server.wire import Page, from_cursor, limited, page

T = TypeVar("T")
DAYS_SHOWN = 366

_MEDIANS = """
SELECT author, avg(active_ms) FROM (
  SELECT author, active_ms, row_number() OVER (PARTITION BY author ORDER BY active_ms) AS k,
    count(*) OVER (PARTITION BY author) AS c
  FROM responses WHERE project = :project AND state = 'submitted' AND active_ms > 0) q
WHERE k IN ((c + 1) / 2, (c + 2) / 2) GROUP BY author
"""
_BY_DAY = """
SELECT author, state, substr(at, 1, 10), count(*) FROM responses WHERE project = :project AND state IN ('submitted', 'skipped')
GROUP BY author, state, substr(at, 1, 10)
"""


def progress(tx: Tx, scope: Scope) -> Progress:
    """How far the project is, by state, day and person."""
    items, labeled, done, responses = tx.run(
        "SELECT items, labeled, done, responses FROM projects WHERE n = :n", n=scope.project
    )[0]
    by_state = {"open": items - labeled - done, "labeled": labeled, "done": done}
    rows = tx.run(_BY_DAY, project=scope.project)
    people = authors_by_key(tx, scope.workspace, {row[0] for row in rows})
    people = {n: person for n, person in people.items() if person.type != "consensus"}
    medians = {author: round(value) for author, value in tx.run(_MEDIANS, project=scope.project)}
    days: dict[str, int] = {}
    for author, state, day, n in rows:
        if state == "submitted" and author in people:
            days[day] = days.get(day, 0) + n
    return Progress(
        items=items,
        responses=responses,
        by_state=by_state,
        states=[StateCount(state, n, {"all": [{"state": [state]}]}) for state, n in by_state.items()],
        by_day=[DayCount(day, days[day]) for day in sorted(days)][-DAYS_SHOWN:],
        people=_people(tx, scope, people, rows, medians),
    )


def agreement(tx: Tx, scope: Scope) -> AgreementReport:
    """Agreement per field as it was last computed."""
    fields, at, stale = _stored(tx, scope, "agreement", list[FieldRow])
    return AgreementReport(computed_at=at, stale=stale, fields=fields or [])


def pairs(tx: Tx, scope: Scope, field: str | None) -> Pairs:
    """Everybody against everybody on a field; the schema's first that was compared where none is named."""
    if field is None:
        compared, _, _ = _stored(tx, scope, "agreement", list[FieldRow])
        field = compared[0].field if compared else next(iter(schema_of(tx, scope.project)[1].fields))
    body, at, stale = _stored(tx, scope, f"pairs:{field}", PairsBody)
    cells = body.cells if body else []
    ids = {author for cell in cells for author in (cell.a, cell.b)}
    people = [person for person in _persons(tx, scope, ids) if person.id in ids]
    return Pairs(field, at, stale, sorted(people, key=lambda person: person.name), cells)


def disagreement(tx: Tx, scope: Scope, *, field: str | None, limit: int | None, cursor: str | None) -> Page[DisagreementRow]:
    """The items whose authors differ most, on one field or over all."""
    size = limited(limit)
    place = from_cursor(cursor, tuple[float, int])
    values: dict[str, object] = {"project": scope.project, "limit": size + 1}
    if place is not None:
        values |= {"distance": place[0], "item": place[1]}
    if field is None:
        beyond = " AND (disagreement, n) < (:distance, :item)" if place else ""
        rows = tx.run(
            "SELECT id, key, disagreement, responses, n FROM items WHERE project = :project AND deleted_at IS NULL"  # noqa: S608 - one of two constants
            f" AND disagreement IS NOT NULL AND disagreement > 0{beyond} ORDER BY disagreement DESC, n DESC LIMIT :limit",
            **values,
        )
    else:
        beyond = " AND (d.distance, d.item) < (:distance, :item)" if place else ""
        rows = tx.run(
            "SELECT i.id, i.key, d.distance, d.n, i.n FROM disagreements d JOIN items i ON i.n = d.item"  # noqa: S608 - one of two constants
            f" WHERE d.project = :project AND d.field = :field AND i.deleted_at IS NULL{beyond}"
            " ORDER BY d.distance DESC, d.item DESC LIMIT :limit",
            field=known_words(tx, scope.project, "field", [field]).get(field, -1),
            **values,
        )
    keys = {row[0]: (row[2], row[4]) for row in rows}
    found = [DisagreementRow(id_, key, distance, n) for id_, key, distance, n, _ in rows]
    return page(found, size, lambda row: keys[row.item])


def labels(tx: Tx, scope: Scope) -> list[LabelCount]:
    """How often each label and option was given."""
    _, schema = schema_of(tx, scope.project)
    rows = tx.run(
        "SELECT field, label, sum(n) FROM marks WHERE project = :project AND author <> 0 GROUP BY field, label", project=scope.project
    )
    words = texts_of(tx, scope.project, {word for field, label, _ in rows for word in (field, label)})
    own = set(known_words(tx, scope.project, "own", ["tags", "authors"]).values())
    found: list[LabelCount] = []
    for field, label, n in rows:
        if field in own or words.get(field, "").partition(".")[0] not in schema.fields:
            continue
        key, name = words[field], words[label]
        top = schema.fields.get(key)
        title = name if top is None else top.labels[name].title if name in top.labels else flat_titles(top).get(name, name)
        found.append(LabelCount(key, name, title, int(n), {"all": [{"label": {"field": key, "label": name}}]}))
    order = {key: i for i, key in enumerate(schema.fields)}
    return sorted(found, key=lambda row: (order.get(row.field.partition(".")[0], 0), row.field, -row.n, row.label))


def consensus_of(tx: Tx, scope: Scope, item: int) -> list[ConsensusRow]:
    """What the authors of an item say together, field by field in the order of the schema."""
    _, schema = schema_of(tx, scope.project)
    rows = tx.run(
        "SELECT field, method, annotations, score, tie, n FROM consensus WHERE item = :item AND project = :project",
        item=item,
        project=scope.project,
    )
    found = {
        field: ConsensusRow(field, method, msgspec.Raw(annotations.encode()), score, bool(tie), n)
        for field, method, annotations, score, tie, n in rows
    }
    return [found[field] for field in schema.fields if field in found]


def _people(
    tx: Tx, scope: Scope, people: dict[int, Person], rows: Sequence[Row], medians: dict[int, int]
) -> list[PersonProgress]:
    agreed, _, _ = _stored(tx, scope, "people", dict[str, Measure])
    today = tx.now()[:10]
    counts: dict[int, dict[str, int]] = {}
    for author, state, day, n in rows:
        mine = counts.setdefault(author, {"submitted": 0, "skipped": 0, "today": 0})
        mine[state] += n
        mine["today"] += n if day == today and state == "submitted" else 0
    found = [
        PersonProgress(
            author=person,
            responses=counts[n]["submitted"],
            skipped=counts[n]["skipped"],
            items=counts[n]["submitted"] + counts[n]["skipped"],
            median_ms=medians.get(n),
            today=counts[n]["today"],
            agreement=(agreed or {}).get(person.id),
            filter={"all": [{"author": person.id}]},
        )
        for n, person in people.items()
    ]
    return sorted(found, key=lambda row: (-row.responses, row.author.name))


def _stored(tx: Tx, scope: Scope, name: str, type_: type[T]) -> tuple[T | None, str | None, bool]:
    """A report, when it was computed, and whether answers came, went or changed since."""
    rows = tx.run("SELECT body, at, upto_seq FROM reports WHERE project = :project AND name = :name", project=scope.project, name=name)
    if not rows:
        answered = tx.run("SELECT responses FROM projects WHERE n = :n", n=scope.project)[0][0]
        return None, None, bool(answered)
    body, at, upto = rows[0]
    later = tx.run(
        "SELECT 1 FROM events WHERE project = :project AND seq > :upto AND name IN ('response.submitted', 'response.skipped',"
        " 'response.reverted', 'response.excluded', 'items.imported', 'item.deleted', 'project.changed') LIMIT 1",
        project=scope.project,
        upto=upto,
    )
    return msgspec.json.decode(body, type=type_), at, bool(later)


def _persons(tx: Tx, scope: Scope, ids: set[str]) -> list[Person]:
    if not ids:
        return []
    values = {f"v{i}": id_ for i, id_ in enumerate(sorted(ids))}
    names = ", ".join(f":{name}" for name in values)
    rows = tx.run(
        f"SELECT id, name, type FROM authors WHERE workspace = :workspace AND id IN ({names})",  # noqa: S608 - names of parameters only
        workspace=scope.workspace,
        **values,
    )
    return [Person(*row) for row in rows]

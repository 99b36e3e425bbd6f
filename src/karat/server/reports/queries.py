"""Reading reports: what is kept up to date, what was computed, and whether it still holds."""

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TypeVar
from weakref import WeakKeyDictionary

import msgspec
import sqlalchemy as sa

from karat.quality.measure import Measure
from karat.server.access import Scope
from karat.server.database import Tx
from karat.server.database.base import Row
from karat.server.items.names import authors_by_key
from karat.server.items.schemas import Person
from karat.server.projects.changes import flat_titles
from karat.server.projects.queries import schema_of
from karat.server.reports.authors import persons
from karat.server.reports.computing import PairsBody
from karat.server.reports.schemas import (
    AgreementReport,
    ComparedField,
    ComparedReport,
    DayCount,
    DisagreementRow,
    FieldRow,
    LabelCount,
    Pairs,
    PersonProgress,
    Progress,
    StateCount,
)
from karat.server.search.words import known_words, texts_of
from karat.server.wire import Page, from_cursor, limited, page

T = TypeVar("T")
DAYS_SHOWN = 366

# One pass over the answers: who, what came of it, on which day, how long in steps of a tenth of a second.
_DONE = """
SELECT author, state, substr(at, 1, 10), active_ms / 100, count(*) FROM responses
WHERE project = :project AND state IN ('submitted', 'skipped') GROUP BY 1, 2, 3, 4
"""
STEP_MS = 100
KEPT_S = 10.0
"""How long a project's progress is kept where counting took a while; the numbers of items by state are always of now."""
SLOW_S = 0.2


class Tally(msgspec.Struct, frozen=True):
    """What one author did."""

    submitted: int
    skipped: int
    by_day: dict[str, int]
    median_ms: int | None


_tallies: WeakKeyDictionary[sa.Engine, dict[int, tuple[float, dict[int, Tally]]]] = WeakKeyDictionary()


def progress(tx: Tx, scope: Scope) -> Progress:
    """How far the project is, by state, day and person."""
    items, labeled, done, responses = tx.run(
        "SELECT items, labeled, done, responses FROM projects WHERE n = :n", n=scope.project
    )[0]
    by_state = {"open": items - labeled - done, "labeled": labeled, "done": done}
    tallies = tally(tx, scope.project)
    people = authors_by_key(tx, scope.workspace, tallies)
    people = {n: person for n, person in people.items() if person.type != "consensus"}
    days: Counter[str] = Counter()
    for author in people:
        days.update(tallies[author].by_day)
    return Progress(
        items=items,
        responses=responses,
        by_state=by_state,
        states=[StateCount(state, n, {"all": [{"state": [state]}]}) for state, n in by_state.items()],
        by_day=[DayCount(day, days[day]) for day in sorted(days)][-DAYS_SHOWN:],
        people=_people(tx, scope, people, tallies),
    )


def agreement(tx: Tx, scope: Scope) -> AgreementReport:
    """Agreement per field as it was last computed."""
    fields, at, stale = _stored(tx, scope, "agreement", list[FieldRow])
    return AgreementReport(computed_at=at, stale=stale, fields=fields or [])


def compared(tx: Tx, scope: Scope) -> ComparedReport:
    """What was said of candidates, as it was last computed."""
    fields, at, stale = _stored(tx, scope, "compared", list[ComparedField])
    ids = {person.author for field in fields or [] for person in field.people}
    people = [person for person in persons(tx, scope, ids) if person.id in ids]
    return ComparedReport(computed_at=at, stale=stale, fields=fields or [], people=people)


def pairs(tx: Tx, scope: Scope, field: str | None) -> Pairs:
    """Everybody against everybody on a field; the schema's first that was compared where none is named."""
    if field is None:
        known, _, _ = _stored(tx, scope, "agreement", list[FieldRow])
        field = known[0].field if known else next(iter(schema_of(tx, scope.project)[1].fields))
    body, at, stale = _stored(tx, scope, f"pairs:{field}", PairsBody)
    cells = body.cells if body else []
    ids = {author for cell in cells for author in (cell.a, cell.b)}
    people = [person for person in persons(tx, scope, ids) if person.id in ids]
    return Pairs(field, at, stale, sorted(people, key=lambda person: person.name), cells)


def disagreement(
    tx: Tx, scope: Scope, *, field: str | None, limit: int | None, cursor: str | None
) -> Page[DisagreementRow]:
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
        "SELECT field, label, sum(n) FROM marks WHERE project = :project AND author <> 0 GROUP BY field, label",
        project=scope.project,
    )
    words = texts_of(tx, scope.project, {word for field, label, _ in rows for word in (field, label)})
    own = set(known_words(tx, scope.project, "own", ["tags", "authors"]).values())
    found: list[LabelCount] = []
    for field, label, n in rows:
        if field in own or words.get(field, "").partition(".")[0] not in schema.fields:
            continue
        key, name = words[field], words[label]
        top = schema.fields.get(key)
        title = (
            name if top is None else top.labels[name].title if name in top.labels else flat_titles(top).get(name, name)
        )
        found.append(LabelCount(key, name, title, int(n), {"all": [{"label": {"field": key, "label": name}}]}))
    order = {key: i for i, key in enumerate(schema.fields)}
    return sorted(found, key=lambda row: (order.get(row.field.partition(".")[0], 0), row.field, -row.n, row.label))


def tally(tx: Tx, project: int) -> dict[int, Tally]:
    """What each author did; counted anew at most every ten seconds where that takes long."""
    kept = _tallies.setdefault(tx.connection.engine, {})
    found = kept.get(project)
    if found is not None and time.monotonic() < found[0]:
        return found[1]
    began = time.monotonic()
    by_author: dict[int, list[Row]] = {}
    for row in tx.run(_DONE, project=project):
        by_author.setdefault(row[0], []).append(row)
    tallies = {author: _tallied(rows) for author, rows in by_author.items()}
    if time.monotonic() - began > SLOW_S:
        kept[project] = (time.monotonic() + KEPT_S, tallies)
    return tallies


def _tallied(rows: Sequence[Row]) -> Tally:
    by_day: Counter[str] = Counter()
    times: Counter[int] = Counter()
    skipped = 0
    for _, state, day, step, n in rows:
        if state == "skipped":
            skipped += n
        else:
            by_day[day] += n
            times[step] += n
    return Tally(by_day.total(), skipped, dict(by_day), _median_ms(times))


def _median_ms(times: Counter[int]) -> int | None:
    """The median of times counted in steps; answers without a time are left out."""
    timed = sorted((step, n) for step, n in times.items() if step > 0)
    half, seen = sum(n for _, n in timed) / 2, 0
    for step, n in timed:
        seen += n
        if seen >= half:
            return step * STEP_MS
    return None


def _people(tx: Tx, scope: Scope, people: Mapping[int, Person], tallies: Mapping[int, Tally]) -> list[PersonProgress]:
    agreed, _, _ = _stored(tx, scope, "people", dict[str, Measure])
    skills, _, _ = _stored(tx, scope, "skills", dict[str, Measure])
    today = tx.now()[:10]
    found = [
        PersonProgress(
            author=person,
            responses=tallies[n].submitted,
            skipped=tallies[n].skipped,
            items=tallies[n].submitted + tallies[n].skipped,
            median_ms=tallies[n].median_ms,
            today=tallies[n].by_day.get(today, 0),
            agreement=(agreed or {}).get(person.id),
            skill=(skills or {}).get(person.id),
            filter={"all": [{"author": person.id}]},
        )
        for n, person in people.items()
    ]
    return sorted(found, key=lambda row: (-row.responses, row.author.name))


def _stored(tx: Tx, scope: Scope, name: str, type_: type[T]) -> tuple[T | None, str | None, bool]:
    """A report, when it was computed, and whether answers came, went or changed since."""
    rows = tx.run(
        "SELECT body, at, upto_seq FROM reports WHERE project = :project AND name = :name",
        project=scope.project,
        name=name,
    )
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

"""Reading reports: what is kept up to date, what was computed, and whether it still holds."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import TypeVar

import msgspec

from karat.quality.annotators.bins import median_ms
from karat.quality.measure import Measure
from karat.server.access import Scope
from karat.server.database import Tx
from karat.server.items.names import authors_by_key
from karat.server.items.schemas import Person
from karat.server.reports.authors import persons
from karat.server.reports.schemas import (
    AgreementReport,
    ComparedField,
    ComparedReport,
    DayCount,
    DisagreementRow,
    FieldRow,
    PersonProgress,
    Progress,
    StateCount,
)
from karat.server.search.words import known_words
from karat.server.wire import Page, from_cursor, limited, page

T = TypeVar("T")
DAYS_SHOWN = 366


class Tally(msgspec.Struct, frozen=True):
    """What one author did."""

    submitted: int
    skipped: int
    by_day: dict[str, int]
    median_ms: int | None


def progress(tx: Tx, scope: Scope) -> Progress:
    """How far the project is, by state, day and person."""
    total, labeled, done, responses = tx.run(
        "SELECT items, labeled, done, responses FROM projects WHERE n = :n", n=scope.project
    )[0]
    by_state = {"open": total - labeled - done, "labeled": labeled, "done": done}
    tallies = tally(tx, scope.project)
    people = authors_by_key(tx, scope.workspace, tallies)
    people = {n: person for n, person in people.items() if person.type != "consensus"}
    days: Counter[str] = Counter()
    for author in people:
        days.update(tallies[author].by_day)
    rows = tx.run("SELECT day, n FROM rollups WHERE project = :n AND what = 'day' AND n > 0", n=scope.project)
    items = {day: int(n) for day, n in rows}
    return Progress(
        items=total,
        responses=responses,
        by_state=by_state,
        states=[StateCount(state, n, {"all": [{"state": [state]}]}) for state, n in by_state.items()],
        by_day=[
            DayCount(day, days[day], items.get(day, 0), {"all": [{"answered": {"since": day, "until": day}}]})
            for day in sorted(days)
        ][-DAYS_SHOWN:],
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


def tally(tx: Tx, project: int) -> dict[int, Tally]:
    """What each author did, from the sums that are kept of them."""
    days: defaultdict[int, Counter[str]] = defaultdict(Counter)
    skipped: Counter[int] = Counter()
    times: defaultdict[int, Counter[int]] = defaultdict(Counter)
    for author, what, day, n in tx.run(
        "SELECT author, what, day, n FROM person_days WHERE project = :project AND n > 0"
        " AND (what IN ('answers', 'skipped') OR (what >= 'time:' AND what < 'time;'))",
        project=project,
    ):
        if what == "answers":
            days[author][day] += n
        elif what == "skipped":
            skipped[author] += n
        else:
            times[author][int(what.removeprefix("time:"))] += n
    return {
        author: Tally(days[author].total(), skipped[author], dict(days[author]), median_ms(times[author]))
        for author in sorted(days.keys() | skipped.keys())
    }


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
            filter={"all": [{"answered": {"author": person.id}}]},
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

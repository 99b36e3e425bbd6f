"""Comparing answers with keys, as they come in: what each is off by on every field."""

from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from karat.kinds.checking import parse_annotations
from karat.model.response import Annotation, Author, Base, Covers, Response
from karat.model.schema import Schema
from karat.quality.differences import differences
from karat.server.access import Scope
from karat.server.database import Tx
from karat.server.database.base import Row
from karat.server.gold.actions import retire
from karat.server.gold.keys import Key, base_of
from karat.server.gold.right import is_right
from karat.server.gold.telling import close_batches
from karat.server.gold.trusting import settle
from karat.server.projects.queries import schema_of

LEAKED = 5
"""An item that the last so many people answered rightly, each in less than a third of their usual time, has leaked …"""
BEFORE = 3
"""… unless those before them were as quick, at least so many: then it is easy."""
MOST_BEFORE = 25
_covers = msgspec.json.Decoder(Covers)
_SAID = (
    "SELECT r.n, r.head, r.author, a.id, a.type, a.name, v.schema_version, v.covers, v.annotations, r.active_ms, r.apart,"
    " r.at, (SELECT x.why FROM (SELECT s.why FROM assignments s WHERE s.item = r.item AND s.author = r.author"
    " AND s.apart ORDER BY s.at DESC LIMIT 1) x) FROM responses r JOIN authors a ON a.n = r.author"
    " JOIN revisions v ON v.response = r.n AND v.revision = "
)


class Scored(NamedTuple):
    """What an answer came to: by field the distance to the key, and 1 minus their mean."""

    fields: dict[str, float]
    score: float


def score(tx: Tx, scope: Scope, items: Sequence[int]) -> int:
    """Compare what people said of those of the items that are gold with their keys; how many answers were compared."""
    total = 0
    authors: set[int] = set()
    for item in items:
        rows = tx.run(
            "SELECT response, revision, source, at, use, state, told_at FROM gold WHERE item = :item AND reason <> 'disputed'",
            item=item,
        )
        if rows:
            response, revision, source, made_at, use, state, told_at = rows[0]
            found = _score_item(
                tx, scope, item, Key(response, revision), source=source, made_at=made_at, told_at=told_at
            )
            total += len(found)
            authors |= found
            if state == "active" and use == "hidden" and _has_leaked(tx, scope.project, item):
                retire(tx, scope, [item], "leaked")
    if authors:
        close_batches(tx, scope.project, sorted(authors), schema_of(tx, scope.project)[1])
    return total


def compare(answer: Response, key: Response, schema: Schema) -> Scored | None:
    """How far an answer is from the key; None where it speaks of nothing that the key does."""
    fields = {one.field: one.distance for one in differences(answer, key, schema)}
    return Scored(fields, 1 - sum(fields.values()) / len(fields)) if fields else None


def key_of(tx: Tx, project: int, key: Key) -> Response:
    """The key as a value."""
    rows = tx.run(f"{_SAID} :revision WHERE r.n = :n", n=key.response, revision=key.revision)
    return response_of(tx, project, rows[0])


def said_by(tx: Tx, project: int, item: int, author: int) -> Response | None:
    """What somebody's answer to an item says now; None where none stands."""
    rows = tx.run(
        f"{_SAID} r.head WHERE r.item = :item AND r.author = :author AND r.state = 'submitted'",
        item=item,
        author=author,
    )
    return response_of(tx, project, rows[0]) if rows else None


def said_of(tx: Tx, project: int, response: int) -> Response | None:
    """What an answer says now; None where it does not stand."""
    rows = tx.run(f"{_SAID} r.head WHERE r.n = :n AND r.state = 'submitted'", n=response)
    return response_of(tx, project, rows[0]) if rows else None


def first_said_by(tx: Tx, project: int, item: int, author: int) -> Response | None:
    """What somebody first handed in of an item, whatever they said later; None where nothing was."""
    first = "(SELECT min(x.revision) FROM revisions x WHERE x.response = r.n AND x.state = 'submitted')"
    rows = tx.run(f"{_SAID} {first} WHERE r.item = :item AND r.author = :author", item=item, author=author)
    return response_of(tx, project, rows[0]) if rows else None


def response_of(tx: Tx, project: int, row: Row) -> Response:
    """A stored answer as a value that quality can compare."""
    n, head, _, author, type_, name, version, covers, annotations = row[:9]
    parsed: tuple[Annotation, ...]
    # What no longer fits its own schema version cannot be compared; it was checked when it came in.
    parsed, _ = parse_annotations(annotations.encode(), schema_of(tx, project, version)[1], complete=False)
    who = Author(type=type_, name=name, id=author)
    return Response(author=who, annotations=parsed, covers=_covers.decode(covers), id=str(n), revision=head)


def _score_item(
    tx: Tx, scope: Scope, item: int, key: Key, *, source: str, made_at: str, told_at: str | None
) -> set[int]:
    """The authors whose answers were compared."""
    _, schema = schema_of(tx, scope.project)
    known = key_of(tx, scope.project, key)
    origin = base_of(tx, key)
    rows = tx.run(
        f"{_SAID} r.head WHERE r.item = :item AND r.state = 'submitted' AND a.type = 'person'"
        " AND (r.excluded IS NULL OR r.apart)",
        item=item,
    )
    before = {n for (n,) in tx.run("SELECT author FROM gold_answers WHERE item = :item", item=item)}
    found: set[int] = set()
    for row in rows:
        author, active_ms, is_apart, at, why = row[2], row[9], row[10], row[11], row[12]
        # Whose answer the key is made of is no judge of it, nor is who took part in the result that became the key.
        if (origin is not None and origin[0] == author) or (source == "result" and not is_apart and at < made_at):
            continue
        if told_at is not None and at > told_at:
            # What was said since people know the key says nothing of them; what they said before stays.
            found |= {author} & before
            continue
        scored = compare(response_of(tx, scope.project, row), known, schema)
        if scored is not None:
            given = msgspec.json.decode(why)["use"] if is_apart and why else "work"
            use = "hidden" if given == "gold" else given
            said = response_of(tx, scope.project, row)
            begun = _begun_with(tx, scope.project, row[0], row[1]) if use == "hidden" else None
            if use == "hidden" and settle(tx, item, author, schema, answer=said, key=known, suggested=begun):
                # Who was misled on purpose is measured by that, not by the score.
                use = "planted"
            _write(tx, scope, item, row, key, scored, use=use, active_ms=active_ms)
            found.add(author)
    tx.many(
        "DELETE FROM gold_answers WHERE item = :item AND author = :author",
        [{"item": item, "author": author} for author in sorted(before - found)],
    )
    return found


def _begun_with(tx: Tx, project: int, response: int, revision: int) -> Response | None:
    """What an answer began as, as its source said it; None where it began empty."""
    base = tx.run(
        "SELECT base FROM revisions WHERE response = :n AND revision = :revision", n=response, revision=revision
    )[0][0]
    if base is None:
        return None
    origin = msgspec.json.decode(base, type=Base)
    rows = tx.run("SELECT n FROM responses WHERE id = :id AND project = :project", id=origin.response, project=project)
    return key_of(tx, project, Key(rows[0][0], origin.revision)) if rows else None


def _write(tx: Tx, scope: Scope, item: int, row: Row, key: Key, scored: Scored, *, use: str, active_ms: int) -> None:
    tx.put(
        "INSERT INTO gold_answers (item, author, project, response, revision, key_revision, use, score, fields, active_ms, at)"
        " VALUES (:item, :author, :project, :response, :revision, :key, :use, :score, :fields, :active_ms, :now)"
        " ON CONFLICT (item, author) DO UPDATE SET response = excluded.response, revision = excluded.revision,"
        " key_revision = excluded.key_revision, use = excluded.use, score = excluded.score, fields = excluded.fields,"
        " active_ms = excluded.active_ms",
        item=item,
        author=row[2],
        project=scope.project,
        response=row[0],
        revision=row[1],
        key=key.revision,
        use=use,
        score=scored.score,
        fields=msgspec.json.encode(scored.fields).decode(),
        active_ms=active_ms,
        now=tx.now(),
    )


def _has_leaked(tx: Tx, project: int, item: int) -> bool:
    """Whether the last people to be given the item knew the answer before they could have found it.

    Where there is little to do, as on a picture without anything, everybody is quick: so those before them must have taken
    their time.
    """
    rows = tx.run(
        "SELECT author, fields, active_ms FROM gold_answers WHERE item = :item AND use = 'hidden' ORDER BY at DESC LIMIT :n",
        item=item,
        n=LEAKED + MOST_BEFORE,
    )
    if len(rows) < LEAKED + BEFORE:
        return False
    _, schema = schema_of(tx, project)

    def is_quick(row: Row) -> bool:
        return bool(row[2] * 3 < _usual_ms(tx, project, row[0]))

    last, before = rows[:LEAKED], rows[LEAKED:]
    known = all(is_right(msgspec.json.decode(row[1], type=dict[str, float]), schema) for row in last)
    return known and all(map(is_quick, last)) and sum(map(is_quick, before)) * 2 < len(before)


def _usual_ms(tx: Tx, project: int, author: int) -> float:
    """The middle of the times of somebody's last answers in the project."""
    rows = tx.run(
        "SELECT active_ms FROM responses WHERE project = :project AND author = :author AND state = 'submitted'"
        " ORDER BY at DESC LIMIT 51",
        project=project,
        author=author,
    )
    times = sorted(row[0] for row in rows)
    return float(times[len(times) // 2]) if times else 0.0

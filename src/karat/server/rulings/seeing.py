# ruff: noqa: S608 - the SQL is put together from constants; every value is a parameter
"""Who sees which thread, and how much of it: annotators their own and those in which they are named, without names."""

from collections.abc import Iterable, Sequence

import msgspec

from karat.model.item import Scalar
from karat.server.access import Actor, Scope, enter_by_key, missing
from karat.server.blinding import author_id
from karat.server.database import Tx
from karat.server.database.base import Row
from karat.server.items.schemas import Person
from karat.server.rulings.naming import without_names
from karat.server.rulings.schemas import Message, Place, Precedent, Thread

_PLACE = msgspec.json.Decoder(Place)
_APPLIES = msgspec.json.Decoder(dict[str, Scalar])
_IDS = msgspec.json.Decoder(tuple[str, ...])
THREAD = "SELECT t.n, t.id, i.id, t.kind, t.state, t.place, t.author, t.at, t.changed_at FROM threads t JOIN items i ON i.n = t.item AND i.deleted_at IS NULL"
PRECEDENT = (
    "SELECT p.n, p.id, p.about, p.text, p.field, p.label, p.clause, p.applies, i.id, p.example, p.shown, a.id, a.name, a.type,"
    " p.at, p.withdrawn_at, i.state, p.words FROM precedents p LEFT JOIN items i ON i.n = p.item AND i.deleted_at IS NULL"
    " LEFT JOIN authors a ON a.n = p.by"
)
MINE = " AND EXISTS (SELECT 1 FROM thread_people o WHERE o.thread = t.n AND o.author = :me)"
"""What of the threads an annotator sees."""


def sees_all(scope: Scope) -> bool:
    """Whether somebody sees every thread, with names."""
    return scope.has("responses.see")


def enter_thread(tx: Tx, actor: Actor, right: str, thread: str) -> tuple[Scope, Row]:
    """The scope of a thread's project, and the thread's row; 404 where it is not for this person."""
    found = tx.run("SELECT project FROM threads WHERE id = :id", id=thread)
    if not found:
        raise missing("thread", thread)
    scope = enter_by_key(tx, actor, right, project=found[0][0], what="thread", shown=thread)
    mine = "" if sees_all(scope) else MINE
    rows = tx.run(f"{THREAD} WHERE t.id = :id{mine}", id=thread, **({"me": scope.author} if mine else {}))
    if not rows:
        raise missing("thread", thread)
    return scope, rows[0]


def threads_of(tx: Tx, scope: Scope, rows: Sequence[Row]) -> list[Thread]:
    """Threads with what was said on them, as much as this person may know."""
    if not rows:
        return []
    is_open = sees_all(scope)
    names = ", ".join(str(int(row[0])) for row in rows)
    messages = tx.run(
        f"SELECT thread, id, author, text, mentions, at FROM messages WHERE thread IN ({names}) ORDER BY n"
    )
    ruled = tx.run(
        f"{PRECEDENT} WHERE p.thread IN ({names}) AND p.project = :project AND p.withdrawn_at IS NULL ORDER BY p.n",
        project=scope.project,
    )
    of = {id_: thread for id_, thread in tx.run(f"SELECT id, thread FROM precedents WHERE thread IN ({names})")}  # noqa: C416 - it says what a row is
    rulings = {of[row[1]]: precedent_of(row, is_open=is_open) for row in ruled}
    people = _people(tx, scope, {m[2] for m in messages} | {row[6] for row in rows})
    named = _named(tx, scope, {id_ for m in messages for id_ in _IDS.decode(m[4])}) if is_open else {}
    own = None if is_open else author_id(tx, scope)
    said: dict[int, list[Message]] = {}
    for thread, id_, author, text, mentions, at in messages:
        is_mine = author == scope.author
        said.setdefault(thread, []).append(
            Message(
                id=id_,
                author=people.get(author) if is_open or is_mine else None,
                mine=is_mine,
                text=text if is_open else without_names(text, own),
                mentions=tuple(named[one] for one in _IDS.decode(mentions) if one in named),
                at=at,
            )
        )
    return [
        Thread(
            id=row[1],
            item=row[2],
            kind=row[3],
            state=row[4],
            place=_PLACE.decode(row[5]),
            author=people.get(row[6]) if is_open or row[6] == scope.author else None,
            mine=row[6] == scope.author,
            messages=tuple(said.get(row[0], ())),
            ruling=rulings.get(row[0]),
            at=row[7],
            changed_at=row[8],
        )
        for row in rows
    ]


def precedent_of(row: Row, *, is_open: bool, score: float | None = None) -> Precedent:
    """A precedent as it is told: to annotators without names, and without an item whose answers are still awaited."""
    has_item = is_open or (bool(row[10]) and row[16] == "done")
    return Precedent(
        id=row[1],
        about=row[2],
        text=row[3],
        field=row[4],
        label=row[5],
        clause=row[6],
        applies=_APPLIES.decode(row[7]),
        item=row[8] if has_item else None,
        place=_PLACE.decode(row[9]) if has_item else Place(),
        shown=bool(row[10]),
        by=Person(row[11], row[12], row[13]) if is_open and row[11] else None,
        at=row[14],
        withdrawn_at=row[15],
        score=score,
    )


def _people(tx: Tx, scope: Scope, authors: Iterable[int]) -> dict[int, Person]:
    names = ", ".join(str(int(n)) for n in authors)
    rows = tx.run(f"SELECT n, id, name, type FROM authors WHERE n IN ({names}) AND workspace = :w", w=scope.workspace)
    return {n: Person(id_, name, type_) for n, id_, name, type_ in rows}


def _named(tx: Tx, scope: Scope, ids: set[str]) -> dict[str, Person]:
    found: dict[str, Person] = {}
    for id_ in sorted(ids):
        rows = tx.run("SELECT id, name, type FROM authors WHERE id = :id AND workspace = :w", id=id_, w=scope.workspace)
        found |= {row[0]: Person(*row) for row in rows}
    return found

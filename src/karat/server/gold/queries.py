"""Gold items with what the answers say of them, people with how they do, and one's own score."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from karat.model.schema import Schema
from karat.quality.estimate import exact_interval
from karat.quality.measure import Measure, measure
from karat.server.access import Actor, Scope, enter_project
from karat.server.database import Tx, named
from karat.server.database.base import Row
from karat.server.gold.right import is_right, wrong_on
from karat.server.gold.schemas import BatchItem, GoldRow, OwnBatch, OwnScore, PersonScore, State, Use
from karat.server.gold.telling import COUNTED, Told, told_of
from karat.server.items.names import authors_by_key
from karat.server.projects.queries import schema_of
from karat.server.wire import Page, page

FEW = 5
"""Answers before an item is called suspicious."""


class Answered(NamedTuple):
    """What an answer to an item came to: its score, and by field the distance to the key."""

    score: float
    fields: dict[str, float]


_fields = msgspec.json.Decoder(dict[str, float])
_hints = msgspec.json.Decoder(dict[str, str])


def list_gold(
    tx: Tx, actor: Actor, project: str, *, use: Use | None, state: State | None, limit: int, after: int | None
) -> Page[GoldRow]:
    """The gold items of a project, the newest first."""
    scope = enter_project(tx, actor, "gold.see", project=project)
    wanted = {"use": use, "state": state, "n": after}
    asked = {name: value for name, value in wanted.items() if value is not None}
    only = {"use": " AND g.use = :use", "state": " AND g.state = :state", "n": " AND g.n < :n"}
    rows = tx.run(
        "SELECT g.id, i.id, i.key, g.use, g.state, g.source, g.reason, g.hints, r.id, g.revision, g.uses, g.most, g.at,"  # noqa: S608 - constants
        " g.n, g.item FROM gold g JOIN items i ON i.n = g.item AND i.deleted_at IS NULL JOIN responses r ON r.n = g.response"
        f" WHERE g.project = :project{''.join(only[name] for name in asked)} ORDER BY g.n DESC LIMIT :limit",
        project=scope.project,
        limit=limit + 1,
        **asked,
    )
    scores, (_, schema) = _scores(tx, [row[14] for row in rows]), schema_of(tx, scope.project)
    places = {row[0]: row[13] for row in rows}
    return page([_row(row, scores.get(row[14], []), schema) for row in rows], limit, lambda one: places[one.id])


def scores(tx: Tx, actor: Actor, project: str) -> list[PersonScore]:
    """How everybody does on gold items, the best known first."""
    scope = enter_project(tx, actor, "gold.see", project=project)
    rows = tx.run(
        f"SELECT author, fields FROM gold_answers WHERE project = :project AND use IN {COUNTED}",  # noqa: S608 - a constant
        project=scope.project,
    )
    said: dict[int, list[dict[str, float]]] = {}
    for author, fields in rows:
        said.setdefault(author, []).append(_fields.decode(fields))
    people = authors_by_key(tx, scope.workspace, said)
    _, schema = schema_of(tx, scope.project)
    found: list[PersonScore] = []
    for author, person in people.items():
        told = told_of(said[author], schema)
        found.append(PersonScore(person, told.n, told.score, told.exact, told.fields))
    return sorted(found, key=lambda one: (-one.n, one.author.name))


def own(tx: Tx, actor: Actor, project: str) -> OwnScore:
    """The actor's own gold score, as of the last batch that was full before today."""
    scope = enter_project(tx, actor, "work.see", project=project)
    rows = tx.run(
        "SELECT body, at FROM gold_batches WHERE project = :project AND author = :author AND at < :today"
        " ORDER BY n DESC LIMIT 100",
        project=scope.project,
        author=scope.author,
        today=tx.now()[:10],
    )
    if not rows:
        return OwnScore(None, None, None, [], None)
    each = [(msgspec.json.decode(body, type=Told), at[:10]) for body, at in rows]
    told, day = each[0]
    batches = [OwnBatch(name=str(one.n), n=one.n, score=one.score, exact=one.exact, at=at) for one, at in each]
    return OwnScore(told.n, told.score, told.exact, told.fields, day, batches)


def in_batch(tx: Tx, scope: Scope, author: int, name: str) -> list[BatchItem] | None:
    """The answers that a batch of scores is of and the keys' items, the furthest off first; None where it was not told yet."""
    rows = tx.run(
        "SELECT n FROM gold_batches WHERE project = :project AND author = :author AND n = :n AND at < :today",
        project=scope.project,
        author=author,
        n=int(name) if name.isdecimal() and len(name) < 9 else -1,
        today=tx.now()[:10],
    )
    if not rows:
        return None
    found = tx.run(
        f"SELECT g.id, i.id, i.key, g.state, a.score FROM (SELECT item, score FROM gold_answers WHERE project = :project"  # noqa: S608 - a constant
        f" AND author = :author AND use IN {COUNTED} ORDER BY at, item LIMIT :n) a"
        " JOIN gold g ON g.item = a.item JOIN items i ON i.n = a.item AND i.deleted_at IS NULL ORDER BY a.score, i.key",
        project=scope.project,
        author=author,
        n=rows[0][0],
    )
    return [
        BatchItem(gold=gold, item=item, key=key, state=state, score=score) for gold, item, key, state, score in found
    ]


def active(tx: Tx, scope: Scope, use: Use) -> int:
    """How many gold items of a use there are now."""
    rows = tx.run(
        "SELECT count(*) FROM gold g JOIN items i ON i.n = g.item AND i.deleted_at IS NULL"
        " WHERE g.project = :project AND g.use = :use AND g.state = 'active'",
        project=scope.project,
        use=use,
    )
    return int(rows[0][0])


def _scores(tx: Tx, items: Sequence[int]) -> dict[int, list[Answered]]:
    if not items:
        return {}
    names, values = named(items)
    found: dict[int, list[Answered]] = {}
    rows = tx.run(f"SELECT item, score, fields FROM gold_answers WHERE item IN ({names})", **values)  # noqa: S608 - names of parameters only
    for item, score, fields in rows:
        found.setdefault(item, []).append(Answered(score, _fields.decode(fields)))
    return found


def _row(row: Row, said: Sequence[Answered], schema: Schema) -> GoldRow:
    right, n = sum(is_right(one.fields, schema) for one in said), len(said)
    wrong = Counter(name for one in said for name in wrong_on(one.fields, schema))
    return GoldRow(
        id=row[0],
        item=row[1],
        key=row[2],
        use=row[3],
        state=row[4],
        source=row[5],
        reason=row[6],
        hints=_hints.decode(row[7]),
        response=row[8],
        revision=row[9],
        uses=row[10],
        most=row[11],
        answers=n,
        right=_share(right, n),
        score=sum(one.score for one in said) / n if n else None,
        suspicious=n >= FEW and any(count * 2 > n for count in wrong.values()),
        at=row[12],
    )


def _share(right: int, n: int) -> Measure:
    low, high = (float(end) for end in exact_interval(right, n))
    return measure(right / n if n else float("nan"), low, high, n=n)

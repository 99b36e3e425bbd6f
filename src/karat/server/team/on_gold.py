"""What answers to gold tell of their authors: each is fed to the watches once, after it was scored.

Practice and tests are left out: there people know that they are looked at.
"""

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from karat.kinds.checking import parse_annotations
from karat.model.ids import stamp, unstamp
from karat.model.response import Author, Response
from karat.server.database import Tx, named
from karat.server.projects.queries import schema_of
from karat.server.team.counting import Body, body_from, keep_bodies
from karat.server.team.discrete import Options, chosen, options_of
from karat.server.team.watching import Told, feed

MOST = 200
"""Answers that are fed in one transaction."""
BACK_S = 10
"""A transaction may commit so long after the time that it wrote down."""
_fields = msgspec.json.Decoder(dict[str, float])


class Scored(NamedTuple):
    """An answer to gold that was scored, and when."""

    item: int
    author: int
    at: str


class Fresh(NamedTuple):
    """Answers that were not fed yet, at most `MOST`, and from when on to look for the next."""

    scored: list[Scored]
    since: str


def scored_since(tx: Tx, project: int, since: str) -> Fresh:
    """The answers that were scored at a time or later and have told nothing of their author yet."""
    rows = tx.run(
        "SELECT item, author, at FROM gold_answers WHERE project = :project AND at >= :since AND use IN ('hidden', 'work')"
        " ORDER BY at, item, author",
        project=project,
        since=since,
    )
    found: list[Scored] = []
    for start in range(0, len(rows), MOST):
        some = [Scored(*row) for row in rows[start : start + MOST]]
        bodies = _bodies(tx, some)
        found += [one for one in some if one.author not in bodies.get(one.item, Body()).told]
        if len(found) >= MOST:
            return Fresh(found[:MOST], found[0].at)
    if not rows:
        return Fresh(found, since)
    return Fresh(found, max(since, stamp(unstamp(rows[-1][2]) - dt.timedelta(seconds=BACK_S))))


def tell(tx: Tx, project: int, scored: Sequence[Scored]) -> None:
    """Let the watches go on with these answers, and note that they did."""
    bodies = _bodies(tx, scored)
    told = []
    for one in scored:
        body = bodies.setdefault(one.item, Body())
        telling = None if one.author in body.told else _telling(tx, project, one)
        if telling is not None:
            told.append(telling)
            bodies[one.item] = msgspec.structs.replace(body, told=[*body.told, one.author])
    keep_bodies(tx, project, bodies)
    feed(tx, project, told)


def told_of(author: int, score: float, apart: dict[str, float], response: Response, options: Options) -> Told:
    """What an answer tells whose distance from the key is known, field by field."""
    said = {field: value for field, value in chosen(response, options).items() if field in apart}
    if not said:
        return Told(author, score)
    field = max(said, key=lambda one: (len(options[one]), one))
    return Told(author, score, len(options[field]), options[field].index(said[field]), 1 - apart[field])


def _telling(tx: Tx, project: int, one: Scored) -> Told | None:
    """None where the answer is gone again."""
    rows = tx.run(
        "SELECT g.score, g.fields, v.annotations, v.schema_version FROM gold_answers g"
        " JOIN revisions v ON v.response = g.response AND v.revision = g.revision"
        " WHERE g.item = :item AND g.author = :author",
        item=one.item,
        author=one.author,
    )
    if not rows:
        return None
    score, apart, annotations, version = rows[0]
    schema = schema_of(tx, project, version)[1]
    # What no longer fits its own schema version cannot be compared; it was checked when it came in.
    parsed, _ = parse_annotations(annotations.encode(), schema, complete=False)
    response = Response(author=Author(type="person", name=""), annotations=parsed, covers={})
    return told_of(one.author, score, _fields.decode(apart), response, options_of(schema))


def _bodies(tx: Tx, scored: Sequence[Scored]) -> dict[int, Body]:
    names, values = named(sorted({one.item for one in scored}))
    rows = tx.run(f"SELECT item, body FROM given WHERE item IN ({names or '-1'})", **values)  # noqa: S608 - names of parameters
    return {item: body_from(body) for item, body in rows}

# ruff: noqa: S608 - the SQL is put together from constants and names of parameters; every value is a parameter
"""Standing answers as values that quality can compare, item by item."""

from collections.abc import Sequence
from typing import Any

import msgspec

from karat.kinds.checking import parse_annotations
from karat.model.response import Author, Covers, Response
from karat.quality.responses import PEOPLE
from karat.server.database import Tx, named
from karat.server.projects.queries import policy_from, policy_of, schema_of

_covers = msgspec.json.Decoder(Covers)


class _Facts(msgspec.Struct, frozen=True):
    length: int | None = None


class _Sized(msgspec.Struct, frozen=True):
    facts: _Facts = _Facts()


_sized = msgspec.json.Decoder(dict[str, _Sized])


class Answered(msgspec.Struct, frozen=True):
    """An item and what stands on it; the consensus itself is left out."""

    n: int
    responses: tuple[Response, ...]
    """In the order in which they came."""
    asked: int | None = None
    """So many answers of people were asked for whatever they said; None: all of them."""

    @property
    def alike(self) -> tuple[Response, ...]:
        """The answers of which a rate of agreement may be made.

        Where answers are asked for until they agree, more of them are there of items that were hard or answered wrongly: all
        pairs together would agree less often than people do. The first two came whatever the second said; so did those that
        were asked of every item.
        """
        if self.asked is None:
            return self.responses
        people = [one for one in self.responses if one.author.type in PEOPLE]
        left_out = {id(one) for one in people[max(self.asked, 2) :]}
        return tuple(one for one in self.responses if id(one) not in left_out)


class Asking(msgspec.Struct, frozen=True):
    """How many answers each item gets whatever they say: of an overlap that thinks its least, or what was there before."""

    least: int
    since: str
    """When the overlap began to think."""

    def of(self, times: Sequence[str]) -> int:
        """How many of the answers that came at these times, in order, were asked for whatever they said."""
        return min(len(times), max(self.least, sum(at < self.since for at in times)))


def asking_of(tx: Tx, project: int) -> Asking | None:
    """None where every item gets a fixed number of answers."""
    stages = [stage for stage in policy_of(tx, project)[1].stages.values() if stage.until is not None]
    if not stages:
        return None
    rows = tx.run("SELECT document, at FROM policies WHERE project = :project ORDER BY version", project=project)
    since = next(at for document, at in rows if any(one.until for one in policy_from(document).stages.values()))
    return Asking(min(stage.overlap for stage in stages), since)


def answered_after(tx: Tx, project: int, after: int, *, least: int, limit: int) -> list[Answered]:
    """The next items, in the order of their keys, that have at least so many answers."""
    rows = tx.run(
        "SELECT n FROM items WHERE project = :project AND n > :after AND deleted_at IS NULL AND responses >= :least"
        " ORDER BY n LIMIT :limit",
        project=project,
        after=after,
        least=least,
        limit=limit,
    )
    return answered(tx, project, [row[0] for row in rows])


def answered(tx: Tx, project: int, items: Sequence[int]) -> list[Answered]:
    """These items of the project with what stands on them, those without answers too.

    Imported answers of which all others begin as copies are left out: to agree with what one was given is no agreement.
    """
    if not items:
        return []
    names, values = named(items)
    asking = asking_of(tx, project)
    aside = "'consensus', 'import'" if policy_of(tx, project)[1].copies_imports else "'consensus'"
    # `+project`: SQLite would else read all answers of the project along another index.
    rows = tx.run(
        "SELECT r.item, r.id, r.head, a.id, a.type, a.name, v.schema_version, v.covers, v.annotations, r.at FROM responses r"
        " JOIN revisions v ON v.response = r.n AND v.revision = r.head JOIN authors a ON a.n = r.author"
        f" WHERE r.item IN ({names}) AND +r.project = :project"
        f" AND r.state = 'submitted' AND r.excluded IS NULL AND a.type NOT IN ({aside}) ORDER BY r.item, r.at, r.n",
        project=project,
        **values,
    )
    found: dict[int, list[Response]] = {n: [] for n in items}
    times: dict[int, list[str]] = {n: [] for n in items}
    for item, *row, at in rows:
        found[item].append(response_of(tx, project, row))
        if found[item][-1].author.type in PEOPLE:
            times[item].append(at)
    return [
        Answered(n, tuple(responses), None if asking is None else asking.of(times[n])) for n, responses in found.items()
    ]


def response_of(tx: Tx, project: int, row: Sequence[Any]) -> Response:
    """A stored answer as a value: id, revision, the author's id, type and name, the schema's version, covers, annotations."""
    id_, revision, author, type_, name, version, covers, annotations = row
    # What no longer fits its own schema version cannot be compared; it was checked when it came in.
    parsed, _ = parse_annotations(annotations.encode(), schema_of(tx, project, version)[1], complete=False)
    return Response(
        author=Author(type=type_, name=name, id=author),
        annotations=parsed,
        covers=_covers.decode(covers),
        id=id_,
        revision=revision,
    )


def text_lengths(tx: Tx, project: int, items: Sequence[int]) -> dict[int, dict[str, float]]:
    """By item the length of each of its texts, in code points."""
    if not items:
        return {}
    names, values = named(items)
    rows = tx.run(
        f"SELECT n, streams FROM items WHERE n IN ({names}) AND project = :project", project=project, **values
    )
    return {
        n: {name: float(s.facts.length) for name, s in _sized.decode(streams).items() if s.facts.length is not None}
        for n, streams in rows
    }

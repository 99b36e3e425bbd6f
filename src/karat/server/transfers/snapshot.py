"""Reading a project for an export: pages of items with what was said about them, in one order, in constant memory."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import msgspec

from karat.formats.base import Record, SkillLine, Which
from karat.model.item import Item, Stream
from karat.model.response import Annotation, Author, AuthorType, Base, Covers, Response, Skip
from karat.server.access import Scope
from karat.server.database import Tx, named
from karat.server.database.base import Row
from karat.server.items.filters import conditions_of
from karat.server.items.find import matching
from karat.server.items.orders import BY_MAKING
from karat.server.items.queries import clauses_of
from karat.server.reports.knowing import fields_of, learning_of

PAGE = 2000

_ITEMS = (
    "SELECT i.n, i.id, i.key, i.revision, i.streams, i.metadata, i.tags, i.split_group, i.extra FROM items i"
    " WHERE i.project = :project AND i.n > :after AND i.n <= :until AND i.deleted_at IS NULL{since} ORDER BY i.n LIMIT :limit"
)
_RESPONSES = (
    "SELECT r.item, r.id, r.head, r.author, v.schema_version, v.state, v.covers, v.annotations, v.base, v.skip, v.cause,"
    " v.active_ms, v.at, v.extra, v.item_revision, r.excluded, v.guideline FROM responses r"
    " JOIN revisions v ON v.response = r.n AND v.revision = r.head"
    " WHERE r.item >= :low AND r.item <= :high AND r.project = :project{author} ORDER BY r.item, r.n"
)
_CONSENSUS = (
    "SELECT c.item, c.field, c.annotations, c.score, c.tie, c.n, c.method, c.at, c.posterior FROM consensus c"
    " WHERE c.project = :project AND c.item >= :low AND c.item <= :high ORDER BY c.item, c.field"
)

_streams = msgspec.json.Decoder(dict[str, Stream]).decode
_metadata = msgspec.json.Decoder(dict[str, str | int | float | bool | list[str]]).decode
_tags = msgspec.json.Decoder(tuple[str, ...]).decode
_extra = msgspec.json.Decoder(dict[str, object]).decode
_covers = msgspec.json.Decoder(Covers).decode
_annotations = msgspec.json.Decoder(tuple[Annotation, ...]).decode
_base = msgspec.json.Decoder(Base).decode
_skip = msgspec.json.Decoder(Skip).decode
_posterior = msgspec.json.Decoder(dict[str, float]).decode
_excluded = msgspec.json.Decoder(dict[str, str]).decode


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """What of a project is wanted."""

    which: Which
    author: str | None = None
    filter: dict[str, object] | None = None
    since: str | None = None


class Seen(NamedTuple):
    """A page: the records, and behind which item the next one begins."""

    records: list[Record]
    after: int


class Snapshot:
    """One project in one transaction: what changes meanwhile is not in it."""

    def __init__(self, tx: Tx, scope: Scope, wish: Wish) -> None:
        if not tx.is_sqlite:
            tx.run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        self.tx = tx
        self.project = scope.project
        self.wish = wish
        self.clauses = clauses_of(tx, scope, conditions_of(wish.filter)) if wish.filter else None
        self.authors: dict[int, Author] = {}
        rows = (
            tx.run("SELECT n FROM authors WHERE id = :id AND workspace = :w", id=wish.author, w=scope.workspace)
            if wish.author
            else []
        )
        self.author = rows[0][0] if rows else None

    def records(self, after: int = 0, until: int = 1 << 62) -> Iterator[tuple[int, Record]]:
        """Each item behind one and up to another with its key, in the order in which they were made."""
        while page := self._page(after, until):
            said = self._said(page[0][0], page[-1][0])
            for row in page:
                after = row[0]
                yield after, _record(row, said.get(after, ()))

    def _page(self, after: int, until: int) -> Sequence[Row]:
        since = " AND i.changed_at >= :since" if self.wish.since else ""
        if self.clauses is None:
            return self.tx.run(
                _ITEMS.format(since=since),
                project=self.project,
                after=after,
                until=until,
                limit=PAGE,
                since=self.wish.since,
            )
        while True:
            ns = matching(self.tx, self.project, self.clauses, BY_MAKING, after=after, limit=PAGE)
            if not ns or ns[0] > until:
                return []
            sql = (
                _ITEMS.format(since=since)
                if len(ns) == ns[-1] - ns[0] + 1
                else _ITEMS.format(since=since).replace(
                    "i.n > :after", f"i.n > :after AND i.n IN ({','.join(map(str, ns))})"
                )
            )
            rows = self.tx.run(
                sql,
                project=self.project,
                after=max(after, ns[0] - 1),
                until=until,
                limit=len(ns),
                since=self.wish.since,
            )
            if rows:
                return rows
            after = ns[-1]

    def _said(self, low: int, high: int) -> dict[int, tuple[Response, ...]]:
        if self.wish.which == "consensus":
            return self._consensus(low, high)
        author = " AND r.author = :author" if self.wish.which == "author" else ""
        rows = self.tx.run(
            _RESPONSES.format(author=author), project=self.project, low=low, high=high, author=self.author
        )
        self._learn({row[3] for row in rows})
        found: dict[int, list[Response]] = {}
        for row in rows:
            found.setdefault(row[0], []).append(_response(row, self.authors[row[3]]))
        return {item: tuple(responses) for item, responses in found.items()}

    def _consensus(self, low: int, high: int) -> dict[int, tuple[Response, ...]]:
        """The derived consensus of each item as one response, with how sure each field is in `extra`."""
        rows = self.tx.run(_CONSENSUS, project=self.project, low=low, high=high)
        grouped: dict[int, list[Sequence[object]]] = {}
        for row in rows:
            grouped.setdefault(row[0], []).append(row)
        return {item: (_merged(fields),) for item, fields in grouped.items()}

    def skills(self) -> list[SkillLine]:
        """How good each author is on each field, as it was last learned."""
        learning = learning_of(self.tx, self.project)
        known = fields_of(self.tx, self.project) if learning is not None else []
        ids = {skill.author for one in known for skill in one.skills}
        names = self._named(ids)
        return [
            SkillLine(
                author=names[s.author], field=one.field, value=s.value, low=s.low, high=s.high, n=s.n,
                method=one.method, at=learning.at if learning else "",
            )
            for one in known
            for s in one.skills
            if s.author in names
        ]  # fmt: skip

    def _named(self, ids: set[str]) -> dict[str, Author]:
        found: dict[str, Author] = {}
        for start in range(0, len(ids), 500):
            names, values = named(sorted(ids)[start : start + 500])
            rows = self.tx.run(f"SELECT id, type, name, version FROM authors WHERE id IN ({names})", **values)  # noqa: S608 - names of parameters only
            found |= {
                id_: Author(type=type_, name=name, version=version or None, id=id_)
                for id_, type_, name, version in rows
            }
        return found

    def _learn(self, authors: set[int]) -> None:
        """Read the names of authors that were not met before."""
        fresh = sorted(authors - self.authors.keys())
        for start in range(0, len(fresh), 500):
            part = ",".join(map(str, fresh[start : start + 500]))
            rows = self.tx.run(f"SELECT n, id, type, name, version FROM authors WHERE n IN ({part})")  # noqa: S608 - numbers
            self.authors |= {
                n: Author(type=type_, name=name, version=version or None, id=id_)
                for n, id_, type_, name, version in rows
            }


def _record(row: Sequence[object], responses: Sequence[Response]) -> Record:
    _, id_, key, revision, streams, metadata, tags, group, extra = row
    item = Item(
        key=_text(key),
        streams=_streams(_text(streams)),
        metadata=_metadata(_text(metadata)),
        tags=() if tags == "[]" else _tags(_text(tags)),
        split_group=None if group is None else _text(group),
        extra={} if extra == "{}" else _extra(_text(extra)),
        id=_text(id_),
        revision=int(str(revision)),
    )
    return Record(item, tuple(responses))


def _response(row: Sequence[object], author: Author) -> Response:
    (
        _, id_, head, _, schema, state, covers, annotations, base, skip, cause, active_ms, at, extra, item_revision, excluded,
        guideline,
    ) = row  # fmt: skip
    return msgspec.convert(
        {
            "author": author,
            "annotations": _annotations(_text(annotations)),
            "covers": _covers(_text(covers)),
            "state": state,
            "id": id_,
            "revision": head,
            "schema": schema,
            "guideline": guideline,
            "item_revision": item_revision,
            "base": _base(_text(base)) if base else None,
            "skip": _skip(_text(skip)) if skip else None,
            "cause": cause,
            "active_ms": active_ms,
            "at": at,
            "excluded": _excluded(_text(excluded)) if excluded else None,
            "extra": {} if extra == "{}" else _extra(_text(extra)),
        },
        Response,
    )


def _merged(fields: Sequence[Sequence[object]]) -> Response:
    annotations: list[Annotation] = []
    scores: dict[str, object] = {}
    for _, field, value, score, tie, n, method, _, posterior in fields:
        found = _annotations(_text(value))
        annotations += found
        alone = found[0].probabilities if len(found) == 1 else None
        soft = _posterior(_text(posterior)) if posterior is not None else alone
        said = {"score": score, "tie": bool(tie), "n": n, "method": method}
        scores[_text(field)] = said | ({"probabilities": soft} if soft else {})
    kind: AuthorType = "consensus"
    return Response(
        author=Author(type=kind, name="consensus", version=_text(fields[0][6])),
        annotations=tuple(annotations),
        covers={_text(field[1]): None for field in fields},
        cause="merge",
        at=max(_text(field[7]) for field in fields),
        extra={"consensus": scores},
    )


def _text(value: object) -> str:
    """A text column, which the driver types as anything."""
    if not isinstance(value, str):
        raise TypeError(f"a text was expected, the database gave {value!r}")
    return value

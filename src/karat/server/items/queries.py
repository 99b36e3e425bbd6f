# ruff: noqa: S608 - the SQL is put together from constants and names of parameters; every value is a parameter
"""Reading items: a page of them, how many there are, one with what was said on it."""

from collections.abc import Iterable, Sequence

import msgspec

from karat.model.item import Scalar, Stream
from karat.model.problem import Problem, Refused, shown
from karat.model.response import Base, Covers, Skip
from karat.server.access import Scope, missing
from karat.server.database import Tx
from karat.server.item_ids import numbers
from karat.server.items import filters
from karat.server.items.conditions import Clause, compile_conditions
from karat.server.items.filters import Condition, parse_filter
from karat.server.items.find import Count, Place, count, find
from karat.server.items.orders import BY_MAKING, order_of
from karat.server.items.schemas import ItemBody, ItemCount, ItemPage, ItemRow, ItemState, Person, ResponseRow, StreamRow
from karat.server.projects.queries import schema_of
from karat.server.search.words import AUTHORS, known_words, texts_of
from karat.server.wire import cursor_of, from_cursor, limited

CUT = 300
"""Characters of a text that a list shows."""
INLINE_LIMIT = 2_000_000
"""Characters of a text that one item is sent with; a longer one is fetched from its address."""

_streams = msgspec.json.Decoder(dict[str, Stream])
_metadata = msgspec.json.Decoder(dict[str, Scalar])
_tags = msgspec.json.Decoder(list[str])

COLUMNS = "n, id, key, revision, state, streams, metadata, tags, responses, disagreement, created_at, changed_at"
HEADS = (
    "SELECT r.id, r.head, i.id, v.item_revision, a.id, a.name, a.type, v.schema_version, r.state, v.covers,"
    " v.annotations, v.base, v.skip, v.cause, r.active_ms, r.at, r.excluded, r.surplus FROM responses r"
    " JOIN revisions v ON v.response = r.n AND v.revision = r.head JOIN items i ON i.n = r.item"
    " JOIN authors a ON a.n = r.author"
)


def list_items(
    tx: Tx, scope: Scope, *, filter_: str | None, sort: str, descending: bool, limit: int | None, cursor: str | None
) -> ItemPage:
    """A page of items."""
    clauses = clauses_of(tx, scope, parse_filter(filter_))
    order = order_of(tx, scope.project, sort, descending=descending)
    found = find(tx, scope.project, clauses, order, after=_place(cursor), limit=limited(limit))
    reached = None if found.reached is None else _keys(tx, scope, [found.reached])[found.reached]
    return ItemPage(
        items=rows_of(tx, scope, found.items),
        next=None if found.next is None else cursor_of(found.next[0], *found.next[1]),
        complete=found.complete,
        searched_up_to=reached,
    )


def count_items(tx: Tx, scope: Scope, filter_: str | None) -> ItemCount:
    """How many items satisfy a filter. What a project counts itself is exact at any size."""
    conditions = parse_filter(filter_)
    known = _counted(tx, scope, conditions)
    if known is not None:
        return ItemCount(known, exact=True)
    found: Count = count(tx, scope.project, clauses_of(tx, scope, conditions), BY_MAKING)
    return ItemCount(found.count, found.exact)


def clauses_of(tx: Tx, scope: Scope, conditions: Sequence[Condition]) -> list[Clause]:
    """Conditions as SQL over this project's schema."""
    _, schema = schema_of(tx, scope.project)
    return compile_conditions(tx, scope, schema, conditions)


def rows_of(tx: Tx, scope: Scope, items: Sequence[int]) -> list[ItemRow]:
    """The rows of these items, in this order."""
    if not items:
        return []
    names, values = _named(items)
    found = tx.run(f"SELECT {COLUMNS} FROM items WHERE project = :project AND n IN ({names})", project=scope.project, **values)
    labels, authors = _marks(tx, scope, names, values)
    rows = {row[0]: row for row in found}
    return [_row(rows[n], labels.get(n, {}), authors.get(n, [])) for n in items if n in rows]


def get_item(tx: Tx, scope: Scope, item: int) -> ItemBody:
    """One item, as much of it as this person may know."""
    row = tx.run(
        "SELECT i.id, p.id, i.key, i.revision, i.streams, i.metadata, i.tags, i.split_group, i.state, i.stage, i.responses,"
        " i.disagreement, i.created_at, i.changed_at FROM items i JOIN projects p ON p.n = i.project"
        " WHERE i.n = :item AND i.project = :project",
        item=item,
        project=scope.project,
    )[0]
    is_open = scope.has("items.see")
    if not is_open:
        require_given(tx, scope, item, shown=row[0])
    return ItemBody(
        id=row[0],
        project=row[1],
        key=row[2] if is_open else None,
        revision=row[3],
        streams=_streams_of(row[0], row[4], cut=INLINE_LIMIT),
        metadata=_metadata.decode(row[5]),
        tags=_tags.decode(row[6]) if is_open else [],
        split_group=row[7] if is_open else None,
        state=row[8] if is_open else None,
        stage=row[9] if is_open else None,
        responses_count=row[10] if is_open else None,
        disagreement=row[11] if is_open else None,
        responses=responses_of(tx, scope, item),
        resolution=_resolution(tx, scope, item) if is_open else None,
        created_at=row[12] if is_open else None,
        changed_at=row[13] if is_open else None,
    )


def require_given(tx: Tx, scope: Scope, item: int, *, shown: str) -> None:
    """Refuse as if it were not there an item that an annotator neither holds nor ever answered."""
    found = tx.run(
        "SELECT 1 FROM assignments WHERE item = :item AND author = :author AND state IN ('claimed', 'done', 'skipped')"
        " UNION ALL SELECT 1 FROM responses WHERE item = :item AND author = :author"
        " UNION ALL SELECT 1 FROM drafts WHERE item = :item AND author = :author LIMIT 1",
        item=item,
        author=scope.author,
    )
    if not found:
        raise missing("item", shown)


def responses_of(tx: Tx, scope: Scope, item: int) -> list[ResponseRow]:
    """What stands on an item: everybody's for those who may see it, else one's own."""
    mine = "" if scope.has("responses.see") else " AND r.author = :author"
    rows = tx.run(
        f"{HEADS} WHERE r.item = :item AND +r.project = :project{mine} ORDER BY r.at, r.n",
        item=item,
        project=scope.project,
        **({} if not mine else {"author": scope.author}),
    )
    return [response_row(row, is_open=not mine) for row in rows]


def response_row(row: Sequence[object], *, is_open: bool) -> ResponseRow:
    """A row of `HEADS`; an author does not learn of an exclusion or that a slot was taken."""
    (
        id_, head, item, item_revision, author, name, type_, schema, state, covers, annotations, base, skip, cause,
        active_ms, at, excluded, surplus,
    ) = row  # fmt: skip
    return msgspec.convert(
        {
            "id": id_,
            "revision": head,
            "item": item,
            "item_revision": item_revision,
            "author": {"id": author, "name": name, "type": type_},
            "schema": schema,
            "state": state,
            "covers": _json(covers, Covers),
            "annotations": msgspec.Raw(str(annotations).encode()),
            "base": _json(base, Base | None) if base else None,
            "skip": _json(skip, Skip | None) if skip else None,
            "cause": cause,
            "active_ms": active_ms,
            "at": at,
            "excluded": _json(excluded, dict[str, str]) if excluded and is_open else None,
            "surplus": bool(surplus) and is_open,
        },
        ResponseRow,
    )


def item_keys(tx: Tx, scope: Scope, ids: Iterable[str]) -> dict[str, int]:
    """The keys of those items of the project that have these ids."""
    wanted = list(numbers(tx, ids).values())
    found: dict[str, int] = {}
    for start in range(0, len(wanted), 500):
        names, values = _named(wanted[start : start + 500])
        rows = tx.run(
            f"SELECT id, n FROM items WHERE n IN ({names}) AND +project = :project AND deleted_at IS NULL",
            project=scope.project,
            **values,
        )
        found |= {id_: n for id_, n in rows}  # noqa: C416 - it says what a row is
    return found


def item_ids(tx: Tx, project: int, items: Iterable[int]) -> dict[int, str]:
    """The ids of items by their keys."""
    wanted = list(dict.fromkeys(items))
    found: dict[int, str] = {}
    for start in range(0, len(wanted), 500):
        names, values = _named(wanted[start : start + 500])
        rows = tx.run(f"SELECT n, id FROM items WHERE project = :project AND n IN ({names})", project=project, **values)
        found |= {n: id_ for n, id_ in rows}  # noqa: C416 - it says what a row is
    return found


def authors_by_key(tx: Tx, workspace: int, authors: Iterable[int]) -> dict[int, Person]:
    """Authors as shown, by their keys."""
    wanted = sorted(set(authors))
    found: dict[int, Person] = {}
    for start in range(0, len(wanted), 500):
        names, values = _named(wanted[start : start + 500])
        rows = tx.run(
            f"SELECT n, id, name, type FROM authors WHERE workspace = :workspace AND n IN ({names})", workspace=workspace, **values
        )
        found |= {n: Person(id_, name, type_) for n, id_, name, type_ in rows}
    return found


def _place(cursor: str | None) -> Place | None:
    values = from_cursor(cursor, list[str | float | int])
    if values is None:
        return None
    if not values or not isinstance(values[0], int):
        raise Refused([Problem("cursor", shown(cursor), "the `next` of the page before", "Start again without a cursor.")])
    return values[0], tuple(values[1:])


def _counted(tx: Tx, scope: Scope, conditions: Sequence[Condition]) -> int | None:
    """The count that the project keeps: of everything, or of some states."""
    items, labeled, done = tx.run("SELECT items, labeled, done FROM projects WHERE n = :n", n=scope.project)[0]
    match conditions:
        case []:
            return int(items)
        case [filters.States(states=states)]:
            by_state: dict[str, int] = {"open": items - labeled - done, "labeled": labeled, "done": done}
            return sum(by_state[state] for state in set(states))
        case _:
            return None


def _row(row: Sequence[object], labels: dict[str, dict[str, int]], authors: list[Person]) -> ItemRow:
    _, id_, key, revision, state, streams, metadata, tags, responses, disagreement, created, changed = row
    return ItemRow(
        id=str(id_),
        key=str(key),
        revision=int(str(revision)),
        state=msgspec.convert(state, ItemState),
        streams=_streams_of(str(id_), str(streams), cut=CUT),
        metadata=_metadata.decode(str(metadata)),
        tags=_tags.decode(str(tags)),
        responses=int(str(responses)),
        labels=labels,
        authors=authors,
        disagreement=disagreement if isinstance(disagreement, float) else None,
        created_at=str(created),
        changed_at=str(changed),
    )


def _streams_of(item: str, streams: str, *, cut: int) -> dict[str, StreamRow]:
    return {name: _stream(item, name, stream, cut) for name, stream in _streams.decode(streams).items()}


def _stream(item: str, name: str, stream: Stream, cut: int) -> StreamRow:
    text = stream.ref.inline
    return StreamRow(
        kind=stream.kind,
        name=stream.name,
        facts=stream.facts,
        url=f"items/{item}/streams/{name}",
        text=None if text is None else text[:cut],
        is_cut=text is not None and len(text) > cut,
        uri=stream.ref.uri,
    )


def _marks(
    tx: Tx, scope: Scope, names: str, values: dict[str, object]
) -> tuple[dict[int, dict[str, dict[str, int]]], dict[int, list[Person]]]:
    """By item: labels with their counts, and who has answered."""
    rows = tx.run(
        # `+project`: SQLite would else read all marks of the project along their key.
        f"SELECT item, field, label, sum(n) FROM marks WHERE item IN ({names}) AND author <> 0 AND +project = :project"
        " GROUP BY item, field, label ORDER BY item, field, label",
        project=scope.project,
        **values,
    )
    own = known_words(tx, scope.project, "own", [AUTHORS]).get(AUTHORS)
    people = authors_by_key(tx, scope.workspace, {label for _, field, label, _ in rows if field == own})
    words = texts_of(tx, scope.project, {w for _, field, label, _ in rows if field != own for w in (field, label)})
    labels: dict[int, dict[str, dict[str, int]]] = {}
    authors: dict[int, list[Person]] = {}
    for item, field, label, n in rows:
        if field == own:
            authors.setdefault(item, []).extend([people[label]] if label in people else [])
        else:
            labels.setdefault(item, {}).setdefault(words[field], {})[words[label]] = int(n)
    return labels, authors


def _resolution(tx: Tx, scope: Scope, item: int) -> dict[str, str | int] | None:
    rows = tx.run(
        "SELECT r.id, z.revision, z.at FROM resolutions z JOIN responses r ON r.n = z.response"
        " WHERE z.item = :item AND z.project = :project",
        item=item,
        project=scope.project,
    )
    return {"response": rows[0][0], "revision": rows[0][1], "at": rows[0][2]} if rows else None


def _keys(tx: Tx, scope: Scope, items: Sequence[int]) -> dict[int, str]:
    names, values = _named(items)
    rows = tx.run(f"SELECT n, key FROM items WHERE project = :project AND n IN ({names})", project=scope.project, **values)
    return {n: key for n, key in rows}  # noqa: C416 - it says what a row is


def _named(given: Sequence[object]) -> tuple[str, dict[str, object]]:
    values = {f"v{i}": value for i, value in enumerate(given)}
    return ", ".join(f":{name}" for name in values), values


def _json(text: object, type_: object) -> object:
    return msgspec.json.decode(str(text), type=type_)

# ruff: noqa: S608 - the SQL is put together from constants and names of parameters; every value is a parameter
"""Many items: a page of those that satisfy a filter, and how many there are."""

from collections.abc import Sequence

import msgspec

from karat.model.item import Scalar
from karat.model.problem import Problem, Refused, shown
from karat.server.access import Scope
from karat.server.database import Tx, named
from karat.server.items import filters
from karat.server.items.clauses import Clause
from karat.server.items.conditions import compile_conditions
from karat.server.items.counted import kept_count
from karat.server.items.filters import Condition, parse_filter
from karat.server.items.find import FEW, Count, Place, count, find
from karat.server.items.names import authors_by_key, keys_of
from karat.server.items.orders import BY_MAKING, order_of
from karat.server.items.schemas import ItemCount, ItemPage, ItemRow, ItemState, Person
from karat.server.items.streams import streams_of
from karat.server.projects.queries import schema_of
from karat.server.search.words import AUTHORS, known_words, texts_of
from karat.server.wire import cursor_of, from_cursor, limited

CUT = 300
"""Characters of a text that a list shows."""

_metadata = msgspec.json.Decoder(dict[str, Scalar])
_tags = msgspec.json.Decoder(list[str])

COLUMNS = (
    "n, id, key, revision, state, streams, metadata, tags, responses, disagreement, uncertainty, created_at, changed_at"
)


def list_items(
    tx: Tx, scope: Scope, *, filter_: str | None, sort: str, descending: bool, limit: int | None, cursor: str | None
) -> ItemPage:
    """A page of items."""
    clauses = clauses_of(tx, scope, parse_filter(filter_))
    order = order_of(tx, scope.project, sort, descending=descending)
    found = find(tx, scope.project, clauses, order, after=_place(cursor), limit=limited(limit))
    reached = None if found.reached is None else keys_of(tx, scope, [found.reached])[found.reached]
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
    clauses = clauses_of(tx, scope, conditions)
    kept = kept_count(tx, scope, conditions)
    if kept is not None and kept > FEW:
        return ItemCount(kept, exact=True)
    found: Count = count(tx, scope.project, clauses, BY_MAKING)
    return ItemCount(found.count, found.exact)


def clauses_of(tx: Tx, scope: Scope, conditions: Sequence[Condition]) -> list[Clause]:
    """Conditions as SQL over this project's schema."""
    _, schema = schema_of(tx, scope.project)
    return compile_conditions(tx, scope, schema, conditions)


def rows_of(tx: Tx, scope: Scope, items: Sequence[int]) -> list[ItemRow]:
    """The rows of these items, in this order."""
    if not items:
        return []
    names, values = named(items)
    found = tx.run(
        f"SELECT {COLUMNS} FROM items WHERE project = :project AND n IN ({names})", project=scope.project, **values
    )
    labels, authors = _marks(tx, scope, names, values)
    rows = {row[0]: row for row in found}
    return [_row(rows[n], labels.get(n, {}), authors.get(n, [])) for n in items if n in rows]


def _place(cursor: str | None) -> Place | None:
    values = from_cursor(cursor, list[str | float | int])
    if values is None:
        return None
    if not values or not isinstance(values[0], int):
        raise Refused(
            [Problem("cursor", shown(cursor), "the `next` of the page before", "Start again without a cursor.")]
        )
    return values[0], tuple(values[1:])


def _counted(tx: Tx, scope: Scope, conditions: Sequence[Condition]) -> int | None:
    """The count that the project keeps: of everything, or of some states."""
    items, labeled, done = tx.run("SELECT items, labeled, done FROM projects WHERE n = :n", n=scope.project)[0]
    match conditions:
        case []:
            return int(items)
        case [filters.States(states=states)] if ("labeled" in states) == ("review" in states):
            # The project keeps one count of what has its answers and no result, waiting for one or for a reviewer.
            by_state: dict[str, int] = {"open": items - labeled - done, "labeled": labeled, "done": done}
            return sum(by_state[state] for state in set(states) - {"review"})
        case _:
            return None


def _row(row: Sequence[object], labels: dict[str, dict[str, int]], authors: list[Person]) -> ItemRow:
    _, id_, key, revision, state, streams, metadata, tags, responses, disagreement, uncertainty, created, changed = row
    return ItemRow(
        id=str(id_),
        key=str(key),
        revision=int(str(revision)),
        state=msgspec.convert(state, ItemState),
        streams=streams_of(str(id_), str(streams), cut=CUT),
        metadata=_metadata.decode(str(metadata)),
        tags=_tags.decode(str(tags)),
        responses=int(str(responses)),
        labels=labels,
        authors=authors,
        disagreement=disagreement if isinstance(disagreement, float) else None,
        uncertainty=uncertainty if isinstance(uncertainty, float) else None,
        created_at=str(created),
        changed_at=str(changed),
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

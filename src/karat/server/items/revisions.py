"""Changing items so that it can be taken back: each change is a new revision, and what it replaced is kept.

A revision's document holds only those parts of the item that the next one has otherwise, so that a tag on an item of a
megabyte keeps a few bytes.
"""

from collections.abc import Mapping, Sequence

import msgspec

from karat.kinds.checking import parse_annotations
from karat.server.access import Scope
from karat.server.database import Tx, named
from karat.server.labeling.actions import fill
from karat.server.projects.queries import schema_of
from karat.server.search import index

# The parts of an item that an edit changes; `deleted_at` is one of them, so that deleting is a revision like any other.
PARTS = ("streams", "metadata", "tags", "split_group", "extra", "hash", "deleted_at")
SEARCHED = frozenset({"metadata", "tags"})

Parts = dict[str, str | None]
"""Columns of an item as they are stored."""


class Current(msgspec.Struct, frozen=True):
    """An item as it stands."""

    n: int
    id: str
    revision: int
    state: str
    responses: int
    parts: Parts


def read(tx: Tx, scope: Scope, items: Sequence[int]) -> list[Current]:
    """These items of the project, deleted ones too."""
    if not items:
        return []
    names, values = named(items)
    rows = tx.run(
        f"SELECT n, id, revision, state, responses, {', '.join(PARTS)} FROM items"  # noqa: S608 - constants and names of parameters
        f" WHERE project = :project AND n IN ({names}) ORDER BY n",
        project=scope.project,
        **values,
    )
    return [
        Current(n, id_, revision, state, responses, dict(zip(PARTS, parts, strict=True)))
        for n, id_, revision, state, responses, *parts in rows
    ]


def write(tx: Tx, scope: Scope, changes: Sequence[tuple[Current, Parts]], *, operation: str | None = None) -> None:
    """Give items new revisions, each with the parts that change, and let search know."""
    now = tx.now()
    kept = [(item, {k: item.parts[k] for k in parts}) for item, parts in changes]
    tx.many(
        "INSERT INTO item_revisions (item, revision, project, document, at) VALUES (:item, :revision, :project, :document, :at)",
        [
            {
                "item": item.n,
                "revision": item.revision,
                "project": scope.project,
                "document": msgspec.json.encode(document).decode(),
                "at": now,
            }
            for item, document in kept
        ],
    )
    for columns, group in _by_columns(changes).items():
        assigned = ", ".join(f"{column} = :{column}" for column in columns)
        tx.many(
            f"UPDATE items SET {assigned}, revision = revision + 1, changed_at = :now WHERE n = :n AND revision = :revision",  # noqa: S608 - columns of PARTS
            [{**parts, "now": now, "n": item.n, "revision": item.revision} for item, parts in group],
        )
    if operation is not None:
        tx.many(
            "INSERT INTO item_changes (operation, item, before, after) VALUES (:operation, :item, :before, :after)",
            [
                {"operation": operation, "item": item.n, "before": item.revision, "after": item.revision + 1}
                for item, _ in changes
            ],
        )
    _follow(tx, scope, changes)


def earlier(tx: Tx, item: Current, revision: int) -> Parts:
    """The parts of an item as they were at an earlier revision, as far as they differ from now."""
    rows = tx.run(
        "SELECT document FROM item_revisions WHERE item = :item AND revision >= :revision ORDER BY revision DESC",
        item=item.n,
        revision=revision,
    )
    parts: Parts = {}
    for (document,) in rows:
        parts |= msgspec.json.decode(document, type=Parts)
    return {key: value for key, value in parts.items() if item.parts.get(key) != value}


def _follow(tx: Tx, scope: Scope, changes: Sequence[tuple[Current, Parts]]) -> None:
    """Bring search, the queue and the counters to where the changes put them."""
    gone = [item for item, parts in changes if "deleted_at" in parts and parts["deleted_at"] is not None]
    back = [item for item, parts in changes if "deleted_at" in parts and parts["deleted_at"] is None]
    moved = {item.n for item in gone} | {item.n for item in back}
    edited = [(item, parts) for item, parts in changes if item.n not in moved and SEARCHED & parts.keys()]
    if edited:
        index.index_items(tx, scope.project, [_searched(item, parts) for item, parts in edited])
    if gone:
        index.drop_items(tx, [item.n for item in gone])
        tx.many("DELETE FROM disagreements WHERE item = :item", [{"item": item.n} for item in gone])
        fill.close(tx, scope.project, [item.n for item in gone])
        _count(tx, scope, gone, by=-1)
    if back:
        parts_of = {item.n: parts for item, parts in changes}
        index.index_items(tx, scope.project, [_searched(item, parts_of[item.n]) for item in back], fresh=True)
        reindex_answers(tx, scope.project, [item.n for item in back])
        _count(tx, scope, back, by=1)
        fill.reopen(tx, scope.project, [item.n for item in back])


def reindex_answers(tx: Tx, project: int, items: Sequence[int]) -> None:
    """Let the standing answers on these items be found as they are now."""
    rows: list[tuple[int, int, index.Said]] = []
    for item in items:
        heads = tx.run(
            "SELECT r.author, v.schema_version, v.annotations FROM responses r"
            " JOIN revisions v ON v.response = r.n AND v.revision = r.head"
            " JOIN authors a ON a.n = r.author AND a.type <> 'consensus'"
            " WHERE r.item = :item AND +r.project = :project AND r.state = 'submitted' AND r.excluded IS NULL",
            item=item,
            project=project,
        )
        for author, version, annotations in heads:
            _, schema = schema_of(tx, project, version)
            parsed, _ = parse_annotations(annotations.encode(), schema, complete=False)
            rows.append((item, author, index.said(schema, parsed)))
    if rows:
        index.index_many_answers(tx, project, rows)


def _searched(item: Current, parts: Parts) -> tuple[int, Mapping[str, index.Value], Sequence[str]]:
    now = {**item.parts, **parts}
    metadata = msgspec.json.decode(now["metadata"] or "{}", type=dict[str, str | int | float | bool | list[str]])
    return item.n, metadata, msgspec.json.decode(now["tags"] or "[]", type=list[str])


def _count(tx: Tx, scope: Scope, items: Sequence[Current], *, by: int) -> None:
    tx.run(
        "UPDATE projects SET items = items + :items, labeled = labeled + :labeled, done = done + :done,"
        " responses = responses + :responses WHERE n = :project",
        items=by * len(items),
        labeled=by * sum(item.state == "labeled" for item in items),
        done=by * sum(item.state == "done" for item in items),
        responses=by * sum(item.responses for item in items),
        project=scope.project,
    )


def _by_columns(changes: Sequence[tuple[Current, Parts]]) -> dict[tuple[str, ...], list[tuple[Current, Parts]]]:
    groups: dict[tuple[str, ...], list[tuple[Current, Parts]]] = {}
    for item, parts in changes:
        groups.setdefault(tuple(sorted(parts)), []).append((item, parts))
    return groups

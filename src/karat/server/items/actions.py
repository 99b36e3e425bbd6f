"""Changing items: one at a time, a thousand at once, and taking that back."""

from collections.abc import Callable, Mapping, Sequence

import msgspec

from karat.model.item import Scalar
from karat.model.problem import Problem, Refused, refuse, shown
from karat.server.access import Actor, Scope, enter_by_key, enter_item, missing
from karat.server.database import Tx
from karat.server.items import changes, names, revisions, seeing
from karat.server.items.revisions import Current, Parts
from karat.server.items.schemas import Bulk, ItemBody, ItemEdit, Operation
from karat.server.labeling.actions import fill
from karat.server.tell import note, tell
from karat.server.wire import if_match

CHUNK = 500
"""Items that one transaction changes; more are a job's work."""
KEPT_SHOWN = 100

Apply = Callable[[Current], Parts]


def edit(tx: Tx, actor: Actor, item: str, given: ItemEdit, *, match: str | None) -> ItemBody:
    """Change an item's metadata, tags or group, as it was read."""
    scope, n = enter_item(tx, actor, "items.change", item=item)
    current = revisions.read(tx, scope, [n])[0]
    if_match(match, current.revision)
    parts: Parts = {}
    problems: list[Problem] = []
    if given.metadata is not msgspec.UNSET:
        problems += changes.metadata_problems(given.metadata, "metadata")
        parts["metadata"] = changes.encoded(given.metadata)
    if given.tags is not msgspec.UNSET:
        problems += changes.tag_problems(given.tags, "tags")
        parts["tags"] = changes.encoded(list(dict.fromkeys(given.tags)))
    if given.split_group is not msgspec.UNSET:
        problems += changes.tag_problems([given.split_group] if given.split_group else [], "split_group")
        parts["split_group"] = given.split_group or None
    refuse(problems)
    parts = {key: value for key, value in parts.items() if current.parts[key] != value}
    if parts:
        revisions.write(tx, scope, [(current, parts)])
        tell(tx, scope, "item.changed", thing="item", id=item, revision=current.revision + 1)
    return seeing.get_item(tx, scope, n)


def delete(tx: Tx, actor: Actor, item: str) -> Operation:
    """Delete an item; the operation can be undone, and its answers are kept for that."""
    scope, n = enter_item(tx, actor, "items.change", item=item)
    now = tx.now()
    operation = begin(tx, scope, "items.delete", {"action": "delete"})
    changed, _ = apply(tx, scope, operation, [n], lambda current: changes.deleted(current, now))
    note(
        tx,
        "items.deleted",
        actor=actor,
        workspace=scope.workspace,
        project=scope.project,
        thing={"type": "item", "id": item},
    )
    tell(tx, scope, "item.deleted", thing="item", id=item)
    return described(tx, scope, operation, changed=changed)


def bulk_problems(given: Bulk) -> list[Problem]:
    """What is wrong with a bulk change, before any item is looked at."""
    found: list[Problem] = []
    if (given.filter is None) == (given.ids is None):
        found.append(
            Problem(
                "filter",
                "neither" if given.ids is None else "both",
                "either a filter or ids",
                "Name the items in one way.",
            )
        )
    match given.action:
        case "tag" | "untag":
            found += changes.tag_problems([given.value] if isinstance(given.value, str) else [""], "value")
        case "metadata":
            if isinstance(given.value, dict) and given.value:
                found += changes.metadata_problems(given.value, "value")
            else:
                found.append(
                    Problem(
                        "value",
                        shown(given.value),
                        "an object of metadata values",
                        'Write e.g. {"site": "Oslo", "night": null}.',
                    )
                )
        case "requeue":
            if given.value is not None and not (type(given.value) is int and 1 <= given.value <= 100):
                found.append(
                    Problem("value", shown(given.value), "1 to 100", "Say how many more answers each item gets.")
                )
        case "delete":
            if given.value is not None:
                found.append(Problem("value", shown(given.value), "null", "Deleting takes no value."))
    return found


def change_chunk(tx: Tx, scope: Scope, operation: str, given: Bulk, items: Sequence[int]) -> int:
    """Do a bulk change to a chunk of items; how many changed."""
    if given.action == "requeue":
        fill.requeue(tx, scope, items, more=given.value if isinstance(given.value, int) else 1)
        tx.many(
            "INSERT INTO item_changes (operation, item, before, after) SELECT :operation, n, revision, revision FROM items"
            " WHERE n = :item ON CONFLICT DO NOTHING",
            [{"operation": operation, "item": item} for item in items],
        )
        tell(tx, scope, "item.changed", thing="operation", id=operation, n=len(items))
        return len(items)
    changed, _ = apply(tx, scope, operation, items, change_of(given, tx.now()))
    if changed:
        name = "item.deleted" if given.action == "delete" else "item.changed"
        tell(tx, scope, name, thing="operation", id=operation, n=changed)
    return changed


def change_of(given: Bulk, now: str) -> Apply:
    """What a bulk change does to one item."""
    value = given.value
    match given.action:
        case "tag":
            return lambda item: changes.tagged(item, str(value))
        case "untag":
            return lambda item: changes.untagged(item, str(value))
        case "metadata":
            values: Mapping[str, Scalar | None] = value if isinstance(value, dict) else {}
            return lambda item: changes.described(item, values)
        case "delete":
            return lambda item: changes.deleted(item, now)
        case "requeue":
            raise ValueError("requeue changes no part of an item; it goes through the queue")


def apply(tx: Tx, scope: Scope, operation: str, items: Sequence[int], change: Apply) -> tuple[int, list[Problem]]:
    """Change items as part of an operation; those already as wanted, or deleted meanwhile, are passed over."""
    found = [(item, change(item)) for item in revisions.read(tx, scope, items) if item.parts["deleted_at"] is None]
    wanted = [(item, parts) for item, parts in found if parts]
    problems = [
        problem
        for item, parts in wanted
        if "metadata" in parts
        for problem in changes.metadata_problems(
            msgspec.json.decode(parts["metadata"] or "{}"), f"items.{item.id}.metadata"
        )
    ]
    if problems:
        raise Refused(problems, title="An item would have too much metadata")
    revisions.write(tx, scope, wanted, operation=operation)
    return len(wanted), []


def begin(tx: Tx, scope: Scope, name: str, summary: Mapping[str, object], *, undoes: str | None = None) -> str:
    """Write an operation down; the items it changes are written beside each chunk."""
    id_ = tx.new_id()
    tx.run(
        "INSERT INTO operations (id, project, actor, name, changes, undoes, at)"
        " VALUES (:id, :project, :actor, :name, :changes, :undoes, :at)",
        id=id_,
        project=scope.project,
        actor=scope.author,
        name=name,
        changes=changes.encoded([summary]),
        undoes=undoes,
        at=tx.now(),
    )
    return id_


def undo_chunk(tx: Tx, scope: Scope, operation: str, undone: str, items: Sequence[tuple[int, int, int]]) -> list[int]:
    """Take back an operation on a chunk of (item, before, after); those that changed since are kept and returned."""
    current = {item.n: item for item in revisions.read(tx, scope, [n for n, _, _ in items])}
    wanted: list[tuple[Current, Parts]] = []
    kept: list[int] = []
    for n, before, after in items:
        item = current.get(n)
        if item is None or item.revision != after:
            kept.append(n)
            continue
        parts = revisions.earlier(tx, item, before)
        if parts.get("deleted_at", "") is None and _key_is_taken(tx, scope, n):
            kept.append(n)
        elif parts:
            wanted.append((item, parts))
    revisions.write(tx, scope, wanted, operation=operation)
    if wanted:
        tell(tx, scope, "item.changed", thing="operation", id=operation, n=len(wanted), undoes=undone)
    return kept


def enter_operation(tx: Tx, actor: Actor, operation: str) -> tuple[Scope, str, str | None]:
    """The scope of an operation's project, its name, and what has undone it."""
    rows = tx.run("SELECT project, name, undone_by FROM operations WHERE id = :id", id=operation)
    if not rows:
        raise missing("operation", operation)
    project, name, undone_by = rows[0]
    scope = enter_by_key(tx, actor, "items.change", project=project, what="operation", shown=operation)
    return scope, name, undone_by


def changed_items(tx: Tx, operation: str, *, after: int, limit: int) -> list[tuple[int, int, int]]:
    """What an operation changed: (item, before, after) behind one item."""
    rows = tx.run(
        "SELECT item, before, after FROM item_changes WHERE operation = :operation AND item > :item ORDER BY item LIMIT :limit",
        operation=operation,
        item=after,
        limit=limit,
    )
    return [(item, before, after_) for item, before, after_ in rows]


def start_undo(tx: Tx, scope: Scope, operation: str) -> str:
    """Write down that an operation is being undone, once."""
    name = tx.run("SELECT name FROM operations WHERE id = :id", id=operation)[0][0]
    id_ = begin(tx, scope, name, {"action": "undo"}, undoes=operation)
    taken = tx.run(
        "UPDATE operations SET undone_by = :by WHERE id = :id AND undone_by IS NULL RETURNING id", by=id_, id=operation
    )
    if not taken:
        problem = Problem(
            "operation", operation, "an operation that was not undone", "Undo its undoing instead, to have it back."
        )
        raise Refused([problem], status=409, title="It was undone already")
    note(
        tx,
        "operation.undone",
        actor=scope.actor,
        workspace=scope.workspace,
        project=scope.project,
        thing={"type": "operation", "id": operation},
    )
    return id_


def described(
    tx: Tx, scope: Scope, operation: str, *, changed: int, kept: Sequence[int] = (), job: str | None = None
) -> Operation:
    """An operation as it is shown."""
    name, undoes, undone_by, at, actor = tx.run(
        "SELECT o.name, o.undoes, o.undone_by, o.at, a.name FROM operations o JOIN authors a ON a.n = o.actor WHERE o.id = :id",
        id=operation,
    )[0]
    ids = names.item_ids(tx, scope.project, kept[:KEPT_SHOWN])
    return Operation(
        id=operation,
        name=name,
        changed=changed,
        kept=len(kept),
        kept_items=[ids[n] for n in kept[:KEPT_SHOWN] if n in ids],
        job=job,
        can_undo=undone_by is None and not (undoes and name == "items.requeue"),
        undoes=undoes,
        undone_by=undone_by,
        at=at,
        actor=actor,
    )


def _key_is_taken(tx: Tx, scope: Scope, item: int) -> bool:
    """Whether a deleted item's key was given to another one meanwhile."""
    found = tx.run(
        "SELECT 1 FROM items a JOIN items b ON b.project = a.project AND b.key = a.key AND b.deleted_at IS NULL"
        " WHERE a.n = :item AND a.project = :project",
        item=item,
        project=scope.project,
    )
    return bool(found)

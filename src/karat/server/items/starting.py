"""Beginning a change of many items: done at once where they are few, else written down as a job."""

import msgspec

from karat.model.problem import Problem, Refused, refuse
from karat.server.access import Actor, enter_project
from karat.server.database import Tx
from karat.server.items import actions, csv_metadata, work
from karat.server.items.schemas import Bulk, Operation
from karat.server.jobs import actions as jobs
from karat.server.jobs.schemas import Started
from karat.server.tell import note, tell

UNDONE_BY_JOB = {
    "items.requeue": ("rulings.close", "items"),
    "responses.exclude": ("responses.include", "responses"),
    "rulings.reopen": ("rulings.close", "items"),
}
"""Operations of other features, and the kind of job that takes each back, with what it counts."""


def start_bulk(tx: Tx, actor: Actor, project: str, given: Bulk) -> tuple[Operation, Started | None]:
    """Do a bulk change at once where it is small, else write down a job for it."""
    scope = enter_project(tx, actor, "items.change", project=project)
    refuse(actions.bulk_problems(given))
    items = work.chosen(tx, scope, given, after=0, limit=actions.CHUNK + 1)
    operation = actions.begin(
        tx, scope, f"items.{given.action}", {"action": given.action, "value": given.value, "filter": given.filter}
    )
    note(
        tx,
        "items.deleted" if given.action == "delete" else "items.changed",
        actor=actor,
        workspace=scope.workspace,
        project=scope.project,
        thing={"type": "operation", "id": operation},
        action=given.action,
    )
    if len(items) > actions.CHUNK:
        started = jobs.create(tx, scope, "items.change", work.BulkWork(operation, given))
        return actions.described(tx, scope, operation, changed=0, job=started.id), started
    changed = actions.change_chunk(tx, scope, operation, given, items)
    return actions.described(tx, scope, operation, changed=changed), None


def start_metadata(
    tx: Tx, actor: Actor, project: str, text: str, *, removes_empty: bool
) -> tuple[Operation, Started | None]:
    """Set metadata at once where the table is small, else write down a job for it."""
    scope = enter_project(tx, actor, "items.change", project=project)
    operation = actions.begin(tx, scope, "items.metadata", {"action": "csv"})
    note(
        tx,
        "items.changed",
        actor=actor,
        workspace=scope.workspace,
        project=scope.project,
        thing={"type": "operation", "id": operation},
        action="csv",
    )
    if text.count("\n") > actions.CHUNK:
        started = jobs.create(tx, scope, "items.metadata", work.MetadataWork(operation, text, removes_empty))
        return actions.described(tx, scope, operation, changed=0, job=started.id), started
    rows = csv_metadata.read_rows(text, removes_empty=removes_empty)
    done = csv_metadata.set_rows(tx, scope, operation, rows.values)
    if done.changed:
        tell(tx, scope, "item.changed", thing="operation", id=operation, n=done.changed)
    found = actions.described(tx, scope, operation, changed=done.changed)
    return msgspec.structs.replace(found, unknown=done.unknown[: csv_metadata.SHOWN]), None


def start_undo(tx: Tx, actor: Actor, operation: str) -> tuple[Operation, Started | None]:
    """Undo an operation at once where it is small, else write down a job for it."""
    scope, name, undone_by = actions.enter_operation(tx, actor, operation)
    if not (name.startswith("items.") or name in UNDONE_BY_JOB):
        problem = Problem("operation", name, "a change of items or an exclusion", "It cannot be undone from here.")
        raise Refused([problem], status=409, title="This cannot be undone")
    if undone_by is not None:
        problem = Problem(
            "operation", operation, "an operation that was not undone", f"Undo {undone_by} to have it back."
        )
        raise Refused([problem], status=409, title="It was undone already")
    if name in UNDONE_BY_JOB and tx.run("SELECT 1 FROM operations WHERE id = :id AND undoes IS NOT NULL", id=operation):
        problem = Problem("operation", operation, "what it undid itself", "Do it anew.")
        raise Refused([problem], status=409, title="This cannot be undone")
    undo = actions.start_undo(tx, scope, operation)
    if name in UNDONE_BY_JOB:
        kind, unit = UNDONE_BY_JOB[name]
        started = jobs.create(tx, scope, kind, work.UndoWork(undo, operation), unit=unit)
        return actions.described(tx, scope, undo, changed=0, job=started.id), started
    items = actions.changed_items(tx, operation, after=0, limit=actions.CHUNK + 1)
    if len(items) > actions.CHUNK:
        started = jobs.create(tx, scope, "items.undo", work.UndoWork(undo, operation))
        return actions.described(tx, scope, undo, changed=0, job=started.id), started
    kept = actions.undo_chunk(tx, scope, undo, operation, items)
    return actions.described(tx, scope, undo, changed=len(items) - len(kept), kept=kept), None

"""Items that were given to people by hand, or moved in their queues, let go again: by a manager, at a deadline, or since they are answered."""

from collections.abc import Sequence

from karat.server.access import NOBODY, Scope
from karat.server.database import Tx, named
from karat.server.labeling.actions.fill import look_again, shift
from karat.server.tell import tell

AT_ONCE = 500
RAISED = 10
"""How urgent items are of which the deadline has passed."""


def put(tx: Tx, project: int, batch: int, items: Sequence[int], *, is_reserved: bool, is_move: bool) -> None:
    """Put items into a batch."""
    tx.many(
        "INSERT INTO batch_items (batch, item, project, reserved) VALUES (:batch, :item, :project, :reserved)"
        " ON CONFLICT DO NOTHING",
        [{"batch": batch, "item": item, "project": project, "reserved": is_reserved} for item in items],
    )
    tx.run("UPDATE projects SET batched = true WHERE n = :p AND NOT batched", p=project)
    if is_move:
        for start in range(0, len(items), AT_ONCE):
            shift(tx, project, items[start : start + AT_ONCE])


def end(tx: Tx, project: int, batch: int) -> bool:
    """Let the items of a batch go, so that everybody who walked past them looks again; whether it stood."""
    ended = tx.run(
        "UPDATE batches SET ended_at = :now WHERE n = :n AND ended_at IS NULL RETURNING n", now=tx.now(), n=batch
    )
    if not ended:
        return False
    _let_go(tx, project, batch, [item for (item,) in tx.run("SELECT item FROM batch_items WHERE batch = :n", n=batch)])
    tx.run(
        "UPDATE projects SET batched = EXISTS (SELECT 1 FROM batches b WHERE b.project = projects.n AND b.ended_at IS NULL)"
        " WHERE n = :p",
        p=project,
    )
    return True


def tend(tx: Tx) -> int:
    """End batches whose deadline has passed or that are answered, and let items go that their person has answered."""
    answered = tx.run(
        "SELECT z.project, z.n, b.item FROM batches z JOIN batch_items b ON b.batch = z.n WHERE z.ended_at IS NULL"
        " AND z.author IS NOT NULL AND EXISTS (SELECT 1 FROM responses r WHERE r.item = b.item AND r.author = z.author"
        " AND r.state <> 'withdrawn') ORDER BY z.n, b.item LIMIT :limit",
        limit=AT_ONCE,
    )
    for project, batch, item in answered:
        _let_go(tx, project, batch, [item])
    late = tx.run(
        "SELECT z.project, z.n FROM batches z WHERE z.ended_at IS NULL AND z.deadline < :now ORDER BY z.n",
        now=tx.now(),
    )
    for project, batch in late:
        _end_late(tx, project, batch)
    done = tx.run(
        "SELECT z.project, z.n FROM batches z WHERE z.ended_at IS NULL AND z.job IS NULL"
        " AND NOT EXISTS (SELECT 1 FROM batch_items b JOIN items i ON i.n = b.item WHERE b.batch = z.n"
        " AND i.state <> 'done' AND i.deleted_at IS NULL) ORDER BY z.n"
    )
    for project, batch in done:
        end(tx, project, batch)
    return len(answered)


def _end_late(tx: Tx, project: int, batch: int) -> None:
    """The deadline has passed: what is left goes to anybody, at its place or before all others, and managers are told."""
    id_, title, by, late, workspace = tx.run(
        "SELECT z.id, z.title, z.by, z.late, p.workspace FROM batches z JOIN projects p ON p.n = z.project WHERE z.n = :n",
        n=batch,
    )[0]
    left = [
        item
        for (item,) in tx.run(
            "SELECT b.item FROM batch_items b JOIN items i ON i.n = b.item WHERE b.batch = :n AND i.state <> 'done'"
            " AND i.deleted_at IS NULL ORDER BY b.item",
            n=batch,
        )
    ]
    end(tx, project, batch)
    if not left:
        return
    if late == "raise":
        n = tx.run(
            "INSERT INTO batches (id, project, title, priority, exclusive, is_move, items, by, at)"
            " VALUES (:id, :p, :title, :priority, false, true, :items, :by, :now) RETURNING n",
            id=tx.new_id(),
            p=project,
            title=title,
            priority=RAISED,
            items=len(left),
            by=by,
            now=tx.now(),
        )[0][0]
        put(tx, project, n, left, is_reserved=False, is_move=True)
    scope = Scope(NOBODY, workspace, "owner", 0, project)
    tell(tx, scope, "batch.changed", thing="batch", id=id_, did="late", items=len(left))


def _let_go(tx: Tx, project: int, batch: int, items: Sequence[int]) -> None:
    is_move = tx.run("SELECT is_move FROM batches WHERE n = :n", n=batch)[0][0]
    again = shift if is_move else look_again
    for start in range(0, len(items), AT_ONCE):
        chunk = items[start : start + AT_ONCE]
        names, values = named(chunk)
        tx.run(f"DELETE FROM batch_items WHERE batch = :batch AND item IN ({names})", batch=batch, **values)  # noqa: S608 - names of parameters only
        again(tx, project, chunk)

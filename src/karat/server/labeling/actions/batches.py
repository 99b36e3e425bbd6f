"""Items that were given to people by hand, let go again: by a manager, at their deadline, or since they were answered."""

from collections.abc import Sequence

from karat.server.database import Tx, named
from karat.server.labeling.actions.fill import look_again

AT_ONCE = 500


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
    over = tx.run(
        "SELECT z.project, z.n FROM batches z WHERE z.ended_at IS NULL AND (z.deadline < :now"
        " OR NOT EXISTS (SELECT 1 FROM batch_items b JOIN items i ON i.n = b.item WHERE b.batch = z.n"
        " AND i.state <> 'done' AND i.deleted_at IS NULL)) ORDER BY z.n",
        now=tx.now(),
    )
    for project, batch in over:
        end(tx, project, batch)
    return len(answered)


def _let_go(tx: Tx, project: int, batch: int, items: Sequence[int]) -> None:
    for start in range(0, len(items), AT_ONCE):
        names, values = named(items[start : start + AT_ONCE])
        tx.run(f"DELETE FROM batch_items WHERE batch = :batch AND item IN ({names})", batch=batch, **values)  # noqa: S608 - names of parameters only
        look_again(tx, project, items[start : start + AT_ONCE])

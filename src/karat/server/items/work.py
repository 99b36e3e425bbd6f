"""Changes to more items than one transaction should hold: bulk changes, their undoing, metadata from a table."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future

import msgspec

from karat.server.access import Scope
from karat.server.database import Tx
from karat.server.items import actions, names, queries
from karat.server.items.actions import CHUNK
from karat.server.items.csv_metadata import Rows, read_rows, set_rows
from karat.server.items.filters import conditions_of
from karat.server.items.find import matching
from karat.server.items.orders import BY_MAKING
from karat.server.items.schemas import Bulk
from karat.server.items.tiles import AHEAD_JOB, TILES_JOB
from karat.server.jobs.kinds import JobKind
from karat.server.jobs.running import Running

KEPT_MOST = 10_000


class BulkWork(msgspec.Struct, frozen=True):
    """A bulk change as a job."""

    operation: str
    given: Bulk


class UndoWork(msgspec.Struct, frozen=True):
    """The undoing of an operation as a job."""

    operation: str
    undone: str


class MetadataWork(msgspec.Struct, frozen=True):
    """Metadata from a table as a job; the table's text stands here, so that any machine can do it."""

    operation: str
    text: str
    removes_empty: bool


class Step(msgspec.Struct, frozen=True):
    """What a step did, and behind which item the next one goes on."""

    after: int
    changed: int
    kept: list[int] = []
    seen: int = 0


def change_items(job: Running, given: BulkWork) -> Mapping[str, object]:
    """Change every item that the filter or the ids name, in the order in which they were made."""
    total = job.db.read_now(_count, job.scope, given.given)

    def step(tx: Tx, after: int) -> Step:
        items = chosen(tx, job.scope, given.given, after=after, limit=CHUNK)
        changed = actions.change_chunk(tx, job.scope, given.operation, given.given, items)
        return Step(items[-1] if items else after, changed, seen=len(items))

    return _steps(job, step, total=total) | {"operation": given.operation}


def undo_items(job: Running, given: UndoWork) -> Mapping[str, object]:
    """Take an operation back, chunk by chunk."""
    total = job.db.read_now(
        lambda tx: int(tx.run("SELECT count(*) FROM item_changes WHERE operation = :o", o=given.undone)[0][0])
    )

    def step(tx: Tx, after: int) -> Step:
        items = actions.changed_items(tx, given.undone, after=after, limit=CHUNK)
        kept = actions.undo_chunk(tx, job.scope, given.operation, given.undone, items)
        return Step(items[-1][0] if items else after, len(items) - len(kept), kept, len(items))

    return _steps(job, step, total=total) | {"operation": given.operation}


def set_metadata(job: Running, given: MetadataWork) -> Mapping[str, object]:
    """Set metadata row by row of the table."""
    rows: Rows = read_rows(given.text, removes_empty=given.removes_empty)

    def step(tx: Tx, after: int) -> Step:
        chunk = rows.values[after : after + CHUNK]
        done = set_rows(tx, job.scope, given.operation, chunk)
        return Step(after + len(chunk), done.changed, [], len(chunk))

    found = _steps(job, step, total=len(rows.values))
    unknown = job.db.read_now(lambda tx: rows.unknown(tx, job.scope))
    return found | {"operation": given.operation, "unknown": len(unknown), "unknown_keys": unknown[:100]}


def chosen(tx: Tx, scope: Scope, given: Bulk, *, after: int, limit: int) -> list[int]:
    """The next items that a bulk change names, behind one of them."""
    if given.ids is not None:
        found = sorted(n for n in names.item_keys(tx, scope, given.ids).values() if n > after)
        return found[:limit]
    clauses = queries.clauses_of(tx, scope, conditions_of(given.filter))
    return matching(tx, scope.project, clauses, BY_MAKING, after=after, limit=limit)


def _count(tx: Tx, scope: Scope, given: Bulk) -> int | None:
    if given.ids is not None:
        return len(set(given.ids))
    filter_ = msgspec.json.encode(given.filter).decode()
    found = queries.count_items(tx, scope, filter_)
    return found.count if found.exact else None


def _steps(job: Running, step: Callable[[Tx, int], Step], *, total: int | None) -> dict[str, object]:
    """Run steps until one sees nothing, each on from where the last one ended, across crashes."""
    job.total = total
    last = job.last_step()
    state = job.db.read_now(_last_result, job.id, last) or Totals(0, 0, 0, [])
    while True:
        last += 1
        future: Future[Totals] = job.step(last, state.seen, _totalled, step, state)
        before, state = state, future.result()
        job.progress(state.seen, total=total)
        if state.seen == before.seen:
            return {
                "changed": state.changed,
                "kept": len(state.kept),
                "kept_items": job.db.read_now(_ids, job.scope, state.kept[:100]),
            }


class Totals(msgspec.Struct, frozen=True):
    """How far a job is, kept with its last step."""

    after: int
    seen: int
    changed: int
    kept: list[int]


def _totalled(tx: Tx, step: Callable[[Tx, int], Step], before: Totals) -> Totals:
    done = step(tx, before.after)
    kept = [*before.kept, *done.kept][:KEPT_MOST]
    return Totals(done.after, before.seen + done.seen, before.changed + done.changed, kept)


def _last_result(tx: Tx, job: str, step: int) -> Totals | None:
    rows = tx.run("SELECT result FROM job_steps WHERE job = :job AND step = :step", job=job, step=step)
    return msgspec.json.decode(rows[0][0], type=Totals) if rows else None


def _ids(tx: Tx, scope: Scope, items: Sequence[int]) -> list[str]:
    return list(names.item_ids(tx, scope.project, items).values())


JOBS = [
    JobKind(name="items.change", title="Change items", arguments=BulkWork, run=change_items),
    JobKind(name="items.undo", title="Undo a change of items", arguments=UndoWork, run=undo_items),
    JobKind(name="items.metadata", title="Set metadata from a table", arguments=MetadataWork, run=set_metadata),
    TILES_JOB,
    AHEAD_JOB,
]

"""What takes long in a project: copying its items, and deleting it for good."""

import datetime as dt
from collections.abc import Mapping, Sequence

import msgspec

from karat.model.ids import new_item_id, stamp
from karat.model.item import Scalar
from karat.server.access import Scope
from karat.server.database import Database, Tx, named
from karat.server.jobs.kinds import JobKind
from karat.server.jobs.running import Running
from karat.server.labeling.actions.fill import enqueue
from karat.server.projects.queries import BIN_DAYS
from karat.server.search import index
from karat.server.search.words import forget_words
from karat.server.tell import note, tell

CHUNK = 500


class CloneWork(msgspec.Struct, frozen=True):
    """A project whose items are to be copied into the job's project."""

    source: int


def copy_items(job: Running, given: CloneWork) -> Mapping[str, object]:
    """Copy items with their metadata and tags; answers stay where they were given."""
    (total,) = job.db.read_now(lambda tx: tx.run("SELECT items FROM projects WHERE n = :n", n=given.source))[0]
    last = job.last_step()
    after: int | None = job.db.read_now(_reached, job.id, last)
    while after is not None:
        last += 1
        after = job.step(last, min(last * CHUNK, total), copy_next, job.scope, given.source, after).result()
        job.progress(min(last * CHUNK, total), total=total)
    return {"items": total}


def copy_next(tx: Tx, scope: Scope, source: int, after: int) -> int | None:
    """Copy the items behind one key; the last key, or None when all are done."""
    rows = tx.run(
        "SELECT n, key, hash, streams, metadata, tags, split_group, extra FROM items"
        " WHERE project = :source AND n > :after AND deleted_at IS NULL ORDER BY n LIMIT :limit",
        source=source,
        after=after,
        limit=CHUNK,
    )
    if not rows:
        return None
    now = tx.now()
    tx.many(
        "INSERT INTO items (id, project, key, hash, streams, metadata, tags, split_group, extra, created_at, changed_at)"
        " VALUES (:id, :project, :key, :hash, :streams, :metadata, :tags, :split_group, :extra, :now, :now)"
        " ON CONFLICT DO NOTHING",
        [
            {
                "id": new_item_id(),
                "project": scope.project,
                "key": key,
                "hash": hash_,
                "streams": streams,
                "metadata": metadata,
                "tags": tags,
                "split_group": group,
                "extra": extra,
                "now": now,
            }
            for _, key, hash_, streams, metadata, tags, group, extra in rows
        ],
    )
    _index_copies(tx, scope, [row[1] for row in rows])
    return int(rows[-1][0])


def _index_copies(tx: Tx, scope: Scope, keys: Sequence[str]) -> None:
    names, values = named(keys)
    copies = tx.run(
        f"SELECT n, metadata, tags FROM items WHERE project = :project AND deleted_at IS NULL AND key IN ({names})",  # noqa: S608 - names of parameters only
        project=scope.project,
        **values,
    )
    index.index_items(
        tx,
        scope.project,
        [
            (n, msgspec.json.decode(metadata, type=dict[str, Scalar]), msgspec.json.decode(tags, type=list[str]))
            for n, metadata, tags in copies
        ],
        fresh=True,
    )
    enqueue(tx, scope.project, sorted(n for n, _, _ in copies))
    tx.run("UPDATE projects SET items = items + :n WHERE n = :project", n=len(copies), project=scope.project)
    tell(tx, scope, "items.imported", thing="project", id=str(scope.project), items=len(copies), responses=0)


def empty_bin(db: Database) -> int:
    """Delete for good what has been in the bin for 30 days: projects, and items on their own. How many projects."""
    gone = db.read_now(_overdue)
    for project, workspace, id_ in gone:
        for table, key in CONTENT:
            while db.write_bulk(_delete_some, table, key, project).result():
                pass
        db.write_bulk(_delete_project, project, workspace, id_).result()
    while db.write_bulk(_delete_items).result():
        pass
    return len(gone)


def _overdue(tx: Tx) -> list[tuple[int, int, str]]:
    rows = tx.run("SELECT n, workspace, id FROM projects WHERE state = 'bin' AND deleted_at < :limit", limit=_limit(tx))
    return [(n, workspace, id_) for n, workspace, id_ in rows]


def _limit(tx: Tx) -> str:
    return stamp(tx.clock.now() - dt.timedelta(days=BIN_DAYS))


# Tables with a project's rows and their key, so that they can be deleted a few hundred at a time; the rest of them,
# few rows each, goes with the project itself.
CONTENT = (
    ("marks", "project, field, label, item, author"),
    ("facts", "project, key, item, author, coalesce(txt, ''), coalesce(num, 0)"),
    ("disagreements", "item, field"),
    ("consensus", "item, field"),
    ("given", "item"),
    ("rolled", "item"),
    ("differing", "item, field, label, a, b"),
    ("pair_sums", "project, field, label, a, b"),
    ("rollups", "project, what, a, b, day"),
    ("pay_contests", "n"),
    ("pay_corrections", "n"),
    ("pay_lines", "n"),
    ("pay_periods", "n"),
    ("person_days", "project, author, what, day"),
    ("watches", "project, author"),
    ("sittings", "project, author, id"),
    ("pairs", "project, a, b"),
    ("plants", "item, author"),
    ("group_places", "project, attribute, key, author, cut"),
    ("group_gone", "project, attribute, key, value"),
    ("resolutions", "item"),
    ("drafts", "item, author"),
    ("queue", "project, stage, lane, priority, item"),
    ("routes", "item, stage, visit"),
    ("reviews", "n"),
    ("judgements", "assignment"),
    ("thread_people", "thread, author"),
    ("messages", "n"),
    ("threads", "n"),
    ("precedents", "n"),
    ("appeals", "n"),
    ("presence", "project, author"),
    ("shown_items", "item, why"),
    ("notices", "n"),
    ("guideline_reads", "project, author"),
    ("guidelines", "project, version"),
    ("assignments", "id"),
    ("gold", "n"),
    ("gold_swaps", "author, item"),
    ("gold_returns", "author, item"),
    ("gold_answers", "item, author"),
    ("gold_batches", "project, author, n"),
    ("standings", "project, author"),
    ("exceptions", "item"),
    ("batch_items", "batch, item"),
    ("batches", "n"),
    ("revisions", "response, revision"),
    ("responses", "n"),
    ("item_revisions", "item, revision"),
    ("items", "n"),
    ("operations", "id"),
    ("events", "seq"),
    ("low_water", "project, stage, author, lane"),
    ("turns", "project, stage"),
    ("recounts", "project"),
)


def _delete_some(tx: Tx, table: str, key: str, project: int) -> bool:
    rows = tx.run(
        f"DELETE FROM {table} WHERE project = :project AND ({key}) IN"  # noqa: S608 - constants of CONTENT
        f" (SELECT {key} FROM {table} WHERE project = :project LIMIT {CHUNK}) RETURNING 1",
        project=project,
    )
    return bool(rows)


def _delete_project(tx: Tx, project: int, workspace: int, id_: str) -> None:
    tx.run("DELETE FROM words WHERE project = :project", project=project)
    tx.run("DELETE FROM jobs WHERE project = :project", project=project)
    tx.run("DELETE FROM projects WHERE n = :project AND state = 'bin'", project=project)
    note(tx, "project.purged", actor=None, workspace=workspace, thing={"type": "project", "id": id_})
    tx.after(forget_words)


def _delete_items(tx: Tx) -> bool:
    """Items that were deleted on their own 30 days ago, with what was said on them."""
    rows = tx.run(
        "SELECT n FROM items WHERE deleted_at IS NOT NULL AND deleted_at < :limit LIMIT :chunk",
        limit=_limit(tx),
        chunk=CHUNK,
    )
    items = [{"item": n} for (n,) in rows]
    tx.many("DELETE FROM revisions WHERE response IN (SELECT n FROM responses WHERE item = :item)", items)
    for table in (
        "responses",
        "drafts",
        "assignments",
        "gold",
        "gold_swaps",
        "gold_returns",
        "gold_answers",
        "exceptions",
        "routes",
        "reviews",
        "judgements",
        "thread_people",
        "messages",
        "threads",
        "precedents",
        "appeals",
        "presence",
        "shown_items",
        "consensus",
        "resolutions",
        "disagreements",
        "marks",
        "facts",
        "item_changes",
        "given",
        "rolled",
        "differing",
        "plants",
    ):
        tx.many(f"DELETE FROM {table} WHERE item = :item", items)  # noqa: S608 - a constant
    tx.many("DELETE FROM items WHERE n = :item", items)
    return len(rows) == CHUNK


def _reached(tx: Tx, job: str, step: int) -> int | None:
    """The key that the last step ended at; 0 before the first."""
    rows = tx.run("SELECT result FROM job_steps WHERE job = :job AND step = :step", job=job, step=step)
    return msgspec.json.decode(rows[0][0], type=int | None) if rows else 0


JOBS = [
    JobKind(name="projects.clone", title="Copy items", arguments=CloneWork, run=copy_items),
]

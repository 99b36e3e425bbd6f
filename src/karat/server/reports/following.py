"""Following the events: within a second of an answer its item is compared, merged and, if it is complete, resolved.

One machine at a time follows, by a lease on the cursor; whoever comes after it may see an event again, which does no
harm. Never in the request itself: people who label wait for nothing of this.
"""

import asyncio
import datetime as dt
import time
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import NamedTuple

import msgspec
import structlog
from litestar import Litestar

from karat.model.ids import stamp
from karat.server.database import Database, Tx, named
from karat.server.item_ids import numbers
from karat.server.projects.work import sweep
from karat.server.reports.relearning import start_due
from karat.server.reports.settling import settle_project
from karat.server.reports.weighing import weigh

log = structlog.get_logger()

NAME = "quality"
POLL_S = 0.25
LEASE_S = 10
BATCH = 500
AT_ONCE = 50
"""Items that one transaction settles."""
REST = 3.0
"""After working for some time, rest this many times as long: at any load, three quarters of a core are left for labeling."""
LOOK_S = 5.0
"""How often it is looked whether a project has grown."""
SWEEP_S = 3600.0
FIRST_SWEEP_S = 60.0

ONE = frozenset({"response.submitted", "response.skipped", "response.reverted", "item.changed"})
ALL = frozenset({"items.imported", "response.excluded", "project.changed"})


Submit = Callable[[str, int], None]


class Event(NamedTuple):
    """An event as the follower needs it."""

    xid: int
    seq: int
    workspace: int
    project: int | None
    name: str
    thing: str
    data: str


class Batch(NamedTuple):
    """What some events touch: items one by one, projects as a whole."""

    place: tuple[int, int]
    items: dict[int, list[int]]
    projects: list[int]
    is_full: bool


class Follower:
    """The loop of one process."""

    def __init__(self, db: Database, *, name: str, rest: float = REST, submit: Submit | None = None) -> None:
        self._db = db
        self._name = name
        self._rest = rest
        self._submit = submit
        self._answered: dict[int, None] = {}
        self._look_at = 0.0

    async def run(self, stop: asyncio.Event) -> None:
        """Follow until `stop` is set. It is never cancelled: a write that was begun is waited for."""
        sweep_at = time.monotonic() + FIRST_SWEEP_S
        while not stop.is_set():
            try:
                is_busy = await self.step()
                if time.monotonic() > sweep_at:
                    sweep_at = time.monotonic() + SWEEP_S
                    await asyncio.to_thread(sweep, self._db)
            except Exception as error:
                log.warning("following.failed", error=str(error), exc_info=error)
                is_busy = False
            if not is_busy:
                with suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), POLL_S)

    async def step(self) -> bool:
        """Take the next events, or the next chunk of a project that is overdue; whether there may be more."""
        found = await self._db.read(next_batch, self._name)
        if isinstance(found, bool):
            return found and await self._db.write(take_lease, self._name)
        if found.items or found.projects or found.is_full:
            if not await self._db.write(take_lease, self._name):
                return False
            self._answered |= dict.fromkeys([*found.items, *found.projects])
            for project, items in found.items.items():
                for start in range(0, len(items), AT_ONCE):
                    await self.settle(project, items[start : start + AT_ONCE])
            await self._db.write(move_on, self._name, found.place, found.projects)
            await self.relearn()
            # Of a batch that was not full the next answers are awaited together: one by one they cost ten times as much.
            return found.is_full
        overdue = await self._db.read(next_overdue)
        if overdue is None:
            await self.relearn()
            return False
        if not await self._db.write(take_lease, self._name):
            return False
        project, items = overdue
        if items:
            await self.settle(project, items)
        await self._db.write(overdue_done, project, items[-1] if items else None)
        return True

    async def relearn(self) -> None:
        """Let the projects that have grown enough be learned anew, at most every few seconds: while many people label,
        there is never a moment without answers, and what is learned decides how many more are asked for."""
        if self._submit is None or not self._answered or time.monotonic() < self._look_at:
            return
        self._look_at = time.monotonic() + LOOK_S
        projects, self._answered = list(self._answered), {}
        for started in await self._db.write(start_due, projects):
            self._submit(started.id, started.attempt)

    async def settle(self, project: int, items: list[int]) -> None:
        """Compare and merge in a reader's thread, write in a chunk of its own, and rest."""
        started = time.monotonic()
        rules, weighed = await self._db.read(weigh, project, items)
        if weighed:
            await asyncio.wrap_future(self._db.write_bulk(settle_project, project, rules, weighed))
        await asyncio.sleep((time.monotonic() - started) * self._rest)


@asynccontextmanager
async def following(litestar: Litestar) -> AsyncIterator[None]:
    """Follow the events while the application runs."""
    app = litestar.state.app
    stop = asyncio.Event()
    task = asyncio.create_task(Follower(app.db, name=str(uuid.uuid4()), submit=app.jobs.submit).run(stop))
    yield
    stop.set()
    await task


def next_batch(tx: Tx, holder: str) -> Batch | bool:
    """What happened since the cursor; where this process has no lease, whether it may take it."""
    rows = tx.run("SELECT xid, seq, holder, until FROM cursors WHERE name = :name", name=NAME)
    if not rows or rows[0][2] != holder:
        return not rows or rows[0][3] < tx.now()
    xid, seq, _, _ = rows[0]
    events = [Event(*row) for row in tx.run(SINCE[tx.is_sqlite], xid=xid, seq=seq, limit=BATCH)]
    items: dict[int, dict[str, None]] = {}
    projects: dict[int, None] = {}
    for event in events:
        if event.project is None:
            continue
        data = msgspec.json.decode(event.data)
        thing = msgspec.json.decode(event.thing)
        item = data.get("item") or (thing.get("id") if thing.get("type") == "item" else None)
        if event.name in ONE and isinstance(item, str):
            items.setdefault(event.project, {})[item] = None
        elif (event.name in ALL and _touches_answers(event.name, data)) or (
            event.name == "item.changed" and "undoes" in data
        ):
            projects[event.project] = None
    place = (events[-1].xid, events[-1].seq) if events else (xid, seq)
    found = {
        project: keys_of_items(tx, project, list(ids)) for project, ids in items.items() if project not in projects
    }
    return Batch(place, found, list(projects), len(events) == BATCH)


def take_lease(tx: Tx, holder: str, name: str = NAME) -> bool:
    """Be the one that follows with this cursor, unless somebody else is; a new cursor begins at the beginning."""
    now = tx.clock.now()
    rows = tx.run(
        "INSERT INTO cursors (name, xid, seq, holder, until) VALUES (:name, 0, 0, :holder, :until)"
        " ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until"
        " WHERE cursors.holder = :holder OR cursors.until < :now RETURNING holder",
        name=name,
        holder=holder,
        until=stamp(now + dt.timedelta(seconds=LEASE_S)),
        now=stamp(now),
    )
    return bool(rows)


def move_on(tx: Tx, holder: str, place: tuple[int, int], projects: list[int], name: str = NAME) -> None:
    """Write down how far was read, and which projects are to be looked at as a whole."""
    moved = tx.run(
        "UPDATE cursors SET xid = :xid, seq = :seq WHERE name = :name AND holder = :holder RETURNING 1",
        xid=place[0],
        seq=place[1],
        name=name,
        holder=holder,
    )
    for project in projects if moved else ():
        mark_overdue(tx, project)


def mark_overdue(tx: Tx, project: int) -> None:
    """Let every item of a project be looked at again, behind what is happening now."""
    tx.run(
        "INSERT INTO overdue (project, after) SELECT n, 0 FROM projects WHERE n = :project"
        " ON CONFLICT (project) DO UPDATE SET after = 0",
        project=project,
    )


def next_overdue(tx: Tx) -> tuple[int, list[int]] | None:
    """The next items of a project that is to be looked at as a whole."""
    rows = tx.run("SELECT project, after FROM overdue ORDER BY project LIMIT 1")
    if not rows:
        return None
    project, after = rows[0]
    found = tx.run(
        "SELECT n FROM items WHERE project = :project AND n > :after AND deleted_at IS NULL"
        " AND (responses > 0 OR disagreement IS NOT NULL) ORDER BY n LIMIT :limit",
        project=project,
        after=after,
        limit=AT_ONCE,
    )
    return project, [row[0] for row in found]


def overdue_done(tx: Tx, project: int, last: int | None) -> None:
    """Write down how far a project was looked at; None where nothing is left."""
    if last is None:
        tx.run("DELETE FROM overdue WHERE project = :project", project=project)
    else:
        tx.run(
            "UPDATE overdue SET after = :last WHERE project = :project AND after < :last", last=last, project=project
        )


def _touches_answers(name: str, data: dict[str, object]) -> bool:
    return name != "items.imported" or bool(data.get("responses"))


def keys_of_items(tx: Tx, project: int, ids: list[str], *, deleted: bool = False) -> list[int]:
    """The keys of those of the project's items that have these ids; of deleted ones too where that is asked."""
    names, values = named(numbers(tx, ids).values())
    names = names or "-1"
    rows = tx.run(
        # `+project`: SQLite would else read every item of the project.
        f"SELECT n FROM items WHERE n IN ({names}) AND +project = :project"  # noqa: S608 - names of parameters only
        f"{'' if deleted else ' AND deleted_at IS NULL'} ORDER BY n",
        project=project,
        **values,
    )
    return [row[0] for row in rows]


_COLUMNS = "SELECT xid, seq, workspace, project, name, thing, data FROM events"
SINCE = {
    True: f"{_COLUMNS} WHERE seq > :seq AND :xid = 0 ORDER BY seq LIMIT :limit",
    # Commits come out of the order of seq: nothing at or above the oldest open transaction is read yet.
    False: f"{_COLUMNS} WHERE (xid, seq) > (:xid, :seq) AND xid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
    " ORDER BY xid, seq LIMIT :limit",
}

__all__ = ["Follower", "following", "mark_overdue"]

"""Following the events: what people did is counted within a second, behind a cursor of its own and never in a request."""

import asyncio
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import msgspec
import structlog
from litestar import Litestar

from karat.server.database import Database, Tx
from karat.server.reports.following import BATCH, POLL_S, REST, SINCE, Batch, Event, keys_of_items, take_lease
from karat.server.team.counting import NAME, count, write
from karat.server.team.rules import act, due

log = structlog.get_logger()

AT_ONCE = 50
LOOK_S = 1.0
"""How often the rules are asked, at most."""
ONE = frozenset(
    {
        "response.submitted",
        "response.skipped",
        "response.reverted",
        "response.reviewed",
        "review.reverted",
        "item.changed",
        "item.deleted",
    }
)
ALL = frozenset({"items.imported", "response.excluded", "project.changed"})


class Follower:
    """The loop of one process."""

    def __init__(self, db: Database, *, name: str, rest: float = REST) -> None:
        self._db = db
        self._name = name
        self._rest = rest
        self._moved: set[int] = set()
        self._look_at = 0.0

    async def run(self, stop: asyncio.Event) -> None:
        """Follow until `stop` is set. It is never cancelled: a write that was begun is waited for."""
        while not stop.is_set():
            try:
                is_busy = await self.step()
            except Exception as error:
                log.warning("team.following_failed", error=str(error), exc_info=error)
                is_busy = False
            if not is_busy:
                with suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), POLL_S)

    async def step(self) -> bool:
        """Count what the next events touch, or the next items of a project that is to be counted whole; whether there may be more."""
        found = await self._db.read(next_batch, self._name)
        if isinstance(found, bool):
            return found and await self._db.write(take_lease, self._name, NAME)
        if found.items or found.projects or found.is_full:
            if not await self._db.write(take_lease, self._name, NAME):
                return False
            for project, items in found.items.items():
                for start in range(0, len(items), AT_ONCE):
                    await self._count(project, items[start : start + AT_ONCE])
            await self._db.write(move_on, self._name, found.place, found.projects)
            return found.is_full
        whole = await self._db.read(next_due)
        if whole is None:
            await self._act()
            return False
        if not await self._db.write(take_lease, self._name, NAME):
            return False
        project, items = whole
        if items:
            await self._count(project, items)
        await self._db.write(due_done, project, items[-1] if items else None)
        return True

    async def _act(self) -> None:
        """Where everything is counted, do what the rules of the projects that moved ask for."""
        if not self._moved or time.monotonic() < self._look_at:
            return
        self._look_at = time.monotonic() + LOOK_S
        projects, self._moved = sorted(self._moved), set()
        for project in projects:
            found = await self._db.read(due, project)
            if found:
                await self._db.write(act, project, found)

    async def _count(self, project: int, items: list[int]) -> None:
        started = time.monotonic()
        self._moved.add(project)
        given = await self._db.read(count, project, items)
        await asyncio.wrap_future(self._db.write_bulk(write, project, given))
        await asyncio.sleep((time.monotonic() - started) * self._rest)


@asynccontextmanager
async def counting_people(litestar: Litestar) -> AsyncIterator[None]:
    """Count while the application runs."""
    stop = asyncio.Event()
    task = asyncio.create_task(Follower(litestar.state.app.db, name=str(uuid.uuid4())).run(stop))
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
        data, thing = msgspec.json.decode(event.data), msgspec.json.decode(event.thing)
        item = data.get("item") or (thing.get("id") if thing.get("type") == "item" else None)
        if event.name in ONE and isinstance(item, str):
            items.setdefault(event.project, {})[item] = None
        elif event.name in ALL and (event.name != "items.imported" or data.get("responses")):
            projects[event.project] = None
    place = (events[-1].xid, events[-1].seq) if events else (xid, seq)
    found = {
        project: keys_of_items(tx, project, list(ids), deleted=True)
        for project, ids in items.items()
        if project not in projects
    }
    return Batch(place, found, list(projects), len(events) == BATCH)


def move_on(tx: Tx, holder: str, place: tuple[int, int], projects: list[int]) -> None:
    """Write down how far was read, and which projects are to be counted as a whole."""
    moved = tx.run(
        "UPDATE cursors SET xid = :xid, seq = :seq WHERE name = :name AND holder = :holder RETURNING 1",
        xid=place[0],
        seq=place[1],
        name=NAME,
        holder=holder,
    )
    for project in projects if moved else ():
        tx.run(
            "INSERT INTO counting (project, after) SELECT n, 0 FROM projects WHERE n = :project"
            " ON CONFLICT (project) DO UPDATE SET after = 0",
            project=project,
        )


def next_due(tx: Tx) -> tuple[int, list[int]] | None:
    """The next items of a project that is to be counted as a whole."""
    rows = tx.run("SELECT project, after FROM counting ORDER BY project LIMIT 1")
    if not rows:
        return None
    project, after = rows[0]
    found = tx.run(
        # Skipped and rejected answers count too, so an item without answers that stand is looked at all the same.
        "SELECT n FROM items WHERE project = :project AND n > :after AND (EXISTS (SELECT 1 FROM responses r"
        " WHERE r.item = items.n) OR EXISTS (SELECT 1 FROM given g WHERE g.item = items.n)) ORDER BY n LIMIT :limit",
        project=project,
        after=after,
        limit=AT_ONCE,
    )
    return project, [row[0] for row in found]


def due_done(tx: Tx, project: int, last: int | None) -> None:
    """Write down how far a project was counted; None where nothing is left."""
    if last is None:
        tx.run("DELETE FROM counting WHERE project = :project", project=project)
    else:
        tx.run(
            "UPDATE counting SET after = :last WHERE project = :project AND after < :last", last=last, project=project
        )

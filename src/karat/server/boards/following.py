"""Following what happens: within a second or two of an answer the counts of its project's dashboards are moved.

Which items to look at is learned in two ways. An event names the item that was answered, judged or deleted. Whatever moved
an item otherwise (an import, a changed policy, the consensus) wrote down when: so the items of a project in which something
happens are also walked in the order in which they changed, and looked at once more within a few seconds of doing so.
"""

import asyncio
import datetime as dt
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import NamedTuple

from litestar import Litestar

from karat.model.ids import stamp
from karat.server import following
from karat.server.boards.counting import write
from karat.server.boards.giving import look
from karat.server.database import Database, Tx
from karat.server.following import FAR, REST, Place, keys_of_items, read_since, take_lease

NAME = "boards"
AT_ONCE = 200
HOT_S = 15.0
"""So long after an event the items of its project are walked by when they changed."""
WALK_S = 0.5
ALL_S = 60.0
"""How often every project is walked."""
BACK_S = 10
"""A transaction may commit so long after the time that it wrote down: what changed since then is walked again."""
ONE = frozenset(
    {
        "response.submitted",
        "response.skipped",
        "response.reverted",
        "response.reviewed",
        "review.reverted",
        "item.changed",
        "item.resolved",
        "item.deleted",
    }
)
ALL = frozenset({"response.excluded", "project.changed"})


class Batch(NamedTuple):
    """What some events touch."""

    place: Place
    items: dict[int, list[int]]
    whole: list[int]
    projects: list[int]
    """Everything in which something happened."""
    is_full: bool
    is_far: bool


class Walk(NamedTuple):
    """The next items of a project by when they changed."""

    items: list[tuple[int, str]]
    is_full: bool


class Pass:
    """How far a project's items were walked in this pass, and which were looked at, with when they had changed."""

    def __init__(self) -> None:
        self.place: tuple[str, int] | None = None
        self.seen: dict[int, str] = {}
        self.since = ""


class Follower(following.Follower):
    """Counts what items give to the dashboards of their project, whenever something happens to them."""

    name = NAME

    def __init__(self, db: Database, *, holder: str | None = None, rest: float = REST) -> None:
        super().__init__(db, holder=holder)
        self._rest = rest
        self._hot: dict[int, float] = {}
        self._passes: dict[int, Pass] = {}
        self._walk_at = 0.0
        self._all_at = 0.0

    async def step(self) -> bool:
        """Count what the next events touch, or the next items that changed; whether there may be more."""
        found = await self.db.read(next_batch, self.holder)
        if isinstance(found, bool):
            return found and await self._is_mine()
        if found.projects or found.is_far:
            if not await self._is_mine():
                return False
            self._hot |= dict.fromkeys(found.projects, time.monotonic() + HOT_S)
            for project, items in found.items.items():
                for start in range(0, len(items), AT_ONCE):
                    await self._count(project, items[start : start + AT_ONCE])
            await self.db.write(move_on, self.holder, found.place, found.whole)
            if found.is_full:
                return True
        return await self._walk() or await self._whole()

    async def _is_mine(self) -> bool:
        return await self.db.write(take_lease, NAME, self.holder) is not None

    async def _walk(self) -> bool:
        """Look at what changed in the projects in which something happened; whether there is more."""
        now = time.monotonic()
        if now < self._walk_at:
            return False
        if now > self._all_at:
            self._all_at = now + ALL_S
            self._hot |= dict.fromkeys(await self.db.read(active), now + WALK_S)
        is_busy = False
        for project in list(self._hot):
            pass_ = self._passes.setdefault(project, Pass())
            walk = await self.db.read(next_changed, project, pass_.place, AT_ONCE)
            fresh = [n for n, at in walk.items if pass_.seen.get(n) != at]
            if fresh:
                if not await self._is_mine():
                    return False
                await self._count(project, fresh)
                pass_.seen |= walk.items
                pass_.since = await self.db.write(walked, project, walk.items[-1][1])
            pass_.place = (walk.items[-1][1], walk.items[-1][0]) if walk.is_full else None
            if walk.is_full:
                is_busy = True
            elif self._hot[project] < now:
                del self._hot[project], self._passes[project]
            else:
                pass_.seen = {n: at for n, at in pass_.seen.items() if at >= pass_.since}
        if not is_busy:
            self._walk_at = time.monotonic() + WALK_S
        return is_busy

    async def _whole(self) -> bool:
        """Look at the next items of a project of which all are to be looked at."""
        due = await self.db.read(next_due)
        if due is None or not await self._is_mine():
            return False
        project, items = due
        await self._count(project, items)
        await self.db.write(due_done, project, items[-1] if items else None)
        return True

    async def _count(self, project: int, items: list[int]) -> None:
        if not items:
            return
        started = time.monotonic()
        looks = await self.db.read(look, project, items)
        await asyncio.wrap_future(self.db.write_bulk(write, project, looks))
        await asyncio.sleep((time.monotonic() - started) * self._rest)


@asynccontextmanager
async def counting_items(litestar: Litestar) -> AsyncIterator[None]:
    """Count while the application runs."""
    async with Follower(litestar.state.app.db).running():
        yield


def next_batch(tx: Tx, holder: str) -> Batch | bool:
    """What happened since the cursor; where this process has no lease, whether it may take it."""
    since = read_since(tx, NAME, holder)
    if isinstance(since, bool):
        return since
    items: dict[int, dict[str, None]] = {}
    whole: dict[int, None] = {}
    hot: dict[int, None] = {}
    for event in since.events:
        if event.project is None:
            continue
        hot[event.project] = None
        if event.name in ALL or (event.name == "items.imported" and event.data.get("responses")):
            whole[event.project] = None
        elif event.name in ONE and event.item is not None:
            items.setdefault(event.project, {})[event.item] = None
        elif event.name in ONE:  # an operation on many
            whole[event.project] = None
    found = {
        project: keys_of_items(tx, project, list(ids), deleted=True)
        for project, ids in items.items()
        if project not in whole
    }
    return Batch(since.place, found, list(whole), list(hot), since.is_full, len(since.events) > FAR)


def move_on(tx: Tx, holder: str, place: Place, whole: list[int]) -> None:
    """Write down how far was read, and of which projects every item is to be looked at."""
    for project in whole if following.move_on(tx, NAME, holder, place) else ():
        tx.run(
            "INSERT INTO rolling (project, after) SELECT n, 0 FROM projects WHERE n = :project"
            " ON CONFLICT (project) DO UPDATE SET after = 0",
            project=project,
        )


def active(tx: Tx) -> list[int]:
    """Every project that is not in the bin."""
    return [n for (n,) in tx.run("SELECT n FROM projects WHERE state <> 'bin' ORDER BY n")]


def next_changed(tx: Tx, project: int, after: tuple[str, int] | None, limit: int) -> Walk:
    """The items that changed behind a place; at the beginning of a pass, since the time up to which all were walked."""
    if after is None:
        rows = tx.run("SELECT changed_at FROM rolling WHERE project = :project", project=project)
        after = (rows[0][0] if rows else "", 0)
    found = tx.run(
        "SELECT n, changed_at FROM items WHERE project = :project AND deleted_at IS NULL AND (changed_at, n) > (:at, :n)"
        " ORDER BY changed_at, n LIMIT :limit",
        project=project,
        at=after[0],
        n=after[1],
        limit=limit,
    )
    return Walk([(n, at) for n, at in found], len(found) == limit)


def walked(tx: Tx, project: int, upto: str) -> str:
    """Write down how far a project was walked, and say so: never up to now, since what changed just now may not be
    committed yet.
    """
    rows = tx.run(
        "INSERT INTO rolling (project, changed_at) SELECT n, :at FROM projects WHERE n = :project"
        " ON CONFLICT (project) DO UPDATE SET changed_at = CASE WHEN rolling.changed_at < excluded.changed_at"
        " THEN excluded.changed_at ELSE rolling.changed_at END RETURNING changed_at",
        project=project,
        at=min(upto, stamp(tx.clock.now() - dt.timedelta(seconds=BACK_S))),
    )
    return rows[0][0] if rows else ""


def next_due(tx: Tx) -> tuple[int, list[int]] | None:
    """The next items of a project of which all are to be looked at, those among them that were deleted since."""
    rows = tx.run("SELECT project, after FROM rolling WHERE after IS NOT NULL ORDER BY project LIMIT 1")
    if not rows:
        return None
    project, after = rows[0]
    found = tx.run(
        "SELECT n FROM (SELECT n FROM items WHERE project = :project AND n > :after AND deleted_at IS NULL ORDER BY n"
        " LIMIT :limit) i UNION SELECT item FROM (SELECT item FROM rolled WHERE project = :project AND item > :after"
        " ORDER BY item LIMIT :limit) r ORDER BY 1 LIMIT :limit",
        project=project,
        after=after,
        limit=AT_ONCE,
    )
    return project, [row[0] for row in found]


def due_done(tx: Tx, project: int, last: int | None) -> None:
    """Write down how far a project was looked at; None where nothing is left."""
    tx.run(
        "UPDATE rolling SET after = :last WHERE project = :project AND (CAST(:last AS bigint) IS NULL OR after < :last)",
        project=project,
        last=last,
    )

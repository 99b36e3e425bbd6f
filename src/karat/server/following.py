"""Following the events behind a cursor: one machine at a time, by a lease, and never in the request that made the event.

Whoever comes after another may see an event again, which must do no harm. `Follower` is the loop; `ItemFollower` is one
that looks again at the items that the events touch, and behind them at projects that are due as a whole.
"""

import asyncio
import datetime as dt
import time
import uuid
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import ClassVar, NamedTuple

import msgspec
import structlog

from karat.model.ids import stamp
from karat.server.database import Database, Tx, named
from karat.server.item_ids import numbers

log = structlog.get_logger()

POLL_S = 0.25
LEASE_S = 10
BATCH = 500
FAR = 100
"""So many events that touch nothing are worth being written down as read."""
AT_ONCE = 50
"""Items that one transaction settles."""
OF_ONE = 2_000
"""Items of one operation that are looked at one by one; of more the whole project is."""
ANSWERS = frozenset(
    {
        "response.submitted",
        "response.skipped",
        "response.reverted",
        "response.reviewed",
        "review.reverted",
        "item.changed",
    }
)
"""What happens to the answers of one item …"""
ALL_ANSWERS = frozenset({"items.imported", "response.excluded", "project.changed"})
"""… and to those of all items of a project."""
AGAIN = "CASE WHEN {due}.after < 0 THEN {due}.after - 1 ELSE -1 END"
"""Where a project that is due already becomes due again: before its first item, and never a place that was seen before."""
REST = 3.0
"""After working for some time, rest this many times as long: at any load, three quarters of a core are left for labeling."""


class Event(NamedTuple):
    """An event as it is read from the table."""

    xid: int
    seq: int
    workspace: int
    project: int | None
    actor: int
    name: str
    thing: dict[str, object]
    data: dict[str, object]
    at: str

    @property
    def item(self) -> str | None:
        """The id of the item that it is about, if it is about one."""
        item = self.data.get("item") or (self.thing.get("id") if self.thing.get("type") == "item" else None)
        return item if isinstance(item, str) else None


class Place(NamedTuple):
    """How far was read."""

    xid: int
    seq: int


class Since(NamedTuple):
    """The events after a cursor, and the place behind them."""

    place: Place
    events: list[Event]
    is_full: bool
    """As many as are read at once: there may be more."""


def read_since(tx: Tx, name: str, holder: str) -> Since | bool:
    """What happened since the cursor `name`; where `holder` has no lease, whether it may take it."""
    rows = tx.run("SELECT xid, seq, holder, until FROM cursors WHERE name = :name", name=name)
    if not rows or rows[0][2] != holder:
        return not rows or rows[0][3] < tx.now()
    return events_after(tx, Place(rows[0][0], rows[0][1]))


def events_after(tx: Tx, place: Place, *, limit: int = BATCH) -> Since:
    """The next events after a place, in the order in which all readers see them."""
    rows = tx.run(_AFTER[tx.is_sqlite], xid=place.xid, seq=place.seq, limit=limit)
    events = [
        Event(xid, seq, workspace, project, actor, name, _read(thing), _read(data), at)
        for xid, seq, workspace, project, actor, name, thing, data, at in rows
    ]
    return Since(Place(events[-1].xid, events[-1].seq) if events else place, events, len(events) == limit)


def take_lease(tx: Tx, name: str, holder: str) -> Place | None:
    """Be the one that follows with this cursor, unless somebody else is; a new cursor begins at the beginning."""
    now = tx.clock.now()
    rows = tx.run(
        "INSERT INTO cursors (name, xid, seq, holder, until) VALUES (:name, 0, 0, :holder, :until)"
        " ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until"
        " WHERE cursors.holder = :holder OR cursors.until < :now RETURNING xid, seq",
        name=name,
        holder=holder,
        until=stamp(now + dt.timedelta(seconds=LEASE_S)),
        now=stamp(now),
    )
    return Place(*rows[0]) if rows else None


def move_on(tx: Tx, name: str, holder: str, place: Place) -> bool:
    """Write down how far was read; False where somebody else follows by now."""
    moved = tx.run(
        "UPDATE cursors SET xid = :xid, seq = :seq WHERE name = :name AND holder = :holder RETURNING 1",
        xid=place.xid,
        seq=place.seq,
        name=name,
        holder=holder,
    )
    return bool(moved)


class Follower(ABC):
    """The loop of one process."""

    name: ClassVar[str]
    """Of the cursor, and in the log."""

    def __init__(self, db: Database, *, holder: str | None = None) -> None:
        self.db = db
        self.holder = holder or str(uuid.uuid4())

    @abstractmethod
    async def step(self) -> bool:
        """Do what follows from the next events; whether there may be more."""

    async def run(self, stop: asyncio.Event) -> None:
        """Follow until `stop` is set. It is never cancelled: a write that was begun is waited for."""
        while not stop.is_set():
            try:
                is_busy = await self.step()
            except Exception as error:
                log.warning("following.failed", name=self.name, error=str(error), exc_info=error)
                is_busy = False
            if not is_busy:
                with suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), POLL_S)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Follow while the application runs."""
        stop = asyncio.Event()
        task = asyncio.create_task(self.run(stop))
        yield
        stop.set()
        await task


class Watch(NamedTuple):
    """What an `ItemFollower` looks for."""

    one: frozenset[str]
    """Events that touch the item that they name."""
    whole: frozenset[str]
    """Events that touch all items of their project."""
    due: str
    """The table of the projects that are due as a whole, and of how far each was looked at."""
    items: str
    """The condition on the items of such a project that are worth being looked at."""
    deleted: bool = False
    """Whether deleted items are looked at too."""
    every: bool = False
    """Whether any event of a project at all is something that happens in it."""


class Due(NamedTuple):
    """The next items of a project that is due as a whole, behind one; none where all were looked at."""

    project: int
    after: int
    items: list[int]


class Batch(NamedTuple):
    """What some events touch: items one by one, projects as a whole."""

    place: Place
    items: dict[int, list[int]]
    whole: list[int]
    touched: list[int]
    """All projects in which something happened."""
    is_full: bool
    is_worth: bool = True
    """Worth being written down as read."""


class ItemFollower(Follower):
    """Looks again at the items that the events touch and, when nothing new has happened, at projects as a whole."""

    watch: ClassVar[Watch]
    at_once: ClassVar[int] = AT_ONCE

    def __init__(self, db: Database, *, holder: str | None = None, rest: float = REST) -> None:
        super().__init__(db, holder=holder)
        self._rest = rest

    @abstractmethod
    async def look(self, project: int, items: list[int]) -> None:
        """Look at items of a project, at most `at_once` of them."""

    async def touched(self, projects: list[int]) -> None:
        """What follows when the items of a batch were looked at; `projects` are those in which something happened."""

    async def before_whole(self) -> bool:
        """What comes before projects that are due as a whole; whether there may be more of it."""
        return False

    async def calm(self) -> None:
        """What follows when nothing is left to be looked at."""

    async def step(self) -> bool:
        """Look at what the next events touch, or at the next items of a project that is due as a whole."""
        found = await self.db.read(next_batch, self.name, self.watch, self.holder)
        if isinstance(found, bool):
            return found and await self.is_mine()
        if found.is_worth:
            if not await self.is_mine():
                return False
            for project, items in found.items.items():
                for start in range(0, len(items), self.at_once):
                    await self.looked(project, items[start : start + self.at_once])
            await self.db.write(_batch_done, self.name, self.watch, self.holder, found)
            await self.touched(found.touched)
            # Of a batch that was not full the next events are awaited together: one by one they cost ten times as much.
            return found.is_full
        if await self.before_whole():
            return True
        due = await self.db.read(next_due, self.watch, self.at_once)
        if due is None:
            await self.calm()
            return False
        if not await self.is_mine():
            return False
        if due.items:
            await self.looked(due.project, due.items)
        await self.db.write(due_done, self.watch, due)
        return True

    async def is_mine(self) -> bool:
        """Whether this process follows, and nobody else."""
        return await self.db.write(take_lease, self.name, self.holder) is not None

    async def looked(self, project: int, items: list[int]) -> None:
        """Look at items, and rest."""
        started = time.monotonic()
        await self.look(project, items)
        await asyncio.sleep((time.monotonic() - started) * self._rest)


def next_batch(tx: Tx, name: str, watch: Watch, holder: str) -> Batch | bool:
    """What the events since the cursor touch; where `holder` has no lease, whether it may take it."""
    since = read_since(tx, name, holder)
    if isinstance(since, bool):
        return since
    items: dict[int, dict[str, None]] = {}
    many: dict[int, set[int]] = {}
    whole: dict[int, None] = {}
    touched: dict[int, None] = {}
    for event in since.events:
        if event.project is None:
            continue
        if watch.every or event.name in watch.one | watch.whole:
            touched[event.project] = None
        if event.name in watch.one and event.item is not None:
            items.setdefault(event.project, {})[event.item] = None
        elif event.name in watch.one:
            found = _of_operation(tx, event)
            many.setdefault(event.project, set()).update(found or ())
            if found is None:
                whole[event.project] = None
        elif event.name in watch.whole and _touches_answers(event):
            whole[event.project] = None
    named_ones = {
        project: {
            *keys_of_items(tx, project, list(items.get(project, ())), deleted=watch.deleted),
            *many.get(project, ()),
        }
        for project in {**items, **many}
        if project not in whole
    }
    in_order = {project: sorted(keys) for project, keys in named_ones.items() if keys}
    is_worth = bool(touched) or len(since.events) > FAR
    return Batch(since.place, in_order, list(whole), list(touched), since.is_full, is_worth)


def _of_operation(tx: Tx, event: Event) -> list[int] | None:
    """The items of an operation on many, or of one that was undone; None where there are too many, or none are kept."""
    rows = tx.run(
        "SELECT DISTINCT item FROM item_changes WHERE operation IN (:id, :undone) ORDER BY item LIMIT :most",
        id=event.thing.get("id", ""),
        undone=event.data.get("undoes", ""),
        most=OF_ONE + 1,
    )
    return [item for (item,) in rows] if 0 < len(rows) <= OF_ONE else None


def is_behind(tx: Tx, name: str, watch: Watch, project: int) -> bool:
    """Whether something happened in a project that was not looked at yet."""
    if tx.run(f"SELECT 1 FROM {watch.due} WHERE project = :project", project=project):  # noqa: S608 - a table's name
        return True
    names, values = ("", {}) if watch.every else named(sorted(watch.one | watch.whole))
    only = f" AND name IN ({names})" if names else ""
    place = tx.run("SELECT xid, seq FROM cursors WHERE name = :name", name=name)
    xid, seq = place[0] if place else (0, 0)
    after = "seq > :seq AND :xid = 0" if tx.is_sqlite else "(xid, seq) > (:xid, :seq)"
    rows = tx.run(
        f"SELECT 1 FROM events WHERE {after} AND project = :project{only} LIMIT 1",  # noqa: S608 - names of parameters
        xid=xid,
        seq=seq,
        project=project,
        **values,
    )
    return bool(rows)


def mark_due(tx: Tx, watch: Watch, project: int) -> None:
    """Let every item of a project be looked at again, behind what is happening now."""
    tx.run(
        f"INSERT INTO {watch.due} (project, after) SELECT n, 0 FROM projects WHERE n = :project"  # noqa: S608 - a table's name
        f" ON CONFLICT (project) DO UPDATE SET after = {AGAIN.format(due=watch.due)}",
        project=project,
    )


def next_due(tx: Tx, watch: Watch, limit: int = AT_ONCE) -> Due | None:
    """The next items of a project that is due as a whole."""
    rows = tx.run(f"SELECT project, after FROM {watch.due} ORDER BY project LIMIT 1")  # noqa: S608 - a table's name
    if not rows:
        return None
    project, after = rows[0]
    found = tx.run(
        f"SELECT n FROM items WHERE project = :project AND n > :after AND {watch.items} ORDER BY n LIMIT :limit",  # noqa: S608 - a condition of the code
        project=project,
        after=after,
        limit=limit,
    )
    return Due(project, after, [row[0] for row in found])


def due_done(tx: Tx, watch: Watch, due: Due) -> None:
    """Write down how far a project was looked at, unless it has become due again meanwhile: then it begins anew."""
    sql = f"UPDATE {watch.due} SET after = :last" if due.items else f"DELETE FROM {watch.due}"  # noqa: S608 - a table's name
    last = {"last": due.items[-1]} if due.items else {}
    tx.run(f"{sql} WHERE project = :project AND after = :after", project=due.project, after=due.after, **last)


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


def _batch_done(tx: Tx, name: str, watch: Watch, holder: str, batch: Batch) -> None:
    for project in batch.whole if move_on(tx, name, holder, batch.place) else ():
        mark_due(tx, watch, project)


def _touches_answers(event: Event) -> bool:
    return event.name != "items.imported" or bool(event.data.get("responses"))


_read = msgspec.json.Decoder(dict[str, object]).decode
_COLUMNS = "SELECT xid, seq, workspace, project, actor, name, thing, data, at FROM events"
_AFTER = {
    True: f"{_COLUMNS} WHERE seq > :seq AND :xid = 0 ORDER BY seq LIMIT :limit",
    # Commits come out of the order of seq: nothing at or above the oldest open transaction is read yet.
    False: f"{_COLUMNS} WHERE (xid, seq) > (:xid, :seq) AND xid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
    " ORDER BY xid, seq LIMIT :limit",
}

"""The stream of what changed: one reader of the events table for the process, one small memory for each listener."""

import asyncio
import contextlib
import time
from collections.abc import AsyncGenerator, AsyncIterator
from typing import NamedTuple

import msgspec
import structlog
from litestar.types import Scope as AsgiScope

from karat.model.problem import Problem, Refused
from karat.server.access import ROLES, Actor, Role
from karat.server.database import Database, Tx
from karat.server.session import Sessions

HEARTBEAT_S = 15.0
# Events of so long travel together: a page that looks again ten times a second looks often enough.
GATHER_S = 0.1
# Other machines write events too: a process looks this often by itself while anybody listens, and at once after its own.
# A NOTIFY in each transaction would be quicker there, but PostgreSQL takes a lock of the whole server for it at commit.
POLL_S = {"sqlite": 5.0, "postgresql": 1.0}
BATCH = 1000
MAX_STREAMS = 2000
MAX_STREAMS_EACH = 20

log = structlog.get_logger()


class Happened(NamedTuple):
    """One event as listeners need it."""

    xid: int
    seq: int
    workspace: int
    actor: int
    name: str


class Told(msgspec.Struct, frozen=True):
    """What a listener hears: fetch again what belongs to this topic. `seq` counts within the stream.

    It is no count of the whole server's events, since that would tell an annotator how much others do.
    """

    seq: int
    topic: str


class Listener:
    """One open stream: who listens, what they may hear of, and what they were not yet told."""

    def __init__(self, actor: Actor, places: "dict[int, tuple[Role, int]]") -> None:
        self.actor = actor
        self.places = places
        self.waiting: dict[str, None] = {}
        self.woken = asyncio.Event()
        self.ended = False

    def hear(self, event: Happened) -> None:
        """Keep an event's topic if this person may know of it: annotators hear of their own doing only."""
        place = self.places.get(event.workspace)
        if place is None:
            return
        role, author = place
        if ROLES.index(role) >= ROLES.index("reviewer") or event.actor == author:
            self.waiting[event.name] = None
            self.woken.set()

    def end(self) -> None:
        """Close the stream."""
        self.ended = True
        self.woken.set()


class Live:
    """Reads events after each commit while anybody listens, in the order of commits, and tells each listener."""

    def __init__(self, db: Database, sessions: Sessions) -> None:
        self._db = db
        self._sessions = sessions
        self._listeners: set[Listener] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[None] | None = None
        self._event = asyncio.Event()
        self._is_woken = False
        self._cursor: tuple[int, int] | None = None
        self._closed = False

    @property
    def count(self) -> int:
        """How many streams are open."""
        return len(self._listeners)

    def start(self) -> None:
        """Begin to read, on the running loop."""
        self._loop = asyncio.get_running_loop()
        self._task = self._loop.create_task(self._run())
        self._db.on_told = self.wake

    def wake(self) -> None:
        """Something was written down; called from any thread after a commit, and cheap when nobody listens."""
        if self._listeners and not self._is_woken and self._loop is not None:
            self._is_woken = True
            with contextlib.suppress(RuntimeError):  # the loop is closed: nobody listens any more
                self._loop.call_soon_threadsafe(self._event.set)

    def close(self) -> None:
        """End every stream, so that the process can stop."""
        self._closed = True
        for listener in list(self._listeners):
            listener.end()

    async def stop(self) -> None:
        """End the reader too."""
        self.close()
        self._db.on_told = None
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def stream(self, actor: Actor, scope: AsgiScope) -> AsyncGenerator[bytes, None]:
        """Server-sent events for one person until they leave, lose their session, or the process stops."""
        if (
            len(self._listeners) >= MAX_STREAMS
            or sum(x.actor.login == actor.login for x in self._listeners) >= MAX_STREAMS_EACH
        ):
            problem = Problem(
                "events", "too many streams", f"at most {MAX_STREAMS_EACH} for each person", "Close other tabs."
            )
            raise Refused([problem], status=429, title="Too many streams")
        listener = Listener(actor, await self._db.read(places, actor))
        if not self._listeners:
            self._cursor = None
        self._listeners.add(listener)
        try:
            if self._cursor is None:
                self._cursor = await self._db.read(newest)
            yield b": listening\nretry: 2000\n\n"
            async for part in self._parts(listener, scope):
                yield part
        finally:
            self._listeners.discard(listener)

    async def _parts(self, listener: Listener, scope: AsgiScope) -> AsyncIterator[bytes]:
        seq, checked = 0, time.monotonic()
        while not (listener.ended or self._closed):
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(listener.woken.wait(), HEARTBEAT_S)
            listener.woken.clear()
            topics, listener.waiting = list(listener.waiting), {}
            for topic in topics:
                seq += 1
                yield b"data: " + msgspec.json.encode(Told(seq, topic)) + b"\n\n"
            if not topics:
                yield b": still here\n\n"
            if time.monotonic() - checked > HEARTBEAT_S:
                checked = time.monotonic()
                if await self._sessions.actor_of(scope) is None:
                    return
                listener.places = await self._db.read(places, listener.actor)

    async def _run(self) -> None:
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._event.wait(), POLL_S[self._db.dialect])
            self._event.clear()
            self._is_woken = False
            if self._listeners and self._cursor is not None:
                try:
                    await self._spread()
                except Exception as error:  # noqa: BLE001 - whatever it was, the next look may succeed, and pages poll besides
                    log.warning("live.failed", error=str(error))
            await asyncio.sleep(GATHER_S)

    async def _spread(self) -> None:
        while self._cursor is not None:
            events = await self._db.read(since, self._cursor)
            for event in events:
                for listener in self._listeners:
                    listener.hear(event)
            if events:
                self._cursor = (events[-1].xid, events[-1].seq)
            if len(events) < BATCH:
                return


def places(tx: Tx, actor: Actor) -> "dict[int, tuple[Role, int]]":
    """Each workspace that the person belongs to, with their role and who they are as an author."""
    rows = tx.run("SELECT workspace, role, author FROM memberships WHERE login = :login AND active", login=actor.login)
    within = actor.token_workspace
    return {workspace: (role, author) for workspace, role, author in rows if within in (None, workspace)}


def newest(tx: Tx) -> tuple[int, int]:
    """The place behind everything that was committed by now."""
    if tx.is_sqlite:
        return (0, tx.run("SELECT coalesce(max(seq), 0) FROM events")[0][0])
    return (tx.run("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint - 1")[0][0], 2**62)


def since(tx: Tx, cursor: tuple[int, int]) -> list[Happened]:
    """The next events in the order of their transactions.

    PostgreSQL commits out of the order of `seq`: an event of a transaction that is still open may come before one that
    was read. So only what lies below the oldest open transaction is read, in the order of (xid, seq).
    """
    if tx.is_sqlite:
        where, order = "seq > :seq", "seq"
    else:
        where = "(xid, seq) > (:xid, :seq) AND xid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
        order = "xid, seq"
    rows = tx.run(
        f"SELECT xid, seq, workspace, actor, name FROM events WHERE {where} ORDER BY {order} LIMIT {BATCH}",  # noqa: S608 - constants
        xid=cursor[0],
        seq=cursor[1],
    )
    return [Happened(*row) for row in rows]

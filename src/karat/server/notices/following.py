"""Following the events: notices for people, deliveries for other programs. Never inside the request that made the event.

One machine at a time follows, by a lease on a cursor of its own. Notices, deliveries and the cursor are written together,
so that each event is told once.
"""

import asyncio
import datetime as dt
import uuid
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress

import msgspec
import structlog
from litestar import Litestar

from karat.model.ids import stamp
from karat.server.access import Actor, Scope
from karat.server.database import Database, Tx
from karat.server.notices.making import Happened, Made, notices_of
from karat.server.notices.sending import Sender, due_at
from karat.server.tell import tell

log = structlog.get_logger()
NAME = "notices"
POLL_S = 0.5
LEASE_S = 10
BATCH = 200
KEPT_DAYS = 90
SWEEP_S = 3600.0
NOBODY = Actor(0, "", "Karat", "")


class Follower:
    """The loop of one process."""

    def __init__(self, db: Database, sender: Sender, *, name: str) -> None:
        self._db = db
        self._sender = sender
        self._name = name

    async def run(self, stop: asyncio.Event) -> None:
        """Follow until `stop` is set."""
        loop = asyncio.get_running_loop()
        sweep_at = loop.time() + SWEEP_S
        while not stop.is_set():
            is_busy = False
            try:
                is_busy = await self.step()
                await self._sender.step(self._name)
                if loop.time() > sweep_at:
                    sweep_at = loop.time() + SWEEP_S
                    await self._db.write(sweep)
            except Exception as error:
                log.warning("notices.failed", error=str(error), exc_info=error)
            if not is_busy:
                with suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), POLL_S)

    async def step(self) -> bool:
        """Tell of the next events; whether there may be more."""
        if not await self._db.read(is_behind, self._name):
            return False
        return await self._db.write(follow, self._name)


@asynccontextmanager
async def telling(litestar: Litestar) -> AsyncIterator[None]:
    """Follow the events while the application runs."""
    app = litestar.state.app
    stop = asyncio.Event()
    sender = Sender(app.db, app.settings)
    task = asyncio.create_task(Follower(app.db, sender, name=str(uuid.uuid4())).run(stop))
    yield
    stop.set()
    await task


def is_behind(tx: Tx, holder: str) -> bool:
    """Whether there is something to tell that this process may tell."""
    rows = tx.run("SELECT xid, seq, holder, until FROM cursors WHERE name = :name", name=NAME)
    if not rows:
        return True
    xid, seq, held_by, until = rows[0]
    if held_by != holder and until >= tx.now():
        return False
    return bool(_since(tx, xid, seq, limit=1))


def follow(tx: Tx, holder: str) -> bool:
    """Write what follows from the next events, and how far was read; whether there may be more."""
    now = tx.clock.now()
    rows = tx.run(
        "INSERT INTO cursors (name, xid, seq, holder, until) VALUES (:name, 0, 0, :holder, :until)"
        " ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until"
        " WHERE cursors.holder = :holder OR cursors.until < :now RETURNING xid, seq",
        name=NAME,
        holder=holder,
        until=stamp(now + dt.timedelta(seconds=LEASE_S)),
        now=stamp(now),
    )
    if not rows:
        return False
    events = _since(tx, rows[0][0], rows[0][1], limit=BATCH)
    for event in events:
        if event.name != "notice.made":
            write(tx, event, notices_of(tx, event))
    _deliver(tx, events)
    if events:
        tx.run(
            "UPDATE cursors SET xid = :xid, seq = :seq WHERE name = :name",
            xid=events[-1].xid,
            seq=events[-1].seq,
            name=NAME,
        )
    return len(events) == BATCH


def write(tx: Tx, event: Happened, made: Sequence[Made]) -> None:
    """Write notices down and wake those whom they are for."""
    for one in made:
        thing = {"type": one.type, "id": one.id, "item": one.item}
        choice = tx.run("SELECT mail FROM notice_choices WHERE login = :login", login=one.login)
        at = due_at(choice[0][0] if choice else "off", tx.clock.now())
        new = tx.run(
            "INSERT INTO notices (id, login, workspace, project, name, thing, event, at, mail, mail_at) VALUES (:id, :login,"
            " :workspace, :project, :name, :thing, :event, :now, :mail, :mail_at) ON CONFLICT DO NOTHING RETURNING id",
            id=tx.new_id(),
            login=one.login,
            workspace=event.workspace,
            project=event.project,
            name=one.name,
            thing=msgspec.json.encode(thing).decode(),
            event=event.seq,
            now=tx.now(),
            mail="none" if at is None else "waiting",
            mail_at=at,
        )
        author = tx.run(
            "SELECT author FROM memberships WHERE login = :login AND workspace = :w", login=one.login, w=event.workspace
        )
        if new and author:
            # In the name of whom it is for: of what others do, an annotator's page hears nothing.
            scope = Scope(NOBODY, event.workspace, "owner", author[0][0], event.project or 0)
            tell(tx, scope, "notice.made", thing="notice", id=new[0][0])


def sweep(tx: Tx) -> None:
    """Forget what was read long ago, and what was delivered."""
    limit = stamp(tx.clock.now() - dt.timedelta(days=KEPT_DAYS))
    tx.run("DELETE FROM notices WHERE at < :limit AND read_at IS NOT NULL", limit=limit)
    tx.run("DELETE FROM deliveries WHERE at < :limit AND state <> 'waiting'", limit=limit)
    tx.run("DELETE FROM presence WHERE at < :limit", limit=stamp(tx.clock.now() - dt.timedelta(hours=1)))


def _deliver(tx: Tx, events: Sequence[Happened]) -> None:
    """Let the addresses of a workspace be told of its events."""
    for workspace in {event.workspace for event in events}:
        for n, names, since in tx.run(
            "SELECT n, events, at FROM webhooks WHERE workspace = :w AND active", w=workspace
        ):
            wanted = set(msgspec.json.decode(names, type=list[str]))
            tx.many(
                "INSERT INTO deliveries (id, webhook, event, name, body, state, next_at, at) VALUES (:id, :webhook, :event, :name,"
                " :body, 'waiting', :now, :now) ON CONFLICT DO NOTHING",
                [
                    {
                        "id": tx.new_id(),
                        "webhook": n,
                        "event": event.seq,
                        "name": event.name,
                        "at": event.at,
                        "body": _body(tx, event),
                        "now": tx.now(),
                    }
                    for event in events
                    if event.workspace == workspace
                    and event.at >= since
                    and event.name != "notice.made"
                    and (event.name in wanted or "*" in wanted)
                ],
            )


def _body(tx: Tx, event: Happened) -> str:
    project = tx.run("SELECT id FROM projects WHERE n = :n", n=event.project) if event.project is not None else []
    body = {
        "name": event.name,
        "project": project[0][0] if project else None,
        "thing": event.thing,
        "data": event.data,
    }
    return msgspec.json.encode(body).decode()


def _since(tx: Tx, xid: int, seq: int, *, limit: int) -> list[Happened]:
    rows = tx.run(_SINCE[tx.is_sqlite], xid=xid, seq=seq, limit=limit)
    return [
        Happened(xid, seq, workspace, project, actor, name, msgspec.json.decode(thing), msgspec.json.decode(data), at)
        for xid, seq, workspace, project, actor, name, thing, data, at in rows
    ]


_COLUMNS = "SELECT xid, seq, workspace, project, actor, name, thing, data, at FROM events"
_SINCE = {
    True: f"{_COLUMNS} WHERE seq > :seq AND :xid = 0 ORDER BY seq LIMIT :limit",
    # Commits come out of the order of seq: nothing at or above the oldest open transaction is read yet.
    False: f"{_COLUMNS} WHERE (xid, seq) > (:xid, :seq) AND xid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
    " ORDER BY xid, seq LIMIT :limit",
}

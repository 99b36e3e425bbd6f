"""Following the events: notices for people, deliveries for other programs. Never inside the request that made the event.

One machine at a time follows, by a lease on a cursor of its own. Notices, deliveries and the cursor are written together,
so that each event is told once.
"""

import datetime as dt
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import msgspec
from litestar import Litestar

from karat.model.ids import stamp
from karat.server.access import NOBODY, Scope
from karat.server.database import Database, Tx
from karat.server.following import Event, events_after, move_on, read_since, take_lease
from karat.server.following import Follower as EventFollower
from karat.server.notices.making import Made, notices_of
from karat.server.notices.sending import Sender, due_at
from karat.server.tell import tell

NAME = "notices"
BATCH = 200
KEPT_DAYS = 90
SWEEP_S = 3600.0


class Follower(EventFollower):
    """Tells of the events, sends what is due, and forgets what was told long ago."""

    name = NAME

    def __init__(self, db: Database, sender: Sender, *, holder: str | None = None) -> None:
        super().__init__(db, holder=holder)
        self._sender = sender
        self._sweep_at = time.monotonic() + SWEEP_S

    async def step(self) -> bool:
        """Tell of the next events and send what is due; whether there may be more."""
        is_behind = await self.db.read(is_to_tell, self.holder)
        is_busy = is_behind and await self.db.write(follow, self.holder)
        await self._sender.step(self.holder)
        if time.monotonic() > self._sweep_at:
            self._sweep_at = time.monotonic() + SWEEP_S
            await self.db.write(sweep)
        return is_busy


@asynccontextmanager
async def telling(litestar: Litestar) -> AsyncIterator[None]:
    """Follow the events while the application runs."""
    app = litestar.state.app
    async with Follower(app.db, Sender(app.db, app.settings)).running():
        yield


def is_to_tell(tx: Tx, holder: str) -> bool:
    """Whether there is something to tell that this process may tell, or a lease that it may take."""
    since = read_since(tx, NAME, holder)
    return since if isinstance(since, bool) else bool(since.events)


def follow(tx: Tx, holder: str) -> bool:
    """Write what follows from the next events, and how far was read; whether there may be more."""
    place = take_lease(tx, NAME, holder)
    if place is None:
        return False
    since = events_after(tx, place, limit=BATCH)
    for event in since.events:
        if event.name != "notice.made":
            write(tx, event, notices_of(tx, event))
    _deliver(tx, since.events)
    if since.events:
        move_on(tx, NAME, holder, since.place)
    return since.is_full


def write(tx: Tx, event: Event, made: Sequence[Made]) -> None:
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


def _deliver(tx: Tx, events: Sequence[Event]) -> None:
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


def _body(tx: Tx, event: Event) -> str:
    project = tx.run("SELECT id FROM projects WHERE n = :n", n=event.project) if event.project is not None else []
    body = {
        "name": event.name,
        "project": project[0][0] if project else None,
        "thing": event.thing,
        "data": event.data,
    }
    return msgspec.json.encode(body).decode()

"""What every request can reach: the settings, the database, and what the adapters gave."""

from dataclasses import dataclass
from typing import Any

from litestar import Request

from karat.ports.blobs import Blobs
from karat.ports.jobs import Jobs
from karat.server.access import Actor
from karat.server.database import Database
from karat.server.idempotency import MARK, Once, OnceDatabase
from karat.server.live import Live
from karat.server.media.studio import Studio
from karat.server.observe import Metrics
from karat.server.passwords import Passwords
from karat.server.session import Sessions
from karat.server.settings import Settings
from karat.server.throttle import Throttle

Asked = Request[Any, Any, Any]
"""A request: Litestar's own user and state are not used, so their types stay open."""


@dataclass(frozen=True)
class App:
    """One server process."""

    settings: Settings
    db: Database
    sessions: Sessions
    blobs: Blobs
    jobs: Jobs
    studio: Studio
    passwords: Passwords
    throttle: Throttle
    live: Live
    metrics: Metrics


def app_of(request: Asked) -> App:
    """The process that serves this request."""
    app: App = request.app.state.app
    return app


# Each dependency asks for the one before it: Litestar resolves those that are alone one after the other, and several at
# once in a task group, which costs 60 µs a request.
async def actor_of(request: Asked, db: Database) -> Actor:
    """Who asks; refused with 401 where nobody is signed in."""
    return await app_of(request).sessions.actor(request)


async def db_of(request: Asked, app: App) -> Database:
    """The database, for routes; with an `Idempotency-Key` its first write takes the key."""
    db = app.db
    this: Once | None = request.scope.get(MARK)  # type: ignore[assignment]
    return db if this is None else OnceDatabase(db, this)


async def app_dependency(request: Asked) -> App:
    """The process, for the routes that need more than the database."""
    return app_of(request)

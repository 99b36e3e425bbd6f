"""What every request can reach: the settings, the database, and what the adapters gave."""

from dataclasses import dataclass

from litestar import Request

from karat.server.access import Actor
from karat.server.database import Database
from karat.server.session import Sessions
from karat.server.settings import Settings


@dataclass(frozen=True)
class App:
    """One server process."""

    settings: Settings
    db: Database
    sessions: Sessions


def app_of(request: Request) -> App:
    """The process that serves this request."""
    app: App = request.app.state.app
    return app


async def actor_of(request: Request) -> Actor:
    """Who asks; refused with 401 where nobody is signed in."""
    return await app_of(request).sessions.actor(request)


async def db_of(request: Request) -> Database:
    """The database, for routes."""
    return app_of(request).db


async def app_dependency(request: Request) -> App:
    """The process, for the routes that need more than the database."""
    return app_of(request)

"""The composition root: settings in, application out."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from litestar import Litestar, Router, get
from litestar.di import Provide
from litestar.openapi import OpenAPIConfig

import karat
from karat.model.ids import Clock
from karat.server import errors
from karat.server.database import connect
from karat.server.session import Sessions
from karat.server.settings import Settings
from karat.server.state import App, actor_of, app_dependency, db_of

API = "/api/v1"


@get("/healthz", opt={"public": True}, include_in_schema=False)
async def healthz() -> dict[str, str]:
    """Whether the process answers."""
    return {"status": "ok", "version": karat.__version__}


def routes() -> list[object]:
    """Every route of the API, feature by feature."""
    return []


def create_app(settings: Settings, *, clock: Clock | None = None) -> Litestar:
    """The application over the database that the settings name."""
    db = connect(settings, clock=clock)
    app = App(settings, db, Sessions(db))

    @asynccontextmanager
    async def lifespan(litestar: Litestar) -> AsyncIterator[None]:
        litestar.state.app = app
        yield
        db.close()

    return Litestar(
        route_handlers=[healthz, Router(API, route_handlers=routes())],  # type: ignore[arg-type]
        dependencies={
            "actor": Provide(actor_of),
            "db": Provide(db_of),
            "app": Provide(app_dependency),
        },
        exception_handlers=errors.HANDLERS,  # type: ignore[arg-type]
        lifespan=[lifespan],
        openapi_config=OpenAPIConfig(title="Karat", version=karat.__version__, path="/api/v1/openapi", render_plugins=[]),
        request_max_body_size=settings.max_body_mb * 1_000_000,
    )

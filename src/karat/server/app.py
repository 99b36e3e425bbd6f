"""The composition root: settings in, application out."""

import os
import warnings
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import anyio.to_thread
from litestar import Litestar, Router
from litestar.datastructures import State
from litestar.di import Provide
from litestar.exceptions import LitestarDeprecationWarning

from karat.adapters import open_blobs, open_jobs
from karat.model.ids import Clock, RealClock
from karat.server import errors
from karat.server.boards.following import counting_items
from karat.server.database import connect
from karat.server.database.lock import alone
from karat.server.fairness.watching import guarding
from karat.server.front import Front
from karat.server.gold.following import scoring
from karat.server.jobs.kinds import job_kinds
from karat.server.jobs.runner import Runner
from karat.server.labeling.sweep import sweeping
from karat.server.live import Live
from karat.server.media.studio import Studio
from karat.server.memory import few_arenas
from karat.server.notices.following import telling
from karat.server.observe import Metrics, configure_logs, gauges
from karat.server.passwords import Passwords
from karat.server.reports.following import following
from karat.server.routing import API, reference, root_routes, routes
from karat.server.session import Sessions
from karat.server.settings import Settings
from karat.server.settings import from_environment as settings_from_environment
from karat.server.state import App, actor_of, app_dependency, db_of
from karat.server.team.following import counting_people
from karat.server.throttle import Throttle
from karat.server.transfers.tidying import tidying
from karat.server.wire import JsonRequest


def from_environment() -> Front:
    """The application of the `KARAT_…` variables, for `uvicorn --factory karat.server.app:from_environment`."""
    configure_logs()
    return create_app(settings_from_environment(os.environ))


def create_app(settings: Settings, *, clock: Clock | None = None) -> Front:
    """The whole server as one ASGI application over the database that the settings name, edge included."""
    few_arenas()
    clock = clock or RealClock()
    db = connect(settings, clock=clock)
    runner = Runner(job_kinds())
    jobs = open_jobs(settings, db, runner.run, runner.unfinished)
    sessions = Sessions(db, days=settings.session_days)
    app = App(
        settings=settings,
        db=db,
        sessions=sessions,
        blobs=open_blobs(settings),
        jobs=jobs,
        studio=Studio(
            max_pixels=settings.max_pixels, largest=settings.max_tiled_pixels, memory_mb=settings.worker_memory_mb
        ),
        passwords=Passwords(),
        throttle=Throttle(clock),
        live=Live(db, sessions),
        metrics=Metrics(),
    )
    app.metrics.gauges += gauges(app.db, app.live)
    runner.app = app

    @asynccontextmanager
    async def lifespan(litestar: Litestar) -> AsyncIterator[None]:
        with alone(settings.data, is_sqlite=settings.is_sqlite):
            app.live.start()
            jobs.start()
            yield
            await app.live.stop()
            runner.stop()
            await anyio.to_thread.run_sync(jobs.close)
            app.studio.close()
            app.passwords.close()
            db.close()

    return Front(create_api(app, lifespan), app)


def create_api(app: App, lifespan: Callable[[Litestar], AbstractAsyncContextManager[None]]) -> Litestar:
    """Every route, with what routes can ask for."""
    with warnings.catch_warnings():
        # `actor: Actor, body: bytes` say enough; Litestar 3 wants a marker on each, and we stay below it until then.
        warnings.simplefilter("ignore", LitestarDeprecationWarning)
        return Litestar(
            route_handlers=[*root_routes(), Router(API, route_handlers=routes())],
            dependencies={
                "actor": Provide(actor_of),
                "db": Provide(db_of),
                "app": Provide(app_dependency),
                "reference": Provide(reference, sync_to_thread=True),
            },
            exception_handlers=errors.HANDLERS,  # type: ignore[arg-type]
            lifespan=[
                lifespan,
                sweeping,
                following,
                counting_people,
                counting_items,
                scoring,
                guarding,
                telling,
                tidying,
            ],
            openapi_config=None,
            logging_config=None,  # structlog is set up once, by whoever starts the process
            request_class=JsonRequest,
            request_max_body_size=app.settings.max_body_mb * 1_000_000,
            state=State({"app": app}),
        )

"""What operators and pages ask of a process: does it live, is it ready, what does it count, what just changed."""

import asyncio
from collections.abc import AsyncIterator

from litestar import Response, get
from litestar.response import Stream
from litestar.types import ControllerRouterHandler

import karat
from karat.model.problem import Problem, Refused
from karat.server.access import Actor, denied
from karat.server.database import Tx
from karat.server.people import queries
from karat.server.state import App, Asked

READY_WITHIN_S = 5.0
LOOPBACK = frozenset({"127.0.0.1", "::1", "testclient"})


@get("/healthz", opt={"public": True})
async def healthz() -> dict[str, str]:
    """Whether the process answers."""
    return {"status": "ok", "version": karat.__version__}


@get("/readyz", opt={"public": True})
async def readyz(app: App) -> dict[str, str]:
    """Whether the database reads and writes, so that work can be sent here."""
    try:
        async with asyncio.timeout(READY_WITHIN_S):
            await app.db.read(_answers)
            await app.db.write(_answers)
    except Exception as error:
        problem = Problem("database", type(error).__name__, "a database that answers", "See the server's log.")
        raise Refused([problem], status=503, title="Not ready") from error
    return {"status": "ready"}


@get("/metrics", opt={"right": "metrics.see", "media": "text/plain"})
async def metrics(request: Asked, app: App) -> Response[bytes]:
    """Counters for Prometheus: from loopback, or with an owner's API token."""
    client = request.scope.get("client")
    # Behind a proxy on this machine everyone comes from loopback, so what was forwarded needs a token.
    is_local = client is not None and client[0] in LOOPBACK and "x-forwarded-for" not in request.headers
    if not is_local:
        actor = await app.sessions.actor(request)
        mine = await app.db.read(queries.memberships, actor.login)
        if not any(place.role == "owner" for place in mine):
            raise denied("metrics.see", "annotator")
    text = await asyncio.get_running_loop().run_in_executor(None, app.metrics.text)
    return Response(text, media_type="text/plain; version=0.0.4")


@get("/api/v1/events", opt={"right": "me.see", "media": "text/event-stream"})
async def events(request: Asked, actor: Actor, app: App) -> Stream:
    """What changed, as server-sent events `{seq, topic}`; the data is fetched again under one's own rights."""
    parts = app.live.stream(actor, request.scope)
    # The first part is drawn here, so that a refusal is still an answer of its own.
    first = await anext(parts)

    async def body() -> AsyncIterator[bytes]:
        try:
            yield first
            async for part in parts:
                yield part
        finally:
            await parts.aclose()

    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return Stream(body(), media_type="text/event-stream", headers=headers)


def _answers(tx: Tx) -> None:
    tx.run("SELECT 1 FROM workspaces LIMIT 1")


ROUTES: list[ControllerRouterHandler] = [healthz, readyz, metrics, events]

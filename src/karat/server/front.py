"""The edge: what is checked of every request before a route sees it, and added to every answer."""

import itertools
import os
import time
from collections.abc import Mapping

import msgspec
from litestar import Litestar
from litestar.enums import ScopeType
from litestar.types import HTTPScope, Message, Receive, Scope, Send

from karat.server.edge import Edge, Turned, headers_for
from karat.server.errors import ProblemBody
from karat.server.idempotency import once
from karat.server.observe import log_request
from karat.server.pages import Pages
from karat.server.state import App

API = "/api/"
PROBES = frozenset({"/healthz", "/readyz", "/metrics"})


class Front:
    """An ASGI application around the routes. It costs about 20 µs a request, so it is written plainly."""

    def __init__(self, api: Litestar, app: App) -> None:
        self.api = api
        self.app = app
        self._edge = Edge(app.settings)
        self._pages = Pages(prefix=app.settings.prefix)
        self._ids = itertools.count(1)
        self._start = os.urandom(6).hex()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or the start and end of the process."""
        if scope["type"] == ScopeType.HTTP:
            await self._serve(scope, receive, send)
        else:
            await self.api(scope, receive, send)

    async def _serve(self, scope: HTTPScope, receive: Receive, send: Send) -> None:
        started = time.perf_counter()
        request_id = f"{self._start}-{next(self._ids):x}"
        scope["request_id"] = request_id  # type: ignore[typeddict-unknown-key]
        status = 0
        own_headers: list[tuple[bytes, bytes]] = []

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = headers_for(message["headers"], own_headers)
            await send(message)

        try:
            headers: Mapping[bytes, bytes] = dict(scope["headers"])
            turned = self._edge.check(scope, headers)
            own_headers = [(b"x-request-id", request_id.encode()), *self._edge.headers(scope)]
            if turned is not None:
                await refuse(answer, turned, request_id=request_id)
            elif (path := scope["path"]).startswith(API) or path in PROBES:
                if b"idempotency-key" in headers and scope["method"] == "POST":
                    key = headers[b"idempotency-key"]
                    await once(self.api, key, scope, receive, answer, db=self.app.db, sessions=self.app.sessions)
                else:
                    await self.api(scope, receive, answer)
            else:
                await self._pages.serve(scope, headers, answer)
        finally:
            seconds = time.perf_counter() - started
            self.app.metrics.count(scope, status=status, seconds=seconds)
            log_request(scope, status=status, seconds=seconds, request_id=request_id)


async def refuse(send: Send, turned: Turned, *, request_id: str) -> None:
    """Answer a request that no route may see."""
    body = msgspec.json.encode(
        ProblemBody(
            type="about:blank",
            title=turned.title,
            status=turned.status,
            detail=f"{turned.problem.path}: got {turned.problem.got}, expected {turned.problem.expected}. {turned.problem.do}",
            request_id=request_id,
            problems=(turned.problem,),
        )
    )
    headers = [
        (b"content-type", b"application/problem+json"),
        (b"content-length", str(len(body)).encode()),
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": turned.status, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})

"""`Idempotency-Key`: a POST that is repeated gives the first answer again instead of happening twice."""

import datetime as dt
import hashlib
from collections.abc import Callable
from concurrent.futures import Future
from typing import Concatenate, ParamSpec, TypeVar

import msgspec
import sqlalchemy as sa
from litestar import Litestar
from litestar.types import HTTPScope, HTTPSendMessage, Message, Receive, Send

from karat.model.ids import stamp
from karat.model.problem import Problem, Refused
from karat.server.database import Database, Tx
from karat.server.errors import ProblemBody
from karat.server.session import Sessions

P = ParamSpec("P")
R = TypeVar("R")

KEPT = dt.timedelta(hours=24)
MAX_KEY = 200
MAX_BODY = 1_000_000
MAX_ANSWER = 256_000
DONE_UNKNOWN = 0
"""The status of a row whose request was done while its answer is not written down (yet)."""
MARK = "karat_once"
UNKEPT = ("/api/v1/session", "/api/v1/me", "/api/v1/links/")
"""Whose bodies hold passwords: not even a hash of them is written down, which could be guessed a billion times a second."""


class Once(msgspec.Struct, frozen=True):
    """A request with a key, of one actor."""

    login: int
    key: str
    request: str
    """SHA-256 of method, path and body."""


class Kept(msgspec.Struct, frozen=True):
    """What a key stands for already."""

    request: str
    status: int
    body: str


async def once(
    api: Litestar, header: bytes, scope: HTTPScope, receive: Receive, send: Send, *, db: Database, sessions: Sessions
) -> None:
    """Serve a POST with a key: replay the answer that it has, or do it and keep the answer."""
    actor = await sessions.actor_of(scope)
    key = header.decode("latin-1").strip()
    if scope["path"].startswith(UNKEPT) or actor is None or not 1 <= len(key) <= MAX_KEY or not key.isprintable():
        await api(scope, receive, send)
        return
    body = await _read(receive)
    if body is None:
        await _refuse(send, 413, "The body is too large for a repeatable request", f"more than {MAX_BODY} bytes")
        return
    this = Once(actor.login, key, _digest(scope, body))
    kept = await db.read(find, this)
    if kept is not None:
        await _replay(send, kept, this)
        return
    await _serve(api, db, this, body, scope, receive, send)


async def _serve(
    api: Litestar, db: Database, this: Once, body: bytes, scope: HTTPScope, receive: Receive, send: Send
) -> None:
    scope[MARK] = this  # type: ignore[literal-required]
    heard: list[Message] = []
    given = False

    async def again() -> object:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    async def hear(message: Message) -> None:
        heard.append(message)

    await api(scope, again, hear)  # type: ignore[arg-type]
    status = next((m["status"] for m in heard if m["type"] == "http.response.start"), 500)
    if status < 400:
        handler = scope.get("route_handler")
        is_secret = bool(handler is not None and handler.opt.get("secret"))
        text = b"".join(m.get("body", b"") for m in heard if m["type"] == "http.response.body")
        await db.write(keep, this, status=status, body="" if is_secret or len(text) > MAX_ANSWER else text.decode())
    for message in heard:
        await send(message)


class OnceDatabase(Database):
    """The database of one request with a key: its first write takes the key in its own transaction."""

    def __init__(self, db: Database, this: Once) -> None:
        self._db = db
        self._this: Once | None = this
        self.dialect = db.dialect

    async def write(self, action: Callable[Concatenate[Tx, P], R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Run an action; the first one together with taking the key."""
        this, self._this = self._this, None
        if this is None:
            return await self._db.write(action, *args, **kwargs)
        return await self._db.write(_taking, this, lambda tx: action(tx, *args, **kwargs))

    def write_now(self, action: Callable[Concatenate[Tx, P], R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """As the database behind."""
        return self._db.write_now(action, *args, **kwargs)

    def write_bulk(self, action: Callable[Concatenate[Tx, P], R], /, *args: P.args, **kwargs: P.kwargs) -> "Future[R]":
        """As the database behind."""
        return self._db.write_bulk(action, *args, **kwargs)

    async def read(self, query: Callable[Concatenate[Tx, P], R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """As the database behind."""
        return await self._db.read(query, *args, **kwargs)

    def read_now(self, query: Callable[Concatenate[Tx, P], R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """As the database behind."""
        return self._db.read_now(query, *args, **kwargs)

    def engine(self) -> sa.Engine:
        """As the database behind."""
        return self._db.engine()

    def start(self) -> None:
        """It runs already."""

    def close(self) -> None:
        """Whoever opened it closes it."""


def find(tx: Tx, this: Once) -> Kept | None:
    """What this key of this actor stands for."""
    found = tx.run(
        "SELECT request, status, body FROM idempotency WHERE actor = :actor AND key = :key AND at > :since",
        actor=this.login,
        key=this.key,
        since=stamp(tx.clock.now() - KEPT),
    )
    return Kept(*found[0]) if found else None


def take(tx: Tx, this: Once) -> None:
    """Take a key, in the transaction of what it is for; whoever comes second is refused and nothing happens."""
    tx.run("DELETE FROM idempotency WHERE at <= :since", since=stamp(tx.clock.now() - KEPT))
    taken = tx.run(
        "INSERT INTO idempotency (actor, key, request, status, body, at) VALUES (:actor, :key, :request, :status, '', :at)"
        " ON CONFLICT (actor, key) DO NOTHING RETURNING actor",
        actor=this.login,
        key=this.key,
        request=this.request,
        status=DONE_UNKNOWN,
        at=tx.now(),
    )
    if not taken:
        problem = Problem(
            "Idempotency-Key",
            this.key,
            "a key of this request alone",
            "Repeat the request in a moment to get its answer.",
        )
        raise Refused([problem], status=409, title="The same request is being done")


def keep(tx: Tx, this: Once, *, status: int, body: str) -> None:
    """Write down the answer. An empty body was too large or holds a secret."""
    tx.run(
        "INSERT INTO idempotency (actor, key, request, status, body, at) VALUES (:actor, :key, :request, :status, :body, :at)"
        " ON CONFLICT (actor, key) DO UPDATE SET status = :status, body = :body",
        actor=this.login,
        key=this.key,
        request=this.request,
        status=status,
        body=body,
        at=tx.now(),
    )


def _taking(tx: Tx, this: Once, action: Callable[[Tx], R]) -> R:
    take(tx, this)
    return action(tx)


def _digest(scope: HTTPScope, body: bytes) -> str:
    head = f"{scope['method']} {scope['path']}?".encode() + scope["query_string"] + b"\n"
    return hashlib.sha256(head + body).hexdigest()


async def _read(receive: Receive) -> bytes | None:
    parts, size = [], 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            break
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > MAX_BODY:
            return None
        if not message.get("more_body"):
            break
    return b"".join(parts)


async def _replay(send: Send, kept: Kept, this: Once) -> None:
    if kept.request != this.request:
        await _refuse(send, 422, "This key belongs to another request", "another body or address than the first time")
    elif kept.status == DONE_UNKNOWN or (not kept.body and kept.status not in (202, 204)):
        await _refuse(
            send,
            409,
            "The request was done; its answer is not kept",
            "a repeated request whose answer was secret, large or lost",
        )
    else:
        body = kept.body.encode()
        headers = [
            (b"content-type", b"application/json"),
            (b"content-length", str(len(body)).encode()),
            (b"idempotent-replay", b"true"),
        ]
        await _send(send, kept.status, headers, body)


async def _refuse(send: Send, status: int, title: str, got: str) -> None:
    problem = Problem("Idempotency-Key", got, "the same request as the first time", "Use a new key for a new request.")
    body = msgspec.json.encode(
        ProblemBody(type="about:blank", title=title, status=status, detail=title, request_id="", problems=(problem,))
    )
    headers = [(b"content-type", b"application/problem+json"), (b"content-length", str(len(body)).encode())]
    await _send(send, status, headers, body)


async def _send(send: Send, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
    start: HTTPSendMessage = {"type": "http.response.start", "status": status, "headers": headers}
    await send(start)
    await send({"type": "http.response.body", "body": body, "more_body": False})

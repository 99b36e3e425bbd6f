"""Who is asking: a session cookie or an API token becomes an actor."""

import asyncio
import datetime as dt
import hashlib
import secrets
import time
from collections import OrderedDict
from collections.abc import Awaitable
from typing import Any

from litestar import Request
from litestar.types import Scope
from msgspec.structs import replace

from karat.model.ids import stamp
from karat.model.problem import Problem, Refused
from karat.server.access import TOKEN_SCOPES, Actor
from karat.server.database import Database, Tx

COOKIE = "karat_session"
COOKIE_START = b"karat_session="
TOKEN_PREFIX = "krt_"  # noqa: S105 - the public start of every token, so that leaked ones can be found
# A change of rights on this machine empties the cache at once; another machine's change is seen after this long.
CACHE_S = 5.0
CACHE_SIZE = 10_000
SEEN_EVERY = dt.timedelta(minutes=5)


class Sessions:
    """Resolves cookies and tokens, with a short memory so that labeling does not read the database twice a request."""

    def __init__(self, db: Database, *, days: int) -> None:
        self._db = db
        self._days = days
        self._known: OrderedDict[str, tuple[float, Actor]] = OrderedDict()
        self._generation = 0
        self._behind: set[asyncio.Future[None]] = set()

    async def actor(self, request: Request[Any, Any, Any]) -> Actor:
        """The actor of a request; 401 where there is none."""
        actor = await self.actor_of(request.scope)
        if actor is None:
            raise signed_out()
        return actor

    async def actor_of(self, scope: Scope) -> Actor | None:
        """The actor of a request at the edge, if it shows anything that holds."""
        digest, is_token = credentials(scope)
        if digest is None:
            return None
        client = scope.get("client")
        address = client[0] if client else ""
        known = self._known.get(digest)
        if known is None or time.monotonic() - known[0] >= CACHE_S:
            generation = self._generation
            found = await self._db.read(actor_with, digest, is_token=is_token)
            if found is None:
                return None
            actor, is_stale = found
            # Rights that changed while this was read are not remembered as they were before.
            if generation == self._generation:
                self._remember(digest, actor)
            if is_stale:
                self._touch(actor, address)
        else:
            actor = known[1]
        return actor if actor.address == address else replace(actor, address=address)

    def forget(self) -> None:
        """Forget everyone: called whenever a session, token, role or membership changes."""
        self._generation += 1
        self._known.clear()

    def behind(self, work: Awaitable[None]) -> None:
        """Let something be written down behind the answer, which does not wait for it."""
        task = asyncio.ensure_future(work)
        self._behind.add(task)
        task.add_done_callback(self._behind.discard)

    def _remember(self, digest: str, actor: Actor) -> None:
        self._known[digest] = (time.monotonic(), actor)
        if len(self._known) > CACHE_SIZE:
            self._known.popitem(last=False)

    def _touch(self, actor: Actor, address: str) -> None:
        """Note that a session or token was used, behind the request that used it."""
        self.behind(self._db.write(seen, actor, address=address, days=self._days))


def credentials(scope: Scope) -> tuple[str | None, bool]:
    """The SHA-256 of what the request shows, and whether that is a token."""
    cookies = b""
    for name, value in scope["headers"]:
        if name == b"authorization" and value.startswith(b"Bearer "):
            return hashlib.sha256(value[7:].strip()).hexdigest(), True
        if name == b"cookie":
            cookies = cookies + b"; " + value if cookies else value
    at = cookies.find(COOKIE_START)
    while at > 0 and cookies[at - 1] not in b"; ":
        at = cookies.find(COOKIE_START, at + 1)
    if at < 0:
        return None, False
    end = cookies.find(b";", at)
    secret = cookies[at + len(COOKIE_START) : end if end >= 0 else len(cookies)].strip()
    return (hashlib.sha256(secret).hexdigest(), False) if secret else (None, False)


def hashed(secret: str) -> str:
    """SHA-256 in hex: enough for 256 random bits, which no one can guess; passwords go through Argon2."""
    return hashlib.sha256(secret.encode()).hexdigest()


def new_secret() -> str:
    """256 random bits for a cookie, a link or a token."""
    return secrets.token_urlsafe(32)


def signed_out() -> Refused:
    """401: nobody, or somebody whose session ended."""
    problem = Problem("session", "none", "a session or an API token", "Sign in, or send `Authorization: Bearer krt_…`.")
    return Refused([problem], status=401, title="Sign in first")


def actor_with(tx: Tx, digest: str, *, is_token: bool) -> tuple[Actor, bool] | None:
    """The actor whose cookie or token has this SHA-256, if it still holds, and whether its use is to be noted."""
    now = tx.clock.now()
    stale = stamp(now - SEEN_EVERY)
    if is_token:
        found = tx.run(
            "SELECT l.n, l.id, l.name, l.email, t.id, t.workspace, t.scopes, t.used_at FROM tokens t JOIN logins l ON l.n = t.login"
            " JOIN memberships m ON m.workspace = t.workspace AND m.login = t.login AND m.active"
            " WHERE t.hash = :hash AND t.revoked_at IS NULL AND t.expires_at > :now",
            hash=digest,
            now=stamp(now),
        )
        if not found:
            return None
        n, id_, name, email, token, workspace, scopes, used = found[0]
        best = next(scope for scope in reversed(TOKEN_SCOPES) if f'"{scope}"' in scopes)
        return Actor(n, id_, name, email, token=token, token_workspace=workspace, scope=best), (used or "") < stale
    found = tx.run(
        "SELECT l.n, l.id, l.name, l.email, s.id, s.seen_at FROM sessions s JOIN logins l ON l.n = s.login"
        " WHERE s.hash = :hash AND s.expires_at > :now",
        hash=digest,
        now=stamp(now),
    )
    if not found:
        return None
    n, id_, name, email, session, seen_at = found[0]
    return Actor(n, id_, name, email, session=session), seen_at < stale


def seen(tx: Tx, actor: Actor, *, address: str, days: int) -> None:
    """Note that a session or token was used just now; a session that is used goes on."""
    now = tx.clock.now()
    if actor.token is not None:
        tx.run("UPDATE tokens SET used_at = :now WHERE id = :id", now=stamp(now), id=actor.token)
        return
    tx.run(
        "UPDATE sessions SET seen_at = :now, expires_at = :until, address = :address WHERE id = :id",
        now=stamp(now),
        until=stamp(now + dt.timedelta(days=days)),
        address=address[:100],
        id=actor.session,
    )

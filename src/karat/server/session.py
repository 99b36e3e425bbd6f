"""Who is asking: a session cookie or an API token becomes an actor."""

import hashlib
import secrets
import time
from collections import OrderedDict

from litestar import Request
from msgspec.structs import replace

from karat.model.problem import Problem, Refused
from karat.server.access import TOKEN_SCOPES, Actor
from karat.server.database import Database, Tx

COOKIE = "karat_session"
TOKEN_PREFIX = "krt_"  # noqa: S105 - the public start of every token, so that leaked ones can be found
# A change of rights on this machine empties the cache at once; another machine's change is seen after this long.
CACHE_S = 5.0
CACHE_SIZE = 10_000


class Sessions:
    """Resolves cookies and tokens, with a short memory so that labeling does not read the database twice a request."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._known: OrderedDict[str, tuple[float, Actor]] = OrderedDict()

    async def actor(self, request: Request) -> Actor:
        """The actor of a request; 401 where there is none."""
        digest, is_token = credentials(request)
        if digest is None:
            raise signed_out()
        found = self._known.get(digest)
        if found is not None and time.monotonic() - found[0] < CACHE_S:
            return found[1]
        actor = await self._db.read(actor_with, digest, is_token=is_token)
        if actor is None:
            raise signed_out()
        client = request.scope.get("client")
        actor = _at(actor, client[0] if client else "")
        self._known[digest] = (time.monotonic(), actor)
        if len(self._known) > CACHE_SIZE:
            self._known.popitem(last=False)
        return actor

    def forget(self) -> None:
        """Forget everyone: called whenever a session, token, role or membership changes."""
        self._known.clear()


def credentials(request: Request) -> tuple[str | None, bool]:
    """The SHA-256 of what the request shows, and whether that is a token."""
    given = request.headers.get("authorization", "")
    if given.startswith("Bearer "):
        return hashed(given[7:].strip()), True
    cookie = request.cookies.get(COOKIE)
    return (hashed(cookie), False) if cookie else (None, False)


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


def actor_with(tx: Tx, digest: str, *, is_token: bool) -> Actor | None:
    """The actor whose cookie or token has this SHA-256, if it still holds."""
    now = tx.now()
    if is_token:
        found = tx.run(
            "SELECT l.n, l.id, l.name, l.email, t.id, t.workspace, t.scopes FROM tokens t JOIN logins l ON l.n = t.login"
            " JOIN memberships m ON m.workspace = t.workspace AND m.login = t.login AND m.active"
            " WHERE t.hash = :hash AND t.revoked_at IS NULL AND t.expires_at > :now",
            hash=digest,
            now=now,
        )
        if not found:
            return None
        n, id_, name, email, token, workspace, scopes = found[0]
        best = next(scope for scope in reversed(TOKEN_SCOPES) if f'"{scope}"' in scopes)
        return Actor(n, id_, name, email, token=token, token_workspace=workspace, scope=best)
    found = tx.run(
        "SELECT l.n, l.id, l.name, l.email, s.id FROM sessions s JOIN logins l ON l.n = s.login"
        " WHERE s.hash = :hash AND s.expires_at > :now",
        hash=digest,
        now=now,
    )
    if not found:
        return None
    n, id_, name, email, session = found[0]
    return Actor(n, id_, name, email, session=session)


def _at(actor: Actor, address: str) -> Actor:
    return replace(actor, address=address)

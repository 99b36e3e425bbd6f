"""Guidelines over HTTP."""

from typing import Any

from litestar import Request, Response, get, post, put
from litestar.types import ControllerRouterHandler

from karat.server.access import Actor
from karat.server.database import Database
from karat.server.guidelines import actions, queries
from karat.server.guidelines.schemas import Changes, Found, Guideline, NewVersion, Read, VersionRow
from karat.server.wire import Page, decode, from_cursor, limited

Asked = Request[Any, Any, Any]


@get("/projects/{project:str}/guideline", opt={"right": "guideline.see", "returns": Guideline})
async def get_guideline(project: str, actor: Actor, db: Database, version: int | None = None) -> Response[Guideline]:
    """The project's guideline: its newest version, or `?version=`; and which version you have read."""
    return _answer(await db.read(queries.get_guideline, actor, project, version))


@put(
    "/projects/{project:str}/guideline",
    opt={"right": "guideline.change", "body": NewVersion, "returns": Guideline},
)
async def change_guideline(
    project: str, body: bytes, actor: Actor, db: Database, request: Asked
) -> Response[Guideline]:
    """Put a new version in force. `If-Match` carries the newest version's number, "0" where there is none yet."""
    match = request.headers.get("if-match")
    return _answer(await db.write(actions.change, actor, project, decode(body, NewVersion), match=match))


@get("/projects/{project:str}/guideline/versions", opt={"right": "guideline.see"})
async def list_guideline_versions(
    project: str, actor: Actor, db: Database, limit: int | None = None, cursor: str | None = None
) -> Page[VersionRow]:
    """Every version, the newest first."""
    after = from_cursor(cursor, tuple[int])
    return await db.read(queries.list_versions, actor, project, limit=limited(limit), after=after)


@get("/projects/{project:str}/guideline/changes", opt={"right": "guideline.see"})
async def get_guideline_changes(
    project: str, actor: Actor, db: Database, since: int | None = None, until: int | None = None
) -> Changes:
    """What changed between two versions; without them, since the one that you confirmed to have read."""
    return await db.read(queries.changes, actor, project, since, until)


@get("/projects/{project:str}/guideline/search", opt={"right": "guideline.see"})
async def search_guideline(project: str, actor: Actor, db: Database, q: str = "") -> list[Found]:
    """The clauses and definitions that fit the words of `?q=`, the better first."""
    return await db.read(queries.search, actor, project, q)


@post(
    "/projects/{project:str}/guideline/read",
    status_code=200,
    opt={"right": "guideline.read", "body": Read, "returns": Guideline},
)
async def confirm_guideline(project: str, body: bytes, actor: Actor, db: Database) -> Response[Guideline]:
    """Confirm that you have read a version; items are given again where they were held back until then."""
    return _answer(await db.write(actions.confirm, actor, project, decode(body, Read)))


def _answer(found: Guideline) -> Response[Guideline]:
    return Response(found, headers={"ETag": f'"{found.newest}"'})


ROUTES: list[ControllerRouterHandler] = [
    get_guideline,
    change_guideline,
    list_guideline_versions,
    get_guideline_changes,
    search_guideline,
    confirm_guideline,
]

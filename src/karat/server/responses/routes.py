"""Responses over HTTP."""

from litestar import Response, get, post
from litestar.types import ControllerRouterHandler

from karat.model.problem import Problem, Refused, shown
from karat.server.access import Actor
from karat.server.database import Database
from karat.server.items.schemas import ResponseRow
from karat.server.responses import actions, queries
from karat.server.responses.schemas import (
    Excluded,
    Exclusion,
    ExclusionAsk,
    ExclusionPreview,
    ExclusionRow,
    RevisionRow,
)
from karat.server.state import App
from karat.server.wire import Page, decode, from_cursor, limited


@get("/projects/{project:str}/responses", opt={"right": "responses.see"})
async def list_responses(
    project: str,
    actor: Actor,
    db: Database,
    author: str | None = None,
    item: str | None = None,
    since: str | None = None,
    limit: int | None = None,
    cursor: str | None = None,
) -> Page[ResponseRow]:
    """Responses of a project, the newest first; with `since` (RFC 3339) the oldest first from that time on."""
    after = from_cursor(cursor, tuple[str, int])
    if since is not None and (len(since) < 10 or not since[:4].isdigit()):
        raise Refused(
            [Problem("since", shown(since), "a time such as 2026-11-22T04:48:00.000Z", "Send RFC 3339 in UTC.")]
        )
    return await db.read(
        queries.list_responses,
        actor,
        project,
        author=author,
        item=item,
        since=since,
        limit=limited(limit),
        after=after,
    )


@get("/responses/{response:str}", opt={"right": "work.see"})
async def get_response(response: str, actor: Actor, db: Database) -> ResponseRow:
    """One response as it stands: your own, or as a reviewer anybody's."""
    return await db.read(queries.get_response, actor, response)


@get("/responses/{response:str}/revisions", opt={"right": "work.see"})
async def list_revisions(response: str, actor: Actor, db: Database) -> list[RevisionRow]:
    """Every revision of a response, the oldest first."""
    return await db.read(queries.list_revisions, actor, response)


@get("/projects/{project:str}/exclusions", opt={"right": "responses.see"})
async def list_exclusions(project: str, actor: Actor, db: Database) -> list[ExclusionRow]:
    """Whose responses are left out, why, and the operation that undoes it."""
    return await db.read(queries.list_exclusions, actor, project)


@post(
    "/projects/{project:str}/exclusions/preview",
    status_code=200,
    opt={"right": "responses.exclude", "body": ExclusionAsk},
)
async def preview_exclusion(project: str, body: bytes, actor: Actor, db: Database) -> ExclusionPreview:
    """What leaving an author's responses out would come to."""
    return await db.read(queries.preview_exclusion, actor, project, decode(body, ExclusionAsk).author)


@post(
    "/projects/{project:str}/exclusions",
    status_code=202,
    opt={"right": "responses.exclude", "body": Exclusion, "returns": Excluded},
)
async def exclude(project: str, body: bytes, actor: Actor, app: App, db: Database) -> Response[Excluded]:
    """Leave an author's responses out of consensus, quota and release. Nothing is deleted; undo by the operation."""
    done, started = await db.write(actions.start_exclusion, actor, project, decode(body, Exclusion))
    if started is not None:
        app.jobs.submit(started.id, started.attempt)
    return Response(done, status_code=200 if started is None else 202)


ROUTES: list[ControllerRouterHandler] = [
    list_responses,
    get_response,
    list_revisions,
    list_exclusions,
    preview_exclusion,
    exclude,
]

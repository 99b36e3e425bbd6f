"""Labeling over HTTP."""

from uuid import UUID

import msgspec
from litestar import Response, delete, get, patch, post, put
from litestar.types import ControllerRouterHandler

from karat.model.problem import Problem, Refused, shown
from karat.server import errors
from karat.server.access import Actor, missing
from karat.server.database import Database
from karat.server.labeling import actions
from karat.server.labeling.actions.submit import digest_of
from karat.server.labeling.queries import own
from karat.server.labeling.schemas import (
    ClaimRequest,
    Draft,
    DraftPatch,
    Entries,
    HomeProject,
    Mine,
    NewRevision,
    OpenRequest,
    Progress,
    Receipt,
    Receipts,
    Renewed,
    Seq,
    Takeback,
    TakenBack,
    Task,
    Tasks,
    Undone,
)
from karat.server.state import Asked
from karat.server.wire import Page, decode, from_cursor, limited

JSON = "application/json"
ONE = ClaimRequest()


@post("/projects/{project:str}/claims", status_code=200, opt={"right": "label", "body": ClaimRequest, "returns": Tasks})
async def claim(project: str, body: bytes, actor: Actor, db: Database) -> Response[bytes]:
    """Be given the next items, with everything to draw them; an empty list when nothing is left."""
    given = decode(body, ClaimRequest) if body else ONE
    return _json(await db.write(actions.claim, actor, project, given))


@post("/projects/{project:str}/items/{item:str}/open", status_code=200, opt={"right": "label", "returns": Task})
async def open_item(project: str, item: str, actor: Actor, db: Database) -> Response[bytes]:
    """Open one of your own items again, or, as a reviewer or above, any item."""
    return _json(await db.write(actions.open_item, actor, project, item))


@post("/projects/{project:str}/open", status_code=200, opt={"right": "label", "body": OpenRequest, "returns": Tasks})
async def open_items(project: str, body: bytes, actor: Actor, db: Database) -> Response[bytes]:
    """Open up to 100 items as one opens a single one; those that are not the actor's to open are left out."""
    return _json(await db.write(actions.open_items, actor, project, decode(body, OpenRequest)))


@post("/assignments/{assignment:str}/renew", status_code=200, opt={"right": "label"})
async def renew(assignment: str, actor: Actor, db: Database) -> Renewed:
    """Keep a claim for its whole time again."""
    return await db.write(actions.renew, actor, assignment)


@delete("/assignments/{assignment:str}", opt={"right": "label"})
async def release(assignment: str, actor: Actor, db: Database) -> None:
    """Give a claimed item back."""
    await db.write(actions.release, actor, assignment)


@get("/items/{item:str}/draft", opt={"right": "work.see", "returns": Draft})
async def get_draft(item: str, actor: Actor, db: Database) -> Response[bytes]:
    """Your own unfinished work on an item."""
    draft = await db.read(own.own_draft, actor, item)
    if draft is None:
        raise missing("draft", item)
    return _json(draft, etag=draft.seq)


@patch("/items/{item:str}/draft", opt={"right": "label", "body": DraftPatch, "returns": Seq})
async def patch_draft(item: str, request: Asked, body: bytes, actor: Actor, db: Database) -> Response[bytes]:
    """Change your own draft. `If-Match` is the `seq` that you have, "0" for none; 409 brings the draft as it is now."""
    patched = await db.write(
        actions.patch_draft, actor, item, decode(body, DraftPatch), seq=_seq(request.headers.get("if-match"))
    )
    if patched.current is None and patched.seq:
        return _json(Seq(patched.seq), etag=patched.seq)
    return _stale(request, patched.current)


@delete("/items/{item:str}/draft", opt={"right": "label"})
async def drop_draft(item: str, actor: Actor, db: Database) -> None:
    """Throw your own draft away."""
    await db.write(actions.drop_draft, actor, item)


@put(
    "/responses/{response:uuid}/revisions/{revision:int}",
    opt={"right": "label", "body": NewRevision, "returns": Receipt},
)
async def submit(response: UUID, revision: int, body: bytes, actor: Actor, db: Database) -> Response[bytes]:
    """Hand in a revision of your own response, or skip the item. Sending it again is harmless and gives the same receipt."""
    given = decode(body, NewRevision)
    done = await db.write(actions.submit, actor, str(response), revision, given, digest_of(body))
    if done.receipt is None:
        raise Refused(done.problems, title="The answer does not fit the schema; it is kept as your draft")
    return _json(done.receipt, status=201 if done.is_new else 200)


@delete(
    "/responses/{response:uuid}/revisions/{revision:int}", status_code=200, opt={"right": "label", "returns": Undone}
)
async def undo(response: UUID, revision: int, actor: Actor, db: Database) -> Response[bytes]:
    """Take your newest submit back: it is a draft again, and the item stays reserved for you."""
    return _json(await db.write(actions.undo, actor, str(response), revision))


@post("/projects/{project:str}/submits", status_code=200, opt={"right": "label", "body": Entries, "returns": Receipts})
async def submit_many(project: str, body: bytes, actor: Actor, db: Database) -> Response[bytes]:
    """Hand in up to 100 answers, each by the rules of handing it in alone: what is refused does not hold up the others."""
    return _json(await db.write(actions.submit_many, actor, project, decode(body, Entries)))


@post("/projects/{project:str}/undos", status_code=200, opt={"right": "label", "body": Takeback, "returns": TakenBack})
async def undo_many(project: str, body: bytes, actor: Actor, db: Database) -> Response[bytes]:
    """Take up to 100 of your newest submits back in one step; those that stand meanwhile by other numbers are named."""
    return _json(await db.write(actions.undo_many, actor, project, decode(body, Takeback)))


@get("/projects/{project:str}/mine", opt={"right": "work.see"})
async def mine(
    project: str, actor: Actor, db: Database, limit: int | None = None, cursor: str | None = None
) -> Page[Mine]:
    """Your own answers, the newest first."""
    after = from_cursor(cursor, tuple[str, str])
    return await db.read(own.mine, actor, project, limit=limited(limit), after=after)


@get("/projects/{project:str}/progress", opt={"right": "work.see"})
async def progress(project: str, actor: Actor, db: Database) -> Progress:
    """Your own progress."""
    return await db.read(own.progress, actor, project)


@get("/home", opt={"right": "workspace.see"})
async def home(actor: Actor, db: Database) -> list[HomeProject]:
    """The projects that you can work in."""
    return await db.read(own.home, actor)


def _json(value: msgspec.Struct, *, status: int = 200, etag: int | None = None) -> Response[bytes]:
    headers = {} if etag is None else {"ETag": f'"{etag}"'}
    return Response(msgspec.json.encode(value), status_code=status, media_type=JSON, headers=headers)


def _seq(header: str | None) -> int:
    given = (header or "").strip().removeprefix("W/").strip('"')
    if not given.isdigit():
        problem = Problem(
            "If-Match", shown(header), 'the draft\'s `seq`, "0" where there is none', "Send the ETag of the draft."
        )
        raise Refused([problem], status=428, title="Say which draft you are changing")
    return int(given)


def _stale(request: Asked, current: Draft | None) -> Response[bytes]:
    """409 with the draft as it is, null where it was handed in or thrown away meanwhile."""
    do = "Merge your changes into this draft and send them with its seq."
    problem = Problem("If-Match", shown(request.headers.get("if-match")), f'"{current.seq if current else 0}"', do)
    answer = errors.problem(request, status=409, title="The draft has moved on", problems=(problem,))
    body = {**msgspec.json.decode(answer.content), "draft": current}
    return Response(msgspec.json.encode(body), status_code=409, media_type="application/problem+json")


ROUTES: list[ControllerRouterHandler] = [
    claim,
    open_item,
    open_items,
    renew,
    release,
    get_draft,
    patch_draft,
    drop_draft,
    submit,
    undo,
    submit_many,
    undo_many,
    mine,
    progress,
    home,
]

"""Reviews over HTTP. Claims are made by `POST /projects/{project}/claims` with `{"do": "review"}`."""

import msgspec
from litestar import Response, get, post
from litestar.types import ControllerRouterHandler

from karat.server.access import Actor
from karat.server.database import Database
from karat.server.labeling.actions.submit import digest_of
from karat.server.review import actions, queries
from karat.server.review.schemas import Judgement, Review, ReviewReceipt, ReviewTask
from karat.server.wire import Page, decode, from_cursor, limited

JSON = "application/json"


@get("/assignments/{assignment:str}/review", opt={"right": "review", "returns": ReviewTask})
async def get_review(assignment: str, actor: Actor, db: Database) -> Response[bytes]:
    """What a claimed review shows: the answers that stand, what was said of them before, the list of defects."""
    task = await db.read(queries.review_task, actor, assignment)
    return Response(msgspec.json.encode(task), media_type=JSON)


@post(
    "/assignments/{assignment:str}/review",
    status_code=200,
    opt={"right": "review", "body": Judgement, "returns": ReviewReceipt},
)
async def judge(assignment: str, body: bytes, actor: Actor, db: Database) -> Response[bytes]:
    """Hand in the verdicts of a claimed review. Sending it again is harmless and gives the same receipt."""
    given = decode(body, Judgement)
    receipt = await db.write(actions.judge, actor, assignment, given, digest_of(body))
    return Response(msgspec.json.encode(receipt), media_type=JSON)


@get("/items/{item:str}/reviews", opt={"right": "responses.see"})
async def list_of_item(item: str, actor: Actor, db: Database) -> list[Review]:
    """Every verdict on an item's answers, the oldest first."""
    return await db.read(queries.of_item, actor, item)


@get("/projects/{project:str}/reviews", opt={"right": "responses.see"})
async def list_reviews(
    project: str, actor: Actor, db: Database, limit: int | None = None, cursor: str | None = None
) -> Page[Review]:
    """The verdicts given in a project, the newest first."""
    after = from_cursor(cursor, tuple[str, int])
    return await db.read(queries.of_project, actor, project, limit=limited(limit), after=after)


@get("/projects/{project:str}/feedback", opt={"right": "work.see"})
async def list_feedback(
    project: str, actor: Actor, db: Database, limit: int | None = None, cursor: str | None = None
) -> Page[Review]:
    """The verdicts on your own answers, the newest first."""
    after = from_cursor(cursor, tuple[str, int])
    return await db.read(queries.on_mine, actor, project, limit=limited(limit), after=after)


ROUTES: list[ControllerRouterHandler] = [get_review, judge, list_of_item, list_reviews, list_feedback]

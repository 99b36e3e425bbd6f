"""Reviews over HTTP. Claims are made by `POST /projects/{project}/claims` with `{"do": "review"}`."""

import msgspec
from litestar import Response, delete, get, post
from litestar.types import ControllerRouterHandler

from karat.server.access import Actor
from karat.server.database import Database
from karat.server.labeling.actions.submit import digest_of
from karat.server.labeling.schemas import Renewed
from karat.server.review import actions, comparing, queries
from karat.server.review import undo as undoing
from karat.server.review.schemas import (
    Changed,
    Judgement,
    Review,
    ReviewReceipt,
    ReviewTask,
    SentBack,
    ToReviewHere,
    Waiting,
)
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


@delete("/assignments/{assignment:str}/review", status_code=200, opt={"right": "review", "returns": Renewed})
async def unjudge(assignment: str, actor: Actor, db: Database) -> Renewed:
    """Take your judgement back within 30 seconds: the item is held for you again, your fix is a draft again."""
    return await db.write(undoing.undo, actor, assignment)


@get("/projects/{project:str}/review/waiting", opt={"right": "review"})
async def waiting(project: str, actor: Actor, db: Database) -> Waiting:
    """How many items wait to be judged, by stage, and how many you judged today."""
    return await db.read(queries.waiting, actor, project)


@get("/reviews/{review:str}/difference", opt={"right": "work.see", "returns": Changed})
async def get_difference(review: str, actor: Actor, db: Database) -> Response[bytes]:
    """An answer beside the fix that took its place: of your own answers, or, as a reviewer or above, of any."""
    return Response(msgspec.json.encode(await db.read(comparing.changed, actor, review)), media_type=JSON)


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


@get("/items/{item:str}/feedback", opt={"right": "work.see"})
async def list_on_my_item(item: str, actor: Actor, db: Database) -> list[Review]:
    """The verdicts on your own answer to an item, the oldest first."""
    return await db.read(queries.on_my_item, actor, item)


@get("/sent-back", opt={"right": "workspace.see"})
async def list_sent_back(actor: Actor, db: Database) -> list[SentBack]:
    """The items that reviewers sent back to you, in all your projects; what ends first comes first."""
    return await db.read(queries.sent_back, actor)


@get("/to-review", opt={"right": "workspace.see"})
async def list_to_review(actor: Actor, db: Database) -> list[ToReviewHere]:
    """The projects in which items wait for you to judge them."""
    return await db.read(queries.to_review, actor)


ROUTES: list[ControllerRouterHandler] = [
    get_review,
    judge,
    unjudge,
    waiting,
    get_difference,
    list_of_item,
    list_reviews,
    list_feedback,
    list_on_my_item,
    list_sent_back,
    list_to_review,
]

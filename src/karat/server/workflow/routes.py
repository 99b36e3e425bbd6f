"""The workflow over HTTP. It is changed by `PATCH /projects/{project}` with `{"policy": …}`."""

from litestar import Response, get, post
from litestar.types import ControllerRouterHandler

from karat.server.access import Actor
from karat.server.database import Database
from karat.server.state import App
from karat.server.wire import decode
from karat.server.workflow import batches, claims, queries
from karat.server.workflow.schemas import (
    Batch,
    Colleague,
    GivenBatch,
    HandedOver,
    HandOver,
    Held,
    NewBatch,
    OwnHandOver,
    PolicyCheck,
    PolicyText,
    PolicyVersion,
    TakeAway,
    Workflow,
)


@get("/projects/{project:str}/workflow", opt={"right": "reports.see"})
async def get_workflow(project: str, actor: Actor, db: Database) -> Workflow:
    """The workflow in force, and how many items are at each stage."""
    return await db.read(queries.workflow, actor, project)


@get("/projects/{project:str}/policies", opt={"right": "project.change"})
async def list_policies(project: str, actor: Actor, db: Database) -> list[PolicyVersion]:
    """The versions of the workflow, the newest first."""
    return await db.read(queries.versions, actor, project)


@post("/projects/{project:str}/policies/check", status_code=200, opt={"right": "project.change", "body": PolicyText})
async def check_policy(project: str, body: bytes, actor: Actor, db: Database) -> PolicyCheck:
    """What is wrong with a policy, or what it would mean; nothing is changed."""
    return await db.read(queries.check, actor, project, decode(body, PolicyText))


@post(
    "/projects/{project:str}/batches",
    opt={"right": "items.change", "body": NewBatch, "returns": Batch, "statuses": (202,)},
)
async def make_batch(project: str, body: bytes, actor: Actor, app: App, db: Database) -> Response[Batch]:
    """Give items to people by hand, or move them in the queue; more than 500 are put in by a job."""
    batch, started = await db.write(batches.make, actor, project, decode(body, NewBatch))
    if started is not None:
        app.jobs.submit(started.id, started.attempt)
    return Response(batch, status_code=201 if started is None else 202)


@get("/projects/{project:str}/batches", opt={"right": "items.change"})
async def list_batches(project: str, actor: Actor, db: Database) -> list[Batch]:
    """The batches of items that were given to people, those that stand first."""
    return await db.read(batches.list_batches, actor, project)


@post("/batches/{batch:str}/release", status_code=200, opt={"right": "items.change"})
async def release_batch(batch: str, actor: Actor, db: Database) -> Batch:
    """End a batch: what is left of it is for anybody again."""
    return await db.write(batches.release, actor, batch)


@get("/projects/{project:str}/given", opt={"right": "work.see"})
async def list_given(project: str, actor: Actor, db: Database) -> list[GivenBatch]:
    """The batches of items that were given to you, the most urgent first."""
    return await db.read(claims.own, actor, project)


@get("/projects/{project:str}/held", opt={"right": "items.change"})
async def list_held(project: str, actor: Actor, db: Database) -> list[Held]:
    """The items that people hold now, the longest held first."""
    return await db.read(claims.held, actor, project)


@post("/projects/{project:str}/held/release", status_code=200, opt={"right": "items.change", "body": TakeAway})
async def release_held(project: str, body: bytes, actor: Actor, db: Database) -> HandedOver:
    """Give what somebody holds back to the queue."""
    return await db.write(claims.take, actor, project, decode(body, TakeAway))


@post("/projects/{project:str}/handovers", status_code=200, opt={"right": "items.change", "body": HandOver})
async def hand_over(project: str, body: bytes, actor: Actor, db: Database) -> HandedOver:
    """Give what one person holds to another."""
    return await db.write(claims.hand_over, actor, project, decode(body, HandOver))


@get("/projects/{project:str}/colleagues", opt={"right": "label"})
async def list_colleagues(project: str, actor: Actor, db: Database) -> list[Colleague]:
    """To whom you can hand over what you hold; of annotators, those who are in a group with you."""
    return await db.read(claims.colleagues, actor, project)


@post("/projects/{project:str}/handovers/mine", status_code=200, opt={"right": "label", "body": OwnHandOver})
async def hand_mine(project: str, body: bytes, actor: Actor, db: Database) -> HandedOver:
    """Give what you hold to a colleague."""
    return await db.write(claims.hand_mine, actor, project, decode(body, OwnHandOver))


ROUTES: list[ControllerRouterHandler] = [
    get_workflow,
    list_policies,
    check_policy,
    make_batch,
    list_batches,
    release_batch,
    list_given,
    list_held,
    release_held,
    hand_over,
    list_colleagues,
    hand_mine,
]

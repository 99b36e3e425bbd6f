"""The workflow over HTTP. It is changed by `PATCH /projects/{project}` with `{"policy": …}`."""

from litestar import get, post
from litestar.types import ControllerRouterHandler

from karat.server.access import Actor
from karat.server.database import Database
from karat.server.wire import decode
from karat.server.workflow import batches, queries
from karat.server.workflow.schemas import (
    Batch,
    HandedOver,
    HandOver,
    NewBatch,
    OwnBatch,
    PolicyCheck,
    PolicyText,
    PolicyVersion,
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


@post("/projects/{project:str}/batches", opt={"right": "items.change", "body": NewBatch})
async def make_batch(project: str, body: bytes, actor: Actor, db: Database) -> Batch:
    """Give items to a person or a group by hand."""
    return await db.write(batches.make, actor, project, decode(body, NewBatch))


@get("/projects/{project:str}/batches", opt={"right": "items.change"})
async def list_batches(project: str, actor: Actor, db: Database) -> list[Batch]:
    """The batches of items that were given to people, those that stand first."""
    return await db.read(batches.list_batches, actor, project)


@get("/projects/{project:str}/given", opt={"right": "work.see"})
async def list_given(project: str, actor: Actor, db: Database) -> list[OwnBatch]:
    """The batches of items that were given to you, the most urgent first."""
    return await db.read(batches.own, actor, project)


@post("/batches/{batch:str}/release", status_code=200, opt={"right": "items.change"})
async def release_batch(batch: str, actor: Actor, db: Database) -> Batch:
    """End a batch: what is left of it is for anybody again."""
    return await db.write(batches.release, actor, batch)


@post("/projects/{project:str}/handovers", status_code=200, opt={"right": "items.change", "body": HandOver})
async def hand_over(project: str, body: bytes, actor: Actor, db: Database) -> HandedOver:
    """Give what one person holds to another."""
    return await db.write(batches.hand_over, actor, project, decode(body, HandOver))


ROUTES: list[ControllerRouterHandler] = [
    get_workflow,
    list_policies,
    check_policy,
    make_batch,
    list_batches,
    list_given,
    release_batch,
    hand_over,
]

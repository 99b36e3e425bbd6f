"""The workflow over HTTP. It is changed by `PATCH /projects/{project}` with `{"policy": …}`."""

from litestar import get, post
from litestar.types import ControllerRouterHandler

from karat.server.access import Actor
from karat.server.database import Database
from karat.server.wire import decode
from karat.server.workflow import queries
from karat.server.workflow.schemas import PolicyCheck, PolicyText, PolicyVersion, Workflow


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


ROUTES: list[ControllerRouterHandler] = [get_workflow, list_policies, check_policy]

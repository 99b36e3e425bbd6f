"""Training over HTTP."""

from litestar import get, post
from litestar.types import ControllerRouterHandler

from karat.server.access import Actor
from karat.server.database import Database
from karat.server.training import actions, queries
from karat.server.training.schemas import Feedback, OwnCourse, PersonStanding, StandingChange
from karat.server.wire import decode


@get("/projects/{project:str}/course", opt={"right": "work.see"})
async def own_course(project: str, actor: Actor, db: Database) -> OwnCourse:
    """Where you stand in the project's course."""
    return await db.read(queries.own_course, actor, project)


@get("/items/{item:str}/practice", opt={"right": "work.see"})
async def practice(item: str, actor: Actor, db: Database) -> Feedback:
    """What came of your answer to a practice item: which fields are right, and hints for the others."""
    return await db.read(queries.feedback, actor, item)


@get("/projects/{project:str}/standings", opt={"right": "gold.see"})
async def standings(project: str, actor: Actor, db: Database) -> list[PersonStanding]:
    """Where people stand in the project's course."""
    return await db.read(queries.standings, actor, project)


@post(
    "/projects/{project:str}/standings/{person:str}",
    status_code=204,
    opt={"right": "gold.change", "body": StandingChange},
)
async def put_person(project: str, person: str, body: bytes, actor: Actor, db: Database) -> None:
    """Pause somebody, send them to training or a test, let them work, or end a pause."""
    await db.write(actions.decide, actor, project, person, decode(body, StandingChange))


ROUTES: list[ControllerRouterHandler] = [own_course, practice, standings, put_person]

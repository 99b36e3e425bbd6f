"""Training over HTTP."""

from litestar import get, post
from litestar.types import ControllerRouterHandler

from karat.server.access import Actor
from karat.server.database import Database
from karat.server.training import actions, learning, queries
from karat.server.training import feedback as told
from karat.server.training.schemas import CourseAnswer, Feedback, Learning, OwnCourse, PersonStanding, StandingChange
from karat.server.wire import decode


@get("/projects/{project:str}/course", opt={"right": "work.see"})
async def own_course(project: str, actor: Actor, db: Database) -> OwnCourse:
    """Where you stand in the project's course."""
    return await db.read(queries.own_course, actor, project)


@get("/items/{item:str}/practice", opt={"right": "work.see"})
async def practice(item: str, actor: Actor, db: Database) -> Feedback:
    """What came of your first answer to a practice item: what is off, and hints; never the answer."""
    return await db.read(told.feedback, actor, item)


@get("/projects/{project:str}/standings", opt={"right": "gold.see"})
async def standings(project: str, actor: Actor, db: Database) -> list[PersonStanding]:
    """Where people stand in the project's course."""
    return await db.read(queries.standings, actor, project)


@get("/projects/{project:str}/standings/{person:str}", opt={"right": "gold.see"})
async def person_answers(project: str, person: str, actor: Actor, db: Database) -> list[CourseAnswer]:
    """What somebody answered in practice and tests, and what came of it: for managers and mentors."""
    return await db.read(queries.answers, actor, project, person)


@get("/projects/{project:str}/learning", opt={"right": "work.see"})
async def own_learning(project: str, actor: Actor, db: Database) -> Learning:
    """What you mix up, from practice and from gold that is given to nobody any more, and what models say of your answers."""
    found = await db.read(learning.look, actor, project)
    if found.told:
        await db.write(learning.mark, found.told)
    return found.page


@post(
    "/projects/{project:str}/standings/{person:str}",
    status_code=204,
    opt={"right": "gold.change", "body": StandingChange},
)
async def put_person(project: str, person: str, body: bytes, actor: Actor, db: Database) -> None:
    """Pause somebody, send them to training or a test, let them work, or end a pause."""
    await db.write(actions.decide, actor, project, person, decode(body, StandingChange))


ROUTES: list[ControllerRouterHandler] = [own_course, practice, own_learning, standings, person_answers, put_person]

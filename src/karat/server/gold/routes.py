"""Gold over HTTP."""

from typing import Literal

from litestar import get, patch, post
from litestar.types import ControllerRouterHandler

from karat.server.access import Actor
from karat.server.database import Database
from karat.server.gold import actions, changing, queries
from karat.server.gold.planning import planned
from karat.server.gold.schemas import (
    Candidates,
    GoldEdit,
    GoldRow,
    Made,
    NewGold,
    OwnScore,
    PersonScore,
    Plan,
    Retired,
    State,
    Use,
)
from karat.server.wire import Page, decode, from_cursor, limited


@post("/projects/{project:str}/gold", status_code=200, opt={"right": "gold.change", "body": NewGold})
async def make(project: str, body: bytes, actor: Actor, db: Database) -> Made:
    """Make items gold, or give those that are another key or use."""
    return await db.write(actions.make, actor, project, decode(body, NewGold))


@get("/projects/{project:str}/gold", opt={"right": "gold.see"})
async def list_gold(
    project: str,
    actor: Actor,
    db: Database,
    use: Use | None = None,
    only: State | None = None,
    limit: int | None = None,
    cursor: str | None = None,
) -> Page[GoldRow]:
    """The gold items of a project with what the answers say of them, the newest first."""
    after = from_cursor(cursor, int)
    return await db.read(queries.list_gold, actor, project, use=use, state=only, limit=limited(limit), after=after)


@get("/projects/{project:str}/gold/candidates", opt={"right": "gold.see"})
async def candidates(
    project: str,
    actor: Actor,
    db: Database,
    source: Literal["result", "import"] = "result",
    sure: float = 0.95,
    answers: int = 2,
    limit: int = 100,
) -> Candidates:
    """Items that could be made gold: by results that people agree on or decided, or by keys that were imported."""
    return await db.read(changing.candidates, actor, project, source=source, sure=sure, answers=answers, limit=limit)


@patch("/gold/{gold:str}", status_code=204, opt={"right": "gold.change", "body": GoldEdit})
async def change(gold: str, body: bytes, actor: Actor, db: Database) -> None:
    """Give a gold item another use, or other hints."""
    await db.write(changing.change, actor, gold, decode(body, GoldEdit))


@post("/gold/{gold:str}/retire", status_code=204, opt={"right": "gold.change", "body": Retired})
async def retire(gold: str, body: bytes, actor: Actor, db: Database) -> None:
    """Give a gold item to nobody any more; its scores stay."""
    await db.write(actions.take_out, actor, gold, decode(body, Retired) if body else Retired())


@post("/gold/{gold:str}/restore", status_code=204, opt={"right": "gold.change"})
async def restore(gold: str, actor: Actor, db: Database) -> None:
    """Use a retired gold item again."""
    await db.write(actions.restore, actor, gold)


@get("/projects/{project:str}/gold/scores", opt={"right": "gold.see"})
async def scores(project: str, actor: Actor, db: Database) -> list[PersonScore]:
    """How everybody does on gold items, with intervals."""
    return await db.read(queries.scores, actor, project)


@get("/projects/{project:str}/gold/mine", opt={"right": "work.see"})
async def own(project: str, actor: Actor, db: Database) -> OwnScore:
    """Your own gold score: after 20 items, then after every 10 more, from the day after."""
    return await db.read(queries.own, actor, project)


@get("/projects/{project:str}/gold/plan", opt={"right": "gold.see"})
async def plan(
    project: str,
    actor: Actor,
    db: Database,
    statement: Literal["accuracy", "tell"] = "accuracy",
    at_least: float = 0.9,
    confidence: float = 0.95,
    wrong: int = 0,
    good: float = 0.9,
    bad: float = 0.75,
    alpha: float = 0.05,
    beta: float = 0.1,
) -> Plan:
    """How many gold answers it takes to say that somebody is so accurate, or to tell good from bad."""
    return await db.read(
        planned,
        actor,
        project,
        statement=statement,
        at_least=at_least,
        confidence=confidence,
        wrong=wrong,
        good=good,
        bad=bad,
        alpha=alpha,
        beta=beta,
    )


ROUTES: list[ControllerRouterHandler] = [make, list_gold, candidates, change, retire, restore, scores, own, plan]

"""The people of a project over HTTP."""

from litestar import Response, get, post
from litestar.types import ControllerRouterHandler

from karat.server.access import Actor, enter_project, in_project
from karat.server.database import Database, Tx
from karat.server.sheets import CSV, Sheet, send
from karat.server.team import acting, queries, tables
from karat.server.team.charting import all_charts
from karat.server.team.evidence import evidence
from karat.server.team.schemas import Act, Action, AllCharts, Evidence, OwnAction, PersonPage, Team
from karat.server.wire import decode


@get("/projects/{project:str}/team", opt={"right": "reports.see"})
async def get_team(project: str, actor: Actor, db: Database) -> Team:
    """Who did what and how well: accuracy, agreement and reviews with intervals, speed, and whether anybody drifts."""
    return await db.read(in_project, actor, "reports.see", project, queries.team)


@get("/projects/{project:str}/team/tables/{table:str}", opt={"right": "reports.see", "returns": bytes, "media": CSV})
async def get_table(project: str, table: str, actor: Actor, db: Database, format: str = "csv") -> Response[bytes]:
    """A table as CSV or, with `?format=parquet`, as Parquet: `people`, `reviewers`, or `days`, every sum by person, day and what it is of."""

    def query(tx: Tx) -> Sheet:
        return tables.sheet(tx, enter_project(tx, actor, "reports.see", project=project), table)

    return send(table, await db.read(query), format)


@get("/projects/{project:str}/team/people/{person:str}", opt={"right": "reports.see"})
async def get_person(project: str, person: str, actor: Actor, db: Database) -> PersonPage:
    """One person: by field, by day, by defect, and the control chart with its false alarms stated."""
    return await db.read(in_project, actor, "reports.see", project, queries.person, person)


@get("/projects/{project:str}/team/charts", opt={"right": "reports.see"})
async def get_charts(project: str, actor: Actor, db: Database) -> AllCharts:
    """Every control chart, of people, labels, batches and slices, and how many false alarms they have together."""
    return await db.read(in_project, actor, "reports.see", project, all_charts)


@get("/projects/{project:str}/team/people/{person:str}/evidence", opt={"right": "reports.see"})
async def get_evidence(
    project: str, person: str, actor: Actor, db: Database, of: str = "accuracy", since: str = ""
) -> Evidence:
    """The items behind what is said of somebody: of a measure or an alarm, since a day."""
    return await db.read(in_project, actor, "reports.see", project, evidence, person, of, since)


@get("/projects/{project:str}/team/actions", opt={"right": "reports.see"})
async def list_actions(project: str, actor: Actor, db: Database) -> list[Action]:
    """What rules and managers did about people, on what evidence, the newest first."""
    return await db.read(in_project, actor, "reports.see", project, acting.actions_of)


@post(
    "/projects/{project:str}/team/people/{person:str}/actions",
    status_code=201,
    opt={"right": "team.change", "body": Act},
)
async def act_on_person(project: str, person: str, body: bytes, actor: Actor, db: Database) -> Action:
    """Pause somebody, raise their share of review, give their open answers to others, or begin their course anew."""
    return await db.write(acting.act_by_hand, actor, project, person, decode(body, Act))


@post("/team/actions/{action:str}/undo", status_code=200, opt={"right": "team.change"})
async def undo_action(action: str, actor: Actor, db: Database) -> Action:
    """Undo what a rule or a manager did about somebody."""
    return await db.write(acting.undo, actor, action)


@get("/projects/{project:str}/standing", opt={"right": "work.see"})
async def get_standing(project: str, actor: Actor, db: Database) -> list[OwnAction]:
    """What a rule or a manager did about you that stands, and why."""
    return await db.read(in_project, actor, "work.see", project, acting.own)


ROUTES: list[ControllerRouterHandler] = [
    get_team,
    get_table,
    get_person,
    get_charts,
    get_evidence,
    list_actions,
    act_on_person,
    undo_action,
    get_standing,
]

"""The people of a project over HTTP."""

from litestar import Response, get
from litestar.types import ControllerRouterHandler

from karat.server.access import Actor, enter_project
from karat.server.database import Database, Tx
from karat.server.team import queries, tables
from karat.server.team.flow import Flow, flow
from karat.server.team.schemas import PersonPage, Team

CSV = "text/csv"


@get("/projects/{project:str}/team", opt={"right": "reports.see"})
async def get_team(project: str, actor: Actor, db: Database) -> Team:
    """Who did what and how well: accuracy, agreement and reviews with intervals, speed, and whether anybody drifts."""

    def query(tx: Tx) -> Team:
        return queries.team(tx, enter_project(tx, actor, "reports.see", project=project))

    return await db.read(query)


@get("/projects/{project:str}/team/tables/{table:str}", opt={"right": "reports.see", "returns": str, "media": CSV})
async def get_table(project: str, table: str, actor: Actor, db: Database) -> Response[str]:
    """A table as CSV: `people`, `reviewers`, or `days`, every sum by person, day and what it is of."""

    def query(tx: Tx) -> str:
        return tables.table(tx, enter_project(tx, actor, "reports.see", project=project), table)

    name = {"content-disposition": f'attachment; filename="{table}.csv"'}
    return Response(await db.read(query), media_type=CSV, headers=name)


@get("/projects/{project:str}/team/people/{person:str}", opt={"right": "reports.see"})
async def get_person(project: str, person: str, actor: Actor, db: Database) -> PersonPage:
    """One person: by field, by day, by defect, and the control chart with its false alarms stated."""

    def query(tx: Tx) -> PersonPage:
        return queries.person(tx, enter_project(tx, actor, "reports.see", project=project), person)

    return await db.read(query)


@get("/projects/{project:str}/flow", opt={"right": "reports.see"})
async def get_flow(project: str, actor: Actor, db: Database) -> Flow:
    """The project as work: items by stage, when it will be done, time per item, and the share of defects with its bound."""

    def query(tx: Tx) -> Flow:
        return flow(tx, enter_project(tx, actor, "reports.see", project=project))

    return await db.read(query)


ROUTES: list[ControllerRouterHandler] = [get_team, get_table, get_person, get_flow]

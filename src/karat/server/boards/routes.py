"""Dashboards over HTTP."""

from litestar import Response, get
from litestar.types import ControllerRouterHandler

from karat.server.access import Actor, enter_project, in_project
from karat.server.boards import flow, matrix, mix, tables, todo
from karat.server.boards.schemas import Coverage, Flow, LabelCount, Pairs
from karat.server.boards.todo import Todo
from karat.server.database import Database, Tx
from karat.server.sheets import CSV, Sheet, send


@get("/projects/{project:str}/flow", opt={"right": "reports.see"})
async def get_flow(project: str, actor: Actor, db: Database) -> Flow:
    """The project as work: items by stage and how long they have waited for whom, when it will be done, time per item, and the share of defects with its bound."""
    return await db.read(in_project, actor, "reports.see", project, flow.flow)


@get("/projects/{project:str}/reports/labels", opt={"right": "reports.see"})
async def get_labels(project: str, actor: Actor, db: Database) -> list[LabelCount]:
    """How often each label and option was given, and on how many items."""
    return await db.read(in_project, actor, "reports.see", project, mix.labels)


@get("/projects/{project:str}/reports/coverage", opt={"right": "reports.see"})
async def get_coverage(project: str, actor: Actor, db: Database) -> Coverage:
    """Of each value of the items' metadata how many items there are, have an answer, and are done; the thinnest first."""
    return await db.read(in_project, actor, "reports.see", project, mix.coverage)


@get("/projects/{project:str}/reports/pairs", opt={"right": "reports.see"})
async def get_pairs(
    project: str, actor: Actor, db: Database, field: str | None = None, label: str | None = None
) -> Pairs:
    """Everybody against everybody on one field or one of its labels, models too; kept up to date with every answer."""
    return await db.read(in_project, actor, "reports.see", project, matrix.pairs, field, label)


@get("/projects/{project:str}/reports/tables/{table:str}", opt={"right": "reports.see", "returns": bytes, "media": CSV})
async def get_board_table(project: str, table: str, actor: Actor, db: Database, format: str = "csv") -> Response[bytes]:
    """A table of the dashboard as CSV or, with `?format=parquet`, as Parquet: `stages`, `forecast`, `weeks`, `labels`, `slices`, `pairs`, `agreement`, or one of people's."""

    def query(tx: Tx) -> Sheet:
        return tables.sheet(tx, enter_project(tx, actor, "reports.see", project=project), table)

    return send(table, await db.read(query), format)


@get("/todo", opt={"right": "workspace.see"})
async def get_todo(actor: Actor, db: Database) -> Todo:
    """What waits for you over all your projects: items to judge by stage and age, questions, appeals, and your questions that were answered."""
    return await db.read(todo.todo, actor)


ROUTES: list[ControllerRouterHandler] = [get_flow, get_labels, get_coverage, get_pairs, get_board_table, get_todo]

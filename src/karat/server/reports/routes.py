"""Reports and consensus over HTTP."""

from litestar import Response, get, post
from litestar.types import ControllerRouterHandler

from karat.server.access import Actor, enter_item, in_project
from karat.server.database import Database, Tx
from karat.server.jobs import queries as jobs
from karat.server.jobs.schemas import JobBody, Started
from karat.server.reports import actions, consensus_queries, queries
from karat.server.reports.consensus_schemas import ConsensusReport, ConsensusRequest, ConsensusRow
from karat.server.reports.schemas import (
    AgreementReport,
    ComparedReport,
    DisagreementRow,
    Progress,
    Resolution,
    Resolve,
)
from karat.server.state import App
from karat.server.wire import Page, decode


@get("/projects/{project:str}/reports/progress", opt={"right": "reports.see"})
async def get_progress(project: str, actor: Actor, db: Database) -> Progress:
    """How far the project is: items by state, answers by day, what each person did."""
    return await db.read(in_project, actor, "reports.see", project, queries.progress)


@get("/projects/{project:str}/reports/agreement", opt={"right": "reports.see"})
async def get_agreement(project: str, actor: Actor, db: Database) -> AgreementReport:
    """Agreement per field: percent and Krippendorff's alpha with their intervals, as last computed."""
    return await db.read(in_project, actor, "reports.see", project, queries.agreement)


@get("/projects/{project:str}/reports/compared", opt={"right": "reports.see"})
async def get_compared(project: str, actor: Actor, db: Database) -> ComparedReport:
    """The sources of compared answers in a table, and whether the place on the screen decided, as last computed."""
    return await db.read(in_project, actor, "reports.see", project, queries.compared)


@get("/projects/{project:str}/reports/disagreement", opt={"right": "reports.see"})
async def get_disagreement(
    project: str,
    actor: Actor,
    db: Database,
    field: str | None = None,
    limit: int | None = None,
    cursor: str | None = None,
) -> Page[DisagreementRow]:
    """The items whose authors differ most; kept up to date with every answer."""
    return await db.read(
        in_project, actor, "reports.see", project, queries.disagreement, field=field, limit=limit, cursor=cursor
    )


@get("/projects/{project:str}/reports/consensus", opt={"right": "reports.see"})
async def get_consensus_report(project: str, actor: Actor, db: Database) -> ConsensusReport:
    """How the consensus is made, the skill of each author, and on what share of items it is expected to be right."""
    return await db.read(in_project, actor, "reports.see", project, consensus_queries.consensus_report)


@post("/projects/{project:str}/reports/refresh", status_code=202, opt={"right": "consensus.change", "returns": JobBody})
async def refresh_reports(project: str, actor: Actor, app: App, db: Database) -> Response[JobBody]:
    """Compute agreement from the answers that stand now."""
    return await _started(app, actor, await db.write(actions.start_refresh, actor, project))


@get("/items/{item:str}/consensus", opt={"right": "consensus.see"})
async def get_consensus(item: str, actor: Actor, db: Database) -> list[ConsensusRow]:
    """What the authors of an item say together on each field."""

    def query(tx: Tx) -> list[ConsensusRow]:
        scope, n = enter_item(tx, actor, "consensus.see", item=item)
        return consensus_queries.consensus_of(tx, scope, n)

    return await db.read(query)


@post(
    "/projects/{project:str}/consensus",
    status_code=202,
    opt={"right": "consensus.change", "body": ConsensusRequest, "returns": JobBody},
)
async def compute_consensus(project: str, body: bytes, actor: Actor, app: App, db: Database) -> Response[JobBody]:
    """Merge the items by a method, which then holds for new answers too: only those that have changed, where what was learned still holds."""
    given = decode(body, ConsensusRequest)
    return await _started(app, actor, await db.write(actions.start_consensus, actor, project, given))


@post("/items/{item:str}/resolve", status_code=200, opt={"right": "consensus.change", "body": Resolve})
async def resolve_item(item: str, body: bytes, actor: Actor, db: Database) -> Resolution:
    """Choose the revision that is an item's result; later answers do not undo it."""
    return await db.write(actions.resolve, actor, item, decode(body, Resolve))


async def _started(app: App, actor: Actor, started: Started) -> Response[JobBody]:
    app.jobs.submit(started.id, started.attempt)
    return Response(await app.db.read(jobs.get, actor, started.id), status_code=202)


ROUTES: list[ControllerRouterHandler] = [
    get_progress,
    get_agreement,
    get_compared,
    get_disagreement,
    get_consensus_report,
    refresh_reports,
    get_consensus,
    compute_consensus,
    resolve_item,
]

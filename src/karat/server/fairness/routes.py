"""Slices, groups, the report and the board over HTTP; and what people state about themselves, which only they see."""

from litestar import Response, delete, get, post, put
from litestar.types import ControllerRouterHandler

from karat.server.access import Actor, enter_project, enter_workspace, in_project
from karat.server.database import Database, Tx
from karat.server.fairness import queries, report_job, rules, stating, tables, voting
from karat.server.fairness.gate import settle_gate
from karat.server.fairness.schemas import (
    Attribute,
    BoardChange,
    Fairness,
    NewAttribute,
    NewVote,
    OwnStatement,
    Slices,
    State,
)
from karat.server.jobs.schemas import Started
from karat.server.sheets import CSV, send
from karat.server.state import App
from karat.server.wire import decode


def _page(tx: Tx, actor: Actor, project: str) -> Fairness:
    return queries.page(tx, enter_project(tx, actor, "fairness.see", project=project))


@get("/projects/{project:str}/fairness", opt={"right": "fairness.see"})
async def get_fairness(project: str, actor: Actor, db: Database) -> Fairness:
    """The newest report: slices and their coverage, what differs beyond chance, groups, and what the board said."""
    return await db.read(_page, actor, project)


@get(
    "/projects/{project:str}/fairness/tables/{part:str}",
    opt={"right": "fairness.see", "returns": bytes, "media": CSV},
)
async def get_fairness_table(
    project: str, part: str, actor: Actor, db: Database, format: str = "csv"
) -> Response[bytes]:
    """A table of the report as CSV or, with `?format=parquet`, as Parquet: `slices`, `findings`, `groups`, `crossed` (groups by slices), `record` (what the board said), `method`."""
    page = await db.read(in_project, actor, "fairness.see", project, queries.page)
    return send(f"fairness-{part}", tables.sheet(page, part), format)


@put("/projects/{project:str}/fairness/slices", opt={"right": "fairness.change", "body": Slices})
async def set_slices(project: str, body: bytes, actor: Actor, db: Database) -> Fairness:
    """Cut the project by these metadata keys from its next report on."""
    given = decode(body, Slices)

    def action(tx: Tx) -> Fairness:
        rules.set_slices(tx, actor, project, given)
        return _page(tx, actor, project)

    return await db.write(action)


@put("/projects/{project:str}/fairness/board", opt={"right": "fairness.board", "body": BoardChange})
async def set_board(project: str, body: bytes, actor: Actor, db: Database) -> Fairness:
    """Name the board without which no item is accepted; null: items are accepted without one."""
    given = decode(body, BoardChange)

    def action(tx: Tx) -> Fairness:
        settle_gate(tx, rules.set_board(tx, actor, project, given))
        return _page(tx, actor, project)

    return await db.write(action)


@post(
    "/projects/{project:str}/fairness/reports", status_code=202, opt={"right": "fairness.report", "returns": Fairness}
)
async def make_report(project: str, actor: Actor, app: App, db: Database) -> Response[Fairness]:
    """Compare slices and groups anew, from the answers that stand now; `running` is the job that does."""

    def action(tx: Tx) -> tuple[Started, Fairness]:
        return report_job.start(tx, actor, project), _page(tx, actor, project)

    started, page = await db.write(action)
    app.jobs.submit(started.id, started.attempt)
    return Response(page, status_code=202)


@post("/projects/{project:str}/fairness/votes", status_code=201, opt={"right": "fairness.sign", "body": NewVote})
async def vote(project: str, body: bytes, actor: Actor, db: Database) -> Fairness:
    """Sign the newest report as one of the board, or waive what it found, with the reason."""
    given = decode(body, NewVote)

    def action(tx: Tx) -> Fairness:
        voting.vote(tx, actor, project, given)
        return _page(tx, actor, project)

    return await db.write(action)


@delete("/fairness/votes/{vote:str}", status_code=204, opt={"right": "fairness.sign"})
async def undo_vote(vote: str, actor: Actor, db: Database) -> None:
    """Take your own signature or waiver back, while no item was accepted by it."""
    await db.write(voting.undo, actor, vote)


@get("/workspaces/{workspace:str}/attributes", opt={"right": "workspace.see"})
async def list_attributes(workspace: str, actor: Actor, db: Database) -> list[Attribute]:
    """What people may state about themselves here, and what for; never what anybody stated."""

    def query(tx: Tx) -> list[Attribute]:
        return stating.asked(tx, enter_workspace(tx, actor, "workspace.see", workspace=workspace))

    return await db.read(query)


@post(
    "/workspaces/{workspace:str}/attributes", status_code=201, opt={"right": "workspace.change", "body": NewAttribute}
)
async def ask_attribute(workspace: str, body: bytes, actor: Actor, db: Database) -> Attribute:
    """Let people state something about themselves; the purpose is shown to them before they do."""
    return await db.write(stating.ask, actor, workspace, decode(body, NewAttribute))


@delete("/workspaces/{workspace:str}/attributes/{attribute:str}", status_code=204, opt={"right": "workspace.change"})
async def remove_attribute(workspace: str, attribute: str, actor: Actor, db: Database) -> None:
    """Ask it no more: every statement and every figure made of it is deleted."""
    await db.write(stating.stop_asking, actor, workspace, attribute)


@get("/workspaces/{workspace:str}/about-me", opt={"right": "me.change", "secret": True})
async def get_about_me(workspace: str, actor: Actor, db: Database) -> list[OwnStatement]:
    """What you may state about yourself, and what you stated; nobody else is ever shown it."""
    return await db.read(stating.own, actor, workspace)


@put("/workspaces/{workspace:str}/about-me/{attribute:str}", opt={"right": "me.change", "body": State, "secret": True})
async def state(workspace: str, attribute: str, body: bytes, actor: Actor, db: Database) -> list[OwnStatement]:
    """State something about yourself; null withdraws it, and it is deleted."""
    return await db.write(stating.state, actor, workspace, attribute, decode(body, State))


@delete("/workspaces/{workspace:str}/about-me", status_code=200, opt={"right": "me.change", "secret": True})
async def withdraw_all(workspace: str, actor: Actor, db: Database) -> list[OwnStatement]:
    """Withdraw everything you stated about yourself here."""
    return await db.write(stating.withdraw, actor, workspace)


ROUTES: list[ControllerRouterHandler] = [
    get_fairness,
    get_fairness_table,
    set_slices,
    set_board,
    make_report,
    vote,
    undo_vote,
    list_attributes,
    ask_attribute,
    remove_attribute,
    get_about_me,
    state,
    withdraw_all,
]

"""Pay over HTTP."""

from litestar import Response, get, post, put
from litestar.types import ControllerRouterHandler

from karat.server.access import Actor, enter_project, in_project
from karat.server.database import Database, Tx
from karat.server.jobs import queries as jobs
from karat.server.jobs.schemas import JobBody
from karat.server.ledger import budget, contests, formulas, lines, periods
from karat.server.ledger.behind import behind
from karat.server.ledger.preview import preview
from karat.server.ledger.schemas import (
    Budget,
    Contest,
    Correction,
    FormulaBody,
    NewBudget,
    NewContest,
    NewCorrection,
    NewFormula,
    NewPeriod,
    OwnPay,
    PaidThing,
    PayDecision,
    PayLine,
    PayRule,
    Period,
    PeriodStarted,
    Preview,
)
from karat.server.sheets import CSV, send
from karat.server.state import App
from karat.server.wire import Page, decode, from_cursor, limited


@get("/projects/{project:str}/pay/formula", opt={"right": "pay.mine"})
async def get_formula(project: str, actor: Actor, db: Database) -> PayRule:
    """What work in the project is paid by now and from the next period on, as data and in words."""
    return await db.read(in_project, actor, "pay.mine", project, formulas.rule_of)


@put("/projects/{project:str}/pay/formula", opt={"right": "pay.change", "body": NewFormula})
async def put_formula(project: str, body: bytes, actor: Actor, db: Database) -> PayRule:
    """Give the project a new version of its formula; one that pays by volume alone is refused."""
    return await db.write(formulas.put, actor, project, decode(body, NewFormula))


@get("/projects/{project:str}/pay/formulas", opt={"right": "pay.see"})
async def list_formulas(project: str, actor: Actor, db: Database) -> list[FormulaBody]:
    """Every version of the formula, the oldest first."""

    def query(tx: Tx) -> list[FormulaBody]:
        return formulas.versions_of(tx, enter_project(tx, actor, "pay.see", project=project).project)

    return await db.read(query)


@post("/projects/{project:str}/pay/preview", status_code=200, opt={"right": "pay.see", "body": NewFormula})
async def preview_formula(project: str, body: bytes, actor: Actor, db: Database) -> Preview:
    """What a formula would pay the people of the latest 2,000 answers, beside the one that holds. Nothing is written."""
    given = decode(body, NewFormula)

    return await db.read(in_project, actor, "pay.see", project, preview, given)


@get("/projects/{project:str}/pay/periods", opt={"right": "pay.see"})
async def list_periods(project: str, actor: Actor, db: Database) -> list[Period]:
    """Every period, the newest first."""
    return await db.read(in_project, actor, "pay.see", project, periods.listed)


@post("/projects/{project:str}/pay/periods", status_code=202, opt={"right": "pay.change", "body": NewPeriod})
async def compute_period(project: str, body: bytes, actor: Actor, db: Database, app: App) -> PeriodStarted:
    """Compute the running period as a draft, in the place of the one before; a job does it. One that is at it is given back."""
    found, started = await db.write(periods.compute, actor, project, decode(body, NewPeriod))
    if started is not None:
        app.jobs.submit(started.id, started.attempt)
    return found


@post("/pay/periods/{period:str}/close", status_code=200, opt={"right": "pay.change"})
async def close_period(period: str, actor: Actor, db: Database) -> Period:
    """Close a draft: its lines never change again, and everybody sees their own."""
    return await db.write(periods.close, actor, period)


@post("/pay/periods/{period:str}/verify", status_code=202, opt={"right": "pay.change"})
async def verify_period(period: str, actor: Actor, db: Database, app: App) -> JobBody:
    """Compute a period once more from what was handed in, and hold it against its lines; the job's result says what differs."""
    started = await db.write(periods.verify, actor, period)
    app.jobs.submit(started.id, started.attempt)
    return await db.read(jobs.get, actor, started.id)


@get("/pay/periods/{period:str}/lines", opt={"right": "pay.see"})
async def list_lines(period: str, actor: Actor, db: Database) -> list[PayLine]:
    """Everybody's line of a period, with what it was made from."""
    return await db.read(lines.of_period, actor, period)


@get("/pay/periods/{period:str}/table", opt={"right": "pay.see", "returns": bytes, "media": CSV})
async def get_pay_table(period: str, actor: Actor, db: Database, format: str = "csv") -> Response[bytes]:
    """The lines of a period as CSV or, with `?format=parquet`, as Parquet."""
    return send("pay", await db.read(lines.sheet, actor, period), format)


@get("/projects/{project:str}/pay/mine", opt={"right": "pay.mine"})
async def get_own_lines(project: str, actor: Actor, db: Database) -> OwnPay:
    """Your own lines of closed periods, the newest first."""
    return await db.read(in_project, actor, "pay.mine", project, lines.mine)


@get("/pay/lines/{line:str}/sources", opt={"right": "pay.mine"})
async def list_sources(
    line: str,
    actor: Actor,
    db: Database,
    of: str = "answers",
    limit: int | None = None,
    cursor: str | None = None,
) -> Page[PaidThing]:
    """What a line of yours comes from, or for managers any line: `of` answers, reviews, flags or corrections, the newest first."""
    after = from_cursor(cursor, tuple[str, int])
    return await db.read(behind, actor, line, of, limit=limited(limit), after=after)


@post("/pay/lines/{line:str}/contest", status_code=201, opt={"right": "pay.contest", "body": NewContest})
async def contest_line(line: str, body: bytes, actor: Actor, db: Database) -> Contest:
    """Say that a line of yours is wrong; a manager looks at it and answers."""
    return await db.write(contests.contest, actor, line, decode(body, NewContest))


@get("/projects/{project:str}/pay/contests", opt={"right": "pay.see"})
async def list_contests(project: str, actor: Actor, db: Database) -> list[Contest]:
    """What people say against their lines: what is open first."""
    return await db.read(in_project, actor, "pay.see", project, contests.of_project)


@post("/pay/contests/{contest:str}/decision", status_code=200, opt={"right": "pay.change", "body": PayDecision})
async def decide_contest(contest: str, body: bytes, actor: Actor, db: Database) -> Contest:
    """Uphold a line or correct it by an amount, with the reason; not one's own."""
    return await db.write(contests.decide, actor, contest, decode(body, PayDecision))


@get("/projects/{project:str}/pay/corrections", opt={"right": "pay.see"})
async def list_corrections(project: str, actor: Actor, db: Database) -> list[Correction]:
    """What was corrected, the newest first."""
    return await db.read(in_project, actor, "pay.see", project, contests.corrections)


@post("/projects/{project:str}/pay/corrections", status_code=201, opt={"right": "pay.change", "body": NewCorrection})
async def correct_pay(project: str, body: bytes, actor: Actor, db: Database) -> Correction:
    """Give somebody more, or less, with the running period; not oneself."""
    return await db.write(contests.correct, actor, project, decode(body, NewCorrection))


@get("/projects/{project:str}/pay/budget", opt={"right": "pay.see"})
async def get_budget(project: str, actor: Actor, db: Database) -> Budget:
    """What there is, what is spent, what an answer and an accepted label cost, and what it all comes to."""
    return await db.read(in_project, actor, "pay.see", project, budget.budget_of)


@put("/projects/{project:str}/pay/budget", opt={"right": "pay.change", "body": NewBudget})
async def put_budget(project: str, body: bytes, actor: Actor, db: Database) -> Budget:
    """Say how much there is, and whether an adaptive overlap stops once it is out."""
    return await db.write(budget.put, actor, project, decode(body, NewBudget))


ROUTES: list[ControllerRouterHandler] = [
    get_formula,
    put_formula,
    list_formulas,
    preview_formula,
    list_periods,
    compute_period,
    close_period,
    verify_period,
    list_lines,
    get_pay_table,
    get_own_lines,
    list_sources,
    contest_line,
    list_contests,
    decide_contest,
    list_corrections,
    correct_pay,
    get_budget,
    put_budget,
]

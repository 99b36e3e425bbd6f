"""Questions, rulings, precedents and appeals over HTTP."""

from litestar import Response, delete, get, patch, post
from litestar.types import ControllerRouterHandler

from karat.server.access import Actor
from karat.server.database import Database
from karat.server.gold.schemas import BatchItem
from karat.server.items.schemas import Person
from karat.server.rulings import actions, appeals, finding, reopening, threads
from karat.server.rulings.schemas import (
    Appeal,
    AppealState,
    Decision,
    NewAppeal,
    NewMessage,
    NewRuling,
    NewThread,
    Precedent,
    Reopened,
    Reopening,
    ReopenPreview,
    Thread,
    ThreadEdit,
    ThreadKind,
    ThreadState,
    ToGuideline,
    Written,
)
from karat.server.state import App
from karat.server.wire import Page, decode, from_cursor, limited


@post("/projects/{project:str}/threads", opt={"right": "threads.write", "body": NewThread})
async def ask(project: str, body: bytes, actor: Actor, db: Database) -> Thread:
    """Ask a question, or comment, on an item or a place of it."""
    return await db.write(threads.begin, actor, project, decode(body, NewThread))


@get("/projects/{project:str}/threads", opt={"right": "threads.see"})
async def list_threads(
    project: str,
    actor: Actor,
    db: Database,
    thread_state: ThreadState | None = None,
    kind: ThreadKind | None = None,
    limit: int | None = None,
    cursor: str | None = None,
) -> Page[Thread]:
    """Threads, what happened last first. Annotators see their own, and those in which they are named."""
    after = from_cursor(cursor, tuple[str, int])
    return await db.read(
        threads.of_project, actor, project, state=thread_state, kind=kind, limit=limited(limit), after=after
    )


@get("/projects/{project:str}/threads/people", opt={"right": "threads.see"})
async def list_thread_people(
    project: str, actor: Actor, db: Database, thread: str | None = None, item: str | None = None
) -> list[Person]:
    """Whom you may name in a message, in a thread or in a new one on an item: who may read it. Nobody for annotators."""
    return await db.read(threads.whom_to_name, actor, project, thread=thread, item=item)


@get("/items/{item:str}/threads", opt={"right": "threads.see"})
async def list_threads_of_item(item: str, actor: Actor, db: Database) -> list[Thread]:
    """The threads on an item that you see, the oldest first."""
    return await db.read(threads.of_item, actor, item)


@get("/threads/{thread:str}", opt={"right": "threads.see"})
async def get_thread(thread: str, actor: Actor, db: Database) -> Thread:
    """One thread."""
    return await db.read(threads.get_thread, actor, thread)


@patch("/threads/{thread:str}", opt={"right": "threads.write", "body": ThreadEdit})
async def edit_thread(thread: str, body: bytes, actor: Actor, db: Database) -> Thread:
    """Close a thread, or open it again."""
    return await db.write(threads.edit, actor, thread, decode(body, ThreadEdit))


@post("/threads/{thread:str}/messages", opt={"right": "threads.write", "body": NewMessage})
async def answer(thread: str, body: bytes, actor: Actor, db: Database) -> Thread:
    """Say something in a thread."""
    return await db.write(threads.answer, actor, thread, decode(body, NewMessage))


@post("/threads/{thread:str}/ruling", opt={"right": "rule", "body": NewRuling})
async def rule_thread(thread: str, body: bytes, actor: Actor, db: Database) -> Precedent:
    """Decide a question, for all that is like it."""
    return await db.write(actions.rule_thread, actor, thread, decode(body, NewRuling))


@post("/projects/{project:str}/precedents", opt={"right": "rule", "body": NewRuling})
async def rule(project: str, body: bytes, actor: Actor, db: Database) -> Precedent:
    """Write down a precedent that nobody asked for."""
    return await db.write(actions.rule, actor, project, decode(body, NewRuling))


@get("/projects/{project:str}/precedents", opt={"right": "precedents.see"})
async def list_precedents(
    project: str, actor: Actor, db: Database, q: str = "", limit: int | None = None, cursor: str | None = None
) -> Page[Precedent]:
    """Precedents, the newest first; with `?q=` those that fit its words, the nearest first."""
    after = from_cursor(cursor, tuple[str, int])
    return await db.read(finding.of_project, actor, project, q=q[:2000], limit=limited(limit), after=after)


@get("/items/{item:str}/precedents", opt={"right": "precedents.see"})
async def list_precedents_of_item(
    item: str, actor: Actor, db: Database, field: str | None = None, label: str | None = None, q: str = ""
) -> list[Precedent]:
    """The precedents that an item calls to mind, the nearest first; `field` and `label` are what is at hand."""
    return await db.read(finding.of_item, actor, item, field=field, label=label, q=q[:2000])


@delete("/precedents/{precedent:str}", status_code=200, opt={"right": "rule"})
async def withdraw(precedent: str, actor: Actor, db: Database) -> Precedent:
    """Let a precedent hold no more."""
    return await db.write(actions.withdraw, actor, precedent)


@post("/precedents/{precedent:str}/guideline", opt={"right": "guideline.change", "body": ToGuideline})
async def write_down(precedent: str, body: bytes, actor: Actor, db: Database) -> Written:
    """Put a ruling into the guideline: a new version says it."""
    return await db.write(actions.write_down, actor, precedent, decode(body, ToGuideline))


@post(
    "/precedents/{precedent:str}/reopening/preview",
    status_code=200,
    opt={"right": "items.change", "body": Reopening},
)
async def preview_reopening(precedent: str, body: bytes, actor: Actor, db: Database) -> ReopenPreview:
    """Which earlier items would be opened again."""
    return await db.read(reopening.preview, actor, precedent, decode(body, Reopening))


@post(
    "/precedents/{precedent:str}/reopening",
    status_code=202,
    opt={"right": "items.change", "body": Reopening, "returns": Reopened, "statuses": (200,)},
)
async def reopen(precedent: str, body: bytes, actor: Actor, app: App, db: Database) -> Response[Reopened]:
    """Open earlier items again; undo by the operation."""
    done, started = await db.write(reopening.start, actor, precedent, decode(body, Reopening))
    if started is not None:
        app.jobs.submit(started.id, started.attempt)
    return Response(done, status_code=200 if started is None else 202)


@post("/projects/{project:str}/appeals", opt={"right": "appeal", "body": NewAppeal})
async def appeal(project: str, body: bytes, actor: Actor, db: Database) -> Appeal:
    """Ask that a verdict on your answer, or a batch of gold scores, is looked at again."""
    return await db.write(appeals.appeal, actor, project, decode(body, NewAppeal))


@get("/projects/{project:str}/appeals", opt={"right": "work.see"})
async def list_appeals(
    project: str,
    actor: Actor,
    db: Database,
    appeal_state: AppealState | None = None,
    limit: int | None = None,
    cursor: str | None = None,
) -> Page[Appeal]:
    """Appeals, the newest first: all for reviewers and above, else your own."""
    after = from_cursor(cursor, tuple[str, int])
    return await db.read(appeals.of_project, actor, project, state=appeal_state, limit=limited(limit), after=after)


@get("/appeals/{appeal_id:str}/gold", opt={"right": "appeals.decide"})
async def appealed_gold(appeal_id: str, actor: Actor, db: Database) -> list[BatchItem]:
    """The gold items that an appealed batch of scores is of, those that were answered furthest off first."""
    return await db.read(appeals.scored, actor, appeal_id)


@post("/appeals/{appeal_id:str}/decision", status_code=200, opt={"right": "appeals.decide", "body": Decision})
async def decide(appeal_id: str, body: bytes, actor: Actor, db: Database) -> Appeal:
    """Uphold a verdict, or overturn it: then the answer counts again."""
    return await db.write(appeals.decide, actor, appeal_id, decode(body, Decision))


ROUTES: list[ControllerRouterHandler] = [
    ask,
    list_threads,
    list_thread_people,
    list_threads_of_item,
    get_thread,
    edit_thread,
    answer,
    rule_thread,
    rule,
    list_precedents,
    list_precedents_of_item,
    withdraw,
    write_down,
    preview_reopening,
    reopen,
    appeal,
    list_appeals,
    appealed_gold,
    decide,
]

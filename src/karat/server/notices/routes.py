"""Notices, webhooks and presence over HTTP."""

from litestar import delete, get, patch, post, put
from litestar.types import ControllerRouterHandler

from karat.server.access import Actor
from karat.server.database import Database
from karat.server.notices import hooks, queries
from karat.server.notices.schemas import (
    At,
    ChangeHook,
    Choices,
    ChoicesBody,
    Delivery,
    Here,
    Hook,
    Marked,
    NewHook,
    Notice,
    Unread,
)
from karat.server.state import App
from karat.server.wire import Page, decode, from_cursor, limited


@get("/notices", opt={"right": "me.see"})
async def list_notices(actor: Actor, db: Database, limit: int | None = None, cursor: str | None = None) -> Page[Notice]:
    """Your notices, the newest first."""
    after = from_cursor(cursor, tuple[str, int])
    return await db.read(queries.list_notices, actor, limit=limited(limit), after=after)


@get("/notices/unread", opt={"right": "me.see"})
async def count_unread(actor: Actor, db: Database) -> Unread:
    """How many of your notices wait to be read."""
    return await db.read(queries.unread, actor)


@post("/notices/read", status_code=200, opt={"right": "notices.read", "body": Marked})
async def mark_read(body: bytes, actor: Actor, db: Database) -> Unread:
    """Mark notices as read: those that are named, or all."""
    return await db.write(queries.mark, actor, decode(body, Marked))


@get("/notices/choices", opt={"right": "me.see"})
async def get_choices(actor: Actor, db: Database, app: App) -> ChoicesBody:
    """Whether your notices come by e-mail too."""
    return await db.read(queries.choices, actor, can_mail=bool(app.settings.smtp))


@put("/notices/choices", opt={"right": "notices.read", "body": Choices})
async def choose(body: bytes, actor: Actor, db: Database, app: App) -> ChoicesBody:
    """Say whether your notices come by e-mail too: each, once a day, or not."""
    return await db.write(queries.choose, actor, decode(body, Choices), can_mail=bool(app.settings.smtp))


@get("/workspaces/{workspace:str}/webhooks", opt={"right": "notices.hooks"})
async def list_webhooks(workspace: str, actor: Actor, db: Database) -> list[Hook]:
    """The addresses that are told of events."""
    return await db.read(hooks.list_hooks, actor, workspace)


@post("/workspaces/{workspace:str}/webhooks", opt={"right": "notices.hooks", "body": NewHook, "secret": True})
async def add_webhook(workspace: str, body: bytes, actor: Actor, db: Database) -> Hook:
    """Let an address be told of events. The secret that signs them is told once."""
    return await db.write(hooks.add_hook, actor, workspace, decode(body, NewHook))


@delete("/workspaces/{workspace:str}/webhooks/{hook:str}", opt={"right": "notices.hooks"})
async def remove_webhook(workspace: str, hook: str, actor: Actor, db: Database) -> None:
    """Tell an address nothing more."""
    await db.write(hooks.remove_hook, actor, workspace, hook)


@get("/workspaces/{workspace:str}/webhooks/{hook:str}/deliveries", opt={"right": "notices.hooks"})
async def list_deliveries(
    workspace: str, hook: str, actor: Actor, db: Database, limit: int | None = None, cursor: str | None = None
) -> Page[Delivery]:
    """What an address was told of, and what came of it; the newest first."""
    after = from_cursor(cursor, tuple[int, ...])
    return await db.read(hooks.deliveries, actor, workspace, hook, limit=limited(limit), after=after)


@get("/workspaces/{workspace:str}/webhooks/events", opt={"right": "notices.hooks"})
async def list_webhook_events(workspace: str, actor: Actor, db: Database) -> dict[str, str]:
    """The events of which an address can be told, with what each means."""
    return await db.read(hooks.event_names, actor, workspace)


@patch("/workspaces/{workspace:str}/webhooks/{hook:str}", opt={"right": "notices.hooks", "body": ChangeHook})
async def change_webhook(workspace: str, hook: str, body: bytes, actor: Actor, db: Database) -> Hook:
    """Stop telling an address or begin again, or tell it of other events."""
    return await db.write(hooks.change_hook, actor, workspace, hook, decode(body, ChangeHook))


@post("/workspaces/{workspace:str}/webhooks/{hook:str}/test", opt={"right": "notices.hooks"})
async def test_webhook(workspace: str, hook: str, actor: Actor, db: Database) -> Delivery:
    """Send an address a signed `ping`."""
    return await db.write(hooks.test_hook, actor, workspace, hook)


@post(
    "/workspaces/{workspace:str}/webhooks/{hook:str}/deliveries/{delivery:str}/retry",
    status_code=200,
    opt={"right": "notices.hooks"},
)
async def retry_delivery(workspace: str, hook: str, delivery: str, actor: Actor, db: Database) -> Delivery:
    """Send an event again now."""
    return await db.write(hooks.retry, actor, workspace, hook, delivery)


@post("/projects/{project:str}/here", status_code=200, opt={"right": "presence.see", "body": At})
async def say_here_in_project(project: str, body: bytes, actor: Actor, db: Database) -> list[Here]:
    """Say on which page of a project you are, for a minute; who else is in it."""
    return await db.write(queries.here_in_project, actor, project, decode(body, At))


@post("/items/{item:str}/here", status_code=200, opt={"right": "presence.see"})
async def say_here(item: str, actor: Actor, db: Database) -> list[Here]:
    """Say that you have an item open, for a minute; who else has."""
    return await db.write(queries.here, actor, item)


ROUTES: list[ControllerRouterHandler] = [
    list_notices,
    count_unread,
    mark_read,
    get_choices,
    choose,
    list_webhooks,
    add_webhook,
    remove_webhook,
    list_deliveries,
    list_webhook_events,
    change_webhook,
    test_webhook,
    retry_delivery,
    say_here_in_project,
    say_here,
]

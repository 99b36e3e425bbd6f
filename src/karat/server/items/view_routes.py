"""Saved views over HTTP."""

from litestar import Response, delete, get, post, put
from litestar.types import ControllerRouterHandler

from karat.server.access import Actor, in_project
from karat.server.database import Database
from karat.server.items import views
from karat.server.items.schemas import NewView, View
from karat.server.wire import decode


@get("/projects/{project:str}/views", opt={"right": "items.see"})
async def list_views(project: str, actor: Actor, db: Database) -> list[View]:
    """The saved views of the table of items, the oldest first."""
    return await db.read(in_project, actor, "items.see", project, views.listed)


@post("/projects/{project:str}/views", opt={"right": "views.change", "body": NewView, "returns": View})
async def create_view(project: str, body: bytes, actor: Actor, db: Database) -> Response[View]:
    """Save a filter, an order and columns under a name, for everyone who sees the table."""
    return Response(await db.write(views.create, actor, project, decode(body, NewView)), status_code=201)


@put("/projects/{project:str}/views/{view:str}", opt={"right": "views.change", "body": NewView, "returns": View})
async def change_view(project: str, view: str, body: bytes, actor: Actor, db: Database) -> Response[View]:
    """Replace a saved view: its name and what it shows."""
    return Response(await db.write(views.replace, actor, project, view, decode(body, NewView)))


@delete("/projects/{project:str}/views/{view:str}", status_code=200, opt={"right": "views.change"})
async def delete_view(project: str, view: str, actor: Actor, db: Database) -> View:
    """Forget a saved view. The items it showed stay as they are."""
    return await db.write(views.delete, actor, project, view)


ROUTES: list[ControllerRouterHandler] = [list_views, create_view, change_view, delete_view]

"""Panels of a project over HTTP."""

from litestar import Response, delete, get, post
from litestar.types import ControllerRouterHandler

from karat.server.access import Actor, enter_project, in_project
from karat.server.database import Database, Tx
from karat.server.projects import panels
from karat.server.projects.panels import Frame, PanelFile


@get("/projects/{project:str}/panels", opt={"right": "project.change"})
async def list_panels(project: str, actor: Actor, db: Database) -> list[PanelFile]:
    """The panels that were uploaded to a project, the last first."""
    return await db.read(in_project, actor, "project.change", project, panels.listed)


@post(
    "/projects/{project:str}/panels",
    status_code=200,
    opt={"right": "project.change", "returns": PanelFile, "accepts": "text/javascript"},
)
async def add_panel(project: str, body: bytes, actor: Actor, db: Database) -> PanelFile:
    """Upload a panel: a JavaScript module of at most 1 MB. The answer says what a schema calls it."""
    return await db.write(panels.add, actor, project, body)


@get("/projects/{project:str}/panels/{module:str}", opt={"right": "project.see", "media": "text/html"})
async def get_panel(project: str, module: str, actor: Actor, db: Database) -> Response[str]:
    """The document in which a panel runs, cut off from everything by its own policy."""

    def query(tx: Tx) -> Frame:
        return panels.frame(tx, enter_project(tx, actor, "project.see", project=project), module)

    found = await db.read(query)
    headers = {
        "Content-Security-Policy": found.policy,
        "X-DNS-Prefetch-Control": "off",
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "private, max-age=3600",
    }
    return Response(found.body, media_type="text/html", headers=headers)


@delete("/projects/{project:str}/panels/{module:str}", status_code=200, opt={"right": "project.change"})
async def delete_panel(project: str, module: str, actor: Actor, db: Database) -> PanelFile:
    """Forget a panel. Refused while the schema in force shows it, with the places that do."""
    return await db.write(panels.remove, actor, project, module)


ROUTES: list[ControllerRouterHandler] = [list_panels, add_panel, get_panel, delete_panel]

"""Projects over HTTP."""

from typing import Annotated

from litestar import Response, delete, get, patch, post, put
from litestar.params import QueryParameter
from litestar.types import ControllerRouterHandler

from karat.model.problem import Problem, Refused, shown
from karat.server.access import Actor, enter_project, enter_workspace
from karat.server.database import Database, Tx
from karat.server.projects import actions, panel_routes, queries, reading, vocabulary_routes, word_routes
from karat.server.projects.schemas import (
    Cloned,
    NewClone,
    NewProject,
    Project,
    ProjectEdit,
    ProjectRow,
    SchemaCheck,
    SchemaText,
    State,
    Template,
)
from karat.server.projects.templates import templates
from karat.server.state import App, Asked
from karat.server.wire import Page, decode

InState = Annotated[str, QueryParameter(name="state")]
STATES: tuple[State, ...] = ("active", "archived", "bin")


@get("/workspaces/{workspace:str}/projects", opt={"right": "workspace.see"})
async def list_projects(workspace: str, actor: Actor, db: Database, in_state: InState = "active") -> Page[ProjectRow]:
    """The projects of a workspace that are active, archived or in the bin, the last changed first."""

    def query(tx: Tx) -> list[ProjectRow]:
        right = "project.change" if in_state == "bin" else "workspace.see"
        scope = enter_workspace(tx, actor, right, workspace=workspace)
        return queries.list_projects(tx, scope, state=_state(in_state))

    return Page(await db.read(query))


@post("/workspaces/{workspace:str}/projects", opt={"right": "project.create", "body": NewProject, "returns": Project})
async def create_project(workspace: str, body: bytes, actor: Actor, db: Database) -> Response[Project]:
    """Make a project from a schema document or YAML."""
    return _answer(await db.write(actions.create, actor, workspace, decode(body, NewProject)), status=201)


@get("/templates", opt={"right": "workspace.see"})
async def list_templates(actor: Actor) -> list[Template]:
    """Schemas to start from."""
    return list(templates())


@post("/schemas/check", status_code=200, opt={"right": "workspace.see", "body": SchemaText})
async def check_schema(body: bytes, actor: Actor) -> SchemaCheck:
    """What a schema is, or every mistake in it with its line; which formats lose what, and which hotkeys collide."""
    given = decode(body, SchemaText)
    return reading.check(yaml=given.yaml, document=given.schema)


@get("/projects/{project:str}", opt={"right": "project.see", "returns": Project})
async def get_project(project: str, actor: Actor, db: Database) -> Response[Project]:
    """One project; its ETag is asked for by every change."""

    def query(tx: Tx) -> Project:
        return queries.get_project(tx, enter_project(tx, actor, "project.see", project=project))

    return _answer(await db.read(query))


@patch("/projects/{project:str}", opt={"right": "project.change", "body": ProjectEdit, "returns": Project})
async def edit_project(project: str, body: bytes, actor: Actor, db: Database, request: Asked) -> Response[Project]:
    """Change the title, the description, the workflow policy or how many people answer each item."""
    match = request.headers.get("if-match")
    return _answer(await db.write(actions.edit, actor, project, decode(body, ProjectEdit), match=match))


@post("/projects/{project:str}/clone", opt={"right": "project.change", "body": NewClone, "returns": Cloned})
async def clone_project(project: str, body: bytes, actor: Actor, app: App, db: Database) -> Response[Cloned]:
    """Copy a project's schema and policy, and its items if asked; more than 500 are copied by a job."""
    cloned, started = await db.write(actions.clone, actor, project, decode(body, NewClone))
    if started is not None:
        app.jobs.submit(started.id, started.attempt)
    return Response(cloned, status_code=201)


@put("/projects/{project:str}/schema", opt={"right": "project.change", "body": SchemaText, "returns": Project})
async def change_schema(project: str, body: bytes, actor: Actor, db: Database, request: Asked) -> Response[Project]:
    """Put a new version of the schema in force; what would strand answers is refused with their number."""
    match = request.headers.get("if-match")
    return _answer(await db.write(actions.change_schema, actor, project, decode(body, SchemaText), match=match))


@post("/projects/{project:str}/archive", status_code=200, opt={"right": "project.change", "returns": Project})
async def archive_project(project: str, actor: Actor, db: Database) -> Response[Project]:
    """Close a project to work; it can still be read and exported."""
    return _answer(await db.write(actions.archive, actor, project))


@post("/projects/{project:str}/restore", status_code=200, opt={"right": "project.change", "returns": Project})
async def restore_project(project: str, actor: Actor, db: Database) -> Response[Project]:
    """Take a project back from the archive or the bin."""
    return _answer(await db.write(actions.restore, actor, project))


@delete("/projects/{project:str}", status_code=200, opt={"right": "project.delete", "returns": Project})
async def delete_project(project: str, actor: Actor, db: Database) -> Response[Project]:
    """Move a project to the bin, where it stays for 30 days."""
    return _answer(await db.write(actions.delete, actor, project))


def _state(given: str) -> State:
    for state in STATES:
        if given == state:
            return state
    raise Refused([Problem("state", shown(given), f"one of {', '.join(STATES)}", "Leave it out for the active ones.")])


def _answer(project: Project, *, status: int = 200) -> Response[Project]:
    return Response(project, status_code=status, headers={"ETag": f'"{project.etag}"'})


ROUTES: list[ControllerRouterHandler] = [
    list_projects,
    create_project,
    list_templates,
    check_schema,
    get_project,
    edit_project,
    clone_project,
    change_schema,
    archive_project,
    restore_project,
    delete_project,
    *panel_routes.ROUTES,
    *vocabulary_routes.ROUTES,
    *word_routes.ROUTES,
]

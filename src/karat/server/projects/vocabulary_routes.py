"""Vocabularies of a project over HTTP."""

from litestar import delete, get, put
from litestar.types import ControllerRouterHandler

from karat.server import vocabularies
from karat.server.access import Actor, enter_project, in_project
from karat.server.database import Database, Tx
from karat.server.projects import vocabulary
from karat.server.projects.vocabulary import Vocabulary
from karat.server.vocabularies import MOST_FOUND, Entry


@get("/projects/{project:str}/vocabularies", opt={"right": "project.see"})
async def list_vocabularies(project: str, actor: Actor, db: Database) -> list[Vocabulary]:
    """The vocabularies of a project, with how many entries they have."""
    return await db.read(in_project, actor, "project.see", project, vocabulary.listed)


@put(
    "/projects/{project:str}/vocabularies/{name:str}",
    opt={"right": "project.change", "returns": Vocabulary, "accepts": "text/csv"},
)
async def put_vocabulary(project: str, name: str, body: bytes, actor: Actor, db: Database) -> Vocabulary:
    """Upload a vocabulary as CSV or JSON lines, in the place of the one of this name: id, title, aliases, definition."""
    return await vocabulary.put(db, actor, project, name, body)


@get("/projects/{project:str}/vocabularies/{name:str}/entries", opt={"right": "project.see"})
async def search_entries(
    project: str, name: str, actor: Actor, db: Database, q: str = "", limit: int = 20
) -> list[Entry]:
    """The entries with a name in which `q` begins at a word, or with that id; the nearest first, at most 50."""

    def query(tx: Tx) -> list[Entry]:
        scope = enter_project(tx, actor, "project.see", project=project)
        return vocabularies.search(tx, scope.project, name, q[:200], limit=max(1, min(limit, MOST_FOUND)))

    return await db.read(query)


@delete("/projects/{project:str}/vocabularies/{name:str}", status_code=200, opt={"right": "project.change"})
async def delete_vocabulary(project: str, name: str, actor: Actor, db: Database) -> Vocabulary:
    """Forget a vocabulary. Refused while the schema in force names it, with the places that do."""
    return await vocabulary.remove(db, actor, project, name)


ROUTES: list[ControllerRouterHandler] = [list_vocabularies, put_vocabulary, search_entries, delete_vocabulary]

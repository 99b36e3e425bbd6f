"""Lists of words of a project over HTTP."""

from litestar import get, put
from litestar.types import ControllerRouterHandler

from karat.server.access import Actor, enter_project
from karat.server.database import Database, Tx
from karat.server.projects import words
from karat.server.projects.words import WordLabels, WordList


@get("/projects/{project:str}/words", opt={"right": "project.see"})
async def list_words(project: str, actor: Actor, db: Database) -> list[WordList]:
    """The lists of words of a project, with how many each has."""

    def query(tx: Tx) -> list[WordList]:
        return words.listed(tx, enter_project(tx, actor, "project.see", project=project))

    return await db.read(query)


@put(
    "/projects/{project:str}/words/{name:str}",
    opt={"right": "project.change", "returns": WordList, "accepts": "text/csv"},
)
async def put_words(project: str, name: str, body: bytes, actor: Actor, db: Database) -> WordList:
    """Upload a list as CSV or JSON lines, in the place of the one of this name: words, and the label that they suggest."""
    return await db.write(words.put, actor, project, name, body)


@get("/projects/{project:str}/words/{name:str}", opt={"right": "project.see"})
async def get_words(project: str, name: str, actor: Actor, db: Database) -> WordLabels:
    """The words of a list, each with the label that it suggests."""

    def query(tx: Tx) -> WordLabels:
        return words.words_of(tx, enter_project(tx, actor, "project.see", project=project), name)

    return await db.read(query)


ROUTES: list[ControllerRouterHandler] = [list_words, put_words, get_words]

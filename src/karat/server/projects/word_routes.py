"""Lists of words of a project over HTTP."""

from litestar import get, put
from litestar.types import ControllerRouterHandler

from karat.server.access import Actor, in_project
from karat.server.database import Database
from karat.server.projects import words
from karat.server.projects.words import WordLabels, WordList


@get("/projects/{project:str}/words", opt={"right": "project.see"})
async def list_words(project: str, actor: Actor, db: Database) -> list[WordList]:
    """The lists of words of a project, with how many each has."""
    return await db.read(in_project, actor, "project.see", project, words.listed)


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
    return await db.read(in_project, actor, "project.see", project, words.words_of, name)


ROUTES: list[ControllerRouterHandler] = [list_words, put_words, get_words]

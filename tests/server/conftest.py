"""A server over both databases, and people of every role in it.

    def test_an_annotator_cannot_invite(team):
        answer = team.annotator.post(f"/workspaces/{team.workspace}/invites", json={"role": "annotator"})
        assert answer.status_code == 403

`team` is a workspace with one person of each role; `team.stranger` owns another workspace. A `Person` asks below
`/api/v1` with a session cookie; `team.owner.token("read")` is the same person with an API token. `clock.move(minutes=21)`
moves the server's time.
"""

import datetime as dt
import shutil
import time
import types
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from httpx import Response
from litestar import Litestar
from litestar.datastructures import State
from litestar.testing import TestClient

from karat.server.access import Actor
from karat.server.app import create_api, create_app
from karat.server.database import Database, connect
from karat.server.front import Front
from karat.server.people import actions, tokens
from karat.server.settings import Settings
from karat.server.state import App
from karat.testing.labeling import Work
from tests.conftest import on_server, with_database
from tests.server.worlds import MARK, TEXT_SCHEMA, Untouched, answer, imported, other, paid, reviewed, told_scores

ATTRIBUTE = {"title": "First language", "purpose": "To see that all are treated alike.", "options": ["Polish", "Thai"]}
ORIGIN = "http://127.0.0.1:8080"


class MovableClock:
    """The real time, and what it was moved by."""

    def __init__(self) -> None:
        self.ahead = dt.timedelta()

    def now(self) -> dt.datetime:
        return dt.datetime.now(dt.UTC) + self.ahead

    def move(self, **by: float) -> None:
        self.ahead += dt.timedelta(**by)


@dataclass
class Person:
    """Somebody who asks the server; every path is below `/api/v1`."""

    http: TestClient
    login: int = 0
    id: str = ""
    name: str = ""
    email: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    make_token: Callable[[int, tuple[str, ...]], str] | None = None

    def ask(self, method: str, path: str, headers: dict[str, str] | None = None, **more: object) -> Response:
        answer = self.http.request(method, f"/api/v1{path}", headers={**self.headers, **(headers or {})}, **more)
        self.http.cookies.clear()  # everyone shares one client; each sends their own cookie
        return answer

    def get(self, path: str, **more: object) -> Response:
        return self.ask("GET", path, **more)

    def post(self, path: str, **more: object) -> Response:
        return self.ask("POST", path, **more)

    def put(self, path: str, **more: object) -> Response:
        return self.ask("PUT", path, **more)

    def patch(self, path: str, **more: object) -> Response:
        return self.ask("PATCH", path, **more)

    def delete(self, path: str, **more: object) -> Response:
        return self.ask("DELETE", path, **more)

    def token(self, *scopes: str) -> "Person":
        """The same person with an API token of these scopes."""
        secret = self.make_token(self.login, scopes)
        return Person(self.http, self.login, self.id, self.name, self.email, {"authorization": f"Bearer {secret}"})


@dataclass
class Server:
    """A running application with its database and clock."""

    front: Front
    http: TestClient
    db: Database
    clock: MovableClock
    settings: Settings

    @property
    def nobody(self) -> Person:
        """Somebody who is not signed in."""
        return Person(self.http, headers={"origin": ORIGIN})

    def workspace(self, name: str = "Gold") -> str:
        """A new workspace's id."""
        return self.db.write_now(actions.create_workspace, name).id

    def person(self, workspace: str, role: str, name: str | None = None) -> Person:
        """A new person with a role in a workspace, signed in."""
        name = name or role.capitalize()
        email = f"{name.lower()}.{self.clock.now().timestamp():.6f}@example.org"
        login = self.db.write_now(actions.create_login, email=email, name=name)
        self.db.write_now(actions.add_member, workspace, login.n, role)
        cookie = self.db.write_now(actions.start_session, login.n, agent="tests", address="testclient", days=14)
        headers = {"cookie": f"karat_session={cookie}", "origin": ORIGIN}

        def make_token(who: int, scopes: tuple[str, ...]) -> str:
            return self.db.write_now(tokens.create_token, workspace, who, name="tests", scopes=scopes, days=1)

        return Person(self.http, login.n, login.id, name, email, headers, make_token)


@dataclass
class Team:
    """A workspace with one person of each role, and somebody of another workspace."""

    server: Server
    workspace: str
    owner: Person
    manager: Person
    reviewer: Person
    annotator: Person
    stranger: Person
    """Owner of `other`, and nobody in `workspace`."""
    other: str

    def another(self, role: str = "annotator", name: str | None = None) -> Person:
        """One more person in the workspace."""
        return self.server.person(self.workspace, role, name)

    def project(self, schema: dict[str, object] | None = None, **more: object) -> str:
        """A new project's id; `more` goes into the request, e.g. `overlap=3`."""
        body = {"title": "Topics", "schema": schema or TEXT_SCHEMA, **more}
        answer = self.manager.post(f"/workspaces/{self.workspace}/projects", json=body)
        assert answer.status_code == 201, answer.text
        return answer.json()["id"]


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock()


@pytest.fixture(scope="session")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite database with every table and nothing in it, to be copied: making the tables takes longer than most tests."""
    folder = tmp_path_factory.mktemp("begun")
    connect(Settings(data=folder)).close()
    return folder / "karat.db"


@pytest.fixture(scope="session")
def template(postgres: str) -> str:
    """The name of a PostgreSQL database with every table and nothing in it, to be copied."""
    on_server(postgres, "CREATE DATABASE begun")
    connect(Settings(data=Path(), database=with_database(postgres, "begun"))).close()
    return "begun"


@pytest.fixture
def settings(tmp_path: Path, database: str, begun: Path) -> Settings:
    """The settings of a server that was started before: its database has its tables."""
    data = tmp_path / "data"
    if not database:
        data.mkdir(mode=0o700)
        shutil.copyfile(begun, data / "karat.db")
    return Settings(data=data, database=database, job_library="threads")


@pytest.fixture(autouse=True)
def _routes_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a server take over the routes of the one before it: building them takes longer than most tests."""
    monkeypatch.setattr("karat.server.app.create_api", _taken_over)


_built: dict[int, Litestar] = {}
"""By the largest body: routes that no server uses now. What a request needs of its server it finds in their state."""


def _taken_over(app: App, lifespan: Callable[[Litestar], AbstractAsyncContextManager[None]]) -> Litestar:
    largest = app.settings.max_body_mb
    # Routes are free again once their server has ended; one that runs meanwhile gets its own.
    free = _built.pop(largest, None)

    @asynccontextmanager
    async def lives(api: Litestar) -> AsyncIterator[None]:
        async with lifespan(api):
            yield
        _built[largest] = api

    if free is None:
        return create_api(app, lives)
    free.state = State({"app": app})
    free._lifespan_managers[0] = lives
    return free


@pytest.fixture
def server(settings: Settings, clock: MovableClock) -> Iterator[Server]:
    front = create_app(settings, clock=clock)
    with TestClient(front, base_url=ORIGIN) as http:
        yield Server(front, http, front.app.db, clock, settings)


@pytest.fixture
def client(server: Server) -> TestClient:
    """The bare HTTP client, signed in as nobody."""
    return server.http


@pytest.fixture
def team(server: Server) -> Team:
    workspace, other = server.workspace("Gold"), server.workspace("Silver")
    roles = {role: server.person(workspace, role) for role in ("owner", "manager", "reviewer", "annotator")}
    return Team(server, workspace, **roles, stranger=server.person(other, "owner", "Stranger"), other=other)


@pytest.fixture
def work(team) -> Callable[..., Work]:
    """`work(items=3, overlap=2, people=2)`: a project with items, and annotators who are actors."""

    def make(*, items: int = 3, people: int = 1, **project: object) -> Work:
        persons = [team.annotator, *(team.another(name=f"Annotator{n}") for n in range(1, people))]
        made = Work(
            team.server.db,
            team.project(**project),
            [Actor(p.login, p.id, p.name, p.email) for p in persons],
            Actor(team.manager.login, team.manager.id, team.manager.name, team.manager.email),
            team.server.clock,
        )
        made.add(items)
        return made

    return make


@pytest.fixture
def until():
    """Ask until the answer is as wanted, for at most ten seconds."""

    def wait(ask, wanted, *, seconds=10.0):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            found = ask()
            if wanted(found):
                return found
            time.sleep(0.05)
        pytest.fail(f"after {seconds:.0f} seconds it still is {found!r}")

    return wait


@pytest.fixture
def world(team):
    """A workspace with one of everything, in which nothing changes any more."""
    project = team.project(overlap=2)
    upload = team.manager.post(f"/projects/{project}/uploads", json={}).json()["id"]
    job = imported(team.manager, project, upload, "ours")
    theirs = other(team)
    tasks = team.annotator.post(f"/projects/{project}/claims", json={"count": 2}).json()["tasks"]
    answered, held = tasks
    response = answered["response"]["id"]
    submitted = team.annotator.put(f"/responses/{response}/revisions/1", json=answer(answered))
    assert submitted.status_code in (200, 201), submitted.text
    listed = team.owner.get(f"/workspaces/{team.workspace}/members").json()
    made = team.annotator.post(f"/workspaces/{team.workspace}/tokens", json={"name": "t", "scopes": ["read"]}).json()
    invite = team.manager.post(f"/workspaces/{team.workspace}/invites", json={"role": "annotator"}).json()
    bulk = team.manager.post(
        f"/projects/{project}/items/bulk", json={"action": "tag", "ids": [held["item"]["id"]], "value": "x"}
    ).json()
    view = team.manager.post(f"/projects/{project}/views", json={"name": "Held"}).json()["id"]
    panel = team.manager.post(f"/projects/{project}/panels", content=b"karat.start({})").json()["module"]
    known = team.manager.put(f"/projects/{project}/vocabularies/text", content=b"id,title\nQ90,Paris\n")
    assert known.status_code == 200, known.text
    words = team.manager.put(f"/projects/{project}/words/text", content=b"words,label\nParis,city\n")
    assert words.status_code == 200, words.text
    asked = team.annotator.post(
        f"/projects/{project}/threads", json={"item": answered["item"]["id"], "text": "Which?"}
    ).json()["id"]
    ruled = team.reviewer.post(f"/threads/{asked}/ruling", json={"text": "This."}).json()["id"]
    told_scores(team.server.db, project, "Annotator")
    appeal = team.annotator.post(f"/projects/{project}/appeals", json={"gold": "20", "reason": "No."}).json()["id"]
    hook = team.owner.post(
        f"/workspaces/{team.workspace}/webhooks", json={"url": "https://example.org", "events": ["item.deleted"]}
    ).json()["id"]
    key = {"item": answered["item"]["id"], "response": response, "revision": 1}
    gold = team.manager.post(
        f"/projects/{project}/gold", json={"items": [key], "source": "response", "use": "practice"}
    ).json()["made"][0]
    db = team.server.db
    person = db.read_now(lambda tx: tx.run("SELECT id FROM authors WHERE name = 'Annotator' ORDER BY n")[0][0])
    raised = {"do": "raise_review", "share": 0.5, "reason": "New here"}
    action = team.manager.post(f"/projects/{project}/team/people/{person}/actions", json=raised).json()["id"]
    places = {
        "gold": gold,
        **paid(team, project),
        "review": reviewed(team),
        "from": next(m["id"] for m in listed if m["role"] == "annotator"),
        "to": next(m["id"] for m in listed if m["role"] == "reviewer"),
        "thread": asked,
        "precedent": ruled,
        "appeal_id": appeal,
        "hook": hook,
        "person": person,
        "action": action,
        "table": "people",
        "part": "slices",
        "vote": "nobody's",
        "attribute": team.owner.post(f"/workspaces/{team.workspace}/attributes", json=ATTRIBUTE).json()["id"],
        "module": panel,
        "workspace": team.workspace,
        "project": project,
        "item": answered["item"]["id"],
        "response": response,
        "revision": "1",
        "assignment": held["assignment"]["id"],
        "member": next(m["id"] for m in listed if m["role"] == "annotator"),
        "token": made["id"],
        "invite": invite["id"],
        "session": team.annotator.get("/me/sessions").json()[0]["id"],
        "job": job,
        "upload": upload,
        "operation": bulk["id"],
        "name": "text",
        "view": view,
        "group": team.manager.post(
            f"/workspaces/{team.workspace}/groups",
            json={"name": "Held", "members": [m["id"] for m in listed]},
        ).json()["id"],
        "delivery": team.owner.post(f"/workspaces/{team.workspace}/webhooks/{hook}/test").json()["id"],
        "batch": team.manager.post(
            f"/projects/{project}/batches",
            json={
                "title": "Held",
                "items": [held["item"]["id"]],
                "person": next(m["id"] for m in listed if m["role"] == "annotator"),
            },
        ).json()["id"],
    }
    file = team.manager.get(f"/jobs/{job}/files").json()[0]["name"]
    app = team.server.front.app
    object.__setattr__(app, "db", Untouched(team.server.db))
    yield types.SimpleNamespace(team=team, places=places, file=file, theirs=theirs, mark=MARK)
    object.__setattr__(app, "db", team.server.db)

"""A server over both databases, and people of every role in it.

    def test_an_annotator_cannot_invite(team):
        answer = team.annotator.post(f"/workspaces/{team.workspace}/invites", json={"role": "annotator"})
        assert answer.status_code == 403

`team` is a workspace with one person of each role; `team.stranger` owns another workspace. A `Person` asks below
`/api/v1` with a session cookie; `team.owner.token("read")` is the same person with an API token. `clock.move(minutes=21)`
moves the server's time.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from httpx import Response
from litestar.testing import TestClient

from karat.server.app import create_app
from karat.server.database import Database
from karat.server.front import Front
from karat.server.people import actions, tokens
from karat.server.settings import Settings

ORIGIN = "http://127.0.0.1:8080"
TEXT_SCHEMA = {
    "karat_schema": 1,
    "streams": {"text": {"kind": "text"}},
    "fields": {"topic": {"kind": "choice", "options": {"cards": {}, "loans": {}, "other": {}}}},
}


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


@pytest.fixture
def settings(tmp_path: Path, database: str) -> Settings:
    return Settings(data=tmp_path / "data", database=database, job_library="threads")


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

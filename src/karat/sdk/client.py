"""`karat.Client`: a workspace of a Karat server from Python."""

import os
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

import httpx

from karat.sdk.errors import KaratError
from karat.sdk.http import Connection
from karat.sdk.jobs import Job, JobState
from karat.sdk.projects import Json, Project, upload
from karat.sdk.values import Link, Me, Member, Membership, Operation, ProjectRow, ProjectState, Token


class Client:
    """A connection to one server as one person, in one workspace.

    `url` and `token` default to `$KARAT_URL` and `$KARAT_TOKEN`. `workspace` is an id or a name, needed only by people
    who belong to several.

    >>> client = Client("http://127.0.0.1:8080", token="krt_…")  # doctest: +SKIP
    >>> project = client.create_project("Intents", schema=Path("intents.yaml"))  # doctest: +SKIP
    >>> project.import_from("train.csv").wait().result  # doctest: +SKIP
    {'items_added': 10003, …}
    """

    def __init__(
        self,
        url: str | None = None,
        *,
        token: str | None = None,
        workspace: str | None = None,
        timeout_s: float = 60,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        address = url or os.environ.get("KARAT_URL") or "http://127.0.0.1:8080"
        self.connection = Connection(
            address, token=token or os.environ.get("KARAT_TOKEN"), timeout_s=timeout_s, transport=transport
        )
        self._wanted = workspace
        self._workspace: Membership | None = None

    def __enter__(self) -> "Client":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection."""
        self.connection.close()

    def me(self) -> Me:
        """The person whose token this is."""
        return self.connection.get("me", Me)

    @property
    def workspace(self) -> Membership:
        """The workspace that this client works in."""
        if self._workspace is None:
            self._workspace = _chosen(self.me().workspaces, self._wanted)
        return self._workspace

    def projects(self, *, state: str = "active") -> list[ProjectRow]:
        """The workspace's projects: active, archived or bin."""
        return list(self.connection.pages(f"workspaces/{self.workspace.id}/projects", ProjectRow, state=state))

    def project(self, name: str) -> Project:
        """A project by its id or its title; an archived one where no active one has it."""
        for state in ("active", "archived"):
            found = [row.id for row in self.projects(state=state) if name in (row.id, row.title)]
            if len(found) > 1:
                raise KaratError(f"{len(found)} projects are called {name!r}; give the id of one: {', '.join(found)}")
            if found:
                return Project(self.connection, self.connection.get(f"projects/{found[0]}", ProjectState))
        raise KaratError(
            f"There is no project {name!r} in {self.workspace.name!r}; `karat projects list` shows them", status=404
        )

    def create_project(
        self, title: str, *, schema: str | Path | Json, description: str = "", overlap: int = 1
    ) -> Project:
        """Make a project from a schema: YAML text, a YAML file or a document."""
        body: Json = {"title": title, "description": description, "overlap": overlap}
        if isinstance(schema, dict):
            body["schema"] = schema
        else:
            body["schema_yaml"] = schema.read_text("utf-8") if isinstance(schema, Path) else schema
        state = self.connection.post(f"workspaces/{self.workspace.id}/projects", body, ProjectState)
        return Project(self.connection, state)

    def propose_schema(self, source: str | Path) -> Json:
        """A schema that fits a data file: `{"yaml": …, "schema": …, "mapping": …}`."""
        sent = upload(self.connection, f"workspaces/{self.workspace.id}/uploads", Path(source))
        return self.connection.post(f"workspaces/{self.workspace.id}/schemas/propose", {"upload": sent}, Json)

    def templates(self) -> list[Json]:
        """Schemas for the usual jobs."""
        return self.connection.get("templates", list[Json])

    def jobs(self, *, state: str | None = None) -> Iterator[JobState]:
        """The workspace's jobs, newest first."""
        return self.connection.pages("jobs", JobState, workspace=self.workspace.id, state=state)

    def job(self, job: str) -> Job:
        """One job by its id."""
        return Job(self.connection, self.connection.get(f"jobs/{job}", JobState))

    def members(self) -> list[Member]:
        """The workspace's people."""
        return self.connection.get(f"workspaces/{self.workspace.id}/members", list[Member])

    def invite(self, *, role: str = "annotator", email: str | None = None) -> Link:
        """A one-time link by which a person joins the workspace."""
        body = {"role": role, **({"email": email} if email else {})}
        return self.connection.post(f"workspaces/{self.workspace.id}/invites", body, Link)

    def reset_link(self, member: str) -> Link:
        """A one-time link by which a member sets a new password."""
        return self.connection.post(f"workspaces/{self.workspace.id}/members/{member}/reset", {}, Link)

    def change_member(self, member: str, *, role: str | None = None, active: bool | None = None) -> None:
        """Change a member's role, or whether they may sign in."""
        body = {k: v for k, v in (("role", role), ("active", active)) if v is not None}
        self.connection.patch(f"workspaces/{self.workspace.id}/members/{member}", body)

    def invites(self) -> list[Link]:
        """The invites that can still be used."""
        return self.connection.get(f"workspaces/{self.workspace.id}/invites", list[Link])

    def revoke_invite(self, invite: str) -> None:
        """Take an invite back, by its id."""
        self.connection.delete(f"workspaces/{self.workspace.id}/invites/{invite}")

    def audit(self) -> Iterator[Json]:
        """What was done to people, rights and data, the newest first; for owners, with a token of scope admin."""
        return self.connection.pages(f"workspaces/{self.workspace.id}/audit", Json)

    def undo(self, operation: str) -> Operation:
        """Take back a change of many things; waits for it where it is a job."""
        done = self.connection.post(f"operations/{operation}/undo", {}, Operation)
        if done.job:
            self.job(done.job).wait()
        return done

    def sign_in(self, email: str, password: str, *, code: str | None = None) -> Me:
        """Sign in for what no token may: making tokens. `KaratError.type` is `totp-required` where a code is needed."""
        body = {"email": email, "password": password, **({"code": code} if code else {})}
        return self.connection.post("session", body, Me)

    def sign_out(self) -> None:
        """End the session of `sign_in`."""
        self.connection.delete("session")

    def tokens(self) -> list[Token]:
        """One's own API tokens, everybody's for owners; needs a session or the scope admin."""
        return self.connection.get(f"workspaces/{self.workspace.id}/tokens", list[Token])

    def revoke_token(self, token: str) -> None:
        """Revoke an API token by its id; a token may always revoke itself."""
        self.connection.delete(f"workspaces/{self.workspace.id}/tokens/{token}")

    def create_token(self, name: str, *, scopes: tuple[str, ...] = ("write",), expires_days: int = 90) -> Token:
        """An API token of one's own, after `sign_in`: no token makes tokens. Its text is told once."""
        body = {"name": name, "scopes": list(scopes), "expires_days": expires_days}
        return self.connection.post(f"workspaces/{self.workspace.id}/tokens", body, Token)


def _chosen(found: list[Membership], wanted: str | None) -> Membership:
    fitting = [w for w in found if wanted in (None, w.id, w.name)]
    if len(fitting) == 1:
        return fitting[0]
    names = ", ".join(w.name for w in found) or "none"
    raise KaratError(f"Say which workspace: you belong to {names}, and {wanted!r} was asked for")

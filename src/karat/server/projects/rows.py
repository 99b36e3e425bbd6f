"""The rows of a project: written when it is made, and whenever it changes."""

import msgspec

from karat.model.policy import Policy
from karat.server.access import Scope
from karat.server.database import Tx
from karat.server.projects import reading
from karat.server.tell import note, tell


def insert(tx: Tx, scope: Scope, *, title: str, description: str, written: reading.Written, policy: Policy) -> Scope:
    """Write the rows of a new project down; the result is the scope inside it."""
    now = tx.now()
    project = tx.run(
        "INSERT INTO projects (id, workspace, title, description, state, schema_version, policy_version, created_by,"
        " created_at, changed_at) VALUES (:id, :workspace, :title, :description, 'active', 1, 1, :by, :now, :now)"
        " RETURNING n",
        id=tx.new_id(),
        workspace=scope.workspace,
        title=title.strip(),
        description=description,
        by=scope.actor.login,
        now=now,
    )[0][0]
    inside = msgspec.structs.replace(scope, project=project)
    write_schema(tx, inside, written, version=1)
    write_policy(tx, inside, policy, version=1)
    tell(tx, inside, "project.changed", thing="project", id=_id(tx, inside), revision=1)
    return inside


def touch(tx: Tx, scope: Scope) -> None:
    """The project changed: whoever read it before is told so."""
    revision = tx.run(
        "UPDATE projects SET revision = revision + 1, changed_at = :now WHERE n = :n RETURNING revision",
        now=tx.now(),
        n=scope.project,
    )[0][0]
    tell(tx, scope, "project.changed", thing="project", id=_id(tx, scope), revision=revision)


def write_schema(tx: Tx, scope: Scope, written: reading.Written, *, version: int) -> None:
    """Write a version of the schema down."""
    tx.run(
        "INSERT INTO schemas (project, version, document, yaml, by, at)"
        " VALUES (:project, :version, :document, :yaml, :by, :at)",
        project=scope.project,
        version=version,
        document=msgspec.json.encode(written.schema.document).decode(),
        yaml=written.yaml,
        by=scope.actor.login,
        at=tx.now(),
    )


def write_policy(tx: Tx, scope: Scope, policy: Policy, *, version: int) -> None:
    """Write a version of the workflow down, and put it in force."""
    tx.run(
        "INSERT INTO policies (project, version, document, by, at) VALUES (:project, :version, :document, :by, :at)",
        project=scope.project,
        version=version,
        document=msgspec.json.encode(policy).decode(),
        by=scope.actor.login,
        at=tx.now(),
    )
    tx.run(
        "UPDATE projects SET policy_version = :version, copies_imports = :copies WHERE n = :project",
        version=version,
        copies=policy.copies_imports,
        project=scope.project,
    )


def audit(tx: Tx, scope: Scope, name: str, **data: object) -> None:
    """Write an audit entry of the project."""
    thing: dict[str, object] = {"type": "project", "id": _id(tx, scope)}
    actor = scope.actor
    note(
        tx,
        name,
        actor=actor,
        address=actor.address,
        workspace=scope.workspace,
        project=scope.project,
        thing=thing,
        **data,
    )


def _id(tx: Tx, scope: Scope) -> str:
    id_: str = tx.run("SELECT id FROM projects WHERE n = :n", n=scope.project)[0][0]
    return id_

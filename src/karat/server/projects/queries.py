"""Reading projects, their schemas and their policies."""

import datetime as dt
from functools import lru_cache

import msgspec

from karat.kinds import KINDS
from karat.model.ids import stamp, unstamp
from karat.model.policy import Policy
from karat.model.schema import Schema, read_schema
from karat.server.access import Scope
from karat.server.database import Tx
from karat.server.projects.schemas import Counts, Project, ProjectRow, Skipping, SkipTold, State, Summary

BIN_DAYS = 30
"""How long a deleted project can be taken back."""


def list_projects(tx: Tx, scope: Scope, *, state: State = "active") -> list[ProjectRow]:
    """The projects of a workspace in one state, the last changed first."""
    rows = tx.run(
        "SELECT p.n, p.id, p.title, p.description, p.state, s.document, p.items, p.responses, p.labeled, p.done,"
        " p.created_at, p.changed_at, p.deleted_at, r.body FROM projects p"
        " JOIN schemas s ON s.project = p.n AND s.version = p.schema_version"
        " LEFT JOIN reports r ON r.project = p.n AND r.name = 'summary'"
        " WHERE p.workspace = :workspace AND p.state = :state ORDER BY p.changed_at DESC, p.n DESC",
        workspace=scope.workspace,
        state=state,
    )
    open_ = scope.has("reports.see")
    return [
        ProjectRow(
            id=row[1],
            title=row[2],
            description=row[3],
            state=row[4],
            streams=[stream.kind for stream in schema_from(row[5]).streams.values()],
            items=row[6] if open_ else None,
            responses=row[7] if open_ else None,
            labeled=row[8] if open_ else None,
            done=row[9] if open_ else None,
            people=people(tx, row[0]) if open_ else None,
            agreement=msgspec.json.decode(row[13], type=Summary | None) if open_ and row[13] else None,
            created_at=row[10],
            changed_at=row[11],
            deleted_at=row[12],
        )
        for row in rows
    ]


def get_project(tx: Tx, scope: Scope) -> Project:
    """The project that the scope stands in."""
    row = tx.run(
        "SELECT p.id, w.id, p.title, p.description, p.state, s.document, p.schema_version, s.yaml, o.document,"
        " p.policy_version, p.items, p.labeled, p.done, p.responses, p.revision, p.created_at, p.changed_at, p.deleted_at"
        " FROM projects p JOIN workspaces w ON w.n = p.workspace"
        " JOIN schemas s ON s.project = p.n AND s.version = p.schema_version"
        " JOIN policies o ON o.project = p.n AND o.version = p.policy_version"
        " WHERE p.n = :project AND p.workspace = :workspace",
        project=scope.project,
        workspace=scope.workspace,
    )[0]
    # How many answers an item gets tells a person whether others have it, so the policy is for those who may see that.
    open_ = scope.has("reports.see")
    policy = msgspec.json.decode(row[8], type=Policy)
    items, labeled, done, responses = row[10:14]
    return Project(
        id=row[0],
        workspace=row[1],
        title=row[2],
        description=row[3],
        state=row[4],
        schema=schema_from(row[5]).document,
        schema_version=row[6],
        schema_yaml=row[7],
        policy=msgspec.to_builtins(policy) if open_ else None,
        policy_version=row[9],
        skipping=_skipping(policy),
        overlap=policy.stages[policy.start].overlap if open_ else None,
        counts=Counts(items, items - labeled - done, labeled, done, responses) if open_ else None,
        role=scope.role,
        etag=str(row[14]),
        created_at=row[15],
        changed_at=row[16],
        deleted_at=row[17],
        purged_at=stamp(unstamp(row[17]) + dt.timedelta(days=BIN_DAYS)) if row[17] else None,
    )


def _skipping(policy: Policy) -> Skipping:
    """What everybody who labels is told of skipping, whatever they may see of the policy."""
    names = [policy.start, *(name for name in policy.stages if name != policy.start)]
    stages = {name: policy.stages[name] for name in names}
    return Skipping(
        dict(policy.skip_list),
        {
            name: SkipTold(stage.skip.requeue, stage.skip.then is not None)
            for name, stage in stages.items()
            if stage.do == "label"
        },
    )


def schema_of(tx: Tx, project: int, version: int | None = None) -> tuple[int, Schema]:
    """A version of a project's schema, the current one if none is named. The same document is the same object."""
    if version is None:
        rows = tx.run(
            "SELECT s.version, s.document FROM projects p JOIN schemas s ON s.project = p.n AND s.version = p.schema_version"
            " WHERE p.n = :project",
            project=project,
        )
    else:
        rows = tx.run(
            "SELECT version, document FROM schemas WHERE project = :project AND version = :version",
            project=project,
            version=version,
        )
    return rows[0][0], schema_from(rows[0][1])


def policy_of(tx: Tx, project: int) -> tuple[int, Policy]:
    """The current policy of a project and its version."""
    rows = tx.run(
        "SELECT o.version, o.document FROM projects p JOIN policies o ON o.project = p.n AND o.version = p.policy_version"
        " WHERE p.n = :project",
        project=project,
    )
    return rows[0][0], policy_from(rows[0][1])


@lru_cache(maxsize=256)
def schema_from(document: str) -> Schema:
    """A stored schema document as a schema."""
    schema, problems = read_schema(msgspec.json.decode(document), KINDS)
    if schema is None:
        raise ValueError(f"a stored schema can no longer be read: {problems}")
    return schema


@lru_cache(maxsize=256)
def policy_from(document: str) -> Policy:
    """A stored policy document as a policy."""
    return msgspec.json.decode(document, type=Policy)


def people(tx: Tx, project: int) -> int:
    """How many have answered, by skipping along the index: counting would read every answer. What was merged is nobody's."""
    rows = tx.run(
        "WITH RECURSIVE seen(author) AS (SELECT min(author) FROM responses WHERE project = :project"
        " UNION ALL SELECT (SELECT min(author) FROM responses WHERE project = :project AND author > seen.author)"
        " FROM seen WHERE seen.author IS NOT NULL)"
        " SELECT count(*) FROM seen JOIN authors a ON a.n = seen.author WHERE a.type <> 'consensus'",
        project=project,
    )
    count: int = rows[0][0]
    return count

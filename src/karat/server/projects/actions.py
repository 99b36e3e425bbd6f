"""Making a project, changing it, and its way to the bin and back."""

import re
from typing import Literal

import msgspec

from karat.model.policy import Policy, default_policy, read_policy
from karat.model.problem import Problem, Refused, refuse, shown
from karat.policies import QUEUES
from karat.quality.consensus import METHODS
from karat.server.access import Actor, Scope, denied, enter_project, enter_workspace
from karat.server.database import Tx
from karat.server.jobs import actions as jobs
from karat.server.jobs.schemas import Started
from karat.server.labeling.actions import recount_later
from karat.server.projects import changes, panels, queries, reading, rows, vocabulary, work
from karat.server.projects.schemas import Cloned, NewClone, NewProject, Project, ProjectEdit, SchemaText
from karat.server.wire import if_match

MAX_TITLE = 200
MAX_DESCRIPTION = 20_000
NOT_IN_A_TITLE = re.compile(r"[\x00-\x1f\x7f]")


def create(tx: Tx, actor: Actor, workspace: str, given: NewProject) -> Project:
    """Make a project; its schema and policy are refused with every mistake."""
    scope = enter_workspace(tx, actor, "project.create", workspace=workspace)
    refuse([*title_problems(given.title), *description_problems(given.description)])
    written = reading.accept(yaml=given.schema_yaml, document=given.schema)
    policy = new_policy(given.policy, given.overlap)
    scope = rows.insert(tx, scope, title=given.title, description=given.description, written=written, policy=policy)
    panels.refuse_unknown(tx, scope.project, written.schema)
    rows.audit(tx, scope, "project.created", title=given.title)
    return queries.get_project(tx, scope)


def edit(tx: Tx, actor: Actor, project: str, given: ProjectEdit, *, match: str | None) -> Project:
    """Change a project's title, description or workflow, as it was read."""
    scope = enter_project(tx, actor, "project.change", project=project)
    _check_match(tx, scope, match)
    problems: list[Problem] = []
    if given.title is not msgspec.UNSET:
        problems += title_problems(given.title)
    if given.description is not msgspec.UNSET:
        problems += description_problems(given.description)
    refuse(problems)
    if given.title is not msgspec.UNSET or given.description is not msgspec.UNSET:
        _rename(tx, scope, given)
    if any(one is not msgspec.UNSET for one in (given.policy, given.overlap, given.begin)):
        change_policy(
            tx,
            scope,
            None if given.policy is msgspec.UNSET else given.policy,
            None if given.overlap is msgspec.UNSET else given.overlap,
            None if given.begin is msgspec.UNSET else given.begin,
        )
    rows.touch(tx, scope)
    return queries.get_project(tx, scope)


def change_policy(
    tx: Tx, scope: Scope, document: dict[str, object] | None, overlap: int | None, begin: str | None = None
) -> None:
    """Put a new version of the workflow in force; items that now want more or fewer answers are queued or closed."""
    version, before = queries.policy_of(tx, scope.project)
    policy = new_policy(document or msgspec.to_builtins(before), overlap, begin)
    if policy == before:
        return
    rows.write_policy(tx, scope, policy, version=version + 1)
    rows.audit(tx, scope, "policy.changed", version=version + 1, overlap=policy.stages[policy.start].overlap)
    recount_later(tx, scope.project)


def clone(tx: Tx, actor: Actor, project: str, given: NewClone) -> tuple[Cloned, Started | None]:
    """Make a project with the same schema and policy, and the same items if that is asked; never with their answers."""
    scope = enter_project(tx, actor, "project.change", project=project)
    if not scope.has("project.create"):
        raise denied("project.create", scope.role)
    refuse(title_problems(given.title))
    version, schema = queries.schema_of(tx, scope.project)
    yaml = tx.run("SELECT yaml FROM schemas WHERE project = :p AND version = :v", p=scope.project, v=version)[0][0]
    description = tx.run("SELECT description FROM projects WHERE n = :n", n=scope.project)[0][0]
    _, policy = queries.policy_of(tx, scope.project)
    written = reading.Written(schema, yaml)
    inside = rows.insert(tx, scope, title=given.title, description=description, written=written, policy=policy)
    panels.copy(tx, inside, scope.project)
    vocabulary.copy(tx, inside, scope.project)
    rows.audit(tx, inside, "project.cloned", source=project)
    if not given.with_items:
        return Cloned(queries.get_project(tx, inside), None), None
    items = tx.run("SELECT items FROM projects WHERE n = :n", n=scope.project)[0][0]
    if items > work.CHUNK:
        started = jobs.create(tx, inside, "projects.clone", work.CloneWork(scope.project))
        return Cloned(queries.get_project(tx, inside), started.id), started
    work.copy_next(tx, inside, scope.project, 0)
    return Cloned(queries.get_project(tx, inside), None), None


def change_schema(tx: Tx, actor: Actor, project: str, given: SchemaText, *, match: str | None) -> Project:
    """Put a new version of the schema in force; refused where it would strand answers that were given."""
    scope = enter_project(tx, actor, "project.change", project=project)
    _check_match(tx, scope, match)
    written = reading.accept(yaml=given.yaml, document=given.schema)
    panels.refuse_unknown(tx, scope.project, written.schema)
    version, before = queries.schema_of(tx, scope.project)
    problems = changes.problems_of(tx, scope.project, before, written.schema)
    refuse(problems, status=409, title="The change would strand answers")
    rows.write_schema(tx, scope, written, version=version + 1)
    tx.run("UPDATE projects SET schema_version = :version WHERE n = :n", version=version + 1, n=scope.project)
    rows.audit(tx, scope, "schema.changed", version=version + 1, fields=sorted(written.schema.fields))
    rows.touch(tx, scope)
    return queries.get_project(tx, scope)


def archive(tx: Tx, actor: Actor, project: str) -> Project:
    """Close a project: it can be read and exported, and no longer labeled."""
    scope = enter_project(tx, actor, "project.change", project=project)
    return _move(tx, scope, "archived", allowed={"active"}, named="project.archived")


def restore(tx: Tx, actor: Actor, project: str) -> Project:
    """Take a project back from the archive or the bin."""
    scope = enter_project(tx, actor, "project.change", project=project)
    return _move(tx, scope, "active", allowed={"archived", "bin"}, named="project.restored")


def delete(tx: Tx, actor: Actor, project: str) -> Project:
    """Move a project to the bin, where it can be taken back for 30 days."""
    scope = enter_project(tx, actor, "project.delete", project=project)
    return _move(tx, scope, "bin", allowed={"active", "archived"}, named="project.deleted")


def new_policy(document: dict[str, object] | None, overlap: int | None, begin: str | None = None) -> Policy:
    """A policy from its document, with the start stage's overlap and beginning replaced where they are given."""
    if document is None:
        document = msgspec.to_builtins(default_policy(overlap=overlap or 1))
    policy, problems = read_policy(document, set(QUEUES), METHODS)
    refuse(problems, title="The workflow policy has mistakes")
    assert policy is not None, "a policy without problems is a policy"
    changes = {name: value for name, value in (("overlap", overlap), ("begin", begin)) if value is not None}
    if not changes:
        return policy
    start = msgspec.structs.replace(policy.stages[policy.start], **changes)
    changed = msgspec.structs.replace(policy, stages={**policy.stages, policy.start: start})
    _, problems = read_policy(msgspec.to_builtins(changed), set(QUEUES), METHODS)
    named = [(p, p.path.rsplit(".", 1)[-1]) for p in problems]
    refuse([msgspec.structs.replace(p, path=name) for p, name in named if name in changes])
    return changed


def title_problems(title: str) -> list[Problem]:
    """What is wrong with a project's title."""
    if not title.strip() or len(title) > MAX_TITLE or NOT_IN_A_TITLE.search(title):
        return [
            Problem("title", shown(title), f"1 to {MAX_TITLE} characters on one line", "Give the project a short name.")
        ]
    return []


def description_problems(description: str) -> list[Problem]:
    """What is wrong with a project's description."""
    if len(description) > MAX_DESCRIPTION or "\x00" in description:
        got = f"{len(description)} characters"
        return [
            Problem("description", got, f"at most {MAX_DESCRIPTION} characters, none of them U+0000", "Shorten it.")
        ]
    return []


def _check_match(tx: Tx, scope: Scope, match: str | None) -> None:
    if_match(match, tx.run("SELECT revision FROM projects WHERE n = :n", n=scope.project)[0][0])


def _rename(tx: Tx, scope: Scope, given: ProjectEdit) -> None:
    title, description = tx.run("SELECT title, description FROM projects WHERE n = :n", n=scope.project)[0]
    title = title if given.title is msgspec.UNSET else given.title.strip()
    description = description if given.description is msgspec.UNSET else given.description
    tx.run(
        "UPDATE projects SET title = :title, description = :description WHERE n = :n",
        title=title,
        description=description,
        n=scope.project,
    )
    rows.audit(tx, scope, "project.renamed", title=title)


def _move(
    tx: Tx, scope: Scope, state: Literal["active", "archived", "bin"], *, allowed: set[str], named: str
) -> Project:
    now = tx.run("SELECT state FROM projects WHERE n = :n", n=scope.project)[0][0]
    if now == state:
        return queries.get_project(tx, scope)
    if now not in allowed:
        problem = Problem("state", now, " or ".join(sorted(allowed)), "Restore the project first.")
        raise Refused([problem], status=409, title=f"The project is {now}")
    tx.run(
        "UPDATE projects SET state = :state, deleted_at = :deleted WHERE n = :n",
        state=state,
        deleted=tx.now() if state == "bin" else None,
        n=scope.project,
    )
    rows.audit(tx, scope, named)
    rows.touch(tx, scope)
    return queries.get_project(tx, scope)

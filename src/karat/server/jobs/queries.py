"""Reading jobs: one, many, their log."""

import datetime as dt

import msgspec

from karat.model.ids import unstamp
from karat.model.problem import Problem
from karat.server.access import Actor, Scope, enter_by_key, enter_workspace, missing
from karat.server.database import Tx
from karat.server.database.base import Row
from karat.server.jobs.schemas import JobBody, LogLine, Progress

COLUMNS = (
    "j.id, j.kind, p.id, j.state, j.attempt, j.done, j.total, j.unit, j.result, j.problems, COALESCE(l.id, ''), COALESCE(l.name, 'Karat'),"
    " j.created_at, j.started_at, j.finished_at, j.resumed_at, j.resumed_done"
)
TABLES = "jobs j LEFT JOIN logins l ON l.n = j.by LEFT JOIN projects p ON p.n = j.project"
LOG_SHOWN = 200


def enter_job(tx: Tx, actor: Actor, right: str, *, job: str) -> tuple[Scope, str]:
    """The actor's scope in a job's project or workspace, and the job's state."""
    found = tx.run(
        "SELECT j.project, w.id, j.state FROM jobs j JOIN workspaces w ON w.n = j.workspace WHERE j.id = :id", id=job
    )
    if not found:
        raise missing("job", job)
    project, workspace, state = found[0]
    if project is not None:
        return enter_by_key(tx, actor, right, project=project, what="job", shown=job), state
    if not _belongs(tx, actor, workspace):
        raise missing("job", job)
    return enter_workspace(tx, actor, right, workspace=workspace), state


def scope_of(tx: Tx, job: str) -> Scope:
    """The scope that a job works in: that of whoever asked for it, with the rights that were checked then; 0 is Karat itself."""
    found = tx.run(
        "SELECT j.workspace, j.project, l.n, l.id, l.name, l.email, m.role, m.author FROM jobs j LEFT JOIN logins l ON l.n = j.by"
        " LEFT JOIN memberships m ON m.workspace = j.workspace AND m.login = j.by WHERE j.id = :id",
        id=job,
    )
    workspace, project, login, id_, name, email, role, author = found[0]
    if login is None:
        return Scope(Actor(0, "", "Karat", ""), workspace, "owner", 0, project or 0)
    return Scope(Actor(login, id_, name, email), workspace, role or "annotator", author or 0, project or 0)


def get(tx: Tx, actor: Actor, job: str) -> JobBody:
    """One job with its log."""
    enter_job(tx, actor, "jobs.see", job=job)
    row = tx.run(f"SELECT {COLUMNS} FROM {TABLES} WHERE j.id = :id", id=job)[0]  # noqa: S608 - constants
    lines = tx.run("SELECT at, text FROM job_log WHERE job = :job ORDER BY n DESC LIMIT :n", job=job, n=LOG_SHOWN)
    return _body(row, now=tx.clock.now(), log=[LogLine(at, text) for at, text in reversed(lines)])


def listed(
    tx: Tx,
    actor: Actor,
    *,
    workspace: str | None = None,
    project: str | None = None,
    kind: str | None = None,
    state: str | None = None,
    limit: int,
    after: tuple[str, str] | None,
) -> list[JobBody]:
    """Jobs that the actor may see, the newest first; `after` is the time and id of the last one seen."""
    conditions = ["m.login = :login", "m.active", "m.role IN ('manager', 'owner')"]
    conditions += ["j.workspace = (SELECT n FROM workspaces WHERE id = :inside)"] if workspace else []
    conditions += ["p.id = :project"] if project else []
    conditions += ["j.kind = :kind"] if kind else []
    conditions += ["j.state = :state"] if state else []
    conditions += ["(j.created_at, j.id) < (:at, :id)"] if after else []
    conditions += ["j.workspace = :workspace"] if actor.token_workspace is not None else []
    rows = tx.run(
        f"SELECT {COLUMNS} FROM {TABLES} JOIN memberships m ON m.workspace = j.workspace"  # noqa: S608 - constants
        f" WHERE {' AND '.join(conditions)} ORDER BY j.created_at DESC, j.id DESC LIMIT :limit",
        login=actor.login,
        inside=workspace,
        project=project,
        kind=kind,
        state=state,
        workspace=actor.token_workspace,
        at=after[0] if after else None,
        id=after[1] if after else None,
        limit=limit,
    )
    now = tx.clock.now()
    return [_body(row, now=now, log=[]) for row in rows]


def unfinished(tx: Tx) -> list[tuple[str, int]]:
    """The jobs that have not ended, the oldest first, each with its attempt."""
    return [
        (id_, n) for id_, n in tx.run("SELECT id, attempt FROM jobs WHERE finished_at IS NULL ORDER BY created_at, id")
    ]


def _belongs(tx: Tx, actor: Actor, workspace: str) -> bool:
    return bool(
        tx.run(
            "SELECT 1 FROM memberships m JOIN workspaces w ON w.n = m.workspace WHERE w.id = :id AND m.login = :login AND m.active",
            id=workspace,
            login=actor.login,
        )
    )


def _body(row: Row, *, now: dt.datetime, log: list[LogLine]) -> JobBody:
    (
        id_, kind, project, state, attempt, done, total, unit, result, problems, by, name,
        created, started, finished, resumed, resumed_done,
    ) = row  # fmt: skip
    return JobBody(
        id=id_,
        kind=kind,
        project=project,
        state=state,
        attempt=attempt,
        progress=_progress(done, total, unit, since=resumed, until=finished, base=resumed_done, now=now),
        result=None if result is None else msgspec.json.decode(result),
        problems=msgspec.json.decode(problems, type=list[Problem]),
        log=log,
        created_by={"id": by, "name": name},
        created_at=created,
        started_at=started,
        finished_at=finished,
    )


def _progress(
    done: int, total: int | None, unit: str, *, since: str | None, until: str | None, base: int, now: dt.datetime
) -> Progress:
    if since is None:
        return Progress(done, total, unit, None, None)
    seconds = ((unstamp(until) if until else now) - unstamp(since)).total_seconds()
    rate = (done - base) / seconds if seconds > 0.2 and done > base else None
    left = None if rate is None or total is None or until else max(total - done, 0) / rate
    return Progress(
        done, total, unit, None if rate is None else round(rate, 1), None if left is None else round(left, 1)
    )

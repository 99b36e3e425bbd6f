"""Writing down what a job is asked, does, says and ends with."""

from collections.abc import Callable, Mapping, Sequence
from typing import Concatenate, NamedTuple, ParamSpec, TypeVar

import msgspec

from karat.model.problem import Problem, Refused
from karat.server.access import Actor, Scope
from karat.server.database import Tx
from karat.server.jobs.queries import enter_job, scope_of
from karat.server.jobs.schemas import Started
from karat.server.tell import tell

P = ParamSpec("P")
R = TypeVar("R")

LOG_LINES = 1000


class CancelledError(Exception):
    """Somebody asked for the job to stop."""


class SupersededError(Exception):
    """Another run has taken the job over, or it has ended: this one must not write any more."""


class Begun(NamedTuple):
    """A job as its run finds it."""

    kind: str
    arguments: str
    scope: Scope
    attempt: int
    done: int
    total: int | None
    runs: int


def create(tx: Tx, scope: Scope, kind: str, arguments: msgspec.Struct, *, unit: str = "items") -> Started:
    """Write down a job; hand it to `app.jobs.submit` after the commit. A crash between the two loses nothing."""
    id_ = tx.new_id()
    tx.run(
        "INSERT INTO jobs (id, workspace, project, kind, arguments, state, unit, by, created_at)"
        " VALUES (:id, :workspace, :project, :kind, :arguments, 'queued', :unit, :by, :at)",
        id=id_,
        workspace=scope.workspace,
        project=scope.project or None,
        kind=kind,
        arguments=msgspec.json.encode(arguments).decode(),
        unit=unit,
        by=scope.actor.login,
        at=tx.now(),
    )
    tell(tx, scope, "job.changed", thing="job", id=id_, kind=kind, state="queued")
    return Started(id_, 1)


def cancel(tx: Tx, actor: Actor, job: str) -> Scope:
    """Ask a job to stop; one that has not begun ends at once."""
    scope, state = enter_job(tx, actor, "jobs.change", job=job)
    if state == "queued":
        tx.run(
            "UPDATE jobs SET state = 'cancelled', cancel = TRUE, finished_at = :at WHERE id = :id", id=job, at=tx.now()
        )
    elif state == "running":
        tx.run("UPDATE jobs SET cancel = TRUE WHERE id = :id", id=job)
    else:
        raise _ended(state, "a job that is queued or running")
    say(tx, job, f"{actor.name} asked for the job to stop.")
    tell(tx, scope, "job.changed", thing="job", id=job, state="cancelling")
    return scope


def retry(tx: Tx, actor: Actor, job: str) -> Started:
    """Start an ended job again; it goes on after the steps that are written down."""
    scope, state = enter_job(tx, actor, "jobs.change", job=job)
    if state not in ("failed", "cancelled"):
        raise _ended(state, "a job that failed or was cancelled")
    found = tx.run(
        "UPDATE jobs SET state = 'queued', cancel = FALSE, problems = '[]', result = NULL, finished_at = NULL, runner = '', runs = 0,"
        " attempt = attempt + 1 WHERE id = :id AND state = :state RETURNING attempt",
        id=job,
        state=state,
    )
    say(tx, job, f"{actor.name} started the job again.")
    tell(tx, scope, "job.changed", thing="job", id=job, state="queued")
    return Started(job, found[0][0])


def begin(tx: Tx, job: str, runner: str) -> Begun | None:
    """Take a job for one run, away from any run before it; None where nothing is left to do."""
    found = tx.run(
        "UPDATE jobs SET state = 'running', runner = :runner, started_at = COALESCE(started_at, :at),"
        " resumed_at = :at, resumed_done = done, runs = runs + 1 WHERE id = :id AND finished_at IS NULL"
        " RETURNING kind, arguments, attempt, done, total, runs",
        id=job,
        runner=runner,
        at=tx.now(),
    )
    if not found:
        return None
    kind, arguments, attempt, done, total, runs = found[0]
    scope = scope_of(tx, job)
    tell(tx, scope, "job.changed", thing="job", id=job, state="running")
    return Begun(kind, arguments, scope, attempt, done, total, runs)


def note_progress(tx: Tx, job: str, runner: str, *, done: int, total: int | None) -> None:
    """Write down how far a run is. Raises where it was cancelled or another run has the job."""
    found = tx.run(
        "UPDATE jobs SET done = :done, total = :total WHERE id = :id AND runner = :runner AND state = 'running' RETURNING cancel",
        id=job,
        runner=runner,
        done=done,
        total=total,
    )
    if not found:
        raise SupersededError(job)
    if found[0][0]:
        raise CancelledError(job)


def do_step(
    tx: Tx,
    job: str,
    runner: str,
    step: int,
    done: int,
    total: int | None,
    action: Callable[Concatenate[Tx, P], R],
    /,
    *args: P.args,
    **kwargs: P.kwargs,
) -> R:
    """Run a step and write down that it is done in one transaction, so that it happens exactly once.

    Steps are numbered from 1 without a gap: a step whose predecessor failed is refused, or the job would skip rows when
    it goes on from the last one.
    """
    last = last_step(tx, job)
    if step != last + 1:
        raise SupersededError(f"step {step} of job {job} came after step {last}")
    result = action(tx, *args, **kwargs)
    tx.run(
        "INSERT INTO job_steps (job, step, result) VALUES (:job, :step, :result)",
        job=job,
        step=step,
        result=msgspec.json.encode(result).decode(),
    )
    # Last, so that on PostgreSQL the job's row is locked for the shortest time.
    note_progress(tx, job, runner, done=done, total=total)
    return result


def last_step(tx: Tx, job: str) -> int:
    """The number of the last step that is done; 0 where there is none."""
    found = tx.run("SELECT max(step) FROM job_steps WHERE job = :job", job=job)
    return found[0][0] or 0


def finish(
    tx: Tx,
    scope: Scope,
    job: str,
    runner: str,
    *,
    state: str,
    result: Mapping[str, object] | None = None,
    problems: Sequence[Problem] = (),
) -> None:
    """End a job, once: a run that lost it changes nothing. Its steps are forgotten once nobody can go on from them."""
    found = tx.run(
        "UPDATE jobs SET state = :state, result = :result, problems = :problems, finished_at = :at,"
        " total = CASE WHEN :state = 'done' THEN done ELSE total END WHERE id = :id AND runner = :runner AND state = 'running'"
        " RETURNING 1",
        id=job,
        runner=runner,
        state=state,
        result=None if result is None else msgspec.json.encode(result).decode(),
        problems=msgspec.json.encode(list(problems)[:100]).decode(),
        at=tx.now(),
    )
    if not found:
        raise SupersededError(job)
    if state == "done":
        tx.run("DELETE FROM job_steps WHERE job = :job", job=job)
    tell(tx, scope, "job.changed", thing="job", id=job, state=state)


def say(tx: Tx, job: str, text: str) -> None:
    """Add a line to a job's log; of a very long log the newest lines are kept."""
    tx.run("INSERT INTO job_log (job, at, text) VALUES (:job, :at, :text)", job=job, at=tx.now(), text=text[:4000])
    tx.run(
        "DELETE FROM job_log WHERE job = :job AND n <= (SELECT n FROM job_log WHERE job = :job ORDER BY n DESC LIMIT 1 OFFSET :keep)",
        job=job,
        keep=LOG_LINES,
    )


def tell_progress(tx: Tx, scope: Scope, job: str) -> None:
    """Wake those who watch the job."""
    tell(tx, scope, "job.changed", thing="job", id=job, state="running")


def beat(tx: Tx, runner: str) -> None:
    """Say that this process lives, by the database's clock."""
    tx.run(
        f"INSERT INTO job_runners (id, beat) VALUES (:id, {_NOW}) ON CONFLICT (id) DO UPDATE SET beat = excluded.beat",  # noqa: S608 - a constant
        id=runner,
    )


def leave(tx: Tx, runner: str) -> None:
    """Say that this process has ended: nothing of it is left to take over."""
    tx.run("DELETE FROM job_runners WHERE id = :id", id=runner)


def silent_runners(tx: Tx, *, seconds: float) -> list[str]:
    """The processes that have said nothing for so long."""
    found = tx.run(f"SELECT id FROM job_runners WHERE beat < {_NOW} - :seconds", seconds=seconds)  # noqa: S608 - a constant
    return [id_ for (id_,) in found]


def _ended(state: str, expected: str) -> Refused:
    problem = Problem("state", state, expected, "Look at the job again; it has moved on.")
    return Refused([problem], status=409, title="The job is past that")


_NOW = "EXTRACT(EPOCH FROM clock_timestamp())::float8"

"""The long work of reports: agreement over a whole project, and the consensus of every item."""

from collections.abc import Mapping

import msgspec

from karat.server.database import Tx
from karat.server.jobs.kinds import JobKind
from karat.server.jobs.running import Running
from karat.server.processes.workers import Limits, Worker, WorkerDiedError
from karat.server.reports import computing
from karat.server.reports.following import settle_project
from karat.server.reports.measuring import Looked, Measured, MeasurePlan, Says
from karat.server.reports.reading import answered_after
from karat.server.reports.schemas import Method
from karat.server.reports.settling import rules_of, weigh_one

SETTLED_AT_ONCE = 100
ENOUGH_MB = 4_000
SILENT_S = 1_800.0
"""The intervals of a large project take minutes, in which nothing is said."""


class RefreshWork(msgspec.Struct, frozen=True):
    """Nothing to say: the job's project is meant."""


class ConsensusWork(msgspec.Struct, frozen=True):
    """How answers are merged."""

    method: Method


def refresh(job: Running, _given: RefreshWork) -> Mapping[str, object]:
    """Compute agreement from every answer that stands. After a crash it is computed again: writing it twice does no harm."""
    total = job.db.read_now(_answered_count, job.project)
    limits = Limits(max(job.app.settings.worker_memory_mb, ENOUGH_MB))
    step = job.last_step()
    measured: Measured | None = None
    with Worker[Says]("measure", MeasurePlan(job.project), Says, limits=limits, settings=job.app.settings) as worker:
        try:
            for said in worker.answers(timeout_s=SILENT_S):
                if isinstance(said, Looked):
                    job.progress(said.items, total=total)
                    continue
                step += 1
                if isinstance(said, Measured):
                    measured = said
                    job.step(step, said.items, computing.write_reports, job.project, said.reports, upto=said.upto).result()
                else:
                    job.step(step, job.done, computing.write_distances, job.project, said.rows).result()
        except WorkerDiedError as error:
            # Nobody's mistake: the job is tried again, and the log has the story.
            raise RuntimeError(f"the measuring process died: {error}") from None
    if measured is None:
        raise RuntimeError("the measuring process ended before it was done")
    return {"items": measured.items, "fields": measured.fields}


def merge_all(job: Running, given: ConsensusWork) -> Mapping[str, object]:
    """Merge what was said on every item, and resolve those that are complete; ties are left to people."""
    job.db.write_now(set_method, job.project, given.method)
    if given.method == "weighted":
        job.say("Computing agreement first: it gives the weights.")
        refresh(job, RefreshWork())
    rules = job.db.read_now(rules_of, job.project)
    total = job.db.read_now(_answered_count, job.project, least=1)
    step = job.last_step()
    after = done = resolved = ties = 0
    while items := job.db.read_now(answered_after, job.project, after, least=1, limit=SETTLED_AT_ONCE):
        weighed = [weigh_one(item, rules) for item in items]
        step += 1
        resolved += job.step(step, done + len(items), settle_project, job.project, rules, weighed).result()
        ties += sum(any(field.tie for field in one.merged) for one in weighed)
        after, done = items[-1].n, done + len(items)
        job.progress(done, total=total)
    return {"items": done, "resolved": resolved, "ties": ties, "method": given.method}


def set_method(tx: Tx, project: int, method: Method) -> None:
    """Merge by this method from now on."""
    tx.run(
        "INSERT INTO reports (project, name, body, at, upto_seq) VALUES (:project, 'method', :body, :at, 0)"
        " ON CONFLICT (project, name) DO UPDATE SET body = excluded.body, at = excluded.at",
        project=project,
        body=msgspec.json.encode(method).decode(),
        at=tx.now(),
    )


def _answered_count(tx: Tx, project: int, *, least: int = 2) -> int:
    rows = tx.run(
        "SELECT count(*) FROM items WHERE project = :project AND deleted_at IS NULL AND responses > 0 AND responses >= :least",
        project=project,
        least=least,
    )
    return int(rows[0][0])


JOBS = [
    JobKind(name="reports.refresh", title="Compute agreement", arguments=RefreshWork, run=refresh),
    JobKind(name="consensus.merge", title="Compute the consensus", arguments=ConsensusWork, run=merge_all),
]

"""The job that computes agreement over a whole project, in a process beside the server."""

from collections.abc import Mapping

import msgspec

from karat.server.database import Tx
from karat.server.jobs.running import Running
from karat.server.processes.workers import Limits, Worker, WorkerDiedError
from karat.server.reports import computing
from karat.server.reports.measuring import Looked, Measured, MeasurePlan, Says

ENOUGH_MB = 4_000
SILENT_S = 1_800.0
"""The intervals of a large project take minutes, in which nothing is said."""


class RefreshWork(msgspec.Struct, frozen=True):
    """Nothing to say: the job's project is meant."""


def refresh(job: Running, _given: RefreshWork) -> Mapping[str, object]:
    """Compute agreement from every answer that stands. After a crash it is computed again: writing it twice does no harm."""
    total = job.db.read_now(answered_count, job.project)
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
                    job.step(
                        step, said.items, computing.write_reports, job.project, said.reports, upto=said.upto
                    ).result()
                else:
                    job.step(step, job.done, computing.write_distances, job.project, said.rows).result()
        except WorkerDiedError as error:
            # Nobody's mistake: the job is tried again, and the log has the story.
            raise RuntimeError(f"the measuring process died: {error}") from None
    if measured is None:
        raise RuntimeError("the measuring process ended before it was done")
    return {"items": measured.items, "fields": measured.fields}


def answered_count(tx: Tx, project: int, *, least: int = 2) -> int:
    """How many items at least so many have answered."""
    rows = tx.run(
        "SELECT count(*) FROM items WHERE project = :project AND deleted_at IS NULL AND responses > 0 AND responses >= :least",
        project=project,
        least=least,
    )
    return int(rows[0][0])

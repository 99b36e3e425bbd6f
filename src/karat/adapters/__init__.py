"""The first adapters of the ports, and which of them the settings name."""

from collections.abc import Callable
from pathlib import Path

from karat.ports.blobs import Blobs
from karat.ports.jobs import Jobs, Run
from karat.server.database import Database
from karat.server.settings import Settings


def open_blobs(settings: Settings) -> Blobs:
    """The blob store: a folder below `data`, or what `blobs` names, such as `s3://bucket/prefix`."""
    if not settings.blobs:
        from karat.adapters.blobs_local import LocalBlobs

        return LocalBlobs(settings.data / "blobs")
    from karat.adapters.blobs_object import ObjectBlobs

    return ObjectBlobs(settings.blobs)


def open_jobs(settings: Settings, db: Database, run: Run, unfinished: Callable[[], list[tuple[str, int]]]) -> Jobs:
    """The job library, with its own state beside this server's database."""
    if settings.job_library == "threads":
        from karat.adapters.jobs_threads import ThreadJobs

        return ThreadJobs(run, unfinished, threads=settings.job_threads)
    from karat.adapters.jobs_dbos import DbosJobs
    from karat.adapters.jobs_processes import DatabaseHeartbeat, take_identity

    identity = take_identity(Path(settings.data) / "jobs")
    return DbosJobs(
        run,
        unfinished,
        url=f"sqlite:///{Path(settings.data) / 'jobs.db'}" if settings.is_sqlite else settings.database,
        executor=identity.name,
        threads=settings.job_threads,
        heartbeat=None if settings.is_sqlite else DatabaseHeartbeat(db),
        closed=identity.release,
    )

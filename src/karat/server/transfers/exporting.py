"""The export job: a writing process makes the files, which then go to the blob store with a manifest of what they hold."""

import shutil
from pathlib import Path

import msgspec

import karat
from karat.formats.sinks import Written
from karat.model.problem import Problem, Refused
from karat.server.jobs.running import Running
from karat.server.jobs.schemas import JobFile
from karat.server.processes.workers import Limits, Worker, WorkerDiedError
from karat.server.transfers import queries
from karat.server.transfers.queries import ProjectNow
from karat.server.transfers.results import LOSSES, SHOWN_LOSSES, save_json
from karat.server.transfers.schemas import NewExport
from karat.server.transfers.snapshot import Wish
from karat.server.transfers.writing import Done, Says, Stopped, WritePlan, Wrote

MANIFEST = "manifest.json"
SILENT_S = 600.0
ENOUGH_MB = 4_000


def run(job: Running, given: NewExport) -> dict[str, object]:
    """Export what was asked for. A run that goes on keeps what was read before it, as far as nothing of it has changed."""
    project = job.db.read_now(queries.project_now, job.project)
    folder = job.folder() / "files"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    job.progress(0, total=project.items if given.filter is None and given.since is None else None, now=True)
    at = job.db.read_now(lambda tx: tx.now())
    done = _written(job, given, project, folder)
    job.progress(done.counts.items, total=done.counts.items)
    if done.kept:
        job.say(f"Kept {done.kept} items that an earlier run had read.")
    _check(job, done, project, given)
    saved = [_kept(job, folder, file) for file in done.files]
    saved.append(save_json(job, LOSSES, done.losses))
    saved.append(save_json(job, MANIFEST, manifest(given, project, done, at=at)))
    job.finish_files(saved)
    return {
        "items": done.counts.items,
        "responses": done.counts.responses,
        "annotations": done.counts.annotations,
        "files": len(saved),
        "losses": msgspec.to_builtins(done.losses[:SHOWN_LOSSES]),
        "writer_peak_mb": round(done.memory_mb),
    }


def manifest(given: NewExport, project: ProjectNow, done: Done, *, at: str) -> dict[str, object]:
    """What the files hold, so that whoever gets them can check that they are whole."""
    return {
        "karat_manifest": 1,
        "karat_version": karat.__version__,
        "project": {"id": project.id, "title": project.title},
        "schema_version": project.schema_version,
        "at": at,
        "format": given.format,
        "which": given.which,
        "author": given.author,
        "filter": given.filter,
        "since": given.since,
        "counts": msgspec.to_builtins(done.counts),
        "losses": msgspec.to_builtins(done.losses),
        "files": [{"name": file.name, "size": file.size, "sha256": file.sha256} for file in done.files],
    }


def _written(job: Running, given: NewExport, project: ProjectNow, folder: Path) -> Done:
    plan = WritePlan(
        folder=str(folder),
        parts=str(job.folder() / "parts"),
        scope=job.scope,
        format=given.format,
        schema=msgspec.json.decode(project.schema),
        wish=Wish(which=given.which, author=given.author, filter=given.filter, since=given.since),
        media=given.media,
    )
    limits = Limits(max(job.app.settings.worker_memory_mb, ENOUGH_MB))
    with Worker[Says]("write", plan, Says, limits=limits, settings=job.app.settings) as worker:
        try:
            for said in worker.answers(timeout_s=SILENT_S):
                if isinstance(said, Done):
                    return said
                if isinstance(said, Stopped):
                    raise Refused(said.problems, title=said.title)
                if isinstance(said, Wrote):
                    job.progress(said.items)
        except WorkerDiedError as error:
            # Not the wisher's mistake: the job is tried again, and the log has the story.
            raise RuntimeError(f"the writing process died: {error}") from None
    raise RuntimeError("the writing process ended before it was done")


def _check(job: Running, done: Done, project: ProjectNow, given: NewExport) -> None:
    """What was read and what the whole project has must agree, where nothing was left out on purpose."""
    if given.filter is not None or given.since is not None:
        return
    now = job.db.read_now(queries.project_now, job.project).items
    low, high = sorted((project.items, now))
    if not low <= done.counts.items <= high:
        problem = Problem(
            "items",
            str(done.counts.items),
            f"{low} to {high}, as the project counts",
            "Report this: an export must not leave out anything silently.",
        )
        raise Refused([problem], title="The export does not hold what the project has")


def _kept(job: Running, folder: Path, file: Written) -> JobFile:
    return job.save_file(file.name, folder / file.name, sha256=file.sha256)

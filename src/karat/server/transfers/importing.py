"""The import job: a reading process hands over chunks, and each is stored in one step that happens exactly once."""

import shutil
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future
from functools import partial
from pathlib import Path

import msgspec

from karat.model.problem import Problem, Refused
from karat.server.items import tiles
from karat.server.jobs.running import Running
from karat.server.media import tiling
from karat.server.media.fetching import fetch
from karat.server.media.places import Places
from karat.server.media.storing import store
from karat.server.processes.workers import Limits, Worker, WorkerDiedError
from karat.server.transfers import queries, results
from karat.server.transfers.authors import Known
from karat.server.transfers.chunks import Chunk, Ended, Failed, Opened, ReadPlan, Told
from karat.server.transfers.loading import Added, Target, add_chunk
from karat.server.transfers.schemas import NewImport
from karat.server.transfers.uploading import local_copy

ROWS = 250
"""Items a chunk: with more, people who label would wait for it."""
AHEAD = 32
"""Chunks that are handed to the database before the first of them is known to stand, so that they can share a commit …"""
AHEAD_BYTES = 12 << 20
"""… and how much they may hold."""
SILENT_S = 300.0


class Origin(msgspec.Struct, frozen=True):
    """What the first step keeps: which file this import began with, for the runs that go on."""

    fingerprint: str | None


def run(job: Running, given: NewImport) -> dict[str, object]:
    """Import what was asked for, from where an earlier run stopped."""
    project = job.db.read_now(queries.project_now, job.project)
    folder = job.folder()
    path, fingerprint = _bring(job, given, folder)
    last = job.last_step()
    if last == 0:
        job.step(1, 0, lambda _tx: Origin(fingerprint)).result()
    elif results.origin(job, Origin).fingerprint != fingerprint:
        raise Refused(
            [Problem("uri", "another file than before", "the file that the import began with", "Start a new import.")],
            title="The file changed while it was imported",
        )
    plan = ReadPlan(
        path=str(path),
        format=given.format,
        mapping=given.mapping,
        schema=msgspec.json.decode(project.schema),
        project=project.id,
        default_author=given.author,
        scratch=str(folder),
        roots=tuple(str(root) for root in job.app.settings.import_roots),
        hosts=job.app.settings.import_hosts,
        max_pixels=job.app.settings.max_tiled_pixels,
        skip=results.outputs_so_far(job),
        rows=ROWS,
    )
    if given.strict and last <= 1:
        _check(job, plan)
    is_large = partial(tiling.is_large, settings=job.app.settings)
    target = Target(project.id, project.schema_version, given.update, is_large)
    loader = _Loader(job, target, step=max(last, 1))
    notes, peak = loader.load(plan)
    large = [sha256 for added in results.added_steps(job) for sha256 in added.large]
    result = results.finish_import(job, notes, peak)
    tiles.ask_ahead(job.app, job.scope, large)
    return result


def _bring(job: Running, given: NewImport, folder: Path) -> tuple[Path, str | None]:
    """The source as a path of this machine."""
    if given.upload is not None:
        return local_copy(job.app.blobs, given.upload, folder), None
    settings = job.app.settings
    target = folder / "source"
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir()
    found = fetch(
        given.uri or "",
        Places(settings.import_roots, settings.import_hosts),
        target,
        limit=settings.max_upload_mb * 1_000_000,
        watch=lambda _size: job.check(),
    )
    return found.path, found.fingerprint


def _check(job: Running, plan: ReadPlan) -> None:
    """The first pass of a strict import: nothing is stored, and one bad row refuses the file."""
    with results.RejectsFile(job) as rejects:
        for told in _told(job, msgspec.structs.replace(plan, skip=0, check_only=True)):
            if isinstance(told, Chunk):
                rejects.write(told.rejects)
                job.check()
    if rejects.count:
        job.finish_files([rejects.save()])
        first = rejects.first.problems[0] if rejects.first and rejects.first.problems else None
        problem = Problem(
            first.path if first else "", first.got if first else "", first.expected if first else "",
            f"{rejects.count} rows are bad; the first is shown. See rejects.jsonl, mend them, and import again.",
            rejects.first.line if rejects.first else None,
        )  # fmt: skip
        raise Refused([problem], title="The file has bad rows, and the import was strict: nothing was added")


def _told(job: Running, plan: ReadPlan) -> Iterator[Told]:
    """What the reading process says; what stops it is told as a problem of the file."""
    limits = Limits(job.app.settings.worker_memory_mb)
    with Worker[Told]("read", plan, Told, limits=limits) as worker:
        try:
            for told in worker.answers(timeout_s=SILENT_S):
                if isinstance(told, Failed):
                    raise Refused(told.problems, title=told.title)
                yield told
                if isinstance(told, Ended):
                    return
        except WorkerDiedError as error:
            raise Refused([_unreadable(str(error), limits)], title="The file could not be read to its end") from None
        raise Refused([_unreadable("it ended early", limits)], title="The file could not be read to its end")


class _Loader:
    """Hands chunks to the database, a few at a time, and keeps account."""

    def __init__(self, job: Running, target: Target, *, step: int) -> None:
        self.job = job
        self.target = target
        self.step = step
        self.known: Known = {}
        self.waiting: deque[tuple[Future[Added], int]] = deque()
        self.held = 0

    def load(self, plan: ReadPlan) -> tuple[list[str], float]:
        """Store every chunk; the reader's notes and its peak of memory in MB."""
        for told in _told(self.job, plan):
            if isinstance(told, Ended):
                self._wait(0, 0)
                self.job.progress(self.job.done, total=self.job.done, now=True)
                return told.notes, told.memory_mb
            if isinstance(told, Opened):
                self.job.say(f"Reading {told.title}.")
            elif isinstance(told, Chunk):
                self._store(told)
        return [], 0.0

    def _store(self, chunk: Chunk) -> None:
        for file in chunk.media:
            store(self.job.app.blobs, self.job.scope.workspace, file.sha256, Path(file.path), move=file.spooled)
        size = sum(len(item.row) for item in chunk.items) + sum(len(response.row) for response in chunk.responses)
        self._wait(AHEAD - 1, AHEAD_BYTES - size)
        self.step += 1
        done = self.job.done + chunk.rows
        if chunk.share:
            self.job.total = max(round(done / chunk.share), done)
        self.waiting.append(
            (self.job.step(self.step, done, add_chunk, self.job.scope, self.target, chunk, self.known), size)
        )
        self.held += size

    def _wait(self, count: int, size: int) -> None:
        """Until no more chunks than that wait, and no more bytes."""
        while self.waiting and (len(self.waiting) > count or self.held > size):
            future, held = self.waiting.popleft()
            future.result()
            self.held -= held


def _unreadable(story: str, limits: Limits) -> Problem:
    return Problem(
        "file",
        story,
        f"a file that can be read with {limits.memory_mb} MB of memory",
        "Split the file, look whether it is damaged, or ask the operator to raise worker_memory_mb.",
    )

"""What an import comes to: the sums of its steps, the rejected rows and the losses as files."""

from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import IO, TypeVar

import msgspec

from karat.formats.base import LossCounter
from karat.server.database import Tx
from karat.server.jobs.running import Running
from karat.server.jobs.schemas import JobFile
from karat.server.transfers.chunks import Rejected
from karat.server.transfers.loading import Added

T = TypeVar("T")
PAGE = 200
REJECTS = "rejects.jsonl"
LOSSES = "losses.json"
SHOWN_LOSSES = 200


def origin(job: Running, type_: type[T]) -> T:
    """What the first step kept."""
    return msgspec.json.decode(job.db.read_now(_step, job.id, 1), type=type_)


def outputs_so_far(job: Running) -> int:
    """How many records and rejects the steps that stand have covered."""
    return sum(added.outputs for added in added_steps(job))


def added_steps(job: Running) -> Iterator[Added]:
    """The results of the steps that stored chunks, in order and a page at a time."""
    after = 1
    while page := job.db.read_now(_steps, job.id, after):
        for step, result in page:
            after = step
            yield msgspec.json.decode(result, type=Added)


def finish_import(job: Running, notes: list[str], peak_mb: float) -> dict[str, object]:
    """The job's result and files, from the steps alone: they say the same whichever run ends the job."""
    sums = dict.fromkeys(
        ("items_added", "items_skipped", "items_updated", "responses_added", "responses_skipped", "responses_updated"),
        0,
    )
    losses = LossCounter()
    rows = 0
    with RejectsFile(job) as rejects:
        for added in added_steps(job):
            rows += added.rows
            for name in sums:
                sums[name] += getattr(added, name)
            for loss in added.losses:
                losses.add(loss.what, loss.count, becomes=loss.becomes, remedy=loss.remedy)
            rejects.write(added.rejects)
    files = [save_json(job, LOSSES, losses.losses())]
    if rejects.count:
        files.append(rejects.save())
    job.finish_files(files)
    return {
        **sums,
        "rows": rows,
        "rejects": rejects.count,
        "losses": msgspec.to_builtins(losses.losses()[:SHOWN_LOSSES]),
        "notes": notes,
        "reader_peak_mb": round(peak_mb),
    }


def save_json(job: Running, name: str, value: object) -> JobFile:
    """A small file of a job."""
    path = job.folder() / name
    path.write_bytes(msgspec.json.format(msgspec.json.encode(value), indent=2) + b"\n")
    return job.save_file(name, path)


class RejectsFile:
    """The rejected rows as a file, one to a line with its reasons."""

    def __init__(self, job: Running) -> None:
        self.job = job
        self.path: Path = job.folder() / REJECTS
        self.count = 0
        self.first: Rejected | None = None
        self._file: IO[bytes] | None = None

    def __enter__(self) -> "RejectsFile":
        self._file = self.path.open("wb")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()

    def write(self, rejects: list[Rejected]) -> None:
        """Add rows."""
        if self._file is None:
            raise ValueError("the file is not open")
        for rejected in rejects:
            self.first = self.first or rejected
            self.count += 1
            self._file.write(msgspec.json.encode(rejected) + b"\n")

    def save(self) -> JobFile:
        """Keep it with the job."""
        return self.job.save_file(REJECTS, self.path)


def _step(tx: Tx, job: str, step: int) -> str:
    result: str = tx.run("SELECT result FROM job_steps WHERE job = :job AND step = :step", job=job, step=step)[0][0]
    return result


def _steps(tx: Tx, job: str, after: int) -> list[tuple[int, str]]:
    rows = tx.run(
        "SELECT step, result FROM job_steps WHERE job = :job AND step > :after ORDER BY step LIMIT :limit",
        job=job,
        after=after,
        limit=PAGE,
    )
    return [(step, result) for step, result in rows]

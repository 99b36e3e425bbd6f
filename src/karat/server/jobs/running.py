"""What a job's function holds while it runs: where it stands, how it says how far it is, how its steps happen once."""

import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

from karat.ports.jobs import Paused
from karat.server.access import Scope
from karat.server.database import Database, Tx
from karat.server.jobs import actions, files
from karat.server.jobs.schemas import JobFile

if TYPE_CHECKING:
    from karat.server.state import App

P = ParamSpec("P")
R = TypeVar("R")

# How often progress is written down and told to those who watch.
PROGRESS_S = 0.5
TOLD_S = 1.0


class Running:
    """One run of a job. Every write that belongs to the job goes through `step`, so that it happens exactly once."""

    def __init__(self, app: "App", job: str, runner: str, begun: actions.Begun, *, stop: threading.Event) -> None:
        self.app = app
        self.id = job
        self.runner = runner
        self.scope: Scope = begun.scope
        self.attempt = begun.attempt
        self.done = begun.done
        self.total = begun.total
        self._stop = stop
        self._written = self._told = 0.0

    @property
    def db(self) -> Database:
        """The database."""
        return self.app.db

    @property
    def project(self) -> int:
        """The project's key; 0 where the job has none."""
        return self.scope.project

    def folder(self) -> Path:
        """A folder for what this run makes on the way; removed when the job ends, and empty again on another machine."""
        path = self.app.settings.data / "jobs" / self.id
        path.mkdir(parents=True, exist_ok=True)
        return path

    def check(self) -> None:
        """Stop here where the process is about to end, somebody cancelled the job, or another run has taken it."""
        if self._stop.is_set():
            raise Paused
        if time.monotonic() - self._written > PROGRESS_S:
            self.progress(self.done)

    def progress(self, done: int, *, total: int | None = None, now: bool = False) -> None:
        """Say how far the job is; written down twice a second, or at once with `now`."""
        self.done = done
        self.total = total if total is not None else self.total
        if self._stop.is_set():
            raise Paused
        if not now and time.monotonic() - self._written < PROGRESS_S:
            return
        self._written = time.monotonic()
        self.db.write_now(actions.note_progress, self.id, self.runner, done=self.done, total=self.total)
        self._tell()

    def say(self, text: str) -> None:
        """Write a line into the job's log."""
        self.db.write_now(actions.say, self.id, text)

    def last_step(self) -> int:
        """The number of the last step that was done, by this run or one before it; 0 where there is none."""
        return self.db.read_now(actions.last_step, self.id)

    def step(
        self,
        step: int,
        done: int,
        action: Callable[Concatenate[Tx, P], R],
        /,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> "Future[R]":
        """Run an action in a transaction that also writes down that this step is done; its result is kept as JSON.

        Steps are numbered from 1 without a gap, and `done` is how far the job is after this one. The future lets the next
        chunk be made ready meanwhile; a step whose predecessor failed is refused.
        """
        if self._stop.is_set():
            raise Paused
        self.done = done
        future = self.db.write_bulk(
            actions.do_step, self.id, self.runner, step, done, self.total, action, *args, **kwargs
        )
        if time.monotonic() - self._told > TOLD_S:
            self._tell()
        return future

    def save_file(self, name: str, path: Path, *, sha256: str | None = None) -> JobFile:
        """Keep a file that the job made, for people to fetch from any machine. The file itself is moved away."""
        return files.save(self.app.blobs, self.id, name, path, sha256=sha256)

    def finish_files(self, saved: Iterable[JobFile]) -> None:
        """Write down which files the job has; until then none is shown."""
        files.write_list(self.app.blobs, self.id, saved)

    def _tell(self) -> None:
        self._told = time.monotonic()
        self.db.write_now(actions.tell_progress, self.scope, self.id)

"""Long work on the server: wait for it, watch it, cancel it, fetch its files."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from karat.model.problem import Problem
from karat.sdk.errors import KaratError

if TYPE_CHECKING:
    from karat.sdk.http import Connection

FINISHED = {"done", "failed", "cancelled"}
FIRST_POLL_S = 0.02
LAST_POLL_S = 0.5


class Progress(msgspec.Struct, frozen=True):
    """How far a job is."""

    done: int = 0
    total: int | None = None
    unit: str = "items"
    per_s: float | None = None
    eta_s: float | None = None


class LogLine(msgspec.Struct, frozen=True):
    """One line of a job's log."""

    at: str
    text: str


class JobState(msgspec.Struct, frozen=True):
    """A job as the server last told it."""

    id: str
    kind: str
    state: str
    progress: Progress = Progress()
    result: dict[str, object] | None = None
    problems: list[Problem] = []
    log: list[LogLine] = []


class JobFile(msgspec.Struct, frozen=True):
    """A file that a job made."""

    name: str
    size: int
    sha256: str


class Job:
    """A job of the server."""

    def __init__(self, connection: "Connection", state: JobState) -> None:
        self._connection = connection
        self.state = state

    @property
    def id(self) -> str:
        """The job's id."""
        return self.state.id

    @property
    def result(self) -> dict[str, object]:
        """What a finished job has to tell, e.g. the counts of an import."""
        return self.state.result or {}

    def refresh(self) -> "Job":
        """Ask the server how it is."""
        self.state = self._connection.get(f"jobs/{self.id}", JobState)
        return self

    def wait(self, *, timeout_s: float | None = None, watch: Callable[[JobState], None] | None = None) -> "Job":
        """Wait until it ends; raises `KaratError` where it failed or was cancelled. `watch` sees every state."""
        until = None if timeout_s is None else time.monotonic() + timeout_s
        pause = FIRST_POLL_S
        while self.refresh().state.state not in FINISHED:
            if watch:
                watch(self.state)
            if until is not None and time.monotonic() > until:
                raise KaratError(
                    f"Job {self.id} is still {self.state.state} after {timeout_s} s; it goes on. Wait again later."
                )
            time.sleep(pause)
            # A small job ends at once, a long one is not asked after many times a second.
            pause = min(pause * 1.5, LAST_POLL_S)
        if watch:
            watch(self.state)
        if self.state.state != "done":
            last = self.state.log[-1].text if self.state.log else "see its log"
            raise KaratError(f"The {self.state.kind} was {self.state.state}: {last}", problems=self.state.problems)
        return self

    def cancel(self) -> "Job":
        """Ask it to stop; what it did stays or is taken back, as its kind says."""
        self._connection.post(f"jobs/{self.id}/cancel")
        return self.refresh()

    def retry(self) -> "Job":
        """Run it again from where it stopped, where it failed or was cancelled."""
        self._connection.post(f"jobs/{self.id}/retry")
        return self.refresh()

    def files(self) -> list[JobFile]:
        """The files that it made."""
        return self._connection.get(f"jobs/{self.id}/files", list[JobFile])

    def download(self, to: str | Path) -> list[Path]:
        """Fetch its files into a folder."""
        folder = Path(to)
        found = []
        for file in self.files():
            path = folder / file.name
            if not path.resolve().is_relative_to(folder.resolve()):
                raise KaratError(
                    f"The server calls a file {file.name!r}, which would be written outside of {folder}; nothing was written there."
                )
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("wb") as target:
                self._connection.download(f"jobs/{self.id}/files/{file.name}", target)
            found.append(path)
        return found

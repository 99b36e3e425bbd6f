"""How long work is run: started once it is written down, gone on with after a crash, ended exactly once."""

from collections.abc import Callable
from typing import Protocol

Run = Callable[[str, str], None]
"""`run(job, runner)` does a job from where it stands and returns when nothing is left to do. `runner` is a name that no
other run has: the job's steps carry it, so that a run which was given up for dead cannot write any more. It is called
again after a crash, on this machine or another. It raises `Paused` when the process is about to stop."""


class Paused(BaseException):
    """The process stops and the job goes on at the next start. Not an `Exception`: nothing on the way may take it for a failure."""


class Jobs(Protocol):
    """Runs jobs that stand in the database. The database has the truth of what a job did; this has who runs it."""

    def start(self) -> None:
        """Begin, and go on with every job that was left unfinished. Returns at once."""
        ...

    def submit(self, job: str, attempt: int) -> None:
        """Run a job soon. Harmless when repeated with the same attempt. Returns at once."""
        ...

    def close(self) -> None:
        """Stop: jobs that run were told before to pause, and are waited for."""
        ...

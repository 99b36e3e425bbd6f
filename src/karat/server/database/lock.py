"""One server at a time on one embedded database."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from karat.model.problem import Problem, Refused

LOCK = "server.lock"


@contextmanager
def alone(data: Path, *, is_sqlite: bool) -> Iterator[None]:
    """Hold the lock of a data folder; the kernel lets go of it when the process ends, however it ends.

    Two servers on one SQLite file would each run its jobs and each believe to be the only writer. On PostgreSQL many
    servers are meant to run, so nothing is held.
    """
    if not is_sqlite:
        yield
        return
    data.mkdir(parents=True, exist_ok=True)
    with (data / LOCK).open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            problem = Problem(
                "data", str(data), "a folder that no running server uses", "Stop the server that runs on it first."
            )
            raise Refused([problem], status=409, title="A server is running on this data folder") from None
        yield

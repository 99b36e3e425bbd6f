"""How the processes that run jobs are told apart, and how they hear of one another."""

import fcntl
import uuid
from pathlib import Path
from typing import IO

from karat.server.database import Database
from karat.server.jobs import actions

MOST_PROCESSES = 256


class Identity:
    """A name that stands in a file which this process holds locked for as long as it lives."""

    def __init__(self, name: str, file: IO[str]) -> None:
        self.name = name
        self._file = file

    def release(self) -> None:
        """Let a process that starts later have the name."""
        self._file.close()


def take_identity(folder: Path) -> Identity:
    """The first name in this folder that no living process holds; the kernel frees it when the process ends, however it does."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(MOST_PROCESSES):
        file = (folder / f"runner-{number}").open("a+")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.close()
            continue
        file.seek(0)
        name = file.read().strip()
        if not name:
            name = str(uuid.uuid4())
            file.write(name)
            file.flush()
        return Identity(name, file)
    raise RuntimeError(f"{MOST_PROCESSES} processes use {folder}; give each server a data folder of its own")


class DatabaseHeartbeat:
    """Each process's sign of life, in the database that all of them share."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def beat(self, runner: str) -> None:
        """Say that this process lives."""
        self._db.write_now(actions.beat, runner)

    def silent(self, *, seconds: float) -> list[str]:
        """Those that have not said so for so long."""
        return self._db.read_now(actions.silent_runners, seconds=seconds)

    def leave(self, runner: str) -> None:
        """Forget a process: it ended, or its jobs were taken over."""
        self._db.write_now(actions.leave, runner)

"""Jobs in threads of this process, without a library: for tests, and for programs that end with their work."""

import threading
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import structlog

from karat.ports.jobs import Paused, Run

log = structlog.get_logger()


class ThreadJobs:
    """Goes on with unfinished jobs when it starts, and never on another machine: two processes would run each job twice."""

    def __init__(self, run: Run, unfinished: Callable[[], list[tuple[str, int]]], *, threads: int = 2) -> None:
        self._run = run
        self._unfinished = unfinished
        self._given: set[tuple[str, int]] = set()
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="karat-job")

    def start(self) -> None:
        """Begin, and go on with what was left unfinished."""
        for job, attempt in self._unfinished():
            self.submit(job, attempt)

    def submit(self, job: str, attempt: int) -> None:
        """Run a job soon."""
        with self._lock:
            if (job, attempt) in self._given:
                return
            self._given.add((job, attempt))
        self._pool.submit(self._do, job)

    def close(self) -> None:
        """Wait for the runs, which were told to pause."""
        self._pool.shutdown(cancel_futures=True)

    def _do(self, job: str) -> None:
        try:
            self._run(job, f"threads:{uuid.uuid4()}")
        except Paused:
            return
        except Exception as error:
            log.error("job.crashed", job=job, exc_info=error)

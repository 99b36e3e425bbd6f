"""Jobs on DBOS: a job is a workflow that is run until it returns, on this machine or on one that takes over."""

import logging
import threading
import uuid
from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import ParamSpec, Protocol, TypeVar

import structlog

from karat.ports.jobs import Paused, Run

log = structlog.get_logger()

P = ParamSpec("P")
T = TypeVar("T")

TICK_S = 1.0
AGAIN_S = 2.0
SILENT_S = 5.0
"""A process that says nothing for so long is taken for dead: with the tick and DBOS's own, its jobs go on within 10 s."""

# DBOS has one instance a process. Tests have several applications one after the other, never two at a time.
_one_at_a_time = threading.Lock()
_current: "DbosJobs | None" = None


class Heartbeat(Protocol):
    """How the processes of several machines know of one another; kept in the product's database."""

    def beat(self, runner: str) -> None:
        """Say that this process lives."""
        ...

    def silent(self, *, seconds: float) -> list[str]:
        """Those that have not said so for so long."""
        ...

    def leave(self, runner: str) -> None:
        """Forget a process: it ended, or its jobs were taken over."""
        ...


class DbosJobs:
    """DBOS is launched with the first job, or where one was left unfinished. It is imported soon after the start, not before the
    server answers: that takes up to two seconds.

    `executor` is the same after a restart of this process and different for each of those that run at once. `unfinished`
    gives the jobs that have not ended: a crash between writing down a job and submitting it loses nothing.
    """

    def __init__(
        self,
        run: Run,
        unfinished: Callable[[], list[tuple[str, int]]],
        *,
        url: str,
        executor: str,
        threads: int = 2,
        schema: str = "karat_jobs",
        heartbeat: Heartbeat | None = None,
        closed: Callable[[], None] = lambda: None,
    ) -> None:
        self._run = run
        self._unfinished = unfinished
        self._url = url.replace("postgresql://", "postgresql+psycopg://", 1)
        self._closed = closed
        self._executor = executor
        self._schema = schema
        self._slots = threading.Semaphore(threads)
        self._heartbeat = heartbeat
        self._asked: SimpleQueue[tuple[str, int] | None] = SimpleQueue()
        self._launched = False
        self._closing = threading.Event()
        self._active: set[str] = set()
        self._idle = threading.Condition()
        self._thread = threading.Thread(target=self._work, name="karat-jobs", daemon=True)

    def start(self) -> None:
        """Begin, and go on with what was left unfinished."""
        self._thread.start()

    def submit(self, job: str, attempt: int) -> None:
        """Run a job soon."""
        self._asked.put((job, attempt))

    def close(self) -> None:
        """Stop: running jobs, told before to pause, are waited for."""
        self._closing.set()
        self._asked.put(None)
        if self._thread.is_alive():
            self._thread.join()
        if self._heartbeat is not None:
            self._safely(self._heartbeat.leave, self._executor)
        self._closed()

    def do(self, job: str) -> None:
        """Called by DBOS, in one of its threads, once for each time that the job has to be run."""
        runner = f"{self._executor}:{uuid.uuid4()}"
        with self._idle:
            if self._closing.is_set():
                raise Paused
            self._active.add(runner)
        try:
            with self._slots:
                self._run_until_done(job, runner)
        finally:
            with self._idle:
                self._active.discard(runner)
                self._idle.notify_all()

    def _run_until_done(self, job: str, runner: str) -> None:
        """A run fails only where the database is away; to return then would end the workflow with the job undone."""
        while True:
            try:
                return self._run(job, runner)
            except Exception as error:
                log.error("jobs.run_failed", job=job, exc_info=error)
            if self._closing.wait(AGAIN_S):
                raise Paused

    def _work(self) -> None:
        waiting = self._safely(self._unfinished) or []
        is_warm = False
        while not self._closing.is_set():
            if self._heartbeat is not None:
                self._safely(self._beat)
            if waiting and self._safely(self._hand_over, waiting) is not None:
                waiting = []
            try:
                asked = self._asked.get(timeout=None if is_warm and self._heartbeat is None and not waiting else TICK_S)
            except Empty:
                if not is_warm:
                    # The server answers by now; whoever brings the first job would else wait for this.
                    self._safely(_silence)
                    is_warm = True
                continue
            if asked is not None:
                waiting.append(asked)
        self._shut()

    def _hand_over(self, jobs: list[tuple[str, int]]) -> bool:
        """Give jobs to DBOS, which runs each (job, attempt) once however often it is given."""
        self._launch()
        from dbos import DBOS, SetWorkflowID

        for job, attempt in jobs:
            with SetWorkflowID(f"{job}.{attempt}"):
                DBOS.start_workflow(_workflow, job)
        return True

    def _beat(self) -> None:
        if self._heartbeat is None:
            return
        self._heartbeat.beat(self._executor)
        for dead in self._heartbeat.silent(seconds=SILENT_S):
            log.info("jobs.taking_over", dead=dead, by=self._executor)
            self._launch()
            from dbos import DBOS

            # DBOS lets exactly one of several that ask for it run each workflow. It has no public name for this.
            DBOS._recover_pending_workflows([dead])
            self._heartbeat.leave(dead)

    def _launch(self) -> None:
        global _current
        if self._launched:
            return
        _silence()
        from dbos import DBOS

        if not _one_at_a_time.acquire(timeout=30):
            raise RuntimeError("another application of this process holds DBOS; close it first")
        _current = self
        _register()
        DBOS(
            config={
                "name": "karat",
                "system_database_url": self._url,
                "dbos_system_schema": self._schema,
                "executor_id": self._executor,
                # Ours, not a hash of the source: the next version of Karat must go on with this one's jobs.
                "application_version": "karat",
                "enable_otlp": False,
                "log_level": "WARNING",
                "sys_db_pool_size": 4,
            }
        )
        DBOS.launch()
        self._launched = True

    def _shut(self) -> None:
        global _current
        with self._idle:
            self._idle.wait_for(lambda: not self._active, timeout=30)
        if not self._launched:
            return
        from dbos import DBOS

        DBOS.destroy()
        _current = None
        self._launched = False
        _one_at_a_time.release()

    def _safely(self, act: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T | None:
        """Whatever goes wrong here, such as a database that is away for a minute, is tried again at the next tick."""
        try:
            return act(*args, **kwargs)
        except Exception as error:
            log.error("jobs.library_failed", exc_info=error)
            return None


class _ToStructlog(logging.Handler):
    """DBOS's own log as part of ours."""

    def emit(self, record: logging.LogRecord) -> None:
        log.log(record.levelno, "jobs.library", message=record.getMessage())


def _silence() -> None:
    """Take DBOS's log off the console, before it is imported and after."""
    logger = logging.getLogger("dbos")
    import dbos  # noqa: F401 - it puts its handler there when it is imported

    logger.handlers = [_ToStructlog()]
    logger.propagate = False


_workflow: Callable[[str], None]
_registered = False


def _register() -> None:
    global _workflow, _registered
    if _registered:
        return
    from dbos import DBOS

    # The runner counts how often a job was begun; DBOS giving it up would leave it neither running nor ended.
    @DBOS.workflow(name="karat.job", max_recovery_attempts=None)
    def run_job(job: str) -> None:
        if _current is None:
            raise Paused
        _current.do(job)

    _workflow = run_job
    _registered = True

"""One run of a job from beginning to end: tried again where that can help, and ended exactly once."""

import shutil
import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING

import msgspec
import structlog

from karat.model.problem import Problem, Refused
from karat.ports.jobs import Paused
from karat.server.jobs import actions, queries
from karat.server.jobs.actions import CancelledError, SupersededError
from karat.server.jobs.kinds import JobKind
from karat.server.jobs.running import Running

if TYPE_CHECKING:
    from karat.server.state import App

log = structlog.get_logger()

BACKOFF_S = (1.0, 5.0, 25.0)
"""How long a run waits before it is tried again; after the last one the job has failed."""


MOST_RUNS = 50
"""A job that was begun this often without an end takes the server down each time: it is given up."""


class Runner:
    """Runs jobs for the job library; `stop` lets those that run pause at their next step."""

    app: "App"
    """Set once the application is put together: the job library needs the runner, and the application the library."""

    def __init__(self, kinds: Mapping[str, JobKind], *, backoff_s: tuple[float, ...] = BACKOFF_S) -> None:
        self.kinds = kinds
        self.backoff_s = backoff_s
        self._stop = threading.Event()

    def stop(self) -> None:
        """Let every run pause at its next step, to go on at the next start."""
        self._stop.set()

    def unfinished(self) -> list[tuple[str, int]]:
        """The jobs that have not ended, each with its attempt."""
        return self.app.db.read_now(queries.unfinished)

    def run(self, job: str, runner: str) -> None:
        """Do a job from where it stands."""
        if self._stop.is_set():
            raise Paused
        begun = self.app.db.write_now(actions.begin, job, runner)
        if begun is None:
            return
        try:
            self._attempt(job, runner, begun)
        except SupersededError:
            log.info("job.superseded", job=job, runner=runner)
            return
        shutil.rmtree(self.app.settings.data / "jobs" / job, ignore_errors=True)

    def _attempt(self, job: str, runner: str, begun: actions.Begun) -> None:
        running = Running(self.app, job, runner, begun, stop=self._stop)
        if begun.runs > MOST_RUNS:
            return self._finish(running, "failed", problems=[_deadly(begun.runs)])
        if running.last_step():
            running.say(f"Going on after step {running.last_step()}.")
        for wait in (*self.backoff_s, None):
            try:
                kind = self.kinds[begun.kind]
                result = kind.run(running, msgspec.json.decode(begun.arguments, type=kind.arguments))
            except CancelledError:
                return self._finish(running, "cancelled")
            except (SupersededError, Paused):
                raise
            except Refused as error:
                running.say(error.title)
                return self._finish(running, "failed", problems=error.problems)
            except Exception as error:
                log.error("job.failed", job=job, kind=begun.kind, again_in_s=wait, exc_info=error)
                if wait is None:
                    return self._finish(running, "failed", problems=[_mistake(error)])
                running.say(f"{type(error).__name__}: {error}. Trying again in {wait:g} s.")
                if self._stop.wait(wait):
                    raise Paused from None
            else:
                running.progress(running.done, now=True)
                return self._finish(running, "done", result=result)
        return None

    def _finish(
        self,
        running: Running,
        state: str,
        *,
        result: Mapping[str, object] | None = None,
        problems: list[Problem] | None = None,
    ) -> None:
        self.app.db.write_now(
            actions.finish,
            running.scope,
            running.id,
            running.runner,
            state=state,
            result=result,
            problems=problems or (),
        )


def _mistake(error: Exception) -> Problem:
    return Problem(
        "job",
        f"{type(error).__name__}: {error}"[:500],
        "a run without errors",
        "Try the job again; if it fails again, the server's log says more.",
    )


def _deadly(runs: int) -> Problem:
    return Problem(
        "job",
        f"{runs} runs that ended with the server",
        f"at most {MOST_RUNS}",
        "Look into the server's log, then start the job again.",
    )

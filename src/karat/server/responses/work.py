"""Leaving many responses out, and taking them in again, as jobs."""

from collections.abc import Callable, Mapping

from karat.server.database import Tx
from karat.server.items.work import UndoWork
from karat.server.jobs.actions import CancelledError
from karat.server.jobs.kinds import JobKind
from karat.server.jobs.running import Running
from karat.server.responses.actions import (
    CHUNK,
    FIRST,
    NAME,
    ExcludeWork,
    Moved,
    Place,
    exclude_next,
    include_next,
    tell_stopped,
)


def exclude(job: Running, given: ExcludeWork) -> Mapping[str, object]:
    """Leave an author's responses out, chunk by chunk."""
    return _steps(job, given.operation, lambda tx, after: exclude_next(tx, job.scope, given, after=after))


def include(job: Running, given: UndoWork) -> Mapping[str, object]:
    """Take responses in again that an operation left out."""
    return _steps(job, given.undone, lambda tx, after: include_next(tx, job.scope, given.undone, after=after))


def _steps(job: Running, operation: str, step: Callable[[Tx, Place], Moved]) -> Mapping[str, object]:
    """Run steps until one finds less than a chunk. What a step moved is not found again, so a crash repeats nothing."""
    number, after, done = job.last_step(), FIRST, job.done
    try:
        while True:
            number += 1
            moved = job.step(number, done, step, after).result()
            done, after = done + moved.seen, moved.last
            job.progress(done)
            if moved.seen < CHUNK:
                return {"responses": done}
    except CancelledError:
        job.db.write_now(tell_stopped, job.scope, operation)
        raise


JOBS = [
    JobKind(name=NAME, title="Leave responses out", arguments=ExcludeWork, run=exclude, unit="responses"),
    JobKind(
        name="responses.include", title="Take responses in again", arguments=UndoWork, run=include, unit="responses"
    ),
]

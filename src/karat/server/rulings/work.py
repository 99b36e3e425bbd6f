"""Opening many items again, and taking that back, as jobs."""

from collections.abc import Callable, Mapping

import msgspec

from karat.server.database import Tx
from karat.server.items.work import UndoWork
from karat.server.jobs.kinds import JobKind
from karat.server.jobs.running import Running
from karat.server.rulings.reopening import NAME, ReopenWork, close_next, reopen_next


class Step(msgspec.Struct, frozen=True):
    """How far a job is, kept with its last step."""

    after: int
    seen: int
    changed: int


def reopen(job: Running, given: ReopenWork) -> Mapping[str, object]:
    """Open every item that the ruling's filter names."""

    def step(tx: Tx, before: Step) -> Step:
        seen, opened, after = reopen_next(tx, job.scope, given, after=before.after)
        return Step(after, before.seen + seen, before.changed + opened)

    return _steps(job, step) | {"operation": given.operation}


def close(job: Running, given: UndoWork) -> Mapping[str, object]:
    """Take opening again back."""

    def step(tx: Tx, before: Step) -> Step:
        seen, after = close_next(tx, job.scope, given.undone, after=before.after)
        return Step(after, before.seen + seen, before.changed + seen)

    return _steps(job, step) | {"operation": given.operation}


def _steps(job: Running, step: Callable[[Tx, Step], Step]) -> dict[str, object]:
    number = job.last_step()
    state = job.db.read_now(_reached, job.id, number)
    while True:
        number += 1
        before, state = state, job.step(number, state.seen, step, state).result()
        job.progress(state.seen)
        if state.seen == before.seen:
            return {"changed": state.changed}


def _reached(tx: Tx, job: str, step: int) -> Step:
    rows = tx.run("SELECT result FROM job_steps WHERE job = :job AND step = :step", job=job, step=step)
    return msgspec.json.decode(rows[0][0], type=Step) if rows else Step(0, 0, 0)


JOBS = [
    JobKind(name=NAME, title="Open items again", arguments=ReopenWork, run=reopen),
    JobKind(name="rulings.close", title="Take opening again back", arguments=UndoWork, run=close),
]

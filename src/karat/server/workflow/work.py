"""Giving many items to people, as a job."""

from collections.abc import Mapping

import msgspec

from karat.server.database import Tx
from karat.server.jobs.kinds import JobKind
from karat.server.jobs.running import Running
from karat.server.workflow.batches import NAME, GiveWork, fill_next


class Step(msgspec.Struct, frozen=True):
    """How far the job is, kept with its last step."""

    after: int
    seen: int
    given: int


def give(job: Running, given: GiveWork) -> Mapping[str, object]:
    """Put every item that the filter names and that waits into the batch."""

    def step(tx: Tx, before: Step) -> Step:
        seen, put, after = fill_next(tx, job.scope, given, after=before.after)
        return Step(after, before.seen + seen, before.given + put)

    number = job.last_step()
    state = job.db.read_now(_reached, job.id, number)
    while True:
        number += 1
        before, state = state, job.step(number, state.seen, step, state).result()
        job.progress(state.seen)
        if state.seen == before.seen:
            return {"batch": given.batch, "given": state.given, "left_out": state.seen - state.given}


def _reached(tx: Tx, job: str, step: int) -> Step:
    rows = tx.run("SELECT result FROM job_steps WHERE job = :job AND step = :step", job=job, step=step)
    return msgspec.json.decode(rows[0][0], type=Step) if rows else Step(0, 0, 0)


JOBS = [JobKind(name=NAME, title="Give items to people", arguments=GiveWork, run=give)]

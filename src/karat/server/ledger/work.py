"""The long work of pay: computing a period, and computing it once more to see that it comes out the same."""

from collections.abc import Mapping

import msgspec

from karat.model.pay import Formula
from karat.policies.pay.line import Inputs
from karat.policies.pay.tally import Tallies, Window
from karat.server.database import Tx
from karat.server.jobs.kinds import JobKind
from karat.server.jobs.running import Running
from karat.server.ledger import periods
from karat.server.ledger.agreeing import agreement_of
from karat.server.ledger.computing import Computed, holds, lines_of
from karat.server.ledger.evidence import evidence_of
from karat.server.ledger.formulas import version_of
from karat.server.ledger.gathering import Sources, count_work, next_items, sources_of, work_on
from karat.server.ledger.periods import COMPUTE, VERIFY, PeriodWork

STEP_ITEMS = 20_000
"""Items between two places from which a run that broke off goes on."""
MOST_SHOWN = 20


class Reached(msgspec.Struct):
    """How far the counting is, kept with the last step."""

    after: int = 0
    seen: int = 0
    tallies: Tallies = msgspec.field(default_factory=Tallies)


class Asked(msgspec.Struct, frozen=True):
    """A period to be computed."""

    window: Window
    formula: Formula


def compute(job: Running, given: PeriodWork) -> Mapping[str, object]:
    """Compute the lines of a period and write them down as a draft."""
    of = job.db.read_now(_asked, job.project, given.period)
    if of is None:
        return {"lines": 0}
    written = job.db.read_now(_kept, job.id, job.last_step())
    if isinstance(written, int):
        return {"total": written}
    lines, step = _lines(job, of)
    total = job.step(step + 1, job.done, periods.write, job.scope, given.period, lines).result()
    return {"lines": len(lines), "total": total}


def verify(job: Running, given: PeriodWork) -> Mapping[str, object]:
    """Compute a period anew from what was handed in, and hold it against what was written."""
    of = job.db.read_now(_asked, job.project, given.period)
    if of is None:
        return {"lines": 0, "same": 0, "differ": []}
    again = {line.author: line for line in _lines(job, of)[0]}
    before = {line.author: line for line in job.db.read_now(periods.stored, given.period)}
    same = [author for author, line in before.items() if line == again.get(author) and holds(line, of.formula)]
    others = sorted((before.keys() | again.keys()) - set(same))
    names = job.db.read_now(_names, others)
    differ = [_differing(names[author], before.get(author), again.get(author)) for author in others]
    if differ:
        job.say("What was handed in on items that were deleted for good cannot be counted again; their lines keep it.")
    return {"lines": len(before), "same": len(same), "differ": differ[:MOST_SHOWN]}


def _lines(job: Running, of: Asked) -> tuple[list[Computed], int]:
    """The lines, and the number of the last step."""
    sources = job.db.read_now(sources_of, job.project, of.window)
    reached, step = _count(job, of, sources)
    shared: dict[int, tuple[int, int]] = {}
    if of.formula.consistency is not None:
        for _, more in agreement_of(job.db, job.project, reached.tallies.people, sources, end=of.window.end):
            job.check()
            for author, (n, total) in more.items():
                m, sum_ = shared.get(author, (0, 0))
                shared[author] = (m + n, sum_ + total)
    evidence = job.db.read_now(evidence_of, job.project, of.formula, of.window)
    return lines_of(reached.tallies, evidence, shared, of.formula), step


def _count(job: Running, of: Asked, sources: Sources) -> tuple[Reached, int]:
    """Count every item of the project; memory grows with people, not with items."""
    total = job.db.read_now(lambda tx: tx.run("SELECT items FROM projects WHERE n = :n", n=job.project))[0][0]
    step = job.last_step()
    kept = job.db.read_now(_kept, job.id, step)
    reached = Reached() if isinstance(kept, int) else kept
    since = reached.seen
    while items := job.db.read_now(next_items, job.project, reached.after):
        work = job.db.read_now(work_on, job.project, items, sources, end=of.window.end)
        count_work(work, sources, reached.tallies, of.window, longest_ms=of.formula.longest_ms)
        reached.after, reached.seen = items[-1], reached.seen + len(items)
        job.progress(reached.seen, total=total)
        if reached.seen - since >= STEP_ITEMS:
            since, step = reached.seen, step + 1
            job.step(step, reached.seen, _keep, reached).result()
    return reached, step


def _keep(_tx: Tx, reached: Reached) -> Reached:
    """What is kept with a step is its result."""
    return reached


def _kept(tx: Tx, job: str, step: int) -> Reached | int:
    """Where to go on; the total where the lines are written already."""
    rows = tx.run("SELECT result FROM job_steps WHERE job = :job AND step = :step", job=job, step=step)
    return msgspec.json.decode(rows[0][0], type=Reached | int) if rows else Reached()


def _asked(tx: Tx, project: int, period: int) -> Asked | None:
    """What a period is computed by; None where the draft was replaced meanwhile."""
    rows = tx.run(
        "SELECT begin_at, end_at, formula FROM pay_periods WHERE n = :n AND project = :project",
        n=period,
        project=project,
    )
    return Asked(Window(rows[0][0], rows[0][1]), version_of(tx, project, rows[0][2])) if rows else None


def _names(tx: Tx, authors: list[int]) -> dict[int, str]:
    return {n: str(tx.run("SELECT name FROM authors WHERE n = :n", n=n)[0][0]) for n in authors}


def _differing(name: str, before: Computed | None, after: Computed | None) -> dict[str, object]:
    def said(line: Computed | None) -> Inputs | None:
        return line.inputs if line else None

    return {
        "person": name,
        "amount": before.amount if before else None,
        "now": after.amount if after else None,
        "inputs": said(before),
        "inputs_now": said(after),
    }


JOBS = [
    JobKind(name=COMPUTE, title="Compute pay", arguments=PeriodWork, run=compute),
    JobKind(name=VERIFY, title="Verify pay", arguments=PeriodWork, run=verify),
]

"""The job that makes the consensus of a project, in a process beside the server: learned where that is due, then settled."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from typing import Concatenate, ParamSpec, TypeVar

import msgspec

from karat.quality.consensus import Knowledge
from karat.server.database import Tx
from karat.server.jobs.running import Running
from karat.server.processes.workers import Limits, Worker, WorkerDiedError
from karat.server.reports.agreement_job import ENOUGH_MB, SILENT_S, RefreshWork, answered_count, refresh
from karat.server.reports.consensus_work import ConsensusWork
from karat.server.reports.knowing import Learning, learning_of, write_knowledge, write_learning
from karat.server.reports.merging import Finished, Learned, Looked, MergePlan, Says, Settled
from karat.server.reports.settling import settle_project
from karat.server.reports.weighing import Rules, Weighed, rules_of

P = ParamSpec("P")
R = TypeVar("R")


def merge_all(job: Running, given: ConsensusWork) -> Mapping[str, object]:
    """Learn who is how good where that is due, and settle the items by it; ties are left to people.

    A run that goes on neither learns anew nor settles anew what an earlier one has written down.
    """
    job.db.write_now(set_method, job.project, given.method)
    if given.method == "weighted":
        job.say("Computing agreement first: it gives the weights where nothing is learned.")
        refresh(job, RefreshWork())
    merge = _Merge(job, given)
    limits = Limits(max(job.app.settings.worker_memory_mb, ENOUGH_MB))
    plan = MergePlan(job.project, job.id, given.full)
    with Worker[Says]("merge", plan, Says, limits=limits, settings=job.app.settings) as worker:
        try:
            for said in worker.answers(timeout_s=SILENT_S):
                merge.hear(said)
        except WorkerDiedError as error:
            raise RuntimeError(f"the merging process died: {error}") from None
    return merge.result()


class _Merge:
    """What a merging process says, written down step by step."""

    def __init__(self, job: Running, given: ConsensusWork) -> None:
        self.job = job
        self.given = given
        self.step = job.last_step()
        self.answered = job.db.read_now(answered_count, job.project, least=1)
        last = job.db.read_now(learning_of, job.project)
        # An earlier run of this job may have learned, and settled some of the items.
        self.learning = last if last is not None and last.job == job.id else None
        self.looked = self.learning.items if self.learning else 0
        self.settled = self.learning.settled if self.learning else 0
        self.resolved = self.learning.resolved if self.learning else 0
        self.ties = self.learning.ties if self.learning else 0
        self.rules = job.db.read_now(rules_of, job.project)

    def hear(self, said: Says) -> None:
        """Take one message."""
        match said:
            case Looked(items=items):
                self.looked = items
                self.job.progress(items, total=2 * self.answered)
            case Learned(learning=learning, fields=fields):
                self.learning = learning
                self.job.say(f"Learned from {learning.items:,} items: {learning.why}.")
                known = msgspec.json.decode(fields, type=list[Knowledge])
                self._write(write_knowledge, self.job.project, learning, known).result()
            case Settled(weighed=weighed, upto=upto):
                self.settled += len(weighed)
                self.ties += _ties(weighed)
                self.resolved += self._write(
                    settle_part, self.job.project, self.rules, weighed, self.job.id, upto
                ).result()
                self.job.progress(self.looked + self.settled, total=2 * self.answered if self.looked else None)
            case Finished(learning=learning):
                if self.learning is None and not self.settled:
                    self.job.say("What was learned still holds, and nothing has changed since.")
                self._write(finish, self.job.project, learning).result()

    def result(self) -> dict[str, object]:
        """What it came to."""
        return {
            "items": self.settled,
            "resolved": self.resolved,
            "ties": self.ties,
            "method": self.given.method,
            "learned": self.learning is not None,
            "why": self.learning.why if self.learning else "",
        }

    def _write(self, action: Callable[Concatenate[Tx, P], R], *args: P.args, **kwargs: P.kwargs) -> "Future[R]":
        self.step += 1
        return self.job.step(self.step, self.looked + self.settled, action, *args, **kwargs)


def settle_part(tx: Tx, project: int, rules: Rules, weighed: list[Weighed], job: str, upto: int) -> int:
    """`settle_project`, and write down up to which item this job has settled all; how many were resolved."""
    resolved = settle_project(tx, project, rules, weighed)
    learning = learning_of(tx, project) if upto else None
    if learning is not None and learning.job == job:
        now = msgspec.structs.replace(
            learning,
            settled_to=upto,
            settled=learning.settled + len(weighed),
            resolved=learning.resolved + resolved,
            ties=learning.ties + _ties(weighed),
        )
        write_learning(tx, project, now)
    return resolved


def _ties(weighed: Sequence[Weighed]) -> int:
    return sum(any(field.tie for field in one.merged) for one in weighed)


def finish(tx: Tx, project: int, learning: Learning) -> bool:
    """Write down what holds now, unless another job has learned meanwhile."""
    now = learning_of(tx, project)
    if now is not None and now.run == learning.run:
        write_learning(tx, project, learning)
        return True
    return False


def set_method(tx: Tx, project: int, method: str) -> None:
    """Merge by this method from now on."""
    tx.run(
        "INSERT INTO reports (project, name, body, at, upto_seq) VALUES (:project, 'method', :body, :at, 0)"
        " ON CONFLICT (project, name) DO UPDATE SET body = excluded.body, at = excluded.at",
        project=project,
        body=msgspec.json.encode(method).decode(),
        at=tx.now(),
    )

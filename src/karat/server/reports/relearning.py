"""When a project's consensus is learned anew without anybody asking: as its answers grow by half, a job of Karat's own."""

from collections.abc import Iterable

from karat.kinds import KINDS
from karat.quality.consensus.by_kind import model_of
from karat.server.access import Actor, Scope
from karat.server.database import Tx
from karat.server.jobs import actions as jobs
from karat.server.jobs.schemas import Started
from karat.server.projects.queries import schema_of
from karat.server.reports.consensus_work import ConsensusWork
from karat.server.reports.knowing import learning_of
from karat.server.reports.weighing import method_of

FIRST = 100
"""Answers from which it is worth while to learn who is how good."""
GROWTH = 0.5
"""So many more answers than at the last time: a project that doubles is learned twice, whatever its size."""


def start_due(tx: Tx, projects: Iterable[int]) -> list[Started]:
    """Ask for a consensus of those of the projects that have grown enough and are not at it already."""
    return [
        jobs.create(tx, scope, "consensus.merge", ConsensusWork(method_of(tx, scope.project)))
        for scope in _due(tx, projects)
    ]


def _due(tx: Tx, projects: Iterable[int]) -> list[Scope]:
    found: list[Scope] = []
    for project in projects:
        rows = tx.run("SELECT workspace, responses FROM projects WHERE n = :n AND state = 'active'", n=project)
        if not rows or rows[0][1] < FIRST:
            continue
        learning = learning_of(tx, project)
        if learning is not None and rows[0][1] < learning.answers * (1 + GROWTH):
            continue
        if _can_learn(tx, project) and not _is_at_it(tx, project):
            found.append(Scope(Actor(0, "", "Karat", ""), rows[0][0], "owner", 0, project))
    return found


def _can_learn(tx: Tx, project: int) -> bool:
    _, schema = schema_of(tx, project)
    return any(model_of(field, KINDS[field.kind]) is not None for field in schema.fields.values())


def _is_at_it(tx: Tx, project: int) -> bool:
    """Whether a consensus is being made, or the last one failed: then somebody should look."""
    rows = tx.run(
        "SELECT state FROM jobs WHERE project = :project AND kind = 'consensus.merge' ORDER BY created_at DESC, id DESC LIMIT 1",
        project=project,
    )
    return bool(rows) and rows[0][0] in ("queued", "running", "failed", "cancelled")

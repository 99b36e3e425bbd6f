"""Deciding an item's result, and asking for what takes long."""

import msgspec

from karat.model.problem import Problem, Refused, shown
from karat.quality.consensus import METHODS
from karat.server.access import Actor, enter_item, enter_project, missing
from karat.server.database import Tx
from karat.server.jobs import actions as jobs
from karat.server.jobs.schemas import Started
from karat.server.labeling.actions.resolve import resolve as decide
from karat.server.reports.agreement_job import RefreshWork
from karat.server.reports.consensus_schemas import ConsensusRequest
from karat.server.reports.consensus_work import ConsensusWork
from karat.server.reports.schemas import Resolution, Resolve


def resolve(tx: Tx, actor: Actor, item: str, given: Resolve) -> Resolution:
    """Let a person choose the result of an item; later answers do not undo it."""
    scope, n = enter_item(tx, actor, "consensus.change", item=item)
    rows = tx.run(
        "SELECT r.n, v.state, r.excluded FROM responses r LEFT JOIN revisions v ON v.response = r.n AND v.revision = :revision"
        " WHERE r.id = :id AND r.item = :item AND r.project = :project",
        id=given.response,
        revision=given.revision,
        item=n,
        project=scope.project,
    )
    if not rows:
        raise missing("response", given.response)
    response, state, excluded = rows[0]
    if state != "submitted":
        got = "no such revision" if state is None else state
        problem = Problem(
            "revision", got, "a revision that was submitted", "Choose one of the response's submitted revisions."
        )
        raise Refused([problem], status=409, title="This cannot be an item's result")
    if excluded is not None:
        problem = Problem(
            "response",
            shown(given.response),
            "a response that is not excluded",
            "Undo the exclusion, or choose another.",
        )
        raise Refused([problem], status=409, title="This cannot be an item's result")
    decide(tx, scope, {n: (response, given.revision)}, is_decided=True)
    after = tx.run("SELECT state FROM items WHERE n = :n", n=n)[0][0]
    return Resolution(item, given.response, given.revision, after)


def start_refresh(tx: Tx, actor: Actor, project: str) -> Started:
    """Ask for agreement to be computed; a job that waits for the same is not doubled."""
    scope = enter_project(tx, actor, "consensus.change", project=project)
    waiting = tx.run(
        "SELECT id, attempt FROM jobs WHERE project = :project AND kind = 'reports.refresh' AND state = 'queued'",
        project=scope.project,
    )
    if waiting:
        return Started(*waiting[0])
    return jobs.create(tx, scope, "reports.refresh", RefreshWork())


def start_consensus(tx: Tx, actor: Actor, project: str, given: ConsensusRequest) -> Started:
    """Ask for every item to be merged by a method, which then holds for new answers too; what waits already is not doubled."""
    scope = enter_project(tx, actor, "consensus.change", project=project)
    if given.method not in METHODS:
        raise Refused(
            [Problem("method", shown(given.method), f"one of {', '.join(METHODS)}", "Name a method of consensus.")]
        )
    work = ConsensusWork(given.method, given.full)
    waiting = tx.run(
        "SELECT id, attempt FROM jobs WHERE project = :project AND kind = 'consensus.merge' AND state = 'queued' AND arguments = :arguments",
        project=scope.project,
        arguments=msgspec.json.encode(work).decode(),
    )
    return Started(*waiting[0]) if waiting else jobs.create(tx, scope, "consensus.merge", work)

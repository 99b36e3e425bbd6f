"""Where the items of a project are, what another policy would mean for them, and the versions that there were."""

import msgspec

from karat.model.policy import Policy, read_policy
from karat.model.who import Traits
from karat.policies import QUEUES
from karat.policies.flow import ItemState, Recounted, advance, resolving_stage
from karat.quality.consensus import METHODS
from karat.server.access import ROLES, Actor, enter_project
from karat.server.database import Tx
from karat.server.labeling.queries.versions import rules_of
from karat.server.projects.queries import policy_from, policy_of
from karat.server.workflow.schemas import Move, PolicyCheck, PolicyText, PolicyVersion, StageCounts, Workflow

MOST_VERSIONS = 200


def workflow(tx: Tx, actor: Actor, project: str) -> Workflow:
    """The workflow in force, with the items at each stage: read from what waits and what is held, not from all items."""
    scope = enter_project(tx, actor, "reports.see", project=project)
    version, policy = policy_of(tx, scope.project)
    counts = {name: {"open": 0, "claimed": 0, "waiting": 0, "done": 0} for name in policy.stages}
    for stage, state, items in tx.run(
        "SELECT stage, 'open', count(*) FROM queue WHERE project = :p GROUP BY stage"
        " UNION ALL SELECT stage, 'claimed', count(*) FROM assignments WHERE project = :p AND state = 'claimed'"
        " GROUP BY stage UNION ALL SELECT stage, 'waiting', count(*) FROM items WHERE project = :p AND state = 'labeled'"
        " AND deleted_at IS NULL GROUP BY stage",
        p=scope.project,
    ):
        if stage in counts:
            counts[stage][state] = items
    counts[resolving_stage(policy)]["done"] = tx.run("SELECT done FROM projects WHERE n = :p", p=scope.project)[0][0]
    moving = bool(tx.run("SELECT 1 FROM recounts WHERE project = :p", p=scope.project))
    stages = {name: StageCounts(**found) for name, found in counts.items()}
    return Workflow(
        version=version,
        policy=msgspec.to_builtins(policy),
        counts=stages,
        queues={name: queue.title for name, queue in QUEUES.items()},
        methods=list(METHODS),
        moving=moving,
    )


def check(tx: Tx, actor: Actor, project: str, given: PolicyText) -> PolicyCheck:
    """What is wrong with a policy; or what it is, who could work at its stages, and what it would mean for the items."""
    scope = enter_project(tx, actor, "project.change", project=project)
    policy, problems = read_policy(given.policy, set(QUEUES), METHODS)
    if policy is None:
        return PolicyCheck(policy=None, problems=problems, people={})
    return PolicyCheck(
        policy=msgspec.to_builtins(policy),
        problems=[],
        people=_people(tx, scope.workspace, policy),
        plan=_plan(tx, scope.project, policy) if given.plan else None,
    )


def versions(tx: Tx, actor: Actor, project: str) -> list[PolicyVersion]:
    """The versions of the workflow, the newest first."""
    scope = enter_project(tx, actor, "project.change", project=project)
    rows = tx.run(
        "SELECT o.version, l.name, o.at, o.document FROM policies o JOIN logins l ON l.n = o.by WHERE o.project = :p"
        " ORDER BY o.version DESC LIMIT :most",
        p=scope.project,
        most=MOST_VERSIONS,
    )
    return [
        PolicyVersion(version=version, by=by, at=at, policy=msgspec.to_builtins(policy_from(document)))
        for version, by, at, document in rows
    ]


def _people(tx: Tx, workspace: int, policy: Policy) -> dict[str, int]:
    teams: dict[int, set[str]] = {}
    for author, name in tx.run(
        "SELECT m.author, t.name FROM team_members m JOIN teams t ON t.n = m.team WHERE t.workspace = :w", w=workspace
    ):
        teams.setdefault(author, set()).add(name)
    members = [
        (ROLES.index(role), Traits(id_, frozenset(teams.get(author, ())), _words(skills), _words(languages)))
        for id_, role, author, skills, languages in tx.run(
            "SELECT id, role, author, skills, languages FROM memberships WHERE workspace = :w AND active", w=workspace
        )
    ]
    return {
        name: sum(
            rank >= ROLES.index(stage.role) and (stage.who is None or stage.who.fits(traits))
            for rank, traits in members
        )
        for name, stage in policy.stages.items()
        if stage.do != "resolve"
    }


def _words(text: str) -> frozenset[str]:
    return frozenset(msgspec.json.decode(text, type=list[str]))


def _plan(tx: Tx, project: int, policy: Policy) -> list[Move]:
    """Where the items would stand, by the same reducer that will bring them there; items alike are asked for once."""
    is_held = rules_of(tx, project).is_held
    rows = tx.run(
        "SELECT i.stage, i.state, i.responses, x.wanted, x.aside, x.sent, z.by, count(*) FROM items i"
        " LEFT JOIN exceptions x ON x.item = i.n LEFT JOIN resolutions z ON z.item = i.n"
        " WHERE i.project = :p AND i.deleted_at IS NULL"
        " GROUP BY i.stage, i.state, i.responses, x.wanted, x.aside, x.sent, z.by",
        p=project,
    )
    moves: dict[tuple[str, str, str, str], int] = {}
    for stage, state, answers, wanted, aside, sent, by, items in rows:
        before = ItemState(
            stage=stage, state=state, answers=answers, wanted=wanted, aside=bool(aside), sent=sent, decided=bool(by)
        )
        after, _ = advance(before, Recounted(), policy, is_held=is_held)
        key = (stage, state, after.stage, after.state)
        moves[key] = moves.get(key, 0) + items
    return [
        Move(stage=stage, state=state, to_stage=to, to_state=then, items=items)
        for (stage, state, to, then), items in sorted(moves.items())
    ]

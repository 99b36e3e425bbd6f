"""What waits for somebody, over all their projects: judging, questions, appeals; of one's own, what was answered."""

from collections.abc import Iterator, Sequence

import msgspec

from karat.policies.flow import JUDGED
from karat.server.access import ROLES, Actor, Scope, can
from karat.server.boards.schemas import Age
from karat.server.boards.standing import stages_of
from karat.server.database import Tx
from karat.server.labeling.queries.traits import traits_of
from karat.server.labeling.queries.versions import rules_of

SHOWN = 20
"""Of one's own questions that were answered, the newest."""


class ToJudge(msgspec.Struct, frozen=True, kw_only=True):
    """A stage at which somebody may judge: how many items wait there, and by how long they have."""

    project: str
    title: str
    stage: str
    do: str
    items: int
    ages: list[Age]
    waits_since: str | None


class ToDecide(msgspec.Struct, frozen=True):
    """Questions or appeals of a project that nobody has decided, and since when the first waits."""

    project: str
    title: str
    n: int
    since: str


class OwnAnswer(msgspec.Struct, frozen=True):
    """A question of one's own that was answered or ruled since, and not closed yet."""

    project: str
    title: str
    thread: str
    item: str
    state: str
    at: str


class Todo(msgspec.Struct, frozen=True, kw_only=True):
    """What waits for somebody. Annotators have `answered` alone: nothing here speaks of other people's work."""

    judge: list[ToJudge]
    questions: list[ToDecide]
    appeals: list[ToDecide]
    answered: list[OwnAnswer]


def todo(tx: Tx, actor: Actor) -> Todo:
    """What waits for somebody, the oldest first."""
    scopes = list(_scopes(tx, actor))
    judging = [one for scope in scopes if scope[0].has("review") for one in _judging(tx, *scope)]
    return Todo(
        judge=sorted(judging, key=lambda one: (one.waits_since or "~", one.title, one.stage)),
        questions=[q for s in scopes if s[0].has("rule") for q in _deciding(tx, *s, _QUESTIONS)],
        appeals=[a for s in scopes if s[0].has("appeals.decide") for a in _deciding(tx, *s, _APPEALS)],
        answered=sorted((one for s in scopes for one in _answered(tx, *s)), key=lambda one: one.at, reverse=True)[
            :SHOWN
        ],
    )


def _scopes(tx: Tx, actor: Actor) -> Iterator[tuple[Scope, str, str]]:
    """The active projects of somebody's workspaces with their role there, the newest first."""
    rows = tx.run(
        "SELECT p.n, p.id, p.title, p.workspace, m.role, m.author FROM memberships m"
        " JOIN projects p ON p.workspace = m.workspace AND p.state = 'active'"
        " WHERE m.login = :login AND m.active ORDER BY p.n DESC",
        login=actor.login,
    )
    for n, id_, title, workspace, role, author in rows:
        if actor.token_workspace in (None, workspace) and can(actor, "work.see", role):
            yield Scope(actor, workspace, role, author, n), id_, title


def _judging(tx: Tx, scope: Scope, id_: str, title: str) -> Iterator[ToJudge]:
    """The stages that somebody's role, skills and groups open to them."""
    rules = rules_of(tx, scope.project)
    traits = traits_of(tx, scope, rules)
    for row in stages_of(tx, scope, rules.policy):
        stage = rules.policy.stages.get(row.stage)
        if stage is None or stage.do not in JUDGED or "review" not in row.by_state:
            continue
        fits = stage.who is None or traits is None or stage.who.fits(traits)
        if fits and ROLES.index(scope.role) >= ROLES.index(stage.role):
            yield ToJudge(
                project=id_,
                title=title,
                stage=row.stage,
                do=row.do,
                items=row.by_state["review"].n,
                ages=row.ages,
                waits_since=row.waits_since,
            )


def _deciding(tx: Tx, scope: Scope, id_: str, title: str, sql: str) -> Sequence[ToDecide]:
    n, since = tx.run(sql, project=scope.project)[0]
    return [ToDecide(id_, title, int(n), since)] if n else []


def _answered(tx: Tx, scope: Scope, id_: str, title: str) -> list[OwnAnswer]:
    rows = tx.run(
        "SELECT t.id, i.id, t.state, t.changed_at FROM threads t JOIN items i ON i.n = t.item"
        " WHERE t.project = :project AND t.author = :author AND t.kind = 'question' AND t.state IN ('answered', 'ruled')"
        " ORDER BY t.changed_at DESC LIMIT :limit",
        project=scope.project,
        author=scope.author,
        limit=SHOWN,
    )
    return [OwnAnswer(id_, title, *row) for row in rows]


_QUESTIONS = (
    "SELECT count(*), min(changed_at) FROM threads WHERE project = :project AND state = 'open' AND kind = 'question'"
)
_APPEALS = "SELECT count(*), min(at) FROM appeals WHERE project = :project AND state = 'open'"

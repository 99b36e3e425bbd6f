"""Who may do what: the one place that answers, and the scope that every query filters by."""

from collections.abc import Callable
from typing import Concatenate, Literal, ParamSpec, TypeVar

import msgspec

from karat.model.problem import Problem, Refused
from karat.server import item_ids
from karat.server.database import Tx
from karat.server.database.base import Row

P = ParamSpec("P")
R = TypeVar("R")
Role = Literal["annotator", "reviewer", "manager", "owner"]
ROLES: tuple[Role, ...] = ("annotator", "reviewer", "manager", "owner")
TokenScope = Literal["read", "write", "admin"]
TOKEN_SCOPES: tuple[TokenScope, ...] = ("read", "write", "admin")


class Right(msgspec.Struct, frozen=True):
    """The least role, and the least scope of a token, that something needs."""

    role: Role
    scope: TokenScope


RIGHTS: dict[str, Right] = {
    "appeal": Right("annotator", "write"),  # against a verdict on one's own answer
    "appeals.decide": Right("reviewer", "write"),
    "audit.see": Right("owner", "admin"),
    "consensus.change": Right("manager", "write"),
    "consensus.see": Right("reviewer", "read"),
    "export": Right("manager", "read"),
    "fairness.board": Right("owner", "write"),  # name who signs: not the manager, whose work is signed
    "fairness.change": Right("manager", "write"),
    "fairness.report": Right("reviewer", "write"),
    "fairness.see": Right("reviewer", "read"),
    "fairness.sign": Right("reviewer", "admin"),  # in person, and only as one of the project's board
    "gold.change": Right("manager", "write"),
    "gold.see": Right("reviewer", "read"),
    "guideline.change": Right("manager", "write"),
    "guideline.read": Right("annotator", "write"),  # confirm to have read it
    "guideline.see": Right("annotator", "read"),
    "import": Right("manager", "write"),
    "items.change": Right("manager", "write"),
    "items.see": Right("reviewer", "read"),
    "jobs.change": Right("manager", "write"),
    "jobs.see": Right("manager", "read"),
    "label": Right("annotator", "write"),
    "label.any": Right("reviewer", "write"),  # open mode: choose an item instead of being given one
    "me.change": Right("annotator", "admin"),  # one's own account, in person: no token may
    "me.see": Right("annotator", "read"),
    "metrics.see": Right("owner", "read"),  # or from loopback
    "notices.hooks": Right("owner", "admin"),  # tell other programs what happens here
    "notices.read": Right("annotator", "write"),
    "pay.change": Right("manager", "write"),  # the formula, the budget, periods, and what is decided on a line
    "pay.contest": Right("annotator", "write"),  # a line of one's own
    "pay.mine": Right("annotator", "read"),  # the formula, and one's own lines
    "pay.see": Right("manager", "read"),
    "people.change": Right("owner", "admin"),
    "people.invite": Right("manager", "admin"),
    "people.reset": Right(
        "owner", "admin"
    ),  # in person: the link opens an account, perhaps that of whoever made the token
    "people.see": Right("manager", "read"),
    "people.traits": Right("manager", "write"),  # say what people know, and group them
    "precedents.see": Right("annotator", "read"),  # without names, and without other people's items
    "presence.see": Right("reviewer", "read"),
    "project.change": Right("manager", "write"),
    "project.create": Right("manager", "write"),
    "project.delete": Right("manager", "write"),
    "project.see": Right("annotator", "read"),
    "reports.see": Right("reviewer", "read"),
    "responses.exclude": Right("manager", "write"),
    "responses.see": Right("reviewer", "read"),
    "review": Right("reviewer", "write"),  # judge what others answered
    "rule": Right("reviewer", "write"),  # decide a question for all
    "team.change": Right("manager", "write"),  # pause somebody, raise their share of review, undo what a rule did
    "threads.see": Right("annotator", "read"),  # annotators: their own, and those in which they are named
    "threads.write": Right("annotator", "write"),
    "tokens.make": Right("annotator", "admin"),  # in person: a token that makes tokens would outlive its own revocation
    "tokens.own": Right("annotator", "admin"),  # see and revoke; a token of any scope may revoke itself
    "views.change": Right("manager", "write"),
    "work.see": Right("annotator", "read"),  # own tasks, drafts, answers and progress
    "workspace.change": Right("owner", "admin"),
    "workspace.create": Right("owner", "admin"),  # of any workspace, in person
    "workspace.see": Right("annotator", "read"),
}

# Work goes on in an active project only; an archived one can be read, exported and taken back.
CLOSED_TO = frozenset(
    {
        "appeal",
        "appeals.decide",
        "consensus.change",
        "guideline.change",
        "import",
        "items.change",
        "label",
        "label.any",
        "responses.exclude",
        "review",
        "rule",
        "threads.write",
    }
)


class Actor(msgspec.Struct, frozen=True):
    """Who asks: a person, signed in or with a token."""

    login: int
    id: str
    name: str
    email: str
    session: str | None = None
    """The session's id; None for a token."""
    token: str | None = None
    token_workspace: int | None = None
    scope: TokenScope = "admin"
    address: str = ""


NOBODY = Actor(0, "", "Karat", "")
"""Who acts where the server follows its own events."""


class Scope(msgspec.Struct, frozen=True):
    """Where an actor is and as whom: the first argument of every query, which filters by it."""

    actor: Actor
    workspace: int
    role: Role
    author: int
    """The actor as an author of responses in this workspace."""
    project: int = 0
    """0 where no project is meant."""

    def has(self, right: str) -> bool:
        """Whether this actor has another right here too."""
        return can(self.actor, right, self.role)


def can(actor: Actor, right: str, role: Role | None) -> bool:
    """Whether an actor who has this role in the workspace may do what the right names."""
    needed = RIGHTS[right]
    if role is None or ROLES.index(role) < ROLES.index(needed.role):
        return False
    return TOKEN_SCOPES.index(actor.scope) >= TOKEN_SCOPES.index(needed.scope)


def enter_workspace(tx: Tx, actor: Actor, right: str, *, workspace: str) -> Scope:
    """The actor's scope in a workspace: 404 where they do not belong, 403 where their role is not enough."""
    found = tx.run(
        "SELECT w.n, m.role, m.author FROM workspaces w JOIN memberships m ON m.workspace = w.n"
        " WHERE w.id = :id AND m.login = :login AND m.active",
        id=workspace,
        login=actor.login,
    )
    if not found or not _within(actor, found[0][0]):
        raise missing("workspace", workspace)
    n, role, author = found[0]
    _allow(actor, right, role)
    return Scope(actor, n, role, author)


def enter_project(tx: Tx, actor: Actor, right: str, *, project: str) -> Scope:
    """The actor's scope in a project: 404 in another tenant's, 403 where the role is not enough, 409 in a closed one."""
    return _enter(tx, actor, right, "p.id = :id", project, "project")


def in_project(
    tx: Tx,
    actor: Actor,
    right: str,
    project: str,
    query: Callable[Concatenate[Tx, Scope, P], R],
    *args: P.args,
    **kwargs: P.kwargs,
) -> R:
    """What a query finds for the actor in a project; what `enter_project` refuses is refused."""
    return query(tx, enter_project(tx, actor, right, project=project), *args, **kwargs)


def enter_item(tx: Tx, actor: Actor, right: str, *, item: str) -> tuple[Scope, int]:
    """The actor's scope in an item's project, and the item's key. One query: labeling asks for it with every answer."""
    found = tx.run(
        "SELECT p.n, p.workspace, p.state, m.role, m.author, i.n FROM items i JOIN projects p ON p.n = i.project"  # noqa: S608 - a constant
        " JOIN memberships m ON m.workspace = p.workspace"
        f" WHERE i.n = {item_ids.FOUND} AND i.deleted_at IS NULL AND m.login = :login AND m.active",
        id=item,
        guess=item_ids.guess(tx, item),
        login=actor.login,
    )
    if not found:
        raise missing("item", item)
    *place, n = found[0]
    return _entered(actor, right, place, "item", item), n


def enter_response(tx: Tx, actor: Actor, right: str, *, response: str) -> tuple[Scope, int]:
    """The actor's scope in a response's project, and the response's key."""
    found = tx.run("SELECT n, project FROM responses WHERE id = :id", id=response)
    if not found:
        raise missing("response", response)
    return _enter(tx, actor, right, "p.n = :id", found[0][1], "response", response), found[0][0]


def enter_by_key(tx: Tx, actor: Actor, right: str, *, project: int, what: str, shown: str) -> Scope:
    """The actor's scope in a project known by its key, for things that hang on it: jobs, uploads, assignments.

    `what` and `shown` name the thing that was asked for, in the 404 of someone who must not know of it.
    """
    return _enter(tx, actor, right, "p.n = :id", project, what, shown)


def in_person(actor: Actor) -> str:
    """The session of somebody who is signed in; a token must not take over the account that made it."""
    if actor.session is None:
        problem = Problem("token", "an API token", "a session", "Sign in with a browser for this.")
        raise Refused([problem], status=403, title="An API token cannot do this")
    return actor.session


def missing(what: str, given: str) -> Refused:
    """404: it is not there, or it is another tenant's, which is the same to whoever asks."""
    problem = Problem(
        what, given, f"the id of a {what} that you can see", "Check the address; it may have been deleted."
    )
    return Refused([problem], status=404, title=f"There is no such {what}")


def denied(right: str, role: Role) -> Refused:
    """403: a member, but not with the role or token that this needs."""
    needed = RIGHTS[right]
    problem = Problem(
        "role",
        role,
        f"{needed.role} (token scope {needed.scope}) or higher",
        "Ask an owner of the workspace for the role.",
    )
    return Refused([problem], status=403, title="Your role does not allow this")


def _enter(
    tx: Tx, actor: Actor, right: str, where: str, given: str | int, what: str, shown: str | None = None
) -> Scope:
    found = tx.run(
        "SELECT p.n, p.workspace, p.state, m.role, m.author FROM projects p"  # noqa: S608 - `where` is one of two constants
        f" JOIN memberships m ON m.workspace = p.workspace WHERE {where} AND m.login = :login AND m.active",
        id=given,
        login=actor.login,
    )
    if not found:
        raise missing(what, shown or str(given))
    return _entered(actor, right, found[0], what, shown or str(given))


def _entered(actor: Actor, right: str, place: Row, what: str, shown: str) -> Scope:
    project, workspace, state, role, author = place
    if not _within(actor, workspace) or (state == "bin" and not can(actor, "project.change", role)):
        raise missing(what, shown)
    _allow(actor, right, role)
    if state != "active" and right in CLOSED_TO:
        problem = Problem("project", state, "active", "Restore the project first.")
        raise Refused([problem], status=409, title="The project is not active")
    return Scope(actor, workspace, role, author, project)


def _within(actor: Actor, workspace: int) -> bool:
    return actor.token_workspace in (None, workspace)


def _allow(actor: Actor, right: str, role: Role) -> None:
    if not can(actor, right, role):
        raise denied(right, role)

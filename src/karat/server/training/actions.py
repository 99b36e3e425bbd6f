"""Deciding where people stand in a course.

pause(tx, scope, author, reason)              no more work until somebody says so; claims go back
send_to_training(tx, scope, author, reason)   the course begins anew
reinstate(tx, scope, author, reason)          a pause ends where it began
"""

from karat.model.problem import Problem, Refused
from karat.server.access import Actor, Scope, enter_project, missing
from karat.server.database import Tx
from karat.server.labeling.actions import release_all
from karat.server.labeling.actions.course import place
from karat.server.labeling.queries.course import State, first_of, standing_of
from karat.server.labeling.queries.versions import rules_of
from karat.server.tell import tell
from karat.server.training.schemas import StandingChange

LONGEST_REASON = 500


def pause(tx: Tx, scope: Scope, author: int, reason: str) -> None:
    """Give somebody no more work; what they hold goes back to the queue."""
    _put(tx, scope, author, "paused", reason)
    release_all(tx, author, project=scope.project)


def send_to_training(tx: Tx, scope: Scope, author: int, reason: str) -> None:
    """Begin the course anew, or pause somebody where the project has none."""
    course = rules_of(tx, scope.project).policy.course
    if course is None:
        pause(tx, scope, author, reason)
        return
    _put(tx, scope, author, first_of(course), reason)
    release_all(tx, author, project=scope.project)


def reinstate(tx: Tx, scope: Scope, author: int, reason: str) -> None:
    """Put somebody back to where a pause began; harmless where there is none."""
    course = rules_of(tx, scope.project).policy.course
    standing = standing_of(tx, scope.project, author, course)
    if standing.state == "paused":
        back: State = standing.back or "working"  # type: ignore[assignment]  # the column holds states
        _put(tx, scope, author, back, reason)


def decide(tx: Tx, actor: Actor, project: str, person: str, given: StandingChange) -> None:
    """What a manager decides of somebody."""
    scope = enter_project(tx, actor, "gold.change", project=project)
    if len(given.reason) > LONGEST_REASON:
        problem = Problem("reason", "a long text", f"at most {LONGEST_REASON} characters", "Say it in fewer words.")
        raise Refused([problem])
    rows = tx.run(
        "SELECT a.n FROM authors a JOIN memberships m ON m.author = a.n WHERE a.id = :id AND m.workspace = :workspace",
        id=person,
        workspace=scope.workspace,
    )
    if not rows:
        raise missing("person", person)
    author = rows[0][0]
    match given.do:
        case "pause":
            pause(tx, scope, author, given.reason)
        case "train":
            send_to_training(tx, scope, author, given.reason)
        case "test":
            _put(tx, scope, author, "test", given.reason)
        case "waive":
            _put(tx, scope, author, "working", given.reason)
        case "reinstate":
            reinstate(tx, scope, author, given.reason)


def _put(tx: Tx, scope: Scope, author: int, state: State, reason: str) -> None:
    course = rules_of(tx, scope.project).policy.course
    place(tx, scope.project, author, state, reason=reason, by=scope.author, course=course)
    id_ = tx.run("SELECT id FROM authors WHERE n = :n", n=author)[0][0]
    tell(tx, scope, "standing.changed", thing="author", id=id_, state=state)

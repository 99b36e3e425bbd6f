"""Deciding where people stand in a course.

pause(tx, scope, author, reason)              no more work until somebody says so; claims go back
send_to_training(tx, scope, author, reason)   the course begins anew
restore(tx, scope, author, before)            they stand where they stood before that
renew(tx, scope)                              a guideline changed: those who work show again that they know it

A pause is no place in the course: it is written down with whatever rules and managers do, see
`labeling.actions.deciding`, and whoever was paused stands where they stood.
"""

from collections.abc import Mapping

from karat.model.problem import Problem, Refused
from karat.server.access import Actor, Scope, enter_project, missing
from karat.server.database import Tx
from karat.server.labeling.actions import release_all
from karat.server.labeling.actions.course import place
from karat.server.labeling.actions.deciding import Done, resume, write_down
from karat.server.labeling.queries.course import State, after_practice, first_of, standing_of
from karat.server.labeling.queries.versions import rules_of
from karat.server.tell import note, tell
from karat.server.training.schemas import StandingChange

LONGEST_REASON = 500
NEED_REASON = frozenset({"pause", "waive"})


def pause(tx: Tx, scope: Scope, author: int, reason: str) -> str:
    """Give somebody no more work; what they hold goes back to the queue. The action's id, by which it is undone."""
    return write_down(tx, scope, author, Done("pause", reason))


def send_to_training(tx: Tx, scope: Scope, author: int, reason: str) -> dict[str, object] | None:
    """Begin the course anew; what `restore` needs to put somebody back where they stood, None where there is no course."""
    course = rules_of(tx, scope.project).policy.course
    if course is None:
        return None
    before = tx.run(
        "SELECT state, tries, since, until, reason, by FROM standings WHERE project = :project AND author = :author",
        project=scope.project,
        author=author,
    )
    _put(tx, scope, author, first_of(course), reason)
    release_all(tx, author, project=scope.project)
    return {"standing": list(before[0]) if before else None}


def restore(tx: Tx, scope: Scope, author: int, before: Mapping[str, object]) -> None:
    """Put somebody back where they stood before they were sent to training."""
    place = {"project": scope.project, "author": author}
    tx.run("DELETE FROM standings WHERE project = :project AND author = :author", **place)
    stood = before.get("standing")
    if isinstance(stood, list):
        names = ("state", "tries", "since", "until", "reason", "by")
        tx.run(
            "INSERT INTO standings (project, author, state, tries, since, until, reason, by, at)"
            " VALUES (:project, :author, :state, :tries, :since, :until, :reason, :by, :now)",
            **place,
            **dict(zip(names, stood, strict=True)),
            now=tx.now(),
        )
    _tell(tx, scope, author, standing_of(tx, scope.project, author, rules_of(tx, scope.project).policy.course).state)


def decide(tx: Tx, actor: Actor, project: str, person: str, given: StandingChange) -> None:
    """What a manager decides of somebody."""
    scope = enter_project(tx, actor, "gold.change", project=project)
    reason = given.reason.strip()
    if len(reason) > LONGEST_REASON:
        problem = Problem("reason", "a long text", f"at most {LONGEST_REASON} characters", "Say it in fewer words.")
        raise Refused([problem])
    if not reason and given.do in NEED_REASON:
        problem = Problem("reason", "nothing", "a reason", "Say why: the person reads it, and it is kept.")
        raise Refused([problem])
    rows = tx.run(
        "SELECT a.n FROM authors a JOIN memberships m ON m.author = a.n WHERE a.id = :id AND m.workspace = :workspace",
        id=person,
        workspace=scope.workspace,
    )
    if not rows:
        raise missing("person", person)
    author = rows[0][0]
    # Whatever else is decided ends a pause: nobody is put somewhere where they may do nothing.
    if given.do != "pause":
        resume(tx, scope, author)
    match given.do:
        case "pause":
            pause(tx, scope, author, reason)
        case "train":
            before = send_to_training(tx, scope, author, reason)
            if before is None:
                pause(tx, scope, author, reason)
            else:
                write_down(tx, scope, author, Done("train", reason, before=before))
        case "test":
            _put(tx, scope, author, "test", reason)
        case "waive":
            _put(tx, scope, author, "working", reason)
        case "reinstate":
            pass
    note(
        tx,
        "standing.decided",
        actor=actor,
        workspace=scope.workspace,
        project=scope.project,
        thing={"type": "author", "id": person},
        did=given.do,
        reason=reason,
    )


def renew(tx: Tx, scope: Scope) -> int:
    """Let everybody who works take again what the course says of a changed guideline; how many people.

    What they hold stays theirs, as with every change of the guideline.
    """
    course = rules_of(tx, scope.project).policy.course
    if course is None or course.renew == "nothing":
        return 0
    state = first_of(course) if course.renew == "practice" else after_practice(course)
    rows = tx.run(
        "SELECT s.author FROM standings s JOIN memberships m ON m.author = s.author AND m.role = 'annotator'"
        " WHERE s.project = :project AND s.state IN ('pilot', 'working') ORDER BY s.author",
        project=scope.project,
    )
    for (author,) in rows if state != "working" else ():
        place(tx, scope.project, author, state, reason="guideline", course=course)
        _tell(tx, scope, author, state)
    return len(rows) if state != "working" else 0


def _put(tx: Tx, scope: Scope, author: int, state: State, reason: str) -> None:
    course = rules_of(tx, scope.project).policy.course
    place(tx, scope.project, author, state, reason=reason, by=scope.author, course=course)
    _tell(tx, scope, author, state)


def _tell(tx: Tx, scope: Scope, author: int, state: State) -> None:
    id_ = tx.run("SELECT id FROM authors WHERE n = :n", n=author)[0][0]
    tell(tx, scope, "standing.changed", thing="author", id=id_, state=state)

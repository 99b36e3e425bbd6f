"""Doing what a rule or a manager says of somebody, once for one cause, and undoing it with all that it changed."""

from collections.abc import Sequence

import msgspec

from karat.model.problem import Problem, Refused, shown
from karat.model.rules import MOST_REQUEUED, Rule
from karat.server.access import NOBODY, Actor, Scope, enter_by_key, enter_project, missing
from karat.server.database import Tx
from karat.server.items.names import authors_by_key
from karat.server.labeling.actions.deciding import Done, end, write_down
from karat.server.labeling.queries.versions import rules_of
from karat.server.team.meaning import Asked, Due, is_new
from karat.server.team.requeueing import requeue, take_back
from karat.server.team.schemas import Act, Action, OwnAction
from karat.server.training.actions import restore, send_to_training

LONGEST_REASON = 1000
HOLDS = frozenset({"pause", "raise_review"})
"""What stays in force until it is undone: there is nothing to be done a second time."""


def act_on(tx: Tx, project: int, asked: Asked) -> int:
    """Do what is due, and note about whom the rules were asked; how much was done."""
    if not tx.run("SELECT 1 FROM projects WHERE n = :n", n=project):
        return 0
    tx.many(
        "INSERT INTO watches (project, author, asked, body) VALUES (:project, :author, :asked, '{}')"
        " ON CONFLICT (project, author) DO UPDATE SET asked = excluded.asked",
        [{"project": project, "author": author, "asked": n} for author, n in asked.asked.items()],
    )
    return act(tx, project, asked.due)


def act(tx: Tx, project: int, found: Sequence[Due]) -> int:
    """Do what is due and was not done yet for the same cause; how much."""
    rows = tx.run("SELECT workspace FROM projects WHERE n = :n", n=project)
    done = 0
    for one in found if rows else ():
        scope = Scope(NOBODY, rows[0][0], "owner", 0, project)
        author = tx.run(
            "SELECT n FROM authors WHERE id = :id AND workspace = :workspace", id=one.author, workspace=rows[0][0]
        )[0][0]
        before = tx.run(
            "SELECT undone_at, evidence FROM rule_actions WHERE project = :project AND author = :author AND did = :did"
            " AND rule = :rule ORDER BY n DESC LIMIT 1",
            project=project,
            author=author,
            did=one.rule.do,
            rule=one.rule.when.measure,
        )
        if before:
            undone_at, evidence = before[0]
            if (one.rule.do in HOLDS and undone_at is None) or not is_new(msgspec.json.decode(evidence), one):
                continue
        _do(tx, scope, author, one.rule, Done(one.rule.do, one.reason, one.rule.when.measure, one.evidence))
        done += 1
    return done


def act_by_hand(tx: Tx, actor: Actor, project: str, person: str, given: Act) -> Action:
    """Let a manager do something about somebody."""
    scope = enter_project(tx, actor, "team.change", project=project)
    problems = []
    if not given.reason.strip() or len(given.reason) > LONGEST_REASON:
        do = "Say why: the person concerned reads it."
        problems.append(Problem("reason", shown(given.reason[:40]), f"1 to {LONGEST_REASON} characters", do))
    if not 0 < given.share <= 1:
        problems.append(Problem("share", shown(given.share), "above 0, at most 1", "Write e.g. 0.5."))
    if not 1 <= given.last <= MOST_REQUEUED:
        problems.append(Problem("last", shown(given.last), f"1 to {MOST_REQUEUED}", "Ask for fewer at a time."))
    if given.do == "train" and rules_of(tx, scope.project).policy.course is None:
        problems.append(Problem("do", "train", "a project with a course", "Add one to the workflow, or pause instead."))
    if problems:
        raise Refused(problems)
    found = tx.run(
        "SELECT n FROM authors WHERE id = :id AND workspace = :w AND type = 'person'", id=person, w=scope.workspace
    )
    if not found:
        raise missing("person", person)
    id_ = _do(tx, scope, found[0][0], given, Done(given.do, given.reason.strip(), share=given.share))
    return next(one for one in actions_of(tx, scope) if one.id == id_)


def undo(tx: Tx, actor: Actor, action: str) -> Action:
    """Undo what a rule or a manager did, with all that it changed; harmless where it was undone before."""
    found = tx.run("SELECT project, author, did, before FROM rule_actions WHERE id = :id", id=action)
    if not found:
        raise missing("action", action)
    project, author, did, before = found[0]
    scope = enter_by_key(tx, actor, "team.change", project=project, what="action", shown=action)
    if end(tx, scope, action):
        changed = msgspec.json.decode(before, type=dict[str, object])
        match did:
            case "train":
                restore(tx, scope, author, changed)
            case "requeue":
                take_back(tx, scope, author, changed)
            case _:
                pass
    return next(one for one in actions_of(tx, scope) if one.id == action)


def actions_of(tx: Tx, scope: Scope) -> list[Action]:
    """Everything that was done about people of the project, the newest first."""
    rows = tx.run(
        "SELECT id, author, did, share, rule, evidence, reason, before, by, at, undone_at, undone_by FROM rule_actions"
        " WHERE project = :project ORDER BY n DESC LIMIT 1000",
        project=scope.project,
    )
    people = authors_by_key(tx, scope.workspace, [n for row in rows for n in (row[1], row[8], row[11]) if n])
    return [
        Action(
            id=row[0],
            author=people[row[1]],
            did=row[2],
            share=row[3],
            rule=row[4],
            evidence=msgspec.json.decode(row[5]),
            reason=row[6],
            answers=msgspec.json.decode(row[7]).get("answers"),
            by=people.get(row[8]),
            at=row[9],
            undone_at=row[10],
            undone_by=people.get(row[11]) if row[11] else None,
        )
        for row in rows
        if row[1] in people
    ]


def own(tx: Tx, scope: Scope) -> list[OwnAction]:
    """What holds for the person who asks, or was done last. What is only told to managers is not in it."""
    rows = tx.run(
        "SELECT did, reason, at FROM rule_actions WHERE project = :project AND author = :author AND undone_at IS NULL"
        " AND did <> 'notify' ORDER BY n DESC LIMIT 20",
        project=scope.project,
        author=scope.author,
    )
    return [OwnAction(*row) for row in rows]


def _do(tx: Tx, scope: Scope, author: int, asked: Rule | Act, done: Done) -> str:
    """Do it, and write down what undoing it puts back."""
    match done.did:
        case "raise_review":
            done = msgspec.structs.replace(done, share=asked.share)
        case "requeue":
            done = msgspec.structs.replace(done, before=requeue(tx, scope, author, last=asked.last))
        case "train":
            # The course may be gone since the rule was written: whoever would be sent there is then paused.
            before = send_to_training(tx, scope, author, done.reason)
            done = msgspec.structs.replace(done, **({"did": "pause"} if before is None else {"before": before}))
        case "pause" | "notify":
            pass
    return write_down(tx, scope, author, done)

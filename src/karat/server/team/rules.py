"""Rules that act: whom the rules of a policy mean now, what was done about them and why, and undoing it."""

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

import msgspec

from karat.model.policy import Policy
from karat.model.problem import Problem, Refused, shown
from karat.model.rules import Rule
from karat.quality.measure import Measure
from karat.server.access import Actor, Scope, enter_by_key, enter_project, missing
from karat.server.database import Tx
from karat.server.items.names import authors_by_key
from karat.server.items.schemas import Person
from karat.server.labeling.actions.claim import release_all
from karat.server.projects.queries import policy_of
from karat.server.reports.settling import NOBODY
from karat.server.team.queries import team
from karat.server.team.schemas import PersonRow
from karat.server.tell import tell

WORDS: Mapping[str, str] = {
    "accuracy": "accuracy against the others",
    "gold": "accuracy on items whose answer is known",
    "agreement": "agreement with the others",
    "accepted": "the share accepted in review",
    "pace": "the time for an answer over the usual time",
    "falling": "accuracy",
}
LONGEST_REASON = 1000


class Due(NamedTuple):
    """A rule that means somebody now."""

    author: str
    rule: Rule
    evidence: dict[str, object]
    reason: str


class Action(msgspec.Struct, frozen=True, kw_only=True):
    """What was done about somebody, and on what evidence."""

    id: str
    author: Person
    did: Literal["pause", "raise_review", "notify"]
    share: float
    rule: str
    evidence: dict[str, object]
    reason: str
    by: Person | None
    """Null for a rule."""
    at: str
    undone_at: str | None
    undone_by: Person | None


class Act(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a manager does about somebody, by hand; the reason is told to them."""

    do: Literal["pause", "raise_review"]
    reason: str
    share: float = 1.0


class OwnAction(msgspec.Struct, frozen=True):
    """What holds for you, and why."""

    did: str
    reason: str
    at: str


def due(tx: Tx, project: int) -> list[Due]:
    """Whom the rules mean now; nothing is written. Empty where the policy has no rules."""
    rows = tx.run("SELECT workspace FROM projects WHERE n = :n AND state = 'active'", n=project)
    if not rows:
        return []
    _, policy = policy_of(tx, project)
    return meant(policy, team(tx, Scope(NOBODY, rows[0][0], "owner", 0, project)).people) if policy.rules else []


def meant(policy: Policy, people: Sequence[PersonRow]) -> list[Due]:
    """Whom the rules of a policy mean, each rule where the whole interval lies beyond its bound."""
    return [found for rule in policy.rules for row in people if (found := _meant(rule, row)) is not None]


def act(tx: Tx, project: int, found: Sequence[Due]) -> int:
    """Do what is due and was not done yet; how much. What a manager undid is done again only on as much new evidence."""
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
        if before and (before[0][0] is None or not _is_new(before[0][1], one)):
            continue
        _write(tx, scope, author, one.rule.do, one.rule.share, one.rule.when.measure, one.evidence, one.reason)
        done += 1
    return done


def act_by_hand(tx: Tx, actor: Actor, project: str, person: str, given: Act) -> Action:
    """Let a manager pause somebody, or raise their share of review."""
    scope = enter_project(tx, actor, "team.change", project=project)
    problems = []
    if not given.reason.strip() or len(given.reason) > LONGEST_REASON:
        do = "Say why: the person concerned reads it."
        problems.append(Problem("reason", shown(given.reason[:40]), f"1 to {LONGEST_REASON} characters", do))
    if not 0 < given.share <= 1:
        problems.append(Problem("share", shown(given.share), "above 0, at most 1", "Write e.g. 0.5."))
    if problems:
        raise Refused(problems)
    found = tx.run(
        "SELECT n FROM authors WHERE id = :id AND workspace = :w AND type = 'person'", id=person, w=scope.workspace
    )
    if not found:
        raise missing("person", person)
    id_ = _write(tx, scope, found[0][0], given.do, given.share, "", {}, given.reason.strip())
    return next(one for one in actions_of(tx, scope) if one.id == id_)


def undo(tx: Tx, actor: Actor, action: str) -> Action:
    """Undo what a rule or a manager did; harmless where it was undone before."""
    found = tx.run("SELECT project, author, undone_at FROM rule_actions WHERE id = :id", id=action)
    if not found:
        raise missing("action", action)
    project, _, undone_at = found[0]
    scope = enter_by_key(tx, actor, "team.change", project=project, what="action", shown=action)
    if undone_at is None:
        tx.run(
            "UPDATE rule_actions SET undone_at = :now, undone_by = :by WHERE id = :id",
            now=tx.now(),
            by=scope.author,
            id=action,
        )
        tell(tx, scope, "rule.undone", thing="action", id=action)
    return next(one for one in actions_of(tx, scope) if one.id == action)


def actions_of(tx: Tx, scope: Scope) -> list[Action]:
    """Everything that was done about people of the project, the newest first."""
    rows = tx.run(
        "SELECT id, author, did, share, rule, evidence, reason, by, at, undone_at, undone_by FROM rule_actions"
        " WHERE project = :project ORDER BY n DESC LIMIT 1000",
        project=scope.project,
    )
    people = authors_by_key(tx, scope.workspace, [n for row in rows for n in (row[1], row[7], row[10]) if n])
    return [
        Action(
            id=row[0],
            author=people[row[1]],
            did=row[2],
            share=row[3],
            rule=row[4],
            evidence=msgspec.json.decode(row[5]),
            reason=row[6],
            by=people.get(row[7]),
            at=row[8],
            undone_at=row[9],
            undone_by=people.get(row[10]) if row[10] else None,
        )
        for row in rows
        if row[1] in people
    ]


def own(tx: Tx, scope: Scope) -> list[OwnAction]:
    """What holds for the person who asks. What is only told to managers is not in it."""
    rows = tx.run(
        "SELECT did, reason, at FROM rule_actions WHERE project = :project AND author = :author AND undone_at IS NULL"
        " AND did <> 'notify' ORDER BY n DESC",
        project=scope.project,
        author=scope.author,
    )
    return [OwnAction(*row) for row in rows]


def _meant(rule: Rule, row: PersonRow) -> Due | None:
    if row.author.type != "person":
        return None
    when = rule.when
    if when.measure == "falling":
        if row.falling_since is None or row.accuracy.n < when.at_least:
            return None
        reason = f"{WORDS['falling']} has been falling since {row.falling_since}, by a control chart"
        return Due(row.author.id, rule, {"since": row.falling_since, "n": row.accuracy.n}, reason)
    if when.measure == "pace":
        found = Measure(row.pace, row.pace, row.pace, row.answers, enough=True)
    else:
        found = {"accuracy": row.accuracy, "gold": row.gold, "agreement": row.agreement, "accepted": row.reviewed}[
            when.measure
        ]
    if found.value is None or found.low is None or found.high is None or found.n < when.at_least:
        return None
    is_below = when.below is not None and found.high < when.below
    if not is_below and not (when.above is not None and found.low > when.above):
        return None
    bound = when.below if is_below else when.above
    evidence: dict[str, object] = {
        "value": found.value,
        "low": found.low,
        "high": found.high,
        "n": found.n,
        "bound": bound,
    }
    reason = (
        f"{WORDS[when.measure]} is {found.value:.2f} (95 %: {found.low:.2f} to {found.high:.2f}) over {found.n} answers,"
        f" {'below' if is_below else 'above'} {bound:g}"
    )
    return Due(row.author.id, rule, evidence, reason)


def _is_new(before: str, one: Due) -> bool:
    n, now = msgspec.json.decode(before).get("n", 0), one.evidence.get("n", 0)
    return isinstance(n, int) and isinstance(now, int) and now >= n + one.rule.when.at_least


def _write(
    tx: Tx, scope: Scope, author: int, did: str, share: float, rule: str, evidence: Mapping[str, object], reason: str
) -> str:
    id_ = tx.new_id()
    tx.run(
        "INSERT INTO rule_actions (id, project, author, did, share, rule, evidence, reason, by, at) VALUES"
        " (:id, :project, :author, :did, :share, :rule, :evidence, :reason, :by, :now)",
        id=id_,
        project=scope.project,
        author=author,
        did=did,
        share=share,
        rule=rule,
        evidence=msgspec.json.encode(evidence).decode(),
        reason=reason,
        by=scope.author,
        now=tx.now(),
    )
    if did == "pause":
        # What they hold goes to others; what they have drawn is kept as a draft.
        release_all(tx, author, project=scope.project)
    tell(tx, scope, "rule.acted", thing="action", id=id_, did=did)
    return id_

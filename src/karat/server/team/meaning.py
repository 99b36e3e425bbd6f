"""Whom the rules of a policy mean now, on what evidence, and why in words. Nothing is written here.

A rule is asked about somebody each time that ten more answers and verdicts of theirs are counted, never after a single one:
so when it acts tells nobody which answer it was that decided. Of gold it sees what the person has been told, or could have
been. What a rule has acted on once is no cause again: only what came after it.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import msgspec

from karat.model.policy import Policy
from karat.model.rules import ALARMS, Rule
from karat.quality.annotators.usual import bar_of
from karat.quality.measure import Measure
from karat.quality.sums import Sums
from karat.server.access import NOBODY, Scope
from karat.server.database import Tx
from karat.server.projects.queries import policy_of
from karat.server.team.queries import team
from karat.server.team.schemas import PersonRow

STEP = 10
"""Answers and verdicts after which the rules are asked about somebody again."""
WORDS: Mapping[str, str] = {
    "accuracy": "how far your answers are what others say together",
    "skill": "how likely your answers are right, by all that is known of the items",
    "gold": "how far your answers on items with a known answer are right",
    "agreement": "how far your answers are those of the others",
    "accepted": "the share of your answers that reviewers accept",
    "pace": "your time for an answer over what others take for the same items",
    "fatigue": "how your accuracy changes with each hour of a sitting",
    "repeats": "how often a wrong answer repeats the one before, over what chance makes of it",
    "trust": "the share of wrong suggestions that you handed in as they were",
    "falling": "your answers agree less often with the others than they used to",
    "guessing": "your answers are as they would be without looking at the items",
    "copying": "your answers are shared with somebody else's beyond chance",
}
"""Of measures and alarms, as they are said to the person."""


class Due(NamedTuple):
    """A rule that means somebody now."""

    author: str
    rule: Rule
    evidence: dict[str, object]
    reason: str


class Asked(NamedTuple):
    """What the rules say of those about whom they were asked, and at how many answers and verdicts that was."""

    due: list[Due]
    asked: dict[int, int]


class _Told(msgspec.Struct):
    score: Measure


_told = msgspec.json.Decoder(_Told)


def ask(tx: Tx, project: int) -> Asked:
    """Ask the rules about those who have done enough since they were asked last. Empty where the policy has no rules."""
    rows = tx.run("SELECT workspace FROM projects WHERE n = :n AND state = 'active'", n=project)
    if not rows:
        return Asked([], {})
    _, policy = policy_of(tx, project)
    if not policy.rules:
        return Asked([], {})
    rows_asked = tx.run("SELECT author, asked FROM watches WHERE project = :project", project=project)
    before: dict[int, int] = {author: n for author, n in rows_asked}  # noqa: C416 - it says what a row is
    people: list[PersonRow] = []
    asked: dict[int, int] = {}
    everybody = team(tx, Scope(NOBODY, rows[0][0], "owner", 0, project)).people
    authors = tx.run("SELECT id, n FROM authors WHERE workspace = :w", w=rows[0][0])
    ids: dict[str, int] = {id_: n for id_, n in authors}  # noqa: C416 - it says what a row is
    for row in everybody:
        n, steps = ids[row.author.id], (row.answers + row.reviewed.n) // STEP
        if row.author.type == "person" and steps > before.get(n, 0):
            asked[n] = steps
            people.append(msgspec.structs.replace(row, gold=_as_told(tx, project, n)))
    return Asked(meant(policy, people, everybody), asked)


def meant(policy: Policy, people: Sequence[PersonRow], everybody: Sequence[PersonRow] = ()) -> list[Due]:
    """Whom of some people the rules of a policy mean, each rule where the whole interval lies beyond its bound, or its alarm
    stands. What is usual is that of `everybody`."""
    rules = [_bounded(rule, everybody or people) for rule in policy.rules]
    return [found for rule in rules for row in people if (found := due_of(rule, row)) is not None]


def _bounded(rule: Rule, everybody: Sequence[PersonRow]) -> Rule:
    """The rule with its bound as a number, if that goes by what is usual; as it is where too few people are known."""
    when = rule.when
    if when.usual is None:
        return rule
    found = [measured(row)[when.measure] for row in everybody if row.author.type == "person"]
    values = [one.value for one in found if one.value is not None and one.n >= when.at_least]
    return msgspec.structs.replace(rule, when=msgspec.structs.replace(when, below=bar_of(values, when.usual)))


def due_of(rule: Rule, row: PersonRow) -> Due | None:
    """What a rule says of somebody; None where it says nothing."""
    if row.author.type != "person":
        return None
    if rule.when.measure in ALARMS:
        return _alarmed(rule, row)
    found = measured(row)[rule.when.measure]
    return beyond(rule, row.author.id, found)


def beyond(rule: Rule, author: str, found: Measure) -> Due | None:
    """What a rule says of a measure: something, where the whole interval of enough answers lies beyond its bound."""
    when = rule.when
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
        f"{WORDS[when.measure]}: {found.value:.2f} (95 %: {found.low:.2f} to {found.high:.2f}) over {found.n} answers;"
        f" the project acts {'below' if is_below else 'above'} {bound:.3g}"
        + ("" if when.usual is None else f", where somebody errs {when.usual:g} times as often as the median person")
    )
    return Due(author, rule, evidence, reason)


def is_new(before: Mapping[str, object], one: Due) -> bool:
    """Whether what came after the evidence of an earlier action is by itself cause enough."""
    if one.rule.when.measure in ALARMS:
        return bool(one.evidence.get("alarm") != before.get("alarm"))
    n, value = before.get("n", 0), before.get("value", 0.0)
    now, mean = one.evidence["n"], one.evidence["value"]
    if not (isinstance(n, int) and isinstance(now, int) and isinstance(value, float) and isinstance(mean, float)):
        return False
    left = now - n
    if left < one.rule.when.at_least:
        return False
    if one.rule.when.measure not in ("accuracy", "skill", "gold", "agreement", "accepted", "trust"):
        # A time or a slope has no sums that the earlier part could be taken from: enough new answers must do.
        return True
    right = min(max(mean * now - value * n, 0.0), float(left))
    return beyond(one.rule, one.author, Sums(left, right, float(left), float(left)).share()) is not None


def measured(row: PersonRow) -> Mapping[str, Measure]:
    """The measures of somebody by the names that rules use."""
    return {
        "accuracy": row.accuracy,
        "skill": row.skill,
        "gold": row.gold,
        "agreement": row.agreement,
        "accepted": row.reviewed,
        "pace": row.paced,
        "fatigue": row.fatigue,
        "repeats": row.repeats,
        "trust": row.trust,
    }


def _alarmed(rule: Rule, row: PersonRow) -> Due | None:
    found = next((alarm for alarm in row.alarms if alarm.name == rule.when.measure), None)
    if found is None or found.n < rule.when.at_least:
        return None
    evidence: dict[str, object] = {"alarm": found.key, "since": found.since, "n": found.n}
    by = f"by a test over {found.n} answers, which errs {found.errs}"
    return Due(row.author.id, rule, evidence, f"{WORDS[found.name]}, since {found.since}, {by}")


def _as_told(tx: Tx, project: int, author: int) -> Measure:
    """A person's gold score as of the last batch that was full before today: what they are told of it too."""
    rows = tx.run(
        "SELECT body FROM gold_batches WHERE project = :project AND author = :author AND at < :today"
        " ORDER BY n DESC LIMIT 1",
        project=project,
        author=author,
        today=tx.now()[:10],
    )
    return _told.decode(rows[0][0]).score if rows else Measure(None, None, None, 0, False)

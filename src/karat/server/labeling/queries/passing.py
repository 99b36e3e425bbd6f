"""Whether what somebody has done brings them further in a course: read only, so that a page may ask as a claim does."""

import msgspec

from karat.model.gold import Course, Pilot
from karat.model.response import Author, Covers, Response
from karat.quality.annotators.sequential import SequentialTest
from karat.quality.differences import differences
from karat.server.access import Scope
from karat.server.database import Tx
from karat.server.labeling.queries.answers import annotations_of
from karat.server.labeling.queries.course import (
    Standing,
    State,
    after_practice,
    after_test,
    next_items,
    piloted,
    practised,
    standing_of,
    tested,
)
from karat.server.labeling.queries.versions import Rules, schema_at

_covers = msgspec.json.Decoder(Covers)


def reached(tx: Tx, scope: Scope, rules: Rules, course: Course, standing: Standing | None = None) -> tuple[State, str]:
    """Where what a person has done brings them, and of which part a failure is."""
    standing = standing or standing_of(tx, scope.project, scope.author, course)
    if standing.state == "practice":
        done = practised(tx, scope, standing)
        if done >= course.practice or (done and not next_items(tx, scope, rules, use="practice", limit=1)):
            return after_practice(course), ""
    elif standing.state == "test":
        return _after_testing(tx, scope, standing, course)
    elif standing.state == "pilot":
        return _after_piloting(tx, scope, rules, standing, course)
    elif standing.state == "failed" and standing.until and standing.until <= tx.now():
        return after_practice(course), ""
    return standing.state, ""


def _after_testing(tx: Tx, scope: Scope, standing: Standing, course: Course) -> tuple[State, str]:
    exam = course.test
    if exam is None:
        return after_test(course), ""
    so_far = tested(tx, scope, standing, right=exam.right)
    test = SequentialTest(good=exam.good, bad=exam.bad, false_fail=exam.alpha, false_pass=exam.beta)
    verdict = test.verdict(right=so_far.right, wrong=so_far.wrong)
    if verdict == "pass":
        return after_test(course), ""
    if verdict == "fail" or so_far.right + so_far.wrong >= exam.most:
        return "failed", "test"
    return "test", ""


def _after_piloting(tx: Tx, scope: Scope, rules: Rules, standing: Standing, course: Course) -> tuple[State, str]:
    pilot = course.pilot
    if pilot is None:
        return "working", ""
    if piloted(tx, scope, standing) < pilot.items:
        return "pilot", ""
    agreed = _agreed(tx, scope, rules, standing, pilot)
    if len(agreed) < pilot.items:
        return "pilot", ""
    return ("working", "") if sum(agreed) / len(agreed) >= pilot.agree else ("failed", "pilot")


def _agreed(tx: Tx, scope: Scope, rules: Rules, standing: Standing, pilot: Pilot) -> list[float]:
    """How far the person's answers in the pilot agree with the results, or with what reviewers made of them."""
    rows = tx.run(
        "SELECT r.n, r.head, v.covers, z.response, z.revision, w.covers, EXISTS (SELECT 1 FROM reviews q"
        " WHERE q.response = r.n AND q.verdict = 'accepted') FROM responses r"
        " JOIN revisions v ON v.response = r.n AND v.revision = r.head"
        " LEFT JOIN resolutions z ON z.item = r.item LEFT JOIN revisions w ON w.response = z.response AND w.revision = z.revision"
        " WHERE r.project = :project AND r.author = :author AND r.state = 'submitted' AND NOT r.apart AND r.at >= :since"
        " ORDER BY r.at LIMIT :limit",
        project=scope.project,
        author=scope.author,
        since=standing.since,
        limit=pilot.items,
    )
    schema = schema_at(tx, scope.project, rules.schema_version)
    found: list[float] = []
    for n, head, covers, result, revision, result_covers, is_accepted in rows if schema is not None else ():
        if is_accepted:
            found.append(1.0)
        elif result is not None and result != n and schema is not None:
            a, b = (
                Response(
                    author=Author(type="person", name=name, id=name),
                    annotations=annotations_of(tx, schema, response=r, revision=v),
                    covers=_covers.decode(c),
                )
                for name, r, v, c in (("a", n, head, covers), ("b", result, revision, result_covers))
            )
            apart = [one.distance for one in differences(a, b, schema)]
            found.append(1 - sum(apart) / len(apart) if apart else 1.0)
    return found

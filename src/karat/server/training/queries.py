"""Where people stand in a course: oneself, and everybody for managers and mentors."""

from collections import defaultdict

import msgspec

from karat.model.gold import Course, Exam
from karat.quality.annotators.sequential import SequentialTest
from karat.server.access import Actor, Scope, enter_project, missing
from karat.server.database import Tx
from karat.server.items.schemas import Person
from karat.server.labeling.queries.course import (
    Standing,
    course_of,
    first_of,
    next_items,
    piloted,
    practised,
    standing_of,
    tested,
    to_come,
)
from karat.server.labeling.queries.passing import reached
from karat.server.labeling.queries.paused import pause_of, paused_in
from karat.server.labeling.queries.versions import rules_of
from karat.server.training.schemas import REASONS, CourseAnswer, CoursePart, OwnCourse, PersonStanding, Why

RIGHT = 1e-9
MOST_ANSWERS = 500


def own_course(tx: Tx, actor: Actor, project: str) -> OwnCourse:
    """Where the actor stands, by what they have done so far."""
    scope = enter_project(tx, actor, "work.see", project=project)
    rules = rules_of(tx, scope.project)
    course = course_of(scope, rules)
    standing = standing_of(tx, scope.project, scope.author, course)
    paused = pause_of(tx, scope.project, scope.author)
    done, of, waits = 0, None, False
    tries_left: int | None = None
    if course is not None:
        state, reason = reached(tx, scope, rules, course, standing)
        if state != standing.state:
            tries = standing.tries + (state == "failed")
            standing = Standing(state, since=tx.now(), tries=tries, reason=reason)
        elif state == "practice":
            done, of = practised(tx, scope, standing), course.practice
        elif state == "test" and course.test is not None:
            so_far = tested(tx, scope, standing, right=course.test.right)
            done, of = sum(so_far), course.test.most
            # Where the items run out before it is clear, the last answers are compared first.
            held = of - to_come(tx, scope, standing, course) - done
            is_out = held <= 0 and not next_items(tx, scope, rules, use="test", limit=1)
            waits = so_far.open > 0 and (done >= of or is_out)
        elif state == "pilot" and course.pilot is not None:
            done, of = min(piloted(tx, scope, standing, only_done=True), course.pilot.items), course.pilot.items
            waits = done >= of
        if of is None:
            of = next((one.items for one in parts_of(course) if one.part == standing.state), None)
        if course.test is not None:
            tries_left = max(0, course.test.tries - standing.tries)
    return OwnCourse(
        has_course=course is not None,
        state="paused" if paused is not None else standing.state,
        guideline=course.guideline if course is not None else "",
        done=done,
        of=of,
        waits=waits,
        parts=parts_of(course) if course is not None else [],
        until=standing.until or None,
        tries_left=tries_left,
        why="said" if paused is not None else _why(standing.reason, standing.by),
        reason=paused if paused is not None else _said(standing.reason, standing.by),
    )


def parts_of(course: Course) -> list[CoursePart]:
    """The parts that a course has, with how many items they are."""
    found = [CoursePart("practice", course.practice, course.practice)] if course.practice else []
    if course.test is not None:
        found.append(CoursePart("test", course.test.most, _least(course.test)))
    if course.pilot is not None:
        found.append(CoursePart("pilot", course.pilot.items, course.pilot.items))
    return found


def standings(tx: Tx, actor: Actor, project: str) -> list[PersonStanding]:
    """Where every annotator stands, by name; without a course, those of whom something was decided."""
    scope = enter_project(tx, actor, "gold.see", project=project)
    course = rules_of(tx, scope.project).policy.course
    rows = tx.run(
        "SELECT a.n, a.id, a.name, a.type, s.state, s.tries, s.since, s.until, s.reason, s.by, s.at FROM memberships m"
        " JOIN authors a ON a.n = m.author LEFT JOIN standings s ON s.author = a.n AND s.project = :project"
        " WHERE m.workspace = :workspace AND (s.author IS NOT NULL OR (:has AND m.role = 'annotator' AND m.active)"
        " OR EXISTS (SELECT 1 FROM rule_actions x WHERE x.project = :project AND x.author = a.n AND x.did = 'pause'"
        " AND x.undone_at IS NULL))"
        " ORDER BY a.name, a.n",
        project=scope.project,
        workspace=scope.workspace,
        has=course is not None,
    )
    groups, mine = _groups(tx, scope)
    sums = _sums(tx, scope, course)
    found: list[PersonStanding] = []
    paused = paused_in(tx, scope.project)
    for n, id_, name, type_, state, tries, since, until, reason, by, _at in rows:
        at = state or first_of(course)
        if n in paused:
            since, reason, by = paused[n]
        right, compared, done = sums.get((n, at), (0, 0, 0))
        found.append(
            PersonStanding(
                author=Person(id_, name, type_),
                state="paused" if n in paused else at,
                begun=state is not None or done > 0,
                tries=tries or 0,
                since=since,
                until=until or None,
                why="said" if n in paused else _why(reason or "", by or 0),
                reason=reason if n in paused else _said(reason or "", by or 0),
                decided=bool(by) or n in paused,
                groups=groups.get(n, []),
                mine=n in mine,
                done=done,
                right=right,
                compared=compared,
            )
        )
    return found


def answers(tx: Tx, actor: Actor, project: str, person: str) -> list[CourseAnswer]:
    """What somebody answered in practice and tests, the newest first."""
    scope = enter_project(tx, actor, "gold.see", project=project)
    course = rules_of(tx, scope.project).policy.course
    bar = _bar(course)
    author = tx.run("SELECT n FROM authors WHERE id = :id AND workspace = :w", id=person, w=scope.workspace)
    if not author:
        raise missing("person", person)
    rows = tx.run(
        "SELECT i.id, i.key, a.use, a.score, a.fields, a.at FROM gold_answers a"
        " JOIN items i ON i.n = a.item AND i.deleted_at IS NULL WHERE a.project = :project AND a.author = :author"
        " AND a.use IN ('practice', 'test') ORDER BY a.at DESC, a.item DESC LIMIT :most",
        project=scope.project,
        author=author[0][0],
        most=MOST_ANSWERS,
    )
    return [
        CourseAnswer(
            item=item,
            key=key,
            use=use,
            score=score,
            right=score >= bar - RIGHT,
            fields=msgspec.json.decode(fields, type=dict[str, float]),
            at=at,
        )
        for item, key, use, score, fields, at in rows
    ]


def _least(exam: Exam) -> int:
    """After how many right answers, and no wrong one, a test is passed."""
    test = SequentialTest(good=exam.good, bad=exam.bad, false_fail=exam.alpha, false_pass=exam.beta)
    return next((n for n in range(1, exam.most) if test.verdict(right=n, wrong=0) == "pass"), exam.most)


def _why(reason: str, by: int) -> Why:
    if not reason:
        return ""
    return "said" if by else REASONS.get(reason, "said")


def _said(reason: str, by: int) -> str:
    """The reason in the words of whoever decided; empty where the course itself did."""
    return reason if _why(reason, by) == "said" else ""


def _bar(course: Course | None) -> float:
    return course.test.right if course is not None and course.test is not None else 0.9


def _groups(tx: Tx, scope: Scope) -> tuple[dict[int, list[str]], set[int]]:
    """By person their groups, and whoever is in a group of the asker's."""
    found: defaultdict[int, list[str]] = defaultdict(list)
    rows = tx.run(
        "SELECT m.author, t.name FROM teams t JOIN team_members m ON m.team = t.n WHERE t.workspace = :workspace"
        " ORDER BY t.name",
        workspace=scope.workspace,
    )
    for author, name in rows:
        found[author].append(name)
    own = set(found.get(scope.author, ()))
    return dict(found), {author for author, names in found.items() if own.intersection(names)}


def _sums(tx: Tx, scope: Scope, course: Course | None) -> dict[tuple[int, str], tuple[int, int, int]]:
    """By person and part: answered rightly, compared, and answered since they came to it."""
    found: dict[tuple[int, str], tuple[int, int, int]] = {}
    rows = tx.run(
        "SELECT s.author, g.use, sum(CASE WHEN a.score >= :bar THEN 1 ELSE 0 END), count(a.score), count(*)"
        " FROM assignments s JOIN gold g ON g.item = s.item"
        " LEFT JOIN gold_answers a ON a.item = s.item AND a.author = s.author"
        " LEFT JOIN standings t ON t.project = s.project AND t.author = s.author"
        " WHERE s.project = :project AND s.apart AND s.state IN ('done', 'skipped') AND g.use IN ('practice', 'test')"
        " AND s.at >= coalesce(t.since, '') GROUP BY s.author, g.use",
        bar=_bar(course) - RIGHT,
        project=scope.project,
    )
    for author, use, right, compared, done in rows:
        found[author, use] = (int(right or 0), int(compared), int(done))
    for author, done in tx.run(
        "SELECT s.author, count(*) FROM standings t JOIN assignments s ON s.project = t.project AND s.author = t.author"
        " WHERE t.project = :project AND t.state = 'pilot' AND NOT s.apart AND s.at >= t.since AND s.state = 'done'"
        " GROUP BY s.author",
        project=scope.project,
    ):
        found[author, "pilot"] = (0, 0, int(done))
    return found

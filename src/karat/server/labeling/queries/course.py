"""Where a person stands in a project's course, and what they have done there."""

from typing import Literal, NamedTuple

from karat.model.gold import Course
from karat.server.access import Scope
from karat.server.database import Tx
from karat.server.labeling.queries.traits import spoken
from karat.server.labeling.queries.versions import Rules

State = Literal["practice", "test", "pilot", "working", "failed"]
RIGHT = 1e-9
_ANSWERED = (
    " FROM assignments s JOIN gold g ON g.item = s.item JOIN responses r ON r.item = s.item AND r.author = s.author"
    " WHERE s.project = :project AND s.author = :author AND s.apart AND s.at >= :since AND s.state IN ('done', 'skipped')"
    " AND g.use = :use"
)


class Standing(NamedTuple):
    """A person's place in the course. Nothing that was answered before `since` counts; `by` is 0 for the course itself."""

    state: State
    since: str = ""
    until: str = ""
    tries: int = 0
    reason: str = ""
    by: int = 0


class Tested(NamedTuple):
    """A test so far: right and wrong answers, and those that were not compared yet."""

    right: int
    wrong: int
    open: int


def course_of(scope: Scope, rules: Rules) -> Course | None:
    """The course that the person must have passed; None where there is none, or their role is above it."""
    return rules.policy.course if scope.role == "annotator" else None


def standing_of(tx: Tx, project: int, author: int, course: Course | None) -> Standing:
    """Where a person stands; without a row at the beginning of the course."""
    rows = tx.run(
        "SELECT state, since, until, tries, reason, by FROM standings WHERE project = :project AND author = :author",
        project=project,
        author=author,
    )
    return Standing(*rows[0]) if rows else Standing(first_of(course))


def first_of(course: Course | None) -> State:
    """The first part that a course has."""
    if course is None:
        return "working"
    return "practice" if course.practice else after_practice(course)


def after_practice(course: Course) -> State:
    """The part after practice."""
    return "test" if course.test is not None else after_test(course)


def after_test(course: Course) -> State:
    """The part after the test."""
    return "pilot" if course.pilot is not None else "working"


def practised(tx: Tx, scope: Scope, standing: Standing) -> int:
    """How many practice items the person has answered."""
    rows = tx.run(
        f"SELECT count(*){_ANSWERED}",
        project=scope.project,
        author=scope.author,
        since=standing.since,
        use="practice",
    )
    return int(rows[0][0])


def tested(tx: Tx, scope: Scope, standing: Standing, *, right: float) -> Tested:
    """How the test goes. An answer is right from this agreement with the key; an item that was skipped is wrong."""
    rows = tx.run(
        f"SELECT r.state, (SELECT a.score FROM gold_answers a WHERE a.item = s.item AND a.author = s.author){_ANSWERED}",  # noqa: S608 - a constant
        project=scope.project,
        author=scope.author,
        since=standing.since,
        use="test",
    )
    skipped = sum(state == "skipped" for state, _ in rows)
    scores = [score for state, score in rows if state == "submitted" and score is not None]
    good = sum(score >= right - RIGHT for score in scores)
    return Tested(good, len(scores) - good + skipped, len(rows) - len(scores) - skipped)


def to_come(tx: Tx, scope: Scope, standing: Standing, course: Course) -> int:
    """How many more items of its part somebody in practice or a test may be given, beside those that they hold."""
    if standing.state not in ("practice", "test"):
        return 0
    of = course.practice if standing.state == "practice" else course.test.most if course.test is not None else 0
    rows = tx.run(
        "SELECT count(*) FROM assignments s JOIN gold g ON g.item = s.item WHERE s.project = :project"
        " AND s.author = :author AND s.apart AND g.use = :use AND (s.state = 'claimed'"
        " OR (s.at >= :since AND s.state IN ('done', 'skipped')))",
        project=scope.project,
        author=scope.author,
        use=standing.state,
        since=standing.since,
    )
    return max(0, of - int(rows[0][0]))


def piloted(tx: Tx, scope: Scope, standing: Standing, *, only_done: bool = False) -> int:
    """How many ordinary items the person has answered in the pilot, and holds unless `only_done`."""
    states = "'done'" if only_done else "'claimed', 'done'"
    rows = tx.run(
        "SELECT count(*) FROM assignments WHERE project = :project AND author = :author AND NOT apart AND at >= :since"  # noqa: S608 - one of two constants
        f" AND state IN ({states})",
        project=scope.project,
        author=scope.author,
        since=standing.since,
    )
    return int(rows[0][0])


def next_items(tx: Tx, scope: Scope, rules: Rules, *, use: str, limit: int) -> list[int]:
    """The next items of the course that the person has not had, those with the fewest uses first; where the work is given
    by language, in theirs."""
    only, values = spoken(tx, scope, rules, rules.policy.start)
    rows = tx.run(
        "SELECT g.item FROM gold g JOIN items i ON i.n = g.item AND i.deleted_at IS NULL WHERE g.project = :project"  # noqa: S608 - constants
        " AND g.use = :use AND g.state = 'active'"
        " AND NOT EXISTS (SELECT 1 FROM responses r WHERE r.item = g.item AND r.author = :author AND r.state <> 'withdrawn')"
        " AND NOT EXISTS (SELECT 1 FROM assignments s WHERE s.item = g.item AND s.author = :author AND s.state = 'claimed')"
        f"{only} ORDER BY g.uses, g.shuffle LIMIT :limit",
        project=scope.project,
        use=use,
        author=scope.author,
        limit=limit,
        **values,
    )
    return [row[0] for row in rows]

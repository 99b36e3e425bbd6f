"""Where people stand in a course, and what came of a practice item."""

import msgspec

from karat.server.access import Actor, enter_item, enter_project, missing
from karat.server.database import Tx
from karat.server.gold.keys import Key
from karat.server.gold.scoring import RIGHT, compare, key_of, said_by
from karat.server.items.names import authors_by_key
from karat.server.labeling.queries.course import course_of, piloted, practised, standing_of, tested
from karat.server.labeling.queries.versions import rules_of
from karat.server.projects.queries import schema_of
from karat.server.training.schemas import Feedback, Hint, OwnCourse, PersonStanding

NO_HINT = ""


def own_course(tx: Tx, actor: Actor, project: str) -> OwnCourse:
    """Where the actor stands."""
    scope = enter_project(tx, actor, "work.see", project=project)
    course = course_of(scope, rules_of(tx, scope.project))
    standing = standing_of(tx, scope.project, scope.author, course)
    done, of = 0, None
    tries_left: int | None = None
    if course is not None:
        if standing.state == "practice":
            done, of = practised(tx, scope, standing), course.practice
        elif standing.state == "test" and course.test is not None:
            done, of = sum(tested(tx, scope, standing, right=course.test.right)), course.test.most
        elif standing.state == "pilot" and course.pilot is not None:
            done, of = piloted(tx, scope, standing), course.pilot.items
        if course.test is not None:
            tries_left = max(0, course.test.tries - standing.tries)
    return OwnCourse(
        has_course=course is not None,
        state=standing.state,
        guideline=course.guideline if course is not None else "",
        done=done,
        of=of,
        until=standing.until or None,
        tries_left=tries_left,
        reason=standing.reason,
    )


def feedback(tx: Tx, actor: Actor, item: str) -> Feedback:
    """What came of the actor's own answer to a practice item; of any other item nothing is ever told."""
    scope, n = enter_item(tx, actor, "work.see", item=item)
    rows = tx.run(
        "SELECT g.response, g.revision, g.hints FROM gold g WHERE g.item = :item AND g.use = 'practice'"
        " AND EXISTS (SELECT 1 FROM assignments s WHERE s.item = g.item AND s.author = :author AND s.apart"
        " AND s.state = 'done')",
        item=n,
        author=scope.author,
    )
    answer = said_by(tx, scope.project, n, scope.author) if rows else None
    if answer is None:
        raise missing("item", item)
    response, revision, hints = rows[0]
    _, schema = schema_of(tx, scope.project)
    scored = compare(answer, key_of(tx, scope.project, Key(response, revision)), schema)
    told = msgspec.json.decode(hints, type=dict[str, str])
    fields = scored.fields if scored is not None else {}
    wrong = [field for field, distance in fields.items() if distance > RIGHT]
    return Feedback(
        right=[field for field in fields if field not in wrong],
        hints=[Hint(field, told.get(field, NO_HINT)) for field in wrong],
    )


def standings(tx: Tx, actor: Actor, project: str) -> list[PersonStanding]:
    """Where everybody stands of whom something is known, by name."""
    scope = enter_project(tx, actor, "gold.see", project=project)
    rows = tx.run(
        "SELECT author, state, tries, since, until, reason, by FROM standings WHERE project = :project",
        project=scope.project,
    )
    people = authors_by_key(tx, scope.workspace, [row[0] for row in rows])
    found = [
        PersonStanding(
            author=people[author],
            state=state,
            tries=tries,
            since=since,
            until=until or None,
            reason=reason,
            decided=bool(by),
        )
        for author, state, tries, since, until, reason, by in rows
        if author in people
    ]
    return sorted(found, key=lambda one: one.author.name)

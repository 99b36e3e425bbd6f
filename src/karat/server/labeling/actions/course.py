"""The course before the work: what a claim gives by where a person stands, and how they come further.

place(tx, project, author, state, …)      put a person somewhere: what managers and rules of quality do
"""

import datetime as dt

from karat.model.durations import seconds
from karat.model.gold import Course
from karat.model.ids import stamp
from karat.server.access import Scope
from karat.server.database import Tx
from karat.server.labeling.queries.course import Standing, State, piloted, standing_of
from karat.server.labeling.queries.passing import reached
from karat.server.labeling.queries.versions import Rules


def advance(tx: Tx, scope: Scope, rules: Rules, course: Course) -> Standing:
    """Bring a person as far as what they have done brings them."""
    standing = standing_of(tx, scope.project, scope.author, course)
    state, reason = reached(tx, scope, rules, course, standing)
    if state == standing.state:
        return standing
    place(tx, scope.project, scope.author, state, reason=reason, course=course)
    return standing_of(tx, scope.project, scope.author, course)


def allowed(tx: Tx, scope: Scope, standing: Standing, course: Course, *, wanted: int) -> int:
    """How many ordinary items somebody may be given now."""
    if standing.state == "working":
        return wanted
    if standing.state == "pilot" and course.pilot is not None:
        return max(0, min(wanted, course.pilot.items - piloted(tx, scope, standing)))
    return 0


def place(
    tx: Tx,
    project: int,
    author: int,
    state: State,
    *,
    reason: str = "",
    by: int = 0,
    course: Course | None = None,
) -> None:
    """Put a person somewhere in the course; whoever fails too often waits for a manager."""
    before = standing_of(tx, project, author, course)
    tries, until = (0, "") if state in ("practice", "working") else (before.tries, "")
    if state == "failed":
        tries += 1
        test = course.test if course is not None else None
        if test is not None and tries < test.tries:
            until = stamp(tx.clock.now() + dt.timedelta(seconds=seconds(test.pause)))
    tx.put(
        "INSERT INTO standings (project, author, state, tries, since, until, reason, by, at)"
        " VALUES (:project, :author, :state, :tries, :now, :until, :reason, :by, :now)"
        " ON CONFLICT (project, author) DO UPDATE SET state = excluded.state, tries = excluded.tries,"
        " since = excluded.since, until = excluded.until, reason = excluded.reason, by = excluded.by, at = excluded.at",
        project=project,
        author=author,
        state=state,
        tries=tries,
        now=tx.now(),
        until=until,
        reason=reason,
        by=by,
    )

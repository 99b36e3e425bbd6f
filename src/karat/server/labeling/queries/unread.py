"""Whether somebody must read what changed in the guideline before they are given another item."""

from karat.model.gold import Course
from karat.model.problem import Problem, Refused
from karat.server.access import Scope
from karat.server.database import Tx


def to_read(tx: Tx, scope: Scope, course: Course | None) -> int | None:
    """The newest version that must be read, where this person has confirmed none that is as new; before a course, any."""
    project, author = scope.project, scope.author
    rows = tx.run(
        "SELECT g.version FROM guidelines g WHERE g.project = :project AND g.must_read AND g.version >"
        " coalesce((SELECT r.version FROM guideline_reads r WHERE r.project = :project AND r.author = :author), 0)"
        " ORDER BY g.version DESC LIMIT 1",
        project=project,
        author=author,
    )
    if rows or course is None:
        return int(rows[0][0]) if rows else None
    # A course begins with the guideline: who stands at its beginning has read it in some version.
    first = tx.run(
        "SELECT max(version) FROM guidelines WHERE project = :project"
        " AND NOT EXISTS (SELECT 1 FROM guideline_reads r WHERE r.project = :project AND r.author = :author)"
        " AND NOT EXISTS (SELECT 1 FROM standings s WHERE s.project = :project AND s.author = :author)",
        project=project,
        author=author,
    )
    return None if first[0][0] is None else int(first[0][0])


class UnreadError(Refused):
    """409: the guideline has changed in a way that must be read first."""

    type = "guideline-unread"

    def __init__(self, version: int) -> None:
        do = "Read what changed in the guideline and confirm it; then items are given again."
        problem = Problem("guideline", "not read", f"version {version} read", do)
        super().__init__([problem], status=409, title="The guideline has changed")


def require_read(tx: Tx, scope: Scope, course: Course | None) -> None:
    """Refuse whoever has not read what must be read."""
    version = to_read(tx, scope, course)
    if version is not None:
        raise UnreadError(version)

"""Whether somebody must read what changed in the guideline before they are given another item."""

from karat.model.problem import Problem, Refused
from karat.server.database import Tx


def to_read(tx: Tx, project: int, author: int) -> int | None:
    """The newest version that must be read, where this person has confirmed none that is as new."""
    rows = tx.run(
        "SELECT g.version FROM guidelines g WHERE g.project = :project AND g.must_read AND g.version >"
        " coalesce((SELECT r.version FROM guideline_reads r WHERE r.project = :project AND r.author = :author), 0)"
        " ORDER BY g.version DESC LIMIT 1",
        project=project,
        author=author,
    )
    return int(rows[0][0]) if rows else None


class UnreadError(Refused):
    """409: the guideline has changed in a way that must be read first."""

    type = "guideline-unread"

    def __init__(self, version: int) -> None:
        do = "Read what changed in the guideline and confirm it; then items are given again."
        problem = Problem("guideline", "not read", f"version {version} read", do)
        super().__init__([problem], status=409, title="The guideline has changed")


def require_read(tx: Tx, project: int, author: int) -> None:
    """Refuse whoever has not read what must be read."""
    version = to_read(tx, project, author)
    if version is not None:
        raise UnreadError(version)

"""Whether somebody is given work in a project, or was paused by a rule or a manager."""

from karat.model.problem import Problem, Refused
from karat.server.database import Tx


class PausedError(Refused):
    """409: this person is given no work in the project for now."""

    type = "paused"

    def __init__(self, reason: str) -> None:
        do = "Nothing that you did is lost. Ask a manager of the project, who can undo it."
        problem = Problem("project", f"paused: {reason}", "somebody who is not paused", do)
        super().__init__([problem], status=409, title="Your work in this project is paused")


def require_working(tx: Tx, project: int, author: int) -> None:
    """Refuse whoever is paused, and say why."""
    reason = pause_of(tx, project, author)
    if reason is not None:
        raise PausedError(reason)


def pause_of(tx: Tx, project: int, author: int) -> str | None:
    """Why somebody is paused; None where they are not."""
    rows = tx.run(
        "SELECT reason FROM rule_actions WHERE project = :project AND author = :author AND did = 'pause'"
        " AND undone_at IS NULL ORDER BY n LIMIT 1",
        project=project,
        author=author,
    )
    return rows[0][0] if rows else None


def paused_in(tx: Tx, project: int) -> dict[int, tuple[str, str, int]]:
    """Everybody who is paused: since when, why, and by whom (0: a rule)."""
    rows = tx.run(
        "SELECT author, at, reason, by FROM rule_actions WHERE project = :project AND did = 'pause'"
        " AND undone_at IS NULL ORDER BY n DESC",
        project=project,
    )
    return {author: (at, reason, by) for author, at, reason, by in rows}

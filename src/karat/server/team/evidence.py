"""The items behind what is said of a person: those that show it best."""

from karat.model.problem import Problem, Refused, shown
from karat.server.access import Scope, missing
from karat.server.database import Tx
from karat.server.team.schemas import Evidence

MOST = 50
_DISPUTED = (
    "SELECT i.id FROM responses r JOIN items i ON i.n = r.item AND i.deleted_at IS NULL WHERE r.project = :project"
    " AND r.author = :author AND r.state = 'submitted' AND r.at >= :since AND i.disagreement > 0"
    " ORDER BY i.disagreement DESC, r.at DESC LIMIT :most"
)
_FAST = (
    "SELECT i.id FROM responses r JOIN items i ON i.n = r.item AND i.deleted_at IS NULL WHERE r.project = :project"
    " AND r.author = :author AND r.state = 'submitted' AND r.at >= :since AND r.active_ms > 0"
    " ORDER BY r.active_ms, r.n LIMIT :most"
)
_TAKEN = (
    "SELECT i.id FROM plants p JOIN items i ON i.n = p.item AND i.deleted_at IS NULL WHERE p.project = :project"
    " AND p.author = :author AND p.wrong AND p.taken AND p.at >= :since ORDER BY p.at DESC LIMIT :most"
)
_SHARED = (
    "SELECT i.id FROM pairs q JOIN responses r ON r.project = q.project AND r.author = q.a AND r.state = 'submitted'"
    " JOIN responses s ON s.item = r.item AND s.author = q.b AND s.state = 'submitted'"
    " JOIN items i ON i.n = r.item AND i.deleted_at IS NULL WHERE q.project = :project AND (q.a = :author OR q.b = :author)"
    " AND q.since IS NOT NULL AND r.at >= :since ORDER BY coalesce(i.disagreement, 0) DESC, i.n LIMIT :most"
)
OF = {
    "accuracy": _DISPUTED,
    "skill": _DISPUTED,
    "agreement": _DISPUTED,
    "falling": _DISPUTED,
    "guessing": _DISPUTED,
    "fatigue": _DISPUTED,
    "repeats": _DISPUTED,
    "pace": _FAST,
    "trust": _TAKEN,
    "copying": _SHARED,
}


def evidence(tx: Tx, scope: Scope, person: str, of: str, since: str) -> Evidence:
    """The items that show best what is said of somebody since a day, at most 50."""
    rows = tx.run(
        "SELECT n FROM authors WHERE id = :id AND workspace = :workspace", id=person, workspace=scope.workspace
    )
    if not rows:
        raise missing("person", person)
    if of not in OF:
        raise Refused([Problem("of", shown(of), f"one of {', '.join(OF)}", "Name what is said of the person.")])
    found = tx.run(OF[of], project=scope.project, author=rows[0][0], since=since, most=MOST)
    return Evidence([item for (item,) in found])

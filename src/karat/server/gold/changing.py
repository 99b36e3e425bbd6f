"""Changing how an item is gold, and what could become gold: results that many agree on, and imported keys."""

from typing import Literal

import msgspec

from karat.model.problem import Problem, Refused
from karat.server.access import Actor, enter_project
from karat.server.database import Tx
from karat.server.gold.actions import blocked, check_hints, own_gold
from karat.server.gold.schemas import Candidate, Candidates, GoldEdit
from karat.server.projects.queries import schema_of
from karat.server.tell import tell

MOST = 200
WAYS = {
    "result": (
        "SELECT i.n, i.id, i.key, (SELECT count(*) FROM responses r WHERE r.item = i.n AND r.state = 'submitted'"
        " AND r.excluded IS NULL AND r.author IN (SELECT a.n FROM authors a WHERE a.type = 'person')),"
        " (SELECT min(c.score) FROM consensus c WHERE c.item = i.n), z.by FROM resolutions z"
        " JOIN items i ON i.n = z.item AND i.deleted_at IS NULL WHERE z.project = :project"
    ),
    "import": (
        "SELECT DISTINCT i.n, i.id, i.key, 0, CAST(NULL AS double precision), 0 FROM authors a JOIN responses r ON r.author = a.n"
        " AND r.project = :project AND r.state = 'submitted' JOIN items i ON i.n = r.item AND i.deleted_at IS NULL"
        " WHERE a.workspace = :workspace AND a.type = 'gold'"
    ),
}


def change(tx: Tx, actor: Actor, gold: str, given: GoldEdit) -> None:
    """Give a gold item another use or other hints."""
    scope, item = own_gold(tx, actor, gold)
    before = tx.run("SELECT use, hints FROM gold WHERE item = :item", item=item)[0]
    use = given.use or before[0]
    if use != before[0] and (why := blocked(tx, item, use)) is not None:
        do = "Make another item gold for this use."
        raise Refused([Problem("use", why, "an item that nobody has been shown", do)], status=409)
    if given.hints is not None:
        check_hints(given.hints, schema_of(tx, scope.project)[1])
    hints = before[1] if given.hints is None else msgspec.json.encode(given.hints).decode()
    tx.put("UPDATE gold SET use = :use, hints = :hints WHERE item = :item", use=use, hints=hints, item=item)
    id_ = tx.run("SELECT id FROM items WHERE n = :n", n=item)[0][0]
    tell(tx, scope, "gold.changed", thing="item", id=id_)


def candidates(
    tx: Tx, actor: Actor, project: str, *, source: Literal["result", "import"], sure: float, answers: int, limit: int
) -> Candidates:
    """Items that could be made gold: by results of so many answers and so sure, or by a key that was imported."""
    scope = enter_project(tx, actor, "gold.see", project=project)
    if not 1 <= limit <= MOST:
        raise Refused([Problem("limit", str(limit), f"1 to {MOST}", "Ask for fewer.")])
    if not 0 <= sure <= 1:
        raise Refused([Problem("sure", f"{sure:g}", "0 to 1", "Ask for a probability.")])
    rows = tx.run(
        f"WITH x (n, id, key, answers, sure, decided) AS ({WAYS[source]}) SELECT * FROM x"  # noqa: S608 - constants
        " WHERE NOT EXISTS (SELECT 1 FROM gold g WHERE g.item = x.n)"
        " AND NOT EXISTS (SELECT 1 FROM shown_items s WHERE s.item = x.n)"
        " AND NOT EXISTS (SELECT 1 FROM precedents p WHERE p.item = x.n AND p.withdrawn_at IS NULL)"
        " AND (:any OR x.decided <> 0 OR (x.answers >= :answers AND x.sure >= :sure))"
        " ORDER BY x.decided DESC, x.sure DESC, x.n LIMIT :limit",
        project=scope.project,
        workspace=scope.workspace,
        any=source == "import",
        answers=answers,
        sure=sure,
        limit=limit + 1,
    )
    return Candidates(
        [Candidate(id_, key, count, score, bool(by)) for _, id_, key, count, score, by in rows[:limit]],
        more=len(rows) > limit,
    )

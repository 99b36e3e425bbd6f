"""Giving somebody's latest open answers to others too, and taking that back."""

from collections.abc import Mapping

import msgspec

from karat.server.access import Scope
from karat.server.database import Tx
from karat.server.labeling.queries.versions import rules_of
from karat.server.responses.actions import leave_out, take_in
from karat.server.tell import tell

REASON = "requeued"


def requeue(tx: Tx, scope: Scope, author: int, *, last: int) -> dict[str, object]:
    """Leave the author's latest answers out that no person has accepted yet, so that their places are free for others.

    Open is what no reviewer has accepted and no person has made the result. The answers are kept as they are; what `undo`
    needs to take them in again.
    """
    rows = tx.run(
        "SELECT r.n, r.item FROM responses r JOIN items i ON i.n = r.item AND i.deleted_at IS NULL"
        " WHERE r.project = :project AND r.author = :author AND r.state = 'submitted' AND r.excluded IS NULL AND NOT r.apart"
        " AND NOT EXISTS (SELECT 1 FROM resolutions z WHERE z.item = r.item AND z.by <> 0)"
        " AND NOT EXISTS (SELECT 1 FROM reviews v WHERE v.response = r.n AND v.verdict = 'accepted' AND v.counts)"
        " ORDER BY r.at DESC, r.n DESC LIMIT :last",
        project=scope.project,
        author=author,
        last=last,
    )
    rules, mark = rules_of(tx, scope.project), tx.new_id()
    excluded = msgspec.json.encode({"by": scope.actor.id, "reason": REASON, "operation": mark}).decode()
    for n, item in sorted(rows, key=lambda row: int(row[1])):
        leave_out(tx, scope, rules, n, item=item, author=author, excluded=excluded)
    if rows:
        tell(tx, scope, "response.excluded", thing="author", id=str(author))
    return {"mark": mark, "answers": len(rows)}


def take_back(tx: Tx, scope: Scope, author: int, before: Mapping[str, object]) -> None:
    """Take in again what was left out; what its author has answered anew since stands as it is."""
    rows = tx.run(
        "SELECT n, item, head, excluded FROM responses WHERE project = :project AND author = :author"
        " AND excluded IS NOT NULL AND NOT apart",
        project=scope.project,
        author=author,
    )
    rules = rules_of(tx, scope.project)
    own = [row[:3] for row in rows if msgspec.json.decode(row[3]).get("operation") == before.get("mark")]
    for n, item, head in sorted(own, key=lambda row: int(row[1])):
        take_in(tx, scope, rules, n, item=item, author=author, head=head)
    if own:
        tell(tx, scope, "response.excluded", thing="author", id=str(author), undone=True)

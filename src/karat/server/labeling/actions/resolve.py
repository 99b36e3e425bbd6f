"""The result of an item stands: the consensus gave it, or a person chose it."""

from karat.policies.flow import Resolved
from karat.server.access import Scope
from karat.server.database import Tx
from karat.server.labeling.actions.slots import lock, move, state_of
from karat.server.labeling.queries.versions import rules_of
from karat.server.tell import tell


def resolve(tx: Tx, scope: Scope, item: int, *, response: int, revision: int, is_decided: bool) -> bool:
    """Let a revision be the item's result; whether it came to that.

    `is_decided`: a person chose it, at any time, and later answers do not undo it. Else it is the consensus', which stands
    only while the item has the answers it wants and nobody has decided.
    """
    lock(tx, item)
    before = state_of(tx, item)
    if not is_decided and (before.state == "open" or before.decided):
        return False
    tx.run(
        "INSERT INTO resolutions (item, project, response, revision, by, at)"
        " VALUES (:item, :project, :response, :revision, :by, :now) ON CONFLICT (item) DO UPDATE SET"
        " response = excluded.response, revision = excluded.revision, by = excluded.by, at = excluded.at",
        item=item,
        project=scope.project,
        response=response,
        revision=revision,
        by=scope.author if is_decided else 0,
        now=tx.now(),
    )
    move(tx, scope.project, item, before, Resolved(decided=is_decided), rules=rules_of(tx, scope.project))
    id_ = tx.run("SELECT id FROM items WHERE n = :item", item=item)[0][0]
    tell(tx, scope, "item.resolved", thing="item", id=id_)
    return True

"""Claims that ran out go back to the queue: swept every few seconds, and at once when somebody finds nothing left."""

from karat.policies.flow import Freed
from karat.server.database import Tx
from karat.server.labeling.actions.mixing import come_again
from karat.server.labeling.actions.slots import lock, move, state_of
from karat.server.labeling.queries.versions import rules_of

AT_ONCE = 200


def expire(tx: Tx, *, project: int | None = None, limit: int = AT_ONCE) -> int:
    """Take back claims whose time is over, of one project or of all; how many there were, `limit` at most."""
    now = tx.now()
    only = "" if project is None else " AND project = :project"
    rows = tx.run(
        f"SELECT id, item, project FROM assignments WHERE state = 'claimed' AND until < :now{only}"  # noqa: S608 - one of two constants
        " ORDER BY until LIMIT :limit",
        now=now,
        limit=limit,
        **({} if project is None else {"project": project}),
    )
    for id_, item, owner in sorted(
        rows, key=lambda row: int(row[1])
    ):  # one order for all, so that no two wait for each other
        lock(tx, item)
        before = state_of(tx, item)
        taken_back = tx.run(
            "UPDATE assignments SET state = 'expired' WHERE id = :id AND state = 'claimed' AND until < :now"
            " RETURNING apart, author, stage, why",
            id=id_,
            now=now,
        )
        if taken_back and taken_back[0][0]:
            come_again(tx, owner, taken_back[0][1], item, stage=taken_back[0][2], why=taken_back[0][3])
        elif taken_back:
            move(tx, owner, item, before, Freed(), rules=rules_of(tx, owner))
    return len(rows)

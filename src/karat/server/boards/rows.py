"""Reading the counts that the follower keeps."""

from collections.abc import Sequence

from karat.server.boards.following import NAME
from karat.server.boards.schemas import Items
from karat.server.database import Tx
from karat.server.database.base import Row


def counts(tx: Tx, project: int, what: str) -> Sequence[Row]:
    """The counts of one sort that are not 0: a, b, day, n, x, y."""
    return tx.run(
        "SELECT a, b, day, n, x, y FROM rollups WHERE project = :project AND what = :what AND n > 0 ORDER BY a, b, day",
        project=project,
        what=what,
    )


def listed(n: int | float, *conditions: dict[str, object]) -> Items:
    """A number of items with the filter that lists them."""
    return Items(int(n), {"all": list(conditions)})


def is_behind(tx: Tx, project: int) -> bool:
    """Whether something happened that is not counted in yet."""
    if tx.run("SELECT 1 FROM rolling WHERE project = :project AND after IS NOT NULL", project=project):
        return True
    place = tx.run("SELECT xid, seq FROM cursors WHERE name = :name", name=NAME)
    xid, seq = place[0] if place else (0, 0)
    after = "seq > :seq AND :xid = 0" if tx.is_sqlite else "(xid, seq) > (:xid, :seq)"
    rows = tx.run(
        f"SELECT 1 FROM events WHERE {after} AND project = :project LIMIT 1",  # noqa: S608 - one of two constants
        xid=xid,
        seq=seq,
        project=project,
    )
    return bool(rows)

"""Reading the counts that the follower keeps."""

from collections.abc import Sequence

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

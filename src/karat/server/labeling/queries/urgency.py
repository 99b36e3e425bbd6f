"""How far managers have moved items in their queues: bands of priorities, within which a queue keeps its own order."""

from collections.abc import Sequence

from karat.server.database import Tx, named

BAND = 1 << 50
"""Priorities that queues give themselves are in [0, BAND); an item that was moved is whole bands before or behind."""
# The band of `priority` in SQL, as a number of priorities: division of negative numbers differs, so the rest is made positive.
OWN_BAND = f"(priority - ((priority % {BAND}) + {BAND}) % {BAND})"


def band(priority: int) -> int:
    """By how much an item is moved that is as urgent as `priority` says: higher comes first, and so is less.

    >>> band(0), band(10) < 0 < band(-10)
    (0, True)
    """
    return -priority * BAND


def band_of(place: int) -> int:
    """By how much an item is moved that stands at a place of a queue.

    >>> band_of(band(10) + 7) == band(10), band_of(7)
    (True, 0)
    """
    return place - place % BAND


def bands_of(tx: Tx, items: Sequence[int]) -> dict[int, int]:
    """By how much each of these items is moved, where it is: as the newest batch says that is for anybody."""
    if not items:
        return {}
    names, values = named(items)
    rows = tx.run(
        "SELECT b.item, z.priority FROM batch_items b JOIN batches z ON z.n = b.batch"  # noqa: S608 - names of parameters only
        f" WHERE b.item IN ({names}) AND z.is_move AND z.ended_at IS NULL ORDER BY z.n",
        **values,
    )
    return {item: band(priority) for item, priority in rows}

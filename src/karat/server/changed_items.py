"""Which items of a project have changed since some place in its events."""

from typing import NamedTuple

import msgspec

from karat.server.database import Tx
from karat.server.item_ids import numbers

MOST_EVENTS = 10_000


class Place(NamedTuple):
    """Up to which event something was read."""

    seq: int
    xid: int
    """On PostgreSQL, where commits come out of the order of `seq`: the oldest transaction that was open."""


def place_now(tx: Tx) -> Place:
    """Where the events stand in what this transaction sees."""
    seq = tx.run("SELECT COALESCE(max(seq), 0) FROM events")[0][0]
    xid = 0 if tx.is_sqlite else tx.run("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")[0][0]
    return Place(seq, xid)


def changed_since(
    tx: Tx, project: int, place: Place, *, most: int = MOST_EVENTS, ignoring: str = ""
) -> set[int] | None:
    """The items that have changed since, deleted ones too; None where that cannot be said of each, or after more than `most` events.

    One more name of events that change nothing for whoever asks may be ignored.
    """
    rows = tx.run(
        f"SELECT name, thing, data FROM events WHERE project = :project AND {_LATER[tx.is_sqlite]} AND name NOT IN ('job.changed', :ignoring)"  # noqa: S608 - one of two constants
        " LIMIT :limit",
        project=project,
        after=place.seq if tx.is_sqlite else place.xid,
        ignoring=ignoring,
        limit=most + 1,
    )
    if len(rows) > most:
        return None
    ids: set[str] = set()
    items: set[int] = set()
    for name, raw_thing, raw_data in rows:
        thing, data = msgspec.json.decode(raw_thing), msgspec.json.decode(raw_data)
        item = data.get("item") or (thing["id"] if thing["type"] == "item" else None)
        if isinstance(item, str):
            ids.add(item)
        elif thing["type"] == "operation" and name in ("item.changed", "item.deleted"):
            items |= {n for (n,) in tx.run("SELECT item FROM item_changes WHERE operation = :id", id=thing["id"])}
        elif not (name == "items.imported" and tx.is_sqlite and not data.get("responses")):
            # On SQLite new items have higher keys than all before them; on PostgreSQL a lower one may come later.
            return None
    return items | set(numbers(tx, ids).values())


_LATER = {True: "seq > :after", False: "xid >= :after"}

"""Walking the items of a project in the order in which they changed, whatever changed them."""

import datetime as dt
from typing import NamedTuple

from karat.model.ids import stamp
from karat.server.database import Tx

BACK_S = 10
"""A transaction may commit so long after the time that it wrote down: what changed since then is walked again."""


class Walk(NamedTuple):
    """The next items of a project by when they changed."""

    items: list[tuple[int, str]]
    is_full: bool


class Pass:
    """How far a project's items were walked in this pass, and which were looked at, with when they had changed."""

    def __init__(self) -> None:
        self.place: tuple[str, int] | None = None
        self.seen: dict[int, str] = {}
        self.since = ""


def active(tx: Tx) -> list[int]:
    """Every project that is not in the bin."""
    return [n for (n,) in tx.run("SELECT n FROM projects WHERE state <> 'bin' ORDER BY n")]


def next_changed(tx: Tx, project: int, after: tuple[str, int] | None, limit: int) -> Walk:
    """The items that changed behind a place; at the beginning of a pass, since the time up to which all were walked."""
    if after is None:
        rows = tx.run("SELECT changed_at FROM rolling WHERE project = :project", project=project)
        after = (rows[0][0] if rows else "", 0)
    found = tx.run(
        "SELECT n, changed_at FROM items WHERE project = :project AND deleted_at IS NULL AND (changed_at, n) > (:at, :n)"
        " ORDER BY changed_at, n LIMIT :limit",
        project=project,
        at=after[0],
        n=after[1],
        limit=limit,
    )
    return Walk([(n, at) for n, at in found], len(found) == limit)


def walked(tx: Tx, project: int, upto: str) -> str:
    """Write down how far a project was walked, and say so: never up to now, since what changed just now may not be
    committed yet.
    """
    rows = tx.run(
        "INSERT INTO rolling (project, changed_at) SELECT n, :at FROM projects WHERE n = :project"
        " ON CONFLICT (project) DO UPDATE SET changed_at = CASE WHEN rolling.changed_at < excluded.changed_at"
        " THEN excluded.changed_at ELSE rolling.changed_at END RETURNING changed_at",
        project=project,
        at=min(upto, stamp(tx.clock.now() - dt.timedelta(seconds=BACK_S))),
    )
    return rows[0][0] if rows else ""

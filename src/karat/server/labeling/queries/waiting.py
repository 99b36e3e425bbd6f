# ruff: noqa: S608 - the SQL is put together from numbers, constants and names of parameters; every value is a parameter
"""What waits for a person: the places of a queue behind their low-water marks."""

from typing import NamedTuple

from karat.policies.flow import JUDGED
from karat.server.access import Scope
from karat.server.database import Tx
from karat.server.labeling.queries.versions import Rules

RETURNED, FRESH, LATER = LANES = (0, 1, 2)
START = (-1, 0)

Position = tuple[int, int]
"""Priority and item: a place in a lane."""


class Place(NamedTuple):
    """An item that waits, and its slots."""

    stage: str
    lane: int
    priority: int
    item: int
    granted: int
    wanted: int

    @property
    def position(self) -> Position:
        """Where in its lane it stands."""
        return self.priority, self.item


class At(NamedTuple):
    """A stage of a project as one person walks it."""

    project: int
    stage: str
    author: int
    blocking: str
    """States of an own answer after which the item is not given again, as SQL."""

    def named(self) -> dict[str, object]:
        """The parameters of its SQL."""
        return {"project": self.project, "stage": self.stage, "author": self.author}


def is_anything_left(tx: Tx, scope: Scope, rules: Rules) -> bool:
    """Whether a claim would find something now."""
    for stage in rules.stages_for(scope.role):
        at = at_stage(scope, rules, stage)
        marks = marks_of(tx, at)
        if any(free_places(tx, at, lane, marks.get(lane, START), limit=1) for lane in LANES):
            return True
    return bool(returns_of(tx, scope, rules, limit=1))


def returns_of(
    tx: Tx, scope: Scope, rules: Rules, *, limit: int, excluded: frozenset[int] = frozenset()
) -> list[Place]:
    """Gold items that a person gave back or left for later, in the order in which ordinary ones would come to them again."""
    if rules.policy.gold is None:
        return []
    found: list[Place] = []
    for stage in rules.stages_for(scope.role):
        found += _returns_at(tx, at_stage(scope, rules, stage), limit=limit + len(excluded))
    return [place for place in found if place.item not in excluded]


def _returns_at(tx: Tx, at: At, *, limit: int) -> list[Place]:
    rows = tx.run(
        "SELECT g.lane, g.priority, g.item FROM gold_returns g JOIN items i ON i.n = g.item AND i.deleted_at IS NULL"
        " WHERE g.project = :project AND g.author = :author AND g.stage = :stage"
        " AND NOT EXISTS (SELECT 1 FROM responses r WHERE r.item = g.item AND r.author = g.author"
        f" AND r.state IN ({at.blocking}))"
        " AND NOT EXISTS (SELECT 1 FROM assignments s WHERE s.item = g.item AND s.author = g.author AND s.state = 'claimed')"
        " ORDER BY g.lane, g.priority LIMIT :limit",
        limit=limit,
        **at.named(),
    )
    return [Place(at.stage, lane, priority, item, 0, 0) for lane, priority, item in rows]


def at_stage(scope: Scope, rules: Rules, stage: str) -> At:
    """A stage as the person of a scope walks it."""
    given = rules.policy.stages[stage]
    if given.do in JUDGED:
        return At(scope.project, stage, scope.author, "'submitted'" if given.not_own else "''")
    return At(
        scope.project, stage, scope.author, "'submitted'" if given.skip.requeue == "me" else "'submitted', 'skipped'"
    )


def marks_of(tx: Tx, at: At) -> dict[int, Position]:
    """The low-water mark of each lane that the person has walked."""
    # Locked, so that two claims of one person go one after the other and do not find the same item.
    locked = "" if tx.is_sqlite or not tx.writes else " FOR UPDATE"
    rows = tx.run(
        f"SELECT lane, priority, item FROM low_water WHERE project = :project AND stage = :stage AND author = :author{locked}",
        **at.named(),
    )
    return {lane: (priority, item) for lane, priority, item in rows}


def free_places(tx: Tx, at: At, lane: int, mark: Position, *, limit: int) -> list[Place]:
    """Items with a slot for this person behind a mark of one lane."""
    rows = tx.run(
        f"SELECT q.priority, q.item, q.granted, q.wanted FROM queue q WHERE {usable(lane, at)}"
        " ORDER BY q.priority, q.item LIMIT :limit",
        limit=limit,
        **{f"p{lane}": mark[0], f"i{lane}": mark[1]},
        **at.named(),
    )
    return [Place(at.stage, lane, *row) for row in rows]


def usable(lane: int, at: At) -> str:
    """The condition, as SQL, that a place of `queue q` lies behind a mark and can be given to the person."""
    return (
        f"q.project = :project AND q.stage = :stage AND q.lane = {lane} AND (q.priority, q.item) > (:p{lane}, :i{lane})"
        " AND NOT EXISTS (SELECT 1 FROM responses r WHERE r.item = q.item AND r.author = :author"
        f" AND r.state IN ({at.blocking}))"
        " AND NOT EXISTS (SELECT 1 FROM assignments s WHERE s.item = q.item AND s.author = :author AND s.state = 'claimed')"
    )

# ruff: noqa: S608 - the SQL is put together from numbers, constants and names of parameters; every value is a parameter
"""What waits for a person: the places of a queue behind their low-water marks."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

import msgspec

from karat.model.who import Traits
from karat.policies.flow import JUDGED
from karat.server.access import Scope
from karat.server.database import Tx
from karat.server.labeling.queries.course import course_of, next_items, piloted, standing_of
from karat.server.labeling.queries.passing import reached
from karat.server.labeling.queries.paused import pause_of
from karat.server.labeling.queries.traits import SPEAKS, traits_of
from karat.server.labeling.queries.versions import Rules

RETURNED, FRESH, LATER = LANES = (0, 1, 2)
START = (-(1 << 62), 0)
"""Before every place, also of items that were moved forward."""

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
    by_hand: bool = False
    """Given to the person or their groups by a manager: it comes before everything else."""

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
    language: str | None = None
    """The key of the items' metadata that must name one of `spoken`."""
    spoken: tuple[str, ...] = ()
    is_batched: bool = False
    """Whether items of the project may be reserved for others."""

    def spoken_in(self, tx: Tx) -> dict[str, object]:
        """The parameters of the condition on the items' language."""
        if self.language is None:
            return {}
        spoken = list(self.spoken)
        return {"language": self.language, "spoken": msgspec.json.encode(spoken).decode() if tx.is_sqlite else spoken}

    def named(self) -> dict[str, object]:
        """The parameters of its SQL."""
        return {"project": self.project, "stage": self.stage, "author": self.author}


def is_anything_left(tx: Tx, scope: Scope, rules: Rules) -> bool:
    """Whether a claim would find something now."""
    if pause_of(tx, scope.project, scope.author) is not None:
        return False
    course = course_of(scope, rules)
    if course is not None:
        standing = standing_of(tx, scope.project, scope.author, course)
        state, _ = reached(tx, scope, rules, course, standing)
        if state in ("practice", "test"):
            return bool(next_items(tx, scope, rules, use=state, limit=1))
        if state == "pilot" and standing.state == "pilot" and course.pilot is not None:
            if piloted(tx, scope, standing) >= course.pilot.items:
                return False
        elif state not in ("pilot", "working"):
            return False
    traits = traits_of(tx, scope, rules)
    stages = rules.stages_for(scope.role, traits=traits)
    if rules.has_batches and given_places(tx, scope, rules, stages, count=1):
        return True
    for stage in stages:
        at = at_stage(scope, rules, stage, traits)
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
        "SELECT g.lane, g.priority, g.item, 0, g.free FROM gold_returns g JOIN items i ON i.n = g.item AND i.deleted_at IS NULL"
        " JOIN gold x ON x.item = g.item AND x.use = 'hidden' WHERE g.project = :project AND g.author = :author AND g.stage = :stage"
        " AND NOT EXISTS (SELECT 1 FROM responses r WHERE r.item = g.item AND r.author = g.author"
        f" AND r.state IN ({at.blocking}))"
        " AND NOT EXISTS (SELECT 1 FROM assignments s WHERE s.item = g.item AND s.author = g.author AND s.state = 'claimed')"
        " ORDER BY g.lane, g.priority LIMIT :limit",
        limit=limit,
        **at.named(),
    )
    return [Place(at.stage, *row) for row in rows]


def at_stage(scope: Scope, rules: Rules, stage: str, traits: Traits | None = None) -> At:
    """A stage as the person of a scope walks it."""
    given = rules.policy.stages[stage]
    language = None if given.who is None or traits is None else given.who.language
    spoken = () if language is None or traits is None else tuple(sorted(traits.languages))
    if given.do in JUDGED:
        blocking = "'submitted'" if given.not_own else "''"
    else:
        blocking = "'submitted'" if given.skip.requeue == "me" else "'submitted', 'skipped'"
    return At(scope.project, stage, scope.author, blocking, language, spoken, rules.has_batches)


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
        f"SELECT q.priority, q.item, q.granted, q.wanted FROM queue q WHERE {usable(lane, at, is_sqlite=tx.is_sqlite)}"
        " ORDER BY q.priority, q.item LIMIT :limit",
        limit=limit,
        **{f"p{lane}": mark[0], f"i{lane}": mark[1]},
        **at.named(),
        **at.spoken_in(tx),
    )
    return [Place(at.stage, lane, *row) for row in rows]


def usable(lane: int, at: At, *, is_sqlite: bool) -> str:
    """The condition, as SQL, that a place of `queue q` lies behind a mark and can be given to the person."""
    return (
        f"q.project = :project AND q.stage = :stage AND q.lane = {lane} AND (q.priority, q.item) > (:p{lane}, :i{lane})"
        f"{unreserved(at)}{_suits(at, is_sqlite=is_sqlite)}"
    )


def unreserved(at: At) -> str:
    """The condition that an item is not reserved; what is reserved for the person is given them before."""
    reserved = " AND NOT EXISTS (SELECT 1 FROM batch_items b WHERE b.item = q.item AND b.reserved)"
    return reserved if at.is_batched else ""


def _suits(at: At, *, is_sqlite: bool) -> str:
    """The condition that an item is not the person's already, and is in a language of theirs where that matters."""
    return (
        (
            f" AND EXISTS (SELECT 1 FROM items i WHERE i.n = q.item AND {SPEAKS[is_sqlite]})"
            if at.language is not None
            else ""
        )
        + " AND NOT EXISTS (SELECT 1 FROM responses r WHERE r.item = q.item AND r.author = :author"
        f" AND r.state IN ({at.blocking}))"
        " AND NOT EXISTS (SELECT 1 FROM assignments s WHERE s.item = q.item AND s.author = :author AND s.state = 'claimed')"
    )


def given_to(*, is_sqlite: bool) -> str:
    """The condition, as SQL, that a batch `z` is for the person `:author`: by name, group, skill or language."""
    return (
        "(z.author = :author OR z.team IN (SELECT t.team FROM team_members t WHERE t.author = :author)"
        f" OR z.skill IS NOT NULL AND {_KNOWS[is_sqlite].format('skills', 'skill')}"
        f" OR z.language IS NOT NULL AND {_KNOWS[is_sqlite].format('languages', 'language')})"
    )


_KNOWS = {
    True: "EXISTS (SELECT 1 FROM memberships m, json_each(m.{0}) w WHERE m.author = :author AND w.value = z.{1})",
    False: "EXISTS (SELECT 1 FROM memberships m, json_array_elements_text(m.{0}::json) AS w(value)"
    " WHERE m.author = :author AND w.value = z.{1})",
}


def given_places(
    tx: Tx, scope: Scope, rules: Rules, stages: Sequence[str], *, count: int, excluded: Collection[int] = ()
) -> list[Place]:
    """Items that were given to the person or their groups by hand, the most urgent first."""
    found: list[Place] = []
    for stage in stages:
        # In the language of the item or not: a manager has chosen the person.
        at = At(scope.project, stage, scope.author, at_stage(scope, rules, stage).blocking)
        locked = "" if tx.is_sqlite or not tx.writes else " FOR UPDATE OF q SKIP LOCKED"
        rows = tx.run(
            "SELECT q.lane, q.priority, q.item, q.granted, q.wanted FROM batches z"
            " JOIN batch_items b ON b.batch = z.n JOIN queue q ON q.item = b.item"
            " WHERE z.project = :project AND z.ended_at IS NULL AND q.stage = :stage"
            f" AND {given_to(is_sqlite=tx.is_sqlite)}"
            f"{_suits(at, is_sqlite=tx.is_sqlite)}"
            " ORDER BY z.priority DESC, coalesce(z.deadline, 'never'), z.n, q.priority, q.item LIMIT :limit"
            f"{locked}",
            limit=count - len(found) + len(excluded),
            **at.named(),
        )
        places = {row[2]: Place(stage, *row)._replace(by_hand=True) for row in rows if row[2] not in excluded}
        found += list(places.values())[: count - len(found)]
        if len(found) >= count:
            break
    return found

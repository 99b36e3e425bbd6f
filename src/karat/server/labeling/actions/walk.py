# ruff: noqa: S608 - the SQL is put together from numbers, constants and names of parameters; every value is a parameter
"""The walk along the queue: the next items that a person has not had, found without looking at what is behind them.

Three lanes are walked one after the other: items that came back, fresh ones, those left for later. For each person, stage
and lane a low-water mark says up to where there is nothing for them, so that a walk does not pass again what they have
answered. An item that comes back gets the next number of its lane and so stands before every mark.
"""

import datetime as dt
from collections.abc import Collection
from functools import lru_cache

from karat.model.ids import stamp
from karat.server.access import Scope
from karat.server.database import Tx
from karat.server.labeling.queries.traits import traits_of
from karat.server.labeling.queries.versions import Rules
from karat.server.labeling.queries.waiting import (
    FRESH,
    LANES,
    START,
    At,
    Place,
    Position,
    at_stage,
    free_places,
    given_places,
    marks_of,
    usable,
)

# On PostgreSQL an import can commit behind a mark that moved meanwhile. Whoever finds nothing left looks once more from
# the start, at most this often.
LOOK_AGAIN_S = 30


def walk(
    tx: Tx, scope: Scope, rules: Rules, *, count: int, excluded: frozenset[int], do: Collection[str] = ("label",)
) -> list[Place]:
    """The next items for a person, at most `count`; on PostgreSQL they are locked until the transaction ends."""
    traits = traits_of(tx, scope, rules)
    stages = rules.stages_for(scope.role, do=do, traits=traits)
    found: list[Place] = []
    if rules.has_batches:
        found = given_places(tx, scope, rules, stages, count=count, excluded=excluded)
        excluded |= {place.item for place in found}
    for stage in stages:
        if len(found) < count:
            at = at_stage(scope, rules, stage, traits)
            found += _walk_stage(tx, at, count=count - len(found), excluded=excluded)
    return found


def _walk_stage(tx: Tx, at: At, *, count: int, excluded: frozenset[int]) -> list[Place]:
    marks = _own_marks(tx, at)
    walk_lanes = _walk_sqlite if tx.is_sqlite else _walk_postgresql
    found, moved = walk_lanes(tx, at, marks, count=count, excluded=excluded)
    # A language may have been given to an item behind a mark as well.
    can_be_behind = not tx.is_sqlite or at.language is not None
    if not found and not excluded and can_be_behind and _may_look_again(tx, at):
        found, moved = walk_lanes(tx, at, dict.fromkeys(LANES, START), count=count, excluded=excluded)
    for lane, (priority, item) in moved.items():
        tx.put(
            "UPDATE low_water SET priority = :priority, item = :item"
            " WHERE project = :project AND stage = :stage AND author = :author AND lane = :lane",
            priority=priority,
            item=item,
            lane=lane,
            **at.named(),
        )
    return found


def _own_marks(tx: Tx, at: At) -> dict[int, Position]:
    marks = marks_of(tx, at)
    if len(marks) == len(LANES):
        return marks
    priority, item = START
    tx.many(
        "INSERT INTO low_water (project, stage, author, lane, priority, item)"
        " VALUES (:project, :stage, :author, :lane, :priority, :item) ON CONFLICT DO NOTHING",
        [{**at.named(), "lane": lane, "priority": priority, "item": item} for lane in LANES],
    )
    return marks_of(tx, at)


def _may_look_again(tx: Tx, at: At) -> bool:
    now = tx.clock.now()
    found = tx.run(
        "UPDATE low_water SET at = :now WHERE project = :project AND stage = :stage AND author = :author AND lane = :lane"
        " AND at < :before RETURNING lane",
        now=stamp(now),
        before=stamp(now - dt.timedelta(seconds=LOOK_AGAIN_S)),
        lane=FRESH,
        **at.named(),
    )
    return bool(found)


def _walk_sqlite(
    tx: Tx, at: At, marks: dict[int, Position], *, count: int, excluded: frozenset[int]
) -> tuple[list[Place], dict[int, Position]]:
    found: list[Place] = []
    moved: dict[int, Position] = {}
    for lane in LANES:
        wanted = count - len(found)
        if not wanted:
            break
        free = free_places(tx, at, lane, marks[lane], limit=wanted + len(excluded) + 1)
        here = [place for place in free if place.item not in excluded][:wanted]
        left = next((place for place in free if place not in here), None)
        mark = (left.priority, left.item - 1) if left else _end(tx, at, lane, marks[lane])
        if mark > marks[lane]:
            moved[lane] = mark
        found += here
    return found, moved


def _end(tx: Tx, at: At, lane: int, mark: Position) -> Position:
    rows = tx.run(
        "SELECT priority, item FROM queue WHERE project = :project AND stage = :stage AND lane = :lane"
        " AND (priority, item) > (:priority, :item) ORDER BY priority DESC, item DESC LIMIT 1",
        project=at.project,
        stage=at.stage,
        lane=lane,
        priority=mark[0],
        item=mark[1],
    )
    return (rows[0][0], rows[0][1]) if rows else mark


def _walk_postgresql(
    tx: Tx, at: At, marks: dict[int, Position], *, count: int, excluded: frozenset[int]
) -> tuple[list[Place], dict[int, Position]]:
    """One statement: items are locked in passing, and what others hold locked is left for the next walk."""
    rows = tx.run(
        _statement(at.blocking, speaks=at.language is not None, is_batched=at.is_batched),
        count=count,
        excluded=list(excluded),
        **at.named(),
        **at.spoken_in(tx),
        **{f"p{lane}": marks[lane][0] for lane in LANES},
        **{f"i{lane}": marks[lane][1] for lane in LANES},
    )
    found = [Place(at.stage, *row[1:]) for row in rows if row[0] == "got"]
    moved = {row[1]: (row[2], row[3]) for row in rows if row[0] == "mark"}
    return found, {lane: mark for lane, mark in moved.items() if mark > marks[lane]}


@lru_cache(maxsize=16)
def _statement(blocking: str, *, speaks: bool, is_batched: bool) -> str:
    at = At(0, "", 0, blocking, "" if speaks else None, (), is_batched)
    before = "0"
    parts: list[str] = []
    results: list[str] = []
    for lane in LANES:
        wanted = f"(:count - ({before}))"
        parts.append(
            f"got{lane} AS MATERIALIZED (SELECT q.priority, q.item, q.granted, q.wanted FROM queue q"
            f" WHERE {usable(lane, at, is_sqlite=False)} AND q.item <> ALL(:excluded::bigint[])"
            f" ORDER BY q.priority, q.item LIMIT greatest({wanted}, 0) FOR UPDATE OF q SKIP LOCKED)"
        )
        parts.append(
            f"left{lane} AS MATERIALIZED (SELECT q.priority, q.item FROM queue q WHERE {usable(lane, at, is_sqlite=False)}"
            f" AND {wanted} > 0 AND NOT EXISTS (SELECT 1 FROM got{lane} g WHERE g.item = q.item)"
            " ORDER BY q.priority, q.item LIMIT 1)"
        )
        results.append(f"SELECT 'got', {lane}, priority, item, granted, wanted FROM got{lane}")
        results.append(f"SELECT 'mark', {lane}, priority, item - 1, 0, 0 FROM left{lane}")
        results.append(
            f"(SELECT 'mark', {lane}, q.priority, q.item, 0, 0 FROM queue q WHERE q.project = :project"
            f" AND q.stage = :stage AND q.lane = {lane} AND {wanted} > 0 AND NOT EXISTS (SELECT 1 FROM left{lane})"
            " ORDER BY q.priority DESC, q.item DESC LIMIT 1)"
        )
        before += f" + (SELECT count(*) FROM got{lane})"
    return f"WITH {', '.join(parts)} {' UNION ALL '.join(results)}"

"""Filling the queues: items that come in, come back, are asked for again or are gone, hundreds at a time."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import msgspec

from karat.policies import QUEUES, Waiting
from karat.policies.flow import ItemState, Recounted, Requeued, advance, is_offered, taken_of, wanted_of
from karat.server.access import NOBODY, Scope
from karat.server.database import Tx, named
from karat.server.database.base import Row
from karat.server.labeling.actions.slots import COUNTS, is_labeled, lock, lower, move, state_of
from karat.server.labeling.queries.urgency import band_of, bands_of
from karat.server.labeling.queries.versions import Rules, rules_of
from karat.server.labeling.queries.waiting import FRESH
from karat.server.tell import tell

CHUNK = 500
BARE = ("label", "open", 0, 0, 0)
"""Stage, state and counts of an item's row before it was offered, as `items` has them by default."""


def enqueue(tx: Tx, project: int, item_ns: Sequence[int], *, bare: Sequence[int] = ()) -> None:
    """Offer items that have just come in. Those that came with answers are counted and offered if they want more.

    Safe to repeat. The counts of answers of the items and of the project are brought right here; the project's number of
    items is the caller's. `bare` items were made in this transaction without any answer: nothing needs to be asked of them.
    """
    rules = rules_of(tx, project)
    _settle(tx, project, item_ns, rules)
    if bare:
        _settle_all(tx, project, [(item, *BARE) for item in bare], rules)


def recount(tx: Tx, project: int, item_ns: Sequence[int]) -> None:
    """Bring items to where their answers put them: the policy changed, or answers were written past labeling."""
    rules = rules_of(tx, project)
    for item in item_ns:
        lock(tx, item)
        found = tx.run("SELECT responses FROM items WHERE n = :item AND deleted_at IS NULL", item=item)
        if found:
            standing = tx.run(
                "SELECT count(*) FROM responses r JOIN authors a ON a.n = r.author WHERE r.item = :item"
                " AND r.state = 'submitted' AND r.excluded IS NULL AND a.type NOT IN ('consensus', 'gold')",
                item=item,
            )[0][0]
            move(tx, project, item, state_of(tx, item), Recounted(), rules=rules, responses=standing - found[0][0])


def recount_later(tx: Tx, project: int) -> None:
    """Apply a changed policy to every item of a project, a chunk at a time behind the people who wait; see `sweep`."""
    tx.run(
        "INSERT INTO recounts (project, after) VALUES (:project, 0) ON CONFLICT (project) DO UPDATE SET after = 0",
        project=project,
    )
    recount_next(tx)


def recount_next(tx: Tx, *, limit: int = CHUNK) -> bool:
    """Apply changed policies to one more chunk of items; whether there is more to do."""
    locked = "" if tx.is_sqlite else " FOR UPDATE SKIP LOCKED"
    waiting = tx.run(f"SELECT project, after FROM recounts ORDER BY project LIMIT 1{locked}")  # noqa: S608 - one of two constants
    if not waiting:
        return False
    project, after = waiting[0]
    rows = tx.run(
        "SELECT n FROM items WHERE project = :project AND n > :after AND deleted_at IS NULL ORDER BY n LIMIT :limit",
        project=project,
        after=after,
        limit=limit,
    )
    if not rows:
        tx.run("DELETE FROM recounts WHERE project = :project", project=project)
        # What came to its last stage by the change has its result yet to be decided.
        workspace, id_ = tx.run("SELECT workspace, id FROM projects WHERE n = :n", n=project)[0]
        tell(tx, Scope(NOBODY, workspace, "owner", 0, project), "items.recounted", thing="project", id=id_)
        return True
    items = [row[0] for row in rows]
    _settle(tx, project, items, rules_of(tx, project))
    tx.run("UPDATE recounts SET after = :after WHERE project = :project", after=items[-1], project=project)
    return True


def reprioritise(tx: Tx, project: int, priorities: Sequence[tuple[int, int]]) -> None:
    """Give waiting items new priorities, as (item, priority); those that came back keep their place before all others."""
    stages: dict[str, tuple[int, int]] = {}
    for item, priority in priorities:
        moved = tx.run(
            "UPDATE queue SET priority = :priority WHERE item = :item AND lane = :lane RETURNING stage",
            priority=priority,
            item=item,
            lane=FRESH,
        )
        for (stage,) in moved:
            stages[stage] = min(stages.get(stage, (priority, item)), (priority, item))
    for stage, (priority, item) in stages.items():
        lower(tx, project, stage, priority, item)


def reorder(tx: Tx, project: int, risks: Mapping[int, float | None]) -> None:
    """Bring items to where their risk, by item, puts them in queues that go by it."""
    stages = rules_of(tx, project).policy.stages
    by_risk = {name: QUEUES[stage.queue] for name, stage in stages.items() if QUEUES[stage.queue].follows_risk}
    if not by_risk or not risks:
        return
    rows = tx.run(_PLACES[tx.is_sqlite], lane=FRESH, **_list(tx, list(risks)))
    moved = [
        (item, band_of(was) + priority)
        for item, stage, granted, was in rows
        if stage in by_risk
        for priority in by_risk[stage].prioritise([Waiting(item, granted, risks[item])])
        if band_of(was) + priority != was
    ]
    reprioritise(tx, project, moved)


def shift(tx: Tx, project: int, items: Sequence[int]) -> None:
    """Bring waiting items to the bands in which managers want them now; within a band a queue keeps its order."""
    names, values = named(items)
    wanted = bands_of(tx, items)
    rows = tx.run(f"SELECT item, priority FROM queue WHERE item IN ({names}) AND lane = {FRESH}", **values)  # noqa: S608 - names of parameters only
    moved = [
        (item, was - band_of(was) + wanted.get(item, 0)) for item, was in rows if band_of(was) != wanted.get(item, 0)
    ]
    reprioritise(tx, project, moved)


def look_again(tx: Tx, project: int, items: Sequence[int]) -> None:
    """Let everybody who walked past these items, as they were reserved, look at them again."""
    names, values = named(items)
    rows = tx.run(f"SELECT stage, lane, priority, item FROM queue WHERE item IN ({names})", **values)  # noqa: S608 - names of parameters only
    first: dict[tuple[str, int], tuple[int, int]] = {}
    for stage, lane, priority, item in rows:
        first[stage, lane] = min(first.get((stage, lane), (priority, item)), (priority, item))
    for (stage, lane), (priority, item) in first.items():
        lower(tx, project, stage, priority, item, lane=lane)


def requeue(tx: Tx, scope: Scope, item_ns: Sequence[int], *, more: int = 1) -> None:
    """Ask for more answers than there are; what was resolved is open again."""
    rules = rules_of(tx, scope.project)
    for item in sorted(item_ns):
        lock(tx, item)
        found = tx.run(
            "SELECT 1 FROM items WHERE n = :item AND project = :project AND deleted_at IS NULL",
            item=item,
            project=scope.project,
        )
        if found:
            move(tx, scope.project, item, state_of(tx, item), Requeued(more), rules=rules)


def close(tx: Tx, project: int, item_ns: Sequence[int]) -> None:
    """Give items to nobody any more: they were deleted. Claims end; answers stay. Counts are the caller's."""
    items = [{"item": item, "project": project} for item in sorted(item_ns)]
    tx.many("DELETE FROM queue WHERE item = :item AND project = :project", items)
    tx.many(
        "UPDATE assignments SET state = 'released' WHERE item = :item AND project = :project AND state = 'claimed'",
        items,
    )


def reopen(tx: Tx, project: int, item_ns: Sequence[int]) -> None:
    """Offer deleted items again that came back."""
    recount(tx, project, sorted(item_ns))


class _Change(NamedTuple):
    """An item whose row is brought to where its answers put it."""

    item: int
    state: str
    stage: str
    responses: int


def _settle(tx: Tx, project: int, items: Sequence[int], rules: Rules) -> None:
    """Bring items to where their answers put them: those that nobody holds all at once, the others one by one."""
    if not items:
        return
    held = {row[0] for row in tx.run(_HELD[tx.is_sqlite], **_list(tx, items))}
    rows = tx.run(_STANDING[tx.is_sqlite], **_list(tx, [n for n in items if n not in held]))
    tx.run(_DROP[tx.is_sqlite], **_list(tx, [row[0] for row in rows]))
    _settle_all(tx, project, rows, rules)
    recount(tx, project, sorted(held))


def _settle_all(tx: Tx, project: int, rows: Sequence[Row], rules: Rules) -> None:
    """Bring items that stand in no queue to where their answers put them, as (item, stage, state, kept, standing, counted)."""
    offered: dict[str, list[tuple[Waiting, int]]] = {}
    changes: list[_Change] = []
    labeled = done = responses = 0
    # Of the items of an import nearly all are in the same state; to ask for each costs a third of storing it.
    settled: dict[tuple[str, str, int], tuple[ItemState, int | None]] = {}
    for item, stage, state, kept, standing, counted in rows:
        if (stage, state, counted) not in settled:
            settled[stage, state, counted] = _settled(ItemState(stage=stage, state=state, answers=counted), rules)
        after, wanted = settled[stage, state, counted]
        if wanted is not None:
            offered.setdefault(after.stage, []).append((Waiting(item, taken_of(after)), wanted))
        if (after.state, after.stage, standing) != (state, stage, kept):
            changes.append(_Change(item, after.state, after.stage, standing))
            labeled += is_labeled(after.state) - is_labeled(state)
            done += (after.state == "done") - (state == "done")
            responses += standing - kept
    for stage, waiting in offered.items():
        _offer_fresh(tx, project, stage, waiting, rules)
    if changes:
        _write(tx, changes)
        tx.run(
            "UPDATE projects SET labeled = labeled + :labeled, done = done + :done, responses = responses + :responses"
            " WHERE n = :project",
            labeled=labeled,
            done=done,
            responses=responses,
            project=project,
        )


def _settled(before: ItemState, rules: Rules) -> tuple[ItemState, int | None]:
    """Where an item belongs, and how many answers it is offered for; None where it is not offered."""
    after, _ = advance(before, Recounted(), rules.policy, is_held=rules.is_held)
    return after, wanted_of(after, rules.policy) if is_offered(after, rules.policy) else None


def _offer_fresh(tx: Tx, project: int, stage: str, waiting: Sequence[tuple[Waiting, int]], rules: Rules) -> None:
    priorities = QUEUES[rules.policy.stages[stage].queue].prioritise([one for one, _ in waiting])
    bands = bands_of(tx, [one.item for one, _ in waiting]) if rules.has_batches else {}
    rows = [
        (p + bands.get(one.item, 0), one.item, one.taken, wanted)
        for p, (one, wanted) in zip(priorities, waiting, strict=True)
    ]
    tx.run(_FILL[tx.is_sqlite], project=project, stage=stage, lane=FRESH, **_columns(tx, rows))
    lower(tx, project, stage, *min((p, item) for p, item, _, _ in rows))


def _write(tx: Tx, changes: Sequence[_Change]) -> None:
    tx.run(_MOVE[tx.is_sqlite], now=tx.now(), **_columns(tx, changes))


def _columns(tx: Tx, rows: Sequence[tuple[object, ...]]) -> dict[str, object]:
    """Rows as one parameter: JSON for SQLite, a list for each column for PostgreSQL."""
    if tx.is_sqlite:
        return {"rows": msgspec.json.encode(rows).decode()}
    return {name: list(column) for name, column in zip("abcd", zip(*rows, strict=True), strict=True)}


def _list(tx: Tx, items: Sequence[int]) -> dict[str, object]:
    return {"items": msgspec.json.encode(list(items)).decode() if tx.is_sqlite else list(items)}


# By whether it is SQLite.
_HELD = {
    True: "SELECT s.item FROM json_each(:items) j JOIN assignments s ON s.item = j.value AND s.state = 'claimed'"
    " UNION SELECT x.item FROM json_each(:items) j JOIN exceptions x ON x.item = j.value"
    " UNION SELECT z.item FROM json_each(:items) j JOIN resolutions z ON z.item = j.value"
    " UNION SELECT r.item FROM json_each(:items) j JOIN responses r ON r.item = j.value AND r.surplus",
    False: "SELECT item FROM assignments WHERE item = ANY(:items) AND state = 'claimed'"
    " UNION SELECT item FROM exceptions WHERE item = ANY(:items)"
    " UNION SELECT item FROM resolutions WHERE item = ANY(:items)"
    " UNION SELECT item FROM responses WHERE item = ANY(:items) AND surplus",
}
_COUNTS = (
    "SELECT i.n, i.stage, i.state, i.responses,"  # noqa: S608 - a constant
    " (SELECT count(*) FROM responses r JOIN authors a ON a.n = r.author WHERE r.item = i.n AND r.state = 'submitted'"
    " AND r.excluded IS NULL AND a.type NOT IN ('consensus', 'gold')),"
    " (SELECT count(*) FROM responses r JOIN authors a ON a.n = r.author WHERE r.item = i.n AND r.state = 'submitted'"
    f" AND r.excluded IS NULL AND NOT r.surplus AND {COUNTS}) FROM items i "
)
_STANDING = {
    True: f"{_COUNTS} JOIN json_each(:items) j ON j.value = i.n WHERE i.deleted_at IS NULL",
    False: f"{_COUNTS} WHERE i.n = ANY(:items) AND i.deleted_at IS NULL FOR NO KEY UPDATE OF i",
}
_PLACES = {
    True: "SELECT q.item, q.stage, q.granted, q.priority FROM json_each(:items) j JOIN queue q ON q.item = j.value"
    " WHERE q.lane = :lane",
    False: "SELECT item, stage, granted, priority FROM queue WHERE item = ANY(:items) AND lane = :lane",
}
_DROP = {
    True: "DELETE FROM queue WHERE item IN (SELECT value FROM json_each(:items))",
    False: "DELETE FROM queue WHERE item = ANY(:items)",
}
_MOVE = {
    True: "UPDATE items SET state = v.state, stage = v.stage, responses = v.responses, changed_at = :now"
    " FROM (SELECT value->>0 AS n, value->>1 AS state, value->>2 AS stage, value->>3 AS responses FROM json_each(:rows)) v"
    " WHERE items.n = v.n",
    False: "UPDATE items SET state = v.state, stage = v.stage, responses = v.responses, changed_at = :now"
    " FROM unnest(:a::bigint[], :b::text[], :c::text[], :d::bigint[]) AS v(n, state, stage, responses) WHERE items.n = v.n",
}
_FILL = {
    True: "INSERT INTO queue (project, stage, lane, priority, item, granted, wanted)"
    " SELECT :project, :stage, :lane, value->>0, value->>1, value->>2, value->>3 FROM json_each(:rows) WHERE true"
    " ON CONFLICT DO NOTHING",
    False: "INSERT INTO queue (project, stage, lane, priority, item, granted, wanted)"
    " SELECT :project, :stage, :lane, a, b, c, d"
    " FROM unnest(:a::bigint[], :b::bigint[], :c::bigint[], :d::bigint[]) AS t(a, b, c, d) ON CONFLICT DO NOTHING",
}

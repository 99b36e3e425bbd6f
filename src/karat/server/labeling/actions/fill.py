"""Filling the queues: items that come in, come back, are asked for again or are gone, hundreds at a time."""

from collections.abc import Sequence

import msgspec

from karat.policies import QUEUES, Waiting
from karat.policies.flow import Recounted, Requeued, label_stages
from karat.server.access import Scope
from karat.server.database import Tx
from karat.server.labeling.actions.slots import lock, move, state_of
from karat.server.labeling.queries.versions import Rules, rules_of
from karat.server.labeling.queries.waiting import FRESH

CHUNK = 500


def enqueue(tx: Tx, project: int, item_ns: Sequence[int]) -> None:
    """Offer items that have just come in. Those that came with answers are counted and offered if they want more.

    Safe to repeat. The counts of answers of the items and of the project are brought right here; the project's number of
    items is the caller's.
    """
    if not item_ns:
        return
    rules = rules_of(tx, project)
    answered = {row[0] for row in tx.run(_ANSWERED[tx.is_sqlite], **_list(tx, item_ns))}
    fresh = [n for n in item_ns if n not in answered]
    if fresh:
        _offer_fresh(tx, project, fresh, rules)
    recount(tx, project, sorted(answered))


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
    """Apply changed policies to one more chunk of items; whether there is more to do.

    Items that nobody has touched are moved by one statement.
    """
    locked = "" if tx.is_sqlite else " FOR UPDATE SKIP LOCKED"
    waiting = tx.run(f"SELECT project, after FROM recounts ORDER BY project LIMIT 1{locked}")  # noqa: S608 - one of two constants
    if not waiting:
        return False
    project, after = waiting[0]
    rows = tx.run(
        "SELECT n, responses FROM items WHERE project = :project AND n > :after AND deleted_at IS NULL ORDER BY n LIMIT :limit",
        project=project,
        after=after,
        limit=limit,
    )
    if not rows:
        tx.run("DELETE FROM recounts WHERE project = :project", project=project)
        return True
    items = [row[0] for row in rows]
    touched = {row[0] for row in tx.run(_TOUCHED[tx.is_sqlite], **_list(tx, items))}
    untouched = [n for n in items if n not in touched]
    tx.run(_DROP[tx.is_sqlite], **_list(tx, untouched))
    _offer_fresh(tx, project, untouched, rules_of(tx, project))
    recount(tx, project, sorted(touched))
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
        _lower(tx, project, stage, priority, item)


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
        "UPDATE assignments SET state = 'released' WHERE item = :item AND project = :project AND state = 'claimed'", items
    )


def reopen(tx: Tx, project: int, item_ns: Sequence[int]) -> None:
    """Offer deleted items again that came back."""
    recount(tx, project, sorted(item_ns))


def _offer_fresh(tx: Tx, project: int, items: Sequence[int], rules: Rules) -> None:
    if not items:
        return
    stage, wanted = next(label_stages(rules.policy))
    priorities = QUEUES[rules.policy.stages[stage].queue].prioritise([Waiting(item) for item in items])
    tx.run(
        _FILL[tx.is_sqlite],
        project=project,
        stage=stage,
        lane=FRESH,
        wanted=wanted,
        **(
            {"rows": msgspec.json.encode(list(zip(priorities, items, strict=True))).decode()}
            if tx.is_sqlite
            else {"priorities": priorities, "items": list(items)}
        ),
    )
    _lower(tx, project, stage, *min(zip(priorities, items, strict=True)))
    tx.run(_STAGE[tx.is_sqlite], stage=stage, **_list(tx, items))


def _lower(tx: Tx, project: int, stage: str, priority: int, item: int) -> None:
    """Let everybody who has walked past this place look again from here."""
    tx.run(
        "UPDATE low_water SET priority = :priority, item = :item - 1 WHERE project = :project AND stage = :stage"
        " AND lane = :lane AND (priority, item) >= (:priority, :item)",
        priority=priority,
        item=item,
        project=project,
        stage=stage,
        lane=FRESH,
    )


def _list(tx: Tx, items: Sequence[int]) -> dict[str, object]:
    return {"items": msgspec.json.encode(list(items)).decode() if tx.is_sqlite else list(items)}


# By whether it is SQLite.
_ANSWERED = {
    True: "SELECT DISTINCT r.item FROM json_each(:items) j JOIN responses r ON r.item = j.value",
    False: "SELECT DISTINCT item FROM responses WHERE item = ANY(:items)",
}
_TOUCHED = {
    True: "SELECT s.item FROM json_each(:items) j JOIN assignments s ON s.item = j.value AND s.state = 'claimed'"
    " UNION SELECT r.item FROM json_each(:items) j JOIN responses r ON r.item = j.value"
    " UNION SELECT x.item FROM json_each(:items) j JOIN exceptions x ON x.item = j.value",
    False: "SELECT item FROM assignments WHERE item = ANY(:items) AND state = 'claimed'"
    " UNION SELECT item FROM responses WHERE item = ANY(:items)"
    " UNION SELECT item FROM exceptions WHERE item = ANY(:items)",
}
_DROP = {
    True: "DELETE FROM queue WHERE item IN (SELECT value FROM json_each(:items))",
    False: "DELETE FROM queue WHERE item = ANY(:items)",
}
_STAGE = {
    True: "UPDATE items SET stage = :stage WHERE n IN (SELECT value FROM json_each(:items)) AND stage <> :stage",
    False: "UPDATE items SET stage = :stage WHERE n = ANY(:items) AND stage <> :stage",
}
_FILL = {
    True: "INSERT INTO queue (project, stage, lane, priority, item, granted, wanted)"
    " SELECT :project, :stage, :lane, value->>0, value->>1, 0, :wanted FROM json_each(:rows) WHERE true"
    " ON CONFLICT DO NOTHING",
    False: "INSERT INTO queue (project, stage, lane, priority, item, granted, wanted)"
    " SELECT :project, :stage, :lane, p, i, 0, :wanted FROM unnest(:priorities::bigint[], :items::bigint[]) AS t(p, i)"
    " ON CONFLICT DO NOTHING",
}

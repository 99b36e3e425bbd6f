"""Mixing items with a known answer into what somebody is given, so that nothing tells them from the rest.

A gold item comes only in the place of one that waits, which is put back where it was and comes next: so there is never
more, nor later, to be given than without gold. Which places, and which gold, follow from a keyed hash of the person and of
the item that waits: claiming, giving back and claiming again leads to the same. What was given back, or left for later,
comes again where an ordinary item would; once so many others went past it as there would have been places free, it is gone
as an ordinary item would be.
"""

from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from karat.server.access import Scope
from karat.server.database import Tx
from karat.server.labeling.queries.sight import drawn, secret_of
from karat.server.labeling.queries.traits import speaks, spoken, traits_of
from karat.server.labeling.queries.versions import Rules
from karat.server.labeling.queries.waiting import LATER, RETURNED, Place, returns_of

SHUFFLE = 1 << 30
"""Places of gold items among each other lie in [0, SHUFFLE)."""


class Apart(NamedTuple):
    """An item to be given apart from the work, at a stage as if it were of it."""

    item: int
    stage: str
    free: int = 1
    """Places that the item which it stands in for has free."""


def mix(
    tx: Tx, scope: Scope, rules: Rules, places: Sequence[Place], *, wanted: int, excluded: frozenset[int]
) -> list[Place | Apart]:
    """What to give for the places that were walked to: as many, and up to `wanted` where gold comes again."""
    rule = rules.policy.gold
    if rule is None or scope.has("gold.see"):
        return list(places)
    order = {stage: n for n, stage in enumerate(rules.stages_for(scope.role))}
    again = {place.item: place for place in returns_of(tx, scope, rules, limit=wanted, excluded=excluded)}
    both = [place for place in places if place.item not in again] + list(again.values())
    both.sort(key=lambda place: (order[place.stage], place.lane, place.priority, place.item))
    mixed: list[Place | Apart] = []
    back = [place for place in both[wanted:] if place.item not in again]
    back += [place for place in places if place.item in again]
    secret = secret_of(tx)
    # What is gold may wait as ordinary work too: it is never given as both.
    coming = [place.item for place in both]
    first = drawn(secret, f"first/{scope.author}/{places[0].item if places else 0}")
    spare = _candidate(tx, scope, rules, places[0].stage, first, taken=coming) if places else None
    for place in both[:wanted]:
        if place.item in again:
            mixed.append(Apart(place.item, place.stage, place.wanted))
        elif (
            spare is not None and drawn(secret, f"{scope.author}/{place.item}") < rule.rate and _swap(tx, scope, place)
        ):
            mixed.append(Apart(spare, place.stage, place.wanted - place.granted))
            back.append(place)
            _count(tx, spare)
            taken = [*coming, *(one.item for one in mixed)]
            draw = drawn(secret, f"next/{scope.author}/{place.item}")
            spare = _candidate(tx, scope, rules, place.stage, draw, taken=taken)
        else:
            mixed.append(place)
    _put_back(tx, scope, back)
    return mixed


def come_again(
    tx: Tx, project: int, author: int, item: int, *, stage: str, why: str = "{}", is_later: bool = False
) -> None:
    """Let a gold item come to the person again: next, or after everything else. `why` is of the claim that has ended."""
    (turn,) = tx.run(
        "INSERT INTO turns (project, stage, n) VALUES (:project, :stage, 1)"
        " ON CONFLICT (project, stage) DO UPDATE SET n = turns.n + 1 RETURNING n",
        project=project,
        stage=stage,
    )[0]
    tx.put(
        "INSERT INTO gold_returns (author, item, project, stage, lane, priority, free)"
        " VALUES (:author, :item, :project, :stage, :lane, :turn, :free) ON CONFLICT (author, item) DO UPDATE SET"
        " stage = excluded.stage, lane = excluded.lane, priority = excluded.priority, free = excluded.free, passed = '[]'",
        author=author,
        item=item,
        project=project,
        stage=stage,
        lane=LATER if is_later else RETURNED,
        turn=turn,
        free=msgspec.json.decode(why, type=dict[str, object]).get("free", 1),
    )


def comes_again(tx: Tx, author: int, item: int) -> bool:
    """Whether a gold item that the person gave back is still to be had."""
    return bool(tx.run("SELECT 1 FROM gold_returns WHERE author = :author AND item = :item", author=author, item=item))


def go_past(tx: Tx, scope: Scope, rules: Rules, given: Sequence[Place | Apart]) -> None:
    """Note which gold items of others somebody would have been given on the way to what they were given, were they ordinary.

    A walk takes what comes first. So who was given an item of the queue has gone past everything before it.
    """
    if rules.policy.gold is None:
        return
    rows = tx.run(
        "SELECT r.author, r.item, r.stage, r.lane, r.priority, r.free, r.passed, i.metadata FROM gold_returns r"
        " JOIN items i ON i.n = r.item JOIN gold g ON g.item = r.item AND g.use = 'hidden'"
        # In one order for all, so that no two claims wait for each other.
        " WHERE r.project = :project AND r.author <> :author ORDER BY r.author, r.item",
        project=scope.project,
        author=scope.author,
    )
    if not rows:
        return
    furthest: dict[str, tuple[int, int]] = {}
    for place in given:
        if isinstance(place, Place) and not place.by_hand:
            furthest[place.stage] = max(
                furthest.get(place.stage, (place.lane, place.priority)), (place.lane, place.priority)
            )
    traits = traits_of(tx, scope, rules)
    for author, item, stage, lane, priority, free, passed, metadata in rows:
        if stage not in furthest or furthest[stage] < (lane, priority) or not speaks(rules, stage, traits, metadata):
            continue
        gone = {*msgspec.json.decode(passed, type=list[int]), scope.author}
        if len(gone) >= free:
            come_no_more(tx, author, item)
        else:
            tx.put(
                "UPDATE gold_returns SET passed = :passed WHERE author = :author AND item = :item",
                passed=msgspec.json.encode(sorted(gone)).decode(),
                author=author,
                item=item,
            )


def come_no_more(tx: Tx, author: int, item: int) -> None:
    """The person holds the item again, or has answered it."""
    tx.put("DELETE FROM gold_returns WHERE author = :author AND item = :item", author=author, item=item)


def _swap(tx: Tx, scope: Scope, place: Place) -> bool:
    """Note that a waiting item was stood in for; False where it was before, or the person had it already."""
    return bool(
        tx.run(
            "INSERT INTO gold_swaps (author, item, project) SELECT :author, :item, :project WHERE NOT EXISTS"
            " (SELECT 1 FROM assignments s WHERE s.item = :item AND s.author = :author)"
            " ON CONFLICT DO NOTHING RETURNING 1",
            author=scope.author,
            item=place.item,
            project=scope.project,
        )
    )


def _candidate(tx: Tx, scope: Scope, rules: Rules, stage: str, draw: float, *, taken: Sequence[int]) -> int | None:
    """A gold item that the person has not had, in a language of theirs where the stage asks for that: the first behind a
    drawn place, round and round."""
    start = int(draw * SHUFFLE)
    only, values = spoken(tx, scope, rules, stage)
    for low, high in ((start, SHUFFLE), (0, start)):
        rows = tx.run(
            "SELECT g.item FROM gold g JOIN items i ON i.n = g.item AND i.deleted_at IS NULL"  # noqa: S608 - constants
            " WHERE g.project = :project AND g.use = 'hidden' AND g.state = 'active'"
            " AND g.shuffle >= :low AND g.shuffle < :high"
            " AND NOT EXISTS (SELECT 1 FROM responses r WHERE r.item = g.item AND r.author = :author)"
            " AND NOT EXISTS (SELECT 1 FROM assignments s WHERE s.item = g.item AND s.author = :author)"
            f"{only} ORDER BY g.shuffle LIMIT :limit",
            project=scope.project,
            author=scope.author,
            low=low,
            high=high,
            limit=len(taken) + 1,
            **values,
        )
        for (item,) in rows:
            if item not in taken:
                return int(item)
    return None


def _count(tx: Tx, item: int) -> None:
    """One more person is given it; after the last it is retired."""
    tx.put(
        "UPDATE gold SET uses = uses + 1, state = CASE WHEN uses + 1 >= most THEN 'retired' ELSE state END,"
        " reason = CASE WHEN uses + 1 >= most THEN 'used' ELSE reason END,"
        " retired_at = CASE WHEN uses + 1 >= most THEN :now ELSE retired_at END WHERE item = :item",
        item=item,
        now=tx.now(),
    )


def _put_back(tx: Tx, scope: Scope, places: Sequence[Place]) -> None:
    """Let the person's next walk meet these places, which the last one has passed."""
    tx.many(
        "UPDATE low_water SET priority = :priority, item = :before WHERE project = :project AND stage = :stage"
        " AND author = :author AND lane = :lane AND (priority, item) >= (:priority, :item)",
        [
            {
                "project": scope.project,
                "author": scope.author,
                "stage": place.stage,
                "lane": place.lane,
                "priority": place.priority,
                "item": place.item,
                "before": place.item - 1,
            }
            for place in places
        ],
    )

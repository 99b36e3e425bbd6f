# ruff: noqa: S608 - the SQL is put together from constants and names of parameters; every value is a parameter
"""An item's slots: where it stands, and the tables brought to where the reducer says it goes."""

from collections.abc import Mapping, Sequence

from karat.model.ways import Sight
from karat.policies import QUEUES, Waiting
from karat.policies.flow import Effect, Event, ItemState, State, advance, taken_of, wanted_of
from karat.server.database import Tx, named
from karat.server.database.base import Row
from karat.server.labeling.queries.urgency import OWN_BAND, bands_of
from karat.server.labeling.queries.versions import Rules
from karat.server.labeling.queries.waiting import FRESH, LATER, RETURNED

# Whose answers take a place: people's, and imported ones, unless answers begin as copies of these.
COUNTS = (
    "(a.type = 'person' OR a.type = 'import' AND NOT (SELECT p.copies_imports FROM projects p WHERE p.n = r.project))"
)
# Answers that stand and take a place. The subquery stops at the item's own few rows.
_ANSWERS = (
    "(SELECT count(*) FROM responses r JOIN authors a ON a.n = r.author WHERE r.item = i.n AND r.state = 'submitted'"
    f" AND r.excluded IS NULL AND {COUNTS} AND "
)
_STATE = (
    "SELECT i.n, i.stage, i.state, (SELECT count(*) FROM assignments s WHERE s.item = i.n AND s.state = 'claimed' AND NOT s.apart),"
    f" {_ANSWERS} NOT r.surplus), {_ANSWERS} r.surplus), x.wanted, x.aside, x.sent,"
    " (SELECT z.by FROM resolutions z WHERE z.item = i.n)"
    " FROM items i LEFT JOIN exceptions x ON x.item = i.n WHERE i.n "
)


def lock(tx: Tx, item: int, *, queue: bool = True) -> None:
    """Let nobody else move this item until the end of the transaction; SQLite has one writer and needs nothing.

    Without `queue` its row there may still be taken by a claim.
    """
    if tx.is_sqlite:
        return
    tx.put("SELECT 1 FROM items WHERE n = :item FOR NO KEY UPDATE", item=item)
    if queue:
        tx.put("SELECT 1 FROM queue WHERE item = :item FOR UPDATE", item=item)


def state_of(tx: Tx, item: int) -> ItemState:
    """Where an item stands; read it before changing a claim or an answer, and after `lock`."""
    return _item_state(tx.run(f"{_STATE} = :item", item=item)[0])


def states_of(tx: Tx, items: Sequence[int]) -> dict[int, ItemState]:
    """Where many items stand, by key; locked first."""
    if not items:
        return {}
    names, values = named(items)
    if not tx.is_sqlite:
        tx.run(f"SELECT 1 FROM items WHERE n IN ({names}) ORDER BY n FOR NO KEY UPDATE", **values)
    return {row[0]: _item_state(row) for row in tx.run(f"{_STATE} IN ({names})", **values)}


def move(
    tx: Tx,
    project: int,
    item: int,
    before: ItemState,
    event: Event,
    *,
    rules: Rules,
    responses: int = 0,
    sight: Sight | None = None,
) -> ItemState:
    """Bring an item to where an event takes it. `responses` is by how much its number of standing answers changes.

    With a `sight` it is written down which way the item took, and by what chance.
    """
    after, effects = advance(before, event, rules.policy, sight, is_held=rules.is_held)
    if sight is not None and after.stage != before.stage:
        _note_way(tx, project, item, before.stage, after)
    if effects:
        _apply(tx, project, item, after, effects, rules)
    if (after.aside, after.wanted, after.sent) != (before.aside, before.wanted, before.sent):
        _except(tx, project, item, after)
    if responses or after.state != before.state or after.stage != before.stage:
        tx.put(
            "UPDATE items SET state = :state, stage = :stage, responses = responses + :responses, changed_at = :now"
            " WHERE n = :item",
            state=after.state,
            stage=after.stage,
            responses=responses,
            now=tx.now(),
            item=item,
        )
    if responses or after.state != before.state:
        tx.put(
            "UPDATE projects SET labeled = labeled + :labeled, done = done + :done, responses = responses + :responses"
            " WHERE n = :project",
            labeled=is_labeled(after.state) - is_labeled(before.state),
            done=(after.state == "done") - (before.state == "done"),
            responses=responses,
            project=project,
        )
    return after


def is_labeled(state: State) -> bool:
    """Whether an item has its answers and no result: it waits for one, or for somebody to judge them."""
    return state in ("labeled", "review")


def move_all(
    tx: Tx, project: int, before: Mapping[int, ItemState], event: Event, *, rules: Rules
) -> dict[int, ItemState]:
    """Bring many items to where the same event takes them; those that only change their state in few statements."""
    after: dict[int, ItemState] = {}
    plain: list[int] = []
    for item, state in before.items():
        after[item], effects = advance(state, event, rules.policy, is_held=rules.is_held)
        if (
            effects
            or after[item].aside != state.aside
            or after[item].wanted != state.wanted
            or after[item].sent != state.sent
        ):
            after[item] = move(tx, project, item, state, event, rules=rules)
        elif after[item].state != state.state or after[item].stage != state.stage:
            plain.append(item)
    now = tx.now()
    tx.many(
        "UPDATE items SET state = :state, stage = :stage, changed_at = :now WHERE n = :item",
        [{"state": after[item].state, "stage": after[item].stage, "now": now, "item": item} for item in plain],
    )
    if plain:
        tx.put(
            "UPDATE projects SET labeled = labeled + :labeled, done = done + :done WHERE n = :project",
            labeled=sum(is_labeled(after[item].state) - is_labeled(before[item].state) for item in plain),
            done=sum((after[item].state == "done") - (before[item].state == "done") for item in plain),
            project=project,
        )
    return after


def offer(tx: Tx, project: int, item: int, state: ItemState, *, lane: int, rules: Rules) -> None:
    """Put an item behind everything of its lane, wherever it stood before; where the queue goes by risk, at its place."""
    tx.put("DELETE FROM queue WHERE item = :item", item=item)
    queue = QUEUES[rules.policy.stages[state.stage].queue]
    band = bands_of(tx, [item]).get(item, 0) if rules.has_batches else 0
    if queue.follows_risk and lane == RETURNED:
        lane = FRESH
        turn = band + queue.prioritise([Waiting(item, taken_of(state), _risk(tx, item))])[0]
    else:
        turn = band + _turn(tx, project, state.stage)
    if band or lane == FRESH:
        lower(tx, project, state.stage, turn, item, lane=lane)
    tx.run(
        "INSERT INTO queue (project, stage, lane, priority, item, granted, wanted)"
        " VALUES (:project, :stage, :lane, :turn, :item, :granted, :wanted)",
        project=project,
        stage=state.stage,
        lane=lane,
        turn=turn,
        item=item,
        granted=taken_of(state),
        wanted=wanted_of(state, rules.policy),
    )


def lower(tx: Tx, project: int, stage: str, priority: int, item: int, *, lane: int = FRESH) -> None:
    """Let everybody who has walked past this place of a lane look again from here."""
    tx.run(
        "UPDATE low_water SET priority = :priority, item = :item - 1 WHERE project = :project AND stage = :stage"
        " AND lane = :lane AND (priority, item) >= (:priority, :item)",
        priority=priority,
        item=item,
        project=project,
        stage=stage,
        lane=lane,
    )


def _turn(tx: Tx, project: int, stage: str) -> int:
    (turn,) = tx.run(
        "INSERT INTO turns (project, stage, n) VALUES (:project, :stage, 1)"
        " ON CONFLICT (project, stage) DO UPDATE SET n = turns.n + 1 RETURNING n",
        project=project,
        stage=stage,
    )[0]
    return int(turn)


def _risk(tx: Tx, item: int) -> float | None:
    """The risk of an item's result as it was last computed."""
    doubt: float | None
    of_votes: float | None
    doubt, of_votes = tx.run(
        "SELECT i.uncertainty, (SELECT max(1 - (c.n * c.score + 0.5) / (c.n + 1)) FROM consensus c WHERE c.item = i.n)"
        " FROM items i WHERE i.n = :item",
        item=item,
    )[0]
    return of_votes if doubt is None else doubt


def take(tx: Tx, item: int, *, stage: str, lane: int, granted: int, wanted: int, rules: Rules) -> None:
    """Note in the queue that a slot of a waiting item was taken: a full item leaves it."""
    if granted >= wanted:
        tx.put("DELETE FROM queue WHERE item = :item", item=item)
        return
    queue = QUEUES[rules.policy.stages[stage].queue]
    if queue.follows_slots and lane == FRESH:
        priority = queue.prioritise([Waiting(item, granted)])[0]
        tx.put(
            f"UPDATE queue SET granted = :granted, priority = :priority + {OWN_BAND} WHERE item = :item",
            granted=granted,
            priority=priority,
            item=item,
        )
    else:
        tx.put("UPDATE queue SET granted = :granted WHERE item = :item", granted=granted, item=item)


def _item_state(row: Row) -> ItemState:
    _, stage, state, claims, answers, surplus, wanted, aside, sent, by = row
    return ItemState(
        stage=stage,
        state=state,
        answers=answers,
        claims=claims,
        surplus=surplus,
        wanted=wanted,
        aside=bool(aside),
        sent=sent,
        decided=bool(by),
    )


def _apply(tx: Tx, project: int, item: int, after: ItemState, effects: frozenset[Effect], rules: Rules) -> None:
    if "withhold" in effects:
        tx.put("DELETE FROM queue WHERE item = :item", item=item)
    elif "offer" in effects or "later" in effects:
        offer(tx, project, item, after, lane=LATER if "later" in effects else RETURNED, rules=rules)
    elif "take" in effects:
        lane = tx.run("SELECT lane FROM queue WHERE item = :item", item=item)[0][0]
        granted, wanted = taken_of(after), wanted_of(after, rules.policy)
        take(tx, item, stage=after.stage, lane=lane, granted=granted, wanted=wanted, rules=rules)
    if "promote" in effects:
        tx.run(
            "UPDATE responses SET surplus = false WHERE n IN (SELECT r.n FROM responses r JOIN authors a ON a.n = r.author"
            f" WHERE r.item = :item AND r.state = 'submitted' AND r.excluded IS NULL AND {COUNTS}"
            " ORDER BY r.surplus, r.at, r.n LIMIT :answers)",
            item=item,
            answers=after.answers,
        )
    if "clear" in effects:
        tx.put(
            "UPDATE assignments SET state = 'expired' WHERE item = :item AND state = 'claimed' AND stage <> :stage AND NOT apart",
            item=item,
            stage=after.stage,
        )
    if "unresolve" in effects:
        tx.run("DELETE FROM resolutions WHERE item = :item", item=item)


def _note_way(tx: Tx, project: int, item: int, stage: str, after: ItemState) -> None:
    tx.put(
        "INSERT INTO routes (item, stage, visit, project, way, probability, at) SELECT :item, :stage, count(*) + 1, :project,"
        " :way, :probability, :now FROM routes WHERE item = :item AND stage = :stage",
        item=item,
        stage=stage,
        project=project,
        way=after.stage,
        probability=after.chance,
        now=tx.now(),
    )


def _except(tx: Tx, project: int, item: int, state: ItemState) -> None:
    tx.run("DELETE FROM exceptions WHERE item = :item", item=item)
    if state.aside or state.wanted is not None:
        tx.run(
            "INSERT INTO exceptions (item, project, wanted, aside, sent) VALUES (:item, :project, :wanted, :aside, :sent)",
            item=item,
            project=project,
            wanted=state.wanted,
            aside=state.aside,
            sent=state.sent,
        )

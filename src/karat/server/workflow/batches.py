"""Items that a manager gives to a person or a group by hand, or moves in the queue; and claims handed over."""

from collections.abc import Sequence

from karat.model.ids import stamp, unstamp
from karat.model.problem import Problem, Refused, refuse, shown
from karat.server.access import Actor, Scope, enter_by_key, enter_project, missing
from karat.server.database import Tx
from karat.server.database.base import Row
from karat.server.items import work
from karat.server.items.schemas import Bulk
from karat.server.labeling.actions import release_all
from karat.server.labeling.actions.batches import end
from karat.server.tell import note
from karat.server.workflow.schemas import Batch, HandedOver, HandOver, NewBatch, OwnBatch

MOST = 10_000
PRIORITIES = {"high": 10, "normal": 0, "low": -10}


def make(tx: Tx, actor: Actor, project: str, given: NewBatch) -> Batch:
    """Give items to a person or a group; those of an exclusive batch go to nobody else until its deadline."""
    scope = enter_project(tx, actor, "items.change", project=project)
    refuse(_problems(tx, given))
    items = _chosen(tx, scope, given)
    author, team = _whom(tx, scope, given)
    n, id_ = _insert(tx, scope, given, author, team, len(items))
    tx.many(
        "INSERT INTO batch_items (batch, item, project, reserved) VALUES (:batch, :item, :project, :reserved)",
        [{"batch": n, "item": item, "project": scope.project, "reserved": given.exclusive} for item in items],
    )
    tx.run("UPDATE projects SET batched = true WHERE n = :p AND NOT batched", p=scope.project)
    _note(tx, scope, id_, "given", items=len(items))
    return _one(tx, scope, id_)


def release(tx: Tx, actor: Actor, batch: str) -> Batch:
    """End a batch: its items are for anybody again. Claims that stand on them stand on. Harmless where it has ended."""
    project, n = _enter(tx, batch)
    scope = enter_by_key(tx, actor, "items.change", project=project, what="batch", shown=batch)
    if end(tx, project, n):
        _note(tx, scope, batch, "released")
    return _one(tx, scope, batch)


def list_batches(tx: Tx, actor: Actor, project: str) -> list[Batch]:
    """The batches that stand in a project, and the last hundred that have ended."""
    scope = enter_project(tx, actor, "items.change", project=project)
    rows = tx.run(
        f"{_BATCH} WHERE z.project = :p ORDER BY z.ended_at IS NOT NULL, z.n DESC LIMIT 500",
        p=scope.project,
    )
    return [_batch(row) for row in rows]


def own(tx: Tx, actor: Actor, project: str) -> list[OwnBatch]:
    """What was given to the person who asks, the most urgent first: how many of it are still theirs to answer."""
    scope = enter_project(tx, actor, "work.see", project=project)
    rows = tx.run(
        "SELECT z.id, z.title, z.priority, z.deadline, (SELECT count(*) FROM batch_items b WHERE b.batch = z.n"
        " AND NOT EXISTS (SELECT 1 FROM responses r WHERE r.item = b.item AND r.author = :author"
        " AND r.state <> 'withdrawn')) FROM batches z WHERE z.project = :p AND z.ended_at IS NULL"
        " AND (z.author = :author OR z.team IN (SELECT t.team FROM team_members t WHERE t.author = :author))"
        " ORDER BY z.priority DESC, coalesce(z.deadline, 'never'), z.n",
        p=scope.project,
        author=scope.author,
    )
    return [
        OwnBatch(id=id_, title=title, priority=priority, deadline=deadline, left=left)
        for id_, title, priority, deadline, left in rows
        if left
    ]


def hand_over(tx: Tx, actor: Actor, project: str, given: HandOver) -> HandedOver:
    """Take what a person holds, and give it to another by a batch; drafts stay their author's."""
    scope = enter_project(tx, actor, "items.change", project=project)
    giver, taker = _author(tx, scope, given.from_), _author(tx, scope, given.to)
    held = [
        item
        for (item,) in tx.run(
            "SELECT item FROM assignments WHERE project = :p AND author = :a AND state = 'claimed' ORDER BY at, item",
            p=scope.project,
            a=giver,
        )
    ]
    released = release_all(tx, giver, project=scope.project)
    batch: str | None = None
    if held:
        as_given = NewBatch(title=given.title, person=given.to, exclusive=True, priority="high")
        n, batch = _insert(tx, scope, as_given, taker, None, len(held))
        tx.many(
            "INSERT INTO batch_items (batch, item, project, reserved) VALUES (:batch, :item, :project, true)",
            [{"batch": n, "item": item, "project": scope.project} for item in held],
        )
        tx.run("UPDATE projects SET batched = true WHERE n = :p AND NOT batched", p=scope.project)
        _note(tx, scope, batch, "handed over", items=released)
    return HandedOver(items=released, batch=batch)


_BATCH = (
    "SELECT z.id, z.title, m.id, l.name, t.id, t.name, z.priority, z.deadline, z.exclusive, z.items, z.at, z.ended_at,"
    " (SELECT count(*) FROM batch_items b JOIN queue q ON q.item = b.item WHERE b.batch = z.n)"
    " FROM batches z LEFT JOIN memberships m ON m.author = z.author LEFT JOIN logins l ON l.n = m.login"
    " LEFT JOIN teams t ON t.n = z.team"
)


def _batch(row: Row) -> Batch:
    id_, title, person, name, group, group_name, priority, deadline, exclusive, items, at, ended, left = row
    return Batch(
        id=id_,
        title=title,
        person=person,
        group=group,
        name=name or group_name or "",
        priority=priority,
        deadline=deadline,
        exclusive=bool(exclusive),
        items=items,
        left=left,
        at=at,
        ended_at=ended,
    )


def _one(tx: Tx, scope: Scope, batch: str) -> Batch:
    return _batch(tx.run(f"{_BATCH} WHERE z.id = :id AND z.project = :p", id=batch, p=scope.project)[0])


def _enter(tx: Tx, batch: str) -> tuple[int, int]:
    found = tx.run("SELECT project, n FROM batches WHERE id = :id", id=batch)
    if not found:
        raise missing("batch", batch)
    return found[0][0], found[0][1]


def _insert(tx: Tx, scope: Scope, given: NewBatch, author: int | None, team: int | None, items: int) -> tuple[int, str]:
    id_ = tx.new_id()
    priority = PRIORITIES[given.priority] if isinstance(given.priority, str) else given.priority
    n: int = tx.run(
        "INSERT INTO batches (id, project, title, author, team, priority, deadline, exclusive, items, by, at)"
        " VALUES (:id, :p, :title, :author, :team, :priority, :deadline, :exclusive, :items, :by, :now) RETURNING n",
        id=id_,
        p=scope.project,
        title=given.title.strip(),
        author=author,
        team=team,
        priority=priority,
        deadline=None if given.deadline is None else stamp(unstamp(given.deadline)),
        exclusive=given.exclusive,
        items=items,
        by=scope.author,
        now=tx.now(),
    )[0][0]
    return n, id_


def _chosen(tx: Tx, scope: Scope, given: NewBatch) -> Sequence[int]:
    as_bulk = Bulk(action="tag", ids=given.items, filter=given.filter)
    items = work.chosen(tx, scope, as_bulk, after=0, limit=MOST + 1)
    if not items or len(items) > MOST:
        got = "none" if not items else f"more than {MOST}"
        do = "Choose a filter that finds some items, and give them in several batches where they are many."
        raise Refused([Problem("filter", got, f"1 to {MOST} items", do)])
    return items


def _whom(tx: Tx, scope: Scope, given: NewBatch) -> tuple[int | None, int | None]:
    if given.person is not None:
        return _author(tx, scope, given.person), None
    found = tx.run("SELECT n FROM teams WHERE id = :id AND workspace = :w", id=given.group, w=scope.workspace)
    if not found:
        raise missing("group", given.group or "")
    return None, found[0][0]


def _author(tx: Tx, scope: Scope, member: str) -> int:
    found = tx.run(
        "SELECT author FROM memberships WHERE id = :id AND workspace = :w AND active", id=member, w=scope.workspace
    )
    if not found:
        raise missing("member", member)
    author: int = found[0][0]
    return author


def _problems(tx: Tx, given: NewBatch) -> list[Problem]:
    found: list[Problem] = []
    if not 1 <= len(given.title.strip()) <= 200:
        found.append(Problem("title", shown(given.title), "1 to 200 characters", "Say what the batch is."))
    if (given.items is None) == (given.filter is None):
        found.append(Problem("items", "both or neither", "items or a filter", "Name the items, or a filter."))
    if given.items is not None and not 1 <= len(given.items) <= MOST:
        found.append(Problem("items", f"{len(given.items)} items", f"1 to {MOST}", "Give them in several batches."))
    if (given.person is None) == (given.group is None):
        found.append(Problem("person", "both or neither", "a person or a group", "Say whom the items are for."))
    if isinstance(given.priority, int) and not -1000 <= given.priority <= 1000:
        found.append(
            Problem("priority", shown(given.priority), "-1000 to 1000", "Write high, normal, low or a number.")
        )
    if given.deadline is not None:
        try:
            is_past = stamp(unstamp(given.deadline)) <= tx.now()
        except ValueError:
            is_past = True
        if is_past:
            do = "Write a moment such as 2030-01-31T12:00:00.000Z."
            found.append(Problem("deadline", shown(given.deadline), "a moment that is to come", do))
    return found


def _note(tx: Tx, scope: Scope, batch: str, what: str, *, items: int = 0) -> None:
    note(
        tx,
        "batch.changed",
        actor=scope.actor,
        workspace=scope.workspace,
        project=scope.project,
        thing={"type": "batch", "id": batch},
        what=what,
        items=items,
    )

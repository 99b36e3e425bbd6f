"""Who holds what: seen and taken back by managers, handed over by them or by whoever holds it; and what was given to oneself."""

from collections.abc import Collection

from karat.server.access import Actor, Scope, enter_project, missing
from karat.server.database import Tx
from karat.server.items.names import item_keys
from karat.server.labeling.actions.batches import put
from karat.server.labeling.actions.handing import hand_on, take_away
from karat.server.labeling.queries.waiting import given_to
from karat.server.workflow.batch_rows import author_of, insert, written
from karat.server.workflow.schemas import (
    Colleague,
    GivenBatch,
    HandedOver,
    HandOver,
    Held,
    NewBatch,
    OwnHandOver,
    TakeAway,
)

MOST = 1_000
MINE = "Handed over"


def held(tx: Tx, actor: Actor, project: str) -> list[Held]:
    """The items that people hold now, the longest held first; the first thousand."""
    scope = enter_project(tx, actor, "items.change", project=project)
    rows = tx.run(
        "SELECT i.id, i.key, s.stage, m.id, l.name, s.at, s.until FROM assignments s JOIN items i ON i.n = s.item"
        " JOIN memberships m ON m.author = s.author AND m.workspace = :w JOIN logins l ON l.n = m.login"
        " WHERE s.project = :p AND s.state = 'claimed' AND i.deleted_at IS NULL ORDER BY s.at, s.item LIMIT :most",
        w=scope.workspace,
        p=scope.project,
        most=MOST,
    )
    return [
        Held(item=item, key=key, stage=stage, person=person, name=name, at=at, until=until)
        for item, key, stage, person, name, at, until in rows
    ]


def take(tx: Tx, actor: Actor, project: str, given: TakeAway) -> HandedOver:
    """Give what somebody holds back to the queue; their drafts stay."""
    scope = enter_project(tx, actor, "items.change", project=project)
    author = author_of(tx, scope, given.from_)
    return HandedOver(items=take_away(tx, scope.project, author, _named(tx, scope, given.items)), batch=None)


def hand_over(tx: Tx, actor: Actor, project: str, given: HandOver) -> HandedOver:
    """Take what a person holds, and give it to another by a batch; drafts stay their author's."""
    scope = enter_project(tx, actor, "items.change", project=project)
    giver = author_of(tx, scope, given.from_)
    return _hand(tx, scope, giver, given.to, given.items, given.title)


def hand_mine(tx: Tx, actor: Actor, project: str, given: OwnHandOver) -> HandedOver:
    """Give what one holds to a colleague; whether they had it already is not told."""
    scope = enter_project(tx, actor, "label", project=project)
    if author_of(tx, scope, given.to) == scope.author:
        return HandedOver(items=0, batch=None)
    if given.to not in {one.id for one in _colleagues(tx, scope)}:
        raise missing("colleague", given.to)
    return _hand(tx, scope, scope.author, given.to, given.items, MINE)


def colleagues(tx: Tx, actor: Actor, project: str) -> list[Colleague]:
    """To whom one may hand over what one holds: annotators to whoever is in a group with them, others to everybody."""
    return _colleagues(tx, enter_project(tx, actor, "label", project=project))


def own(tx: Tx, actor: Actor, project: str) -> list[GivenBatch]:
    """What was given to the person who asks, the most urgent first, as long as there is something of it for them."""
    scope = enter_project(tx, actor, "work.see", project=project)
    rows = tx.run(
        "SELECT z.id, z.title, z.priority, z.deadline, z.author IS NOT NULL AND z.exclusive, (SELECT count(*) FROM batch_items b"  # noqa: S608 - constants
        " WHERE b.batch = z.n AND NOT EXISTS (SELECT 1 FROM responses r WHERE r.item = b.item AND r.author = :author"
        " AND r.state <> 'withdrawn')) FROM batches z WHERE z.project = :p AND z.ended_at IS NULL"
        f" AND {given_to(is_sqlite=tx.is_sqlite)} AND EXISTS (SELECT 1 FROM batch_items b WHERE b.batch = z.n"
        " AND (EXISTS (SELECT 1 FROM assignments s WHERE s.item = b.item AND s.author = :author AND s.state = 'claimed')"
        " OR EXISTS (SELECT 1 FROM queue q WHERE q.item = b.item)"
        " AND NOT EXISTS (SELECT 1 FROM responses r WHERE r.item = b.item AND r.author = :author AND r.state <> 'withdrawn')))"
        " ORDER BY z.priority DESC, coalesce(z.deadline, 'never'), z.n",
        p=scope.project,
        author=scope.author,
    )
    return [
        GivenBatch(id=id_, title=title, priority=priority, deadline=deadline, left=left if is_own else None)
        for id_, title, priority, deadline, is_own, left in rows
    ]


def _hand(tx: Tx, scope: Scope, giver: int, to: str, items: list[str] | None, title: str) -> HandedOver:
    taker = author_of(tx, scope, to)
    handed = hand_on(tx, scope.project, giver, taker, _named(tx, scope, items))
    if not handed:
        return HandedOver(items=0, batch=None)
    given = NewBatch(title=title, person=to, priority="high")
    n, batch = insert(tx, scope, given, taker, None)
    put(tx, scope.project, n, handed, is_reserved=True, is_move=False)
    tx.run("UPDATE batches SET items = :items WHERE n = :n", items=len(handed), n=n)
    written(tx, scope, batch, "handed over", items=len(handed))
    return HandedOver(items=len(handed), batch=batch)


def _named(tx: Tx, scope: Scope, items: list[str] | None) -> Collection[int] | None:
    return None if items is None else set(item_keys(tx, scope, items[:MOST]).values())


def _colleagues(tx: Tx, scope: Scope) -> list[Colleague]:
    shared = (
        ""
        if scope.has("items.see")
        else " AND EXISTS (SELECT 1 FROM team_members a JOIN team_members b ON b.team = a.team"
        " WHERE a.author = :author AND b.author = m.author)"
    )
    rows = tx.run(
        "SELECT m.id, l.name FROM memberships m JOIN logins l ON l.n = m.login WHERE m.workspace = :w AND m.active"  # noqa: S608 - one of two constants
        f" AND m.author <> :author{shared} ORDER BY l.name, m.id LIMIT 1000",
        w=scope.workspace,
        author=scope.author,
    )
    return [Colleague(id_, name) for id_, name in rows]

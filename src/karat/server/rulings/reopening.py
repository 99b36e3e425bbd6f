"""Opening earlier items again after a ruling: what that would come to, doing it, and taking it back."""

import msgspec

from karat.model.problem import Problem, refuse, shown
from karat.server.access import Actor, Scope, denied
from karat.server.database import Tx, named
from karat.server.items.actions import CHUNK, begin
from karat.server.items.names import item_ids
from karat.server.items.schemas import Bulk
from karat.server.items.work import chosen
from karat.server.jobs import actions as jobs
from karat.server.jobs.schemas import Started
from karat.server.labeling.actions import fill
from karat.server.rulings.actions import enter_precedent
from karat.server.rulings.schemas import Reopened, Reopening, ReopenPreview
from karat.server.tell import note, tell

NAME = "rulings.reopen"
SAMPLE = 20


class ReopenWork(msgspec.Struct, frozen=True):
    """Opening again, as a job."""

    operation: str
    given: Reopening


def preview(tx: Tx, actor: Actor, precedent: str, given: Reopening) -> ReopenPreview:
    """Which items would be opened again."""
    scope = _enter(tx, actor, precedent)[0]
    items = _chosen(tx, scope, given, after=0, limit=CHUNK + 1)
    decided = _decided(tx, items[:CHUNK])
    free = [item for item in items[:CHUNK] if item not in decided]
    return ReopenPreview(
        items=len(free),
        exact=len(items) <= CHUNK,
        decided=len(decided),
        sample=tuple(item_ids(tx, scope.project, free[:SAMPLE]).values()),
    )


def start(tx: Tx, actor: Actor, precedent: str, given: Reopening) -> tuple[Reopened, Started | None]:
    """Open them again: at once where they are few, else by a job."""
    scope, id_ = _enter(tx, actor, precedent)
    items = _chosen(tx, scope, given, after=0, limit=CHUNK + 1)
    operation = begin(tx, scope, NAME, {"action": "reopen", "precedent": id_, "filter": given.filter})
    note(
        tx,
        "ruling.reopened",
        actor=actor,
        workspace=scope.workspace,
        project=scope.project,
        thing={"type": "precedent", "id": id_},
        operation=operation,
    )
    work = ReopenWork(operation, given)
    if len(items) > CHUNK:
        started = jobs.create(tx, scope, NAME, work)
        return Reopened(operation, 0, started.id), started
    return Reopened(operation, reopen_next(tx, scope, work, after=0)[1], None), None


def reopen_next(tx: Tx, scope: Scope, work: ReopenWork, *, after: int) -> tuple[int, int, int]:
    """Open the next items again; (how many were looked at, how many were opened, the last of them)."""
    if tx.run("SELECT undone_by FROM operations WHERE id = :id", id=work.operation)[0][0] is not None:
        return 0, 0, after
    items = _chosen(tx, scope, work.given, after=after, limit=CHUNK)
    decided = _decided(tx, items)
    free = [item for item in items if item not in decided]
    fill.requeue(tx, scope, free, more=work.given.more)
    tx.many(
        "INSERT INTO item_changes (operation, item, before, after) SELECT :operation, n, revision, revision FROM items"
        " WHERE n = :item ON CONFLICT DO NOTHING",
        [{"operation": work.operation, "item": item} for item in free],
    )
    if free:
        tell(tx, scope, "item.changed", thing="operation", id=work.operation, n=len(free))
    return len(items), len(free), items[-1] if items else after


def close_next(tx: Tx, scope: Scope, undone: str, *, after: int) -> tuple[int, int]:
    """Ask for no more answers to the next items that were opened; those given meanwhile stand. (how many, the last)."""
    rows = tx.run(
        "SELECT item FROM item_changes WHERE operation = :operation AND item > :after ORDER BY item LIMIT :limit",
        operation=undone,
        after=after,
        limit=CHUNK,
    )
    items = [row[0] for row in rows]
    tx.many("DELETE FROM exceptions WHERE item = :item AND NOT aside", [{"item": item} for item in items])
    fill.recount(tx, scope.project, items)
    if items:
        tell(tx, scope, "item.changed", thing="operation", id=undone, n=len(items), undoes=undone)
    return len(items), items[-1] if items else after


def _enter(tx: Tx, actor: Actor, precedent: str) -> tuple[Scope, str]:
    scope, _ = enter_precedent(tx, actor, "items.change", precedent)
    if not scope.has("rule"):
        raise denied("rule", scope.role)
    return scope, precedent


def _chosen(tx: Tx, scope: Scope, given: Reopening, *, after: int, limit: int) -> list[int]:
    problems: list[Problem] = []
    if (given.filter is None) == (given.ids is None):
        got = "neither" if given.ids is None else "both"
        problems.append(Problem("filter", got, "either a filter or ids", "Name the items in one way."))
    if not 1 <= given.more <= 10:
        problems.append(Problem("more", shown(given.more), "1 to 10", "Say how many more answers each item gets."))
    refuse(problems)
    return chosen(tx, scope, Bulk(action="requeue", filter=given.filter, ids=given.ids), after=after, limit=limit)


def _decided(tx: Tx, items: list[int]) -> set[int]:
    """Items whose result a person decided."""
    if not items:
        return set()
    names, values = named(items)
    rows = tx.run(f"SELECT item FROM resolutions WHERE item IN ({names}) AND by <> 0", **values)  # noqa: S608 - names of parameters only
    return {row[0] for row in rows}

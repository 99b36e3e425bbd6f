"""Items that a manager gives to people by hand, or moves in the queue."""

from collections.abc import Sequence

import msgspec

from karat.model.ids import stamp, unstamp
from karat.model.problem import Problem, Refused, refuse, shown
from karat.server.access import Actor, Scope, enter_by_key, enter_project, missing
from karat.server.database import Tx, named
from karat.server.items import work
from karat.server.items.actions import CHUNK
from karat.server.items.schemas import Bulk
from karat.server.jobs import actions as jobs
from karat.server.jobs.schemas import Started
from karat.server.labeling.actions.batches import end, put
from karat.server.workflow.batch_rows import BATCH, author_of, batch_of, insert, one, written
from karat.server.workflow.schemas import Batch, NewBatch

MOST_NAMED = 10_000
NAME = "workflow.give"


class GiveWork(msgspec.Struct, frozen=True):
    """Filling a batch, as a job."""

    batch: str
    given: NewBatch


def make(tx: Tx, actor: Actor, project: str, given: NewBatch) -> tuple[Batch, Started | None]:
    """Give items to people; those of an exclusive batch go to nobody else until its deadline. Many are put in by a job."""
    scope = enter_project(tx, actor, "items.change", project=project)
    refuse(_problems(tx, given))
    author, team = _whom(tx, scope, given)
    n, id_ = insert(tx, scope, given, author, team)
    chosen = work.chosen(tx, scope, _as_bulk(given), after=0, limit=CHUNK + 1)
    started: Started | None = None
    if len(chosen) > CHUNK:
        started = jobs.create(tx, scope, NAME, GiveWork(id_, given))
        tx.run("UPDATE batches SET job = :job WHERE n = :n", job=started.id, n=n)
        # Until the first of its items are in, nobody is to find that there is no batch here.
        tx.run("UPDATE projects SET batched = true WHERE n = :p AND NOT batched", p=scope.project)
    elif not fill(tx, scope, id_, chosen):
        do = "Choose items that still want an answer; those that are done, or wait for their result, are given to nobody."
        problem = Problem("filter", f"{len(chosen)} items, none of which waits", "items that wait", do)
        raise Refused([problem], title="None of these items waits for an answer")
    written(tx, scope, id_, "given", items=len(chosen))
    return one(tx, scope, id_), started


def fill(tx: Tx, scope: Scope, batch: str, items: Sequence[int]) -> int:
    """Put those of some items into a batch that wait for somebody or are held by somebody; how many."""
    found = tx.run("SELECT n, exclusive, is_move, ended_at FROM batches WHERE id = :id", id=batch)
    if not items or not found or found[0][3] is not None:
        return 0
    n, is_exclusive, is_move, _ = found[0]
    names, values = named(items)
    rows = tx.run(
        f"SELECT item FROM queue WHERE item IN ({names}) UNION SELECT item FROM assignments WHERE item IN ({names})"  # noqa: S608 - names of parameters only
        " AND state = 'claimed' AND NOT apart",
        **values,
    )
    waiting = sorted(item for (item,) in rows)
    put(tx, scope.project, n, waiting, is_reserved=bool(is_exclusive), is_move=bool(is_move))
    tx.run("UPDATE batches SET items = items + :more WHERE n = :n", more=len(waiting), n=n)
    return len(waiting)


def fill_next(tx: Tx, scope: Scope, given: GiveWork, *, after: int) -> tuple[int, int, int]:
    """Put the next of the items into a batch; (how many were looked at, how many were put in, the last of them)."""
    items = work.chosen(tx, scope, _as_bulk(given.given), after=after, limit=CHUNK)
    if not items:
        tx.run("UPDATE batches SET job = NULL WHERE id = :id", id=given.batch)
    return len(items), fill(tx, scope, given.batch, items), items[-1] if items else after


def release(tx: Tx, actor: Actor, batch: str) -> Batch:
    """End a batch: its items are for anybody again. Claims that stand on them stand on. Harmless where it has ended."""
    found = tx.run("SELECT project, n FROM batches WHERE id = :id", id=batch)
    if not found:
        raise missing("batch", batch)
    project, n = found[0]
    scope = enter_by_key(tx, actor, "items.change", project=project, what="batch", shown=batch)
    if end(tx, project, n):
        written(tx, scope, batch, "released")
    return one(tx, scope, batch)


def list_batches(tx: Tx, actor: Actor, project: str) -> list[Batch]:
    """The batches that stand in a project, and the last hundred that have ended."""
    scope = enter_project(tx, actor, "items.change", project=project)
    standing = tx.run(
        f"{BATCH} WHERE z.project = :p AND z.ended_at IS NULL ORDER BY z.n DESC LIMIT 500", p=scope.project
    )
    ended = tx.run(
        f"{BATCH} WHERE z.project = :p AND z.ended_at IS NOT NULL ORDER BY z.n DESC LIMIT 100", p=scope.project
    )
    return [batch_of(row) for row in (*standing, *ended)]


def _as_bulk(given: NewBatch) -> Bulk:
    return Bulk(action="requeue", ids=given.items, filter=given.filter)


def _whom(tx: Tx, scope: Scope, given: NewBatch) -> tuple[int | None, int | None]:
    if given.person is not None:
        return author_of(tx, scope, given.person), None
    if given.group is None:
        return None, None
    found = tx.run("SELECT n FROM teams WHERE id = :id AND workspace = :w", id=given.group, w=scope.workspace)
    if not found:
        raise missing("group", given.group)
    return None, found[0][0]


def _problems(tx: Tx, given: NewBatch) -> list[Problem]:
    found: list[Problem] = []
    if not 1 <= len(given.title.strip()) <= 200:
        found.append(Problem("title", shown(given.title), "1 to 200 characters", "Say what the batch is."))
    if (given.items is None) == (given.filter is None):
        found.append(Problem("items", "both or neither", "items or a filter", "Name the items, or a filter."))
    if given.items is not None and not 1 <= len(given.items) <= MOST_NAMED:
        found.append(Problem("items", f"{len(given.items)} items", f"1 to {MOST_NAMED}", "Name them by a filter."))
    whom = [name for name in ("person", "group", "skill", "language") if getattr(given, name) is not None]
    if len(whom) > 1:
        do = "Say whom the items are for in one way; a group can hold whoever you like."
        found.append(Problem("person", " and ".join(whom), "one of them", do))
    if not whom and given.priority in ("normal", 0):
        do = "Say whom the items are for; or for anybody, that they come earlier (high) or later (low)."
        found.append(Problem("person", "nobody", "a person, a group, a skill or a language; or a priority", do))
    for name in ("skill", "language"):
        word = getattr(given, name)
        if word is not None and not 1 <= len(word.strip()) <= 60:
            found.append(Problem(name, shown(word), "1 to 60 characters", "Write it as people's skills are written."))
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

"""Leaving an author's responses out, and taking them in again: counts, places and search follow each of them."""

from typing import NamedTuple

import msgspec

from karat.model.problem import Problem, Refused
from karat.policies.flow import Added, Dropped
from karat.server.access import Actor, Scope, enter_project
from karat.server.database import Tx
from karat.server.items.actions import begin
from karat.server.jobs import actions as jobs
from karat.server.jobs.schemas import Started
from karat.server.labeling.actions.slots import lock, move, state_of
from karat.server.labeling.queries.answers import annotations_of
from karat.server.labeling.queries.versions import Rules, rules_of, schema_at
from karat.server.responses.queries import author_key
from karat.server.responses.schemas import Excluded, Exclusion
from karat.server.search.index import index_answers, said
from karat.server.tell import note, tell

CHUNK = 200
LONGEST_REASON = 2_000
NAME = "responses.exclude"


class ExcludeWork(msgspec.Struct, frozen=True):
    """Leaving out, as a job."""

    operation: str
    author: int
    reason: str


Place = tuple[str, int]
"""A response's time and key: the order in which they are gone through."""
FIRST: Place = ("", 0)


class Moved(NamedTuple):
    """How many responses a step looked at, and behind which the next goes on."""

    seen: int
    last: Place


def start_exclusion(tx: Tx, actor: Actor, project: str, given: Exclusion) -> tuple[Excluded, Started | None]:
    """Leave an author's responses out: at once where they are few, else by a job."""
    scope = enter_project(tx, actor, "responses.exclude", project=project)
    author = author_key(tx, scope, given.author)
    if not 0 < len(given.reason.strip()) <= LONGEST_REASON:
        problem = Problem(
            "reason", f"{len(given.reason)} characters", f"1 to {LONGEST_REASON}", "Say why they are left out."
        )
        raise Refused([problem])
    count = tx.run(
        "SELECT count(*) FROM responses WHERE project = :project AND author = :author AND excluded IS NULL",
        project=scope.project,
        author=author,
    )[0][0]
    change = {
        "thing": {"type": "author", "id": given.author},
        "before": None,
        "after": {"reason": given.reason},
        "responses": count,
    }
    operation = begin(tx, scope, NAME, change)
    note(
        tx,
        "responses.excluded",
        actor=actor,
        workspace=scope.workspace,
        project=scope.project,
        thing={"type": "author", "id": given.author},
        operation=operation,
        responses=count,
        reason=given.reason,
    )
    work = ExcludeWork(operation, author, given.reason)
    if count > CHUNK:
        started = jobs.create(tx, scope, NAME, work, unit="responses")
        return Excluded(operation, count, started.id), started
    exclude_next(tx, scope, work)
    return Excluded(operation, count, None), None


def exclude_next(tx: Tx, scope: Scope, work: ExcludeWork, *, after: Place = FIRST, limit: int = CHUNK) -> Moved:
    """Leave the author's next responses out; nothing more once somebody undoes it."""
    if _is_undone(tx, work.operation):
        return Moved(0, after)
    rules = rules_of(tx, scope.project)
    rows = tx.run(
        "SELECT at, n, item FROM responses WHERE project = :project AND author = :author AND excluded IS NULL"
        " AND (at, n) > (:at, :n) ORDER BY at, n LIMIT :limit",
        project=scope.project,
        author=work.author,
        at=after[0],
        n=after[1],
        limit=limit,
    )
    excluded = msgspec.json.encode({"by": scope.actor.id, "reason": work.reason, "operation": work.operation}).decode()
    for _, n, item in sorted(
        rows, key=lambda row: int(row[2])
    ):  # one order for all, so that no two wait for each other
        leave_out(tx, scope, rules, n, item=item, author=work.author, excluded=excluded)
    if len(rows) < limit:
        tell(tx, scope, "response.excluded", thing="operation", id=work.operation)
    return Moved(len(rows), (rows[-1][0], rows[-1][1]) if rows else after)


def include_next(tx: Tx, scope: Scope, operation: str, *, after: Place = FIRST, limit: int = CHUNK) -> Moved:
    """Take the next responses in again that an operation left out."""
    rules = rules_of(tx, scope.project)
    author = _author_of(tx, scope, operation)
    rows = tx.run(
        "SELECT at, n, item, head, excluded FROM responses WHERE project = :project AND author = :author"
        " AND excluded IS NOT NULL AND (at, n) > (:at, :n) ORDER BY at, n LIMIT :limit",
        project=scope.project,
        author=author,
        at=after[0],
        n=after[1],
        limit=limit,
    )
    own = [
        (n, item, head)
        for _, n, item, head, excluded in rows
        if msgspec.json.decode(excluded).get("operation") == operation
    ]
    for n, item, head in sorted(own, key=lambda row: int(row[1])):
        take_in(tx, scope, rules, n, item=item, author=author, head=head)
    if len(rows) < limit:
        tell(tx, scope, "response.excluded", thing="operation", id=operation, undone=True)
    return Moved(len(rows), (rows[-1][0], rows[-1][1]) if rows else after)


def leave_out(tx: Tx, scope: Scope, rules: Rules, n: int, *, item: int, author: int, excluded: str) -> None:
    """Leave one response out: its place on the item is free again."""
    lock(tx, item)
    before = state_of(tx, item)
    state, surplus = tx.run("SELECT state, surplus FROM responses WHERE n = :n", n=n)[0]
    tx.run("UPDATE responses SET excluded = :excluded, surplus = false WHERE n = :n", excluded=excluded, n=n)
    if state == "submitted":
        move(tx, scope.project, item, before, Dropped(counted=not surplus), rules=rules, responses=-1)
        index_answers(tx, scope.project, item, author, None)


def take_in(tx: Tx, scope: Scope, rules: Rules, n: int, *, item: int, author: int, head: int) -> None:
    """Take one response in again: it has its place back if that is still free, else it is surplus."""
    lock(tx, item)
    before = state_of(tx, item)
    state = tx.run("UPDATE responses SET excluded = NULL WHERE n = :n RETURNING state", n=n)[0][0]
    if state != "submitted":
        return
    after = move(tx, scope.project, item, before, Added(), rules=rules, responses=1)
    if after.surplus > before.surplus:
        tx.run("UPDATE responses SET surplus = true WHERE n = :n", n=n)
    schema = schema_at(tx, scope.project, rules.schema_version)
    if schema is not None:
        found = said(schema, annotations_of(tx, schema, response=n, revision=head))
        index_answers(tx, scope.project, item, author, found)


def tell_stopped(tx: Tx, scope: Scope, operation: str) -> None:
    """Let those who follow look again where leaving out, or taking in, ended before its end."""
    tell(tx, scope, "response.excluded", thing="operation", id=operation)


def _is_undone(tx: Tx, operation: str) -> bool:
    # On PostgreSQL whoever undoes it waits for the chunk that is under way, and then finds all of it.
    lock_ = "" if tx.is_sqlite else " FOR SHARE"
    rows = tx.run(f"SELECT undone_by FROM operations WHERE id = :id{lock_}", id=operation)  # noqa: S608 - one of two constants
    return bool(rows) and rows[0][0] is not None


def _author_of(tx: Tx, scope: Scope, operation: str) -> int:
    found = tx.run(
        "SELECT changes FROM operations WHERE id = :id AND project = :project", id=operation, project=scope.project
    )
    changes = msgspec.json.decode(found[0][0], type=list[dict[str, object]])
    thing = changes[0]["thing"]
    return author_key(tx, scope, str(thing["id"]) if isinstance(thing, dict) else "")

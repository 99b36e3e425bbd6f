# ruff: noqa: S608 - the SQL is put together from constants; every value is a parameter
"""A project under labeling, for tests: its people as actors, its items, and what its tables must always say."""

from dataclasses import dataclass, field
from typing import Any, Protocol

from msgspec import Raw, json

from karat.model.response import Skip
from karat.policies.flow import ItemState, is_offered, taken_of, wanted_of
from karat.server.access import Actor, Scope, enter_project
from karat.server.database import Database, Tx
from karat.server.labeling import actions
from karat.server.labeling.actions.slots import is_labeled, state_of
from karat.server.labeling.actions.submit import Submitting, digest_of
from karat.server.labeling.queries.traits import traits_of
from karat.server.labeling.queries.versions import Rules, rules_of
from karat.server.labeling.queries.waiting import LANES, START, at_stage, marks_of, usable
from karat.server.labeling.schemas import ClaimRequest, NewRevision, Task, Undone
from karat.testing.items import fill_items


def answer_of(task: Task, value: str = "cards", **more: object) -> NewRevision:
    """An answer to a task of the topic project."""
    annotation = {"id": "topic", "field": "topic", "kind": "choice", "version": 1, "value": value}
    given = {
        "item": task.item.id,
        "item_revision": task.item.revision,
        "assignment": task.assignment.id if task.assignment else None,
        "schema": task.schema,
        "state": "submitted",
        "covers": {"topic": None},
        "annotations": Raw(json.encode([annotation])),
        "active_ms": 1000,
    }
    return NewRevision(**{**given, **more})  # type: ignore[arg-type]  # whatever a test wants to hand in


class Movable(Protocol):
    """A clock that a test can move on."""

    def move(self, **by: float) -> None:
        """Let time go by."""
        ...


@dataclass
class Work:
    """One project that people label."""

    db: Database
    project: str
    people: list[Actor]
    manager: Actor
    clock: Movable
    items: list[str] = field(default_factory=list)

    def add(self, count: int) -> None:
        """Import that many items."""
        start = len(self.items)
        self.items += fill_items(self.db, self.project, (f"text {start + n}" for n in range(count)))

    def claim(self, who: Actor, count: int = 1, exclude: tuple[str, ...] = ()) -> list[Task]:
        """Claim items for somebody."""
        return list(self.db.write_now(actions.claim, who, self.project, ClaimRequest(count, exclude)).tasks)

    def submit(self, who: Actor, task: Task, value: str = "cards", **more: object) -> Submitting:
        """Hand in an answer to a task."""
        given = answer_of(task, value, **more)
        digest = digest_of(json.encode(given))
        return self.db.write_now(actions.submit, who, task.response.id, task.response.revision, given, digest)

    def skip(self, who: Actor, task: Task) -> Submitting:
        """Skip a task."""
        return self.submit(who, task, state="skipped", skip=Skip("unclear"), annotations=Raw(b"[]"), covers={})

    def undo(self, who: Actor, task: Task) -> Undone:
        """Take a submit back."""
        return self.db.write_now(actions.undo, who, task.response.id, task.response.revision)

    def expire(self) -> int:
        """Sweep."""
        return self.db.write_now(actions.expire)

    def one(self, sql: str, **values: object) -> Any:  # noqa: ANN401 - whatever the column holds
        """One value from the database."""
        return self.db.read_now(lambda tx: tx.run(sql, **values)[0][0])

    def rows(self, sql: str, **values: object) -> list[tuple[Any, ...]]:
        """Rows from the database."""
        return self.db.read_now(lambda tx: [tuple(row) for row in tx.run(sql, **values)])

    def state(self, item: str) -> str:
        """An item's state."""
        return str(self.one("SELECT state FROM items WHERE id = :id", id=item))

    def check(self) -> None:
        """Every rule that must hold after every action."""
        wrong = self.db.read_now(self._wrong)
        if wrong:
            raise AssertionError("\n".join(wrong))

    def _wrong(self, tx: Tx) -> list[str]:
        scope = enter_project(tx, self.manager, "label", project=self.project)
        rules = rules_of(tx, scope.project)
        wrong: list[str] = []
        places = {
            row[0]: tuple(row[1:])
            for row in tx.run("SELECT item, stage, granted, wanted FROM queue WHERE project = :p", p=scope.project)
        }
        states: dict[int, ItemState] = {}
        for (item,) in tx.run("SELECT n FROM items WHERE project = :p AND deleted_at IS NULL", p=scope.project):
            states[item] = state = state_of(tx, item)
            expected = (state.stage, taken_of(state), wanted_of(state, rules.policy))
            if is_offered(state, rules.policy) != (item in places):
                wrong.append(f"item {item} is {state} and stands in the queue: {item in places}")
            elif item in places and places[item] != expected:
                wrong.append(f"item {item}: the queue says {places[item]}, should be {expected}")
            if state.answers >= wanted_of(state, rules.policy) and state.state == "open" and not state.aside:
                wrong.append(f"item {item} has its answers and is open: {state}")
            if (
                state.answers < wanted_of(state, rules.policy)
                and state.state not in ("open", "review")
                and not state.decided
            ):
                wrong.append(f"item {item} lacks answers and is {state}")
        wrong += self._counts(tx, scope, states)
        wrong += _claims(tx, scope)
        wrong += self._marks(tx, rules)
        return wrong

    def _counts(self, tx: Tx, scope: Scope, states: dict[int, ItemState]) -> list[str]:
        kept = tuple(tx.run("SELECT labeled, done, responses FROM projects WHERE n = :p", p=scope.project)[0])
        standing = (
            "r.state = 'submitted' AND r.excluded IS NULL"
            " AND EXISTS (SELECT 1 FROM authors a WHERE a.n = r.author AND a.type <> 'consensus')"
        )
        counted = (
            sum(is_labeled(s.state) for s in states.values()),
            sum(s.state == "done" for s in states.values()),
            tx.run(f"SELECT count(*) FROM responses r WHERE r.project = :p AND {standing}", p=scope.project)[0][0],
        )
        found = [] if kept == counted else [f"the project counts {kept}, there are {counted}"]
        off = tx.run(
            "SELECT i.n, i.responses FROM items i WHERE i.project = :p AND i.responses <>"
            f" (SELECT count(*) FROM responses r WHERE r.item = i.n AND {standing})",
            p=scope.project,
        )
        marked = tx.run(
            "SELECT count(*) FROM marks m JOIN words f ON f.n = m.field WHERE m.project = :p AND f.kind = 'field'",
            p=scope.project,
        )[0][0]
        if marked != counted[2]:
            found.append(f"{marked} answers can be found, there are {counted[2]}")
        return found + [f"item {n} counts {responses} answers wrongly" for n, responses in off]

    def _marks(self, tx: Tx, rules: Rules) -> list[str]:
        """Nothing that somebody could be given lies behind their mark."""
        found: list[str] = []
        for actor in self.people:
            scope = enter_project(tx, actor, "label", project=self.project)
            traits = traits_of(tx, scope, rules)
            for stage in rules.stages_for(scope.role, traits=traits):
                at = at_stage(scope, rules, stage, traits)
                marks = marks_of(tx, at)
                for lane in LANES:
                    start = {f"p{lane}": START[0], f"i{lane}": START[1]}
                    free = usable(lane, at, is_sqlite=tx.is_sqlite)
                    named = {**start, **at.named(), **at.spoken_in(tx)}
                    rows = tx.run(f"SELECT q.priority, q.item FROM queue q WHERE {free}", **named)
                    mark = marks.get(lane, START)
                    found += [f"{actor.name} cannot see item {n} behind {mark}" for p, n in rows if (p, n) <= mark]
        return found


def _claims(tx: Tx, scope: Scope) -> list[str]:
    held = tx.run(
        "SELECT s.item, s.author FROM assignments s JOIN responses r ON r.item = s.item AND r.author = s.author"
        " WHERE s.project = :p AND s.state = 'claimed' AND r.state = 'submitted' AND r.excluded IS NULL",
        p=scope.project,
    )
    return [f"author {author} holds item {item} that they have answered" for item, author in held]

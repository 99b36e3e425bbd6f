"""Three people of the demo who work here for pay: a fortnight of answers, a closed period, what was said against it, a draft.

Everything is done by the product's own actions, each at the time at which it is said to have happened.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from functools import partial
from typing import Concatenate, ParamSpec, TypeVar

import msgspec

from karat.demo.messages import Message, message
from karat.demo.people import Annotator, on_message
from karat.model.ids import RealClock
from karat.sdk.projects import Project
from karat.server.access import Actor
from karat.server.database import Database, Tx
from karat.server.labeling import actions as labeling
from karat.server.labeling.actions.submit import digest_of
from karat.server.labeling.schemas import ClaimRequest, NewRevision, Task
from karat.server.ledger import contests, formulas, periods
from karat.server.ledger.schemas import NewContest, NewFormula, PayDecision
from karat.server.people import actions as people
from karat.server.people.queries import as_actor

P = ParamSpec("P")
R = TypeVar("R")

BEGAN, CLOSED = 16, 8
"""Days before today: when the project was made, and when the first period ended."""
PAID = (
    Annotator("Dora Lindqvist", 0.05, 2.0, 20_000),
    Annotator("Eli Okafor", 0.09, 2.0, 15_000),
    Annotator("Fay Nakamura", 0.12, 2.0, 26_000),
)
SESSIONS = {14: 8, 12: 9, 11: 8, 9: 7, 6: 6, 4: 6, 2: 5}
"""Days before today, and how many messages each answers."""
HOURS = (7, 9, 13)
"""When each begins, in UTC."""
HARD = 3
"""Entities from which on a message takes longer."""
FORMULA = {
    "currency": "EUR",
    "per_hour": 1260,
    "longest": "10m",
    "per_100": 400,
    "difficulty": [{"from": 1.5, "percent": 125}],
    "accuracy": {"steps": [{"from": 0, "percent": 90}, {"from": 0.7, "percent": 100}, {"from": 0.9, "percent": 115}]},
    "consistency": {
        "steps": [{"from": 0, "percent": 95}, {"from": 0.4, "percent": 100}, {"from": 0.6, "percent": 110}]
    },
    "flag": 50,
}
BUDGET = 6_600
CONTESTED = (
    "On the second morning the clock stood still while I looked the order numbers up. It was about a quarter of an hour.",
    "Two messages of the last day took me much longer than the table says: I read the guideline beside them.",
)
QUARTER = 315
"""What a quarter of an hour is paid."""
ANSWER = "True: the clock stands still while another window is in front. A quarter of an hour is added."


def then(db: Database, days: float, action: Callable[Concatenate[Tx, P], R], /, *args: P.args, **kwargs: P.kwargs) -> R:
    """Run an action as so many days ago."""
    return db.write_now(_then, RealClock().now() - dt.timedelta(days=days), lambda tx: action(tx, *args, **kwargs))


def pay(db: Database, project: Project, workspace: str, owner: Actor) -> None:
    """Put a formula in force, let three people work by it, close a period and begin the next."""
    hired = [then(db, BEGAN - 1, _hired, workspace, who.name) for who in PAID]
    then(db, BEGAN - 1, formulas.put, owner, project.id, NewFormula(FORMULA))
    numbers = {str(one["id"]): int(str(one["key"]).removeprefix("M-")) - 1 for one in project.items()}
    for days, count in SESSIONS.items():
        if days < CLOSED and not project.pay.periods():
            _close_first(db, project, owner)
        for who, actor, hour in zip(PAID, hired, HOURS, strict=True):
            at = _o_clock(days, hour)
            for _ in range(count):
                answer = partial(_answer_next, actor=actor, who=who, project=project.id, numbers=numbers)
                # A chunk waits for no disk: the demo is drawn anew where the machine loses its power meanwhile.
                at += dt.timedelta(milliseconds=db.write_bulk(_then, at, answer).result())
    _contest(db, project, owner, hired)
    project.pay.put_budget(BUDGET)
    project.pay.compute().wait()


class _At:
    def __init__(self, moment: dt.datetime) -> None:
        self._moment = moment

    def now(self) -> dt.datetime:
        """The moment at which it stands."""
        return self._moment


def _then(tx: Tx, moment: dt.datetime, action: Callable[[Tx], R]) -> R:
    tx.clock = _At(moment)
    return action(tx)


def _hired(tx: Tx, workspace: str, name: str) -> Actor:
    login = people.create_login(tx, email=f"{name.split()[0].lower()}@example.org", name=name).n
    people.add_member(tx, workspace, login, "annotator")
    return as_actor(tx, login)


def _o_clock(days: int, hour: int) -> dt.datetime:
    day = RealClock().now() - dt.timedelta(days=days)
    return day.replace(hour=hour, minute=2 + days, second=0, microsecond=0)


def _answer_next(tx: Tx, *, actor: Actor, who: Annotator, project: str, numbers: Mapping[str, int]) -> int:
    """Answer the next message; how long it took, and a breath, in milliseconds."""
    [task] = labeling.claim(tx, actor, project, ClaimRequest(1)).tasks
    given = _answer(who, task, message(numbers[task.item.id]))
    labeling.submit(tx, actor, task.response.id, task.response.revision, given, digest_of(msgspec.json.encode(given)))
    return given.active_ms + 4_000


def _answer(who: Annotator, task: Task, written: Message) -> NewRevision:
    said = on_message(written, who, at="")
    return NewRevision(
        item=task.item.id,
        item_revision=task.item.revision,
        schema=task.schema,
        state="submitted",
        covers=said.covers,
        annotations=msgspec.Raw(msgspec.json.encode(said.annotations)),
        assignment=task.assignment.id if task.assignment else None,
        active_ms=said.active_ms * (2 if len(written.spans) >= HARD else 1),
    )


def _close_first(db: Database, project: Project, owner: Actor) -> None:
    end = RealClock().now() - dt.timedelta(days=CLOSED)
    project.pay.compute(end_at=end.isoformat()).wait()
    [period] = project.pay.periods()
    then(db, CLOSED - 0.1, periods.close, owner, str(period["id"]))


def _contest(db: Database, project: Project, owner: Actor, hired: list[Actor]) -> None:
    """The first says that time is missing and is right; the second's is still open."""
    [period] = project.pay.periods()
    lines = {_name(line): str(line["id"]) for line in project.pay.lines(str(period["id"]))}
    made = [
        then(db, 7 - n, contests.contest, actor, lines[actor.name], NewContest(reason))
        for n, (actor, reason) in enumerate(zip(hired, CONTESTED, strict=False))
    ]
    then(db, 5, contests.decide, owner, made[0].id, PayDecision("corrected", ANSWER, QUARTER))


def _name(line: dict[str, object]) -> str:
    person = line["person"]
    return str(person["name"]) if isinstance(person, dict) else ""

"""Many items at once, each by the rules of one: opened, handed in, taken back. One that is refused does not hold up the others."""

from collections.abc import Callable, Sequence
from typing import TypeVar
from uuid import UUID

from karat.model.problem import Problem, Refused, shown
from karat.server.access import Actor, enter_item, enter_project, missing
from karat.server.database import Tx
from karat.server.labeling.actions.claim import MOST_AT_ONCE, open_item
from karat.server.labeling.actions.submit import digest_of, submit
from karat.server.labeling.actions.undo import undo
from karat.server.labeling.schemas import (
    Entries,
    Entry,
    Handed,
    NewRevision,
    OpenRequest,
    Receipt,
    Receipts,
    RefusedEntry,
    Takeback,
    TakenBack,
    Task,
    Tasks,
    Undone,
)
from karat.server.wire import decode

R = TypeVar("R")
E = TypeVar("E", Entry, Handed)
UNFIT = "The answer does not fit the schema; it is kept as your draft"


def open_items(tx: Tx, actor: Actor, project: str, given: OpenRequest) -> Tasks:
    """Open many items as `open_item` opens one; one that is gone, or not the actor's to open, is left out."""
    enter_project(tx, actor, "label", project=project)
    _refuse_too_many(given.items, "items")
    found: list[Task] = []
    for item in dict.fromkeys(given.items):
        try:
            found.append(open_item(tx, actor, project, item))
        except Refused as error:
            if error.status != 404:
                raise
    return Tasks(tuple(found))


def submit_many(tx: Tx, actor: Actor, project: str, given: Entries) -> Receipts:
    """Store many answers, each as `submit` stores one; repeating the whole gives the same receipts.

    What is refused has written nothing, or, where it did not fit the schema, a draft; the others stand.
    """
    scope = enter_project(tx, actor, "label", project=project)
    _refuse_too_many(given.responses, "responses")

    def hand_in(entry: Entry) -> Receipt:
        answer = decode(bytes(entry.answer), NewRevision)
        if enter_item(tx, actor, "label", item=answer.item)[0].project != scope.project:
            raise missing("item", answer.item)
        response = _uuid(entry.response)
        done = submit(tx, actor, response, entry.revision, answer, digest_of(bytes(entry.answer)))
        if done.receipt is None:
            raise Refused(done.problems, title=UNFIT)
        return done.receipt

    receipts, refused = _each(given.responses, hand_in)
    return Receipts(receipts, refused)


def undo_many(tx: Tx, actor: Actor, project: str, given: Takeback) -> TakenBack:
    """Take many answers back, each as `undo` takes back one; those that do not stand any more by this number are named."""
    enter_project(tx, actor, "label", project=project)
    _refuse_too_many(given.responses, "responses")

    def take_back(entry: Handed) -> Undone:
        return undo(tx, actor, entry.response, entry.revision)

    undone, refused = _each(given.responses, take_back)
    return TakenBack(undone, refused)


def _each(entries: Sequence[E], act: Callable[[E], R]) -> tuple[tuple[R, ...], tuple[RefusedEntry, ...]]:
    """Do it for each; a refusal comes before anything of it is written, so that the next can go on."""
    done: list[R] = []
    refused: list[RefusedEntry] = []
    for entry in entries:
        try:
            done.append(act(entry))
        except Refused as error:
            refused.append(
                RefusedEntry(entry.response, entry.revision, error.status, error.title, tuple(error.problems))
            )
    return tuple(done), tuple(refused)


def _uuid(given: str) -> str:
    try:
        return str(UUID(given))
    except ValueError:
        problem = Problem("response", shown(given), "a UUID", "Send the id that came with the item.")
        raise Refused([problem]) from None


def _refuse_too_many(given: Sequence[object], path: str) -> None:
    if not 1 <= len(given) <= MOST_AT_ONCE:
        problem = Problem(path, shown(len(given)), f"1 to {MOST_AT_ONCE} of them", "Send them in several requests.")
        raise Refused([problem])

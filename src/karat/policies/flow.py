"""How an item moves through the stages of a policy: one pure reducer, which every action on the server goes through."""

from collections.abc import Iterator
from typing import Literal

import msgspec
from msgspec.structs import replace

from karat.model.policy import Policy

State = Literal["open", "labeled", "done"]
Effect = Literal["offer", "later", "take", "withhold", "promote", "resolve", "unresolve"]
"""What the server must do to its tables: offer the item again (now, or after everything else), note that a slot was
taken, take the item out of the queue, let a surplus answer take the slot that came free, ask for a result, drop it."""


class ItemState(msgspec.Struct, frozen=True, kw_only=True):
    """Where an item stands. Counts are of people's and imported answers; models and rules hold no slot."""

    stage: str
    state: State = "open"
    answers: int = 0
    claims: int = 0
    surplus: int = 0
    """Answers that came when no slot was free."""
    wanted: int | None = None
    """Answers wanted of this very item; None: as many as its stages ask."""
    aside: bool = False
    """Skipped under a rule that offers it to nobody until somebody asks for it again."""
    decided: bool = False
    """Done because a person chose the result, which later answers do not undo."""


class Claimed(msgspec.Struct, frozen=True, tag=True):
    """Somebody was given the item."""


class Freed(msgspec.Struct, frozen=True, tag=True):
    """A claim was released or ran out."""


class Submitted(msgspec.Struct, frozen=True, tag=True):
    """An answer came in; `held`: under a claim that still held its slot."""

    held: bool = True


class Skipped(msgspec.Struct, frozen=True, tag=True):
    """Somebody would not answer."""

    held: bool = True
    requeue: Literal["others", "me", "none"] = "others"


class Unskipped(msgspec.Struct, frozen=True, tag=True):
    """A skip was undone; its author holds the item again if a place is free."""


class Withdrawn(msgspec.Struct, frozen=True, tag=True):
    """A submit was undone; `counted`: it held a slot, which its author keeps as a claim."""

    counted: bool = True


class Dropped(msgspec.Struct, frozen=True, tag=True):
    """An answer no longer counts: it was excluded, or became a skip. `counted`: it held a slot."""

    counted: bool = True


class Added(msgspec.Struct, frozen=True, tag=True):
    """An answer counts without a claim: it was imported, or its exclusion was undone."""


class Resolved(msgspec.Struct, frozen=True, tag=True):
    """The result stands; `decided`: a person chose it."""

    decided: bool = False


class Contested(msgspec.Struct, frozen=True, tag=True):
    """The consensus came out as a tie: a result that it gave before no longer stands, one that a person chose does."""


class Requeued(msgspec.Struct, frozen=True, tag=True):
    """Somebody asks for more answers than there are."""

    more: int = 1


class Recounted(msgspec.Struct, frozen=True, tag=True):
    """Nothing happened to the item, but its policy changed or it has just come in."""


Event = (
    Claimed
    | Freed
    | Submitted
    | Skipped
    | Unskipped
    | Withdrawn
    | Dropped
    | Added
    | Resolved
    | Contested
    | Requeued
    | Recounted
)


def advance(state: ItemState, event: Event, policy: Policy) -> tuple[ItemState, frozenset[Effect]]:
    """The item's next state and what follows from it.

    >>> from karat.model.policy import default_policy
    >>> state, effects = advance(ItemState(stage="label", claims=1), Submitted(), default_policy())
    >>> state.stage, state.state, sorted(effects)
    ('accept', 'labeled', ['resolve'])
    """
    counted = _counted(state, event, policy)
    moved = _settled(counted, policy)
    effects = set(_queue_effects(state, moved, event, policy))
    if moved.surplus < counted.surplus:
        effects.add("promote")
    if state.state == "done" and moved.state != "done":
        effects.add("unresolve")
    if moved.state == "labeled" and state.state != "labeled" and not isinstance(event, Contested):
        effects.add("resolve")
    return moved, frozenset(effects)


def wanted_of(state: ItemState, policy: Policy) -> int:
    """How many answers the item wants up to and with the stage it is at."""
    if state.wanted is not None:
        return state.wanted
    total = 0
    for name, upto in label_stages(policy):
        total = upto
        if name == state.stage:
            return upto
    return total


def is_offered(state: ItemState, policy: Policy) -> bool:
    """Whether the item stands in a queue: it is open and has a slot free."""
    return state.state == "open" and not state.aside and state.answers + state.claims < wanted_of(state, policy)


def label_stages(policy: Policy) -> Iterator[tuple[str, int]]:
    """The stages at which people answer, in order, each with the answers wanted up to and with it."""
    total = 0
    for name in _course(policy):
        stage = policy.stages[name]
        if stage.do == "label":
            total += stage.overlap
            yield name, total


def resolving_stage(policy: Policy) -> str:
    """The stage that decides the result; the last stage where none does."""
    names = list(_course(policy))
    return next((name for name in names if policy.stages[name].do == "resolve"), names[-1])


def _course(policy: Policy) -> Iterator[str]:
    seen: set[str] = set()
    name: str | None = policy.start
    while name is not None and name not in seen:
        seen.add(name)
        yield name
        edges = policy.stages[name].next
        name = edges[0].to if edges else None


def _counted(state: ItemState, event: Event, policy: Policy) -> ItemState:
    """The state with the event counted in, before it is known where that leads."""
    match event:
        case Claimed():
            return replace(state, claims=state.claims + 1)
        case Freed():
            return replace(state, claims=state.claims - 1)
        case Submitted(held=True):
            return replace(state, answers=state.answers + 1, claims=state.claims - 1)
        case Submitted() | Added():
            is_free = state.state == "open" and state.answers + state.claims < wanted_of(state, policy)
            return replace(state, answers=state.answers + 1) if is_free else replace(state, surplus=state.surplus + 1)
        case Skipped():
            return replace(state, claims=state.claims - event.held, aside=state.aside or event.requeue == "none")
        case Unskipped():
            back = replace(state, aside=False)
            return replace(back, claims=back.claims + is_offered(back, policy))
        case Withdrawn(counted=True):
            return replace(state, answers=state.answers - 1, claims=state.claims + 1, state="open")
        case Dropped(counted=True):
            return replace(state, answers=state.answers - 1, state="open")
        case Withdrawn() | Dropped():
            return replace(state, surplus=state.surplus - 1)
        case Resolved():
            return replace(state, state="done", decided=event.decided)
        case Contested():
            return replace(state, state="labeled") if state.state == "done" and not state.decided else state
        case Requeued():
            wanted = state.answers + state.claims + event.more
            return replace(state, wanted=wanted, aside=False, decided=False, state="open")
        case Recounted():
            return state


def _settled(state: ItemState, policy: Policy) -> ItemState:
    """The state at the stage where its answers put it."""
    stages = list(label_stages(policy))
    last = state.wanted if state.wanted is not None else stages[-1][1]
    while state.surplus and state.answers + state.claims < last and not state.decided:
        state = replace(state, answers=state.answers + 1, surplus=state.surplus - 1)
    if state.decided:
        return replace(state, stage=resolving_stage(policy), state="done")
    if state.answers >= last:
        return replace(
            state, stage=resolving_stage(policy), state="done" if state.state == "done" else "labeled", aside=False
        )
    stage = next((name for name, upto in stages if state.answers < upto), stages[-1][0])
    return replace(state, stage=stage, state="open")


def _queue_effects(before: ItemState, after: ItemState, event: Event, policy: Policy) -> Iterator[Effect]:
    was, is_now = is_offered(before, policy), is_offered(after, policy)
    # Under the policy before, it may have stood in the queue: that is not known here.
    if (was or isinstance(event, Recounted)) and not is_now:
        yield "withhold"
    if not is_now:
        return
    taken = after.answers + after.claims - before.answers - before.claims
    if isinstance(event, Skipped) and event.requeue == "me":
        yield "later"
    elif not was or taken < 0 or after.stage != before.stage or isinstance(event, Recounted | Requeued):
        yield "offer"
    elif taken > 0:
        yield "take"

"""How an item moves through the stages of a policy: one pure reducer, which every action on the server goes through."""

from collections.abc import Iterator
from typing import Literal

import msgspec
from msgspec.structs import replace

from karat.model.policy import Enough, Policy
from karat.model.ways import Sight, Verdict, way_out
from karat.model.who import SkipRule

State = Literal["open", "labeled", "review", "done"]
"""It wants answers; it has them and waits for its result or its way; somebody must judge it; its result stands."""
Effect = Literal["offer", "later", "take", "withhold", "promote", "resolve", "unresolve", "clear"]
"""What the server must do to its tables: offer the item again (now, or after everything else), note that a slot was
taken, take the item out of the queue, let a surplus answer take the slot that came free, ask for a result, drop it, end
the claims of a stage that the item has left."""
JUDGED = ("review", "adjudicate")
WORTH = 0.25
"""Of the risk that is allowed: so much that answers could still lower is worth asking for, where they cannot lower all."""


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
    sent: str | None = None
    """The stage that skips sent it to: it stays there until the answers `wanted` have come."""
    chance: float = 1.0
    """Of the draws that led it to its stage just now; 1 where nothing was drawn."""


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
    skips: int = 1
    """How many people have skipped it, this one included."""


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


class Reviewed(msgspec.Struct, frozen=True, tag=True):
    """A reviewer gave a verdict; `dropped` answers no longer count, and `rework` authors hold the item again for theirs."""

    verdict: Verdict
    held: bool = True
    dropped: int = 0
    rework: int = 0


class Unreviewed(msgspec.Struct, frozen=True, tag=True):
    """A reviewer took the judgement back right away: the item is at their stage again, held by them, and `answers` more
    count than did (fewer, where the fix is gone)."""

    stage: str
    answers: int = 0


class Seen(msgspec.Struct, frozen=True, tag=True):
    """What the answers come to is known now: the item can take its way."""


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
    | Reviewed
    | Unreviewed
    | Seen
    | Recounted
)


def advance(
    state: ItemState, event: Event, policy: Policy, sight: Sight | None = None, *, is_held: bool = False
) -> tuple[ItemState, frozenset[Effect]]:
    """The item's next state and what follows from it.

    An item whose way depends on more than a verdict waits, labeled, at the stage that it leaves, until an event comes with a
    `sight`. While acceptance `is_held` no more are done: they wait, labeled, with what a person chose, for the first event after.

    >>> from karat.model.policy import default_policy
    >>> state, effects = advance(ItemState(stage="label", claims=1), Submitted(), default_policy())
    >>> state.stage, state.state, sorted(effects)
    ('accept', 'labeled', ['resolve'])
    """
    counted = _counted(state, event, policy)
    verdict = event.verdict if isinstance(event, Reviewed) else None
    moved = _promoted(_settled(counted, policy, sight, verdict), policy, sight)
    if isinstance(event, Reviewed) and moved.state != "open":
        # Where it wants no more answers, nobody is to do theirs again.
        moved = replace(moved, claims=moved.claims - event.rework)
    is_waiting = is_held and moved.state == "done" and state.state != "done"
    moved = replace(moved, state="labeled") if is_waiting else moved
    effects: set[Effect] = set()
    if counted.claims and moved.claims and moved.stage != state.stage and _leaves(state, moved, policy):
        kept = event.rework if isinstance(event, Reviewed) else int(isinstance(event, Withdrawn | Unreviewed))
        moved = replace(moved, claims=min(kept, moved.claims))
        effects |= {"clear"} if counted.claims > kept else set()
    effects |= set(_queue_effects(state, moved, event, policy))
    if moved.surplus < counted.surplus:
        effects.add("promote")
    if moved.state != "done" and (state.state == "done" or (state.decided and not moved.decided)):
        effects.add("unresolve")
    if moved.state == "labeled" and state.state != "labeled" and not isinstance(event, Contested):
        effects.add("resolve")
    return moved, frozenset(effects)


def wanted_of(state: ItemState, policy: Policy) -> int:
    """How many answers the item wants up to and with the stage it is at; where it is judged, how many judges."""
    if state.state == "review":
        return 1
    if state.wanted is not None:
        return state.wanted
    stages = label_stages(policy, upto=state.stage)
    return stages[-1][1]


def taken_of(state: ItemState) -> int:
    """How many of the places that the item has at its stage are taken."""
    return state.claims if state.state == "review" else state.answers + state.claims


def is_offered(state: ItemState, policy: Policy) -> bool:
    """Whether the item stands in a queue: it wants somebody and has a slot free."""
    return state.state in ("open", "review") and not state.aside and taken_of(state) < wanted_of(state, policy)


def is_doubtful(answers: int, sight: Sight, until: Enough) -> bool:
    """Whether one more answer is worth asking for.

    Where people may all be misled together, no number of answers brings the risk to what is asked: enough is then where the
    part of it that answers can lower is a quarter of that.

    >>> enough = Enough(sure=0.95, most=7)
    >>> is_doubtful(2, Sight(draw=0, risk=0.07), enough), is_doubtful(2, Sight(draw=0, risk=0.07, least=0.06), enough)
    (True, False)
    """
    if answers >= until.most or sight.is_spent:
        return False
    allowed = 1 - until.sure
    return sight.risk is None or sight.risk > max(allowed, sight.least + WORTH * allowed)


def label_stages(policy: Policy, *, upto: str | None = None) -> list[tuple[str, int]]:
    """The stages at which people answer on the shortest way to a stage, each with the answers wanted up to and with it.

    Without `upto`, or where the policy has no such stage: along the first ways out.
    """
    total, found = 0, []
    for name in path_to(policy, upto):
        stage = policy.stages[name]
        if stage.do == "label":
            total += stage.overlap
            found.append((name, total))
    return found


def resolving_stage(policy: Policy) -> str:
    """The stage that decides the result; the last stage where none does."""
    resolving = next((name for name, stage in policy.stages.items() if stage.do == "resolve"), None)
    return resolving or path_to(policy, None)[-1]


def path_to(policy: Policy, stage: str | None) -> tuple[str, ...]:
    """The stages from the start to one, on the shortest way; along the first ways out where it is none of them."""
    if stage in policy.stages:
        paths: list[tuple[str, ...]] = [(policy.start,)]
        seen = {policy.start}
        for path in paths:
            if path[-1] == stage:
                return path
            ways = [edge.to for edge in policy.stages[path[-1]].edges if edge.to not in seen]
            seen.update(ways)
            paths += [(*path, to) for to in dict.fromkeys(ways)]
    course = [policy.start]
    while (edges := policy.stages[course[-1]].edges) and edges[0].to not in course:
        course.append(edges[0].to)
    return tuple(course)


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
            return _skipped(state, event, policy)
        case Unskipped():
            back = replace(state, aside=False, sent=None, wanted=None) if state.sent else replace(state, aside=False)
            back = _settled(back, policy, None, None) if state.sent and state.state == "open" else back
            return replace(back, claims=back.claims + is_offered(back, policy))
        case Withdrawn(counted=True):
            return replace(state, answers=state.answers - 1, claims=state.claims + 1, state="open")
        case Reviewed():
            claims = state.claims - event.held + event.rework
            return replace(state, answers=state.answers - event.dropped, claims=claims, state="labeled")
        case Unreviewed():
            answers = state.answers + event.answers
            return replace(
                state, stage=event.stage, state="review", answers=answers, claims=state.claims + 1, decided=False
            )
        case Dropped(counted=True):
            return replace(state, answers=state.answers - 1, state="open")
        case Withdrawn() | Dropped():
            return replace(state, surplus=state.surplus - 1)
        case Resolved():
            return replace(state, state="done", decided=event.decided)
        case Contested():
            return replace(state, state="labeled") if state.state == "done" and not state.decided else state
        case Requeued():
            claims = 0 if state.state == "review" else state.claims
            wanted = state.answers + claims + event.more
            return replace(state, wanted=wanted, aside=False, decided=False, state="open")
        case Recounted() | Seen():
            return state


def _skipped(state: ItemState, event: Skipped, policy: Policy) -> ItemState:
    """The state after a skip, which may be the one that sends the item to another stage."""
    state = replace(state, claims=state.claims - event.held, aside=state.aside or event.requeue == "none")
    skip = policy.stages[state.stage].skip if state.stage in policy.stages else SkipRule()
    if skip.after is None or skip.then is None or skip.then not in policy.stages or event.skips < skip.after:
        return state
    if state.state != "open" or state.sent is not None:
        return state
    wanted = state.answers + state.claims + policy.stages[skip.then].overlap
    return replace(state, sent=skip.then, wanted=wanted, stage=skip.then)


def _sent_to(state: ItemState, policy: Policy) -> str | None:
    """The stage that skips sent an item to, as long as people label there."""
    at = policy.stages.get(state.sent) if state.sent is not None else None
    return state.sent if at is not None and at.do == "label" and state.wanted is not None else None


def _settled(state: ItemState, policy: Policy, sight: Sight | None, verdict: Verdict | None) -> ItemState:
    """The state at the stage where its answers, and the verdicts on them, put it."""
    if state.decided:
        return replace(state, stage=resolving_stage(policy), state="done")
    at = policy.stages.get(state.stage)
    is_judged = at is not None and at.do in JUDGED
    if verdict is not None and is_judged:
        return _routed(state, policy, state.stage, sight, verdict)
    if state.state == "review" and is_judged:
        return state
    sent = _sent_to(state, policy)
    stages = label_stages(policy, upto=state.stage) if sent is None else [(sent, state.wanted or 0)]
    short = next((name for name, upto in stages if state.answers < upto), None)
    if sight is not None and sight.is_spent and short is None and not state.claims:
        state = replace(state, wanted=None)
    if state.wanted is not None:
        short = (short or stages[-1][0]) if state.answers < state.wanted else None
    if short is not None:
        return replace(state, stage=short, state="open")
    if at is not None and at.do == "resolve" and state.state in ("labeled", "done"):
        return replace(state, aside=False)
    if state.state == "done":
        return replace(state, stage=resolving_stage(policy), aside=False)
    until = policy.stages[stages[-1][0]].until
    if until is not None and (sight is None or is_doubtful(state.answers, sight, until)):
        wanted = None if sight is None else state.answers + state.claims + 1
        if wanted is None:
            return replace(state, stage=stages[-1][0], state="labeled", aside=False)
        return replace(state, stage=stages[-1][0], state="open", wanted=wanted)
    return _routed(state, policy, stages[-1][0], sight, None)


def _routed(state: ItemState, policy: Policy, at: str, sight: Sight | None, verdict: Verdict | None) -> ItemState:
    """The state where the ways out of a stage lead, through stages that have all they want already."""
    seen, chance = {at}, 1.0
    while True:
        way = way_out(policy.stages[at].edges, verdict=verdict, sight=sight)
        if way is None:
            return replace(state, stage=at, state="labeled", aside=False)
        verdict, at, chance = None, way.to, chance * way.probability
        match policy.stages[at].do:
            case "review" | "adjudicate":
                return replace(state, stage=at, state="review", aside=False, chance=chance)
            case "resolve":
                then: State = "done" if state.state == "done" else "labeled"
                return replace(state, stage=at, state=then, aside=False, chance=chance)
            case "label" if state.answers < (state.wanted or label_stages(policy, upto=at)[-1][1]):
                return replace(state, stage=_sent_to(state, policy) or at, state="open", chance=chance)
        if at in seen:
            return replace(state, stage=at, state="labeled", aside=False)
        seen.add(at)


def _promoted(state: ItemState, policy: Policy, sight: Sight | None) -> ItemState:
    """The state after surplus answers have taken the places that are free."""
    while state.surplus and state.state == "open" and taken_of(state) < wanted_of(state, policy):
        state = replace(state, answers=state.answers + 1, surplus=state.surplus - 1)
        state = _settled(state, policy, sight, None)
    return state


def _leaves(before: ItemState, after: ItemState, policy: Policy) -> bool:
    """Whether claims at the stage before have nothing to do at the one after: one of them judges, the other does not."""
    was = before.stage in policy.stages and policy.stages[before.stage].do in JUDGED
    return was or policy.stages[after.stage].do in JUDGED


def _queue_effects(before: ItemState, after: ItemState, event: Event, policy: Policy) -> Iterator[Effect]:
    was, is_now = is_offered(before, policy), is_offered(after, policy)
    # Under the policy before, it may have stood in the queue: that is not known here.
    if (was or isinstance(event, Recounted)) and not is_now:
        yield "withhold"
    if not is_now:
        return
    taken = taken_of(after) - taken_of(before)
    if isinstance(event, Skipped) and event.requeue == "me":
        yield "later"
    elif not was or taken < 0 or after.stage != before.stage or isinstance(event, Recounted | Requeued):
        yield "offer"
    elif taken > 0:
        yield "take"

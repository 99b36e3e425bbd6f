"""Giving items to people: claims from the queue, items chosen by hand, and what becomes of a claim."""

import datetime as dt
from collections.abc import Collection, Sequence
from functools import lru_cache

import msgspec

from karat.model.durations import seconds
from karat.model.ids import stamp
from karat.model.problem import Problem, Refused, shown
from karat.policies.flow import JUDGED, Claimed, Freed, is_offered
from karat.server.access import Actor, Scope, enter_by_key, enter_item, enter_project, missing
from karat.server.database import Tx
from karat.server.item_ids import numbers
from karat.server.labeling.actions.course import advance, allowed
from karat.server.labeling.actions.expire import expire
from karat.server.labeling.actions.mixing import Apart, come_again, come_no_more, comes_again, go_past, mix
from karat.server.labeling.actions.planting import plant
from karat.server.labeling.actions.slots import lock, move, state_of, take
from karat.server.labeling.actions.walk import walk
from karat.server.labeling.queries.apart import is_apart
from karat.server.labeling.queries.course import course_of, next_items, to_come
from karat.server.labeling.queries.own import is_sent_back
from karat.server.labeling.queries.paused import require_working
from karat.server.labeling.queries.tasks import tasks_of
from karat.server.labeling.queries.traits import traits_of
from karat.server.labeling.queries.unread import require_read
from karat.server.labeling.queries.versions import Rules, rules_of
from karat.server.labeling.queries.waiting import Place
from karat.server.labeling.schemas import Assignment, ClaimRequest, Renewed, Task, Tasks

MOST_AT_ONCE = 100
LABELED = ("label",)


def claim(tx: Tx, actor: Actor, project: str, given: ClaimRequest) -> Tasks:
    """Give somebody the next items of a project, reserved for as long as the stage says."""
    if not 1 <= given.count <= MOST_AT_ONCE:
        problem = Problem(
            "count", shown(given.count), f"1 to {MOST_AT_ONCE}", "Claim a page at a time, and again later."
        )
        raise Refused([problem])
    scope = enter_project(tx, actor, "label", project=project)
    rules = rules_of(tx, scope.project)
    require_read(tx, scope, course_of(scope, rules))
    require_working(tx, scope.project, scope.author)
    excluded = frozenset(
        numbers(tx, given.exclude[:100]).values()
    )  # of another project they mean nothing: the queue has only this one's
    do = JUDGED if given.do == "review" else LABELED
    # What was sent back to its author comes before anything new.
    granted = _held(tx, scope, rules, do=do, limit=given.count, excluded=excluded, only_sent_back=not given.held)
    wanted = given.count - len(granted)
    course = course_of(scope, rules) if do is LABELED else None
    is_working = True
    if course is not None:
        standing = advance(tx, scope, rules, course)
        is_working = standing.state == "working"
        if standing.state in ("practice", "test"):
            few = min(wanted, to_come(tx, scope, standing, course))
            granted |= _grant_course(tx, scope, rules, standing.state, count=few) if few else {}
        wanted = allowed(tx, scope, standing, course, wanted=wanted)
    places = walk(tx, scope, rules, count=wanted, excluded=excluded, do=do) if wanted else []
    if len(places) < wanted and expire(tx, project=scope.project):
        places += walk(tx, scope, rules, count=wanted - len(places), excluded=excluded, do=do)
    given_now: Sequence[Place | Apart] = places
    if wanted and is_working and do is LABELED:
        given_now = mix(tx, scope, rules, places, wanted=wanted, excluded=excluded)
    if wanted and do is LABELED:
        go_past(tx, scope, rules, given_now)
    granted |= {place.item: _grant(tx, scope, rules, place) for place in given_now}
    return Tasks(tuple(tasks_of(tx, scope, rules, granted)) if granted else ())


def open_item(tx: Tx, actor: Actor, project: str, item: str) -> Task:
    """Open one chosen item: an own one, to look at it again, or any one where the role allows to choose.

    It is reserved where a place is free; where none is, it can still be answered.
    """
    scope, n = enter_item(tx, actor, "label", item=item)
    if enter_project(tx, actor, "label", project=project).project != scope.project:
        raise missing("item", item)
    own = tx.run(
        "SELECT (SELECT id FROM assignments WHERE item = :item AND author = :author AND state = 'claimed'),"
        " EXISTS (SELECT 1 FROM responses WHERE item = :item AND author = :author AND state <> 'withdrawn'),"
        " EXISTS (SELECT 1 FROM assignments WHERE item = :item AND author = :author)",
        item=n,
        author=scope.author,
    )[0]
    held, has_answered, was_given = own
    if not (was_given or has_answered) and not scope.has("label.any"):
        raise missing("item", item)
    rules = rules_of(tx, scope.project)
    granted: Assignment | None = None
    if held is not None:
        granted = _renewed(tx, rules, held)
    elif not has_answered:
        granted = _choose(tx, scope, rules, n)
    return next(iter(tasks_of(tx, scope, rules, {n: granted})))


def renew(tx: Tx, actor: Actor, assignment: str) -> Renewed:
    """Keep a claim for its whole time again; one that ran out is taken up again if its place is still free."""
    scope, item, state, stage, apart = _own(tx, actor, assignment)
    rules = rules_of(tx, scope.project)
    if state == "claimed":
        found = _renewed(tx, rules, assignment)
        if found is not None:
            return Renewed(found.until)
    lock(tx, item)
    before = state_of(tx, item)
    if (
        state in ("expired", "released", "claimed")
        and (comes_again(tx, scope.author, item) if apart else is_offered(before, rules.policy))
        and not _is_busy(tx, scope, item)
    ):
        until = until_of(tx, rules, stage)
        tx.run("UPDATE assignments SET state = 'claimed', until = :until WHERE id = :id", until=until, id=assignment)
        if apart:
            come_no_more(tx, scope.author, item)
        else:
            move(tx, scope.project, item, before, Claimed(), rules=rules)
        return Renewed(until)
    problem = Problem("assignment", state, "claimed", "Hand in what you have: it is kept. Or claim another item.")
    raise Refused([problem], status=409, title="The claim has ended")


def release(tx: Tx, actor: Actor, assignment: str) -> None:
    """Give an item back; harmless where it was given back already."""
    scope, item, state, _, _ = _own(tx, actor, assignment)
    if state == "claimed":
        give_back(tx, scope.project, assignment, item, rules_of(tx, scope.project))


def release_all(tx: Tx, author: int, *, project: int | None = None) -> int:
    """Give back everything that an author holds, in one project or in all; how many there were."""
    only = "" if project is None else " AND project = :project"
    rows = tx.run(
        f"SELECT id, item, project FROM assignments WHERE author = :author AND state = 'claimed'{only} ORDER BY item",  # noqa: S608 - one of two constants
        author=author,
        **({} if project is None else {"project": project}),
    )
    for id_, item, owner in rows:
        give_back(tx, owner, id_, item, rules_of(tx, owner))
    return len(rows)


def _held(
    tx: Tx,
    scope: Scope,
    rules: Rules,
    *,
    do: Collection[str],
    limit: int,
    excluded: frozenset[int],
    only_sent_back: bool = False,
) -> dict[int, Assignment | None]:
    """What the person holds already, in the order in which it was given, reserved for the whole time again."""
    rows = tx.run(
        "SELECT a.id, a.item, a.stage, a.why FROM assignments a JOIN items i ON i.n = a.item AND i.deleted_at IS NULL"
        " WHERE a.project = :project AND a.author = :author AND a.state = 'claimed' ORDER BY a.at, a.item",
        project=scope.project,
        author=scope.author,
    )
    stages = {name for name, stage in rules.policy.stages.items() if stage.do in do}
    wanted = [
        (id_, item)
        for id_, item, stage, why in rows
        if item not in excluded and stage in stages and (not only_sent_back or is_sent_back(why))
    ][:limit]
    return {item: renewed for id_, item in wanted if (renewed := _renewed(tx, rules, id_)) is not None}


def _grant(tx: Tx, scope: Scope, rules: Rules, place: Place | Apart) -> Assignment:
    if isinstance(place, Apart):
        return _give_apart(tx, scope, rules, place)
    take(
        tx,
        place.item,
        stage=place.stage,
        lane=place.lane,
        granted=place.granted + 1,
        wanted=place.wanted,
        rules=rules,
    )
    return assign(tx, scope.project, scope.author, place.item, rules, stage=place.stage, use="work")


def _give_apart(tx: Tx, scope: Scope, rules: Rules, given: Apart) -> Assignment:
    come_no_more(tx, scope.author, given.item)
    plant(tx, scope, rules, given.item)
    return assign(
        tx, scope.project, scope.author, given.item, rules, stage=given.stage, use="gold", apart=True, free=given.free
    )


def _grant_course(tx: Tx, scope: Scope, rules: Rules, use: str, *, count: int) -> dict[int, Assignment | None]:
    """Items to practise on or be tested by, which take no place."""
    found: dict[int, Assignment | None] = {}
    for item in next_items(tx, scope, rules, use=use, limit=count):
        tx.put("UPDATE gold SET uses = uses + 1 WHERE item = :item", item=item)
        stage = rules.policy.start
        found[item] = assign(tx, scope.project, scope.author, item, rules, stage=stage, use=use, apart=True)
    return found


def _choose(tx: Tx, scope: Scope, rules: Rules, item: int) -> Assignment | None:
    lock(tx, item)
    before = state_of(tx, item)
    if is_apart(tx, item, scope.author):
        if not comes_again(tx, scope.author, item):
            return None
        return _give_apart(tx, scope, rules, Apart(item, rules.policy.start))
    traits = traits_of(tx, scope, rules)
    if before.state != "open" or before.stage not in rules.stages_for(scope.role, traits=traits):
        return None
    if not is_offered(before, rules.policy):
        return None
    move(tx, scope.project, item, before, Claimed(), rules=rules)
    return assign(tx, scope.project, scope.author, item, rules, stage=before.stage, use="chosen")


def assign(
    tx: Tx,
    project: int,
    author: int,
    item: int,
    rules: Rules,
    *,
    stage: str,
    use: str,
    hold: str | None = None,
    apart: bool = False,
    free: int | None = None,
) -> Assignment:
    """Write a claim down, for as long as the stage says, or as `hold` does. The item's slot is the caller's; `apart`: none,
    with how many an ordinary item in its place had `free`."""
    until = until_of(tx, rules, stage) if hold is None else stamp(tx.clock.now() + dt.timedelta(seconds=seconds(hold)))
    found = Assignment(tx.new_id(), until, stage)
    tx.put(
        "INSERT INTO assignments (id, project, item, stage, author, until, state, why, at, apart)"
        " VALUES (:id, :project, :item, :stage, :author, :until, 'claimed', :why, :now, :apart)",
        id=found.id,
        project=project,
        item=item,
        stage=stage,
        author=author,
        until=found.until,
        why=_why(rules.policy.stages[stage].queue, rules.policy_version, use, free),
        now=tx.now(),
        apart=apart,
    )
    return found


def give_back(tx: Tx, project: int, assignment: str, item: int, rules: Rules) -> None:
    """End a claim: the item is for others again, or comes to the same person again where it is theirs apart."""
    lock(tx, item)
    before = state_of(tx, item)
    freed = tx.run(
        "UPDATE assignments SET state = 'released' WHERE id = :id AND state = 'claimed' RETURNING apart, author, stage, why",
        id=assignment,
    )
    if freed and freed[0][0]:
        come_again(tx, project, freed[0][1], item, stage=freed[0][2], why=freed[0][3])
    elif freed:
        move(tx, project, item, before, Freed(), rules=rules)


def _renewed(tx: Tx, rules: Rules, assignment: str) -> Assignment | None:
    found = tx.run("SELECT stage FROM assignments WHERE id = :id AND state = 'claimed'", id=assignment)
    if not found:
        return None
    stage = found[0][0]
    until = until_of(tx, rules, stage)
    kept = tx.run(
        # What waits for its own author for days is not held for less by being opened.
        "UPDATE assignments SET until = CASE WHEN until > :until THEN until ELSE :until END"
        " WHERE id = :id AND state = 'claimed' RETURNING until",
        until=until,
        id=assignment,
    )
    return Assignment(assignment, kept[0][0], stage) if kept else None


def _own(tx: Tx, actor: Actor, assignment: str) -> tuple[Scope, int, str, str, bool]:
    found = tx.run("SELECT project, item, state, stage, author, apart FROM assignments WHERE id = :id", id=assignment)
    if not found:
        raise missing("assignment", assignment)
    project, item, state, stage, author, apart = found[0]
    scope = enter_by_key(tx, actor, "label", project=project, what="assignment", shown=assignment)
    if author != scope.author:
        raise missing("assignment", assignment)
    return scope, item, state, stage, bool(apart)


def _is_busy(tx: Tx, scope: Scope, item: int) -> bool:
    """Whether this person holds the item by another claim, or has answered it."""
    found = tx.run(
        "SELECT 1 FROM assignments WHERE item = :item AND author = :author AND state = 'claimed'"
        " UNION ALL SELECT 1 FROM responses WHERE item = :item AND author = :author AND state <> 'withdrawn'",
        item=item,
        author=scope.author,
    )
    return bool(found)


def until_of(tx: Tx, rules: Rules, stage: str) -> str:
    """Until when a claim that is made now is held."""
    policy = rules.policy.stages.get(stage) or rules.policy.stages[rules.policy.start]
    return stamp(tx.clock.now() + dt.timedelta(seconds=policy.claim_s))


@lru_cache(maxsize=1024)
def _why(queue: str, version: int, use: str, free: int | None) -> str:
    """Why this item came to this person. A queue in a fixed order gives the item for certain."""
    why: dict[str, object] = {"policy": queue, "version": version, "use": use, "probability": 1.0}
    return msgspec.json.encode(why if free is None else {**why, "free": free}).decode()

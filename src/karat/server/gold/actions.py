"""Making items gold, and taking them out of use.

retire(tx, scope, items, "disputed")   what other features call when a key is disputed or an item was shown
"""

import secrets
from collections.abc import Mapping, Sequence

import msgspec

from karat.model.problem import Problem, Refused, shown
from karat.model.schema import Schema
from karat.server.access import Actor, Scope, enter_by_key, enter_project, missing
from karat.server.database import Tx
from karat.server.gold.keys import Key, find_key
from karat.server.gold.schemas import REASONS, GoldKey, LeftOut, Made, NewGold, Retired, Use
from karat.server.items.names import item_keys
from karat.server.labeling.actions.mixing import SHUFFLE
from karat.server.labeling.queries.versions import rules_of
from karat.server.projects.queries import schema_of
from karat.server.tell import note, tell

MOST_AT_ONCE = 1_000
LONGEST_HINT = 1_000

SHOWN = "people are shown it as an example, or what was ruled of it"
TOLD = "people have been told what its key says"
PRACTISED = "people have practised on it"


def make(tx: Tx, actor: Actor, project: str, given: NewGold) -> Made:
    """Make items gold, or change their keys and use; those that cannot be are named with the reason."""
    scope = enter_project(tx, actor, "gold.change", project=project)
    if not 1 <= len(given.items) <= MOST_AT_ONCE:
        problem = Problem("items", shown(len(given.items)), f"1 to {MOST_AT_ONCE}", "Send them in several requests.")
        raise Refused([problem])
    for place, one in enumerate(given.items):
        check_hints(one.hints, schema_of(tx, scope.project)[1], path=f"items.{place}.hints")
    keys = item_keys(tx, scope, [one.item for one in given.items])
    made: list[str] = []
    left: list[LeftOut] = []
    for one in given.items:
        found = find_key(tx, scope, keys[one.item], one, given.source) if one.item in keys else "it is not there"
        if one.item in keys:
            found = blocked(tx, keys[one.item], given.use) or found
        if isinstance(found, str):
            left.append(LeftOut(one.item, found))
            continue
        made.append(_write(tx, scope, keys[one.item], one, found, given))
        tell(tx, scope, "gold.changed", thing="item", id=one.item)
    note(
        tx,
        "gold.made",
        actor=actor,
        workspace=scope.workspace,
        project=scope.project,
        thing={"type": "project", "id": project},
        items=len(made),
        use=given.use,
    )
    return Made(made, left)


def take_out(tx: Tx, actor: Actor, gold: str, given: Retired) -> None:
    """Give an item to nobody any more as gold; harmless where that is so."""
    scope, item = own_gold(tx, actor, gold)
    retire(tx, scope, [item], given.reason)


def restore(tx: Tx, actor: Actor, gold: str) -> None:
    """Give a retired item again, to as many people as the policy says."""
    scope, item = own_gold(tx, actor, gold)
    (use,) = tx.run("SELECT use FROM gold WHERE item = :item", item=item)[0]
    why = blocked(tx, item, use)
    if why is not None:
        do = "Take it out of the guideline or withdraw the ruling, or make other items gold."
        raise Refused([Problem("gold", why, "an item that nobody has been shown", do)], status=409)
    rule = rules_of(tx, scope.project).policy.gold
    tx.put(
        "UPDATE gold SET state = 'active', reason = '', most = uses + :more WHERE item = :item AND state = 'retired'",
        more=None if rule is None else rule.uses,
        item=item,
    )
    _tell(tx, scope, [item])


def blocked(tx: Tx, item: int, use: Use) -> str | None:
    """Why an item cannot be gold of this use: people know what it is; None where they do not."""
    if use == "practice":
        return None
    if is_shown(tx, item):
        return SHOWN
    rows = tx.run("SELECT use, uses, told_at FROM gold WHERE item = :item", item=item)
    if not rows:
        return None
    before, uses, told_at = rows[0]
    if told_at is not None:
        return TOLD
    return PRACTISED if before == "practice" and uses else None


def is_shown(tx: Tx, item: int) -> bool:
    """Whether people are shown the item as an example, or what was ruled of it."""
    return bool(
        tx.run(
            "SELECT 1 FROM shown_items WHERE item = :item UNION ALL"
            " SELECT 1 FROM precedents WHERE item = :item AND withdrawn_at IS NULL LIMIT 1",
            item=item,
        )
    )


def retire(tx: Tx, scope: Scope, items: Sequence[int], reason: str) -> int:
    """Take gold out of use, for one of `REASONS`; how many were in use."""
    if reason not in REASONS:
        raise KeyError(f"{reason!r} is no reason to retire gold; add it to REASONS with what it means")
    gone = [
        item
        for item in items
        if tx.run(
            "UPDATE gold SET state = 'retired', reason = :reason, retired_at = :now WHERE item = :item AND project = :project"
            " AND state = 'active' RETURNING 1",
            reason=reason,
            now=tx.now(),
            item=item,
            project=scope.project,
        )
    ]
    if reason == "disputed":
        # Nobody is judged by a key that is in doubt: what was told stays told, what is told next is without it.
        tx.many("UPDATE gold_answers SET use = 'disputed' WHERE item = :item", [{"item": item} for item in gone])
    _tell(tx, scope, gone)
    return len(gone)


def _write(tx: Tx, scope: Scope, item: int, one: GoldKey, key: Key, given: NewGold) -> str:
    rule = rules_of(tx, scope.project).policy.gold
    written = tx.run(
        "INSERT INTO gold (id, project, item, response, revision, use, state, source, hints, most, shuffle, by, at)"
        " VALUES (:id, :project, :item, :response, :revision, :use, 'active', :source, :hints, :most, :shuffle, :by, :now)"
        " ON CONFLICT (item) DO UPDATE SET response = excluded.response, revision = excluded.revision, use = excluded.use,"
        " state = 'active', reason = '', source = excluded.source, hints = excluded.hints RETURNING id",
        id=tx.new_id(),
        project=scope.project,
        item=item,
        response=key.response,
        revision=key.revision,
        use=given.use,
        source=given.source,
        hints=msgspec.json.encode(one.hints).decode(),
        most=None if rule is None else rule.uses,
        shuffle=secrets.randbelow(SHUFFLE),
        by=scope.author,
        now=tx.now(),
    )
    return str(written[0][0])


def check_hints(hints: Mapping[str, str], schema: Schema, *, path: str = "hints") -> None:
    """Refuse hints of what the project does not ask, and long ones; each is of a field, or of `field.label` as it was said."""
    known = {*schema.fields, *(f"{key}.{label}" for key, field in schema.fields.items() for label in field.labels)}
    for name, hint in hints.items():
        if name not in known:
            expected = f"one of {', '.join(list(schema.fields)[:20])}, or field.label"
            raise Refused([Problem(f"{path}.{name}", shown(name), expected, "Name a field of the schema.")])
        if len(hint) > LONGEST_HINT:
            got, do = f"{len(hint)} characters", "Say it in fewer words."
            raise Refused([Problem(f"{path}.{name}", got, f"at most {LONGEST_HINT}", do)])


def own_gold(tx: Tx, actor: Actor, gold: str) -> tuple[Scope, int]:
    """The scope of a gold item's project, for whoever may change it, and the item."""
    found = tx.run("SELECT project, item FROM gold WHERE id = :id", id=gold)
    if not found:
        raise missing("gold item", gold)
    project, item = found[0]
    return enter_by_key(tx, actor, "gold.change", project=project, what="gold item", shown=gold), item


def _tell(tx: Tx, scope: Scope, items: Sequence[int]) -> None:
    for item in items:
        id_ = tx.run("SELECT id FROM items WHERE n = :n", n=item)[0][0]
        tell(tx, scope, "gold.changed", thing="item", id=id_)

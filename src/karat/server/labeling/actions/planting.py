"""Planting wrong suggestions on items whose answer is known, to learn whether people look at what they are suggested.

An answer to such an item, given as gold, counts for nothing but its author's own measures: what is planted never becomes a
result. It looks as the suggestion did: the same annotations from the same source, one of which says something else. Which
items, and what is said instead, follow from a keyed hash, so that opening an item again shows the same.
"""

from collections.abc import Mapping, Sequence

import msgspec

from karat.model.schema import Schema
from karat.server.access import Scope
from karat.server.database import Tx
from karat.server.labeling.queries.given import Suggested, suggested
from karat.server.labeling.queries.sight import drawn, secret_of
from karat.server.labeling.queries.versions import Rules, schema_at

Planted = dict[str, dict[str, str]]
"""By annotation of the suggestion, what it says instead: another `value`, or another `label`."""


def plant(tx: Tx, scope: Scope, rules: Rules, item: int) -> None:
    """Note what somebody is suggested on a gold item, and plant something wrong on some of them."""
    rule, schema = rules.policy.gold, schema_at(tx, scope.project, rules.schema_version)
    said = suggested(tx, scope, rules, item)
    if rule is None or schema is None or said is None:
        return
    secret, name = secret_of(tx), f"plant/{scope.author}/{item}"
    planted = None
    if drawn(secret, name) < rule.plant:
        planted = planted_in(said, _key(tx, item), schema, drawn(secret, f"{name}/what"))
    tx.put(
        "INSERT INTO plants (item, author, project, planted, at) VALUES (:item, :author, :project, :planted, :now)"
        " ON CONFLICT DO NOTHING",
        item=item,
        author=scope.author,
        project=scope.project,
        planted=None if planted is None else msgspec.json.encode(planted).decode(),
        now=tx.now(),
    )


def planted_in(said: Suggested, key: Sequence[Mapping[str, object]], schema: Schema, draw: float) -> Planted | None:
    """One annotation that says something else: neither what was suggested nor what the key says; None where nothing can."""
    ways: list[Planted] = []
    for one in said.annotations:
        field = schema.fields.get(str(one["field"]))
        if field is None or field.kind != one["kind"]:
            continue
        known = [other for other in key if other["field"] == one["field"]]
        options = getattr(field.options, "options", None)
        if one.get("label") is not None:
            keys = {other.get("label") for other in known} | {one["label"]}
            ways += [{str(one["id"]): {"label": label}} for label in field.labels if label not in keys]
        elif isinstance(one["value"], str) and isinstance(options, Mapping) and one["value"] in options:
            keys = {other["value"] for other in known if isinstance(other["value"], str)} | {one["value"]}
            ways += [{str(one["id"]): {"value": option}} for option in options if option not in keys]
    return ways[int(draw * len(ways))] if ways else None


def _key(tx: Tx, item: int) -> list[dict[str, object]]:
    rows = tx.run(
        "SELECT v.annotations FROM gold g JOIN revisions v ON v.response = g.response AND v.revision = g.revision"
        " WHERE g.item = :item",
        item=item,
    )
    return msgspec.json.decode(rows[0][0], type=list[dict[str, object]]) if rows else []

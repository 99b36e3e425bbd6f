"""What an answer begins as: a copy of what a file or a model said of the item, never of what a person said."""

import uuid
from collections.abc import Mapping
from typing import NamedTuple

import msgspec

from karat.kinds import KINDS
from karat.model.parts import id_of
from karat.model.policy import OF_MODEL, Stage
from karat.model.response import Base
from karat.model.schema import Schema
from karat.server.access import Scope
from karat.server.database import Tx
from karat.server.labeling.queries.versions import Rules, schema_at
from karat.server.labeling.schemas import Given

# Whoever labels is not told how sure a model was: it would lead them.
_LEFT_OUT = ("confidence", "probabilities", "extra")
_LINKS = {kind.name: kind for kind in KINDS.values() if kind.refs is not None}

_LAST = """
SELECT r.id, r.head, v.annotations
FROM responses r JOIN authors a ON a.n = r.author JOIN revisions v ON v.response = r.n AND v.revision = r.head
WHERE r.item = :item AND r.project = :project AND r.state = 'submitted' AND r.excluded IS NULL
"""
_OF_FILES = " AND a.type = 'import' ORDER BY r.at DESC, r.n DESC LIMIT 1"
_OF_MODEL = " AND a.type = 'model' AND a.name = :name ORDER BY r.at DESC, r.n DESC LIMIT 1"


def types_given(rules: Rules) -> frozenset[str]:
    """The types of authors whose answers are shown to everybody who labels, as a beginning."""
    begin = _stage(rules).begin
    return frozenset({"import"} if begin == "imported" else {"model"} if begin.startswith(OF_MODEL) else ())


class Suggested(NamedTuple):
    """What a file or a model said of an item."""

    source: str
    revision: int
    annotations: list[dict[str, object]]


def given_for(tx: Tx, scope: Scope, rules: Rules, item: int, *, response: str) -> Given | None:
    """What the workflow says an answer to an item begins as; None where that is nothing, or nothing was said of it.

    The ids of the copies follow from `response`, the id of the answer: opened on two tabs, they are the same.
    """
    said, schema = suggested(tx, scope, rules, item), schema_at(tx, scope.project, rules.schema_version)
    if said is None or schema is None:
        return None
    annotations = _planted(tx, scope, item, said.annotations)
    copies = copies_of(annotations, schema, source=said.source, response=response)
    if not copies:
        return None
    return Given(base=Base(said.source, said.revision), annotations=msgspec.Raw(msgspec.json.encode(copies)))


def suggested(tx: Tx, scope: Scope, rules: Rules, item: int) -> Suggested | None:
    """What the workflow says an answer to an item begins as, as it was said; None where it is nothing."""
    begin = _stage(rules).begin
    if begin == "nothing":
        return None
    asked = {"item": item, "project": scope.project}
    rows = (
        tx.run(_LAST + _OF_FILES, **asked)
        if begin == "imported"
        else tx.run(_LAST + _OF_MODEL, **asked, name=begin.removeprefix(OF_MODEL))
    )
    return Suggested(rows[0][0], rows[0][1], msgspec.json.decode(rows[0][2])) if rows else None


def _planted(tx: Tx, scope: Scope, item: int, said: list[dict[str, object]]) -> list[dict[str, object]]:
    """The annotations with what was planted for this person in place of what the model said."""
    rows = tx.run("SELECT planted FROM plants WHERE item = :item AND author = :author", item=item, author=scope.author)
    if not rows or rows[0][0] is None:
        return said
    planted = msgspec.json.decode(rows[0][0], type=dict[str, dict[str, str]])
    return [{**one, **planted.get(str(one["id"]), {})} for one in said]


def _stage(rules: Rules) -> Stage:
    return rules.policy.stages[rules.policy.start]


def copies_of(said: list[dict[str, object]], schema: Schema, *, source: str, response: str) -> list[dict[str, object]]:
    """The annotations of a response as another begins with them: with ids of their own, which say where they are from."""
    fields = schema.fields
    known = [one for one in said if one["field"] in fields and fields[str(one["field"])].kind == one["kind"]]
    names = {
        str(one["id"]): str(uuid.uuid5(uuid.UUID(response), str(one["id"])))
        if fields[str(one["field"])].many
        else id_of(fields[str(one["field"])], _part_of(one))
        for one in known
    }
    copies = []
    for one in known:
        value = _rebound(str(one["kind"]), one["value"], names)
        if value is None:
            continue
        kept = {key: part for key, part in one.items() if key not in _LEFT_OUT}
        origin = {"response": source, "annotation": one["id"]}
        copies.append({**kept, "id": names[str(one["id"])], "value": value, "from": origin, "extra": {"given": True}})
    return copies


def _part_of(one: Mapping[str, object]) -> str | None:
    on = one.get("on")
    part = on.get("part") if isinstance(on, Mapping) else None
    return None if part is None else str(part)


def _rebound(name: str, value: object, names: Mapping[str, str]) -> object | None:
    """A value whose references, where it has some, are to the copies; None where they are to nothing that was copied."""
    kind = _LINKS.get(name)
    if kind is None or kind.refs is None:
        return value
    bound = kind.refs.rebind(msgspec.convert(value, kind.value), names)
    return None if bound is None else msgspec.to_builtins(bound)

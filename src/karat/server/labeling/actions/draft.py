"""Unfinished work, kept on the server within a second: one draft for each person and item."""

from typing import NamedTuple

import msgspec

from karat.model.problem import Problem, Refused, shown
from karat.server.access import Actor, Scope, enter_item, missing
from karat.server.database import Tx
from karat.server.labeling.queries.own import find_draft
from karat.server.labeling.queries.versions import rules_of
from karat.server.labeling.schemas import Draft, DraftPatch, NewRevision, Op

MOST_OPS = 10_000
MOST_ANNOTATIONS = 50_000
MOST_CLIENTS = 20
LARGEST_BYTES = 32_000_000


class Patched(NamedTuple):
    """A draft's number after its changes, or the draft as it is where somebody's other tab was first."""

    seq: int
    current: Draft | None = None


class _Stored(NamedTuple):
    seq: int
    annotations: dict[str, msgspec.Raw]
    covers: dict[str, msgspec.Raw]
    applied: dict[str, int]


class _Named(msgspec.Struct):
    id: str
    field: str


_RAWS = msgspec.json.Decoder(list[msgspec.Raw])
_NAMED = msgspec.json.Decoder(_Named)
_COVERS = msgspec.json.Decoder(dict[str, msgspec.Raw])
_APPLIED = msgspec.json.Decoder(dict[str, int])
_NONE = _Stored(0, {}, {}, {})


def patch_draft(tx: Tx, actor: Actor, item: str, given: DraftPatch, *, seq: int) -> Patched:
    """Apply changes to the actor's own draft. A client's change is applied once, however often it is sent.

    Where the draft has moved on since `seq`, nothing is changed and the current one is handed back, to be merged.
    """
    scope, n = _enter(tx, actor, item)
    _lock(tx, n)
    stored = _stored(tx, n, scope.author)
    done = stored.applied.get(given.client, 0)
    fresh = [op for op in given.ops if op.n > done]
    if given.ops and not fresh:
        return Patched(stored.seq)
    if seq != stored.seq:
        return Patched(stored.seq, find_draft(tx, scope, n))
    annotations, covers = dict(stored.annotations), dict(stored.covers)
    for op in sorted(fresh, key=lambda op: op.n):
        _apply(op, annotations, covers)
    applied = {
        **{k: v for k, v in stored.applied.items() if k != given.client},
        given.client: max((op.n for op in fresh), default=done),
    }
    while len(applied) > MOST_CLIENTS:  # the client that was quiet for longest is first
        applied.pop(next(iter(applied)))
    if len(annotations) > MOST_ANNOTATIONS:
        problem = Problem("ops", f"{len(annotations)} annotations", f"at most {MOST_ANNOTATIONS}", "Split the item.")
        raise Refused([problem])
    _write(
        tx,
        scope,
        n,
        _Stored(stored.seq + 1, annotations, covers, applied),
        response=given.response,
        base=None if given.base is None else msgspec.json.encode(given.base).decode(),
        schema=given.schema or rules_of(tx, scope.project).schema_version,
    )
    return Patched(stored.seq + 1)


def drop_draft(tx: Tx, actor: Actor, item: str) -> None:
    """Throw the actor's own draft away; harmless where there is none."""
    scope, n = _enter(tx, actor, item)
    tx.run("DELETE FROM drafts WHERE item = :item AND author = :author", item=n, author=scope.author)


def keep_draft(tx: Tx, scope: Scope, item: int, given: NewRevision, *, response: str) -> None:
    """Keep as a draft what was handed in and could not be stored as an answer."""
    try:
        annotations = {_NAMED.decode(raw).id: raw for raw in _RAWS.decode(given.annotations)}
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return  # not even a list of annotations: there is nothing that could be drawn again
    stored = _stored(tx, item, scope.author)
    covers = {field: msgspec.Raw(msgspec.json.encode(labels)) for field, labels in given.covers.items()}
    base = None if given.base is None else msgspec.json.encode(given.base).decode()
    kept = _Stored(stored.seq + 1, annotations, covers, stored.applied)
    _write(tx, scope, item, kept, response=response, base=base, schema=max(1, given.schema))


def restore_draft(
    tx: Tx, scope: Scope, item: int, *, response: str, annotations: str, covers: str, schema: int
) -> None:
    """Make a draft of an answer that was taken back; one that was begun meanwhile is kept instead."""
    stored = _stored(tx, item, scope.author)
    if stored.seq:
        return
    by_id = {_NAMED.decode(raw).id: raw for raw in _RAWS.decode(annotations)}
    kept = _Stored(1, by_id, _COVERS.decode(covers), {})
    _write(tx, scope, item, kept, response=response, base=None, schema=schema)


def _enter(tx: Tx, actor: Actor, item: str) -> tuple[Scope, int]:
    """The actor's scope at an item that they were given, have answered, or may choose."""
    scope, n = enter_item(tx, actor, "label", item=item)
    if not scope.has("label.any"):
        known = tx.run(
            "SELECT 1 FROM assignments WHERE item = :item AND author = :author"
            " UNION ALL SELECT 1 FROM responses WHERE item = :item AND author = :author LIMIT 1",
            item=n,
            author=scope.author,
        )
        if not known:
            raise missing("item", item)
    return scope, n


def _lock(tx: Tx, item: int) -> None:
    if not tx.is_sqlite:
        tx.run("SELECT 1 FROM items WHERE n = :item FOR NO KEY UPDATE", item=item)


def _stored(tx: Tx, item: int, author: int) -> _Stored:
    rows = tx.run(
        "SELECT seq, annotations, covers, applied FROM drafts WHERE item = :item AND author = :author",
        item=item,
        author=author,
    )
    if not rows:
        return _NONE
    seq, annotations, covers, applied = rows[0]
    by_id = {_NAMED.decode(raw).id: raw for raw in _RAWS.decode(annotations)}
    return _Stored(seq, by_id, _COVERS.decode(covers), _APPLIED.decode(applied))


def _apply(op: Op, annotations: dict[str, msgspec.Raw], covers: dict[str, msgspec.Raw]) -> None:
    match op.op:
        case "put":
            try:
                named = _NAMED.decode(op.annotation)
            except msgspec.MsgspecError:
                got = shown(msgspec.json.decode(op.annotation)) if bytes(op.annotation) else "nothing"
                problem = Problem(
                    "ops.annotation", got, "an annotation with id and field", "Send the whole annotation."
                )
                raise Refused([problem]) from None
            annotations[named.id] = op.annotation
            covers.setdefault(named.field, msgspec.Raw(b"null"))
        case "drop":
            annotations.pop(op.id, None)
        case "cover":
            covers[op.field] = msgspec.Raw(b"null")


def _write(tx: Tx, scope: Scope, item: int, draft: _Stored, *, response: str, base: str | None, schema: int) -> None:
    annotations = msgspec.json.encode(list(draft.annotations.values())).decode()
    if len(annotations) > LARGEST_BYTES:
        problem = Problem("ops", f"{len(annotations)} characters", f"at most {LARGEST_BYTES}", "Split the item.")
        raise Refused([problem], status=413, title="The draft is too large")
    tx.run(
        "INSERT INTO drafts (item, author, project, response, base, schema_version, seq, annotations, covers, applied, at)"
        " VALUES (:item, :author, :project, :response, :base, :schema, :seq, :annotations, :covers, :applied, :now)"
        " ON CONFLICT (item, author) DO UPDATE SET response = excluded.response, base = excluded.base,"
        " schema_version = excluded.schema_version, seq = excluded.seq, annotations = excluded.annotations,"
        " covers = excluded.covers, applied = excluded.applied, at = excluded.at",
        item=item,
        author=scope.author,
        project=scope.project,
        response=response,
        base=base,
        schema=schema,
        seq=draft.seq,
        annotations=annotations,
        covers=msgspec.json.encode(draft.covers).decode(),
        applied=msgspec.json.encode(draft.applied).decode(),
        now=tx.now(),
    )

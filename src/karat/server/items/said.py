"""A response as it is shown, wherever that is."""

from collections.abc import Sequence
from typing import TypeVar

import msgspec

from karat.model.response import Base, Covers, Skip
from karat.server.items.schemas import Person, ResponseRow

T = TypeVar("T")
COLUMNS = (
    "r.id, r.head, i.id, v.item_revision, a.id, a.name, a.type, v.schema_version, r.state, v.covers, v.annotations,"
    " v.base, v.skip, v.cause, r.active_ms, r.at, r.excluded, r.surplus"
)
STANDING = (
    "FROM responses r JOIN revisions v ON v.response = r.n AND v.revision = r.head JOIN items i ON i.n = r.item"
    " JOIN authors a ON a.n = r.author"
)
"""The responses that stand, with what `COLUMNS` names."""


def response_row(row: Sequence[object], *, is_open: bool) -> ResponseRow:
    """A row of `COLUMNS`; an author does not learn of an exclusion or that a slot was taken."""
    (
        id_, head, item, item_revision, author, name, type_, schema, state, covers, annotations, base, skip, cause,
        active_ms, at, excluded, surplus,
    ) = row  # fmt: skip
    return msgspec.convert(
        {
            "id": id_,
            "revision": head,
            "item": item,
            "item_revision": item_revision,
            "author": msgspec.convert({"id": author, "name": name, "type": type_}, Person),
            "schema": schema,
            "state": state,
            "covers": _json(covers, Covers) or {},
            "annotations": msgspec.Raw(str(annotations or "[]").encode()),
            "base": _json(base, Base),
            "skip": _json(skip, Skip),
            "cause": cause,
            "active_ms": active_ms,
            "at": at,
            "excluded": _json(excluded, dict[str, str]) if is_open else None,
            "surplus": bool(surplus) and is_open,
        },
        ResponseRow,
    )


def _json(text: object, type_: type[T]) -> T | None:
    return msgspec.json.decode(str(text), type=type_) if text else None

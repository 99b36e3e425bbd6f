"""One item with what was said on it, as much of both as somebody may know."""

import msgspec

from karat.model.item import Scalar
from karat.server.access import Scope, missing
from karat.server.blinding import author_id
from karat.server.database import Tx
from karat.server.items.said import COLUMNS, STANDING, response_row
from karat.server.items.schemas import ItemBody, ResponseRow
from karat.server.items.streams import streams_of

INLINE_LIMIT = 2_000_000
"""Characters of a text that one item is sent with; a longer one is fetched from its address."""
HEADS = f"SELECT {COLUMNS} {STANDING}"

_metadata = msgspec.json.Decoder(dict[str, Scalar])
_tags = msgspec.json.Decoder(list[str])


def get_item(tx: Tx, scope: Scope, item: int) -> ItemBody:
    """One item, as much of it as this person may know."""
    row = tx.run(
        "SELECT i.id, p.id, i.key, i.revision, i.streams, i.metadata, i.tags, i.split_group, i.state, i.stage, i.responses,"
        " i.disagreement, i.uncertainty, i.created_at, i.changed_at FROM items i JOIN projects p ON p.n = i.project"
        " WHERE i.n = :item AND i.project = :project",
        item=item,
        project=scope.project,
    )[0]
    is_open = scope.has("items.see")
    if not is_open:
        require_given(tx, scope, item, shown=row[0])
    return ItemBody(
        id=row[0],
        project=row[1],
        key=row[2] if is_open else None,
        revision=row[3],
        streams=streams_of(row[0], row[4], cut=INLINE_LIMIT, author=None if is_open else author_id(tx, scope)),
        metadata=_metadata.decode(row[5]),
        tags=_tags.decode(row[6]) if is_open else [],
        split_group=row[7] if is_open else None,
        state=row[8] if is_open else None,
        stage=row[9] if is_open else None,
        responses_count=row[10] if is_open else None,
        disagreement=row[11] if is_open else None,
        uncertainty=row[12] if is_open else None,
        responses=responses_of(tx, scope, item),
        resolution=_resolution(tx, scope, item) if is_open else None,
        created_at=row[13] if is_open else None,
        changed_at=row[14] if is_open else None,
    )


def require_given(tx: Tx, scope: Scope, item: int, *, shown: str) -> None:
    """Refuse as if it were not there an item that an annotator neither holds nor ever answered."""
    found = tx.run(
        "SELECT 1 FROM assignments WHERE item = :item AND author = :author AND state IN ('claimed', 'done', 'skipped')"
        " UNION ALL SELECT 1 FROM responses WHERE item = :item AND author = :author"
        " UNION ALL SELECT 1 FROM drafts WHERE item = :item AND author = :author"
        # Examples are for all: those of rulings once no answer to them is awaited any more.
        " UNION ALL SELECT 1 FROM shown_items s JOIN items i ON i.n = s.item WHERE s.item = :item AND s.project = :project"
        " AND (s.why = 'guideline' OR i.state = 'done') LIMIT 1",
        item=item,
        author=scope.author,
        project=scope.project,
    )
    if not found:
        raise missing("item", shown)


def responses_of(tx: Tx, scope: Scope, item: int) -> list[ResponseRow]:
    """What stands on an item: everybody's for those who may see it, else one's own."""
    mine = "" if scope.has("responses.see") else " AND r.author = :author"
    rows = tx.run(
        f"{HEADS} WHERE r.item = :item AND +r.project = :project{mine} ORDER BY r.at, r.n",
        item=item,
        project=scope.project,
        **({} if not mine else {"author": scope.author}),
    )
    return [response_row(row, is_open=not mine) for row in rows]


def _resolution(tx: Tx, scope: Scope, item: int) -> dict[str, str | int] | None:
    rows = tx.run(
        "SELECT r.id, z.revision, z.at FROM resolutions z JOIN responses r ON r.n = z.response"
        " WHERE z.item = :item AND z.project = :project",
        item=item,
        project=scope.project,
    )
    return {"response": rows[0][0], "revision": rows[0][1], "at": rows[0][2]} if rows else None

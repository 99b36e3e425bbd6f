"""Text items put straight into a project's tables, thousands at a time, for tests and measurements."""

from collections.abc import Iterable, Iterator
from itertools import islice

import msgspec

from karat.model.ids import new_item_id
from karat.model.item import Ref, Stream
from karat.model.kind import Facts
from karat.server.database import Database, Tx
from karat.server.labeling.actions import enqueue

CHUNK = 5_000


def fill_items(
    db: Database, project: str, texts: Iterable[str], *, stream: str = "text", chunk: int = CHUNK
) -> list[str]:
    """Add one item for each text and offer them all; their ids."""
    ids: list[str] = []
    for part in _chunks(texts, chunk):
        ids += db.write_bulk(add_texts, project, part, stream=stream).result()
    return ids


def add_texts(tx: Tx, project: str, texts: list[str], *, stream: str = "text") -> list[str]:
    """The action that adds one chunk."""
    owner, count = tx.run("SELECT n, items FROM projects WHERE id = :id", id=project)[0]
    now = tx.now()
    rows = [[new_item_id(), f"item-{count + i:07d}", _streams(stream, text)] for i, text in enumerate(texts)]
    tx.run(
        _FILL[tx.is_sqlite],
        project=owner,
        now=now,
        **(
            {"rows": msgspec.json.encode(rows).decode()}
            if tx.is_sqlite
            else {"ids": [r[0] for r in rows], "keys": [r[1] for r in rows], "streams": [r[2] for r in rows]}
        ),
    )
    first = tx.run("SELECT n FROM items WHERE id = :id", id=rows[0][0])[0][0]
    added = tx.run(
        "SELECT n FROM items WHERE project = :project AND n >= :first ORDER BY n", project=owner, first=first
    )
    tx.run("UPDATE projects SET items = items + :n WHERE n = :project", n=len(rows), project=owner)
    enqueue(tx, owner, [row[0] for row in added])
    return [row[0] for row in rows]


def _streams(name: str, text: str) -> str:
    stream = Stream("text", Ref(inline=text), Facts(length=len(text), media_type="text/plain"))
    return msgspec.json.encode({name: stream}).decode()


def _chunks(texts: Iterable[str], size: int) -> Iterator[list[str]]:
    rest = iter(texts)
    while part := list(islice(rest, size)):
        yield part


_FILL = {
    True: "INSERT INTO items (id, project, key, hash, streams, created_at, changed_at)"
    " SELECT value->>0, :project, value->>1, '', value->>2, :now, :now FROM json_each(:rows) ORDER BY key",
    False: "INSERT INTO items (id, project, key, hash, streams, created_at, changed_at)"
    " SELECT i, :project, k, '', s, :now, :now FROM unnest(:ids::text[], :keys::text[], :streams::text[])"
    " WITH ORDINALITY AS t(i, k, s, o) ORDER BY o",
}

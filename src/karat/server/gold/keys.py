"""Where the keys of gold items are from, and how they are kept: as responses of an author of type gold."""

from typing import NamedTuple

import msgspec

from karat.model.response import Base
from karat.server.access import Scope
from karat.server.database import Tx
from karat.server.gold.schemas import GoldKey, Source

AUTHOR = "Gold"
LEFT_OUT = '{"reason":"key"}'
"""Why a key is left out of consensus, quota and release."""


class Key(NamedTuple):
    """A response and its revision, which is the key."""

    response: int
    revision: int


def find_key(tx: Tx, scope: Scope, item: int, given: GoldKey, source: Source) -> Key | str:
    """The key of an item, written down where it was not; or why there is none."""
    if source == "import":
        rows = tx.run(
            "SELECT r.n, r.head FROM responses r JOIN authors a ON a.n = r.author WHERE r.item = :item AND a.type = 'gold'"
            " AND r.state = 'submitted' ORDER BY r.at DESC, r.n DESC LIMIT 1",
            item=item,
        )
        return Key(*rows[0]) if rows else "nothing was imported for it as gold"
    if source == "result":
        rows = tx.run("SELECT response, revision FROM resolutions WHERE item = :item", item=item)
        why = "it has no result yet"
    else:
        rows = tx.run(
            "SELECT r.n, v.revision FROM responses r JOIN revisions v ON v.response = r.n"
            " WHERE r.item = :item AND r.id = :id AND v.revision = coalesce(:revision, r.head) AND v.state = 'submitted'",
            item=item,
            id=given.response,
            revision=given.revision,
        )
        why = "no answer to it was named that is there"
    return _copied(tx, scope, item, *rows[0]) if rows else why


def base_of(tx: Tx, key: Key) -> tuple[int, str] | None:
    """The author whose answer a key is a copy of, and that author's type; None where it was imported."""
    rows = tx.run("SELECT base FROM revisions WHERE response = :n AND revision = :r", n=key.response, r=key.revision)
    if not rows or rows[0][0] is None:
        return None
    base = msgspec.json.decode(rows[0][0], type=Base)
    found = tx.run(
        "SELECT a.n, a.type FROM responses r JOIN authors a ON a.n = r.author WHERE r.id = :id", id=base.response
    )
    return (found[0][0], found[0][1]) if found else None


def _copied(tx: Tx, scope: Scope, item: int, response: int, revision: int) -> Key:
    author = _author(tx, scope)
    source = tx.run("SELECT id FROM responses WHERE n = :n", n=response)[0][0]
    base = msgspec.json.encode(Base(source, revision)).decode()
    rows = tx.run(
        "SELECT r.n, r.head, v.base FROM responses r JOIN revisions v ON v.response = r.n AND v.revision = r.head"
        " WHERE r.item = :item AND r.author = :author",
        item=item,
        author=author,
    )
    if rows and rows[0][2] == base:
        return Key(rows[0][0], rows[0][1])
    now = tx.now()
    if rows:
        n, head = rows[0][0], rows[0][1]
        tx.put("UPDATE responses SET head = head + 1, last = head + 1, at = :now WHERE n = :n", now=now, n=n)
    else:
        head = 0
        n = tx.run(
            "INSERT INTO responses (id, project, item, author, head, last, state, excluded, active_ms, at)"
            " VALUES (:id, :project, :item, :author, 1, 1, 'submitted', :excluded, 0, :now) RETURNING n",
            id=tx.new_id(),
            project=scope.project,
            item=item,
            author=author,
            excluded=LEFT_OUT,
            now=now,
        )[0][0]
    tx.put(
        "INSERT INTO revisions (response, revision, project, replaces, item_revision, schema_version, state, covers,"
        " annotations, base, cause, active_ms, at, by, body_hash) SELECT :n, :revision, project, :head, item_revision,"
        " schema_version, 'submitted', covers, annotations, :base, 'merge', 0, :now, :by, '' FROM revisions"
        " WHERE response = :source AND revision = :source_revision",
        n=n,
        revision=head + 1,
        head=head,
        base=base,
        now=now,
        by=scope.author,
        source=response,
        source_revision=revision,
    )
    return Key(n, head + 1)


def _author(tx: Tx, scope: Scope) -> int:
    rows = tx.run(
        "SELECT min(n) FROM authors WHERE workspace = :workspace AND type = 'gold' AND name = :name",
        workspace=scope.workspace,
        name=AUTHOR,
    )
    if rows[0][0] is not None:
        return int(rows[0][0])
    made = tx.run(
        "INSERT INTO authors (id, workspace, type, name, created_at) VALUES (:id, :workspace, 'gold', :name, :now) RETURNING n",
        id=tx.new_id(),
        workspace=scope.workspace,
        name=AUTHOR,
        now=tx.now(),
    )
    return int(made[0][0])

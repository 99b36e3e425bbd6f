"""Who an imported response is from: authors of the workspace by id or name, made where there is none.

Nobody's words are put into a member's mouth: a member is the author of an imported response only where that member has given
this very response in this workspace, word for word, as in a lossless export that comes back.
"""

from collections.abc import Iterable

import msgspec

from karat.model.response import Annotation, Covers, Skip
from karat.server.database import Tx
from karat.server.transfers.chunks import NewAuthor, NewResponse

Known = dict[NewAuthor, int]
_Words = tuple[str, Covers, tuple[Annotation, ...], Skip | None]
_covers = msgspec.json.Decoder(Covers).decode
_annotations = msgspec.json.Decoder(tuple[Annotation, ...]).decode
_skip = msgspec.json.Decoder(Skip | None).decode
_raw_parts = msgspec.json.Decoder(list[msgspec.Raw]).decode


def members_own(tx: Tx, workspace: int, responses: Iterable[NewResponse]) -> dict[str, int]:
    """Those of the responses that members of the workspace have given, word for word: the response's id and its author's key."""
    named = {response.id: response for response in responses if response.given and response.author.id is not None}
    members = _members(tx, workspace, {response.author.id or "" for response in named.values()})
    asked = [id_ for id_, response in named.items() if response.author.id in members]
    if not asked:
        return {}
    rows = tx.run(STANDING[tx.is_sqlite], workspace=workspace, ids=msgspec.json.encode(asked).decode())
    return {
        id_: author
        for id_, author, state, covers, annotations, skip in rows
        if author == members[named[id_].author.id or ""]
        and (state, _covers(covers), _annotations(annotations), _skip(skip or "null")) == _words(named[id_])
    }


def _members(tx: Tx, workspace: int, ids: set[str]) -> dict[str, int]:
    if not ids:
        return {}
    rows = tx.run(MEMBERS[tx.is_sqlite], workspace=workspace, ids=msgspec.json.encode(sorted(ids)).decode())
    return {id_: n for id_, n in rows}  # noqa: C416 - it says what a row is


def _words(response: NewResponse) -> _Words:
    covers, annotations, _, skip, *_ = _raw_parts(b"[%s]" % response.row)
    return response.state, _covers(covers), _annotations(annotations), _skip(skip)


_AUTHORS = " JOIN authors a ON a.id = k.value AND a.workspace = :workspace AND a.login IS NOT NULL"
_RESPONSES = (
    " JOIN responses r ON r.id = k.value JOIN authors a ON a.n = r.author AND a.workspace = :workspace AND a.login IS NOT NULL"
    " JOIN revisions v ON v.response = r.n AND v.revision = r.head"
)
# By whether it is SQLite.
MEMBERS = {
    True: f"SELECT a.id, a.n FROM json_each(:ids) k{_AUTHORS}",  # noqa: S608 - constants
    False: f"SELECT a.id, a.n FROM json_array_elements_text(:ids::json) AS k(value){_AUTHORS}",  # noqa: S608 - constants
}
STANDING = {
    True: f"SELECT r.id, r.author, v.state, v.covers, v.annotations, v.skip FROM json_each(:ids) k{_RESPONSES}",  # noqa: S608 - constants
    False: "SELECT r.id, r.author, v.state, v.covers, v.annotations, v.skip"  # noqa: S608 - constants
    f" FROM json_array_elements_text(:ids::json) AS k(value){_RESPONSES}",
}


def author_numbers(tx: Tx, workspace: int, authors: set[NewAuthor], known: Known) -> Known:
    """The key of each author. An id counts only within the workspace; neither it nor a name stands for a member."""
    found = {author: known[author] for author in authors if author in known}
    for author in sorted(authors - found.keys(), key=lambda a: (a.type, a.name, a.version, a.id or "")):
        found[author] = _by_id(tx, workspace, author) or _by_name(tx, workspace, author) or _made(tx, workspace, author)
    fresh = {author: n for author, n in found.items() if author not in known}
    if fresh:
        # Only after the commit: a key that was rolled back would be another author's later.
        tx.after(lambda: known.update(fresh))
    return found


def _by_id(tx: Tx, workspace: int, author: NewAuthor) -> int | None:
    if author.id is None:
        return None
    rows = tx.run(
        "SELECT n FROM authors WHERE id = :id AND workspace = :workspace AND type = :type AND login IS NULL",
        id=author.id,
        workspace=workspace,
        type=author.type,
    )
    return rows[0][0] if rows else None


def _by_name(tx: Tx, workspace: int, author: NewAuthor) -> int | None:
    rows = tx.run(
        "SELECT n FROM authors WHERE workspace = :workspace AND type = :type AND name = :name AND version = :version"
        " AND login IS NULL ORDER BY n LIMIT 1",
        workspace=workspace,
        type=author.type,
        name=author.name,
        version=author.version,
    )
    return rows[0][0] if rows else None


def _made(tx: Tx, workspace: int, author: NewAuthor) -> int:
    taken = author.id is None or tx.run("SELECT 1 FROM authors WHERE id = :id", id=author.id)
    rows = tx.run(
        "INSERT INTO authors (id, workspace, type, name, version, created_at)"
        " VALUES (:id, :workspace, :type, :name, :version, :at) RETURNING n",
        id=tx.new_id() if taken else author.id,
        workspace=workspace,
        type=author.type,
        name=author.name,
        version=author.version,
        at=tx.now(),
    )
    n: int = rows[0][0]
    return n

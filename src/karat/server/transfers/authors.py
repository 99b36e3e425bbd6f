"""Who an imported response is from: authors of the workspace by name, made where there is none."""

from karat.server.database import Tx
from karat.server.transfers.chunks import NewAuthor

Known = dict[NewAuthor, int]


def author_numbers(tx: Tx, workspace: int, authors: set[NewAuthor], known: Known) -> Known:
    """The key of each author. An id counts only within the workspace; a name never stands for somebody who can sign in."""
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
        "SELECT n FROM authors WHERE id = :id AND workspace = :workspace AND type = :type",
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

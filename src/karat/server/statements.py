"""What people stated of themselves is deleted here, wherever it stands; who withdraws, and who leaves, asks for the same."""

from karat.server.database import Tx


def forget(tx: Tx, author: int, *, attribute: int | None = None) -> int:
    """Delete what an author stated, of one attribute or of all, and their places in figures; how many statements there were.

    That somebody has gone is counted without a name: or the next figures would tell by their difference who it was.
    """
    only = "" if attribute is None else " AND attribute = :attribute"
    of = {"author": author} | ({} if attribute is None else {"attribute": attribute})
    tx.run(
        "INSERT INTO group_gone (project, attribute, key, value, n) SELECT DISTINCT project, attribute, key, value, 1 FROM group_places"  # noqa: S608 - one of two constants
        f" WHERE author = :author{only} ON CONFLICT (project, attribute, key, value) DO UPDATE SET n = group_gone.n + 1",
        **of,
    )
    tx.run(f"DELETE FROM group_places WHERE author = :author{only}", **of)  # noqa: S608 - one of two constants
    gone = tx.run(f"DELETE FROM statements WHERE author = :author{only} RETURNING attribute", **of)  # noqa: S608 - one of two constants
    return len(gone)

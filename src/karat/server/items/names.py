# ruff: noqa: S608 - the SQL is put together from constants and names of parameters; every value is a parameter
"""What items and authors are called: ids for keys, and keys for ids."""

from collections.abc import Iterable, Sequence

from karat.server.access import Scope
from karat.server.database import Tx, named
from karat.server.item_ids import numbers
from karat.server.items.schemas import Person


def item_keys(tx: Tx, scope: Scope, ids: Iterable[str]) -> dict[str, int]:
    """The keys of those items of the project that have these ids."""
    wanted = list(numbers(tx, ids).values())
    found: dict[str, int] = {}
    for start in range(0, len(wanted), 500):
        names, values = named(wanted[start : start + 500])
        rows = tx.run(
            f"SELECT id, n FROM items WHERE n IN ({names}) AND +project = :project AND deleted_at IS NULL",
            project=scope.project,
            **values,
        )
        found |= {id_: n for id_, n in rows}  # noqa: C416 - it says what a row is
    return found


def item_ids(tx: Tx, project: int, items: Iterable[int]) -> dict[int, str]:
    """The ids of items by their keys."""
    wanted = list(dict.fromkeys(items))
    found: dict[int, str] = {}
    for start in range(0, len(wanted), 500):
        names, values = named(wanted[start : start + 500])
        rows = tx.run(f"SELECT n, id FROM items WHERE project = :project AND n IN ({names})", project=project, **values)
        found |= {n: id_ for n, id_ in rows}  # noqa: C416 - it says what a row is
    return found


def authors_by_key(tx: Tx, workspace: int, authors: Iterable[int]) -> dict[int, Person]:
    """Authors as shown, by their keys."""
    wanted = sorted(set(authors))
    found: dict[int, Person] = {}
    for start in range(0, len(wanted), 500):
        names, values = named(wanted[start : start + 500])
        rows = tx.run(
            f"SELECT n, id, name, type FROM authors WHERE workspace = :workspace AND n IN ({names})",
            workspace=workspace,
            **values,
        )
        found |= {n: Person(id_, name, type_) for n, id_, name, type_ in rows}
    return found


def keys_of(tx: Tx, scope: Scope, items: Sequence[int]) -> dict[int, str]:
    """The keys that people gave these items, by their numbers."""
    names, values = named(items)
    rows = tx.run(
        f"SELECT n, key FROM items WHERE project = :project AND n IN ({names})", project=scope.project, **values
    )
    return {n: key for n, key in rows}  # noqa: C416 - it says what a row is

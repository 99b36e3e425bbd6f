"""The authors that a report names."""

from karat.server.access import Scope
from karat.server.database import Tx, named
from karat.server.items.schemas import Person


def persons(tx: Tx, scope: Scope, ids: set[str]) -> list[Person]:
    """The authors of a workspace that have these ids."""
    if not ids:
        return []
    names, values = named(sorted(ids))
    rows = tx.run(
        f"SELECT id, name, type FROM authors WHERE workspace = :workspace AND id IN ({names})",  # noqa: S608 - names of parameters only
        workspace=scope.workspace,
        **values,
    )
    return [Person(*row) for row in rows]

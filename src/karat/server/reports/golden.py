"""What people said of hidden gold, with its keys: it teaches the consensus who is right, and becomes no result.

Practice and tests are left out: there people know that they are looked at.
"""

from karat.model.response import Response
from karat.server.database import Tx, named
from karat.server.reports.reading import Answered, response_of

_SAID = (
    "SELECT x.item, r.id, v.revision, a.id, a.type, a.name, v.schema_version, v.covers, v.annotations FROM gold_answers x"
    " JOIN responses r ON r.n = x.response AND r.apart AND r.state = 'submitted'"
    " JOIN revisions v ON v.response = r.n AND v.revision = r.head JOIN authors a ON a.n = x.author AND a.type = 'person'"
    " WHERE x.project = :project AND x.use = 'hidden' AND x.item IN ({names}) ORDER BY x.item, x.at, a.n"
)
_KEYS = (
    "SELECT g.item, r.id, v.revision, a.id, 'gold', a.name, v.schema_version, v.covers, v.annotations FROM gold g"
    " JOIN responses r ON r.n = g.response JOIN revisions v ON v.response = g.response AND v.revision = g.revision"
    " JOIN authors a ON a.n = r.author WHERE g.project = :project AND g.item IN ({names})"
)


def golden_after(tx: Tx, project: int, after: int, *, limit: int) -> list[Answered]:
    """The next items, in the order of their keys, that are gold and not in dispute: what was said of them as hidden gold, and
    last what is known. Items of which nothing was said have only that."""
    rows = tx.run(
        "SELECT g.item FROM gold g JOIN items i ON i.n = g.item AND i.deleted_at IS NULL WHERE g.project = :project"
        " AND g.item > :after AND g.reason <> 'disputed' ORDER BY g.item LIMIT :limit",
        project=project,
        after=after,
        limit=limit,
    )
    if not rows:
        return []
    names, values = named([item for (item,) in rows])
    found: dict[int, list[Response]] = {item: [] for (item,) in rows}
    for sql in (_SAID, _KEYS):
        for item, *row in tx.run(sql.format(names=names), project=project, **values):
            found[item].append(response_of(tx, project, row))
    return [Answered(item, tuple(responses)) for item, responses in found.items()]

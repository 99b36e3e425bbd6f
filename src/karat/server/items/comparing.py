"""Two responses to one item side by side."""

import msgspec

from karat.kinds.checking import parse_annotations
from karat.model.response import Author, Covers, Response
from karat.quality.differences import Difference, differences
from karat.server.access import Scope, missing
from karat.server.database import Tx
from karat.server.projects.queries import schema_of


def differences_of(tx: Tx, scope: Scope, item: int, a: str, b: str) -> list[Difference]:
    """What two responses to this item say differently."""
    _, schema = schema_of(tx, scope.project)
    return differences(_response(tx, scope, item, a), _response(tx, scope, item, b), schema)


def _response(tx: Tx, scope: Scope, item: int, response: str) -> Response:
    rows = tx.run(
        "SELECT a.id, a.type, a.name, v.schema_version, v.covers, v.annotations FROM responses r"
        " JOIN revisions v ON v.response = r.n AND v.revision = r.head JOIN authors a ON a.n = r.author"
        " WHERE r.id = :id AND r.item = :item AND r.project = :project",
        id=response,
        item=item,
        project=scope.project,
    )
    if not rows:
        raise missing("response", response)
    author, type_, name, version, covers, annotations = rows[0]
    _, schema = schema_of(tx, scope.project, version)
    parsed, _ = parse_annotations(annotations.encode(), schema, complete=False)
    return Response(
        author=Author(type=type_, name=name, id=author),
        annotations=parsed,
        covers=msgspec.json.decode(covers, type=Covers),
    )

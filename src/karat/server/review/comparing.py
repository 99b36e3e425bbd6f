"""An answer beside the fix that took its place."""

from collections.abc import Collection, Mapping

import msgspec

from karat.kinds.checking import parse_annotations
from karat.model.response import Author, Covers, Response
from karat.model.schema import Schema
from karat.quality.differences import differences
from karat.server.access import Actor, enter_by_key, missing
from karat.server.database import Tx
from karat.server.projects.queries import schema_of
from karat.server.review.queries import Standing
from karat.server.review.schemas import Changed, Judged

_COVERS = msgspec.json.Decoder(Covers)


def changed(tx: Tx, actor: Actor, review: str) -> Changed:
    """What a fix says differently from the answer that was judged. Others' answers are for those who may see all."""
    found = tx.run(
        "SELECT w.project, i.id, w.author, w.response, w.revision, w.fix, w.fix_revision FROM reviews w"
        " JOIN items i ON i.n = w.item AND i.deleted_at IS NULL WHERE w.id = :id",
        id=review,
    )
    if not found:
        raise missing("review", review)
    project, item, author, response, revision, fix, fix_revision = found[0]
    scope = enter_by_key(tx, actor, "work.see", project=project, what="review", shown=review)
    if (author != scope.author and not scope.has("responses.see")) or fix is None:
        raise missing("review", review)
    _, schema = schema_of(tx, project)
    before, said = _response(tx, schema, response, revision)
    after, fixed = _response(tx, schema, fix, fix_revision)
    return Changed(
        review=review,
        item=item,
        judged=msgspec.Raw(said.encode()),
        fixed=msgspec.Raw(fixed.encode()),
        differences=tuple(differences(before, after, schema)),
    )


def verdicts_of(
    tx: Tx, project: int, answers: Mapping[str, Standing], *, result: tuple[int, int], but: Collection[str]
) -> tuple[Judged, ...]:
    """What a decision says of the answers that it was made between: accepted where it says the same, else fixed.

    `result` is the response that was chosen and its revision; the answers in `but` have a verdict already.
    """
    _, schema = schema_of(tx, project)
    decided, _ = _response(tx, schema, *result)
    found = []
    for id_, one in answers.items():
        if id_ not in but:
            said, _ = _response(tx, schema, one.n, one.revision)
            apart = one.n != result[0] and any(row.distance for row in differences(said, decided, schema))
            found.append(Judged(response=id_, revision=one.revision, verdict="fixed" if apart else "accepted"))
    return tuple(found)


def _response(tx: Tx, schema: Schema, response: int, revision: int) -> tuple[Response, str]:
    annotations, covers, id_ = tx.run(
        "SELECT v.annotations, v.covers, a.id FROM revisions v JOIN responses r ON r.n = v.response"
        " JOIN authors a ON a.n = r.author WHERE v.response = :response AND v.revision = :revision",
        response=response,
        revision=revision,
    )[0]
    parsed, _ = parse_annotations(annotations.encode(), schema, complete=False)
    author = Author(type="person", name="", id=id_)
    return Response(author=author, annotations=parsed, covers=_COVERS.decode(covers)), annotations

"""Stored answers as values."""

from karat.kinds.checking import parse_annotations
from karat.model.response import Annotation
from karat.model.schema import Schema
from karat.server.database import Tx


def annotations_of(tx: Tx, schema: Schema, *, response: int, revision: int) -> tuple[Annotation, ...]:
    """The annotations of one revision; those that the schema does not know any more are left out."""
    found = tx.run(
        "SELECT annotations FROM revisions WHERE response = :response AND revision = :revision",
        response=response,
        revision=revision,
    )
    if not found:
        return ()
    annotations, _problems = parse_annotations(found[0][0].encode(), schema, complete=False)
    return annotations

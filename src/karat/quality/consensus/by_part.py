"""A field that is answered for each part of a stream, settled part by part: each part's result, and the item's made of them."""

from collections.abc import Sequence

import msgspec

from karat.model.field import Field
from karat.model.parts import id_of
from karat.model.response import On
from karat.quality.consensus.learning import FieldConsensus


def on_part(settled: FieldConsensus, field: Field, part: str) -> FieldConsensus:
    """What was settled of a part, with the annotation where it belongs. Its confidence is the part's score."""
    place = {"id": id_of(field, part), "on": On(field.on or "", part)}
    annotations = tuple(
        msgspec.structs.replace(a, **place, confidence=settled.score if a.confidence is None else a.confidence)
        for a in settled.annotations
    )
    return msgspec.structs.replace(settled, annotations=annotations)


def of_parts(parts: Sequence[FieldConsensus]) -> FieldConsensus:
    """All parts of an item as one entry: the mean of the scores, a tie where one is, and the most authors that a part has."""
    first = parts[0]
    return FieldConsensus(
        field=first.field,
        method=first.method,
        annotations=tuple(a for part in parts for a in part.annotations),
        score=sum(part.score for part in parts) / len(parts),
        tie=any(part.tie for part in parts),
        n=max(part.n for part in parts),
        learned=all(part.learned for part in parts),
    )

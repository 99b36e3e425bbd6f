"""Merged things of one field that owe something to one another, such as masks of which no two may have a pixel."""

from collections.abc import Sequence

import msgspec

from karat.model.kind import AnyKind
from karat.model.response import Annotation
from karat.model.schema import Field
from karat.quality.pairing import place_of

Votes = Sequence[tuple[object, float]]
"""The values that a thing was merged from, with the weights of their authors."""


def kept_together(merged: Sequence[tuple[Annotation, Votes]], field: Field, kind: AnyKind) -> list[Annotation]:
    """What the kind's `settle` leaves of merged things, stream by stream; all of them where the kind has none."""
    kept = [annotation for annotation, _ in merged]
    if kind.together is None or len(kept) < 2:
        return kept
    places: dict[object, list[int]] = {}
    for index, annotation in enumerate(kept):
        places.setdefault(place_of(annotation, field), []).append(index)
    values: dict[int, object | None] = {}
    for indices in places.values():
        settled = kind.together.settle([kept[i].value for i in indices], [merged[i][1] for i in indices], field)
        values.update(zip(indices, settled, strict=True))
    return [
        annotation if annotation.value == values[index] else msgspec.structs.replace(annotation, value=values[index])
        for index, annotation in enumerate(kept)
        if values[index] is not None
    ]

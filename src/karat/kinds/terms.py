"""What the search index keeps of a response: which labels it has how often, and what it answers."""

from collections import Counter
from collections.abc import Mapping, Sequence

from karat.kinds import KINDS
from karat.model.kind import AnyKind
from karat.model.response import Annotation
from karat.model.schema import Schema

MAX_TEXT = 200
"""Code points of an answer that the index keeps: PostgreSQL refuses index rows of more than 2,704 bytes."""


def terms_of(
    annotations: Sequence[Annotation], schema: Schema, *, kinds: Mapping[str, AnyKind] = KINDS
) -> list[tuple[str, str, int]]:
    """(field, label, count) for each label of the where-kinds and each chosen option of the what-kinds, sorted.

    Attributes are not counted, nor are fields with `searchable: false`.
    """
    counts: Counter[tuple[str, str]] = Counter()
    for a in annotations:
        field = schema.fields.get(a.field)
        if field is None or not field.searchable:
            continue
        if a.label is not None:
            counts[a.field, a.label] += 1
        else:
            counts.update((a.field, term) for term in kinds[a.kind].terms(a.value))
    return sorted((field, label, n) for (field, label), n in counts.items())


def answers_of(
    annotations: Sequence[Annotation], schema: Schema, *, kinds: Mapping[str, AnyKind] = KINDS
) -> list[tuple[str, float | None, str | None]]:
    """(field, number, text) for each answer that is a number or a text; one of the two is None.

    Chosen options are not repeated here: `terms_of` has them. Texts are cut after 200 code points.
    """
    found: list[tuple[str, float | None, str | None]] = []
    for a in annotations:
        field = schema.fields.get(a.field)
        kind = kinds.get(a.kind)
        if field is None or kind is None or kind.role != "what" or not field.searchable:
            continue
        if kind.number is not None:
            found.append((a.field, kind.number(a.value), None))
        elif isinstance(a.value, str) and a.value and not kind.terms(a.value):
            found.append((a.field, None, a.value[:MAX_TEXT]))
    return found

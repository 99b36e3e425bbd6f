"""Label Studio's relations between regions, which stand among the results and name regions by their ids."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from karat.formats.base import LossCounter
from karat.formats.cells import BadCell, label_named
from karat.model.response import Annotation
from karat.model.schema import Field, Schema

Result = dict[str, object]

KIND = "relation"
RELATED = "related"
"""The label of relations that have none."""
UNLABELED = "relations without a label that the schema has"
BOTH_WAYS = "relations in both directions"
NO_END = "relations to what is no region here"
NO_FIELD = "results of type `relation`"
DIRECTION = "directions of relations"
ADD = "Add a field of relations to the schema."
REMEDIES = {
    UNLABELED: "Add the label to the field of relations, or one for all.",
    BOTH_WAYS: "Give the schema a field of relations with `directed: false`.",
    NO_END: "Add a field for the regions at its ends.",
    NO_FIELD: ADD,
}


def is_relation(result: object) -> bool:
    """Whether a result says what two regions have to do with one another."""
    return isinstance(result, dict) and result.get("type") == KIND


def relations_of(schema: Schema) -> list[Field]:
    """The fields that hold relations."""
    return [field for field in schema.fields.values() if field.kind == KIND]


def region_ids(annotations: Iterable[Annotation]) -> dict[str, str]:
    """The ids of regions, as Label Studio has them, to the annotations that were made of them; of several the first."""
    found: dict[str, str] = {}
    for annotation in annotations:
        for result in _listed(annotation.extra.get("label_studio")):
            if isinstance(result, dict) and result.get("id") is not None:
                found.setdefault(str(result["id"]), annotation.id)
    return found


def read_relation(
    result: Result, schema: Schema, ids: Mapping[str, str], taken: set[str], losses: LossCounter | None = None
) -> list[Annotation] | str:
    """One annotation for each label, or what of it is not held."""
    fields = relations_of(schema)
    if not fields:
        return NO_FIELD
    source, target = ids.get(str(result.get("from_id"))), ids.get(str(result.get("to_id")))
    if source is None or target is None or source == target:
        return NO_END
    if result.get("direction") == "left":
        source, target = target, source
    made: list[Annotation] = []
    named = [label for label in _listed(result.get("labels")) if isinstance(label, str)]
    for name in named or (None,):
        found = _labeled(name, fields)
        if found is None:
            return UNLABELED
        field, label = found
        directed = getattr(field.options, "directed", True)
        if directed and result.get("direction") == "bi":
            return BOTH_WAYS
        if losses is not None and not directed and result.get("direction") in ("left", "right"):
            losses.add(DIRECTION, becomes="none: the field has no directions")
        made.append(
            Annotation(
                id=_free(f"{source}>{target}", taken | {m.id for m in made}),
                field=field.key,
                kind=KIND,
                label=label,
                value={"from": source, "to": target},
                extra={"label_studio": [result]},
            )
        )
    return made


def write_relation(annotation: Annotation, value: Mapping[str, object], field: Field, ids: Mapping[str, str]) -> Result:
    """A relation as a result; `ids` are Label Studio's ids of what is at its ends, by annotation."""
    directed = getattr(field.options, "directed", True)
    source, target = str(value["from"]), str(value["to"])
    return {
        "type": KIND,
        "from_id": ids.get(source, source),
        "to_id": ids.get(target, target),
        "direction": "right" if directed else "bi",
        "labels": [annotation.label],
    }


def says_the_same(annotation: Annotation, value: object, made: Sequence[Annotation] | str) -> bool:
    """Whether an annotation still is what its result was read as."""
    return not isinstance(made, str) and any(
        (m.field, m.label, m.value) == (annotation.field, annotation.label, value) for m in made
    )


def _labeled(name: str | None, fields: Sequence[Field]) -> tuple[Field, str] | None:
    for field in fields:
        if name is None:
            label = RELATED if RELATED in field.labels else next(iter(field.labels)) if len(field.labels) == 1 else None
            if label is not None:
                return field, label
            continue
        try:
            return field, label_named(name, field)
        except BadCell:
            continue
    return None


def _free(ident: str, taken: set[str]) -> str:
    return next(found for found in _numbered(ident[:150]) if found not in taken)


def _numbered(ident: str) -> Iterator[str]:
    yield ident
    number = 2
    while True:
        yield f"{ident}#{number}"
        number += 1


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else []

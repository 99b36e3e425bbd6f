"""A relation: what one annotation of a response has to do with another, from one to the other or between the two."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Annotated

import msgspec
import numpy as np
from numpy.typing import NDArray

from karat.kinds.averages import weighted_medoid
from karat.model.kind import Facts, Kind, Refs
from karat.model.loosening import upwards
from karat.model.problem import Problem, shown
from karat.model.response import Annotation
from karat.model.schema import Field

Ends = dict[str, tuple[str, ...]]
"""Fields to the labels that are meant; no labels: all of the field."""
Most = Annotated[int, msgspec.Meta(ge=1)]
NAMES = {"source": "from", "target": "to"}


class Relation(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename=NAMES):
    """Two ids of annotations of the same response. Without direction, which of the two comes first says nothing."""

    source: str
    target: str


class LabelEnds(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, rename=NAMES):
    """What relations of one label may be between, where that is less than what the field allows."""

    source: Ends = {}
    target: Ends = {}


class RelationOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, rename=NAMES):
    """What may be at both ends; nothing named: anything that has a place."""

    source: Ends = {}
    target: Ends = {}
    ends: dict[str, LabelEnds] = {}
    """By label, narrower ends than the field's."""
    directed: bool = True
    most_from: Most | None = None
    """How many relations of the field may begin at one annotation."""
    most_to: Most | None = None
    """How many may end at one; 1 makes trees, such as one head for each word."""


def check(value: Relation, _field: Field, _facts: Facts) -> list[Problem]:
    """Both ends are named, and they are two."""
    found = [
        Problem(name, shown(end), "the id of an annotation", "Name the annotation that is meant.")
        for name, end in (("from", value.source), ("to", value.target))
        if not end
    ]
    if not found and value.source == value.target:
        found.append(Problem("to", shown(value.target), "another annotation than `from`", "Choose another end."))
    return found


def check_among(
    annotations: Sequence[Annotation], field: Field, siblings: Mapping[str, Annotation]
) -> list[tuple[int, Problem]]:
    """The ends are there and may be meant, nothing is said twice, and no end has more relations than it may."""
    found: list[tuple[int, Problem]] = []
    said: set[object] = set()
    begun: Counter[str] = Counter()
    ended: Counter[str] = Counter()
    options = _options(field)
    for index, annotation in enumerate(annotations):
        value = _relation(annotation)
        wrong = _absent(value, siblings) or _unfitting(annotation, field, siblings)
        key = (annotation.label, _ends(value, directed=options.directed))
        if not wrong and key in said:
            wrong = [Problem("", shown(value), "a relation that is not there yet", "Remove one of the two.")]
        said.add(key)
        if not wrong:
            begun[value.source] += 1
            ended[value.target] += 1
            wrong = _too_many(value, options, begun, ended)
        found += [(index, problem) for problem in wrong]
    return found


def distance(a: Relation, b: Relation, field: Field) -> float:
    """0 for the same two ends, 1 for others. The ids must be those of matched annotations: see `karat.quality`."""
    directed = _options(field).directed
    return float(_ends(a, directed=directed) != _ends(b, directed=directed))


def distances(a: Sequence[Relation], b: Sequence[Relation], field: Field) -> NDArray[np.float64]:
    """The matrix of `distance`, shape (len(a), len(b))."""
    directed = _options(field).directed
    codes: dict[object, int] = {}
    left, right = (
        np.array([codes.setdefault(_ends(value, directed=directed), len(codes)) for value in values], np.int64)
        for values in (a, b)
    )
    return np.asarray(left[:, None] != right[None, :], np.float64)


def merge(values: Sequence[Relation], weights: Sequence[float], field: Field) -> Relation:
    """The relation with the most weight; of level ones the first."""
    return weighted_medoid(values, weights, lambda a, b: distance(a, b, field))


def ids(value: Relation) -> tuple[str, ...]:
    """The two ends."""
    return value.source, value.target


def rebind(value: Relation, names: Mapping[str, str]) -> Relation | None:
    """The relation between the new names of its ends; None where one of them is gone or both became one."""
    source, target = names.get(value.source), names.get(value.target)
    return None if source is None or target is None or source == target else Relation(source, target)


def ends(field: Field) -> Mapping[str, Ends]:
    """By the path of an option, what it allows."""
    options = _options(field)
    found = {"from": options.source, "to": options.target}
    for label, narrow in options.ends.items():
        found |= {f"ends.{label}.from": narrow.source, f"ends.{label}.to": narrow.target}
    return found


def check_field(field: Field) -> list[Problem]:
    """Narrower ends are those of labels that the field has."""
    return [
        Problem(f"ends.{label}", shown(label), f"one of {', '.join(field.labels)}", "Name labels of this field.")
        for label in _options(field).ends
        if label not in field.labels
    ]


def fits(annotation: Annotation, ends: Ends) -> bool:
    """Whether an annotation may be an end; where nothing is named, anything that has a place may."""
    if not ends:
        return True
    labels = ends.get(annotation.field)
    return labels is not None and (not labels or annotation.label in labels)


def _absent(value: Relation, siblings: Mapping[str, Annotation]) -> list[Problem]:
    do = "Add that annotation, or remove the relation."
    return [
        Problem(name, shown(end), "the id of an annotation of this response that has a place", do)
        for name, end in (("from", value.source), ("to", value.target))
        if end not in siblings
    ]


def _unfitting(annotation: Annotation, field: Field, siblings: Mapping[str, Annotation]) -> list[Problem]:
    """The ends that may not be meant; without direction, the two may change places."""
    value, options = _relation(annotation), _options(field)
    narrow = options.ends.get(annotation.label or "", LabelEnds())
    source, target = siblings[value.source], siblings[value.target]
    from_, to = [options.source, narrow.source], [options.target, narrow.target]
    if not options.directed and all(fits(target, e) for e in from_) and all(fits(source, e) for e in to):
        return []
    return [
        Problem(name, _said(end), f"an annotation of {_in_words(wrong)}", "Choose another end, or another label.")
        for name, end, allowed in (("from", source, from_), ("to", target, to))
        if (wrong := next((e for e in allowed if not fits(end, e)), None)) is not None
    ]


def _too_many(value: Relation, options: RelationOptions, begun: Counter[str], ended: Counter[str]) -> list[Problem]:
    return [
        Problem(name, shown(end), f"at most {most} {name} one annotation", "Remove another one first.")
        for name, end, most, so_far in (
            ("from", value.source, options.most_from, begun),
            ("to", value.target, options.most_to, ended),
        )
        if most is not None and so_far[end] > most
    ]


def _in_words(ends: Ends) -> str:
    return " or ".join(f"{name} ({', '.join(labels)})" if labels else name for name, labels in ends.items())


def _said(annotation: Annotation) -> str:
    return f"{annotation.field} ({annotation.label})" if annotation.label is not None else annotation.field


def _ends(value: Relation, *, directed: bool) -> tuple[str, str]:
    if directed or value.source <= value.target:
        return value.source, value.target
    return value.target, value.source


def _options(field: Field) -> RelationOptions:
    return field.options if isinstance(field.options, RelationOptions) else RelationOptions()


def _relation(annotation: Annotation) -> Relation:
    assert isinstance(annotation.value, Relation), annotation.value
    return annotation.value


RELATION = Kind(
    name="relation",
    version=1,
    role="link",
    value=Relation,
    options=RelationOptions,
    looser={"most_from": upwards, "most_to": upwards},
    streams=(),
    check=check,
    distance=distance,
    merge=merge,
    distances=distances,
    refs=Refs(ids=ids, rebind=rebind, ends=ends, check=check_among, check_field=check_field),
)

"""What every kind must keep: the contract that Karat's own kinds pass, for people who write kinds elsewhere.

```python
from karat.testing.kinds import check_kind

def test_my_kind_keeps_the_contract():
    check_kind(POLYGON, load_spec(Path("spec/kinds/polygon.json")))
```
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import combinations_with_replacement
from math import isclose
from pathlib import Path
from typing import TypeAlias

import msgspec

from karat.kinds import KINDS
from karat.model.kind import AnyKind, Facts
from karat.model.parsing import convert_problem, join
from karat.model.problem import Problem
from karat.model.response import Annotation
from karat.model.schema import Field, Schema, read_schema

CLOSE = 1e-9
Json: TypeAlias = object


class Example(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A value that the kind accepts, refuses, or reads as options."""

    name: str
    value: Json
    field: str | None = None
    facts: Facts | None = None
    problems: list[dict[str, str]] = []


class Distance(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Two values and how far apart they are."""

    a: Json
    b: Json
    value: float
    name: str = ""
    field: str | None = None


class Merge(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Values, their weights, and the one value that stands for all."""

    values: list[Json]
    weights: list[float]
    value: Json
    name: str = ""
    field: str | None = None


class Between(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Two values and the one at a share of the way."""

    a: Json
    b: Json
    share: float
    value: Json


class Terms(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An answer and the options that it chose."""

    value: Json
    terms: list[str]
    field: str | None = None


class Among(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Annotations of a field that are about others: those there are by id, (field, label), and what is wrong."""

    name: str
    siblings: dict[str, tuple[str, str]]
    annotations: list[dict[str, Json]]
    problems: list[dict[str, Json]]
    field: str | None = None


class TogetherCase(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Annotations of a field on one stream, label and value each, and what they owe to one another."""

    name: str
    annotations: list[dict[str, Json]]
    problems: list[dict[str, Json]]
    field: str | None = None


class Spec(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The examples of one kind, as `spec/kinds/README.md` describes them."""

    kind: str
    version: int
    streams: dict[str, dict[str, Json]]
    fields: dict[str, dict[str, Json]]
    facts: Facts
    valid: list[Example]
    invalid: list[Example]
    distance: list[Distance]
    merge: list[Merge]
    between: list[Between] = []
    terms: list[Terms] = []
    options: list[Example] = []
    among: list[Among] = []
    together: list[TogetherCase] = []


def load_spec(path: Path) -> Spec:
    """The examples in a file; raises `msgspec.ValidationError` with the place where the file is wrong."""
    return msgspec.json.decode(path.read_bytes(), type=Spec)


def check_kind(kind: AnyKind, spec: Spec) -> None:
    """Raise `AssertionError` with every way in which a kind breaks the contract or its examples."""
    found = [f"{kind.name}: {fault}" for rule in RULES for fault in rule(kind, spec)]
    if found:
        raise AssertionError("\n".join(found))


def schema_of(kind: AnyKind, spec: Spec) -> Schema:
    """The schema that the examples belong to."""
    given = {"karat_schema": 1, "streams": spec.streams, "fields": spec.fields}
    schema, problems = read_schema(given, {**KINDS, kind.name: kind})
    if schema is None:
        raise AssertionError(f"the examples' fields are no schema: {problems}")
    return schema


def problems_with(kind: AnyKind, value: Json, field: Field, facts: Facts) -> list[Problem]:
    """What is wrong with a JSON value, whether its type or what it says."""
    convert = partial(msgspec.convert, type=kind.value)
    try:
        parsed = convert(value)
    except msgspec.ValidationError as error:
        return [convert_problem(error, value, convert, do=f"Give the value the shape of a {kind.name}.")]
    return kind.check(parsed, field, facts)


def examples_by_field(kind: AnyKind, spec: Spec) -> Iterator[tuple[Field, list[object]]]:
    """For each field of the examples, the valid values as the kind has them."""
    schema = schema_of(kind, spec)
    for name, field in schema.fields.items():
        if field.kind != kind.name:
            continue  # there for others to speak of
        yield field, [msgspec.convert(e.value, kind.value) for e in spec.valid if (e.field or _first(spec)) == name]


def names_match(kind: AnyKind, spec: Spec) -> Iterator[str]:
    """The examples are those of this kind at this version."""
    if (spec.kind, spec.version) != (kind.name, kind.version):
        yield f"the examples are of {spec.kind} {spec.version}, the kind is {kind.name} {kind.version}"


def enough_examples(_kind: AnyKind, spec: Spec) -> Iterator[str]:
    """There are examples enough to learn from: valid ones, refused ones, distances and merges."""
    for name, least in (("valid", 5), ("invalid", 3), ("distance", 3), ("merge", 3)):
        if len(getattr(spec, name)) < least:
            yield f"`{name}` has {len(getattr(spec, name))} examples, at least {least} are needed"


def valid_values_pass(kind: AnyKind, spec: Spec) -> Iterator[str]:
    """Valid values have no problem."""
    schema = schema_of(kind, spec)
    for e in spec.valid:
        found = problems_with(kind, e.value, schema.fields[e.field or _first(spec)], _facts(e, spec))
        if found:
            yield f"valid, {e.name}: {found}"


def values_round_trip(kind: AnyKind, spec: Spec) -> Iterator[str]:
    """A value that was read, written and read again is the same."""
    for e in spec.valid:
        value = msgspec.convert(e.value, kind.value)
        again = msgspec.json.decode(msgspec.json.encode(value), type=kind.value)
        if again != value or msgspec.json.decode(msgspec.json.encode(value)) != e.value:
            yield f"valid, {e.name}: {e.value!r} became {again!r}"


def bad_values_are_told(kind: AnyKind, spec: Spec) -> Iterator[str]:
    """Bad input gives exactly the expected problems, each with what was got and what to do."""
    schema = schema_of(kind, spec)
    for e in spec.invalid:
        found = problems_with(kind, e.value, schema.fields[e.field or _first(spec)], _facts(e, spec))
        yield from _differences(f"invalid, {e.name}", found, e)


def options_are_checked(kind: AnyKind, spec: Spec) -> Iterator[str]:
    """Options of a field give exactly the expected problems."""
    base = spec.fields[_first(spec)]
    common = {k: v for k, v in base.items() if k in ("kind", "on", "labels")}
    for e in spec.options:
        if not isinstance(e.value, Mapping):
            yield f"options, {e.name}: the value is not a mapping"
            continue
        others = {name: field for name, field in spec.fields.items() if field.get("kind") != kind.name}
        given = {"karat_schema": 1, "streams": spec.streams, "fields": {"f": {**common, **e.value}, **others}}
        _, found = read_schema(given, {**KINDS, kind.name: kind})
        relative = [msgspec.structs.replace(p, path=p.path.removeprefix("fields.f").removeprefix(".")) for p in found]
        yield from _differences(f"options, {e.name}", relative, e)


def distances_are_golden(kind: AnyKind, spec: Spec) -> Iterator[str]:
    """Distances are the written ones, in both directions."""
    schema = schema_of(kind, spec)
    for e in spec.distance:
        field = schema.fields[e.field or _first(spec)]
        a, b = msgspec.convert(e.a, kind.value), msgspec.convert(e.b, kind.value)
        for got in (kind.distance(a, b, field), kind.distance(b, a, field)):
            if not isclose(got, e.value, abs_tol=CLOSE):
                yield f"distance, {e.name}: {got}, expected {e.value}"


def merges_are_golden(kind: AnyKind, spec: Spec) -> Iterator[str]:
    """Merges are the written ones, numbers to the last digits that a sum keeps."""
    schema = schema_of(kind, spec)
    for e in spec.merge:
        field = schema.fields[e.field or _first(spec)]
        got = kind.merge([msgspec.convert(v, kind.value) for v in e.values], e.weights, field)
        if not _alike(msgspec.to_builtins(got), msgspec.to_builtins(msgspec.convert(e.value, kind.value))):
            yield f"merge, {e.name}: {got!r}, expected {e.value!r}"


def _alike(got: object, expected: object) -> bool:
    if isinstance(got, dict) and isinstance(expected, dict):
        return got.keys() == expected.keys() and all(_alike(got[key], expected[key]) for key in got)
    if isinstance(got, list | tuple) and isinstance(expected, list | tuple):
        return len(got) == len(expected) and all(map(_alike, got, expected))
    if isinstance(got, float) and isinstance(expected, int | float):
        return isclose(got, expected, rel_tol=CLOSE, abs_tol=CLOSE)
    return got == expected


def interpolations_are_golden(kind: AnyKind, spec: Spec) -> Iterator[str]:
    """Values between two others are the written ones; a kind that interpolates has such examples."""
    if (kind.between is None) != (not spec.between):
        yield "`between` must be given by the kind and by its examples, or by neither"
    between = kind.between
    if between is None:
        return
    for e in spec.between:
        got = between(msgspec.convert(e.a, kind.value), msgspec.convert(e.b, kind.value), e.share)
        if got != msgspec.convert(e.value, kind.value):
            yield f"between at {e.share}: {got!r}, expected {e.value!r}"


def references_are_checked(kind: AnyKind, spec: Spec) -> Iterator[str]:
    """Annotations that are about others give exactly the expected problems; rebound to the same names they are the same."""
    if (kind.refs is None) != (not spec.among) or (kind.refs is None) != (kind.role != "link"):
        yield "`refs` and examples `among` others must be given by kinds whose role is link, and by no others"
    refs = kind.refs
    if refs is None:
        return
    schema = schema_of(kind, spec)
    for e in spec.among:
        name = e.field or _first(spec)
        made = [
            Annotation(
                id=str(i),
                field=name,
                kind=kind.name,
                label=str(a["label"]),
                value=msgspec.convert(a["value"], kind.value),
            )
            for i, a in enumerate(e.annotations)
        ]
        there = {i: Annotation(id=i, field=f, kind="", label=label, value=None) for i, (f, label) in e.siblings.items()}
        found = refs.check(made, schema.fields[name], there)
        got = [{"index": index, "path": p.path, "expected": p.expected} for index, p in found]
        if got != e.problems or not all(p.got and p.do for _, p in found):
            yield f"among, {e.name}: problems {got}, expected {e.problems}"
        for annotation in made:
            names = {i: i for i in refs.ids(annotation.value)}
            if refs.rebind(annotation.value, names) != annotation.value:
                yield f"among, {e.name}: rebound to the same names, {annotation.value!r} changes"


def what_values_owe_is_checked(kind: AnyKind, spec: Spec) -> Iterator[str]:
    """Annotations of one field give exactly the expected problems; settled values owe nothing that `settle` could mend, and
    those without problems stay as they are."""
    if (kind.together is None) != (not spec.together):
        yield "`together` must be given by the kind and by its examples, or by neither"
    together = kind.together
    if together is None:
        return
    schema = schema_of(kind, spec)
    for e in spec.together:
        field = schema.fields[e.field or _first(spec)]
        values = [msgspec.convert(a["value"], kind.value) for a in e.annotations]
        made = [
            Annotation(id=str(i), field=field.key, kind=kind.name, label=str(a["label"]), value=value)
            for i, (a, value) in enumerate(zip(e.annotations, values, strict=True))
        ]
        found = together.check(made, field)
        got = [{"index": index, "path": p.path, "expected": p.expected} for index, p in found]
        if got != e.problems or not all(p.got and p.do for _, p in found):
            yield f"together, {e.name}: problems {got}, expected {e.problems}"
        settled = together.settle(values, [[(value, 1.0)] for value in values], field)
        if len(settled) != len(values) or (not found and settled != values):
            yield f"together, {e.name}: {values!r} settle to {settled!r}"
        kept = [value for value in settled if value is not None]
        if together.settle(kept, [[(value, 1.0)] for value in kept], field) != kept:
            yield f"together, {e.name}: {kept!r}, once settled, settle to something else"


def terms_are_golden(kind: AnyKind, spec: Spec) -> Iterator[str]:
    """The options that an answer chose are the written ones."""
    for e in spec.terms:
        got = kind.terms(msgspec.convert(e.value, kind.value))
        if list(got) != e.terms:
            yield f"terms of {e.value!r}: {got}, expected {e.terms}"


def distance_is_a_distance(kind: AnyKind, spec: Spec) -> Iterator[str]:
    """Distance is 0 to itself, the same both ways, and between 0 and 1."""
    for field, values in examples_by_field(kind, spec):
        for a, b in combinations_with_replacement(values, 2):
            yield from distance_faults(kind, a, b, field)


def matrix_equals_distance(kind: AnyKind, spec: Spec) -> Iterator[str]:
    """`distances`, where the kind has it, is the matrix of `distance`."""
    for field, values in examples_by_field(kind, spec):
        yield from matrix_faults(kind, values, values, field)


def equals_merge_to_themselves(kind: AnyKind, spec: Spec) -> Iterator[str]:
    """Equal values merge to that value, whatever their weights; a merged value is valid."""
    for field, values in examples_by_field(kind, spec):
        for value in values:
            yield from merge_faults(kind, [value], field)
            yield from merge_faults(kind, [value] * 3, field)
        yield from merge_faults(kind, values, field)


def distance_faults(kind: AnyKind, a: object, b: object, field: Field) -> Iterator[str]:
    """How the distance of two values breaks identity, symmetry or range."""
    there, back = kind.distance(a, b, field), kind.distance(b, a, field)
    if a == b and there != 0:
        yield f"distance of {a!r} to itself is {there}"
    if not 0 <= there <= 1:
        yield f"distance of {a!r} and {b!r} is {there}"
    if not isclose(there, back, abs_tol=CLOSE):
        yield f"distance of {a!r} and {b!r} is {there} one way and {back} the other"


def matrix_faults(kind: AnyKind, a: Sequence[object], b: Sequence[object], field: Field) -> Iterator[str]:
    """Where `distances` is not the matrix of `distance`."""
    if kind.distances is None or not a or not b:
        return
    matrix = kind.distances(a, b, field)
    if matrix.shape != (len(a), len(b)):
        yield f"distances has shape {matrix.shape}, expected {(len(a), len(b))}"
        return
    for i, left in enumerate(a):
        for j, right in enumerate(b):
            if not isclose(matrix[i, j], kind.distance(left, right, field), abs_tol=CLOSE):
                yield f"distances[{i}, {j}] is {matrix[i, j]}, distance is {kind.distance(left, right, field)}"


def merge_faults(kind: AnyKind, values: Sequence[object], field: Field) -> Iterator[str]:
    """How merging values gives another value for equal ones, or one that is not valid."""
    if not values:
        return
    weights = [1.0 + 0.5 * i for i in range(len(values))]
    merged = kind.merge(values, weights, field)
    if all(v == values[0] for v in values) and merged != values[0]:
        yield f"equal values {values[0]!r} merge to {merged!r}"
    found = kind.check(merged, field, Facts())
    if found:
        yield f"the merged value {merged!r} is not valid: {found}"


RULES: tuple[Callable[[AnyKind, Spec], Iterator[str]], ...] = (
    bad_values_are_told,
    distance_is_a_distance,
    distances_are_golden,
    enough_examples,
    equals_merge_to_themselves,
    interpolations_are_golden,
    matrix_equals_distance,
    merges_are_golden,
    names_match,
    options_are_checked,
    references_are_checked,
    terms_are_golden,
    valid_values_pass,
    values_round_trip,
    what_values_owe_is_checked,
)
"""Every rule of the contract; each yields the ways in which it is broken."""


def _first(spec: Spec) -> str:
    return next(iter(spec.fields))


def _facts(example: Example, spec: Spec) -> Facts:
    return spec.facts if example.facts is None else example.facts


def _differences(name: str, found: list[Problem], example: Example) -> Iterator[str]:
    got = [{"path": p.path, "expected": p.expected} for p in found]
    if got != example.problems:
        yield f"{name}: problems {got}, expected {example.problems}"
    for p in found:
        if not p.got or not p.do:
            yield f"{name}: the problem at {join('value', p.path)} does not say what was got and what to do"

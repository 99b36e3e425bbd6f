"""What every kind owes to the measures: distances that are distances, merges that are valid, and values between two others."""

from collections.abc import Iterator, Sequence
from itertools import combinations_with_replacement
from math import isclose

import msgspec

from karat.model.kind import AnyKind, Facts
from karat.model.schema import Field
from karat.testing.examples import Spec, examples_by_field, schema_of

CLOSE = 1e-9


def distances_are_golden(kind: AnyKind, spec: Spec) -> Iterator[str]:
    """Distances are the written ones, in both directions."""
    schema = schema_of(kind, spec)
    for e in spec.distance:
        field = schema.fields[e.field or spec.first]
        a, b = msgspec.convert(e.a, kind.value), msgspec.convert(e.b, kind.value)
        for got in (kind.distance(a, b, field), kind.distance(b, a, field)):
            if not isclose(got, e.value, abs_tol=CLOSE):
                yield f"distance, {e.name}: {got}, expected {e.value}"


def distance_is_a_distance(kind: AnyKind, spec: Spec) -> Iterator[str]:
    """Distance is 0 to itself, the same both ways, and between 0 and 1."""
    for field, values in examples_by_field(kind, spec):
        for a, b in combinations_with_replacement(values, 2):
            yield from distance_faults(kind, a, b, field)


def matrix_equals_distance(kind: AnyKind, spec: Spec) -> Iterator[str]:
    """`distances`, where the kind has it, is the matrix of `distance`."""
    for field, values in examples_by_field(kind, spec):
        yield from matrix_faults(kind, values, values, field)


def merges_are_golden(kind: AnyKind, spec: Spec) -> Iterator[str]:
    """Merges are the written ones, numbers to the last digits that a sum keeps."""
    schema = schema_of(kind, spec)
    for e in spec.merge:
        field = schema.fields[e.field or spec.first]
        got = kind.merge([msgspec.convert(v, kind.value) for v in e.values], e.weights, field)
        if not _alike(msgspec.to_builtins(got), msgspec.to_builtins(msgspec.convert(e.value, kind.value))):
            yield f"merge, {e.name}: {got!r}, expected {e.value!r}"


def equals_merge_to_themselves(kind: AnyKind, spec: Spec) -> Iterator[str]:
    """Equal values merge to that value, whatever their weights; a merged value is valid."""
    for field, values in examples_by_field(kind, spec):
        for value in values:
            yield from merge_faults(kind, [value], field)
            yield from merge_faults(kind, [value] * 3, field)
        yield from merge_faults(kind, values, field)


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


def _alike(got: object, expected: object) -> bool:
    if isinstance(got, dict) and isinstance(expected, dict):
        return got.keys() == expected.keys() and all(_alike(got[key], expected[key]) for key in got)
    if isinstance(got, list | tuple) and isinstance(expected, list | tuple):
        return len(got) == len(expected) and all(map(_alike, got, expected))
    if isinstance(got, float) and isinstance(expected, int | float):
        return isclose(got, expected, rel_tol=CLOSE, abs_tol=CLOSE)
    return got == expected

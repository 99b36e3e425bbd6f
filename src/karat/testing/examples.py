"""The examples of a kind, as `spec/kinds/README.md` describes them, and the fields, values and problems that they stand for."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TypeAlias

import msgspec

from karat.kinds import KINDS
from karat.model.kind import AnyKind, Facts
from karat.model.parsing import convert_problem, join
from karat.model.problem import Problem
from karat.model.schema import Field, Schema, read_schema

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

    @property
    def first(self) -> str:
        """The field of the examples that name none."""
        return next(iter(self.fields))

    def facts_of(self, example: Example) -> Facts:
        """What is known of the stream that an example is on: its own facts, or those of all."""
        return self.facts if example.facts is None else example.facts


def load_spec(path: Path) -> Spec:
    """The examples in a file; raises `msgspec.ValidationError` with the place where the file is wrong."""
    return msgspec.json.decode(path.read_bytes(), type=Spec)


def schema_of(kind: AnyKind, spec: Spec) -> Schema:
    """The schema that the examples belong to."""
    given = {"karat_schema": 1, "streams": spec.streams, "fields": spec.fields}
    schema, problems = read_schema(given, {**KINDS, kind.name: kind})
    if schema is None:
        raise AssertionError(f"the examples' fields are no schema: {problems}")
    return schema


def examples_by_field(kind: AnyKind, spec: Spec) -> Iterator[tuple[Field, list[object]]]:
    """For each field of the examples, the valid values as the kind has them."""
    schema = schema_of(kind, spec)
    for name, field in schema.fields.items():
        if field.kind != kind.name:
            continue  # there for others to speak of
        yield field, [msgspec.convert(e.value, kind.value) for e in spec.valid if (e.field or spec.first) == name]


def problems_with(kind: AnyKind, value: Json, field: Field, facts: Facts) -> list[Problem]:
    """What is wrong with a JSON value, whether its type or what it says."""
    convert = partial(msgspec.convert, type=kind.value)
    try:
        parsed = convert(value)
    except msgspec.ValidationError as error:
        return [convert_problem(error, value, convert, do=f"Give the value the shape of a {kind.name}.")]
    return kind.check(parsed, field, facts)


def differences(name: str, found: list[Problem], example: Example) -> Iterator[str]:
    """How the problems found differ from those that an example expects, and where one has no remedy."""
    got = [{"path": p.path, "expected": p.expected} for p in found]
    if got != example.problems:
        yield f"{name}: problems {got}, expected {example.problems}"
    for p in found:
        if not p.got or not p.do:
            yield f"{name}: the problem at {join('value', p.path)} does not say what was got and what to do"

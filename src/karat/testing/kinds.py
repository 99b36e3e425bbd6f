"""What every kind must keep: the contract that Karat's own kinds pass, for people who write kinds elsewhere.

```python
from karat.testing.examples import load_spec
from karat.testing.kinds import check_kind

def test_my_kind_keeps_the_contract():
    check_kind(POLYGON, load_spec(Path("spec/kinds/polygon.json")))
```
"""

from collections.abc import Callable, Iterator, Mapping

import msgspec

from karat.kinds import KINDS
from karat.model.kind import AnyKind
from karat.model.schema import read_schema
from karat.testing.distances import (
    distance_is_a_distance,
    distances_are_golden,
    equals_merge_to_themselves,
    interpolations_are_golden,
    matrix_equals_distance,
    merges_are_golden,
)
from karat.testing.examples import Spec, differences, problems_with, schema_of
from karat.testing.siblings import references_are_checked, what_values_owe_is_checked


def check_kind(kind: AnyKind, spec: Spec) -> None:
    """Raise `AssertionError` with every way in which a kind breaks the contract or its examples."""
    found = [f"{kind.name}: {fault}" for rule in RULES for fault in rule(kind, spec)]
    if found:
        raise AssertionError("\n".join(found))


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
        found = problems_with(kind, e.value, schema.fields[e.field or spec.first], spec.facts_of(e))
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
        found = problems_with(kind, e.value, schema.fields[e.field or spec.first], spec.facts_of(e))
        yield from differences(f"invalid, {e.name}", found, e)


def options_are_checked(kind: AnyKind, spec: Spec) -> Iterator[str]:
    """Options of a field give exactly the expected problems."""
    base = spec.fields[spec.first]
    common = {k: v for k, v in base.items() if k in ("kind", "on", "labels")}
    for e in spec.options:
        if not isinstance(e.value, Mapping):
            yield f"options, {e.name}: the value is not a mapping"
            continue
        others = {name: field for name, field in spec.fields.items() if field.get("kind") != kind.name}
        given = {"karat_schema": 1, "streams": spec.streams, "fields": {"f": {**common, **e.value}, **others}}
        _, found = read_schema(given, {**KINDS, kind.name: kind})
        relative = [msgspec.structs.replace(p, path=p.path.removeprefix("fields.f").removeprefix(".")) for p in found]
        yield from differences(f"options, {e.name}", relative, e)


def terms_are_golden(kind: AnyKind, spec: Spec) -> Iterator[str]:
    """The options that an answer chose are the written ones."""
    for e in spec.terms:
        got = kind.terms(msgspec.convert(e.value, kind.value))
        if list(got) != e.terms:
            yield f"terms of {e.value!r}: {got}, expected {e.terms}"


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

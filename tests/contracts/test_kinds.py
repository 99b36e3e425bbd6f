"""Every kind keeps the contract, and nothing but the lists has to be told of a new one."""

from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from karat.kinds import KINDS
from karat.model.kind import AnyKind, Facts, WhereOptions
from karat.model.schema import Field
from karat.testing.distances import distance_faults, matrix_faults, merge_faults
from karat.testing.examples import Spec, load_spec, problems_with, schema_of
from karat.testing.kinds import RULES, check_kind
from karat.testing.values import near_misses, values

SPECS = Path(__file__).parents[2] / "spec" / "kinds"

each_kind = pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
each_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
quick = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)


def spec_of(kind: AnyKind) -> Spec:
    return load_spec(SPECS / f"{kind.name}.json")


def values_of(kind: AnyKind, data: st.DataObject) -> tuple[Field, st.SearchStrategy]:
    """A field of the examples and valid values for it."""
    spec = spec_of(kind)
    schema = schema_of(kind, spec)
    name = data.draw(st.sampled_from(sorted(k for k, f in schema.fields.items() if f.kind == kind.name)))
    examples = [e.value for e in spec.valid if (e.field or spec.first) == name and e.facts is None]
    return schema.fields[name], values(kind, schema.fields[name], spec.facts, examples)


@each_kind
@each_rule
def test_a_kind_keeps_each_rule(kind, rule):
    assert list(rule(kind, spec_of(kind))) == []


@each_kind
@quick
@given(data=st.data())
def test_distance_is_symmetric_bounded_and_zero_for_equals(kind, data):
    field, some = values_of(kind, data)

    assert list(distance_faults(kind, data.draw(some), data.draw(some), field)) == []


@each_kind
@quick
@given(data=st.data())
def test_the_matrix_of_distances_is_distance(kind, data):
    field, some = values_of(kind, data)

    a, b = data.draw(st.lists(some, min_size=1, max_size=4)), data.draw(st.lists(some, min_size=1, max_size=4))

    assert list(matrix_faults(kind, a, b, field)) == []


@each_kind
@quick
@given(data=st.data())
def test_equals_merge_to_themselves_and_mixtures_stay_valid(kind, data):
    field, some = values_of(kind, data)
    mixture = data.draw(st.lists(some, min_size=1, max_size=5))

    assert list(merge_faults(kind, mixture, field)) == []
    assert list(merge_faults(kind, mixture[:1] * 4, field)) == []


@each_kind
@quick
@given(data=st.data())
def test_a_value_survives_the_wire(kind, data):
    _, some = values_of(kind, data)
    value = data.draw(some)

    assert msgspec.json.decode(msgspec.json.encode(value), type=kind.value) == value


@each_kind
@quick
@given(data=st.data())
def test_whatever_comes_in_is_accepted_or_told_with_a_remedy(kind, data):
    spec = spec_of(kind)
    fields = schema_of(kind, spec).fields.values()
    field = data.draw(st.sampled_from([f for f in fields if f.kind == kind.name]))
    facts = data.draw(st.sampled_from([spec.facts, Facts()]))

    problems = problems_with(kind, data.draw(near_misses([e.value for e in spec.valid])), field, facts)

    assert all(p.got and p.expected and p.do for p in problems)


@each_kind
def test_a_where_kind_says_when_two_are_the_same_thing(kind):
    assert (kind.role == "where") == issubclass(kind.options, WhereOptions)


def test_the_list_of_kinds_is_sorted_and_named_by_itself():
    assert list(KINDS) == sorted(KINDS)
    assert all(name == kind.name for name, kind in KINDS.items())


def test_each_kind_has_its_examples_and_each_example_its_kind():
    assert sorted(path.stem for path in SPECS.glob("*.json")) == list(KINDS)


def test_a_broken_kind_is_told_in_one_message():
    box = KINDS["box"]
    spec = msgspec.structs.replace(spec_of(box), version=99)

    with pytest.raises(AssertionError, match="the examples are of box 99"):
        check_kind(box, spec)

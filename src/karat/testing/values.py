"""Hypothesis strategies for the values of any kind, made from its examples."""

from collections.abc import Mapping, Sequence

import msgspec
from hypothesis import strategies as st

from karat.model.kind import AnyKind, Facts
from karat.model.schema import Field
from karat.model.strings import problems_of

Json = object

arbitrary_json: st.SearchStrategy[Json] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)


def values(kind: AnyKind, field: Field, facts: Facts, examples: Sequence[Json]) -> st.SearchStrategy[object]:
    """Valid values of a kind: its examples with numbers moved, texts exchanged and lists cut or mixed."""
    numbers = sorted(
        {n for e in examples for n in _leaves(e) if isinstance(n, int | float) and not isinstance(n, bool)}
    )
    texts = sorted({t for e in examples for t in _leaves(e) if isinstance(t, str)})
    changed = st.sampled_from(list(examples)).flatmap(lambda e: _near(e, numbers, texts))
    parsed = (st.sampled_from(list(examples)) | changed).map(lambda given: _parsed(kind, given))
    return parsed.filter(
        lambda value: value is not None and not kind.check(value, field, facts) and not any(problems_of(value, ""))
    )


def near_misses(examples: Sequence[Json]) -> st.SearchStrategy[Json]:
    """JSON that looks like a value and may be wrong anywhere."""
    broken = st.sampled_from(list(examples)).flatmap(_broken)
    return broken | arbitrary_json


def _near(value: Json, numbers: Sequence[float], texts: Sequence[str]) -> st.SearchStrategy[Json]:
    if isinstance(value, bool) or value is None:
        return st.just(value)
    if isinstance(value, int):
        moved = st.integers(-9, 9).map(lambda by: value + by)
        return moved | st.sampled_from([n for n in numbers if isinstance(n, int)])
    if isinstance(value, float):
        return st.floats(-9, 9).map(lambda by: value + by) | st.sampled_from(list(numbers))
    if isinstance(value, str):
        return st.sampled_from(list(texts)) | st.text(max_size=12)
    if isinstance(value, Mapping):
        return st.fixed_dictionaries({str(k): _near(v, numbers, texts) for k, v in value.items()})
    if isinstance(value, list):
        return st.tuples(*(_near(v, numbers, texts) for v in value)).map(list)
    raise TypeError(f"not a JSON value: {value!r}")


def _broken(value: Json) -> st.SearchStrategy[Json]:
    """The value with one part of it replaced by anything, or taken away."""
    if isinstance(value, Mapping) and value:
        return st.sampled_from(sorted(value)).flatmap(
            lambda key: (
                st.just({k: v for k, v in value.items() if k != key})
                | _broken(value[key]).map(lambda part: {**value, key: part})
            )
        )
    if isinstance(value, list) and value:
        return st.integers(0, len(value) - 1).flatmap(
            lambda i: (
                st.just(value[:i] + value[i + 1 :])
                | _broken(value[i]).map(lambda part: [*value[:i], part, *value[i + 1 :]])
            )
        )
    return arbitrary_json


def _leaves(value: Json) -> list[Json]:
    if isinstance(value, Mapping):
        return [leaf for inner in value.values() for leaf in _leaves(inner)]
    if isinstance(value, list):
        return [leaf for inner in value for leaf in _leaves(inner)]
    return [value]


def _parsed(kind: AnyKind, given: Json) -> object | None:
    try:
        value: object = msgspec.convert(given, kind.value)
    except msgspec.ValidationError:
        return None
    return value

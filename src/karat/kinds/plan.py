"""A schema laid out for checking: per field its kind, its decoder, its labels and what each label asks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import msgspec

from karat.kinds import KINDS
from karat.model.kind import AnyKind
from karat.model.schema import Field, Schema

UNSET = msgspec.UNSET
PLANS_KEPT = 256


@dataclass(frozen=True, slots=True)
class AnswerPlan:
    """One attribute."""

    field: Field
    kind: AnyKind
    convert: Callable[[object], object]
    default: object
    """The default as a value of the kind; UNSET where there is none."""


@dataclass(frozen=True, slots=True)
class FieldPlan:
    """One field."""

    field: Field
    kind: AnyKind
    decode: Callable[[msgspec.Raw], object]
    streams: frozenset[str]
    """Streams on which an annotation of this field may lie."""
    attributes: dict[str | None, dict[str, AnswerPlan]]
    """By label; under None for the kinds that have no label."""


@dataclass(frozen=True, slots=True)
class SchemaPlan:
    """A schema's fields, and the schema itself, which must live as long as its plan is kept by identity."""

    schema: Schema
    kinds: Mapping[str, AnyKind]
    fields: dict[str, FieldPlan]


def plan_of(schema: Schema, kinds: Mapping[str, AnyKind] = KINDS) -> SchemaPlan:
    """The plan of a schema; made once for each schema object and kept for the last 256."""
    key = (id(schema), id(kinds))
    found = _PLANS.get(key)
    if found is not None:
        return found
    plan = SchemaPlan(schema, kinds, {name: _field_plan(field, schema, kinds) for name, field in schema.fields.items()})
    while len(_PLANS) >= PLANS_KEPT:
        _PLANS.pop(next(iter(_PLANS)), None)
    _PLANS[key] = plan
    return plan


_PLANS: dict[tuple[int, int], SchemaPlan] = {}


def _field_plan(field: Field, schema: Schema, kinds: Mapping[str, AnyKind]) -> FieldPlan:
    kind = kinds[field.kind]
    fitting = {key for key, stream in schema.streams.items() if stream.kind in kind.streams}
    labels: list[str | None] = list(field.labels) if kind.role != "what" else [None]
    return FieldPlan(
        field=field,
        kind=kind,
        decode=msgspec.json.Decoder(kind.value).decode,
        streams=frozenset({field.on} if field.on is not None else fitting),
        attributes={
            label: {k: _answer_plan(f, kinds) for k, f in field.attributes_of(label).items()} for label in labels
        },
    )


def _answer_plan(field: Field, kinds: Mapping[str, AnyKind]) -> AnswerPlan:
    kind = kinds[field.kind]
    default = UNSET if field.default is None else msgspec.convert(field.default, kind.value)
    return AnswerPlan(field, kind, _converter(kind.value), default)


def _converter(value_type: object) -> Callable[[object], object]:
    """`msgspec.convert` to one type. Inside a struct it is laid out once; a bare union would be laid out at each call."""
    holder = msgspec.defstruct("Holder", [("value", value_type)])

    def convert(given: object) -> object:
        return getattr(msgspec.convert({"value": given}, holder), "value")  # noqa: B009 - the struct was made just now

    return convert

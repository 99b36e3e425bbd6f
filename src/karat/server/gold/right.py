"""From when on an answer is right: what is said in few words is the key, what is drawn or written comes near it."""

from collections.abc import Mapping

from karat.model.schema import Field, Schema
from karat.quality.responses import is_instances

RIGHT = 1e-9
"""An answer this near to its key, or nearer, is the key."""
NEAR = 0.5
"""What is drawn or written freely is right up to this distance: no two people draw the same box."""


def slack_of(field: Field) -> float:
    """How far from the key an answer to a field may be to be right."""
    return NEAR if is_instances(field) or field.kind == "text" else RIGHT


def is_right(fields: Mapping[str, float], schema: Schema) -> bool:
    """Whether an answer is right on every field that was compared, given its distances."""
    return all(distance <= _slack(name, schema) for name, distance in fields.items())


def wrong_on(fields: Mapping[str, float], schema: Schema) -> list[str]:
    """The fields on which an answer is wrong."""
    return [name for name, distance in fields.items() if distance > _slack(name, schema)]


def _slack(name: str, schema: Schema) -> float:
    return slack_of(schema.fields[name]) if name in schema.fields else RIGHT

"""The annotations of the API: one component for each kind, and those that name them all."""

import inspect

import msgspec

from karat.kinds import KINDS
from karat.model.kind import AnyKind
from karat.server.reference.schemas import REF, Json


def kind_components() -> Json:
    """One component for each kind of annotation, and `Annotation`, which is one of them."""
    made: Json = {}
    for kind in KINDS.values():
        made[_name(kind)] = _annotation(kind)
    names = {kind.name: REF.format(name=_name(kind)) for kind in KINDS.values()}
    made["Annotation"] = {
        "title": "Annotation",
        "description": "One value of one kind.",
        "oneOf": [{"$ref": ref} for ref in names.values()],
        "discriminator": {"propertyName": "kind", "mapping": names},
    }
    made["Covers"] = {
        "title": "Covers",
        "description": "What the author looked for: each field with its labels, null for all of them.",
        "type": "object",
        "additionalProperties": {"anyOf": [{"type": "null"}, {"type": "array", "items": {"type": "string"}}]},
    }
    made["Metadata"] = {
        "title": "Metadata",
        "type": "object",
        "additionalProperties": {
            "anyOf": [{"type": t} for t in ("string", "number", "boolean")]
            + [{"type": "array", "items": {"type": "string"}}]
        },
    }
    return made


def _annotation(kind: AnyKind) -> Json:
    """The envelope of `karat.model.response.Annotation` around the value of one kind."""
    has_label = kind.role != "what"
    text, nothing = {"type": "string"}, {"type": "null"}
    return {
        "title": _name(kind),
        "description": (inspect.getdoc(inspect.getmodule(kind.check)) or "").partition("\n")[0],
        "type": "object",
        "required": ["id", "field", "kind", "value", *(["label"] if has_label else [])],
        "properties": {
            "id": text,
            "field": text,
            "kind": {"const": kind.name},
            "version": {"type": "integer", "default": kind.version},
            "on": {
                "anyOf": [
                    nothing,
                    {"type": "object", "required": ["stream"], "properties": {"stream": text, "part": text}},
                ]
            },
            "label": text if has_label else nothing,
            "value": _value(kind),
            "attributes": {"type": "object"},
            "confidence": {"anyOf": [nothing, {"type": "number", "minimum": 0, "maximum": 1}]},
            "probabilities": {"anyOf": [nothing, {"type": "object", "additionalProperties": {"type": "number"}}]},
            "from": {
                "anyOf": [
                    nothing,
                    {
                        "type": "object",
                        "required": ["response", "annotation"],
                        "properties": {"response": text, "annotation": text},
                    },
                ]
            },
            "group": {"anyOf": [nothing, text]},
            "z": {"anyOf": [nothing, {"type": "integer"}]},
            "extra": {"type": "object"},
        },
    }


def _value(kind: AnyKind) -> Json:
    schema = msgspec.json.schema(kind.value)
    if "$ref" in schema:
        return schema["$defs"][schema["$ref"].rpartition("/")[2]]  # type: ignore[no-any-return]
    return schema


def _name(kind: AnyKind) -> str:
    return f"{kind.name.capitalize()}Annotation"

"""The JSON schemas of what routes take and give."""

import typing
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from litestar import Response
from litestar.handlers import HTTPRouteHandler
from litestar.response import Stream

from karat.server.errors import ProblemBody

Json = dict[str, Any]  # a schema holds whatever JSON Schema does
REF = "#/components/schemas/{name}"
# A struct keeps these as the JSON they are, so that reading them costs nothing; here they get their shape back.
RAW = {
    "annotations": {"type": "array", "items": {"$ref": REF.format(name="Annotation")}},
    "answer": {"$ref": REF.format(name="NewRevision")},
    "annotation": {"$ref": REF.format(name="Annotation")},
    "judged": {"type": "array", "items": {"$ref": REF.format(name="Annotation")}},
    "fixed": {"type": "array", "items": {"$ref": REF.format(name="Annotation")}},
    "covers": {"$ref": REF.format(name="Covers")},
    "metadata": {"$ref": REF.format(name="Metadata")},
}


class Schemas(dict[Any, Json]):
    """The schema of each type, by the type; a list cannot be a key, so its name is."""

    def __getitem__(self, key: Any) -> Json:  # noqa: ANN401 - a type of whatever kind
        """The schema of a type that a route names."""
        return super().__getitem__(repr(key))


def schemas_of(handlers: Iterable[HTTPRouteHandler]) -> tuple[Schemas, Json]:
    """The schemas of what the handlers take and give, and the components that those refer to."""
    types: dict[str, Any] = {repr(ProblemBody): ProblemBody}
    for handler in handlers:
        for given in (handler.opt.get("body"), returned_by(handler)):
            if given not in (None, bytes, type(None)):
                types[repr(given)] = given
    made, components = msgspec.json.schema_components(list(types.values()), ref_template=REF, schema_hook=_anything)
    return Schemas(zip(types, made, strict=True)), {name: _shaped(schema) for name, schema in components.items()}


def _anything(kind: type) -> Json:
    """`object` stands for whatever JSON there is."""
    if kind is object:
        return {"description": "Any JSON."}
    raise NotImplementedError(f"{kind} has no JSON schema")


def _shaped(schema: Json) -> Json:
    """Give the parts that are kept as raw JSON their shape."""
    properties: Mapping[str, Json] = schema.get("properties", {})
    raw = {
        name: RAW[name]
        for name, shape in properties.items()
        if name in RAW and not (shape.keys() - {"default", "description"})
    }
    return {**schema, "properties": {**properties, **raw}} if raw else schema


def returned_by(handler: HTTPRouteHandler) -> Any:  # noqa: ANN401 - a type of whatever kind
    """The type of what a handler answers."""
    declared = handler.opt.get("returns")
    if declared is not None:
        return declared
    hint = typing.get_type_hints(handler.fn)["return"]
    origin = typing.get_origin(hint)
    if hint is Stream:
        return bytes
    return typing.get_args(hint)[0] if isinstance(origin, type) and issubclass(origin, Response) else hint

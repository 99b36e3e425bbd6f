"""The OpenAPI document, made from the routes: paths, rights, bodies, answers and one component for each kind.

    python -m karat.server.openapi > spec/openapi.json
"""

import inspect
import re
import sys
import typing
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

import msgspec
from litestar import Response
from litestar.handlers import HTTPRouteHandler
from litestar.params import HeaderParameter, QueryParameter
from litestar.response import Stream

import karat
from karat.kinds import KINDS
from karat.model.kind import AnyKind
from karat.server.access import RIGHTS
from karat.server.errors import ProblemBody

API = "/api/v1"
REF = "#/components/schemas/{name}"
GIVEN = frozenset({"actor", "app", "body", "db", "headers", "request", "scope", "return"})
PLACE = re.compile(r"\{(\w+):(\w+)\}")
# A struct keeps these as the JSON they are, so that reading them costs nothing; here they get their shape back.
RAW = {
    "annotations": {"type": "array", "items": {"$ref": REF.format(name="Annotation")}},
    "annotation": {"$ref": REF.format(name="Annotation")},
    "covers": {"$ref": REF.format(name="Covers")},
    "metadata": {"$ref": REF.format(name="Metadata")},
}

Json = dict[str, Any]  # an OpenAPI document holds whatever JSON Schema does
Handler = HTTPRouteHandler


@cache
def document() -> Json:
    """The whole document."""
    from karat.server.app import root_routes, routes  # the routes serve this document

    handlers = [*((h, "") for h in root_routes()), *((h, API) for h in routes())]
    found = [(h, prefix) for h, prefix in handlers if isinstance(h, HTTPRouteHandler)]
    schemas, components = _schemas(h for h, _ in found)
    paths: dict[str, Json] = {}
    for handler, prefix in found:
        for path in sorted(handler.paths):
            for method in sorted(handler.http_methods):
                paths.setdefault(_place(prefix + path), {})[method.lower()] = _operation(handler, path, method, schemas)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Karat",
            "version": karat.__version__,
            "description": "Label data of every kind together, and know how good each label is.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": dict(sorted({**components, **_kinds()}.items())),
            "securitySchemes": {
                "session": {"type": "apiKey", "in": "cookie", "name": "karat_session"},
                "token": {"type": "http", "scheme": "bearer", "description": "An API token, `krt_…`."},
            },
        },
    }


def _operation(handler: Handler, path: str, method: str, schemas: "Schemas") -> Json:
    doc = inspect.getdoc(handler.fn) or ""
    title, _, more = doc.partition("\n\n")
    right = handler.opt.get("right")
    operation: Json = {
        "operationId": handler.fn.__name__,
        "summary": " ".join(title.split()).rstrip("."),
        "tags": [handler.fn.__module__.split(".")[2]],
        "parameters": [*_parameters(handler, path, method)],
        "responses": _responses(handler, schemas),
        "security": [] if handler.opt.get("public") else [{"session": []}, {"token": []}],
    }
    if more:
        operation["description"] = more
    if right:
        operation["x-right"] = right
        operation["x-role"], operation["x-scope"] = RIGHTS[right].role, RIGHTS[right].scope
    body = _body(handler, schemas)
    if body is not None:
        operation["requestBody"] = body
    return operation


def _parameters(handler: Handler, path: str, method: str) -> Iterable[Json]:
    signature = inspect.signature(handler.fn)
    hints = typing.get_type_hints(handler.fn, include_extras=True)
    in_path = dict(PLACE.findall(path))
    for name, kind in in_path.items():
        yield {"name": name, "in": "path", "required": True, "schema": _path_schema(kind)}
    for name, hint in hints.items():
        if name in GIVEN or name in in_path or name == "data":
            continue
        marks = getattr(hint, "__metadata__", ())
        mark = next((m for m in marks if isinstance(m, QueryParameter | HeaderParameter)), None)
        default = signature.parameters[name].default
        shape = msgspec.json.schema((typing.get_origin(hint) is typing.Annotated and hint.__origin__) or hint)
        yield {
            "name": (mark.name if mark is not None and mark.name else name),
            "in": "header" if isinstance(mark, HeaderParameter) else "query",
            "required": default is inspect.Parameter.empty,
            "schema": shape if default in (None, inspect.Parameter.empty) else {**shape, "default": default},
        }
    for name, meaning in handler.opt.get("query", {}).items():
        yield {"name": name, "in": "query", "required": False, "description": meaning, "schema": {"type": "string"}}
    if method == "POST" and not handler.opt.get("public"):
        yield _header("Idempotency-Key", "Makes a repeat harmless for 24 hours.")
    if method == "PATCH" or handler.opt.get("if_match"):
        yield _header("If-Match", "The ETag of what is changed; needed where two people can change one thing.")


def _header(name: str, meaning: str) -> Json:
    return {"name": name, "in": "header", "required": False, "description": meaning, "schema": {"type": "string"}}


def _path_schema(kind: str) -> Json:
    if kind == "int":
        return {"type": "integer", "minimum": 0, "maximum": 2**31 - 1}
    if kind == "uuid":
        return {"type": "string", "format": "uuid"}
    return {"type": "string", "minLength": 1, "pattern": r"^[^/\x00]+$"} if kind == "str" else {"type": "string", "minLength": 1}


def _body(handler: Handler, schemas: "Schemas") -> Json | None:
    given = handler.opt.get("body")
    accepts = handler.opt.get("accepts")
    if given is bytes or (given is None and accepts):
        media = accepts or "application/octet-stream"
        return {"required": True, "content": {media: {"schema": {"type": "string", "format": "binary"}}}}
    if given is None:
        return None
    return {"required": True, "content": {"application/json": {"schema": schemas[given]}}}


def _responses(handler: Handler, schemas: "Schemas") -> Json:
    returns = _returned(handler)
    media = handler.opt.get("media", "application/json")
    status = str(handler.status_code)
    problem = {"description": "What was wrong and what to do", "content": {"application/problem+json": {"schema": schemas[ProblemBody]}}}
    if returns is type(None):
        return {status: {"description": "Done"}, "default": problem}
    if media != "application/json" or returns is bytes:
        kind = "application/octet-stream" if media == "application/json" else media
        content: Json = {kind: {"schema": {"type": "string"}}}
    else:
        content = {media: {"schema": schemas[returns]}}
    statuses = [status, *map(str, handler.opt.get("statuses", ()))]
    return {**{s: {"description": "Done", "content": content} for s in statuses}, "default": problem}


def _returned(handler: Handler) -> Any:  # noqa: ANN401 - a type of whatever kind
    declared = handler.opt.get("returns")
    if declared is not None:
        return declared
    hint = typing.get_type_hints(handler.fn)["return"]
    origin = typing.get_origin(hint)
    if hint is Stream:
        return bytes
    return typing.get_args(hint)[0] if isinstance(origin, type) and issubclass(origin, Response) else hint


class Schemas(dict[Any, Json]):
    """The schema of each type, by the type; a list cannot be a key, so its name is."""

    def __getitem__(self, key: Any) -> Json:  # noqa: ANN401 - a type of whatever kind
        """The schema of a type that a route names."""
        return super().__getitem__(repr(key))


def _schemas(handlers: Iterable[Handler]) -> tuple[Schemas, Json]:
    types: dict[str, Any] = {repr(ProblemBody): ProblemBody}
    for handler in handlers:
        for given in (handler.opt.get("body"), _returned(handler)):
            if given not in (None, bytes, type(None)):
                types[repr(given)] = given
    made, components = msgspec.json.schema_components(list(types.values()), ref_template=REF, schema_hook=_anything)
    found = Schemas()
    for name, schema in zip(types, made, strict=True):
        dict.__setitem__(found, name, schema)
    return found, {name: _shaped(schema) for name, schema in components.items()}


def _anything(kind: type) -> Json:
    """`object` stands for whatever JSON there is."""
    if kind is object:
        return {"description": "Any JSON."}
    raise NotImplementedError(f"{kind} has no JSON schema")


def _shaped(schema: Json) -> Json:
    """Give the parts that are kept as raw JSON their shape."""
    properties: Mapping[str, Json] = schema.get("properties", {})
    raw = {name: RAW[name] for name, shape in properties.items() if name in RAW and not (shape.keys() - {"default", "description"})}
    return {**schema, "properties": {**properties, **raw}} if raw else schema


def _kinds() -> Json:
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
            "anyOf": [{"type": t} for t in ("string", "number", "boolean")] + [{"type": "array", "items": {"type": "string"}}]
        },
    }
    return made


def _annotation(kind: AnyKind) -> Json:
    """The envelope of `karat.model.response.Annotation` around the value of one kind."""
    is_where = kind.role == "where"
    text, nothing = {"type": "string"}, {"type": "null"}
    return {
        "title": _name(kind),
        "description": (inspect.getdoc(inspect.getmodule(kind.check)) or "").partition("\n")[0],
        "type": "object",
        "required": ["id", "field", "kind", "value", *(["label"] if is_where else [])],
        "properties": {
            "id": text,
            "field": text,
            "kind": {"const": kind.name},
            "version": {"type": "integer", "default": kind.version},
            "on": {"anyOf": [nothing, {"type": "object", "required": ["stream"], "properties": {"stream": text, "part": text}}]},
            "label": text if is_where else nothing,
            "value": _value(kind),
            "attributes": {"type": "object"},
            "confidence": {"anyOf": [nothing, {"type": "number", "minimum": 0, "maximum": 1}]},
            "probabilities": {"anyOf": [nothing, {"type": "object", "additionalProperties": {"type": "number"}}]},
            "from": {
                "anyOf": [
                    nothing,
                    {"type": "object", "required": ["response", "annotation"], "properties": {"response": text, "annotation": text}},
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


def _place(path: str) -> str:
    return PLACE.sub(r"{\1}", path)


@cache
def text() -> str:
    """The document as it stands in `spec/openapi.json`."""
    return msgspec.json.format(msgspec.json.encode(document(), order="sorted"), indent=2).decode() + "\n"


if __name__ == "__main__":
    sys.stdout.write(text())

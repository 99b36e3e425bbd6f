"""The OpenAPI document, made from the routes: paths, rights, bodies and answers."""

import inspect
import re
import typing
from collections.abc import Iterable, Sequence

import msgspec
from litestar.handlers import HTTPRouteHandler
from litestar.params import HeaderParameter, QueryParameter

import karat
from karat.server.access import RIGHTS
from karat.server.errors import ProblemBody
from karat.server.reference.kinds import kind_components
from karat.server.reference.rights import Row
from karat.server.reference.schemas import Json, Schemas, returned_by, schemas_of

GIVEN = frozenset({"actor", "app", "body", "db", "headers", "reference", "request", "scope", "return"})
PLACE = re.compile(r"\{(\w+):(\w+)\}")
Handler = HTTPRouteHandler


def document(rows: Sequence[Row]) -> Json:
    """The whole document of some routes."""
    schemas, components = schemas_of(row.handler for row in rows)
    paths: dict[str, Json] = {}
    for row in rows:
        paths.setdefault(row.path, {})[row.method.lower()] = _operation(row.handler, row.template, row.method, schemas)
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
            "schemas": dict(sorted({**components, **kind_components()}.items())),
            "securitySchemes": {
                "session": {"type": "apiKey", "in": "cookie", "name": "karat_session"},
                "token": {"type": "http", "scheme": "bearer", "description": "An API token, `krt_…`."},
            },
        },
    }


def text(document: Json) -> str:
    """The document as it stands in `spec/openapi.json`."""
    return msgspec.json.format(msgspec.json.encode(document, order="sorted"), indent=2).decode() + "\n"


def _operation(handler: Handler, path: str, method: str, schemas: Schemas) -> Json:
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
    return (
        {"type": "string", "minLength": 1, "pattern": r"^[^/\x00]+$"}
        if kind == "str"
        else {"type": "string", "minLength": 1}
    )


def _body(handler: Handler, schemas: Schemas) -> Json | None:
    given = handler.opt.get("body")
    accepts = handler.opt.get("accepts")
    if given is bytes or (given is None and accepts):
        media = accepts or "application/octet-stream"
        return {"required": True, "content": {media: {"schema": {"type": "string", "format": "binary"}}}}
    if given is None:
        return None
    return {"required": True, "content": {"application/json": {"schema": schemas[given]}}}


def _responses(handler: Handler, schemas: Schemas) -> Json:
    returns = returned_by(handler)
    media = handler.opt.get("media", "application/json")
    status = str(handler.status_code)
    problem = {
        "description": "What was wrong and what to do",
        "content": {"application/problem+json": {"schema": schemas[ProblemBody]}},
    }
    if returns is type(None):
        return {status: {"description": "Done"}, "default": problem}
    if media != "application/json" or returns is bytes:
        kind = "application/octet-stream" if media == "application/json" else media
        content: Json = {kind: {"schema": {"type": "string"}}}
    else:
        content = {media: {"schema": schemas[returns]}}
    statuses = [status, *map(str, handler.opt.get("statuses", ()))]
    return {**{s: {"description": "Done", "content": content} for s in statuses}, "default": problem}

"""The API reference as a page of our own: no script, nothing loaded from elsewhere."""

from html import escape
from typing import Any

STYLE = """
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif }
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
h2 { margin-top: 2.5rem } details { border-top: 1px solid color-mix(in srgb, currentColor 20%, transparent); padding: .4rem 0 }
summary { cursor: pointer } code, pre { font: 13px/1.5 ui-monospace, monospace } pre { overflow: auto; padding: .8rem;
background: color-mix(in srgb, currentColor 6%, transparent); border-radius: 6px }
b { display: inline-block; min-width: 4.5rem } i { opacity: .7; font-style: normal }
"""

Json = dict[str, Any]


def page(document: Json) -> str:
    """The whole page of an OpenAPI document."""
    by_tag: dict[str, list[str]] = {}
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            by_tag.setdefault(operation["tags"][0], []).append(_operation(path, method, operation))
    features = "".join(f"<h2>{escape(tag.capitalize())}</h2>{''.join(found)}" for tag, found in by_tag.items())
    shapes = "".join(_shape(name, schema) for name, schema in document["components"]["schemas"].items())
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Karat API</title><style>{STYLE}</style>'
        f"<h1>Karat API {escape(document['info']['version'])}</h1><p>Every path is relative to this server. Programs send"
        " <code>Authorization: Bearer krt_…</code>. The same as a document: <a href=openapi.json>openapi.json</a>.</p>"
        f"{features}<h2>Shapes</h2>{shapes}</html>"
    )


def _operation(path: str, method: str, operation: Json) -> str:
    rows = "".join(
        f"<br><code>{escape(p['name'])}</code> <i>{p['in']}{', needed' if p['required'] else ''}</i> {_type(p['schema'])}"
        for p in operation["parameters"]
    )
    body = "".join(
        f"<br>Body <i>{escape(media)}</i> {_type(given['schema'])}"
        for media, given in _content(operation.get("requestBody"))
    )
    answers = "".join(
        f"<br>{escape(status)} {_type(given['schema'])}"
        for status, answer in operation["responses"].items()
        for _, given in _content(answer)
    )
    right = (
        f"<br>Right <code>{operation['x-right']}</code>: {operation['x-role']} or higher"
        if "x-right" in operation
        else "<br>Open to all"
    )
    more = f"<p>{escape(operation['description'])}</p>" if "description" in operation else ""
    return (
        f"<details id={operation['operationId']}><summary><b>{method.upper()}</b> <code>{escape(path)}</code>"
        f" {escape(operation['summary'])}</summary>{more}<p>{right[4:]}{rows}{body}{answers}</p></details>"
    )


def _content(part: Json | None) -> list[tuple[str, Json]]:
    content: dict[str, Json] = part.get("content", {}) if part else {}
    return list(content.items())


def _type(schema: Json | bool) -> str:
    if isinstance(schema, bool):
        return "any"
    if "prefixItems" in schema:
        return f"[{', '.join(_type(one) for one in schema['prefixItems'])}]"
    if "$ref" in schema:
        name = escape(schema["$ref"].rpartition("/")[2])
        return f'<a href="#{name}">{name}</a>'
    if schema.get("type") == "array":
        return f"list of {_type(schema.get('items', {}))}"
    for choice in ("anyOf", "oneOf"):
        if choice in schema:
            return " or ".join(_type(one) for one in schema[choice])
    if "enum" in schema:
        return " | ".join(f"<code>{escape(str(value))}</code>" for value in schema["enum"])
    return escape(str(schema.get("type", "any")))


def _shape(name: str, schema: Json) -> str:
    needed = set(schema.get("required", ()))
    rows = "".join(
        f"<br><code>{escape(key)}</code>{'' if key in needed else ' <i>optional</i>'} {_type(value)}"
        for key, value in schema.get("properties", {}).items()
    )
    rows = rows or f"<br>{_type(schema)}"
    return (
        f"<details id={escape(name, quote=True)}><summary><code>{escape(name)}</code> {escape(schema.get('description', ''))}</summary>"
        f"<p>{rows[4:]}</p></details>"
    )

"""A schema as the plain JSON that a project keeps, with every default filled in."""

from collections.abc import Mapping

import msgspec

from karat.model.field import Field, Label, PanelSpec, StreamSpec
from karat.model.panels import panel_document


def document_of(
    streams: Mapping[str, StreamSpec],
    fields: Mapping[str, Field],
    layout: object,
    panels: Mapping[str, PanelSpec],
) -> dict[str, object]:
    """What `read_schema` reads back to the same schema."""
    return {
        "karat_schema": 1,
        "streams": {s.key: _stream_document(s) for s in streams.values()},
        "fields": {f.key: _field_document(f) for f in fields.values()},
        "layout": msgspec.to_builtins(layout),
        **({"panels": {p.key: panel_document(p) for p in panels.values()}} if panels else {}),
    }


def _stream_document(stream: StreamSpec) -> dict[str, object]:
    found: dict[str, object] = {"kind": stream.kind, "optional": stream.optional, "title": stream.title}
    if stream.format != "plain":
        found["format"] = stream.format
    return {**found, "veil": True} if stream.veil else found


def _field_document(field: Field) -> dict[str, object]:
    found: dict[str, object] = {
        "kind": field.kind,
        "title": field.title,
        "many": field.many,
        "required": field.required,
    }
    found |= msgspec.to_builtins(field.options)
    optional = {
        "on": field.on,
        "each": field.each,
        "of": list(field.of) or None,
        "definition": field.definition,
        "default": field.default,
        "when": field.when,
        "labels": {key: _label_document(label) for key, label in field.labels.items()},
        "attributes": _attribute_documents(field.attributes),
    }
    found |= {name: value for name, value in optional.items() if value not in (None, "", {})}
    return found if field.searchable else {**found, "searchable": False}


def _label_document(label: Label) -> dict[str, object]:
    found = {
        "title": label.title,
        "key": label.hotkey,
        "definition": label.definition,
        "examples": list(msgspec.to_builtins(label.examples)),
        "color": label.color,
        "attributes": _attribute_documents(label.attributes),
    }
    return {name: value for name, value in found.items() if value not in (None, "", [], {})}


def _attribute_documents(attributes: Mapping[str, Field]) -> dict[str, object]:
    """Attributes have one answer each; `many` is no key of theirs."""
    documents = {key: _field_document(attribute) for key, attribute in attributes.items()}
    return {
        key: {k: v for k, v in document.items() if k not in ("many", "searchable")}
        for key, document in documents.items()
    }

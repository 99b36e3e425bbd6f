"""Reading a schema that somebody wrote: as YAML with the line of each mistake, or as a document."""

from io import StringIO

import msgspec
from ruamel.yaml import YAML

from karat.formats import FORMATS
from karat.kinds import KINDS
from karat.model.problem import Problem, refuse
from karat.model.schema import Schema, read_schema
from karat.model.yaml import read_yaml, with_lines
from karat.server.projects.schemas import Document, Hotkey, LossRow, SchemaCheck


class Written(msgspec.Struct, frozen=True):
    """A schema and the YAML it was written as."""

    schema: Schema
    yaml: str


def check(*, yaml: str | None, document: Document | None) -> SchemaCheck:
    """What a schema is or what is wrong with it."""
    written, problems, text = read(yaml=yaml, document=document)
    if written is None:
        return SchemaCheck(schema=None, yaml=text, problems=problems, losses={}, hotkeys=[])
    return SchemaCheck(
        schema=written.schema.document,
        yaml=text,
        problems=[],
        losses=losses(written.schema),
        hotkeys=hotkeys(written.schema.document),
    )


def accept(*, yaml: str | None, document: Document | None) -> Written:
    """The schema, or a refusal with every mistake."""
    written, problems, _ = read(yaml=yaml, document=document)
    refuse(problems, title="The schema has mistakes")
    assert written is not None, "a schema without problems is a schema"
    return written


def read(*, yaml: str | None, document: Document | None) -> tuple[Written | None, list[Problem], str]:
    """The schema, its problems, and the YAML text."""
    if (yaml is None) == (document is None):
        both = "neither" if yaml is None else "both"
        return None, [Problem("schema", both, "either YAML or a document", "Send one of the two.")], yaml or ""
    if yaml is None:
        schema, problems = read_schema(document, KINDS)
        text = as_yaml(document or {})
        return (Written(schema, text) if schema else None), problems, text
    value, lines, problems = read_yaml(yaml)
    if problems:
        return None, problems, yaml
    schema, problems = read_schema(value, KINDS)
    return (Written(schema, yaml) if schema else None), with_lines(problems, lines), yaml


def as_yaml(document: Document) -> str:
    """A document as block YAML, keys in the order given."""
    out = StringIO()
    writer = YAML()
    writer.default_flow_style = False
    writer.width = 120
    writer.dump(msgspec.to_builtins(document), out)
    return out.getvalue()


def losses(schema: Schema) -> dict[str, list[LossRow]]:
    """What each format that can be written would lose of this schema."""
    return {
        name: [LossRow(loss.what, loss.count, loss.becomes, loss.remedy) for loss in format_.losses(schema)]
        for name, format_ in FORMATS.items()
        if format_.write is not None
    }


def hotkeys(document: Document) -> list[Hotkey]:
    """Every key that labels and options were given, with those that two fields share."""
    given: list[tuple[str, str, str]] = []
    fields = document.get("fields")
    for name, field in fields.items() if isinstance(fields, dict) else ():
        given += [(key, name, label) for label, key in _keys(field.get("labels"))]
        given += [(key, name, label) for label, key in _keys(field.get("options"))]
    return [
        Hotkey(key, field, label, [f"{f}.{o}" for k, f, o in given if k == key and f != field])
        for key, field, label in given
    ]


def _keys(entries: object) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for name, entry in entries.items() if isinstance(entries, dict) else ():
        if isinstance(entry, dict):
            if isinstance(entry.get("key"), str):
                found.append((name, entry["key"]))
            found += _keys(entry.get("options"))
    return found

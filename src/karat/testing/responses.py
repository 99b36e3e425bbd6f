"""Schemas, annotations and responses in a few words, for tests."""

from collections.abc import Mapping

from karat.kinds import KINDS
from karat.kinds.box import Box
from karat.model.kind import AnyKind
from karat.model.response import Annotation, Author, Covers, Response
from karat.model.schema import Schema, read_schema

OBJECTS = {
    "kind": "box",
    "labels": {
        "car": {"attributes": {"occluded": {"kind": "choice", "options": {"yes": {}, "no": {}}, "default": "no"}}},
        "person": {},
    },
}
ENTITIES = {"kind": "span", "labels": {"person": {}, "place": {}}}
TOPIC = {"kind": "choice", "options": {"a": {}, "b": {}, "c": {}}}
TAGS = {"kind": "choice", "multiple": True, "options": {"fog": {}, "night": {}, "rain": {}}}
NOTE = {"kind": "text"}


def schema(fields: Mapping[str, object], *, kinds: Mapping[str, AnyKind] = KINDS) -> Schema:
    """A schema of an image `photo` and a text `text` with these fields."""
    streams = {"photo": {"kind": "image"}, "text": {"kind": "text"}}
    found, problems = read_schema({"karat_schema": 1, "streams": streams, "fields": fields}, kinds)
    if found is None:
        raise AssertionError(f"the fields are no schema: {problems}")
    return found


def box(
    sides: tuple[float, float, float, float], label: str = "car", *, id: str = "", **attributes: object
) -> Annotation:
    """A box of the field `objects`; its id says its label and corner unless given."""
    return Annotation(
        id=id or f"{label}-{sides[0]}-{sides[1]}",
        field="objects",
        kind="box",
        label=label,
        value=Box(*sides),
        attributes=attributes,
    )


def span(ends: tuple[int, int], label: str = "person", *, id: str = "") -> Annotation:
    """A span of the field `entities`; its id says its label and ends unless given."""
    return Annotation(
        id=id or f"{label}-{ends[0]}-{ends[1]}", field="entities", kind="span", label=label, value=(ends,)
    )


def answer(field: str, value: object, *, kind: str = "choice") -> Annotation:
    """The answer of a field that has one."""
    return Annotation(id=field, field=field, kind=kind, value=value)


def response(who: str, *annotations: Annotation, covers: Covers | None = None) -> Response:
    """A person's submitted response; it covers the fields that it has annotations of unless `covers` says more."""
    looked: Covers = {a.field: None for a in annotations} if covers is None else covers
    return Response(author=Author(type="person", name=who, id=who), annotations=annotations, covers=looked)

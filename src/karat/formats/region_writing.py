"""Answers about pictures as regions of a format: each shape as the format's nearest, and what is lost of it counted."""

import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from karat.formats.authors import file_name
from karat.formats.base import Loss, Record, Sink, WriteContext
from karat.formats.cells import plain
from karat.formats.losing import REMEDY, Losing, field_loss, static_losses
from karat.formats.regions import AS, HOLES, NAMES, PARTS, Region, as_kind, holes_of, outlines
from karat.formats.repeats import Repeats
from karat.formats.rows import name_of
from karat.model.item import Item, Stream
from karat.model.response import Annotation, Response
from karat.model.schema import Field, Schema

WITHOUT_IMAGE = "items without an image"
UNANSWERED = "items without an answer"
KEYS = "keys of items"
UNSIZED = "shapes on images of unknown size"


@dataclass(frozen=True, kw_only=True)
class Holding:
    """What a format has a place for.

    `kinds` are the shapes that it has; others are written as the first of these that `AS` names. `parts` are the names of
    `losing` that it keeps. `rings`: a polygon has several parts and holes there. `own` is its name in `extra`.
    """

    own: str
    kinds: tuple[str, ...]
    parts: tuple[str, ...] = ()
    rings: bool = False

    def nearest(self, kind: str) -> str | None:
        """The kind that a kind is written as; None where there is none."""
        return next((other for other in AS.get(kind, ()) if other in self.kinds), None)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What one author says of one picture."""

    item: Item
    stream: Stream
    response: Response
    author: str
    """A name for files and folders of its own; empty where one author's answers are written."""
    regions: Sequence[Region]


def fields_of(schema: Schema, holding: Holding) -> list[Field]:
    """The fields of one stream of images whose shapes can be written."""
    streams = [s.key for s in schema.streams.values() if s.kind == "image"]
    fitting = [f for f in schema.fields.values() if f.on in streams and holding.nearest(f.kind)]
    return [f for f in fitting if f.on == fitting[0].on]


def labels_of(fields: Iterable[Field]) -> list[str]:
    """All labels of some fields, each once."""
    return list(dict.fromkeys(label for field in fields for label in field.labels))


def answers(records: Iterable[Record], context: WriteContext, holding: Holding) -> Iterator[Answer]:
    """Each answer with its regions, one after the other; everything that is lost is counted on the way."""
    fields = {field.key: field for field in fields_of(context.schema, holding)}
    streams = [f.on for f in fields.values()] or [s.key for s in context.schema.streams.values() if s.kind == "image"]
    losing = Losing(context.losses, holding.parts)
    authors: dict[str, int] = {}
    for record in records:
        losing.item(record.item, own=(holding.own,))
        stream = record.item.streams.get(streams[0] or "") if streams else None
        losing.add(KEYS, int(stream is None or stream.name != record.item.key))
        answered = False
        for response in record.responses:
            losing.response(response, own=(holding.own,))
            regions = list(_regions(response, fields, losing, holding, stream))
            if stream is None or response.state != "submitted" or not fields.keys() & response.covers.keys():
                continue
            answered = True
            author = name_of(response.author)
            folder = file_name(author, authors.setdefault(author, len(authors))) if context.which == "all" else ""
            yield Answer(item=record.item, stream=stream, response=response, author=folder, regions=regions)
        losing.add(WITHOUT_IMAGE if stream is None else UNANSWERED, int(not answered))


def region_losses(schema: Schema, holding: Holding, more: Mapping[str, str] | None = None) -> list[Loss]:
    """What a project of this schema can lose in a format; `more` names what else, with what becomes of it."""
    fields = fields_of(schema, holding)
    written = {f.key for f in fields}
    named = {WITHOUT_IMAGE: "left out", UNANSWERED: "left out", KEYS: "left out", **(more or {})}
    for field in fields:
        other = holding.nearest(field.kind) or ""
        if becomes := AS[field.kind][other]:
            named[NAMES[field.kind]] = becomes
        if other == "polygon" and not holding.rings and field.kind in ("polygon", "mask"):
            named |= {HOLES: "filled", PARTS: "a region for each part"}
    return [
        *(Loss(field_loss(f.key), 0, "left out", REMEDY) for f in schema.fields.values() if f.key not in written),
        *static_losses(schema, holding.parts),
        *(Loss(name, 0, becomes, REMEDY) for name, becomes in named.items()),
    ]


def write_picture(sink: Sink, folder: str, stem: str, answer: Answer, context: WriteContext) -> str:
    """The picture's file in a folder, under a stem; gives its name. Without its content, only the name."""
    suffix = PurePosixPath(answer.stream.name or answer.item.key).suffix or ".jpg"
    if context.content is not None:
        with sink.open(f"{folder}{stem}{suffix}") as file, context.content(answer.stream) as content:
            shutil.copyfileobj(content, file, 1 << 18)
    return f"{stem}{suffix}"


def stem_of(answer: Answer, names: Repeats) -> str:
    """A name for the files of an answer without their endings; a number where the author's folder has it already."""
    given = PurePosixPath(answer.stream.name or PurePosixPath(answer.item.key).name or "item").stem
    safe = "".join(c if c.isalnum() or c in "-_ .,()" else "_" for c in given).strip(" .")[:120] or "item"
    nth = names.nth(f"{answer.author}/{safe.lower()}")
    return safe if nth == 1 else f"{safe}~{nth}"


def _regions(
    response: Response, fields: Mapping[str, Field], losing: Losing, holding: Holding, stream: Stream | None
) -> Iterator[Region]:
    """The regions of an answer that is written, in the order in which they lie on one another."""
    for annotation in sorted(response.annotations, key=lambda a: a.z or 0):
        field = fields.get(annotation.field)
        if field is None:
            losing.add(field_loss(annotation.field))
        elif response.state == "submitted" and stream is not None:
            losing.annotation(annotation, own=(holding.own,))
            yield from _written(annotation, field, losing, holding, stream)


def _written(
    annotation: Annotation, field: Field, losing: Losing, holding: Holding, stream: Stream
) -> Iterator[Region]:
    kind = annotation.kind
    other = holding.nearest(kind) or kind
    value = plain(annotation.value)
    losing.add(NAMES[kind], int(bool(AS[kind][other])), becomes=AS[kind][other])
    given = value if isinstance(value, dict) else {}
    values: list[object] = [value]
    if other == "polygon" and not holding.rings:
        rings = outlines(kind, given)
        losing.add(HOLES, holes_of(kind, given) if kind in ("polygon", "mask") else 0, becomes="filled")
        losing.add(PARTS, int(len(rings) > 1), becomes="a region for each part")
        values = [{"outer": [ring]} for ring in rings]
    elif other != kind:
        facts = stream.facts
        size = (facts.width, facts.height) if facts.width and facts.height else None
        values = [as_kind(kind, given, other, size)]
    kept = annotation.extra.get(holding.own)
    for one in values:
        if kind == "keypoints" and isinstance(one, list):
            one = dict(zip(getattr(field.options, "points", ()), one, strict=False))
        yield Region(
            kind=other,
            label=annotation.label or "",
            value=one,
            attributes={name: plain(said) for name, said in annotation.attributes.items()},
            confidence=annotation.confidence,
            group=annotation.group,
            z=annotation.z,
            extra=kept if isinstance(kept, dict) else {},
        )

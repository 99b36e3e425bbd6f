"""Masks out as PNG: the number of each pixel's class, or of its thing, with tables that say which is which."""

import csv
import io
import shutil
from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath

import numpy as np
from numpy.typing import NDArray

from karat.formats.authors import file_name
from karat.formats.base import Loss, Record, Sink, WriteContext
from karat.formats.cells import plain
from karat.formats.losing import REMEDY, Losing, field_loss, static_losses
from karat.formats.repeats import Repeats
from karat.formats.rows import name_of
from karat.geometry import masks
from karat.model.item import Item, Stream
from karat.model.kind import Facts
from karat.model.response import Annotation, Response
from karat.model.schema import Field, Schema

HELD = ("stacking order",)
COVERED = "masks under other masks"
UNSIZED = "masks on images of unknown size"
WITHOUT_IMAGE = "items without an image"
UNANSWERED = "items without an answer"
KEYS = "keys of items"
HUES = (
    "5c8dff",
    "ff7a3d",
    "2fc2a6",
    "e85fae",
    "62cbf7",
    "c99a6b",
    "b79cff",
    "a9dd5c",
    "ffa8c5",
    "8296dc",
    "efe65e",
    "c9d3de",
)
"""What the labeling screen shows labels in; PNG with up to 255 classes carry them as their palette."""
Row = tuple[str, int, str]
"""A file, a number in it, and the label of what has the number."""


def write_masks(sink: Sink, records: Iterable[Record], context: WriteContext) -> None:
    """`masks/<picture>.png` for each answer, below a folder for each author where all are exported, and the pictures.

    A field whose labels have one mask each gives classes: the n-th label is n, 0 is nothing, `classes.csv` has the list. A
    field of things gives their numbers, and `instances.csv` the label of each. Of several fields, each has a folder.
    """
    fields = [f for f in context.schema.fields.values() if f.kind == "mask"]
    shown = (
        fields[0].on if fields else next((s.key for s in context.schema.streams.values() if s.kind == "image"), None)
    )
    losing = Losing(context.losses, HELD)
    names = Repeats()
    authors: dict[str, int] = {}
    tables: dict[str, tuple[Field, list[Row]]] = {}
    for record in records:
        losing.item(record.item)
        losing.add(KEYS)
        stream = record.item.streams.get(shown or "")
        if stream is None:
            losing.add(WITHOUT_IMAGE)
            continue
        stem = _picture(sink, record.item, stream, names, context)
        answered = [r for r in record.responses if r.state == "submitted" and any(f.key in r.covers for f in fields)]
        losing.add(UNANSWERED, int(not answered))
        for response in record.responses:
            losing.response(response)
            _annotation_losses(response, fields, losing)
        for response in answered:
            author = name_of(response.author)
            above = f"{file_name(author, authors.setdefault(author, len(authors)))}/" if context.which == "all" else ""
            for field in (f for f in fields if f.key in response.covers):
                folder = above + (f"masks.{field.key}" if len(fields) > 1 else "masks")
                mine = sorted((a for a in response.annotations if a.field == field.key), key=lambda a: a.z or 0)
                rows = _mask(sink, f"{folder}/{stem}.png", mine, field, stream.facts, losing)
                tables.setdefault(folder, (field, []))[1].extend(rows)
    for folder, (field, rows) in tables.items():
        if _is_of_things(field):
            _table(sink, f"{folder}/instances.csv", ("file", "number", "label"), rows)
        else:
            _table(sink, f"{folder}/classes.csv", ("value", "label"), list(enumerate(field.labels, 1)))


def mask_losses(schema: Schema) -> list[Loss]:
    """What numbers in pictures cannot hold."""
    named = {
        COVERED: "the one in front",
        UNSIZED: "left out",
        WITHOUT_IMAGE: "left out",
        UNANSWERED: "left out",
        KEYS: "left out",
    }
    return [
        *static_losses(schema, HELD, ("mask",)),
        *(Loss(name, 0, becomes, REMEDY) for name, becomes in named.items()),
    ]


def _annotation_losses(response: Response, fields: Sequence[Field], losing: Losing) -> None:
    known = {f.key for f in fields}
    for annotation in response.annotations:
        if annotation.field not in known:
            losing.add(field_loss(annotation.field))
        elif response.state == "submitted":
            losing.annotation(annotation)


def _is_of_things(field: Field) -> bool:
    return bool(getattr(field.options, "instances", True))


def _mask(
    sink: Sink, name: str, annotations: Sequence[Annotation], field: Field, facts: Facts, losing: Losing
) -> list[Row]:
    """Write one PNG; gives the number and label of each thing in it."""
    if not facts.width or not facts.height:
        losing.add(UNSIZED, len(annotations))
        return []
    numbers = {label: n for n, label in enumerate(field.labels, 1)}
    pixels = np.zeros((facts.height, facts.width), np.uint16)
    rows: list[Row] = []
    for index, annotation in enumerate(annotations, 1):
        (left, top, width, height), found = _pixels(annotation)
        part = pixels[top : top + height, left : left + width]
        losing.add(COVERED, int((part[found] > 0).any()), becomes="the one in front")
        number = index if _is_of_things(field) else numbers.get(annotation.label or "", 0)
        part[found] = number
        rows.append((PurePosixPath(name).name, number, annotation.label or ""))
    with sink.open(name) as file:
        file.write(_png(pixels, is_small=not _is_of_things(field) and len(numbers) < 256))
    return rows


def _pixels(annotation: Annotation) -> tuple[masks.Box, NDArray[np.bool_]]:
    """The box of a mask and what is on in it."""
    value = plain(annotation.value)
    box = value["box"] if isinstance(value, dict) else []
    left, top, width, height = (int(str(side)) for side in box) if isinstance(box, list) else (0, 0, 0, 0)
    counts = str(value["counts"]) if isinstance(value, dict) else ""
    return (left, top, width, height), masks.pixels(((left, top, width, height), counts))


def _png(pixels: NDArray[np.uint16], *, is_small: bool) -> bytes:
    """Numbers to 255 with a palette to look at, others in 16 bits."""
    from PIL import Image

    image = Image.fromarray(pixels.astype(np.uint8), "P") if is_small else Image.fromarray(pixels)
    if is_small:
        image.putpalette(bytes(3) + b"".join(bytes.fromhex(HUES[n % len(HUES)]) for n in range(255)))
    made = io.BytesIO()
    image.save(made, "PNG")
    return made.getvalue()


def _picture(sink: Sink, item: Item, stream: Stream, names: Repeats, context: WriteContext) -> str:
    """Write the picture, if its content is there; gives the name that its masks share."""
    given = PurePosixPath(stream.name or PurePosixPath(item.key).name or "item")
    plain_name = "".join(c if c.isalnum() or c in "-_ .,()" else "_" for c in given.stem).strip(" .")[:120] or "item"
    nth = names.nth(plain_name.lower())
    stem = plain_name if nth == 1 else f"{plain_name}~{nth}"
    if context.content is not None:
        with sink.open(f"images/{stem}{given.suffix or '.png'}") as file, context.content(stream) as content:
            shutil.copyfileobj(content, file, 1 << 18)
    return stem


def _table(sink: Sink, name: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(rows)
    with sink.open(name) as file:
        file.write(text.getvalue().encode())

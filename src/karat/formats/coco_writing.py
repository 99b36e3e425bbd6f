"""COCO out: the boxes of each box field, in a file of its own for each author where there are several."""

from collections.abc import Iterable

from karat.formats.authors import file_name
from karat.formats.base import Loss, Record, Sink, WriteContext
from karat.formats.coco_file import EDITED, WITHOUT_IMAGE, CocoFile
from karat.formats.losing import REMEDY, Losing, field_loss, static_losses
from karat.formats.rows import name_of
from karat.model.response import Response
from karat.model.schema import Field, Schema

HELD = ("attributes",)
UNANSWERED = "items without an answer"
KEYS = "keys of items"
OWN = ("coco", "coco_dataset", "coco_panoptic")


def write(sink: Sink, records: Iterable[Record], context: WriteContext) -> None:
    """`instances.json`; `<author>.` and `<field>.` stand before it where there are several of them."""
    fields = [field for field in context.schema.fields.values() if field.kind == "box"]
    losing = Losing(context.losses, HELD)
    files: dict[tuple[str, str], CocoFile] = {}
    authors: dict[str, int] = {}
    try:
        for record in records:
            _losses_of(record, fields, losing)
            answered = [(r, f) for r in record.responses for f in fields if _speaks(r, f)]
            if not answered:
                losing.add(UNANSWERED)
            for response, field in answered:
                author = name_of(response.author) if context.which == "all" else ""
                authors.setdefault(author, len(authors))
                if (author, field.key) not in files:
                    files[author, field.key] = CocoFile(field, losing, context)
                files[author, field.key].add(record.item, response)
        if not files and fields:
            files["", fields[0].key] = CocoFile(fields[0], losing, context)
        for (author, key), file in files.items():
            before = f"{file_name(author, authors[author])}." if author else ""
            file.save(sink, f"{before}{key}.instances.json" if len(fields) > 1 else f"{before}instances.json")
    finally:
        for file in files.values():
            file.close()


def losses(schema: Schema) -> list[Loss]:
    """What COCO leaves out."""
    named = (UNANSWERED, WITHOUT_IMAGE, EDITED, KEYS)
    return [*static_losses(schema, HELD, ("box",)), *(Loss(name, 0, "left out", REMEDY) for name in named)]


def _speaks(response: Response, field: Field) -> bool:
    return response.state == "submitted" and (field.key in response.covers or any(a.field == field.key for a in response.annotations))


def _losses_of(record: Record, fields: list[Field], losing: Losing) -> None:
    losing.item(record.item, own=OWN)
    losing.add(KEYS, int(all(stream.name != record.item.key for stream in record.item.streams.values())))
    known = {field.key for field in fields}
    for response in record.responses:
        losing.response(response, own=OWN)
        for annotation in response.annotations:
            if annotation.field not in known:
                losing.add(field_loss(annotation.field))
            elif response.state == "submitted":
                losing.annotation(annotation, own=OWN)

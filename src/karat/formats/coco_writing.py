"""COCO out: boxes, masks, polygons and keypoints, in a file of its own for each author where there are several."""

from collections.abc import Iterable

import msgspec

from karat.formats import coco_keypoints
from karat.formats.authors import file_name
from karat.formats.base import Loss, Record, Sink, WriteContext
from karat.formats.coco_file import EDITED, HOLES, WITHOUT_IMAGE, WITHOUT_PIXELS, CocoFile
from karat.formats.coco_turned import CORNERS, CUBOIDS, ELLIPSES, OUTLINE
from karat.formats.losing import REMEDY, Losing, field_loss, static_losses
from karat.formats.rows import name_of
from karat.model.response import Response
from karat.model.schema import Field, Schema

HELD = ("attributes",)
UNANSWERED = "items without an answer"
KEYS = "keys of items"
SHAPES = ("box", "cuboid", "ellipse", "mask", "polygon", "rotated_box", "keypoints")
OWN = ("coco", "coco_dataset", "coco_panoptic")


def write(sink: Sink, records: Iterable[Record], context: WriteContext) -> None:
    """`instances.json`; `<author>.` and `<field>.` stand before it where there are several of them.

    Fields with the same labels on the same pictures share a file: the boxes among polygons are of the same data set.
    """
    groups = _groups(context.schema)
    fields = [field for group in groups for field in group]
    losing = Losing(context.losses, HELD)
    files: dict[tuple[str, str], CocoFile] = {}
    authors: dict[str, int] = {}
    try:
        for record in records:
            _losses_of(record, fields, losing)
            answered = [
                (r, group) for r in record.responses for group in groups if any(_speaks(r, field) for field in group)
            ]
            if not answered:
                losing.add(UNANSWERED)
            for response, group in answered:
                first = group[0].key
                author = name_of(response.author) if context.which == "all" else ""
                authors.setdefault(author, len(authors))
                if (author, first) not in files:
                    files[author, first] = CocoFile(group, losing, context)
                files[author, first].add(record.item, response)
        if not files and groups:
            files["", fields[0].key] = CocoFile(groups[0], losing, context)
        for (author, key), file in files.items():
            before = f"{file_name(author, authors[author])}." if author else ""
            file.save(sink, f"{before}{key}.instances.json" if len(groups) > 1 else f"{before}instances.json")
    finally:
        for file in files.values():
            file.close()


def losses(schema: Schema) -> list[Loss]:
    """What COCO leaves out."""
    named = (UNANSWERED, WITHOUT_IMAGE, EDITED, WITHOUT_PIXELS, KEYS)
    left_out = [Loss(name, 0, "left out", REMEDY) for name in named]
    return [
        *static_losses(schema, HELD, SHAPES),
        *(
            Loss(field_loss(f.key), 0, "left out", REMEDY)
            for f in schema.fields.values()
            if f.kind in SHAPES and _is_on_pages(f, schema)
        ),
        *left_out,
        Loss(HOLES, 0, "filled", REMEDY),
        Loss(ELLIPSES, 0, OUTLINE, REMEDY),
        Loss(CUBOIDS, 0, CORNERS, REMEDY),
    ]


def _is_on_pages(field: Field, schema: Schema) -> bool:
    """Whether shapes of a field lie on pages of a document, which COCO has no place for: they would all be on one picture."""
    return field.on in schema.streams and schema.streams[field.on].kind == "document"


def _groups(schema: Schema) -> list[list[Field]]:
    """The fields of shapes, together where stream and labels are the same; two of one kind stay apart."""
    found: dict[tuple[object, ...], list[Field]] = {}
    for field in schema.fields.values():
        if field.kind in SHAPES and field.kind != "keypoints" and not _is_on_pages(field, schema):
            key: tuple[object, ...] = (field.on, *field.labels)
            if any(other.kind == field.kind for other in found.get(key, [])):
                key = (field.key, *key)
            found.setdefault(key, []).append(field)
    groups = list(found.values())
    # Keypoints belong to the regions of the same things: they share their file.
    for field in schema.fields.values():
        if field.kind == "keypoints":
            host = next(
                (
                    g
                    for g in groups
                    if g[0].on == field.on and field.labels.keys() <= g[0].labels.keys() and not _shares(g, field)
                ),
                None,
            )
            if host is None:
                groups.append([field])
            else:
                host.append(field)
    return groups


def _shares(group: list[Field], field: Field) -> bool:
    """Whether another template of the group has one of the field's labels: a category has only one."""
    return any(f.kind == "keypoints" and f.labels.keys() & field.labels.keys() for f in group)


def _speaks(response: Response, field: Field) -> bool:
    return response.state == "submitted" and (
        field.key in response.covers or any(a.field == field.key for a in response.annotations)
    )


def _losses_of(record: Record, fields: list[Field], losing: Losing) -> None:
    losing.item(record.item, own=OWN)
    losing.add(KEYS, int(all(stream.name != record.item.key for stream in record.item.streams.values())))
    known = {field.key for field in fields}
    for response in record.responses:
        losing.response(response, own=OWN)
        pairs = coco_keypoints.partners([a for a in response.annotations if a.field in known])
        joined = {*pairs, *(a.id for a in pairs.values())}
        for annotation in response.annotations:
            if annotation.field not in known:
                losing.add(field_loss(annotation.field))
            elif response.state == "submitted":
                # The group of a region and its keypoints is that they are one annotation.
                whole = msgspec.structs.replace(annotation, group=None) if annotation.id in joined else annotation
                losing.annotation(whole, own=OWN)

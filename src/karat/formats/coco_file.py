"""One COCO file as it grows: images and annotations wait on disk until all ids are known."""

from array import array
from collections.abc import Callable, Iterable, Sequence
from tempfile import TemporaryFile
from typing import IO, Any, BinaryIO, TypeGuard

import msgspec

from karat.formats import coco_keypoints, coco_masks, coco_panoptic, coco_shapes, coco_turned
from karat.formats.base import Sink, WriteContext
from karat.formats.cells import BadCell, plain
from karat.formats.coco_annotations import sides_of
from karat.formats.losing import Losing
from karat.formats.repeats import Repeats
from karat.formats.sources import is_safe
from karat.model.item import Item
from karat.model.kind import Facts
from karat.model.response import Annotation, Response
from karat.model.schema import Field

WITHOUT_IMAGE = "items without an image"
EDITED = "shapes of boxes that were changed"
HOLES = "holes of polygons"
WITHOUT_PIXELS = "panoptic segments without a mask"
PENDING = -1
LARGEST_ID = 1 << 53
YES = ("yes", "true")
HEAD_FIRST = ("info", "licenses")


class Waiting(msgspec.Struct, array_like=True):
    """An annotation whose ids are not known yet."""

    image: int
    id: int
    label: str | None
    body: msgspec.Raw


ENCODER = msgspec.json.Encoder()
WAITING = msgspec.json.Decoder(Waiting)


class CocoFile:
    """The answers of one author to fields of boxes, masks, polygons and keypoints that have the same labels."""

    def __init__(self, fields: Sequence[Field], losing: Losing, context: WriteContext) -> None:
        self.field = fields[0]
        """The one whose labels are the categories."""
        self.fields = {field.key: field for field in fields}
        self.kinds = context.kinds
        self.losing = losing
        self.images: IO[bytes] = TemporaryFile(dir=context.scratch)  # noqa: SIM115 - closed by `close`
        self.annotations: IO[bytes] = TemporaryFile(dir=context.scratch)  # noqa: SIM115 - closed by `close`
        self.panoptic: IO[bytes] = TemporaryFile(dir=context.scratch)  # noqa: SIM115 - closed by `close`
        self.image_ids = Ids()
        self.ids = Ids()
        self.head: dict[str, object] = {}
        self.categories: dict[str, dict[str, object]] = {}
        """Label to the category that it came from."""

    def add(self, item: Item, response: Response) -> None:
        """An image with its annotations."""
        stream = item.streams.get(self.field.on or "")
        if stream is None:
            self.losing.add(WITHOUT_IMAGE)
            return
        kept = _mapping(item.extra.get("coco"))
        self._learn(_mapping(item.extra.get("coco_dataset")))
        index = self.image_ids.take(kept.get("id"))
        image = {
            "file_name": stream.name or stream.ref.uri or item.key,
            "width": stream.facts.width,
            "height": stream.facts.height,
            "geo": None if stream.facts.geo is None else msgspec.to_builtins(stream.facts.geo),
        }
        _line(self.images, {k: v for k, v in {**image, **kept}.items() if v is not None and k != "id"})
        mine = [a for a in response.annotations if a.field in self.fields]
        points = coco_keypoints.partners(mine)
        joined = {a.id for a in points.values()}
        picture = response.extra.get("coco_panoptic")
        is_panoptic = isinstance(picture, dict)
        segments = [
            self._shape(a, index, stream.facts, points.get(a.id), is_panoptic=is_panoptic)
            for a in mine
            if a.id not in joined
        ]
        for thing in _listed(_mapping(response.extra.get("coco")).get("annotations")):
            self._wait(index, _mapping(thing), None)
        if isinstance(picture, dict):
            whole = [
                *(s for s in segments if s),
                *({**_mapping(s), "label": None} for s in _listed(picture.get("segments_info"))),
            ]
            _line(self.panoptic, [index, {**picture, "segments_info": whole}])

    def save(self, sink: Sink, name: str) -> None:
        """Write the file, and the panoptic one beside it if there are panoptic segments."""
        image_ids = self.image_ids.settle()
        ids = self.ids.settle()
        categories = self._categories()
        by_label = {label: category["id"] for label, category in categories.items()}
        with sink.open(name) as file:
            self._open_file(file, image_ids)
            for number, line in enumerate(_lines(self.annotations)):
                waiting = WAITING.decode(line)
                own: dict[str, object] = {"id": ids[number], "image_id": image_ids[waiting.image]}
                if waiting.label is not None:
                    own["category_id"] = by_label[waiting.label]
                body = bytes(waiting.body)
                file.write(
                    (b"," if number else b"")
                    + b"\n"
                    + ENCODER.encode(own)[:-1]
                    + (b"," + body[1:] if body != b"{}" else b"}")
                )
            file.write(b'],"categories":' + ENCODER.encode(list(categories.values())) + b"}\n")
        if self.panoptic.tell():
            self._save_panoptic(sink, name.replace("instances", "panoptic"), image_ids, categories)

    def close(self) -> None:
        """Let the temporary files go."""
        for file in (self.images, self.annotations, self.panoptic):
            file.close()

    def _learn(self, dataset: dict[str, object]) -> None:
        """The head of the file that an item came from; the first one of several stands."""
        for category in _listed(dataset.get("categories")):
            given = _mapping(category)
            label = self._label(given.get("name"))
            if label is not None and _is_id(given.get("id")):
                self.categories.setdefault(label, given)
        for key, value in dataset.items():
            if key not in ("categories", "images", "annotations"):
                self.head.setdefault(key, value)

    def _label(self, name: object) -> str | None:
        if name in self.field.labels:
            return str(name)
        return next((key for key, label in self.field.labels.items() if label.title == name), None)

    def _shape(
        self, annotation: Annotation, index: int, facts: Facts, points: Annotation | None, *, is_panoptic: bool
    ) -> dict[str, object] | None:
        """Put a shape among the annotations, with the keypoints that belong to it; gives the panoptic segment that it is.

        On a panoptic picture each mask is a segment.
        """
        if annotation.kind == "keypoints":
            self._wait(index, self._keypoints(annotation), annotation.label)
            return None
        kept = _mapping(annotation.extra.get("coco")) or _mapping(annotation.extra.get("coco_panoptic"))
        value = _mapping(plain(annotation.value))
        kind = self.fields[annotation.field].kind
        unchanged = _is_box_of(kept, value) if kind == "box" else self._is_shape_of(kept, annotation, facts, value)
        self.losing.add(coco_turned.ELLIPSES, int(kind == "ellipse"), becomes=coco_turned.OUTLINE)
        self.losing.add(coco_turned.CUBOIDS, int(kind == "cuboid"), becomes=coco_turned.CORNERS)
        if not unchanged:
            self.losing.add(EDITED, int(bool((kept.get("segmentation") and kind == "box") or kept.get("keypoints"))))
            self.losing.add(HOLES, len(_listed(value.get("holes"))), becomes="filled")
        own = coco_masks.body_of(value, facts) if kind == "mask" else BODIES[kind](value)
        is_segment = "coco_panoptic" in annotation.extra or (is_panoptic and kind == "mask")
        stays = tuple(k for k in kept if k not in own) if is_segment and kind == "mask" else ("id",)
        rest = kept if unchanged else {k: kept[k] for k in stays if k in kept}
        attributes = {k: plain(v) for k, v in annotation.attributes.items() if k != "crowd"}
        crowd = annotation.attributes.get("crowd", kept.get("iscrowd") == 1)
        body: dict[str, object] = {
            "bbox": [],
            "area": 0,
            "segmentation": [],
            **own,
            **rest,
            "iscrowd": int(crowd is True or crowd in YES),
        }
        if attributes or "attributes" in kept:
            body["attributes"] = {**_mapping(kept.get("attributes")), **attributes}
        if is_segment:
            self._wait(index, {k: v for k, v in body.items() if k != "id"}, annotation.label)
            pixels = {"pixels": body["segmentation"]} if kind == "mask" else {}
            return {k: v for k, v in body.items() if k != "segmentation"} | {"label": annotation.label} | pixels
        body |= self._points(annotation, points)
        self._wait(index, body, annotation.label)
        return None

    def _keypoints(self, annotation: Annotation) -> dict[str, object]:
        """Keypoints without a region: the box around them, or the region that they came with."""
        kept = _mapping(annotation.extra.get("coco"))
        value = plain(annotation.value)
        crowd = annotation.attributes.get("crowd", kept.get("iscrowd") == 1)
        attributes = {k: plain(v) for k, v in annotation.attributes.items() if k != "crowd"}
        more = (
            {"attributes": {**_mapping(kept.get("attributes")), **attributes}}
            if attributes or "attributes" in kept
            else {}
        )
        region = {} if "bbox" in kept else coco_keypoints.region_of(value)
        return {
            **region,
            **kept,
            **coco_keypoints.body_of(value),
            "iscrowd": int(crowd is True or crowd in YES),
            **more,
        }

    def _points(self, region: Annotation, points: Annotation | None) -> dict[str, object]:
        """The keypoints of a region; none there, where its label has a template."""
        if points is not None:
            attributes = {**region.attributes, **points.attributes}
            more = (
                {"attributes": {k: plain(v) for k, v in attributes.items() if k != "crowd"}}
                if points.attributes
                else {}
            )
            return {**coco_keypoints.body_of(plain(points.value)), **more}
        field = self._template(region.label)
        if field is None or "keypoints" in _mapping(region.extra.get("coco")):
            return {}
        return coco_keypoints.nothing_there(field)

    def _template(self, label: str | None) -> Field | None:
        return next((f for f in self.fields.values() if f.kind == "keypoints" and label in f.labels), None)

    def _is_shape_of(
        self, kept: dict[str, object], annotation: Annotation, facts: Facts, value: dict[str, object]
    ) -> bool:
        """Whether a polygon, a mask or a rotated box still is what was read of a COCO annotation."""
        field = self.fields[annotation.field]
        if field.kind == "rotated_box":
            return coco_turned.rectangle_of(kept) == value
        if not kept.get("segmentation"):
            return False
        try:
            if field.kind == "mask":
                return coco_masks.mask_of(kept, field, self.kinds["mask"], facts) == value
            return (
                field.kind == "polygon"
                and coco_shapes.polygon_of(kept, field, self.kinds["polygon"], facts)[0] == value
            )
        except BadCell:
            return False

    def _wait(self, image: int, body: dict[str, object], label: str | None) -> None:
        given = body.get("id")
        self.ids.take(given)
        own = {k: v for k, v in body.items() if k not in ("id", "image_id") and (label is None or k != "category_id")}
        if label is not None:
            self.categories.setdefault(label, {"id": PENDING, "name": label})
        _line(self.annotations, Waiting(image, 0, label, msgspec.Raw(ENCODER.encode(own))))

    def _categories(self) -> dict[str, dict[str, object]]:
        """Every label of the field as a category; those that came from COCO keep their ids."""
        taken = {c["id"] for c in self.categories.values() if c["id"] != PENDING}
        free = 1
        found: dict[str, dict[str, object]] = {}
        for label in [*self.field.labels, *(k for k in self.categories if k not in self.field.labels)]:
            category = self.categories.get(label, {"id": PENDING, "name": label})
            if category["id"] == PENDING:
                while free in taken:
                    free += 1
                taken.add(free)
                category = {"id": free, "name": label, "supercategory": ""}
            field = self._template(label)
            found[label] = category if field is None else coco_keypoints.category_of(field, category)
        return dict(sorted(found.items(), key=lambda entry: int(str(entry[1]["id"]))))

    def _open_file(self, file: BinaryIO, image_ids: "array[int]") -> None:
        """The head and the images, up to where annotations begin."""
        head = {**{key: self.head[key] for key in HEAD_FIRST if key in self.head}, **self.head}
        file.write(
            b"{"
            + b"".join(ENCODER.encode(k) + b":" + ENCODER.encode(v) + b",\n" for k, v in head.items())
            + b'"images":['
        )
        for number, line in enumerate(_lines(self.images)):
            file.write((b",\n" if number else b"\n") + b'{"id":%d,' % image_ids[number] + line[1:])
        file.write(b'],"annotations":[')

    def _save_panoptic(
        self, sink: Sink, name: str, image_ids: "array[int]", categories: dict[str, dict[str, object]]
    ) -> None:
        with sink.open(name) as file:
            self._open_file(file, image_ids)
            for number, line in enumerate(_lines(self.panoptic)):
                index, picture = msgspec.json.decode(line)
                self._save_picture(sink, name, index, picture)
                for segment in picture["segments_info"]:
                    label = segment.pop("label")
                    if label is not None:
                        segment["category_id"] = categories[label]["id"]
                file.write((b",\n" if number else b"\n") + ENCODER.encode({"image_id": image_ids[index], **picture}))
            file.write(b'],"categories":' + ENCODER.encode(list(categories.values())) + b"}\n")

    def _save_picture(self, sink: Sink, name: str, index: int, picture: dict[str, Any]) -> None:
        """The picture of the masks among the segments, which get numbers; segments without pixels are left out beside them."""
        masks = [segment for segment in picture["segments_info"] if "pixels" in segment]
        if not masks:
            return
        self.losing.add(WITHOUT_PIXELS, len(picture["segments_info"]) - len(masks))
        picture["segments_info"] = masks
        largest = max((s["id"] for s in masks if _is_id(s.get("id"))), default=0)
        drawn: list[tuple[int, str]] = []
        taken: set[int] = set()
        for segment in masks:
            if not _is_id(segment.get("id")) or segment["id"] in taken or not segment["id"]:
                largest += 1
                segment["id"] = largest
            taken.add(segment["id"])
            runs = segment.pop("pixels")
            drawn.append((segment["id"], runs["counts"]))
        given = picture.get("file_name")
        file_name = given if isinstance(given, str) and is_safe(given) else f"{index}.png"
        with sink.open(f"{name.removesuffix('.json')}/{file_name}") as file:
            coco_panoptic.write_picture(file, (runs["size"][0], runs["size"][1]), drawn)


class Ids:
    """Ids in the order of their owners: given ones stay as long as they are unique, the others follow the largest."""

    def __init__(self) -> None:
        self.numbers = array("q")
        self.repeats = Repeats()
        self.largest = 0

    def take(self, given: object) -> int:
        """Note the next owner with its id, if it has one; its place is returned."""
        fresh = _is_id(given) and self.repeats.nth_hash(given + 1) == 1
        self.numbers.append(given if fresh and _is_id(given) else PENDING)
        self.largest = max(self.largest, self.numbers[-1])
        return len(self.numbers) - 1

    def settle(self) -> "array[int]":
        """Every owner's id."""
        for index, number in enumerate(self.numbers):
            if number == PENDING:
                self.largest += 1
                self.numbers[index] = self.largest
        return self.numbers


def _is_box_of(kept: dict[str, object], value: dict[str, object]) -> bool:
    given = kept.get("bbox")
    # A shape without a box of its own came with the box around it, which cannot tell whether it was changed.
    return "bbox" not in kept or (isinstance(given, list) and sides_of(given) == value)


def _box_body(value: dict[str, object]) -> dict[str, object]:
    left, top, right, bottom = (float(str(value[side])) for side in ("left", "top", "right", "bottom"))
    return {"bbox": [left, top, right - left, bottom - top], "area": (right - left) * (bottom - top)}


BODIES: dict[str, Callable[[Any], dict[str, object]]] = {
    "box": _box_body,
    "cuboid": coco_turned.body_of_cuboid,
    "ellipse": coco_turned.body_of_ellipse,
    "polygon": coco_shapes.body_of,
    "rotated_box": coco_turned.body_of_box,
}
"""Segmentation, box and area of a value by its kind."""


def _is_id(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < LARGEST_ID


def _mapping(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _line(file: IO[bytes], value: object) -> None:
    file.write(ENCODER.encode(value) + b"\n")


def _lines(file: IO[bytes]) -> Iterable[bytes]:
    file.seek(0)
    yield from (line.rstrip(b"\n") for line in file)

"""Which field takes a COCO annotation: by what it holds of the shape, and by whether it has the category as a label."""

from collections.abc import Iterable, Iterator

from karat.formats.coco_keypoints import has_label, label_of
from karat.formats.coco_masks import holds_runs
from karat.formats.coco_shapes import outline_of, rings_of
from karat.formats.coco_turned import is_level, rectangle_of
from karat.model.schema import Field, Schema

KINDS = ("box", "polygon", "mask", "rotated_box", "keypoints")


class Fields:
    """The fields of a stream that can take annotations of a file with these categories."""

    def __init__(self, schema: Schema, stream: str, names: Iterable[object]) -> None:
        self.names = [name for name in names if isinstance(name, str)]
        mine = [f for f in schema.fields.values() if f.on == stream]
        self.by_kind = {
            kind: sorted((f for f in mine if f.kind == kind), key=self._meant, reverse=True) for kind in KINDS
        }
        """Of each kind, the field that has most of the categories as labels first."""
        self.keypoints = [f for f in mine if f.kind == "keypoints"]

    def any(self) -> bool:
        """Whether a field can take anything."""
        return any(self.by_kind.values())

    def labelled(self, kind: str, name: object) -> Field | None:
        """The first field of a kind that has a category as a label."""
        return next((field for field in self.by_kind[kind] if has_label(field, name)), None)

    def fitting(self, thing: dict[str, object], name: object) -> Field | None:
        """The field that has the category and holds most of the shape."""
        return next((field for kind in self._takers(thing, name) if (field := self.labelled(kind, name))), None)

    def meant(self, thing: dict[str, object], name: object) -> Field | None:
        """The field that would take the shape if it had the category; None where there is none for such shapes."""
        return next((field for kind in self._takers(thing, name) for field in self.by_kind[kind]), None)

    def covered(self) -> dict[str, list[str] | None]:
        """What the file spoke about: the labels that its categories name, in the fields that take them."""
        found: dict[str, list[str] | None] = {}
        for kind, fields in self.by_kind.items():
            names = list(self.names)
            for number, field in enumerate(fields):
                own = [name for name in names if has_label(field, name)]
                if own or number == 0 or kind == "keypoints":
                    labels = {label_of(field, name) for name in own}
                    found[field.key] = (
                        None if set(field.labels) <= labels else [label for label in field.labels if label in labels]
                    )
                if kind != "keypoints":
                    names = [name for name in names if name not in own]
        return found

    def _takers(self, thing: dict[str, object], name: object) -> Iterator[str]:
        """The kinds that can take a shape, the one that holds most of it first.

        A rectangle is a rotated box only where no field of polygons takes its outline, and a level one only where no field
        of boxes does.
        """
        segmentation = thing.get("segmentation")
        rings = rings_of(segmentation)
        if rings:
            yield "polygon"
        box = rectangle_of(thing)
        if box is not None and not (is_level(box) and self.labelled("box", name)):
            yield "rotated_box"
        if rings or holds_runs(segmentation):
            yield "mask"
        if "bbox" in thing or outline_of(thing):
            yield "box"

    def _meant(self, field: Field) -> int:
        return sum(has_label(field, name) for name in set(self.names))

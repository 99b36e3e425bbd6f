"""Annotations of one COCO image as polygons, boxes, keypoints and captions, with all that these do not hold."""

from collections.abc import Iterable
from dataclasses import dataclass
from dataclasses import field as default

import msgspec

from karat.formats.base import ReadContext, Reject, reject
from karat.formats.cells import BadCell, checked, label_named, value_of
from karat.formats.coco_fields import Fields
from karat.formats.coco_keypoints import field_among, has_keypoints, keypoints_of, names_of, parted
from karat.formats.coco_masks import holds_runs, mask_of
from karat.formats.coco_numbers import all_finite, whole
from karat.formats.coco_panoptic import runs_of_segments
from karat.formats.coco_shapes import broken_rings, outline_of, polygon_of, rings_of
from karat.formats.coco_turned import is_exact, rectangle_of
from karat.formats.finding import Finder
from karat.model.kind import Facts
from karat.model.problem import Problem, shown
from karat.model.response import Annotation, Author, On, Response
from karat.model.schema import Field, Schema

KEPT = "a box; the shape is kept in extra and written back by COCO and JSON lines"
UNSEEN = "kept in extra and written back by COCO and JSON lines"
LATER = "Give the schema a field of masks that has their labels, and import their pictures with the file."
MASKS = "Give the schema a field of masks that has their labels."
AS_MASKS = "the pixels whose middle they hold; the outlines are kept in extra and written back by COCO and JSON lines"
POLYGONS = "Give the schema a field of polygons that has their labels."
MENDED = "the same area; the outline as it was is kept in extra and written back by COCO and JSON lines"
KEPT_ELSEWHERE = {"coco": ("image_id",), "coco_panoptic": ("image_id", "segmentation")}
"""What is not kept of an annotation beside it: the pixels of a segment are its value."""
HELD = {"polygon": "polygons", "rotated_box": "polygons", "mask": "masks (RLE)", "keypoints": "keypoints"}
"""What a field of a kind takes whole."""
NEARLY = "outlines that are nearly rectangles"
AS_RECTANGLES = (
    "the rectangle, less than a pixel off; the outline is kept in extra and written back by COCO and JSON lines"
)
NO_RINGS = "polygons that are no rows of points"
NO_RUNS = "masks without size and counts"
BROKEN = "parts of polygons that are no rows of points"
REMEDIES = {
    "polygons": POLYGONS,
    "masks (RLE)": MASKS,
    NO_RINGS: "Mend them in the file: x and y of three points or more, in one row.",
    NO_RUNS: "Mend them in the file: a mask has the picture's size, and run lengths in `counts`.",
}
LOOK = "Look at them: outlines that cross are often slips of the hand."


@dataclass
class Made:
    """What the annotations of one image became."""

    shapes: Response | None = None
    captions: list[Response] = default(default_factory=list)
    extra: dict[str, object] = default(default_factory=dict)
    rejects: list[Reject] = default(default_factory=list)


class Annotations:
    """Reads the annotations of the images of one file into the schema's fields."""

    def __init__(
        self,
        name: str,
        schema: Schema,
        stream: str,
        categories: Iterable[dict[str, object]],
        context: ReadContext,
        author: Author,
        finder: Finder | None = None,
    ) -> None:
        self.name = name
        self.finder = finder
        """Finds the pictures of panoptic segments; without one, segments are read by their boxes."""
        self.stream = stream
        self.context = context
        self.author = author
        self.categories = {ident: entry for entry in categories if (ident := identity(entry.get("id"))) is not None}
        self.names = {ident: entry.get("name") for ident, entry in self.categories.items()}
        self.fields = Fields(schema, stream, self.names.values())
        self.caption = next((f for f in schema.fields.values() if f.kind == "text" and f.each is None), None)
        self.covered = self.fields.covered()

    def read(self, facts: Facts, things: Iterable[tuple[int, bytes]]) -> Made:
        """The shapes and captions of one image."""
        made = Made()
        shapes: list[Annotation] = []
        left: list[object] = []
        for line, raw in things:
            thing = as_object(raw)
            if thing is None:
                made.rejects.append(
                    reject(
                        self.name,
                        [Problem("", shown(raw[:80].decode("utf-8", "replace")), "an object", "Mend it.")],
                        line=line,
                        raw=raw,
                    )
                )
            elif isinstance(thing.get("segments_info"), list):
                self._segments(thing, facts, line, made, shapes)
            elif isinstance(thing.get("caption"), str) and self.caption is not None:
                self._caption(thing, self.caption, line, made)
            elif not (parts := self._parts(thing)):
                shape = _shape(thing)
                self.context.losses.add(shape, becomes=UNSEEN, remedy=REMEDIES.get(shape, LATER))
                left.append(thing)
            else:
                group = f"coco {shown(thing.get('id'))}" if len(parts) > 1 else None
                for field, part in parts:
                    self._add(part, field, facts, line, made, shapes, kept="coco", group=group)
        if left:
            made.extra["coco"] = {**made.extra.get("coco", {}), "annotations": left}  # type: ignore[dict-item]  # ours: a mapping
        if self.fields.any():
            made.shapes = Response(author=self.author, annotations=tuple(shapes), covers=self.covered, cause="import")
        return made

    def _parts(self, thing: dict[str, object]) -> list[tuple[Field, dict[str, object]]]:
        """The fields that take an annotation, each with what it takes: its region, and its keypoints."""
        category = self.categories.get(identity(thing.get("category_id")) or "", {})
        name = category.get("name")
        points = field_among(self.fields.keypoints, name, category) if has_keypoints(thing) else None
        region = self.fields.fitting(thing, name)
        if points is None or region is None:
            only = points or region or self.fields.meant(thing, name)  # the one meant refuses it by its label
            return [] if only is None else [(only, thing)]
        rest, own = parted(thing)
        return [(region, rest), (points, own)]

    def _add(
        self,
        thing: dict[str, object],
        field: Field,
        facts: Facts,
        line: int,
        made: Made,
        shapes: list[Annotation],
        *,
        kept: str,
        group: str | None = None,
    ) -> None:
        try:
            made_of = self._annotation(thing, field, facts, {shape.id for shape in shapes}, kept)
            shapes.append(msgspec.structs.replace(made_of, group=group))
        except BadCell as error:
            key = shown(thing.get("id"))
            made.rejects.append(reject(self.name, [error.problem], line=line, key=key, raw=thing))

    def _annotation(
        self, thing: dict[str, object], field: Field, facts: Facts, taken: set[str], kept: str
    ) -> Annotation:
        category = identity(thing.get("category_id"))
        name = self.names.get(category or "")
        if not isinstance(name, str):
            raise BadCell(
                Problem(
                    "category_id",
                    shown(thing.get("category_id")),
                    "the id of a category of this file",
                    "Add the category to the file.",
                )
            )
        label = label_named(name, field)
        value = self._value(thing, field, facts)
        ident = identity(thing.get("id"))
        free = ident if ident is not None and ident not in taken else f"n{len(taken) + 1}"
        score = thing.get("score")
        return Annotation(
            id=free,
            field=field.key,
            kind=field.kind,
            on=On(self.stream),
            label=label,
            value=value,
            attributes=self._attributes(thing, field, label),
            confidence=float(score) if isinstance(score, int | float) and 0 <= score <= 1 else None,
            extra={kept: {k: v for k, v in thing.items() if k not in KEPT_ELSEWHERE[kept]}},
        )

    def _value(self, thing: dict[str, object], field: Field, facts: Facts) -> object:
        kind = self.context.kinds[field.kind]
        if field.kind == "polygon":
            value, was_mended = polygon_of(thing, field, kind, facts)
            if was_mended:
                self.context.losses.add("polygons that cross themselves", becomes=MENDED, remedy=LOOK)
        elif field.kind == "keypoints":
            category = self.categories.get(identity(thing.get("category_id")) or "", {})
            value, left_out = keypoints_of(thing, names_of(category), field, kind, facts)
            for what, count in left_out.items():
                self.context.losses.add(what, count, becomes=UNSEEN, remedy="Look at the points of the template.")
        elif field.kind == "rotated_box":
            box = rectangle_of(thing)
            value = checked(box, field, kind, facts)
            if box is not None and not is_exact(thing, box):
                self.context.losses.add(NEARLY, becomes=AS_RECTANGLES, remedy=POLYGONS)
        elif field.kind == "mask":
            value = mask_of(thing, field, kind, facts)
        else:
            value = checked(_sides(thing), field, kind, facts)
        if field.kind != "keypoints" and rings_of(thing.get("segmentation")):
            broken = broken_rings(thing.get("segmentation"))
            self.context.losses.add(BROKEN, broken, becomes=UNSEEN, remedy=REMEDIES[NO_RINGS])
        for shape in _shapes(thing):
            if shape == "polygons" and field.kind == "mask":
                self.context.losses.add(shape, becomes=AS_MASKS, remedy=POLYGONS)
            elif shape != HELD.get(field.kind):
                self.context.losses.add(
                    shape, becomes=KEPT if field.kind == "box" else UNSEEN, remedy=REMEDIES.get(shape, LATER)
                )
        return value

    def _attributes(self, thing: dict[str, object], field: Field, label: str) -> dict[str, object]:
        """The attributes that the schema has; `iscrowd` is the attribute `crowd`."""
        wanted = field.attributes_of(label)
        given = thing.get("attributes")
        named = dict(given) if isinstance(given, dict) else {}
        if thing.get("iscrowd") == 1:
            named["crowd"] = True
        found: dict[str, object] = {}
        for name, value in named.items():
            try:
                if name not in wanted:
                    raise BadCell(Problem(name, shown(value), "an attribute of the schema", ""))
                found[name] = value_of(
                    _yes_or_no(value, wanted[name]), wanted[name], self.context.kinds[wanted[name].kind]
                )
            except BadCell:
                self.context.losses.add(
                    f"attribute `{name}`", becomes=UNSEEN, remedy="Add the attribute to the schema."
                )
        return found

    def _caption(self, thing: dict[str, object], field: Field, line: int, made: Made) -> None:
        """Each caption is an answer of its own, since people wrote them apart."""
        number = len(made.captions) + 1
        author = self.author if number == 1 else Author(type="import", name=f"{self.author.name} {number}")
        try:
            value = value_of(thing["caption"], field, self.context.kinds["text"])
        except BadCell as error:
            made.rejects.append(reject(self.name, [error.problem], line=line, raw=thing))
            return
        extra: dict[str, object] = {"coco": {k: v for k, v in thing.items() if k not in ("image_id", "caption")}}
        answer = Annotation(id=field.key, field=field.key, kind="text", value=value, extra=extra)
        made.captions.append(Response(author=author, annotations=(answer,), covers={field.key: None}, cause="import"))

    def _segments(
        self, thing: dict[str, object], facts: Facts, line: int, made: Made, shapes: list[Annotation]
    ) -> None:
        """Segments of a panoptic picture as masks; as boxes where a project has no field of masks, or the picture is not there."""
        rest = {k: v for k, v in thing.items() if k not in ("image_id", "segments_info")}
        left: list[object] = []
        runs = runs_of_segments(thing, self.name, self.finder) if self.finder and self.fields.by_kind["mask"] else {}
        for segment in thing["segments_info"] if isinstance(thing["segments_info"], list) else []:
            of_mask = runs.get(whole(segment.get("id")) or 0) if isinstance(segment, dict) else None
            if of_mask is not None and (masks := self._field_for(segment, "mask")) is not None:
                self._add({**segment, "segmentation": of_mask}, masks, facts, line, made, shapes, kept="coco_panoptic")
                continue
            field = self._field_for(segment, "box") if isinstance(segment, dict) and "bbox" in segment else None
            if field is not None:
                self.context.losses.add("panoptic masks", becomes=KEPT, remedy=LATER)
                self._add(segment, field, facts, line, made, shapes, kept="coco_panoptic")
            else:
                self.context.losses.add("panoptic masks", becomes=UNSEEN, remedy=LATER)
                left.append(segment)
        made.extra["coco_panoptic"] = {**rest, "segments_info": left}

    def _field_for(self, segment: dict[str, object], kind: str) -> Field | None:
        """The field of a kind for a segment; one without its label refuses it."""
        found = self.fields.labelled(kind, self.names.get(identity(segment.get("category_id")) or ""))
        return found or next(iter(self.fields.by_kind[kind]), None)


def as_object(raw: bytes) -> dict[str, object] | None:
    """A JSON object; None if it is anything else."""
    try:
        value = msgspec.json.decode(raw)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def identity(value: object) -> str | None:
    """An id as text, so that 1 and 1.0 are one; None if it is no id."""
    if isinstance(value, bool) or value is None:
        return None
    value = found if (found := whole(value)) is not None else value
    if isinstance(value, int | float) or (isinstance(value, str) and value and "\x00" not in value):
        return str(value)[:200]
    return None


def sides_of(box: list[object]) -> dict[str, float] | None:
    """`[x, y, width, height]` as the sides of a box."""
    sides = all_finite(box)
    if sides is None or len(sides) != 4:
        return None
    x, y, width, height = sides
    return {"left": x, "top": y, "right": x + width, "bottom": y + height}


def _sides(thing: dict[str, object]) -> dict[str, float]:
    box = thing.get("bbox")
    given = box if isinstance(box, list) and box else outline_of(thing)
    sides = sides_of(given) if isinstance(given, list) else None
    if sides is None:
        raise BadCell(Problem("bbox", shown(box), "[x, y, width, height]", "Give the box in pixels."))
    return sides


def _shapes(thing: dict[str, object]) -> list[str]:
    found: list[str] = []
    segmentation = thing.get("segmentation")
    if isinstance(segmentation, dict) and segmentation:
        found.append("masks (RLE)" if holds_runs(segmentation) else NO_RUNS)
    elif segmentation not in (None, [], [[]], {}):
        found.append("polygons" if rings_of(segmentation) else NO_RINGS)
    if has_keypoints(thing) or any(key.endswith("kpts") and thing[key] for key in thing):
        found.append("keypoints")
    return found


def _shape(thing: dict[str, object]) -> str:
    return next(iter(_shapes(thing)), "captions" if "caption" in thing else "annotations without a box")


def _yes_or_no(value: object, field: Field) -> object:
    """True and false for options that are called yes and no."""
    options = getattr(field.options, "options", {})
    if isinstance(value, bool) and "yes" in options:
        return "yes" if value else "no"
    return value

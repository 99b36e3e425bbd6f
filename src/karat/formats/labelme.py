"""labelme's JSON (github.com/wkentaro/labelme), a file for each picture: outlines, rectangles, circles, lines, points and masks."""

import base64
import binascii
import io
from collections.abc import Iterable, Iterator, Mapping
from math import hypot

import msgspec
import numpy as np

from karat.formats.base import Format, Loss, Proposal, ReadContext, Record, Reject, Sink, Source, WriteContext, reject
from karat.formats.cells import BadCell
from karat.formats.coco_numbers import finite, whole
from karat.formats.lines import head_of
from karat.formats.region_fields import propose_from
from karat.formats.region_reading import read_regions, regions_of
from karat.formats.region_writing import Answer, Holding, answers, region_losses, stem_of, write_picture
from karat.formats.regions import Picture, Region, crop_of
from karat.formats.repeats import Repeats
from karat.formats.sources import READ_ERRORS
from karat.geometry import masks
from karat.model.kind import AnyKind
from karat.model.problem import Problem, shown
from karat.model.schema import Schema

HOLDING = Holding(own="labelme", kinds=("box", "polygon", "polyline", "point", "mask"), parts=("groups", "attributes"))
LARGEST = 256 << 20
Points = list[tuple[float, float]]


def reads(name: str, head: bytes) -> bool:
    """A JSON object with shapes, of which the first bytes name labelme's keys."""
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    marks = (b'"shape_type"', b'"imagePath"', b'"flags"', b'"line_color"')
    return (
        name.lower().endswith(".json")
        and start.startswith(b"{")
        and b'"shapes"' in head
        and any(m in head for m in marks)
    )


def read(source: Source, context: ReadContext) -> Iterator[Record | Reject]:
    """Each picture with its shapes."""
    yield from read_regions(source, context, pictures, title=LABELME.title, own=HOLDING.own)


def propose(source: Source, kinds: Mapping[str, AnyKind]) -> Proposal | None:
    """A field for each kind of shape that is drawn, with the flags as attributes."""
    return propose_from(regions_of(pictures(source, ReadContext())), kinds)


def pictures(source: Source, context: ReadContext) -> Iterator[Picture | Reject]:
    """What each file says of its picture; a picture inside the file is not read."""
    for name in source.names():
        if not name.lower().endswith(".json"):
            continue
        try:
            with source.open(name) as file:
                if not reads(name, head_of(file, 1 << 16)):
                    continue
            with source.open(name) as file:
                text = file.read(LARGEST + 1)
            given = msgspec.json.decode(text[:LARGEST])
        except (msgspec.MsgspecError, ValueError, RecursionError, *READ_ERRORS) as error:
            problem = Problem(
                "", shown(str(error)), f"JSON of at most {LARGEST} bytes", "Save the file again in labelme."
            )
            yield reject(name, [problem])
            continue
        yield _picture(given if isinstance(given, dict) else {}, name)


def write(sink: Sink, records: Iterable[Record], context: WriteContext) -> None:
    """A JSON file beside each picture, below a folder for each author."""
    names = Repeats()
    for answer in answers(records, context, HOLDING):
        stem = stem_of(answer, names)
        above = f"{answer.author}/" if answer.author else ""
        file_name = write_picture(sink, above, stem, answer, context)
        with sink.open(f"{above}{stem}.json") as file:
            file.write(msgspec.json.format(msgspec.json.encode(_document(answer, file_name)), indent=2) + b"\n")


def losses(schema: Schema) -> list[Loss]:
    """What labelme has no place for."""
    return region_losses(schema, HOLDING)


def _picture(given: dict[str, object], source: str) -> Picture | Reject:
    name, shapes = given.get("imagePath"), given.get("shapes")
    if not isinstance(name, str) or not name or not isinstance(shapes, list):
        problem = Problem(
            "imagePath", shown(name), "the name of a picture, and shapes", "Save the file again in labelme."
        )
        return reject(source, [problem], raw=given.get("imagePath"))
    regions: list[Region] = []
    problems: list[tuple[int | None, Problem]] = []
    for number, shape in enumerate(shapes):
        try:
            regions.append(_region(shape if isinstance(shape, dict) else {}))
        except BadCell as error:
            problems.append(
                (None, msgspec.structs.replace(error.problem, path=f"shapes[{number}].{error.problem.path}"))
            )
    return Picture(
        name=name.replace("\\", "/"),
        source=source,
        width=whole(given.get("imageWidth")),
        height=whole(given.get("imageHeight")),
        regions=tuple(regions),
        problems=tuple(problems),
    )


def _region(shape: Mapping[str, object]) -> Region:
    kind, value = _value(shape)
    flags = shape.get("flags")
    asked: dict[str, object] = (
        {str(k): v for k, v in flags.items() if isinstance(v, bool)} if isinstance(flags, dict) else {}
    )
    if isinstance(shape.get("description"), str) and shape["description"]:
        asked["description"] = shape["description"]
    group = shape.get("group_id")
    return Region(
        kind=kind,
        label=str(shape.get("label", "")),
        value=value,
        attributes=asked,
        group=None if group is None else str(group),
    )


def _value(shape: Mapping[str, object]) -> tuple[str, object]:
    """The kind and value of a shape; raises `BadCell`."""
    kind = shape.get("shape_type") or "polygon"
    points = _points(shape.get("points"))
    if kind == "polygon":
        return "polygon", {"outer": [points[:-1] if len(points) > 3 and points[0] == points[-1] else points]}
    if kind in ("line", "linestrip"):
        return "polyline", {"points": points}
    if kind == "point" and len(points) == 1:
        return "point", {"x": points[0][0], "y": points[0][1]}
    if kind in ("rectangle", "mask", "circle") and len(points) == 2:
        (ax, ay), (bx, by) = points
        if kind == "circle":
            radius = hypot(bx - ax, by - ay)
            return "ellipse", {"cx": ax, "cy": ay, "rx": radius, "ry": radius, "angle": 0.0}
        if kind == "mask":
            return "mask", _mask(shape.get("mask"), round(min(ax, bx)), round(min(ay, by)))
        return "box", {"left": min(ax, bx), "top": min(ay, by), "right": max(ax, bx), "bottom": max(ay, by)}
    expected = "polygon, rectangle, circle, line, linestrip, point or mask with its points"
    raise BadCell(Problem("shape_type", shown(kind), expected, "Draw the shape as one of these."))


def _mask(given: object, left: int, top: int) -> object:
    """A PNG in base64, whose pixels that are not 0 are on, from a corner of the picture."""
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(base64.b64decode(str(given), validate=True))) as image:
            on = np.asarray(image.convert("L")) > 0
    except (
        binascii.Error,
        UnidentifiedImageError,
        Image.DecompressionBombError,
        SyntaxError,
        ValueError,
        OSError,
    ) as error:
        raise BadCell(Problem("mask", shown(given), "a PNG in base64", "Save the file again in labelme.")) from error
    crop = masks.of_pixels(on, left=left, top=top)
    if crop is None:
        raise BadCell(Problem("mask", shown(given), "at least one pixel", "Remove the mask."))
    return {"box": list(crop[0]), "counts": crop[1]}


def _document(answer: Answer, file_name: str) -> dict[str, object]:
    facts = answer.stream.facts
    groups = {name: n for n, name in enumerate(dict.fromkeys(r.group for r in answer.regions if r.group), 1)}
    return {
        "version": "5.5.0",
        "flags": {},
        "shapes": [_shape(region, groups) for region in answer.regions],
        "imagePath": file_name,
        "imageData": None,
        "imageHeight": facts.height,
        "imageWidth": facts.width,
    }


def _shape(region: Region, groups: Mapping[str, int]) -> dict[str, object]:
    value = region.value if isinstance(region.value, dict) else {}
    told = {name: said for name, said in region.attributes.items() if name != "description"}
    flags = {
        name if _truth(said) is not None else f"{name}: {said}": _truth(said) is not False
        for name, said in told.items()
    }
    number = int(region.group) if region.group and region.group.isdigit() else groups.get(region.group or "")
    shape: dict[str, object] = {
        "label": region.label,
        "points": [],
        "group_id": number,
        "description": str(region.attributes.get("description", "")),
        "shape_type": {"box": "rectangle", "polyline": "linestrip"}.get(region.kind, region.kind),
        "flags": flags,
        "mask": None,
    }
    if region.kind == "box":
        shape["points"] = [[value["left"], value["top"]], [value["right"], value["bottom"]]]
    elif region.kind == "polygon":
        shape["points"] = value["outer"][0]
    elif region.kind == "polyline":
        shape["points"] = value["points"]
    elif region.kind == "point":
        shape["points"] = [[value["x"], value["y"]]]
    else:
        crop = crop_of(value)
        (left, top, width, height), on = crop[0], masks.pixels(crop)
        shape |= {"points": [[left, top], [left + width - 1, top + height - 1]], "mask": _png(on)}
    return shape


def _png(on: "np.typing.NDArray[np.bool_]") -> str:
    from PIL import Image

    made = io.BytesIO()
    Image.fromarray(on.astype(np.uint8) * 255).convert("1").save(made, "PNG")
    return base64.b64encode(made.getvalue()).decode("ascii")


def _truth(said: object) -> bool | None:
    word = str(said).casefold()
    return True if word in ("yes", "true") else False if word in ("no", "false") else None


def _points(given: object) -> Points:
    found = (
        [[finite(axis) for axis in point] if isinstance(point, list) else [] for point in given]
        if isinstance(given, list)
        else []
    )
    if not found or any(len(point) != 2 or None in point for point in found):
        raise BadCell(Problem("points", shown(given), "[[x, y], …] in pixels", "Mend the points."))
    return [(x, y) for x, y in found if x is not None and y is not None]


LABELME = Format(
    name="labelme",
    title="labelme JSON",
    about="shapes of pictures, a JSON file for each",
    extensions=(".json",),
    media_type="application/json",
    reads=reads,
    read=read,
    write=write,
    losses=losses,
    propose=propose,
)

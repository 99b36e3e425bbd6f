"""Label Studio's shapes, in percent of the image, as values of Karat's kinds in pixels, and back: a record for each kind."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from math import cos, isfinite, radians, sin

from karat.formats.cells import BadCell
from karat.formats.label_studio_masks import packed, size_of, unpacked
from karat.formats.label_studio_paths import in_order
from karat.formats.losing import Losing
from karat.model.problem import Problem, shown

Result = dict[str, object]
Value = Mapping[str, object]
Size = tuple[float, float]

LATER = "Label these again once Karat has their kind; the file keeps them until then."
AGAIN = "Export again from a version that writes original_width and original_height."
PARTS = "polygons in several parts"
HOLES = "holes of polygons"
POINT_SIZE = 0.5
"""Percent of the image's width at which Label Studio shows a point."""


class Unheld(Exception):  # noqa: N818 - it says what of a result no kind of Karat holds
    """A result that stays in `extra`; the text names what it is."""

    def __init__(self, what: str, remedy: str = LATER) -> None:
        super().__init__(what)
        self.what = what
        self.remedy = remedy


@dataclass(frozen=True)
class Shape:
    """How a kind stands in results. `type` is theirs, `tag` the one of the configuration."""

    type: str
    tag: str
    read: Callable[[Result], object]
    """The value of a result; raises `Unheld` for what the kind cannot hold, `BadCell` for what is wrong."""
    write: Callable[[Value, Size, Losing], Iterator[dict[str, object]]]
    """The values of the regions that stand for a value on an image of a size."""


def kind_seen(value: Value) -> str | None:
    """The kind that holds all of a region on an image; None for regions of other media.

    >>> kind_seen({"x": 1, "y": 2, "width": 3, "height": 4, "rotation": 30}), kind_seen({"points": [], "closed": False})
    ('rotated_box', 'polyline')
    """
    if "rle" in value:
        return "mask"
    if "points" in value or "vertices" in value:
        is_open = value.get("closed") is False or ("vertices" in value and not value.get("closed"))
        return "polyline" if is_open else "polygon"
    if "radiusX" in value:
        return "ellipse"
    if "x" not in value:
        return None
    if "height" not in value:
        return "point"
    return "rotated_box" if _number(value.get("rotation")) else "box"


def _box(result: Result) -> object:
    """A rectangle as the sides of a box."""
    value = _value(result)
    if "points" in value:
        raise Unheld("polygons", "Give the schema a field of polygons to have them.")
    if "rle" in value:
        raise Unheld("masks", "Give the schema a field of masks to have them.")
    x, y, across, down = _numbers(value, ("x", "y", "width", "height"), "Mend the rectangle.")
    if _number(value.get("rotation")) or _number(result.get("image_rotation")):
        raise Unheld("rotated boxes", "Give the schema a field of rotated boxes to have them.")
    width, height = _size_of(result, "boxes")
    return {
        "left": x * width / 100,
        "top": y * height / 100,
        "right": (x + across) * width / 100,
        "bottom": (y + down) * height / 100,
    }


def _write_box(value: Value, size: Size, _losing: Losing) -> Iterator[dict[str, object]]:
    left, top, right, bottom = (_given(value, side) for side in ("left", "top", "right", "bottom"))
    sides = {
        "x": left / size[0],
        "y": top / size[1],
        "width": (right - left) / size[0],
        "height": (bottom - top) / size[1],
    }
    yield {**{name: share * 100 for name, share in sides.items()}, "rotation": 0}


def _rotated_box(result: Result) -> object:
    """A rectangle that is turned about its top left corner, clockwise, in pixels."""
    value = _value(result)
    x, y, across, down = _numbers(value, ("x", "y", "width", "height"), "Mend the rectangle.")
    size = _size_of(result, "rotated boxes")
    angle = _number(value.get("rotation")) or 0.0
    width, height = across * size[0] / 100, down * size[1] / 100
    to_x, to_y = _turned(width / 2, height / 2, angle)
    return {
        "cx": x * size[0] / 100 + to_x,
        "cy": y * size[1] / 100 + to_y,
        "width": width,
        "height": height,
        "angle": _normal(angle),
    }


def _write_rotated_box(value: Value, size: Size, _losing: Losing) -> Iterator[dict[str, object]]:
    width, height, angle = (_given(value, name) for name in ("width", "height", "angle"))
    to_x, to_y = _turned(width / 2, height / 2, angle)
    yield {
        "x": (_given(value, "cx") - to_x) / size[0] * 100,
        "y": (_given(value, "cy") - to_y) / size[1] * 100,
        "width": width / size[0] * 100,
        "height": height / size[1] * 100,
        "rotation": angle,
    }


def _ellipse(result: Result) -> object:
    """An ellipse about its centre, each radius in percent of its own side of the image."""
    value = _value(result)
    x, y, rx, ry = _numbers(value, ("x", "y", "radiusX", "radiusY"), "Mend the ellipse.")
    width, height = _size_of(result, "ellipses")
    angle = _normal(_number(value.get("rotation")) or 0.0)
    return {
        "cx": x * width / 100,
        "cy": y * height / 100,
        "rx": rx * width / 100,
        "ry": ry * height / 100,
        "angle": angle,
    }


def _write_ellipse(value: Value, size: Size, _losing: Losing) -> Iterator[dict[str, object]]:
    yield {
        "x": _given(value, "cx") / size[0] * 100,
        "y": _given(value, "cy") / size[1] * 100,
        "radiusX": _given(value, "rx") / size[0] * 100,
        "radiusY": _given(value, "ry") / size[1] * 100,
        "rotation": _given(value, "angle"),
    }


def _mask(result: Result) -> object:
    """A brush region as a mask."""
    given = _value(result)
    if "rle" not in given:
        raise Unheld(named(result), "Add a field for them to the schema, or map one.")
    if _number(result.get("image_rotation")):
        raise Unheld("masks on turned images")
    size = size_of(result)
    if size is None:
        raise Unheld("masks without the size of their image", AGAIN)
    try:
        crop = unpacked(given["rle"], width=size[0], height=size[1])
    except ValueError as error:
        raise BadCell(Problem("value.rle", shown(given["rle"]), str(error), "Export the region again.")) from error
    if crop is None:
        raise Unheld("brush regions in which nothing is painted", "Remove them, or paint them again.")
    return {"box": list(crop[0]), "counts": crop[1]}


def _write_mask(value: Value, size: Size, _losing: Losing) -> Iterator[dict[str, object]]:
    box = value["box"]
    left, top, width, height = (int(str(side)) for side in box) if isinstance(box, list) else (0, 0, 0, 0)
    crop = ((left, top, width, height), str(value["counts"]))
    yield {"format": "rle", "rle": packed(crop, width=int(size[0]), height=int(size[1]))}


def _point(result: Result) -> object:
    x, y = _numbers(_value(result), ("x", "y"), "Mend the point.")
    width, height = _size_of(result, "points")
    return {"x": x * width / 100, "y": y * height / 100}


def _write_point(value: Value, size: Size, _losing: Losing) -> Iterator[dict[str, object]]:
    yield {"x": _given(value, "x") / size[0] * 100, "y": _given(value, "y") / size[1] * 100, "width": POINT_SIZE}


def _polygon(result: Result) -> object:
    value = _value(result)
    points = _points(result, "polygons")
    if kind_seen(value) == "polyline":
        raise Unheld("polygons that are not closed", "Give the schema a field of lines to have them.")
    if len(points) > 3 and points[0] == points[-1]:
        points = points[:-1]
    return {"outer": [_pixels(points, _size_of(result, "polygons"))]}


def _write_polygon(value: Value, size: Size, losing: Losing) -> Iterator[dict[str, object]]:
    outer, holes = value.get("outer"), value.get("holes")
    rings = outer if isinstance(outer, list) else []
    losing.add(PARTS, int(len(rings) > 1), becomes="a region for each part")
    losing.add(HOLES, len(holes) if isinstance(holes, list) else 0, becomes="filled")
    for ring in rings:
        yield {"points": _percent(ring, size), "closed": True}


def _polyline(result: Result) -> object:
    points = _points(result, "lines")
    if kind_seen(_value(result)) == "polygon":
        raise Unheld("outlines that are closed", "Give the schema a field of polygons to have them.")
    return {"points": _pixels(points, _size_of(result, "lines"))}


def _write_polyline(value: Value, size: Size, _losing: Losing) -> Iterator[dict[str, object]]:
    names = [None, *(f"p{number}" for number, _ in enumerate(_percent(value.get("points"), size), 1))]
    vertices = [
        {"id": names[number], "x": x, "y": y, "prevPointId": names[number - 1], "isBezier": False}
        for number, (x, y) in enumerate(_percent(value.get("points"), size), 1)
    ]
    yield {"vertices": vertices, "closed": False}


SHAPES: dict[str, Shape] = {
    "box": Shape("rectanglelabels", "RectangleLabels", _box, _write_box),
    "ellipse": Shape("ellipselabels", "EllipseLabels", _ellipse, _write_ellipse),
    "mask": Shape("brushlabels", "BrushLabels", _mask, _write_mask),
    "point": Shape("keypointlabels", "KeyPointLabels", _point, _write_point),
    "polygon": Shape("polygonlabels", "PolygonLabels", _polygon, _write_polygon),
    "polyline": Shape("vectorlabels", "VectorLabels", _polyline, _write_polyline),
    "rotated_box": Shape("rectanglelabels", "RectangleLabels", _rotated_box, _write_rotated_box),
}
"""By Karat's kind. A result goes to the field of its control; what that field's kind cannot hold of it is counted."""

TYPES: dict[str, tuple[str, ...]] = {
    "rectanglelabels": ("box", "rotated_box"),
    "ellipselabels": ("ellipse",),
    "brushlabels": ("mask",),
    "keypointlabels": ("point",),
    "polygonlabels": ("polygon", "polyline"),
    "vectorlabels": ("polyline", "polygon"),
}
"""The kinds that a control's results may be of, the usual one first."""
BARE = frozenset({"brush", "ellipse", "keypoint", "polygon", "rectangle", "vector"})
"""Results that say where a region is and leave its label to another."""


def proposed(type: str, seen: set[str]) -> str | None:
    """The kind for a control with these kinds among its results: the one that holds all of them, as far as one does."""
    fitting = TYPES.get(type, tuple(SHAPES))
    wider = ("mask", "polygon", "rotated_box", "box", "polyline", "ellipse", "point")
    return next((kind for kind in wider if kind in seen and kind in fitting), fitting[0])


def _points(result: Result, what: str) -> list[list[float]]:
    """The corners of an outline or a line, in percent."""
    value = _value(result)
    given = value.get("points", value.get("vertices"))
    if not isinstance(given, list):
        raise Unheld(named(result), LATER)
    if "vertices" in value:
        given = [[vertex.get("x"), vertex.get("y")] if isinstance(vertex, dict) else [] for vertex in _plain(given)]
    points = [[_number(at) for at in point] if isinstance(point, list) else [] for point in given]
    if any(len(point) != 2 or None in point for point in points):
        raise BadCell(Problem("value.points", shown(given), "pairs of numbers in percent", f"Mend the {what[:-1]}."))
    if _number(result.get("image_rotation")):
        raise Unheld(f"{what} on turned images")
    return [[x, y] for x, y in points if x is not None and y is not None]


def _plain(vertices: list[object]) -> list[object]:
    """Vertices one after the other, with straight lines between them."""
    whole = [vertex for vertex in vertices if isinstance(vertex, dict)]
    if len(whole) < len(vertices):
        return vertices
    if any(vertex.get("isBezier") for vertex in whole):
        raise Unheld("curved lines")
    path = in_order(whole)
    if isinstance(path, str):
        raise Unheld(path, "Draw each path as a region of its own.")
    return [*path]


def _pixels(points: list[list[float]], size: Size) -> list[list[float]]:
    return [[x * size[0] / 100, y * size[1] / 100] for x, y in points]


def _percent(points: object, size: Size) -> list[list[float]]:
    return [[x / size[0] * 100, y / size[1] * 100] for x, y in points] if isinstance(points, list) else []


def _size_of(result: Result, what: str) -> Size:
    """The image's width and height in pixels."""
    if _number(result.get("image_rotation")):
        raise Unheld(f"{what} on turned images")
    width, height = _number(result.get("original_width")), _number(result.get("original_height"))
    if not width or not height:
        raise Unheld(f"{what} without the size of their image", AGAIN)
    return width, height


def _numbers(value: Value, names: tuple[str, ...], remedy: str) -> list[float]:
    found = [_number(value.get(name)) for name in names]
    numbers = [number for number in found if number is not None]
    if len(numbers) < len(names):
        expected = f"{', '.join(names[:-1])} and {names[-1]} in percent"
        raise BadCell(Problem("value", shown(value), expected, remedy))
    return numbers


def _turned(x: float, y: float, angle: float) -> tuple[float, float]:
    c, s = cos(radians(angle)), sin(radians(angle))
    return c * x - s * y, s * x + c * y


def _normal(angle: float) -> float:
    """The angle from 0 up to 180 at which a shape looks the same."""
    found = angle % 180.0
    return found if found < 180.0 else 0.0


def _given(value: Value, name: str) -> float:
    return float(str(value[name]))


def _value(result: Result) -> Value:
    value = result.get("value")
    return value if isinstance(value, dict) else {}


def named(result: Mapping[str, object]) -> str:
    """What a result is called that no kind holds."""
    return f"results of type `{str(result.get('type', 'none'))[:40]}`"


def _number(value: object) -> float | None:
    return (
        float(value)
        if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e300 and isfinite(value)
        else None
    )

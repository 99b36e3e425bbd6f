"""CVAT's shapes as values of Karat's kinds in pixels, and back: the attributes and children of one XML element."""

from collections.abc import Iterator, Mapping
from xml.etree.ElementTree import Element

import numpy as np

from karat.formats.cells import BadCell
from karat.formats.coco_numbers import finite
from karat.formats.regions import Value, corners, corners_of_rings, crop_of
from karat.geometry import masks
from karat.model.problem import Problem, shown

BACK = ("tr2", "tl2", "bl2", "br2")
"""CVAT's `tl2` is joined to its `tr1`: it names the back as it is seen from behind."""
FRONT = ("tl1", "tr1", "br1", "bl1")
LARGEST_MASK = 1 << 28
"""Pixels of one mask's box."""
Read = tuple[str, object]


def read_shape(element: Element) -> Iterator[Read]:
    """The kinds and values of an element; points are one each. Raises `BadCell` for what is wrong."""
    tag, at = element.tag, element.attrib
    turn = _number(at, "rotation") % 180 if "rotation" in at else 0.0
    if tag == "box":
        left, top, right, bottom = (_number(at, name) for name in ("xtl", "ytl", "xbr", "ybr"))
        if "rotation" in at and _number(at, "rotation"):
            middle = {"cx": (left + right) / 2, "cy": (top + bottom) / 2}
            yield "rotated_box", {**middle, "width": right - left, "height": bottom - top, "angle": turn}
        else:
            yield "box", {"left": left, "top": top, "right": right, "bottom": bottom}
    elif tag == "polygon":
        yield "polygon", {"outer": [_points(at)]}
    elif tag == "polyline":
        yield "polyline", {"points": _points(at)}
    elif tag == "points":
        yield from (("point", {"x": x, "y": y}) for x, y in _points(at))
    elif tag == "ellipse":
        yield "ellipse", {**{name: _number(at, name) for name in ("cx", "cy", "rx", "ry")}, "angle": turn}
    elif tag == "cuboid":
        front, back = ([[_number(at, f"x{name}"), _number(at, f"y{name}")] for name in face] for face in (FRONT, BACK))
        yield "cuboid", {"front": front, "back": back}
    elif tag == "mask":
        yield "mask", _mask(at)
    elif tag == "skeleton":
        yield "keypoints", _skeleton(element)


def write_shape(kind: str, value: object) -> tuple[str, dict[str, str], list[tuple[str, dict[str, str]]]]:
    """Tag, attributes, and the children of a skeleton."""
    if kind == "keypoints":
        named = value if isinstance(value, dict) else {}
        places = [(name, point) for name, point in named.items()]
        return "skeleton", {}, [("points", _joint(name, point)) for name, point in places]
    given: Value = value if isinstance(value, dict) else {}
    if kind == "box":
        return (
            "box",
            {
                name: _text(given[side])
                for name, side in zip(("xtl", "ytl", "xbr", "ybr"), ("left", "top", "right", "bottom"), strict=True)
            },
            [],
        )
    if kind == "rotated_box":
        cx, cy, width, height = (float(str(given[name])) for name in ("cx", "cy", "width", "height"))
        sides = (cx - width / 2, cy - height / 2, cx + width / 2, cy + height / 2)
        box = {name: _text(side) for name, side in zip(("xtl", "ytl", "xbr", "ybr"), sides, strict=True)}
        turn = {"rotation": _text(given["angle"])} if given["angle"] else {}
        return "box", {**box, **turn}, []
    if kind == "polygon":
        return "polygon", {"points": _listed(corners_of_rings(given.get("outer"))[0])}, []
    if kind == "polyline":
        return "polyline", {"points": _listed(corners_of_rings([given.get("points")])[0])}, []
    if kind == "point":
        return "points", {"points": f"{_text(given['x'])},{_text(given['y'])}"}, []
    if kind == "ellipse":
        turn = {"rotation": _text(given["angle"])} if given["angle"] else {}
        return "ellipse", {**{name: _text(given[name]) for name in ("cx", "cy", "rx", "ry")}, **turn}, []
    if kind == "cuboid":
        placed = dict(zip((*FRONT, *BACK), (*corners(given, "front"), *corners(given, "back")), strict=True))
        order = [*("tl1", "bl1", "tr1", "br1"), *("tl2", "bl2", "tr2", "br2")]
        return "cuboid", {f"{axis}{name}": _text(placed[name][n]) for name in order for n, axis in enumerate("xy")}, []
    crop = crop_of(given)
    left, top, width, height = crop[0]
    box = {"left": str(left), "top": str(top), "width": str(width), "height": str(height)}
    return "mask", {"rle": ", ".join(map(str, _runs(crop))), **box}, []


def _mask(at: Mapping[str, str]) -> object:
    """Run lengths of a box row by row, beginning with what is off."""
    left, top, width, height = (int(_number(at, name)) for name in ("left", "top", "width", "height"))
    text = at.get("rle", "")
    runs = np.array([int(run) for run in text.split(",") if run.strip().isdigit() and len(run) < 12], np.int64)
    if not 0 < width * height <= LARGEST_MASK or int(runs.sum()) != width * height:
        expected = f"run lengths of {width} × {height} pixels together"
        raise BadCell(Problem("rle", shown(text), expected, "Export the mask again."))
    row_by_row = np.repeat(np.arange(len(runs)) % 2 == 1, runs).reshape(height, width)
    crop = masks.of_pixels(row_by_row, left=left, top=top)
    if crop is None:
        raise BadCell(Problem("rle", shown(text), "at least one pixel", "Remove the mask."))
    return {"box": list(crop[0]), "counts": crop[1]}


def _runs(crop: masks.Crop) -> list[int]:
    flat = masks.pixels(crop).ravel()
    edges = [0, *(np.flatnonzero(np.diff(flat)) + 1).tolist(), len(flat)]
    runs = np.diff(edges).tolist()
    return [0, *runs] if flat[0] else runs


def _skeleton(element: Element) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {}
    for point in element.iter("points"):
        [x, y], *_more = _points(point.attrib)
        seen = 0 if point.get("outside") == "1" else 1 if point.get("occluded") == "1" else 2
        found[point.get("label", "")] = [x, y, seen] if seen else [0, 0, 0]
    return found


def _joint(name: str, point: list[float]) -> dict[str, str]:
    x, y, seen = point
    flags = {"outside": str(int(not seen)), "occluded": str(int(seen == 1))}
    return {"label": name, "source": "manual", **flags, "points": f"{_text(x)},{_text(y)}"}


def _points(at: Mapping[str, str]) -> list[list[float]]:
    text = at.get("points", "")
    found = [[finite(_float(axis)) for axis in pair.split(",")] for pair in text.split(";")]
    if any(len(point) != 2 or None in point for point in found):
        raise BadCell(Problem("points", shown(text), "x,y;x,y …", "Mend the points."))
    return [[x, y] for x, y in found if x is not None and y is not None]


def _number(at: Mapping[str, str], name: str) -> float:
    found = finite(_float(at.get(name, "")))
    if found is None:
        raise BadCell(Problem(name, shown(at.get(name)), "a number", "Mend the shape."))
    return found


def _float(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _listed(points: list[list[float]]) -> str:
    return ";".join(f"{_text(x)},{_text(y)}" for x, y in points)


def _text(number: object) -> str:
    """As short as a number can be without loss."""
    value = float(str(number))
    return str(int(value)) if value.is_integer() else repr(value)

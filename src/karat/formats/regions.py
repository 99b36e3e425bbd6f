"""A thing in a picture as other tools' files have it, and what it is as another kind where a project or a format lacks its own."""

from collections.abc import Mapping, Sequence

import msgspec
import numpy as np

from karat.formats.coco_shapes import Points
from karat.geometry import masks, turned
from karat.geometry.hulls import hull
from karat.model.item import Scalar
from karat.model.problem import Problem

Value = Mapping[str, object]
SIDES = 64
AROUND = "the box around them"
OUTLINE = f"an outline of {SIDES} points"
CORNERS = "the outline of their eight corners"
PIXELS = "the pixels whose middle they hold"
EDGES = "outlines along their pixels"
HOLES = "holes of polygons"
PARTS = "polygons in several parts"

NAMES = {
    "box": "boxes",
    "cuboid": "cuboids",
    "ellipse": "ellipses",
    "keypoints": "keypoints",
    "mask": "masks",
    "point": "points",
    "polygon": "polygons",
    "polyline": "lines",
    "rotated_box": "rotated boxes",
}
"""What several of a kind are called in a report of what is lost; the kinds of shapes that files of pictures have."""

AS: dict[str, dict[str, str]] = {
    "box": {"box": "", "rotated_box": "", "polygon": ""},
    "rotated_box": {"rotated_box": "", "polygon": "", "box": AROUND},
    "polygon": {"polygon": "", "mask": PIXELS, "box": AROUND},
    "mask": {"mask": "", "polygon": EDGES, "box": AROUND},
    "ellipse": {"ellipse": "", "polygon": OUTLINE, "box": AROUND},
    "cuboid": {"cuboid": "", "polygon": CORNERS, "box": AROUND},
    "polyline": {"polyline": ""},
    "point": {"point": ""},
    "keypoints": {"keypoints": ""},
}
"""What each kind may be read and written as, the best first, with what becomes of it; nothing is lost where that is empty."""


class Region(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One thing: `value` is plain JSON of its `kind`, in pixels. Keypoints by name, `{name: [x, y, visibility]}`, find their
    place in whatever template the field has; a list of them is in its order."""

    kind: str
    label: str
    value: object
    attributes: dict[str, object] = {}
    confidence: float | None = None
    group: str | None = None
    z: int | None = None
    extra: dict[str, object] = {}
    line: int | None = None


class Picture(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What one file says of one picture."""

    name: str
    """As the file names it: beside the file, in one of the usual folders, or anywhere in the source."""
    source: str
    """The file."""
    line: int | None = None
    width: int | None = None
    height: int | None = None
    regions: tuple[Region, ...] = ()
    problems: tuple[tuple[int | None, Problem], ...] = ()
    """What of it cannot be read, each with its line; it becomes rejects."""
    labels: tuple[str, ...] | None = None
    """The labels of the file, as far as it says them: what is not there was looked for. None where it does not."""
    answered: bool = True
    metadata: dict[str, Scalar] = {}
    extra: dict[str, object] = {}


def as_kind(kind: str, value: Value, other: str, size: tuple[int, int] | None = None) -> object:
    """A value of a kind as one of another that `AS` names; None where nothing is left of it.

    `size` is the picture's width and height, which masks need: without them there is none.
    """
    if kind == other:
        return value
    rings = outlines(kind, value)
    if other == "polygon":
        return {"outer": rings} if rings else None
    if other == "mask":
        return None if size is None else _mask(rings, _holes(value), size)
    around = box_around(rings)
    if around is None or other == "box":
        return around
    left, top, right, bottom = (around[side] for side in ("left", "top", "right", "bottom"))
    middle = {"cx": (left + right) / 2, "cy": (top + bottom) / 2}
    return {**middle, "width": right - left, "height": bottom - top, "angle": 0.0}


def outlines(kind: str, value: Value) -> list[Points]:
    """The outer rings of an area of any kind, without holes; of a mask, along the edges of its pixels."""
    if kind == "box":
        left, top, right, bottom = (_number(value, side) for side in ("left", "top", "right", "bottom"))
        return [[[left, top], [right, top], [right, bottom], [left, bottom]]]
    if kind == "rotated_box":
        sides = [_number(value, name) for name in ("cx", "cy", "width", "height", "angle")]
        return [_points(turned.rectangle(sides[0], sides[1], sides[2], sides[3], sides[4]))]
    if kind == "ellipse":
        sides = [_number(value, name) for name in ("cx", "cy", "rx", "ry", "angle")]
        return [_points(turned.ellipse(sides[0], sides[1], sides[2], sides[3], sides[4], SIDES))]
    if kind == "cuboid":
        return [_points(hull([(x, y) for x, y in (*corners(value, "front"), *corners(value, "back"))]))]
    if kind == "mask":
        return _edges(value)[0]
    return corners_of_rings(value.get("outer"))


def holes_of(kind: str, value: Value) -> int:
    """How many holes an area has, which most formats fill."""
    return len(_edges(value)[1]) if kind == "mask" else len(_holes(value))


def corners(value: Value, face: str) -> Points:
    """The corners of one face of a cuboid."""
    return corners_of_rings([value.get(face)])[0]


def corners_of_rings(rings: object) -> list[Points]:
    """Rings of plain JSON as floats."""
    return [[[float(x), float(y)] for x, y in ring] for ring in rings] if isinstance(rings, list | tuple) else []


def box_around(rings: Sequence[Points]) -> dict[str, float] | None:
    """The level box around all points; None without any."""
    xs, ys = [x for ring in rings for x, _ in ring], [y for ring in rings for _, y in ring]
    return {"left": min(xs), "top": min(ys), "right": max(xs), "bottom": max(ys)} if xs else None


def crop_of(value: Value) -> masks.Crop:
    """A mask's box and run lengths."""
    given = value.get("box")
    left, top, width, height = (int(str(side)) for side in given) if isinstance(given, list | tuple) else (0, 0, 0, 0)
    return (left, top, width, height), str(value.get("counts"))


def _edges(value: Value) -> tuple[list[Points], list[Points]]:
    """Outer rings and holes along the pixels of a mask: the union of its runs, column by column."""
    import shapely

    crop = crop_of(value)
    on = np.pad(masks.pixels(crop).T, ((0, 0), (1, 1)))
    steps = np.diff(on.astype(np.int8), axis=1)
    columns, starts = np.nonzero(steps == 1)
    ends = np.nonzero(steps == -1)[1]
    left, top = crop[0][:2]
    runs = shapely.box(columns + left, starts + top, columns + left + 1, ends + top)
    parts = [p for p in shapely.get_parts(shapely.simplify(shapely.union_all(runs), 0)) if p.geom_type == "Polygon"]
    outer = [_points(part.exterior.coords[:-1]) for part in parts]
    return outer, [_points(ring.coords[:-1]) for part in parts for ring in part.interiors]


def _mask(rings: Sequence[Points], holes: Sequence[Points], size: tuple[int, int]) -> dict[str, object] | None:
    ground = masks.of_rings([_pairs(ring) for ring in (*rings, *holes)], width=size[0], height=size[1])
    return None if ground is None else {"box": list(ground[0]), "counts": ground[1]}


def _holes(value: Value) -> list[Points]:
    return corners_of_rings(value.get("holes"))


def _points(ring: Sequence[Sequence[float]]) -> Points:
    return [[float(x), float(y)] for x, y in ring]


def _pairs(ring: Points) -> list[tuple[float, float]]:
    return [(x, y) for x, y in ring]


def _number(value: Value, name: str) -> float:
    return float(str(value[name]))

"""Rotated boxes and ellipses as COCO's segmentations: a rectangle is its four corners, an ellipse an outline."""

from math import atan2, degrees, hypot, pi

from karat.formats.coco_numbers import all_finite
from karat.formats.coco_shapes import Points, rings_of
from karat.geometry import turned
from karat.geometry.hulls import hull
from karat.geometry.polygons import ring_area

ELLIPSES = "ellipses"
OUTLINE = "an outline of 64 points"
CUBOIDS = "cuboids"
CORNERS = "the outline of their eight corners, which stand beside it under `cuboid`"
SIDES = 64
SQUARE_PX = 1.0
"""How far a corner may be off a right angle: files round their coordinates."""

ROUNDED_PX = 0.01
"""How far corners may be off and still be the same: files write two decimals."""


def rectangle_of(thing: dict[str, object]) -> dict[str, float] | None:
    """The rotated box of an annotation: the rectangle that its one outline is, or its box, level. None where it has neither.

    >>> rectangle_of({"segmentation": [[20, 0, 40, 20, 30, 30, 10, 10]]})["angle"]
    45.0
    """
    segmentation = thing.get("segmentation")
    rings = rings_of(segmentation)
    if rings is not None:
        return _rectangle(rings[0]) if len(rings) == 1 and len(rings[0]) == 4 else None
    box = thing.get("bbox")
    sides = all_finite(box) if isinstance(box, list) and len(box) == 4 and not segmentation else None
    if sides is None:
        return None
    x, y, width, height = sides
    return {"cx": x + width / 2, "cy": y + height / 2, "width": width, "height": height, "angle": 0.0}


def is_level(value: dict[str, float]) -> bool:
    """Whether a rotated box is no more than a box."""
    return value["angle"] % 90 == 0


def is_exact(thing: dict[str, object], value: dict[str, float]) -> bool:
    """Whether the corners of a rotated box are those of the outline that it was read of; without an outline, yes."""
    corners = turned.rectangle(value["cx"], value["cy"], value["width"], value["height"], value["angle"])
    ring = (rings_of(thing.get("segmentation")) or [[]])[0]
    return all(min(hypot(x - a, y - b) for a, b in corners) <= ROUNDED_PX for x, y in ring)


def body_of_box(value: dict[str, float]) -> dict[str, object]:
    """Segmentation, box and area of a rotated box."""
    corners = turned.rectangle(value["cx"], value["cy"], value["width"], value["height"], value["angle"])
    return _body(corners, value["width"] * value["height"])


def body_of_ellipse(value: dict[str, float]) -> dict[str, object]:
    """Segmentation, box and area of an ellipse; the outline has its area too."""
    outline = turned.ellipse(value["cx"], value["cy"], value["rx"], value["ry"], value["angle"], SIDES)
    return _body(outline, pi * value["rx"] * value["ry"])


def body_of_cuboid(value: dict[str, list[list[float]]]) -> dict[str, object]:
    """Segmentation, box and area of a cuboid as it is seen, and its corners under a key of our own."""
    ring = hull([(x, y) for face in ("front", "back") for x, y in value[face]])
    return {**_body(ring, ring_area(ring)), "cuboid": {"front": value["front"], "back": value["back"]}}


def _body(ring: turned.Ring, area: float) -> dict[str, object]:
    xs, ys = [x for x, _ in ring], [y for _, y in ring]
    box = [min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys)]
    return {"bbox": box, "area": area, "segmentation": [[at for point in ring for at in point]]}


def _rectangle(ring: Points) -> dict[str, float] | None:
    """A ring of four points as a rectangle, its width along the first side."""
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = ring
    width, height = hypot(bx - ax, by - ay), hypot(cx - bx, cy - by)
    if not width or not height:
        return None
    # Opposite sides are alike, and the diagonals as long as each other.
    sides = hypot((ax + cx) - (bx + dx), (ay + cy) - (by + dy))
    diagonals = abs(hypot(cx - ax, cy - ay) - hypot(dx - bx, dy - by))
    if max(sides, diagonals) > SQUARE_PX:
        return None
    angle = degrees(atan2(by - ay, bx - ax)) % 180
    middle = {"cx": (ax + bx + cx + dx) / 4, "cy": (ay + by + cy + dy) / 4}
    return {**middle, "width": width, "height": height, "angle": angle if angle < 180 else 0.0}

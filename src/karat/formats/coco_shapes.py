"""COCO's segmentations as polygons, and back."""

from collections.abc import Sequence

from karat.formats.cells import BadCell
from karat.formats.coco_numbers import all_finite
from karat.formats.sound_rings import sound
from karat.geometry import polygons
from karat.model.kind import AnyKind, Facts
from karat.model.problem import Problem, shown
from karat.model.schema import Field

Points = list[list[float]]


def rings_of(segmentation: object) -> list[Points] | None:
    """Each polygon of a segmentation as a ring of points; None where there is no polygon in it.

    What in it is no ring is left out, and `broken_rings` counts it.

    >>> rings_of([[0, 0, 4, 0, 4, 4, 0, 0]])
    [[[0.0, 0.0], [4.0, 0.0], [4.0, 4.0]]]
    """
    if not isinstance(segmentation, list):
        return None
    return [ring for flat in segmentation if (ring := _ring(flat)) is not None] or None


def broken_rings(segmentation: object) -> int:
    """How many parts of a segmentation are no ring: fewer than three points, an odd count of numbers, or no numbers.

    >>> broken_rings([[0, 0, 4, 0, 4, 4], [1, 1, 2, 2]])
    1
    """
    return sum(_ring(flat) is None and flat != [] for flat in segmentation) if isinstance(segmentation, list) else 0


def outline_of(thing: dict[str, object]) -> list[object] | None:
    """The box around polygons as x, y, width and height, for an annotation that has no box of its own."""
    points = [point for ring in rings_of(thing.get("segmentation")) or () for point in ring]
    if not points:
        return None
    x, y = [x for x, _ in points], [y for _, y in points]
    return [min(x), min(y), max(x) - min(x), max(y) - min(y)]


def is_rectangle(rings: Sequence[Points]) -> bool:
    """Whether polygons only repeat their box, as tools for boxes write them."""
    if len(rings) != 1 or len(rings[0]) != 4:
        return False
    corners = {(x, y) for x, y in rings[0]}
    return len(corners) == 4 and len({x for x, _ in corners}) == 2 and len({y for _, y in corners}) == 2


def polygon_of(thing: dict[str, object], field: Field, kind: AnyKind, facts: Facts) -> tuple[object, bool]:
    """The polygon of an annotation, and whether its rings had to be mended; raises `BadCell` where there is none.

    Outlines that cross themselves are common in COCO's own files: their area stays, their rings become sound.
    """
    rings = rings_of(thing.get("segmentation"))
    if rings is None:
        raise BadCell(
            Problem("segmentation", shown(thing.get("segmentation")), "[[x, y, …], …]", "Give polygons in pixels.")
        )
    return sound(rings, field, kind, facts)


def body_of(value: dict[str, object]) -> dict[str, object]:
    """Segmentation, box and area of a polygon. COCO has no holes: the box and the outlines stay, the area is without them."""
    outer, holes = _rings(value.get("outer")), _rings(value.get("holes"))
    xs, ys = [x for ring in outer for x, _ in ring], [y for ring in outer for _, y in ring]
    area = sum(map(polygons.ring_area, outer)) - sum(map(polygons.ring_area, holes))
    return {
        "bbox": [min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys)],
        "area": area,
        "segmentation": [[at for point in ring for at in point] for ring in outer],
    }


def _rings(value: object) -> list[list[tuple[float, float]]]:
    return [[(float(x), float(y)) for x, y in ring] for ring in value] if isinstance(value, list) else []


def _ring(flat: object) -> Points | None:
    """A row of coordinates as points; a last point that repeats the first is left out."""
    if not isinstance(flat, list) or len(flat) < 6 or len(flat) % 2:
        return None
    numbers = all_finite(flat)
    if numbers is None:
        return None
    points = [[x, y] for x, y in zip(numbers[0::2], numbers[1::2], strict=True)]
    return points[:-1] if len(points) > 3 and points[0] == points[-1] else points

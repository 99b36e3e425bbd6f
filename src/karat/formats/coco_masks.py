"""COCO's run lengths as masks, polygons as masks where a project has no field of polygons, and masks back as run lengths."""

from functools import reduce

import numpy as np

from karat.formats.cells import BadCell, checked
from karat.formats.coco_numbers import whole
from karat.formats.coco_shapes import Points, rings_of
from karat.geometry import masks
from karat.model.kind import AnyKind, Facts
from karat.model.problem import Problem, shown
from karat.model.schema import Field

LARGEST = 1 << 31
"""Pixels of a picture, beyond which a size is a slip."""
LONGEST = 1 << 20
"""Pixels of a side: work and memory grow with the columns of a mask, however few runs it has."""


MOST_CROSSINGS = 1 << 22
"""Columns that the lines of one outline cross together when it is read as a mask: they take some half GiB."""


def holds_runs(segmentation: object) -> bool:
    """Whether a segmentation is a mask in run lengths, compressed or not."""
    return isinstance(segmentation, dict) and "counts" in segmentation and "size" in segmentation


def mask_of(thing: dict[str, object], field: Field, kind: AnyKind, facts: Facts) -> object:
    """The mask of an annotation; raises `BadCell` where there is none.

    Polygons become the pixels whose middle lies in one of them.
    """
    segmentation = thing.get("segmentation")
    crop = _of_runs(segmentation, facts) if isinstance(segmentation, dict) else _of_polygons(segmentation, facts)
    if crop is None:
        raise BadCell(
            Problem(
                "segmentation", shown(segmentation), "at least one pixel", "Paint something, or remove the annotation."
            )
        )
    return checked({"box": list(crop[0]), "counts": crop[1]}, field, kind, facts)


def body_of(value: dict[str, object], facts: Facts) -> dict[str, object]:
    """Segmentation, box and area of a mask, on a picture of its size; without one, on the smallest that holds it."""
    given = value["box"]
    left, top, width, height = (int(str(side)) for side in given) if isinstance(given, list | tuple) else (0, 0, 0, 0)
    crop = ((left, top, width, height), str(value["counts"]))
    size = {"width": facts.width or left + width, "height": facts.height or top + height}
    return {
        "bbox": [float(side) for side in crop[0]],
        "area": masks.area(crop),
        "segmentation": {"size": [size["height"], size["width"]], "counts": masks.encode(masks.whole(crop, **size))},
    }


def _of_runs(given: dict[str, object], facts: Facts) -> masks.Crop | None:
    counts = given.get("counts")
    size = _sound_size(given.get("size"), facts)
    numbers = _sizes(counts)
    runs = masks.decode(counts) if isinstance(counts, str) else None if numbers is None else np.array(numbers, np.int64)
    if runs is None or sum(runs.tolist()) != size[0] * size[1]:
        raise BadCell(
            Problem(
                "segmentation.counts",
                shown(counts),
                f"run lengths of {size[0] * size[1]} pixels together",
                "Mend the mask.",
            )
        )
    return masks.of_runs((0, 0, size[1], size[0]), runs)


def _of_polygons(given: object, facts: Facts) -> masks.Crop | None:
    rings = rings_of(given)
    if rings is None:
        raise BadCell(
            Problem(
                "segmentation", shown(given), "run lengths, or [[x, y, …], …]", "Give a mask or polygons in pixels."
            )
        )
    if not facts.width or not facts.height:
        raise BadCell(
            Problem("segmentation", shown(given), "a picture of known size", "Give the image its width and height.")
        )
    size = {"width": facts.width, "height": facts.height}
    if max(facts.width, facts.height) > LONGEST:
        raise BadCell(
            Problem(
                "segmentation", shown(size), f"a picture of up to {LONGEST} pixels a side", "Mend the image's size."
            )
        )
    for ring in rings:
        if (columns := _crossed(ring, facts.width)) > MOST_CROSSINGS:
            got, most = f"lines that cross {columns} columns of pixels", f"at most {MOST_CROSSINGS} in one outline"
            raise BadCell(
                Problem(
                    "segmentation",
                    got,
                    most,
                    "Draw a simpler outline, or give the schema a field of polygons that has the label.",
                )
            )
    parts = [part for ring in rings if (part := masks.of_rings([[(x, y) for x, y in ring]], **size)) is not None]
    return reduce(masks.union, parts) if parts else None


def _sound_size(given: object, facts: Facts) -> tuple[int, int]:
    """Height and width of a mask in run lengths: the picture's, where that is known."""
    size = _sizes(given)
    if size is None or len(size) != 2 or max(size) > LONGEST or size[0] * size[1] > LARGEST:
        expected = f"[height, width] in pixels, up to {LONGEST} a side"
        raise BadCell(Problem("segmentation.size", shown(given), expected, "Give the size of the picture."))
    known = (facts.height, facts.width)
    if any(side is not None and side != own for side, own in zip(known, size, strict=True)):
        expected = shown([own if side is None else side for side, own in zip(known, size, strict=True)])
        raise BadCell(
            Problem(
                "segmentation.size",
                shown(given),
                expected,
                "Give the mask of this picture: run lengths are [height, width], as the image is.",
            )
        )
    return size[0], size[1]


def _crossed(ring: Points, width: int) -> int:
    """How many columns of a picture the lines of a ring cross together, at most."""
    at = [min(max(x, 0.0), float(width)) for x, _ in ring]
    return int(sum(abs(a - b) for a, b in zip(at, [*at[1:], at[0]], strict=True)))


def _sizes(value: object) -> list[int] | None:
    """Whole numbers from 0; None where one of them is none."""
    if not isinstance(value, list):
        return None
    found = [number for n in value if (number := whole(n)) is not None and 0 <= number < LARGEST]
    return found if len(found) == len(value) else None

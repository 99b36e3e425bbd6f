"""COCO's run lengths as masks, polygons as masks where a project has no field of polygons, and masks back as run lengths."""

from functools import reduce
from typing import TypeGuard

import numpy as np

from karat.formats.cells import BadCell, checked
from karat.formats.coco_shapes import rings_of
from karat.geometry import masks
from karat.model.kind import AnyKind, Facts
from karat.model.problem import Problem, shown
from karat.model.schema import Field

LARGEST = 1 << 31
"""Pixels of a picture, beyond which a size is a slip."""
LONGEST = 1 << 20
"""Pixels of a side: work and memory grow with the columns of a mask, however few runs it has."""


def holds_runs(segmentation: object) -> bool:
    """Whether a segmentation is a mask in run lengths, compressed or not."""
    return isinstance(segmentation, dict) and "counts" in segmentation and "size" in segmentation


def mask_of(thing: dict[str, object], field: Field, kind: AnyKind, facts: Facts) -> object:
    """The mask of an annotation; raises `BadCell` where there is none.

    Polygons become the pixels whose middle lies in one of them.
    """
    segmentation = thing.get("segmentation")
    crop = _of_runs(segmentation) if isinstance(segmentation, dict) else _of_polygons(segmentation, facts)
    if crop is None:
        raise BadCell(Problem("segmentation", shown(segmentation), "at least one pixel", "Paint something, or remove the annotation."))
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


def _of_runs(given: dict[str, object]) -> masks.Crop | None:
    size, counts = given.get("size"), given.get("counts")
    if not _are_sizes(size) or len(size) != 2 or max(size) > LONGEST or size[0] * size[1] > LARGEST:
        expected = f"[height, width] in pixels, up to {LONGEST} a side"
        raise BadCell(Problem("segmentation.size", shown(size), expected, "Give the size of the picture."))
    runs = masks.decode(counts) if isinstance(counts, str) else np.array(counts, np.int64) if _are_sizes(counts) else None
    if runs is None or sum(runs.tolist()) != size[0] * size[1]:
        raise BadCell(
            Problem("segmentation.counts", shown(counts), f"run lengths of {size[0] * size[1]} pixels together", "Mend the mask.")
        )
    return masks.of_runs((0, 0, size[1], size[0]), runs)


def _of_polygons(given: object, facts: Facts) -> masks.Crop | None:
    rings = rings_of(given)
    if rings is None:
        raise BadCell(Problem("segmentation", shown(given), "run lengths, or [[x, y, …], …]", "Give a mask or polygons in pixels."))
    if not facts.width or not facts.height:
        raise BadCell(Problem("segmentation", shown(given), "a picture of known size", "Give the image its width and height."))
    size = {"width": facts.width, "height": facts.height}
    if max(facts.width, facts.height) > LONGEST:
        raise BadCell(Problem("segmentation", shown(size), f"a picture of up to {LONGEST} pixels a side", "Mend the image's size."))
    parts = [part for ring in rings if (part := masks.of_rings([[(x, y) for x, y in ring]], **size)) is not None]
    return reduce(masks.union, parts) if parts else None


def _are_sizes(value: object) -> TypeGuard[list[int]]:
    return isinstance(value, list) and all(isinstance(n, int) and not isinstance(n, bool) and 0 <= n < LARGEST for n in value)

"""A mask: the pixels that a thing covers, in the image after EXIF orientation."""

from collections.abc import Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from karat.geometry import masks
from karat.kinds.averages import ALIKE, shares, weighted_medoid
from karat.model.kind import Facts, Kind, WhereOptions
from karat.model.problem import Problem, shown
from karat.model.schema import Field

LARGEST_PX = 1 << 20
"""The longest side of an image that masks lie on: work and memory grow with their columns, however few runs they have."""


class Mask(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """COCO's compressed column-major run lengths of a part of the image.

    `box` is left, top, width and height of the smallest rectangle around the mask, in whole pixels; `counts` fill it.
    """

    box: tuple[int, int, int, int]
    counts: str


class MaskOptions(WhereOptions, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """`cut` is 1 - IoU: two masks that overlap by less than half are two things."""

    overlap: bool = True
    """Whether a pixel may belong to several masks of the field; without it, painting takes pixels from the others."""
    instances: bool = True
    """Whether each thing has a mask of its own; without it, each label has one mask, as in semantic segmentation."""


def check(value: Mask, _field: Field, facts: Facts) -> list[Problem]:
    """The runs fill the box, the box lies in the image and is the smallest around the mask, and some pixel is on."""
    return _box_problems(value, facts) or _run_problems(value)


def distance(a: Mask, b: Mask, _field: Field) -> float:
    """1 - intersection over union of the pixels (Jaccard 1901); 0 for equal masks, 1 for none in common."""
    return 0.0 if a == b else masks.distance((a.box, a.counts), (b.box, b.counts))


def distances(a: Sequence[Mask], b: Sequence[Mask], _field: Field) -> NDArray[np.float64]:
    """The matrix of `distance`, shape (len(a), len(b))."""
    return masks.distances([(m.box, m.counts) for m in a], [(m.box, m.counts) for m in b])


def merge(values: Sequence[Mask], weights: Sequence[float], field: Field) -> Mask:
    """The pixels that more than half of the weight has on: the majority vote on segmentations (Heckemann et al. 2006).

    A pixel at exactly half is kept if the first value has it. Masks of which no pixel has a majority merge to the one
    nearest to all.
    """
    if all(value == values[0] for value in values):
        return values[0]
    found = masks.majority([(v.box, v.counts) for v in values], shares(weights), alike=ALIKE)
    return weighted_medoid(values, weights, lambda a, b: distance(a, b, field)) if found is None else Mask(*found)


def _box_problems(value: Mask, facts: Facts) -> list[Problem]:
    found: list[Problem] = []
    for axis, known in enumerate((facts.width, facts.height)):
        size = min(known or LARGEST_PX, LARGEST_PX)
        at, length = value.box[axis], value.box[axis + 2]
        if not 0 <= at < size:
            inside = "Keep the mask inside the image; pixels count after EXIF orientation."
            found.append(Problem(f"box[{axis}]", shown(at), f"0 to {size - 1}", inside))
        elif not 0 < length <= size - at:
            given = "Give the box that the runs fill, inside the image."
            found.append(Problem(f"box[{axis + 2}]", shown(length), f"1 to {size - at}", given))
    return found


def _run_problems(value: Mask) -> list[Problem]:
    _, _, width, height = value.box
    runs = masks.decode(value.counts)
    if runs is None or masks.encode(runs) != value.counts or not runs[1:].all():
        return [
            Problem(
                "counts", shown(value.counts), "COCO's compressed run lengths", "Encode the mask as pycocotools does."
            )
        ]
    if int(runs.sum()) != width * height:
        fill = f"runs of {width * height} pixels together"
        return [Problem("counts", f"{int(runs.sum())} pixels", fill, "Give the runs of the box, column by column.")]
    tight = masks.tight(runs, height)
    if tight is None:
        return [Problem("counts", shown(value.counts), "at least one pixel", "Paint something, or remove the mask.")]
    if tight == (0, 0, width, height):
        return []
    left, top = value.box[0] + tight[0], value.box[1] + tight[1]
    smallest = shown([left, top, *tight[2:]])
    return [
        Problem("box", shown(value.box), f"the smallest box, {smallest}", "Crop the runs to the pixels that are on.")
    ]


MASK = Kind(
    name="mask",
    version=1,
    role="where",
    value=Mask,
    options=MaskOptions,
    streams=("image",),
    check=check,
    distance=distance,
    merge=merge,
    distances=distances,
)

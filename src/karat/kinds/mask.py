"""A mask: the pixels that a thing covers, in the image after EXIF orientation."""

from collections.abc import Sequence
from itertools import combinations

import msgspec
import numpy as np
from numpy.typing import NDArray

from karat.geometry import masks
from karat.geometry.mask_overlaps import collisions, common, parted
from karat.kinds.averages import ALIKE, shares, weighted_medoid
from karat.model.kind import Facts, Kind, Together, WhereOptions
from karat.model.loosening import allowed
from karat.model.problem import Problem, shown
from karat.model.response import Annotation
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


def one_per_label(field: Field) -> bool:
    """Whether each label has one mask, as `instances: false` says."""
    return not _options(field).instances


def check_together(annotations: Sequence[Annotation], field: Field) -> list[tuple[int, Problem]]:
    """Without instances each label has one mask, and without overlap each pixel belongs to one; the later is at fault."""
    return [
        *([] if _options(field).instances else _repeated(annotations)),
        *([] if _options(field).overlap else _overlapping(annotations)),
    ]


def settle(values: Sequence[Mask], votes: Sequence[Sequence[tuple[Mask, float]]], field: Field) -> list[Mask | None]:
    """Where masks may not overlap, a pixel of several goes to the one that more weight has marked there, a tie to the first."""
    found: list[masks.Crop | None] = [(value.box, value.counts) for value in values]
    if _options(field).overlap:
        return list(values)
    given = [[((value.box, value.counts), weight) for value, weight in of] for of in votes]
    for i, j in combinations(range(len(found)), 2):
        a, b = found[i], found[j]
        if a is not None and b is not None and collisions([a, b]):
            found[i], found[j] = parted(a, b, (given[i], given[j]), alike=ALIKE)
    return [None if crop is None else Mask(*crop) for crop in found]


def _repeated(annotations: Sequence[Annotation]) -> list[tuple[int, Problem]]:
    first: dict[str | None, str] = {}
    found: list[tuple[int, Problem]] = []
    for index, annotation in enumerate(annotations):
        other = first.setdefault(annotation.label, annotation.id)
        if other != annotation.id:
            got = f"`{annotation.id}`, another {annotation.label} beside `{other}`"
            do = f"Add its pixels to `{other}` and remove it: the field's `instances` is false."
            found.append((index, Problem("", got, "one mask for each label", do)))
    return found


def _overlapping(annotations: Sequence[Annotation]) -> list[tuple[int, Problem]]:
    crops = [_crop(annotation) for annotation in annotations]
    found: list[tuple[int, Problem]] = []
    for i, j in collisions(crops):
        first, second = annotations[i], annotations[j]
        got = f"{common(crops[i], crops[j])} pixels of `{second.id}` ({second.label}) that `{first.id}` ({first.label}) has"
        do = f"Erase them from `{first.id}` or from `{second.id}`: the field's `overlap` is false."
        found.append((j, Problem("", got, "pixels that belong to one mask only", do)))
    return found


def _crop(annotation: Annotation) -> masks.Crop:
    assert isinstance(annotation.value, Mask), annotation.value
    return annotation.value.box, annotation.value.counts


def _options(field: Field) -> MaskOptions:
    return field.options if isinstance(field.options, MaskOptions) else MaskOptions()


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
    looser={"instances": allowed, "overlap": allowed},
    streams=("image",),
    check=check,
    distance=distance,
    merge=merge,
    distances=distances,
    together=Together(one_per_label=one_per_label, check=check_together, settle=settle),
)

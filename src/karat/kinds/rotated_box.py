"""A rotated box: a rectangle at an angle, in pixels of the image after EXIF orientation: a ship from above, a line of text."""

from collections.abc import Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from karat.geometry import polygons, turned
from karat.kinds.averages import weighted_medoid
from karat.kinds.turned import Row, between_turned, check_turned, merge_turned
from karat.model.kind import Facts, Kind, WhereOptions
from karat.model.problem import Problem
from karat.model.schema import Field


class RotatedBox(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Pixels from the image's top left corner to the centre; width and height as drawn, neither is always the longer."""

    cx: float
    cy: float
    width: float
    height: float
    angle: float
    """Degrees clockwise on the screen from the x axis to the side that `width` measures, from 0 up to 180, where it is 0 again."""


class RotatedBoxOptions(WhereOptions, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """`cut` is 1 - IoU: two boxes that overlap by less than half are two things."""


def check(value: RotatedBox, _field: Field, facts: Facts) -> list[Problem]:
    """The centre lies in the image, both its sides have a length, and its angle is in the normal form; parts of it may lie outside."""
    return check_turned(_row(value), RotatedBox.__struct_fields__, facts)


def distance(a: RotatedBox, b: RotatedBox, _field: Field) -> float:
    """1 - intersection over union of the areas (Jaccard 1901), exact; 0 for the same area in any form, 1 for none in common."""
    return 0.0 if a == b else polygons.area_distance(_area(a), _area(b))


def distances(a: Sequence[RotatedBox], b: Sequence[RotatedBox], _field: Field) -> NDArray[np.float64]:
    """The matrix of `distance`, shape (len(a), len(b))."""
    return polygons.area_distances([_area(v) for v in a], [_area(v) for v in b])


def merge(values: Sequence[RotatedBox], weights: Sequence[float], field: Field) -> RotatedBox:
    """The weighted mean of the boxes near the weighted median, angles as angles (`turned.merge_turned`).

    It is written in the form of the one nearest to all: which of its sides is the width is said there.
    """
    if all(value == values[0] for value in values):
        return values[0]
    middle = weighted_medoid(values, weights, lambda a, b: distance(a, b, field))
    return RotatedBox(*merge_turned([_row(v) for v in values], weights, values.index(middle)))


def between(a: RotatedBox, b: RotatedBox, share: float) -> RotatedBox:
    """At `share` of the way from `a` to `b`, turned by the shorter way."""
    return RotatedBox(*between_turned(_row(a), _row(b), share))


def _row(value: RotatedBox) -> Row:
    return value.cx, value.cy, value.width, value.height, value.angle


def _area(value: RotatedBox) -> polygons.Area:
    return [turned.rectangle(*_row(value))], []


ROTATED_BOX = Kind(
    name="rotated_box",
    version=1,
    role="where",
    value=RotatedBox,
    options=RotatedBoxOptions,
    streams=("image", "document"),
    check=check,
    distance=distance,
    merge=merge,
    distances=distances,
    between=between,
)

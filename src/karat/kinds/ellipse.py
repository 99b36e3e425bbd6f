"""An ellipse, in pixels of the image after EXIF orientation: a cell, a wheel, a pupil."""

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


class Ellipse(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Pixels from the image's top left corner to the centre, and the two radii; neither is always the longer."""

    cx: float
    cy: float
    rx: float
    ry: float
    angle: float
    """Degrees clockwise on the screen from the x axis to the radius `rx`, from 0 up to 180, where it is 0 again."""


class EllipseOptions(WhereOptions, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """`cut` is 1 - IoU: two ellipses that overlap by less than half are two things."""


def check(value: Ellipse, _field: Field, facts: Facts) -> list[Problem]:
    """The centre lies in the image, both its radii have a length, and its angle is in the normal form; parts of it may lie outside."""
    return check_turned(_row(value), Ellipse.__struct_fields__, facts)


def distance(a: Ellipse, b: Ellipse, _field: Field) -> float:
    """1 - intersection over union of the areas (Jaccard 1901), to 0.0002, of polygons with 256 sides and the same areas; 0 for the same area in any form, 1 for none in common."""
    return 0.0 if a == b else polygons.area_distance(_area(a), _area(b))


def distances(a: Sequence[Ellipse], b: Sequence[Ellipse], _field: Field) -> NDArray[np.float64]:
    """The matrix of `distance`, shape (len(a), len(b))."""
    return polygons.area_distances([_area(v) for v in a], [_area(v) for v in b])


def merge(values: Sequence[Ellipse], weights: Sequence[float], field: Field) -> Ellipse:
    """The weighted mean of the ellipses near the weighted median, angles as angles (`turned.merge_turned`).

    It is written in the form of the one nearest to all: which of its radii is `rx` is said there.
    """
    if all(value == values[0] for value in values):
        return values[0]
    middle = weighted_medoid(values, weights, lambda a, b: distance(a, b, field))
    return Ellipse(*merge_turned([_row(v) for v in values], weights, values.index(middle)))


def between(a: Ellipse, b: Ellipse, share: float) -> Ellipse:
    """At `share` of the way from `a` to `b`, turned by the shorter way."""
    return Ellipse(*between_turned(_row(a), _row(b), share))


def _row(value: Ellipse) -> Row:
    return value.cx, value.cy, value.rx, value.ry, value.angle


def _area(value: Ellipse) -> polygons.Area:
    return [turned.ellipse(*_row(value))], []


ELLIPSE = Kind(
    name="ellipse",
    version=1,
    role="where",
    value=Ellipse,
    options=EllipseOptions,
    streams=("image", "document"),
    check=check,
    distance=distance,
    merge=merge,
    distances=distances,
    between=between,
)

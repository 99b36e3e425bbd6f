"""A polyline: a line through points, in pixels of the image after EXIF orientation: a lane, a crack, a vessel."""

from collections.abc import Sequence
from typing import Annotated, Literal

import msgspec
import numpy as np
from numpy.typing import NDArray

from karat.geometry import lines
from karat.kinds.averages import in_range, steady_mean, weighted_medoid
from karat.kinds.places import LEAST_PX, Place, first_outside
from karat.model.kind import Facts, Kind, WhereOptions
from karat.model.loosening import freely
from karat.model.problem import Problem, shown
from karat.model.schema import Field

REACH_PX = 20.0
"""At 1280 x 720 a lane that is farther off counts as missed in the TuSimple benchmark (2017)."""


class Polyline(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Two points or more, from the beginning of the line to its end. It may cross itself."""

    points: tuple[Place, ...]


class PolylineOptions(WhereOptions, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """How lines are compared.

    With the usual `cut` of 0.5, long lines side by side are the same thing up to half of `reach` apart by `boundary`, and
    up to a third of it by `hull`, where half is a distance of 2/3.
    """

    measure: Literal["boundary", "hull"] = "boundary"
    """`boundary`: how far they run apart; `hull`: how little they overlap, drawn `reach` wide."""
    reach: Annotated[float, msgspec.Meta(ge=LEAST_PX, le=100_000)] = REACH_PX
    """Pixels from which on two places have nothing in common. Scale it with your pictures."""
    directed: bool = False
    """Whether a line and the same line drawn from its end are different things."""


def check(value: Polyline, _field: Field, facts: Facts) -> list[Problem]:
    """Two points in the image, not all in one place, give or take a hundredth of a pixel."""
    if len(value.points) < 2:
        return [Problem("points", shown(value.points), "two points or more", "Add points, or remove the line.")]
    if problem := first_outside("points", value.points, facts):
        return [problem]
    x, y = value.points[0]
    if all(max(abs(point[0] - x), abs(point[1] - y)) < LEAST_PX for point in value.points):
        return [
            Problem("points", shown(value.points), "points in more than one place", "Move a point, or remove the line.")
        ]
    return []


def distance(a: Polyline, b: Polyline, field: Field) -> float:
    """How far the lines run apart, 0 to 1, as a share of the field's `reach` in pixels.

    `boundary`: 1 - the F measure of boundaries (Martin, Fowlkes and Malik 2004), where a place counts the less the
    farther the other line is, and nothing from the reach on. `hull`: 1 - IoU of the lines drawn `reach` wide (Pan et al.
    2018). In pixels, and not of the lines' own size, since a long lane is drawn no less exactly than a short one. With
    `directed`, lines that run in opposite ways are at 1.
    """
    options = _options(field)
    if a == b:
        return 0.0
    if options.directed and lines.are_opposite(a.points, b.points):
        return 1.0
    measure = lines.hull_distance if options.measure == "hull" else lines.boundary_distance
    return measure(a.points, b.points, options.reach)


def distances(a: Sequence[Polyline], b: Sequence[Polyline], field: Field) -> NDArray[np.float64]:
    """The matrix of `distance`, shape (len(a), len(b))."""
    options = _options(field)
    measure = lines.hull_distances if options.measure == "hull" else lines.boundary_distances
    found = measure([v.points for v in a], [v.points for v in b], options.reach)
    if options.directed:
        for row, column in np.argwhere(found < 1):
            if a[row] != b[column] and lines.are_opposite(a[row].points, b[column].points):
                found[row, column] = 1.0
    return found


def merge(values: Sequence[Polyline], weights: Sequence[float], field: Field) -> Polyline:
    """The line nearest to all, each of its points moved to the middle of where the lines run there.

    The line is the weighted medoid. An inner point meets the nearest place of each other line, an end the end that
    belongs to it; whatever lies a reach or more from the median of these counts nothing (`averages.steady_mean`), so
    fewer than half of the weight cannot pull the line away.
    """
    if all(value == values[0] for value in values):
        return values[0]
    middle = weighted_medoid(values, weights, lambda a, b: distance(a, b, field))
    own = np.asarray(middle.points, np.float64)
    met = []
    for value in values:
        points = value.points[::-1] if lines.are_opposite(middle.points, value.points) else value.points
        places = own if value == middle else lines.nearest(points, own)
        met.append([points[0], *map(tuple, places[1:-1].tolist()), points[-1]])
    reach = (_options(field).reach,) * 2
    moved = tuple(steady_mean(places, weights, lambda _middle: reach) for places in zip(*met, strict=True))
    xs, ys = zip(*(point for value in values for point in value.points), strict=True)
    merged = Polyline(tuple((in_range(x, xs), in_range(y, ys)) for x, y in moved))
    return middle if check(merged, field, Facts()) else merged


def _options(field: Field) -> PolylineOptions:
    return field.options if isinstance(field.options, PolylineOptions) else PolylineOptions()


POLYLINE = Kind(
    name="polyline",
    version=1,
    role="where",
    value=Polyline,
    options=PolylineOptions,
    looser={"directed": freely, "measure": freely, "reach": freely},
    streams=("image", "document"),
    check=check,
    distance=distance,
    merge=merge,
    distances=distances,
)

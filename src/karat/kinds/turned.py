"""What shapes with a centre, two sizes and an angle have in common: boxes and ellipses that are turned."""

from collections.abc import Sequence
from math import cos, isfinite, radians, sin

from karat.kinds.averages import in_range, steady_mean
from karat.kinds.places import LARGEST_PX, LEAST_PX, outside
from karat.model.kind import Facts
from karat.model.problem import Problem, shown

HALF_TURN = 180.0
"""A shape turned by so many degrees is the same shape: angles are stored from 0 up to here, which is 0 again."""
FAR = 0.75
"""Of the median shape's size: one whose centre or size is so far from it counts nothing in a merge."""
FAR_DEGREES = 45.0
"""Turned by a quarter, a shape is the same one with its sizes exchanged, so nothing is farther."""

Row = tuple[float, float, float, float, float]
"""cx, cy, the size along the angle, the size across it, the angle in degrees."""


def check_turned(row: Row, names: Sequence[str], facts: Facts) -> list[Problem]:
    """The centre lies in the image, both sizes are a hundredth of a pixel or more, and the angle is in its normal form.

    Corners may lie outside: a turned box around a thing at the edge of the picture has some there. `names` are those of
    the value, in the order of the row.
    """
    cx, cy, along, across, angle = row
    found = [outside(names[0], cx, facts.width), outside(names[1], cy, facts.height)]
    found += [_size(names[2], along), _size(names[3], across), _angle(names[4], angle)]
    return [problem for problem in found if problem]


def merge_turned(rows: Sequence[Row], weights: Sequence[float], nearest: int) -> Row:
    """The weighted mean of the shapes that lie near the weighted median, angles averaged as angles.

    Each row is first written in the form nearest to that of `rows[nearest]`: the same shape at 90, 180 or 270 degrees
    more, with its sizes exchanged where that is odd. Then all angles lie within 45 degrees of one another's like, and
    their mean is the mean on the circle of directions. Centres are averaged along and across that angle, so that a far
    shape is told by the size that it is far in (`averages.steady_mean`).
    """
    reference = rows[nearest]
    like = [_like(row, reference[4]) for row in rows]
    flat = [(*_into(reference, cx, cy), along, across, angle - reference[4]) for cx, cy, along, across, angle in like]
    x, y, along, across, turn = steady_mean(flat, weights, _reach)
    cx, cy = (
        in_range(at, column) for at, column in zip(_back(reference, x, y), [*zip(*rows, strict=True)][:2], strict=True)
    )
    return (cx, cy, along, across, normal(reference[4] + turn))


def between_turned(a: Row, b: Row, share: float) -> Row:
    """At `share` of the way from `a` to `b`, the angle by the shorter way."""
    turn = (b[4] - a[4] + HALF_TURN / 2) % HALF_TURN - HALF_TURN / 2
    cx, cy, along, across = ((1 - share) * x + share * y for x, y in zip(a[:4], b[:4], strict=True))
    return cx, cy, along, across, normal(a[4] + share * turn)


def normal(angle: float) -> float:
    """The angle from 0 up to 180 at which a shape looks the same.

    >>> normal(190), normal(-10), normal(180), normal(-1e-20)
    (10.0, 170.0, 0.0, 0.0)
    """
    found = float(angle % HALF_TURN)
    return found if found < HALF_TURN else 0.0


def _like(row: Row, angle: float) -> Row:
    quarters = round((angle - row[4]) / 90)
    cx, cy, along, across, own = row
    sizes = (across, along) if quarters % 2 else (along, across)
    return cx, cy, *sizes, own + 90 * quarters


def _into(row: Row, x: float, y: float) -> tuple[float, float]:
    """A place in the axes of a shape."""
    c, s = cos(radians(row[4])), sin(radians(row[4]))
    return c * (x - row[0]) + s * (y - row[1]), c * (y - row[1]) - s * (x - row[0])


def _back(row: Row, x: float, y: float) -> tuple[float, float]:
    c, s = cos(radians(row[4])), sin(radians(row[4]))
    return row[0] + c * x - s * y, row[1] + s * x + c * y


def _reach(middle: Sequence[float]) -> Row:
    along, across = FAR * middle[2], FAR * middle[3]
    return along, across, along, across, FAR_DEGREES


def _size(name: str, size: float) -> Problem | None:
    if not isfinite(size):
        return Problem(name, shown(size), "a finite number", "Give the size in pixels.")
    if LEAST_PX <= size <= LARGEST_PX:
        return None
    return Problem(name, shown(size), f"{LEAST_PX} to {LARGEST_PX}", "Give the shape its size in pixels, or remove it.")


def _angle(name: str, angle: float) -> Problem | None:
    if 0 <= angle < HALF_TURN:
        return None
    expected = "0 or more and less than 180"
    return Problem(name, shown(angle), expected, "Add or take away 180 degrees: the shape stays the same.")

"""Outlines of rectangles and ellipses that are turned, as rings for `geometry.polygons`.

Angles are in degrees, clockwise on the screen, since y points down, from the x axis.
"""

from functools import cache
from math import cos, pi, radians, sin, sqrt

Ring = list[tuple[float, float]]

SIDES = 256
"""Of the polygon that stands for an ellipse when areas are compared. It has the ellipse's area, and an IoU is off by less
than 0.0002."""


def rectangle(cx: float, cy: float, width: float, height: float, angle: float) -> Ring:
    """The corners of a rectangle around a centre, its width along the angle.

    >>> rectangle(10, 10, 8, 4, 90)
    [(12.0, 6.0), (12.0, 14.0), (8.0, 14.0), (8.0, 6.0)]
    """
    along, across = width / 2, height / 2
    c, s = _axis(angle)
    corners = ((-along, -across), (along, -across), (along, across), (-along, across))
    return [(cx + c * x - s * y, cy + s * x + c * y) for x, y in corners]


def ellipse(cx: float, cy: float, rx: float, ry: float, angle: float, sides: int = SIDES) -> Ring:
    """A polygon of as many sides with the area of an ellipse, its radius `rx` along the angle.

    >>> round(max(x for x, _ in ellipse(0, 0, 2, 1, 0)), 4), round(max(y for _, y in ellipse(0, 0, 2, 1, 0)), 4)
    (2.0001, 1.0001)
    """
    c, s = _axis(0.0 if rx == ry else angle)  # a circle is the same at any angle, and so must its polygon be
    return [(cx + c * rx * x - s * ry * y, cy + s * rx * x + c * ry * y) for x, y in _circle(sides)]


@cache
def _circle(sides: int) -> Ring:
    """A polygon with the area of the circle of radius 1."""
    step = 2 * pi / sides
    grown = sqrt(step / sin(step))
    return [(grown * cos(i * step), grown * sin(i * step)) for i in range(sides)]


def _axis(angle: float) -> tuple[float, float]:
    """Cosine and sine, exact at right angles."""
    return {0.0: (1.0, 0.0), 90.0: (0.0, 1.0)}.get(angle) or (cos(radians(angle)), sin(radians(angle)))

"""Outlines of rectangles and ellipses that are turned, as rings for `geometry.polygons`.

Angles are in degrees, clockwise on the screen, since y points down, from the x axis.
"""

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
    along, across = (width / 2, height / 2)
    return [
        _turned(cx, cy, x, y, angle)
        for x, y in ((-along, -across), (along, -across), (along, across), (-along, across))
    ]


def ellipse(cx: float, cy: float, rx: float, ry: float, angle: float, sides: int = SIDES) -> Ring:
    """A polygon of as many sides with the area of an ellipse, its radius `rx` along the angle.

    >>> [(round(x, 2), round(y, 2)) for x, y in ellipse(0, 0, 2, 1, 0, sides=4)]
    [(2.51, 0.0), (0.0, 1.25), (-2.51, 0.0), (0.0, -1.25)]
    """
    step = 2 * pi / sides
    grown = sqrt(step / sin(step))
    angle = 0.0 if rx == ry else angle  # a circle is the same at any angle, and so must its polygon be
    return [_turned(cx, cy, grown * rx * cos(i * step), grown * ry * sin(i * step), angle) for i in range(sides)]


def _turned(cx: float, cy: float, x: float, y: float, angle: float) -> tuple[float, float]:
    """The place that is x along the angle and y across it, from a centre; exact at right angles."""
    right = {0.0: (1.0, 0.0), 90.0: (0.0, 1.0)}.get(angle)
    c, s = right or (cos(radians(angle)), sin(radians(angle)))
    return cx + c * x - s * y, cy + s * x + c * y

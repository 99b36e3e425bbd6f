"""Polygons of files whose rings may cross: their area stays, their rings become sound."""

from karat.formats.cells import BadCell, checked
from karat.geometry import polygons
from karat.kinds.places import LARGEST_PX
from karat.model.kind import AnyKind, Facts
from karat.model.schema import Field


def sound(rings: list[list[list[float]]], field: Field, kind: AnyKind, facts: Facts) -> tuple[object, bool]:
    """The polygon of some outlines in pixels, and whether they had to be mended; raises `BadCell` for what else is wrong."""
    try:
        return checked({"outer": rings}, field, kind, facts), False
    except BadCell as error:
        if any(abs(at) > 2 * LARGEST_PX for ring in rings for point in ring for at in point):
            raise  # on no picture, and too far for areas to be computed
        outer, holes = polygons.mended(([[(x, y) for x, y in ring] for ring in rings], []))
        try:
            return checked({"outer": outer, "holes": holes} if holes else {"outer": outer}, field, kind, facts), True
        except BadCell:
            raise error from None  # it speaks of the points that the file has

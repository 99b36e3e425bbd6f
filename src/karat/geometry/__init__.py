"""Arrays in, arrays out: overlaps of boxes and of intervals, and optimal assignment."""

from karat.geometry.assignment import assign
from karat.geometry.boxes import box_iou
from karat.geometry.intervals import overlaps

__all__ = ["assign", "box_iou", "overlaps"]

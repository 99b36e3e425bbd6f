"""A grid: the rows and columns of a table on a page or a picture, with cells that reach over several."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

import msgspec
import numpy as np
from numpy.typing import NDArray

from karat.geometry.bands import likeness
from karat.kinds.averages import steady_mean, weighted_median, weighted_medoid
from karat.kinds.places import LEAST_PX, outside
from karat.model.kind import Facts, Kind, WhereOptions
from karat.model.problem import Problem, shown
from karat.model.schema import Field

FAR = 0.75
"""Of the median frame's width or height: a frame with a side so far from it counts nothing in a merge."""
MOST_LINES = 500
"""Between rows, and between columns."""
SAME = 0.5
"""Overlap from which on two joined cells are the same one: no two of one table are over it with one of the other."""

Joined = tuple[int, int, int, int]
"""First row and column of a cell, counted from 0, and how many of each it reaches over."""


class Grid(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The frame in pixels of the image after EXIF orientation or in units of the page, and the lines within it.

    `rows` are the y of the lines between rows, from top to bottom, `columns` the x of those between columns, from left to
    right: a grid without any has one cell. `merged` are the cells that reach over several.
    """

    left: float
    top: float
    right: float
    bottom: float
    rows: tuple[float, ...] = ()
    columns: tuple[float, ...] = ()
    merged: tuple[Joined, ...] = ()


class GridOptions(WhereOptions, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """`cut` is on `distance`: tables of which neither the frames nor the cells are alike are two things."""


def check(value: Grid, _field: Field, facts: Facts) -> list[Problem]:
    """The frame lies in the image and has area; lines stand in order within it; joined cells are in the grid, each once."""
    sides = (("left", facts.width), ("top", facts.height), ("right", facts.width), ("bottom", facts.height))
    found = [p for name, size in sides if (p := outside(name, getattr(value, name), size))]
    return found or [*_flat(value), *_lines(value)] or list(_joined(value))


def _flat(value: Grid) -> Iterator[Problem]:
    for low, high in (("left", "right"), ("top", "bottom")):
        if getattr(value, high) - getattr(value, low) < LEAST_PX:
            expected = f"at least {LEAST_PX} more than {low}"
            yield Problem(high, shown(getattr(value, high)), expected, "Give the table an area, or remove it.")


def _lines(value: Grid) -> Iterator[Problem]:
    """Of each direction the first line that is wrong."""
    for name, ends in (("rows", (value.top, value.bottom)), ("columns", (value.left, value.right))):
        lines: tuple[float, ...] = getattr(value, name)
        if len(lines) > MOST_LINES:
            yield Problem(name, f"{len(lines)} lines", f"at most {MOST_LINES} lines", "Make several tables of it.")
            continue
        for i, (before, line) in enumerate(pairwise((ends[0], *lines))):
            if not before < line < ends[1]:
                expected = "a line in the frame, after the one before"
                yield Problem(f"{name}[{i}]", shown(line), expected, "Sort the lines, or remove this one.")
                break


def _joined(value: Grid) -> Iterator[Problem]:
    high, wide = len(value.rows) + 1, len(value.columns) + 1
    taken: dict[tuple[int, int], int] = {}
    for i, (row, column, rows, columns) in enumerate(value.merged):
        sound = row >= 0 <= column and rows > 0 < columns and rows * columns > 1
        if not (sound and row + rows <= high and column + columns <= wide):
            expected = f"two cells or more of {high} rows and {wide} columns"
            yield Problem(f"merged[{i}]", shown(value.merged[i]), expected, "Give row, column, and how many of each.")
            continue
        cells = [(row + r, column + c) for r in range(rows) for c in range(columns)]
        other = min((taken[cell] for cell in cells if cell in taken), default=None)
        if other is not None:
            expected = f"no cell in common with merged[{other}]"
            yield Problem(f"merged[{i}]", shown(value.merged[i]), expected, "Join the two, or remove one.")
        taken |= {cell: i for cell in cells if cell not in taken}


def distance(a: Grid, b: Grid, _field: Field) -> float:
    """Half of 1 - IoU of the frames (Jaccard 1901), half of how unlike their cells are.

    The likeness of cells is the mean of those of rows and of columns (`geometry.bands.likeness`, after GriTS: Smock et al.
    2022) and, where either has any, that of joined cells: their F1, two being the same from an IoU of more than 1/2.
    """
    if a == b:
        return 0.0
    parts = [likeness(_ys(a), _ys(b)), likeness(_xs(a), _xs(b))]
    if a.merged or b.merged:
        parts.append(_joined_alike(a, b))
    frames = _overlap((a.left, a.top, a.right, a.bottom), (b.left, b.top, b.right, b.bottom))
    return min(1.0, max(0.0, 1 - frames / 2 - sum(parts) / len(parts) / 2))


def distances(a: Sequence[Grid], b: Sequence[Grid], field: Field) -> NDArray[np.float64]:
    """The matrix of `distance`, shape (len(a), len(b))."""
    rows = [[distance(one, other, field) for other in b] for one in a]
    return np.array(rows, np.float64).reshape(len(a), len(b))


def merge(values: Sequence[Grid], weights: Sequence[float], field: Field) -> Grid:
    """The rows, columns and joined cells of the table nearest to all, with every line where the weight has it.

    The frame is the mean of frames near the median one (`averages.steady_mean`). Each line stands at the weighted median
    of its place, as a share of the frame, in the tables that have as many rows, or columns.
    """
    if all(value == values[0] for value in values):
        return values[0]
    nearest = weighted_medoid(values, weights, lambda a, b: distance(a, b, field))
    frames = [(v.left, v.top, v.right, v.bottom) for v in values]
    left, top, right, bottom = steady_mean(frames, weights, _reach)
    ys = _settled([_ys(v) for v in values], weights, len(nearest.rows), (top, bottom))
    xs = _settled([_xs(v) for v in values], weights, len(nearest.columns), (left, right))
    merged = Grid(left, top, right, bottom, ys, xs, nearest.merged)
    return nearest if check(merged, field, Facts()) else merged


def _settled(
    all_lines: Sequence[Sequence[float]], weights: Sequence[float], count: int, ends: tuple[float, float]
) -> tuple[float, ...]:
    """Lines between the ends, from those divisions that have as many."""
    same = [(lines, weight) for lines, weight in zip(all_lines, weights, strict=True) if len(lines) == count + 2]
    shares = [[(at - lines[0]) / (lines[-1] - lines[0]) for at in lines[1:-1]] for lines, _ in same]
    told = [weight for _, weight in same]
    return tuple(ends[0] + weighted_median(at, told) * (ends[1] - ends[0]) for at in zip(*shares, strict=True))


def _reach(middle: Sequence[float]) -> tuple[float, float, float, float]:
    left, top, right, bottom = middle
    wide, high = FAR * (right - left), FAR * (bottom - top)
    return wide, high, wide, high


def _ys(value: Grid) -> tuple[float, ...]:
    return (value.top, *value.rows, value.bottom)


def _xs(value: Grid) -> tuple[float, ...]:
    return (value.left, *value.columns, value.right)


def _joined_alike(a: Grid, b: Grid) -> float:
    first, second = list(_areas(a)), list(_areas(b))
    same = sum(1 for one in first for other in second if _overlap(one, other) > SAME)
    return 2 * same / (len(first) + len(second))


def _areas(value: Grid) -> Iterator[tuple[float, float, float, float]]:
    ys, xs = _ys(value), _xs(value)
    for row, column, rows, columns in value.merged:
        yield xs[column], ys[row], xs[column + columns], ys[row + rows]


def _overlap(a: tuple[float, float, float, float], b: tuple[float, float, float, float]) -> float:
    wide, high = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    if wide <= 0 or high <= 0:
        return 0.0
    union = (a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - wide * high
    return wide * high / union if union > 0 else 0.0


GRID = Kind(
    name="grid",
    version=1,
    role="where",
    value=Grid,
    options=GridOptions,
    streams=("image", "document"),
    check=check,
    distance=distance,
    merge=merge,
    distances=distances,
)

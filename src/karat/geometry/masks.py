"""Masks as runs: COCO's compressed strings, how much two masks overlap, what most of several hold, outlines as pixels.

Nothing here lays a mask on a canvas of the picture: work and memory grow with the runs, not with the pixels.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Box = tuple[int, int, int, int]
"""Left, top, width and height in whole pixels."""
Crop = tuple[Box, str]
"""A box and the compressed runs of what lies in it."""
Runs = NDArray[np.int64]
Ring = Sequence[tuple[float, float]]

BITS = 5
MORE, SIGN, FIRST = 0x20, 0x10, 48
LONGEST = 7
"""Characters of one run: 35 bits, more pixels than any picture has."""


def decode(counts: str) -> Runs | None:
    """Lengths of the runs of a compressed string, off and on in turn beginning with off; None where it is no such string.

    It is the code of COCO's tools (`rleFrString` in cocoapi's maskApi.c): numbers of 5 bits a character, lowest first,
    from the third on as differences to the one before the last.

    >>> decode("42242").tolist(), decode("x!") is None
    ([4, 2, 2, 6, 4], True)
    """
    try:
        digits = np.frombuffer(counts.encode("ascii"), np.uint8).astype(np.int64) - FIRST
    except UnicodeEncodeError:
        return None
    if not digits.size or digits.min() < 0 or digits.max() > 63 or digits[-1] & MORE:
        return None
    last = np.flatnonzero(digits & MORE == 0)
    first = np.concatenate([[0], last[:-1] + 1])
    if (last - first).max() >= LONGEST:
        return None
    place = np.arange(digits.size) - np.repeat(first, last - first + 1)
    numbers = np.add.reduceat((digits & 0x1F) << (BITS * place), first)
    numbers -= np.where(digits[last] & SIGN, np.int64(1) << (BITS * (last - first + 1)), 0)
    runs = numbers.copy()
    runs[1::2], runs[2::2] = np.cumsum(numbers[1::2]), np.cumsum(numbers[2::2])
    return runs if runs.min() >= 0 else None


def encode(runs: Runs) -> str:
    """The compressed string of runs; the inverse of `decode`.

    >>> encode(np.array([4, 2, 2, 6, 4]))
    '42242'
    """
    numbers = np.asarray(runs, np.int64).copy()
    numbers[3:] -= np.asarray(runs, np.int64)[1:-2]
    digits = np.empty((numbers.size, LONGEST), np.uint8)
    used = np.zeros((numbers.size, LONGEST), bool)
    going = np.ones(numbers.size, bool)
    for place in range(LONGEST):
        digit = numbers & 0x1F
        numbers >>= BITS
        more = np.where(digit & SIGN, numbers != -1, numbers != 0)
        digits[:, place] = digit + FIRST + np.where(more, MORE, 0)
        used[:, place] = going
        going = going & more
    return digits[used].tobytes().decode("ascii")


def tight(runs: Runs, height: int) -> Box | None:
    """The part of a box of this height that runs in it touch; None where no run is on.

    >>> tight(np.array([5, 2, 5]), 4)
    (1, 1, 1, 2)
    """
    start, end = _on(runs)
    if not start.size:
        return None
    left, right = int(start[0] // height), int((end[-1] - 1) // height)
    is_whole = start // height != (end - 1) // height
    top = 0 if is_whole.any() else int((start % height).min())
    bottom = height if is_whole.any() else int(((end - 1) % height).max()) + 1
    return left, top, right + 1 - left, bottom - top


def of_runs(box: Box, runs: Runs) -> Crop | None:
    """Runs that fill a box as a mask in its tight box; None where no pixel is on.

    >>> of_runs((10, 20, 2, 2), np.array([2, 1, 1]))
    ((11, 20, 1, 1), '01')
    """
    return _crop(*_columns(box, runs, top=box[1], stride=box[3] + 1), top=box[1], stride=box[3] + 1)


def of_pixels(pixels: NDArray[np.bool_], *, left: int = 0, top: int = 0) -> Crop | None:
    """The pixels that are on, shape (height, width), as a mask; None where none is."""
    height, width = pixels.shape
    if not height or not width:
        return None
    flat = np.ravel(pixels, order="F").astype(bool)
    changes = np.flatnonzero(flat[1:] != flat[:-1]) + 1
    edges = np.concatenate([[0] if flat[0] else [], [0], changes, [flat.size]]).astype(np.int64)
    return of_runs((left, top, width, height), np.diff(edges))


def pixels(crop: Crop) -> NDArray[np.bool_]:
    """Which pixels of the mask's box are on, shape (height, width); `ValueError` where the runs do not fill it."""
    (_, _, width, height), counts = crop
    runs = decode(counts)
    if runs is None or int(runs.sum()) != width * height:
        raise ValueError(f"runs that do not fill a box of {width} x {height}: {counts[:80]!r}")
    return np.repeat(np.arange(runs.size) % 2 == 1, runs).reshape(width, height).T


def whole(crop: Crop, *, width: int, height: int) -> Runs:
    """The runs of a mask laid on its picture, column by column; `ValueError` where it does not fit.

    >>> whole(((1, 1, 2, 1), "02"), width=4, height=2).tolist()
    [3, 1, 1, 1, 2]
    """
    box = crop[0]
    if box[0] < 0 or box[1] < 0 or box[0] + box[2] > width or box[1] + box[3] > height:
        raise ValueError(f"a mask in {list(box)} on a picture of {width} x {height}")
    return _runs(*_columns(box, _sound(crop), top=0, stride=height), width * height)


def area(crop: Crop) -> int:
    """How many pixels are on."""
    return int(_sound(crop)[1::2].sum())


def of_rings(rings: Sequence[Ring], *, width: int, height: int) -> Crop | None:
    """The pixels whose middle lies in an odd number of rings, within a picture; None where none does.

    A middle that lies on a line belongs to the side to the right of it, or below it, so that areas that share a line
    share no pixel.

    >>> of_rings([[(1, 1), (3, 1), (3, 2), (1, 2)]], width=9, height=9)
    ((1, 1, 2, 1), '02')
    """
    column, at = _crossings(rings, width)
    if not column.size:
        return None
    order = np.lexsort((at, column))
    row: Runs = np.clip(np.ceil(at[order] - 0.5), 0, height).astype(np.int64)
    position = column[order] * (height + 1) + row
    start, end = position[0::2], position[1::2]
    kept = end > start
    return _crop(start[kept], end[kept], top=0, stride=height + 1)


def distance(a: Crop, b: Crop) -> float:
    """1 - intersection over union of two masks, by their runs."""
    return float(distances([a], [b])[0, 0])


def distances(a: Sequence[Crop], b: Sequence[Crop]) -> NDArray[np.float64]:
    """`distance` of each in `a` to each in `b`, shape (len(a), len(b)). Only pairs whose boxes meet are looked into.

    The pixels that a run of one shares with the other are a difference of two cumulative counts, found by bisection.
    """
    found = np.ones((len(a), len(b)))
    if not a or not b:
        return found
    boxes, others = np.array([box for box, _ in a]), np.array([box for box, _ in b])
    meet = np.ones(found.shape, bool)
    for axis in (0, 1):
        ends, other_ends = boxes[:, axis] + boxes[:, axis + 2], others[:, axis] + others[:, axis + 2]
        meet &= (boxes[:, axis, None] < other_ends) & (others[:, axis] < ends[:, None])
    if not meet.any():
        return found
    top, stride = frame([*a, *b])
    left, right = [spread_out(crop, top, stride) for crop in a], [spread_out(crop, top, stride) for crop in b]
    sums = [np.concatenate([[0], np.cumsum(end - start)]) for start, end in right]
    for i, j in zip(*np.nonzero(meet), strict=True):
        start, end = left[i]
        common = int((below(end, right[j], sums[j]) - below(start, right[j], sums[j])).sum())
        union = int((end - start).sum()) + int(sums[j][-1]) - common
        found[i, j] = 1.0 - common / union if union else 1.0
    return found


def union(a: Crop, b: Crop) -> Crop:
    """The pixels of both masks.

    >>> union(((1, 1, 2, 1), "02"), ((2, 1, 2, 1), "02"))
    ((1, 1, 3, 1), '03')
    """
    both = majority([a, b], [1.0, 1.0], alike=0.0)
    return a if both is None else both


def majority(crops: Sequence[Crop], shares: Sequence[float], *, alike: float) -> Crop | None:
    """The pixels of which more than 0.5 of the shares, which usually add up to 1, are on; None where no pixel is.

    A pixel at exactly half, give or take `alike`, is kept if the first mask has it.
    """
    top, stride = frame(crops)
    spread = [spread_out(crop, top, stride) for crop in crops]
    at = np.concatenate([edge for pair in spread for edge in pair])
    weight = np.concatenate(
        [sign * np.full(s.size, share) for (s, _), share in zip(spread, shares, strict=True) for sign in (1.0, -1.0)]
    )
    first = np.zeros(at.size, np.int64)
    count = spread[0][0].size
    first[:count], first[count : 2 * count] = 1, -1
    order = np.argsort(at, kind="stable")
    at, votes, has = at[order], np.cumsum(weight[order]), np.cumsum(first[order])
    is_last = np.concatenate([at[1:] != at[:-1], [True]])
    at, votes, has = at[is_last], votes[is_last], has[is_last]
    kept = (votes > 0.5 + alike) | ((votes > 0.5 - alike) & (has > 0))
    return kept_of(at, kept, top, stride)


def frame(crops: Sequence[Crop]) -> tuple[int, int]:
    """The highest row of some masks, and a column's length with which none of their columns touches the next."""
    top = min(box[1] for box, _ in crops)
    return top, max(box[1] + box[3] for box, _ in crops) - top + 1


def spread_out(crop: Crop, top: int, stride: int) -> tuple[Runs, Runs]:
    """Begins and ends of a mask's runs, cut at columns, in the numbers of a `frame`."""
    return _columns(crop[0], _sound(crop), top=top, stride=stride)


def below(at: Runs, runs: tuple[Runs, Runs], sums: Runs) -> Runs:
    """How many pixels of some runs lie before each place."""
    start, end = runs
    index = np.searchsorted(start, at, side="right")
    inside = np.where(index > 0, np.minimum(at, end[index - 1]) - start[index - 1], 0)
    return np.where(index > 0, sums[index - 1] + inside, 0)


def kept_of(at: Runs, kept: NDArray[np.bool_], top: int, stride: int) -> Crop | None:
    """The mask of the stretches that are kept; each reaches from its place in `at` to the next."""
    changes = np.flatnonzero(np.diff(np.concatenate([[False], kept])))
    return _crop(at[changes[0::2]], at[changes[1::2]], top=top, stride=stride)


def _crossings(rings: Sequence[Ring], width: int) -> tuple[Runs, NDArray[np.float64]]:
    """Where lines of rings cross the middles of columns: the columns, and how far down."""
    corners = [np.asarray(ring, np.float64).reshape(-1, 2) for ring in rings]
    a = np.concatenate([*corners, np.empty((0, 2))])
    b = np.concatenate([*(np.roll(ring, -1, axis=0) for ring in corners), np.empty((0, 2))])
    turned = a[:, :1] > b[:, :1]
    a, b = np.where(turned, b, a), np.where(turned, a, b)
    first, last = (np.clip(np.ceil(side[:, 0] - 0.5), 0, width).astype(np.int64) for side in (a, b))
    many = np.maximum(last - first, 0)
    line = np.repeat(np.arange(many.size), many)
    column = np.arange(line.size) - np.repeat(np.cumsum(many) - many, many) + first[line]
    a, b = a[line], b[line]
    return column, a[:, 1] + (column + 0.5 - a[:, 0]) * (b[:, 1] - a[:, 1]) / (b[:, 0] - a[:, 0])


def _on(runs: Runs) -> tuple[Runs, Runs]:
    """Where the runs that are on begin and end."""
    ends = np.cumsum(runs)
    end = ends[1::2]
    start = ends[0::2][: end.size]
    return start[end > start], end[end > start]


def _sound(crop: Crop) -> Runs:
    runs = decode(crop[1])
    if runs is None:
        raise ValueError(f"no compressed runs: {crop[1][:80]!r}")
    return runs


def _columns(box: Box, runs: Runs, *, top: int, stride: int) -> tuple[Runs, Runs]:
    """Begins and ends of the runs that are on, cut at columns, counted down columns of length `stride` from `top`."""
    left, above, _, height = box
    start, end = _on(runs)
    first, last = start // height, (end - 1) // height
    many = last - first + 1
    run = np.repeat(np.arange(start.size), many)
    column = np.arange(run.size) - np.repeat(np.cumsum(many) - many, many) + first[run]
    low = np.maximum(start[run] - column * height, 0)
    high = np.minimum(end[run] - column * height, height)
    base = (column + left) * stride + above - top
    return base + low, base + high


def _crop(start: Runs, end: Runs, *, top: int, stride: int) -> Crop | None:
    """The inverse of `_columns`: a mask in its tight box."""
    if not start.size:
        return None
    column, low = start // stride, start % stride
    high = low + end - start
    left, above = int(column[0]), int(low.min())
    width, height = int(column[-1]) + 1 - left, int(high.max()) - above
    begins = (column - left) * height + low - above
    return (left, top + above, width, height), encode(_runs(begins, begins + end - start, width * height))


def _runs(start: Runs, end: Runs, size: int) -> Runs:
    """Lengths of what is off and on in turn; runs that touch are one."""
    breaks = start[1:] != end[:-1]
    begins, ends = start[np.concatenate([[True], breaks])], end[np.concatenate([breaks, [True]])]
    runs = np.diff(np.concatenate([[0], np.stack([begins, ends], axis=1).ravel(), [size]]))
    return runs if runs[-1] else runs[:-1]

"""Groups of people by slices of the items: does one group treat one slice otherwise than the others do?

Published only in a grid whose every cell is of enough people, together with the figures of the groups themselves, and only
where no table tells of a few people by what is left when another is taken from it.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

import msgspec
import numpy as np

from karat.quality.bias import Interaction, drawn_interaction
from karat.quality.estimate import finite
from karat.server.fairness.columns import Bools, Column, Slicing
from karat.server.fairness.comparing import is_on_same_items
from karat.server.fairness.digests import Digests
from karat.server.fairness.figures import CrossCell, CrossFigure
from karat.server.fairness.grouping import Part, Place, columns_of_grid, may_publish, rounded
from karat.server.fairness.reading import Ints

Before = Mapping[tuple[int, str], Place]


class CrossBody(msgspec.Struct, frozen=True):
    """The figures of one attribute by one key as they are stored, and the cells of the grid: values and slices of each."""

    cells: list[CrossCell]
    parts: list[list[Part]]
    is_merged: bool = False
    tests: int = 0


class Known(msgspec.Struct, frozen=True):
    """What was published last of one attribute by one key, and who was counted where."""

    before: dict[tuple[int, str], Place]
    gone: dict[str, int]
    published: list[list[Part]]


class Grid(NamedTuple):
    """What may be published of one attribute by one key."""

    slicing: Slicing
    shown: list[int]
    """The slices that are shown, each by itself."""
    code: Ints
    """Of each item the column of the grid it is in."""
    parts: list[list[Part]]
    places: dict[tuple[int, str], Place]


class Groups(NamedTuple):
    """The people of a project by one attribute: by place of the author the block, -1 where they are of none."""

    block: Ints
    blocks: Sequence[Collection[str]]
    values: Mapping[int, str]
    """By place."""
    keys: Sequence[int]
    """The key of each author by place."""


def grids(
    groups: Groups, slicings: Sequence[Slicing], digests: Digests, known: Mapping[str, Known], least: int
) -> Iterator[Grid]:
    """The grids of an attribute that may be published now."""
    passed: list[Grid] = []
    for slicing in slicings:
        if len(slicing.cuts) < 2 or not slicing.is_partition:
            continue
        grid = _grid(groups, slicing, digests, least)
        was = known.get(slicing.rule.key, Known({}, {}, []))
        looked = {(place.value, cut) for (_, cut), place in (*was.before.items(), *grid.places.items())}
        # Where nothing is shown yet, that a slice becomes large enough must not tell who came.
        published: Sequence[Collection[Part]] = was.published or ([sorted(looked)] if was.before or was.gone else [])
        others = [one for key, one in known.items() if one.published]
        if (
            (grid.parts or not was.published)
            and may_publish(was.before, was.gone, grid.places, published, grid.parts, least)
            and not any(_tells(one.published, one.before, grid, least) for one in others)
            and not any(_tells(one.parts, one.places, grid, least) for one in passed)
            and not any(_is_nested(one, grid, digests, groups, least) for one in passed)
        ):
            passed.append(grid)
            yield grid


def _grid(groups: Groups, slicing: Slicing, digests: Digests, least: int) -> Grid:
    present = np.array([digests.present(inside) for inside in slicing.inside])
    present &= groups.block >= 0
    columns = columns_of_grid(present, groups.block, len(groups.blocks), least)
    shown = [column[0] for column in columns if len(column) == 1]
    names = [cut.name for cut in slicing.cuts]
    code = np.full(len(slicing.inside[0]), -1, np.int64)
    for index, column in enumerate(columns):
        for cut in column:
            code[slicing.inside[cut]] = index
    parts = [
        sorted((value, names[cut]) for value in block for cut in column)
        for block in groups.blocks
        for column in columns
    ]
    places = {
        (groups.keys[at], name): Place(groups.values[at], told)
        for name, inside in zip(names, slicing.inside, strict=True)
        for at, told in enumerate(digests.of(inside))
        if told and at in groups.values
    }
    return Grid(slicing, shown, code, parts, places)


def _tells(published: Sequence[Collection[Part]], before: Before, grid: Grid, least: int) -> bool:
    """Whether a cell of before, under whatever names, and a cell of now have the same answers but for those of a few."""
    was = [_counted(before, part) for part in published]
    is_now = [_counted(grid.places, part) for part in grid.parts]
    return any(
        0 < sum(old.get(author) != new.get(author) for author in old.keys() | new.keys()) < least
        for old in was
        for new in is_now
    )


def _counted(places: Before, part: Collection[Part]) -> dict[int, int]:
    """By author what of theirs lies in a cell: the digests of its slices added up."""
    wanted = set(part)
    found: dict[int, int] = {}
    for (author, cut), place in places.items():
        if (place.value, cut) in wanted:
            found[author] = (found.get(author, 0) + int(place.counted.partition(".")[0], 16)) % (1 << 64)
    return found


def _is_nested(one: Grid, other: Grid, digests: Digests, groups: Groups, least: int) -> bool:
    """Whether cells of one grid, taken from a cell of the other that holds them, leave the answers of a few people."""
    return any(_leaves(a.code, b.code, digests, groups, least) for a, b in ((one, other), (other, one)))


def _leaves(outer: Ints, inner: Ints, digests: Digests, groups: Groups, least: int) -> bool:
    sizes = int(outer.max()) + 1, int(inner.max()) + 1, len(groups.block)
    a, b = outer[digests.what], inner[digests.what]
    known = (a >= 0) & (b >= 0)
    code = (a[known] * sizes[1] + b[known]) * sizes[2] + digests.who[known]
    has = np.bincount(code, minlength=sizes[0] * sizes[1] * sizes[2]).reshape(sizes) > 0
    for block in range(len(groups.blocks)):
        there = has[:, :, groups.block == block]
        some = there.any(axis=2)
        is_within = some & (some.sum(axis=0) == 1)
        for cell in range(sizes[0]):
            rest = (there[cell] & ~is_within[cell][:, None]).any(axis=0).sum()
            if is_within[cell].any() and 0 < rest < least:
                return True
    return False


class Asked(NamedTuple):
    """One comparison: what it is about, what came of it, and by which name it is tested; mirrors share one."""

    cell: tuple[str, int]
    measure: str
    found: Interaction
    test: tuple[object, ...]


def compared(groups: Groups, grid: Grid, columns: Sequence[Column], least: int) -> Iterator[Asked]:
    """Each shown group in each shown slice, by each measure that enough people have in every cell of the grid."""
    shown = [index for index, block in enumerate(groups.blocks) if len(block) == 1 and "" not in block]
    is_two = len(groups.blocks) == 2 and len(shown) == 2, int(grid.code.max(initial=-1)) == 1 and len(grid.shown) == 2
    for column in columns:
        known = (groups.block[column.who] >= 0) & (grid.code[column.what] >= 0)
        y, w = column.y[known], column.w[known]
        who, what = column.who[known], column.what[known]
        if not _is_enough(groups, grid, who, what, least):
            continue
        for block in shown:
            mine = groups.block[who] == block
            is_same = is_on_same_items(mine, what)
            for cut in grid.shown:
                inside: Bools = grid.slicing.inside[cut][what]
                found = drawn_interaction(y, mine, inside, w, who, what, on_same_items=is_same)
                # Of two groups, or two slices, one against the other is a single question.
                test = (column.key, shown[0] if is_two[0] else block, grid.shown[0] if is_two[1] else cut)
                yield Asked((next(iter(groups.blocks[block])), cut), column.key, found, test)


def _is_enough(groups: Groups, grid: Grid, who: Ints, what: Ints, least: int) -> bool:
    columns, people = int(grid.code.max(initial=-1)) + 1, len(groups.block)
    has = np.bincount(grid.code[what] * people + who, minlength=columns * people).reshape(columns, people) > 0
    return all(
        int((row & (groups.block == block)).sum()) >= least for row in has for block in range(len(groups.blocks))
    )


def body_of(grid: Grid, asked: Sequence[Asked], differing: Collection[tuple[object, ...]], tests: int) -> CrossBody:
    """What is published of a grid; `differing` are the tests that differ beyond chance after correction."""
    cells: dict[tuple[str, int], list[CrossFigure]] = {}
    for one in asked:
        cells.setdefault(one.cell, []).append(_figure(one, one.test in differing))
    made = [
        CrossCell(value=value, cell=grid.slicing.cuts[cut].name, kind=grid.slicing.cuts[cut].kind, figures=figures)
        for (value, cut), figures in cells.items()
    ]
    is_merged = bool(grid.parts) and len(grid.shown) < int(grid.code.max(initial=-1)) + 1
    return CrossBody(made, grid.parts, is_merged, tests)


def _figure(one: Asked, differs: bool) -> CrossFigure:
    found = one.found
    return CrossFigure(
        measure=one.measure,
        value=rounded(finite(found.value)),
        others=rounded(finite(found.others)),
        elsewhere=rounded(finite(found.elsewhere)),
        difference=rounded(found.difference.value),
        low=rounded(found.difference.low, up=False),
        high=rounded(found.difference.high, up=True),
        differs=differs,
    )

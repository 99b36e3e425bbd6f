"""The figures of a report: each measure in each slice against all other items, each group against all other people."""

from collections.abc import Collection, Mapping, Sequence

import numpy as np

from karat.quality.bias import Drawn, adjusted, coverage, drawn_difference
from karat.quality.estimate import finite
from karat.server.fairness.columns import Bools, Column, Slicing
from karat.server.fairness.figures import Cell, Figure, Finding, GroupCell, GroupFigure, SlicedKey
from karat.server.fairness.grouping import people_shown, rounded
from karat.server.fairness.reading import Gathered, Ints

LEVEL = 0.05
"""The chance of any false finding among all slices, and the same among all groups."""
GROUP_LABELS = 8
"""Of groups so many labels are measured at most: each figure more would help to tell who is in them."""
SAME_ITEMS = 0.5
"""Groups are compared on the same items where at least this share of the answers is on items of both sides."""
METHOD = (
    "Two-sided t test of the difference of two weighted means (Hájek); variance robust to people and items (two-way clusters,"
    " Cameron, Gelbach and Miller 2011) with Satterthwaite's degrees of freedom; corrected by Holm 1979 over all"
    " comparisons of slices, over all of groups, and over all of groups in slices (a difference of two differences), so that"
    f" the chance of any false finding is {LEVEL:g} at most in each of the three"
)


def slices_of(
    found: Gathered, columns: Sequence[Column], slicings: Sequence[Slicing]
) -> tuple[list[SlicedKey], list[Finding], int]:
    """The slices with their figures, the findings, and over how many comparisons these were corrected."""
    asked: list[tuple[int, int, Column]] = []
    drawn: list[Drawn] = []
    for index, slicing in enumerate(slicings):
        for code in range(len(slicing.cuts) if len(slicing.cuts) > 1 else 0):
            for column in columns:
                asked.append((index, code, column))
                # Of two slices one against the other is a single question.
                one = _against(column, slicing.inside[code][column.what])
                drawn.append(_untested(one) if code == 1 and _is_mirrored(slicing) else one)
    drawn = adjusted(drawn)
    tests = sum(not np.isnan(one.p) for one in drawn)
    for at, (index, code, _) in enumerate(asked):
        if code == 1 and _is_mirrored(slicings[index]):
            drawn[at] = _turned(drawn[at], drawn[at - len(columns)])
    figures: dict[tuple[int, int], list[Figure]] = {}
    for (index, code, column), one in zip(asked, drawn, strict=True):
        figures.setdefault((index, code), []).append(_figure(column, one))
    slices = [
        _slice(found, slicing, [figures.get((index, c), []) for c in range(len(slicing.cuts))])
        for index, slicing in enumerate(slicings)
    ]
    return slices, _findings(slices, columns), tests


def _is_mirrored(slicing: Slicing) -> bool:
    return len(slicing.cuts) == 2 and slicing.is_partition


def columns_of_groups(columns: Sequence[Column]) -> list[Column]:
    """The measures that groups are compared by."""
    labels = [column for column in columns if column.kind == "label"]
    return [column for column in columns if column.kind != "label"] + labels[:GROUP_LABELS]


def group_cells(
    columns: Sequence[Column], values: Mapping[int, str], blocks: Sequence[Collection[str]], *, least: int
) -> list[tuple[GroupCell, list[float]]]:
    """The figures of each value that has some of its own, with the p value of each measure, not yet corrected.

    `columns` as `columns_of_groups`, `values` by place of the author, the empty one for who stated nothing. Of a measure
    that fewer than `least` people of the group, or of the others, have anything in, nothing is said.
    """
    everybody = np.fromiter(values, np.int64, len(values))
    found: list[tuple[GroupCell, list[float]]] = []
    for block in sorted(blocks, key=sorted):
        (value, *more) = block
        if more or not value:
            continue
        members = np.array([author for author, stated in values.items() if stated == value], np.int64)
        figures = [_group_figure(column, everybody, members, least) for column in columns]
        cell = GroupCell(value=value, people=people_shown(len(members)), figures=[figure for figure, _ in figures])
        found.append((cell, [p for _, p in figures]))
    return found


def is_on_same_items(mine: Bools, what: Ints) -> bool:
    """Whether enough answers are on items that both sides answered, so that these are compared."""
    size = int(what.max(initial=-1)) + 1
    both = (np.bincount(what, mine, size) > 0) & (np.bincount(what, ~mine, size) > 0)
    return bool(len(what) and both[what].mean() >= SAME_ITEMS)


def _group_figure(column: Column, everybody: Ints, members: Ints, least: int) -> tuple[GroupFigure, float]:
    known = np.isin(column.who, everybody)
    y, w = column.y[known], column.w[known]
    who, what = column.who[known], column.what[known]
    mine = np.isin(who, members)
    if min(len(np.unique(who[mine])), len(np.unique(who[~mine]))) < least:
        return GroupFigure(measure=column.key), float("nan")
    is_same = is_on_same_items(mine, what)
    one = drawn_difference(y, mine, w, who, what, on_same_items=is_same)
    figure = GroupFigure(
        measure=column.key,
        value=rounded(one.rate.value),
        low=rounded(one.rate.low, up=False),
        high=rounded(one.rate.high, up=True),
        others=rounded(finite(one.others)),
        difference=rounded(one.difference.value),
        on_same_items=is_same,
    )
    return figure, one.p


def _against(column: Column, inside: Bools) -> Drawn:
    return drawn_difference(column.y, inside, column.w, column.who, column.what)


def _untested(one: Drawn) -> Drawn:
    return Drawn(one.rate, one.others, one.difference, float("nan"))


def _turned(one: Drawn, first: Drawn) -> Drawn:
    return Drawn(one.rate, one.others, one.difference, first.p, first.adjusted)


def _figure(column: Column, one: Drawn) -> Figure:
    adjusted_p = finite(one.adjusted)
    return Figure(
        measure=column.key,
        value=one.rate.value,
        low=one.rate.low,
        high=one.rate.high,
        n=one.rate.n,
        others=finite(one.others),
        difference=one.difference.value,
        difference_low=one.difference.low,
        difference_high=one.difference.high,
        p=finite(one.p),
        adjusted=adjusted_p,
        is_finding=adjusted_p is not None and adjusted_p < LEVEL,
        warning=one.difference.warning,
    )


def _slice(found: Gathered, slicing: Slicing, figures: Sequence[list[Figure]]) -> SlicedKey:
    answered, accepted = (np.array(states, bool) for states in (found.answered, found.accepted))
    rule, cuts = slicing.rule, slicing.cuts
    n = [int(inside.sum()) for inside in slicing.inside]
    declared = sum(rule.expected.values())
    cells = [
        Cell(
            name=cut.name,
            kind=cut.kind,
            items=n[code],
            answered=int(answered[slicing.inside[code]].sum()),
            accepted=int(accepted[slicing.inside[code]].sum()),
            share=n[code] / max(len(answered), 1),
            expected=rule.expected.get(cut.name, 0.0) / declared if declared else None,
            filter=cut.filter,
            figures=figures[code],
        )
        for code, cut in enumerate(cuts)
    ]
    distance = None
    if declared and len(answered):
        # What nobody declared has no share: it is put beside the declared as if it were all but none.
        population: dict[object, float] = {cut.name: 1e-12 for cut in cuts}
        population.update({name: share / declared for name, share in rule.expected.items() if share > 0})
        distance = coverage(np.repeat([cut.name for cut in cuts], n), population).distance
    empty = [name for name in rule.expected if name not in {cut.name for cut in cuts if cut.kind != "missing"}]
    empty += [cell.name for cell in cells if not cell.items]
    return SlicedKey(key=rule.key, cells=cells, distance=distance, empty=empty)


def _findings(slices: Sequence[SlicedKey], columns: Sequence[Column]) -> list[Finding]:
    known = {column.key: column for column in columns}
    found = [
        Finding(
            name=f"slice:{one.key}:{cell.kind}:{cell.name}:{figure.measure}",
            key=one.key,
            cell=cell.name,
            figure=figure,
            kind=known[figure.measure].kind,
            title=known[figure.measure].title,
            filter=cell.filter,
        )
        for one in slices
        for cell in one.cells
        for figure in cell.figures
        if figure.is_finding
    ]
    return sorted(found, key=lambda one: (-abs(one.figure.difference or 0), one.name))

"""The figures of a report of fairness: slices with what differs, groups, and groups by slices."""

from typing import Literal

import msgspec

from karat.server.reports.schemas import Filter

CellKind = Literal["value", "range", "other", "missing"]
MeasureKind = Literal["label", "right", "agreement", "defect", "accepted", "gold"]


class Measured(msgspec.Struct, frozen=True):
    """A measure of the report, and over how many answers it was taken."""

    key: str
    title: str
    kind: MeasureKind
    n: int


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """One measure in one slice: its mean with the 95 % interval, and how it differs from all other items."""

    measure: str
    value: float | None
    low: float | None
    high: float | None
    n: int
    """Answers, unweighted."""
    others: float | None
    difference: float | None
    difference_low: float | None
    difference_high: float | None
    p: float | None
    adjusted: float | None
    """The p value after correction over all comparisons of slices; null where nothing was tested."""
    is_finding: bool
    warning: str | None


class Cell(msgspec.Struct, frozen=True, kw_only=True):
    """One slice: its items, those answered and accepted, and its figures. `filter` finds its items."""

    name: str
    kind: CellKind
    items: int
    answered: int
    accepted: int
    share: float
    """Of the project's items."""
    expected: float | None
    filter: Filter
    figures: list[Figure]


class SlicedKey(msgspec.Struct, frozen=True, kw_only=True):
    """A metadata key with its slices."""

    key: str
    cells: list[Cell]
    distance: float | None
    """Half the sum of the differences to the declared shares, 0 to 1; null where none are declared."""
    empty: list[str]
    """Declared slices that no item is of."""


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """A difference that is none of chance, the largest first."""

    name: str
    """Names it in every report: a board that signed one knows it in the next."""
    key: str
    cell: str
    figure: Figure
    kind: MeasureKind
    title: str
    filter: Filter


class GroupFigure(msgspec.Struct, frozen=True, kw_only=True):
    """One measure of a group, to the twentieth, its interval outward; `differs`: beyond chance, by the corrected test."""

    measure: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    others: float | None = None
    difference: float | None = None
    differs: bool = False
    on_same_items: bool = False


class GroupCell(msgspec.Struct, frozen=True, kw_only=True):
    """People who stated the same, at least as many as the project asks; `people` is the lower end of a band."""

    value: str
    people: int
    figures: list[GroupFigure]


class Groups(msgspec.Struct, frozen=True, kw_only=True):
    """One attribute. `held`: figures are those of `at`, since too few people have changed since; `cells` may be empty."""

    attribute: str
    title: str
    cells: list[GroupCell]
    is_merged: bool
    """Whether other values are not shown, since too few people stated them or a difference would tell of them."""
    held: bool
    at: str | None


class CrossFigure(msgspec.Struct, frozen=True, kw_only=True):
    """One measure of a group in a slice, to the twentieth: its own there, that of the others there, and by how much the
    difference between the two is another than on all other items; `differs`: beyond chance, by the corrected test."""

    measure: str
    value: float | None = None
    others: float | None = None
    elsewhere: float | None = None
    """The group less the others on all other items."""
    difference: float | None = None
    """The group less the others in the slice, less `elsewhere`."""
    low: float | None = None
    high: float | None = None
    differs: bool = False


class CrossCell(msgspec.Struct, frozen=True, kw_only=True):
    """A group in a slice: at least as many people as the project asks, there and elsewhere, and of the others too."""

    value: str
    cell: str
    kind: CellKind
    figures: list[CrossFigure]


class Crossed(msgspec.Struct, frozen=True, kw_only=True):
    """One attribute by the slices of one key. `held` and `at` as of groups; `is_merged`: slices that are not shown."""

    attribute: str
    title: str
    key: str
    cells: list[CrossCell]
    tests: int
    """Over how many such comparisons of the report the correction was made."""
    is_merged: bool
    held: bool
    at: str


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What was found, over which answers, by which test."""

    id: str
    at: str
    answers: int
    items: int
    measures: list[Measured]
    slices: list[SlicedKey]
    findings: list[Finding]
    tests: int
    """How many comparisons the correction was made over."""
    method: str
    notes: list[str]

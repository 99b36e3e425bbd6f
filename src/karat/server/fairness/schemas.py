"""What the pages of fairness are sent, and what they send."""

from typing import Literal

import msgspec

from karat.server.items.schemas import Person
from karat.server.reports.schemas import Filter

CellKind = Literal["value", "range", "other", "missing"]
MeasureKind = Literal["label", "right", "agreement", "defect", "accepted", "gold"]
GateState = Literal["off", "no_report", "unsigned", "new_findings", "outgrown", "open"]
LEAST_PEOPLE = 5
"""The least number of people that a published figure of a group is made of."""


class SliceRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One metadata key by which items are cut into slices."""

    key: str
    edges: tuple[float, ...] = ()
    """Numbers are put into the ranges between these: below the first, from each up to the next, from the last."""
    most: int = 8
    """So many values have a slice each, the most frequent; the rest is one slice, `other`."""
    expected: dict[str, float] = {}
    """The share that each slice, by its name, should have of the items; empty where nothing is declared."""


class Slices(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """By what a project is cut, and of how many people at least each figure of a group is."""

    slices: tuple[SliceRule, ...]
    people: int = LEAST_PEOPLE


class Board(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who signs before items are accepted."""

    members: tuple[str, ...]
    """Ids of members of the workspace, reviewers or higher."""
    quorum: int = 2
    """So many of them must have signed or waived."""
    most_new: float = 0.2
    """A signature holds until there are so many more answers than it knew, as a share of these."""


class BoardChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The board from now on; null: items are accepted without one."""

    board: Board | None


class Key(msgspec.Struct, frozen=True):
    """A metadata key that items have: how many values were seen among the first items, and whether all are numbers."""

    key: str
    values: int
    is_number: bool
    examples: list[str]
    quartiles: list[float]


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


class Vote(msgspec.Struct, frozen=True, kw_only=True):
    """What a member of the board said of a report."""

    id: str
    by: Person | None
    did: Literal["signed", "waived"]
    reason: str
    at: str
    undone_at: str | None
    can_undo: bool


class Gate(msgspec.Struct, frozen=True, kw_only=True):
    """Whether items are accepted now, and what is missing."""

    state: GateState
    board: Board | None
    members: list[Person]
    votes: list[Vote]
    """On the newest report, the newest first."""
    waiting: int
    """Items that have all they need and wait for the board."""
    filter: Filter
    answers: int
    upto: int | None
    """With more answers than this a new report is needed."""
    can_sign: bool


class Signed(msgspec.Struct, frozen=True, kw_only=True):
    """An earlier report and what the board said of it."""

    report: str
    at: str
    answers: int
    findings: int
    votes: list[Vote]


class Fairness(msgspec.Struct, frozen=True, kw_only=True):
    """The page: by what the project is cut, what was found, who signed."""

    rules: Slices
    revision: int
    keys: list[Key]
    report: Report | None
    groups: list[Groups]
    gate: Gate
    history: list[Signed]
    answers: int
    running: str | None
    """The job that makes a report just now."""


class NewVote(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A member of the board signs a report, or waives with a reason."""

    report: str
    did: Literal["signed", "waived"]
    reason: str = ""


class NewAttribute(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something that people may state about themselves; the purpose is shown before the question."""

    title: str
    purpose: str
    options: list[str]


class Attribute(msgspec.Struct, frozen=True, kw_only=True):
    """The same, as the workspace has it."""

    id: str
    title: str
    purpose: str
    options: list[str]


class OwnStatement(msgspec.Struct, frozen=True, kw_only=True):
    """An attribute with what you stated; nobody else is ever shown it."""

    attribute: Attribute
    value: str | None


class State(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """State something about yourself; null withdraws it."""

    value: str | None

"""What the pages of fairness are sent, and what they send."""

from typing import Literal

import msgspec

from karat.server.fairness.figures import Crossed, Groups, Report
from karat.server.items.schemas import Person
from karat.server.reports.schemas import Filter

GateState = Literal["off", "no_report", "unsigned", "new_findings", "outgrown", "open"]
Lack = Literal["membership", "role"]
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


class Vote(msgspec.Struct, frozen=True, kw_only=True):
    """What a member of the board said of a report."""

    id: str
    by: Person | None
    did: Literal["signed", "waived"]
    reason: str
    at: str
    undone_at: str | None
    can_undo: bool


class BoardMember(msgspec.Struct, frozen=True, kw_only=True):
    """One of the board; `lacks` says why they cannot sign any more: they left the workspace, or are no reviewer now."""

    person: Person
    lacks: Lack | None


class Gate(msgspec.Struct, frozen=True, kw_only=True):
    """Whether items are accepted now, and what is missing."""

    state: GateState
    board: Board | None
    members: list[BoardMember]
    votes: list[Vote]
    """On the newest report, the newest first."""
    waiting: int
    """Items that have all they need and wait for the board."""
    filter: Filter
    answers: int
    upto: int | None
    """With more answers than this a new report is needed."""
    can_sign: bool
    short: int
    """So many people more must be on the board before its newest report, or its next, can be signed."""


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
    crossed: list[Crossed]
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

"""What the routes of dashboards give. Where a number counts items, the filter beside it lists exactly these."""

from typing import Literal

import msgspec

from karat.quality.measure import Measure
from karat.server.items.schemas import Person
from karat.server.reports.schemas import Filter


class Items(msgspec.Struct, frozen=True):
    """So many items, and the filter that lists them."""

    n: int
    filter: Filter


class Age(msgspec.Struct, frozen=True):
    """Items of a stage that are not done, by when they last moved: `days` ago or less, but more than the row before."""

    days: int | None
    """Null: longer ago than all others."""
    n: int
    filter: Filter


class Holder(msgspec.Struct, frozen=True):
    """Somebody who holds items of a stage right now: how many, and since when the first."""

    person: Person
    n: int
    since: str


class Stayed(msgspec.Struct, frozen=True):
    """How long items stood at a stage before they left it, in the last eight weeks."""

    n: int
    median_ms: int | None
    mean_ms: int | None
    share: float | None
    """Of the time that all stages together held items."""


class StageRow(msgspec.Struct, frozen=True, kw_only=True):
    """One stage: what stands there, since when, how long others stood there, and whom it all waits for."""

    stage: str
    do: str
    items: Items
    by_state: dict[str, Items]
    ages: list[Age]
    waits_since: str | None
    """The day on which the item that has waited longest last moved; null where all are done."""
    left: int
    """Answers or verdicts that are still wanted here."""
    waits_for: Literal["people", "consensus", "nobody"]
    who: list[str]
    """The role that may work here, and the skills, languages and groups it takes."""
    held: list[Holder]
    stayed: Stayed
    is_bottleneck: bool
    """Of all stages the one with the most time of waiting items: how many there are times how long they have waited."""


class Forecast(msgspec.Struct, frozen=True, kw_only=True):
    """What is left of one sort of work, how much of it is done a day, and in how many days it is done, 95 %."""

    of: str
    left: int
    items: Items
    """The items that still want it."""
    per_day: float
    days: Measure


class Defects(msgspec.Struct, frozen=True, kw_only=True):
    """The share of answers that reviewers did not accept, weighted by the draw; it is below `bound` with 95 %."""

    rate: Measure
    bound: float | None
    verdicts: dict[str, Items]


class Week(msgspec.Struct, frozen=True, kw_only=True):
    """One week from its Monday: agreement with the others, and what reviewers did not accept."""

    week: str
    answers: int
    items: Items
    agreement: Measure
    defects: Measure
    verdicts: dict[str, Items]


class Flow(msgspec.Struct, frozen=True, kw_only=True):
    """The project as work. `minutes_per_done`: active time of everybody, reviewers included, over items that are done."""

    stages: list[StageRow]
    forecast: list[Forecast]
    defects: Defects
    minutes_per_done: float | None
    done: Items
    weeks: list[Week]
    behind: bool
    """Something happened that is not counted in yet."""


class LabelCount(msgspec.Struct, frozen=True, kw_only=True):
    """How often a label or option was given, over all authors, and on how many items."""

    field: str
    label: str
    title: str
    n: int
    items: int
    filter: Filter


class Slice(msgspec.Struct, frozen=True, kw_only=True):
    """The items with one value of a key of the metadata: how many there are, have an answer, and are done."""

    value: str | float | bool
    items: Items
    answered: Items
    done: Items


class SliceKey(msgspec.Struct, frozen=True, kw_only=True):
    """A key of the metadata: its values, those with the fewest answered items first; `values` counts them all."""

    key: str
    values: int
    without: Items
    """Items that have no such key."""
    slices: list[Slice]


class Coverage(msgspec.Struct, frozen=True, kw_only=True):
    """How well each slice is covered. `wide` keys have so many values that none of them is a slice."""

    keys: list[SliceKey]
    wide: list[str]
    items: int


class PairCell(msgspec.Struct, frozen=True, kw_only=True):
    """How near two authors are on a field or a label, over the `n` items that both answered; on `differ` of them they differ."""

    a: str
    b: str
    value: float | None
    low: float | None
    high: float | None
    n: int
    differ: int
    filter: Filter | None
    """Lists the items on which they differ; null where the policy hides who they are."""


class Pairs(msgspec.Struct, frozen=True, kw_only=True):
    """Everybody against everybody on one field, or looking at one of its labels. Neighbours in `authors` agree most."""

    field: str
    label: str | None
    labels: dict[str, str]
    """The labels that were compared in this field, with their titles."""
    authors: list[Person]
    more: int
    """Authors beyond the most who are shown, who share the fewest items with others."""
    blinded: bool
    """Authors stand as letters: the policy keeps from reviewers whose work they judge."""
    cells: list[PairCell]
    behind: bool

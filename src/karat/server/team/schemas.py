"""What the pages of a project's people are sent."""

import msgspec

from karat.model.defects import Severity
from karat.quality.measure import Measure
from karat.server.items.schemas import Person
from karat.server.reports.schemas import Filter


class ChartPoint(msgspec.Struct, frozen=True):
    """One batch of answers: at least twenty that were compared, up to and with this day."""

    day: str
    n: int
    share: float
    z: float
    """How far the share is from all before it, in standard deviations; below 0 it fell."""
    level: float
    """The sum of the chart, signed."""
    alarm: bool


class Chart(msgspec.Struct, frozen=True):
    """A CUSUM chart over batches; `run_length` batches on average until a false alarm, while nothing changes."""

    points: list[ChartPoint]
    limit: float
    run_length: float
    falling_since: str | None
    """The day of the last alarm downward that nothing upward has followed."""


class Charts(msgspec.Struct, frozen=True):
    """All charts of a project: how many, over how many points, and how many false alarms these should have had by chance."""

    charts: int
    points: int
    run_length: float
    false_alarms: float


class PersonRow(msgspec.Struct, frozen=True, kw_only=True):
    """What one author did and how well.

    `accuracy` is against the consensus of at least two others, the own answer left out; `reviewed` the share accepted,
    each verdict weighted by 1 / the probability with which the answer was drawn. `pace` is the median time over that of all.
    """

    author: Person
    answers: int
    skipped: int
    active_ms: int
    median_ms: int | None
    pace: float | None
    is_fast: bool
    """Faster than people can be: less than half of the usual time."""
    accuracy: Measure
    agreement: Measure
    reviewed: Measure
    gold: Measure
    """How near answers are to known ones."""
    verdicts: dict[str, int]
    defects: int
    falling_since: str | None
    last_day: str | None
    filter: Filter


class ReviewerRow(msgspec.Struct, frozen=True, kw_only=True):
    """What one reviewer did: `overturned` is the share of verdicts that a later reviewer of the same answer did not share."""

    author: Person
    judged: int
    active_ms: int
    verdicts: dict[str, int]
    overturned: Measure
    filter: Filter


class Team(msgspec.Struct, frozen=True, kw_only=True):
    """The people of a project. `behind`: something is still being counted."""

    people: list[PersonRow]
    reviewers: list[ReviewerRow]
    charts: Charts
    behind: bool


class FieldOfPerson(msgspec.Struct, frozen=True):
    """One field: how near the author is to the consensus of the others, and to each of them."""

    field: str
    title: str
    accuracy: Measure
    agreement: Measure


class DayOfPerson(msgspec.Struct, frozen=True):
    """One day (UTC): answers, active time, and the share of what was compared that was right."""

    day: str
    answers: int
    active_ms: int
    compared: int
    right: float | None


class DefectCount(msgspec.Struct, frozen=True):
    """How often reviewers found a defect; `share` of the answers, weighted as verdicts are."""

    code: str
    title: str
    severity: Severity | None
    n: int
    share: float | None


class PersonPage(msgspec.Struct, frozen=True, kw_only=True):
    """One person of a project."""

    row: PersonRow
    reviewer: ReviewerRow | None
    fields: list[FieldOfPerson]
    days: list[DayOfPerson]
    defects: list[DefectCount]
    chart: Chart

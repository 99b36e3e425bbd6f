"""What the pages of a project's people are sent."""

from typing import Literal

import msgspec

from karat.model.defects import Severity
from karat.quality.measure import Measure
from karat.server.items.schemas import Person
from karat.server.labeling.actions.deciding import Did
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


Charted = Literal["person", "label", "batch", "slice"]


class ChartRow(msgspec.Struct, frozen=True):
    """One chart: of somebody's answers, of answers that gave a label, of a batch of items, or of a slice by metadata."""

    of: Charted
    key: str
    name: str
    author: Person | None
    chart: Chart
    """The latest sixty points."""
    items: Filter
    """The items behind it."""


class ChartSum(msgspec.Struct, frozen=True):
    """The charts of one sort: how many, over how many batches, with how many alarms; and how many would be false by chance."""

    of: Charted
    charts: int
    points: int
    alarms: int
    expected: float


class AllCharts(msgspec.Struct, frozen=True, kw_only=True):
    """Every control chart of a project, and how often they err together."""

    charts: list[ChartRow]
    sums: list[ChartSum]
    run_length: float
    """Batches of a chart, on average, to a false alarm."""
    steps: int
    """People with a chart that is fed answer by answer …"""
    answers: int
    """… over so many answers …"""
    alarms: int
    """… with so many alarms …"""
    run_length_answers: float
    """… and one false alarm in so many answers of a chart, on average."""
    expected: float
    """False alarms that all charts together should have had by chance so far."""
    chance: float
    """That there was at least one of these."""
    next_round: float
    """False alarms to be expected when every chart of batches gets one more."""


class Evidence(msgspec.Struct, frozen=True):
    """Items that show what is said of a person, those that show it best first, at most 50."""

    items: list[str]


class Alarm(msgspec.Struct, frozen=True):
    """A test of somebody that says something beyond the chance of erring that it states."""

    name: Literal["falling", "guessing", "copying"]
    key: str
    """What tells this alarm from a later one."""
    since: str
    """The day (UTC)."""
    n: int
    """Answers that it is of."""
    errs: str
    """How often it errs, in words."""
    other: Person | None = None
    """With whom answers are shared."""


class PersonRow(msgspec.Struct, frozen=True, kw_only=True):
    """What one author did and how well.

    `accuracy` is against the consensus of at least two others, the own answer left out; where overlap thinks, what was
    learned of all answers together. `reviewed` is the share accepted, each verdict weighted by 1 / the probability with which the answer was drawn. `pace` is the median time over that of all.
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
    skill: Measure
    """How likely an answer is right by the consensus as it was last learned: also where only one or two answer an item."""
    verdicts: dict[str, int]
    defects: int
    paced: Measure
    """Time for an answer over what others took for the same items: the geometric mean."""
    fatigue: Measure
    """By how much the accuracy changes with each hour of a sitting, in [-1, 1]; below 0 it falls."""
    repeats: Measure
    """How often a wrong answer repeats the one before, over what chance makes of it: 1 where order says nothing."""
    trust: Measure
    """The share of wrong suggestions, planted ones too, that were handed in as they were."""
    alarms: list[Alarm]
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


class CourseOfPerson(msgspec.Struct, frozen=True):
    """Where somebody stands in the project's course, since when, and how many tests they failed."""

    state: str
    since: str
    tries: int
    reason: str


class PersonPage(msgspec.Struct, frozen=True, kw_only=True):
    """One person of a project. `course` is null where they never took part in one."""

    row: PersonRow
    course: CourseOfPerson | None
    reviewer: ReviewerRow | None
    fields: list[FieldOfPerson]
    days: list[DayOfPerson]
    defects: list[DefectCount]
    chart: Chart


class Action(msgspec.Struct, frozen=True, kw_only=True):
    """What was done about somebody, and on what evidence."""

    id: str
    author: Person
    did: Did
    share: float
    rule: str
    evidence: dict[str, object]
    reason: str
    answers: int | None
    """Of `requeue`: how many answers were given to others."""
    by: Person | None
    """Null for a rule."""
    at: str
    undone_at: str | None
    undone_by: Person | None


class Act(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a manager does about somebody, by hand; the reason is told to them."""

    do: Literal["pause", "raise_review", "requeue", "train"]
    reason: str
    share: float = 1.0
    """Of `raise_review`."""
    last: int = 100
    """Of `requeue`: at most so many of the latest open answers."""


class OwnAction(msgspec.Struct, frozen=True):
    """What was done about you and stands, and why."""

    did: str
    reason: str
    at: str

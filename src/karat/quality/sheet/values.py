"""What a quality sheet is made of: the same values in Python, in JSON and behind the page."""

from collections.abc import Callable

import msgspec

from karat.quality.estimate import Estimate

Progress = Callable[[str, int, int], None]
"""Told what is done, how much of it, of how much."""


class Figure(msgspec.Struct, frozen=True):
    """A named number and how to read it."""

    name: str
    estimate: Estimate
    meaning: str


class LabelRow(msgspec.Struct, frozen=True):
    """A label: how often it was given, how well people agree on it, and how the consensus does on it against gold."""

    label: str
    votes: int
    share: float
    alpha: Estimate
    precision: Estimate | None = None
    recall: Estimate | None = None
    f1: Estimate | None = None


class AnnotatorRow(msgspec.Struct, frozen=True):
    """An annotator: how much, how good, how fast."""

    annotator: str
    votes: int
    skill: Estimate
    gold: Estimate | None
    p_random: float | None
    """How likely the answers on gold are for somebody who does not look at the item."""
    adversary: bool
    verdict: str | None = None
    """Of the sequential test on gold."""
    seconds: float | None = None
    """Median seconds of a vote."""
    pace: Estimate | None = None
    """Time taken over what others take for the same items."""
    speeding: bool = False
    longer_when_right: Estimate | None = None


class Matrix(msgspec.Struct, frozen=True):
    """Numbers by row and column; None where there is none."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    values: tuple[tuple[float | None, ...], ...]
    n: tuple[tuple[int, ...], ...] = ()
    """What each was counted over, where that is not the number itself."""


class Bin(msgspec.Struct, frozen=True):
    """Items whose label was promised to be right about so often, and how often it was."""

    promised: float
    reached: Estimate


class Chart(msgspec.Struct, frozen=True):
    """A control chart: one measure of one annotator or of all, batch by batch."""

    who: str
    measure: str
    n: tuple[int, ...]
    """Votes of each batch."""
    points: tuple[float | None, ...]
    """What was measured in each."""
    levels: tuple[float, ...]
    """The weighted mean of how far batches are from those before, in standard deviations."""
    limits: tuple[float, ...]
    alarms: tuple[int, ...]
    run_length: float
    first: Estimate
    """The mean of what was measured over the first half of the batches."""
    second: Estimate


class HourRow(msgspec.Struct, frozen=True):
    """An hour of the day."""

    hour: int
    right: Estimate
    odds_ratio: Estimate
    p: float | None
    """After control of false discoveries."""


class PartRow(msgspec.Struct, frozen=True):
    """A part of the sessions: minutes from their beginning."""

    from_minutes: float
    to_minutes: float | None
    right: Estimate


class SliceRow(msgspec.Struct, frozen=True):
    """Agreement in one slice of the items, or among one group of annotators."""

    by: str
    slice: str
    alpha: Estimate


class DifferenceRow(msgspec.Struct, frozen=True):
    """A rate of votes in a slice or group, and how it differs from all others."""

    by: str
    name: str
    what: str
    rate: Estimate
    odds_ratio: Estimate
    p: float | None
    """After control of false discoveries over all rows of the sheet."""


class CoverageRow(msgspec.Struct, frozen=True):
    """How the items spread over the parts of a cut."""

    by: str
    parts: int
    smallest: str
    smallest_n: int
    largest: str
    largest_n: int
    imbalance: float
    without: int
    """Items of no part."""
    empty: tuple[str, ...] = ()
    """Parts of the declared population in which there is nothing."""
    distance: Estimate | None = None
    """The share of items that would have to lie in another part to be as the declared population; None without one."""
    stability: float | None = None
    """Population stability index: by custom below 0.1 is near, above 0.25 is far."""


class Sheet(msgspec.Struct, frozen=True):
    """All of it; what does not apply to the table is empty."""

    title: str
    votes: int
    items: int
    annotators: int
    labels: int
    items_with_two: int
    against: str | None
    """What votes are held against over time, by speed and by slice: "gold", or "the consensus" where there is too little."""
    findings: tuple[str, ...]
    """What to look at first."""
    figures: tuple[Figure, ...]
    by_label: tuple[LabelRow, ...]
    by_annotator: tuple[AnnotatorRow, ...]
    by_slice: tuple[SliceRow, ...]
    differences: tuple[DifferenceRow, ...]
    coverage: tuple[CoverageRow, ...]
    pairs: Matrix | None
    """Cohen's kappa of the annotators with most votes."""
    reliability: tuple[Bin, ...]
    confusion: Matrix | None
    """Items by gold (rows) and consensus (columns)."""
    charts: tuple[Chart, ...]
    """All together first, then annotators, those with alarms first."""
    hours: tuple[HourRow, ...]
    session: tuple[PartRow, ...]

"""What the routes of reports give. Beside each number stands the filter that lists its items."""

import msgspec

from karat.model.kind import Role
from karat.quality.agreement.report import UNDEFINED, Confusion
from karat.quality.measure import Measure
from karat.server.items.schemas import Person

Filter = dict[str, object]


class StateCount(msgspec.Struct, frozen=True):
    """How many items are in a state."""

    state: str
    n: int
    filter: Filter


class DayCount(msgspec.Struct, frozen=True):
    """Answers that stand as they were handed in on a day (UTC), and on how many items."""

    day: str
    n: int
    items: int
    filter: Filter


class PersonProgress(msgspec.Struct, frozen=True, kw_only=True):
    """What one author has done. `median_ms` is of the time spent on an answer."""

    author: Person
    responses: int
    skipped: int
    items: int
    median_ms: int | None
    today: int
    agreement: Measure | None
    skill: Measure | None
    """How likely their answers are right, over the fields of which that was learned."""
    filter: Filter


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """How far a project is."""

    items: int
    responses: int
    by_state: dict[str, int]
    states: list[StateCount]
    by_day: list[DayCount]
    people: list[PersonProgress]


class LabelRow(msgspec.Struct, frozen=True):
    """Agreement on one label, and the items that have it."""

    label: str
    percent: Measure
    alpha: Measure
    filter: Filter


class FieldRow(msgspec.Struct, frozen=True, kw_only=True):
    """Agreement on one field or one attribute.

    Regions (`role` "where") have no bands: read their mean `distance`, the alpha of the labels of what both marked, and
    sigma, the share of distances that chance hardly undercuts; of spans `unitising`, alpha for the stretches that were
    marked, and `clusters`, the B-cubed F1 of mentions put into clusters. Their `alpha` is over the distance.
    """

    field: str
    title: str
    kind: str
    scale: str
    percent: Measure
    alpha: Measure
    n_items: int
    n_pairs: int
    per_label: list[LabelRow]
    confusions: list[Confusion]
    filter: Filter
    role: Role = "what"
    distance: Measure = UNDEFINED
    label_alpha: Measure = UNDEFINED
    sigma: Measure = UNDEFINED
    unitising: Measure = UNDEFINED
    clusters: Measure = UNDEFINED


class AgreementReport(msgspec.Struct, frozen=True, kw_only=True):
    """Agreement as it was computed; `stale` where answers came, went or changed since."""

    computed_at: str | None
    stale: bool
    fields: list[FieldRow]


class Counted(msgspec.Struct, frozen=True):
    """How often something came about, and the first hundred items on which it did."""

    n: int
    filter: Filter


class SourceRow(msgspec.Struct, frozen=True, kw_only=True):
    """One source of candidates in the table: `counts` by `wins`, `losses`, `ties` and `none_good`.

    `elo` is its Bradley-Terry score in points of Elo around 1000, `n` of it the items on which it was compared. Scores of
    different groups tell nothing: these sources were never held against one another.
    """

    source: str
    elo: Measure
    group: int
    counts: dict[str, Counted]


class PlaceBias(msgspec.Struct, frozen=True):
    """How often the candidate shown first was the best, how often that would be if places did not matter, and p.

    `first.n` counts the answers with one best of which the order shown is known.
    """

    first: Measure
    expected: float | None
    p: float | None
    filter: Filter


class PersonPlaces(msgspec.Struct, frozen=True):
    """One author's; p holds for all people that are asked about together (Benjamini and Hochberg)."""

    author: str
    bias: PlaceBias


class ComparedField(msgspec.Struct, frozen=True, kw_only=True):
    """What was said of candidates in one field: `known` sources, `unknown` answers that compare none of these."""

    field: str
    title: str
    n_items: int
    n_answers: int
    known: int
    unknown: int
    sources: list[SourceRow]
    first: PlaceBias
    people: list[PersonPlaces]


class ComparedReport(msgspec.Struct, frozen=True, kw_only=True):
    """What was said of candidates, field by field, as it was computed, and the people named in it."""

    computed_at: str | None
    stale: bool
    fields: list[ComparedField]
    people: list[Person]


class DisagreementRow(msgspec.Struct, frozen=True):
    """An item on which its authors differ: the mean distance between two of its `n` authors."""

    item: str
    key: str
    distance: float
    n: int


class Resolve(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The revision that is to be an item's result."""

    response: str
    revision: int


class Resolution(msgspec.Struct, frozen=True):
    """An item's result."""

    item: str
    response: str
    revision: int
    state: str

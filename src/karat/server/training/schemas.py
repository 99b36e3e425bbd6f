"""What the routes of training take and give."""

from typing import Literal

import msgspec

from karat.quality.measure import Measure
from karat.server.gold.schemas import FieldScore
from karat.server.items.schemas import Person

State = Literal["practice", "test", "pilot", "working", "failed", "paused"]
Part = Literal["practice", "test", "pilot"]
Why = Literal["", "test", "pilot", "guideline", "said"]
PARTS: tuple[Part, ...] = ("practice", "test", "pilot")
REASONS: dict[str, Why] = {"test": "test", "pilot": "pilot", "guideline": "guideline"}
"""Reasons that the course itself writes down; whatever else stands there was said by a person or a rule."""


class CoursePart(msgspec.Struct, frozen=True):
    """One part of a course."""

    part: Part
    items: int
    """How many it has; of a test, how many at most."""
    least: int
    """How many at least: a test ends earlier for whoever answers all rightly."""


class OwnCourse(msgspec.Struct, frozen=True, kw_only=True):
    """Where one stands oneself. A test tells how many were answered, never how many rightly."""

    has_course: bool
    state: State
    guideline: str
    done: int
    """Items of this part that were answered."""
    of: int | None
    """How many it has; of a test, how many at most."""
    waits: bool
    """Everything of this part is answered, and is yet to be compared."""
    parts: list[CoursePart]
    """The parts that the course has, in their order."""
    until: str | None
    """After a failed test, when the next may begin; null where a manager must decide."""
    tries_left: int | None
    why: Why
    """Why one stands here: a part was failed, the guideline changed, or what `reason` says."""
    reason: str


class Off(msgspec.Struct, frozen=True, kw_only=True):
    """What is not right about one's own annotation; never how it would be."""

    annotation: str
    what: Literal["answer", "label", "place", "attribute", "extra"]
    name: str | None = None
    """The attribute that is meant."""
    hint: str = ""


class FieldFeedback(msgspec.Struct, frozen=True, kw_only=True):
    """What came of one field of a practice item."""

    field: str
    right: bool
    hint: str = ""
    off: list[Off] = []
    missing: bool = False
    """Whether something is there that was not answered; not how much, nor where."""


class Feedback(msgspec.Struct, frozen=True):
    """What came of a practice item as it was first handed in: by field what is right, and hints; never the answer."""

    right: list[str]
    fields: list[FieldFeedback]


class PersonStanding(msgspec.Struct, frozen=True, kw_only=True):
    """Where somebody stands."""

    author: Person
    state: State
    begun: bool
    """Whether anything of the course was answered, or decided."""
    tries: int
    since: str | None
    until: str | None
    why: Why
    reason: str
    decided: bool
    """Whether a manager or a rule decided it, not the course itself."""
    groups: list[str]
    mine: bool
    """Whether the person is in a group of whoever asks: mentors are told so."""
    done: int
    """Items of the part that were answered."""
    right: int
    """Of those that were compared, how many rightly; of practice and tests only."""
    compared: int


class CourseAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody answered in practice or a test."""

    item: str
    key: str
    use: Part
    score: float
    """1 minus the mean distance to the key."""
    right: bool
    fields: dict[str, float]
    """By field the distance to the key."""
    at: str


class StandingChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is decided of somebody. `train` begins the course anew, `waive` lets them work, `reinstate` ends a pause."""

    do: Literal["pause", "train", "test", "waive", "reinstate"]
    reason: str = ""
    """Told to them; needed where somebody is paused or let work."""


class Confusion(msgspec.Struct, frozen=True, kw_only=True):
    """What one says where the key says something else; null stands for nothing there."""

    field: str
    said: str | None
    key: str | None
    n: int
    of: int
    """How often one said so in all; where one said nothing, how often the key says it."""
    share: Measure
    items: list[str]
    """Up to three of the items."""
    hint: str


class ModelResult(msgspec.Struct, frozen=True):
    """How a model's answers compare with one's own, over the last items that both answered."""

    name: str
    version: str | None
    score: Measure
    exact: Measure
    fields: list[FieldScore]


class Learning(msgspec.Struct, frozen=True, kw_only=True):
    """What one mixes up, from practice and from gold that is given to nobody any more, and what models say of one's answers."""

    items: int
    """Items that it is of."""
    confusions: list[Confusion]
    models: list[ModelResult]

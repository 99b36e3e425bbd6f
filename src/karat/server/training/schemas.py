"""What the routes of training take and give."""

from typing import Literal

import msgspec

from karat.server.items.schemas import Person

State = Literal["practice", "test", "pilot", "working", "failed", "paused"]


class OwnCourse(msgspec.Struct, frozen=True, kw_only=True):
    """Where one stands oneself. A test tells how many were answered, never how many rightly."""

    has_course: bool
    state: State
    guideline: str
    done: int
    """Items of this part that were answered."""
    of: int | None
    """How many it has; of a test, how many at most."""
    until: str | None
    """After a failed test, when the next may begin; null where a manager must decide."""
    tries_left: int | None
    reason: str


class Hint(msgspec.Struct, frozen=True):
    """What to look at again."""

    field: str
    text: str


class Feedback(msgspec.Struct, frozen=True):
    """What came of a practice item: which fields are right, and a hint for each that is not; never the answer."""

    right: list[str]
    hints: list[Hint]


class PersonStanding(msgspec.Struct, frozen=True, kw_only=True):
    """Where somebody stands."""

    author: Person
    state: State
    tries: int
    since: str | None
    until: str | None
    reason: str
    decided: bool
    """Whether a manager or a rule decided it, not the course itself."""


class StandingChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is decided of somebody. `train` begins the course anew, `waive` lets them work, `reinstate` ends a pause."""

    do: Literal["pause", "train", "test", "waive", "reinstate"]
    reason: str = ""

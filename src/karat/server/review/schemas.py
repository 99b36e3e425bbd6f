"""What the routes of reviews send and are sent."""

from typing import Literal

import msgspec

from karat.model.defects import DefectKind, Severity
from karat.model.response import Base, Covers
from karat.model.ways import Verdict
from karat.quality.differences import Difference
from karat.server.items.schemas import Person


class Defect(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True, kw_only=True):
    """What is wrong with an answer: one entry of the project's list of defects, and where."""

    code: str
    severity: Severity | None = None
    """The list's own severity where none is given."""
    field: str | None = None
    annotation: str | None = None
    note: str = ""


class Judged(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A verdict on one response, at the revision that was looked at."""

    response: str
    revision: int
    verdict: Verdict
    defects: tuple[Defect, ...] = ()
    note: str = ""


class Fix(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What the reviewer says instead: it takes the place of every answer whose verdict is `fixed`."""

    schema: int
    item_revision: int
    annotations: msgspec.Raw
    covers: Covers = {}
    base: Base | None = None


class Judgement(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a reviewer hands in for an item: a verdict on each answer that stands."""

    verdicts: tuple[Judged, ...] = ()
    fix: Fix | None = None
    decision: Base | None = None
    """Where somebody adjudicates: the answer that is the result; null where it is the fix."""
    active_ms: int = 0


class ReviewReceipt(msgspec.Struct, frozen=True):
    """A judgement that was stored. `counts`: it moved the item; else the item had gone on without it."""

    assignment: str
    verdict: Verdict | None
    stage: str
    """Where the item is now."""
    counts: bool
    at: str


class Review(msgspec.Struct, frozen=True, kw_only=True):
    """A verdict that was given."""

    id: str
    item: str
    stage: str
    response: str
    revision: int
    author: Person | None
    """Null where it is not told: a reviewer judges blind."""
    reviewer: Person | None
    verdict: Verdict
    defects: tuple[Defect, ...]
    titles: dict[str, str] = {}
    """What the codes of its defects are called, by code."""
    note: str
    fix: Base | None
    probability: float
    counts: bool
    at: str


class ToReview(msgspec.Struct, frozen=True, kw_only=True):
    """An answer that a reviewer is to judge."""

    response: str
    revision: int
    author: Person | None
    schema: int
    annotations: msgspec.Raw
    covers: msgspec.Raw
    at: str
    active_ms: int
    accepted: bool
    """Accepted at this revision before; a verdict is welcome, but not asked for."""


class ReviewTask(msgspec.Struct, frozen=True, kw_only=True):
    """What a claimed review shows: the answers that stand, what was said of them before, and the list of defects."""

    item: str
    stage: str
    do: Literal["review", "adjudicate"]
    answers: tuple[ToReview, ...]
    earlier: tuple[Review, ...]
    consensus: msgspec.Raw | None
    defects: dict[str, DefectKind]


class StageWaiting(msgspec.Struct, frozen=True, kw_only=True):
    """A stage at which answers are judged."""

    stage: str
    do: Literal["review", "adjudicate"]
    items: int
    """That nobody has claimed."""


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """What waits for reviewers."""

    items: int
    today: int
    """Items that the actor judged since midnight, UTC."""
    stages: tuple[StageWaiting, ...]


class Changed(msgspec.Struct, frozen=True, kw_only=True):
    """An answer as it was judged, and the fix that took its place; who fixed it is not told."""

    review: str
    item: str
    judged: msgspec.Raw
    """The annotations that were judged, and those that took their place."""
    fixed: msgspec.Raw
    differences: tuple[Difference, ...]
    """Between the answer, `a`, and the fix, `b`."""


class SentBack(msgspec.Struct, frozen=True):
    """An answer that was rejected and waits for its author."""

    project: str
    title: str
    item: str
    until: str
    """Until when it is kept for them; then others are offered it."""


class ToReviewHere(msgspec.Struct, frozen=True):
    """A project in which items wait to be judged."""

    project: str
    title: str
    items: int

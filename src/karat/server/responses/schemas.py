"""What the routes of responses send and are sent."""

import msgspec

from karat.quality.measure import Measure
from karat.server.items.schemas import Person


class RevisionRow(msgspec.Struct, frozen=True, kw_only=True):
    """One revision of a response, as it was handed in."""

    revision: int
    replaces: int
    state: str
    item_revision: int
    schema: int
    covers: msgspec.Raw
    annotations: msgspec.Raw
    base: msgspec.Raw
    skip: msgspec.Raw
    cause: str
    active_ms: int
    at: str


class ExclusionAsk(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whose responses would be left out."""

    author: str


class ExclusionPreview(msgspec.Struct, frozen=True):
    """What leaving an author out comes to. Agreement is over the fields' mean, on a sample of large projects."""

    responses: int
    items: int
    reopened: int
    """Items that would want an answer again."""
    agreement_before: Measure | None
    agreement_after: Measure | None


class Exclusion(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whose responses are left out, and why."""

    author: str
    reason: str


class Excluded(msgspec.Struct, frozen=True):
    """The operation that leaves them out, to be undone by `POST /operations/{id}/undo`; `job` where it takes a while."""

    operation: str
    responses: int
    job: str | None


class ExclusionRow(msgspec.Struct, frozen=True, kw_only=True):
    """An author who is left out, by an operation that can be undone."""

    operation: str
    author: Person
    responses: int
    """How many were left out when it was asked for."""
    reason: str
    by: str
    at: str

"""What one author says about one item."""

from typing import Literal

import msgspec

AuthorType = Literal["person", "model", "rule", "gold", "consensus", "import"]
State = Literal["submitted", "skipped", "withdrawn"]
Cause = Literal["author", "migration", "import", "merge", "undo"]
Covers = dict[str, list[str] | None]
"""Field to the labels that were looked for; None stands for every label of the field."""


class On(msgspec.Struct, frozen=True, omit_defaults=True):
    """Which part of the item an annotation lies on."""

    stream: str
    part: str | None = None


class Origin(msgspec.Struct, frozen=True):
    """The annotation that this one was copied from."""

    response: str
    annotation: str


class Base(msgspec.Struct, frozen=True):
    """The revision that a response started from."""

    response: str
    revision: int


class Skip(msgspec.Struct, frozen=True, omit_defaults=True):
    """Why an item was skipped."""

    reason: str
    note: str = ""


class Annotation(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One value of one kind. `value` is of the kind's own type once parsed."""

    id: str
    field: str
    kind: str
    version: int = 1
    on: On | None = None
    label: str | None = None
    value: object
    attributes: dict[str, object] = {}
    confidence: float | None = None
    probabilities: dict[str, float] | None = None
    origin: Origin | None = msgspec.field(default=None, name="from")
    group: str | None = None
    z: int | None = None
    extra: dict[str, object] = {}


class Author(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """Who says something: a person, a model at a version, gold, the consensus, someone from an imported file."""

    type: AuthorType
    name: str
    version: str | None = None
    id: str | None = None


class Response(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One author's annotations for one item, as formats read and write it."""

    author: Author
    annotations: tuple[Annotation, ...] = ()
    covers: Covers = {}
    state: State = "submitted"
    id: str | None = None
    revision: int = 1
    schema: int | None = None
    guideline: int | None = None
    item_revision: int = 1
    base: Base | None = None
    skip: Skip | None = None
    cause: Cause = "author"
    active_ms: int = 0
    at: str | None = None
    excluded: dict[str, str] | None = None
    extra: dict[str, object] = {}

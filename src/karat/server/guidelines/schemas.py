"""What the routes of guidelines send and are sent."""

from typing import Literal

import msgspec

from karat.model.guideline import Clause, Line

Verdict = Literal["do", "dont"]


class Definition(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a label, or a whole field, means; `clause` is the id of the clause that says more."""

    field: str
    label: str | None = None
    text: str
    clause: str | None = None


class NewExample(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A region of a real item to follow or to avoid. With `response` and `annotation` what was drawn there is kept as it
    is now; `crop` is x, y, width and height in the stream's pixels."""

    verdict: Verdict
    item: str
    field: str | None = None
    label: str | None = None
    clause: str | None = None
    stream: str | None = None
    crop: tuple[float, float, float, float] | None = None
    response: str | None = None
    annotation: str | None = None
    note: str = ""


class Example(NewExample, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An example as it is shown; `drawn` is the annotation as it was when the version was made."""

    drawn: msgspec.Raw = msgspec.field(default_factory=lambda: msgspec.Raw(b"null"))


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """A version as it is kept."""

    text: str = ""
    definitions: tuple[Definition, ...] = ()
    examples: tuple[Example, ...] = ()


class NewVersion(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The guideline as it shall be. With `must_read` nobody is given an item before they have confirmed the changes."""

    text: str
    definitions: tuple[Definition, ...] = ()
    examples: tuple[NewExample, ...] = ()
    note: str = ""
    """What was changed and why, in a line."""
    must_read: bool = False


class Guideline(msgspec.Struct, frozen=True, kw_only=True):
    """A version of the guideline; version 0, without text, where nobody has written one."""

    version: int
    newest: int
    text: str
    clauses: tuple[Clause, ...]
    definitions: tuple[Definition, ...]
    examples: tuple[Example, ...]
    note: str
    must_read: bool
    by: str | None
    """Who wrote it; told to reviewers and above."""
    at: str | None
    read: int
    """The newest version that you confirmed to have read; 0 for none."""
    to_read: int | None
    """The version that you must confirm before you are given another item; null where none waits."""


class VersionRow(msgspec.Struct, frozen=True, kw_only=True):
    """A version in the list of all."""

    version: int
    note: str
    must_read: bool
    by: str | None
    at: str


class Changes(msgspec.Struct, frozen=True, kw_only=True):
    """What changed from one version to another, line by line; definitions and examples are lines too."""

    since: int
    until: int
    lines: tuple[Line, ...]
    notes: tuple[str, ...]
    """What was said of each version between the two."""
    changed: int
    """How many lines came or went."""


class Read(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The version that was read."""

    version: int


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """A clause or a definition that fits what was looked for, the better first."""

    clause: str | None
    field: str | None
    label: str | None
    title: str
    text: str
    score: float

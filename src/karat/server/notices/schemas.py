"""What the routes of notices, webhooks and presence send and are sent."""

from typing import Annotated, Literal

import msgspec

from karat.server.items.schemas import Person

NoticeName = Literal[
    "mention",
    "answer",
    "ruling",
    "question",
    "sent-back",
    "appeal",
    "appeal-decided",
    "guideline",
    "given",
    "late",
    "course",
    "acted",
    "acted-undone",
    "rule-acted",
    "pay",
    "pay-contest",
    "pay-decided",
    "budget",
    "board-asked",
    "board-blocked",
    "board-opened",
    "board-short",
    "job-done",
    "job-failed",
]
Mail = Literal["off", "each", "daily"]


class Thing(msgspec.Struct, frozen=True, kw_only=True):
    """What a notice is about, by its ids; never any content."""

    type: str
    id: str
    item: str | None = None


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """Something that concerns a person."""

    id: str
    name: NoticeName
    workspace: str
    project: str | None
    title: str | None
    """The project's title."""
    thing: Thing
    at: str
    read_at: str | None


class Unread(msgspec.Struct, frozen=True):
    """How many notices wait to be read; 100 stands for more."""

    unread: int


class Marked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which notices were read; all of them where none are named."""

    ids: tuple[str, ...] = ()


class Choices(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whether notices come by e-mail too: each, once a day, or not."""

    mail: Mail


class ChoicesBody(msgspec.Struct, frozen=True):
    """A person's choices, and whether this server sends e-mail at all."""

    mail: Mail
    can_mail: bool


class NewHook(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An address that is told of events, by their names; `*` for all."""

    url: str
    events: tuple[str, ...]


class Hook(msgspec.Struct, frozen=True, kw_only=True):
    """A webhook. `secret` is told once, when it is made."""

    id: str
    url: str
    events: tuple[str, ...]
    active: bool
    at: str
    waiting: int
    """Events that it is still to be told of."""
    failed: int
    """Events that it could not be told of, in all their tries."""
    secret: str | None = None


class ChangeHook(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What of a webhook changes."""

    active: bool | None = None
    events: tuple[str, ...] | None = None


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """An event that an address was, or is to be, told of."""

    id: str
    name: str
    state: Literal["waiting", "sent", "failed"]
    tries: int
    status: int | None
    error: str
    at: str
    next_at: str


class At(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """On which page of a project one is, and which item one has open there."""

    page: Annotated[str, msgspec.Meta(max_length=40)] = ""
    item: str | None = None


class Here(msgspec.Struct, frozen=True):
    """Somebody who is here now: on which page, and with which item open."""

    person: Person
    since: str
    page: str = ""
    item: str | None = None
    key: str | None = None

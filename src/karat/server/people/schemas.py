"""What the people routes take and give."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from karat.server.access import Role, TokenScope

Name = Annotated[str, Meta(min_length=1, max_length=200)]
Email = Annotated[str, Meta(min_length=3, max_length=254, pattern=r"^[^\s@]+@[^\s@]+$")]
Password = Annotated[str, Meta(min_length=1, max_length=1000)]
Purpose = Literal["first", "invite", "reset"]


class SignIn(msgspec.Struct, frozen=True):
    """An email, its password, and the code of the second factor where one is set up."""

    email: str
    password: Password
    code: str | None = None


class Membership(msgspec.Struct, frozen=True):
    """A workspace that the person belongs to."""

    id: str
    name: str
    role: Role


class Me(msgspec.Struct, frozen=True, kw_only=True):
    """The person who is signed in."""

    id: str
    name: str
    email: str
    totp: bool
    settings: dict[str, object]
    workspaces: list[Membership]
    version: str


class ChangeMe(msgspec.Struct, frozen=True):
    """`settings` are merged key by key; null takes a key away."""

    name: Name | None = None
    settings: dict[str, object] | None = None


class ChangePassword(msgspec.Struct, frozen=True):
    """The password that holds now and the one that shall hold."""

    current: Password
    new: Password
    revoke_tokens: bool = False
    """Whether one's API tokens end too, in every workspace."""


class Session(msgspec.Struct, frozen=True):
    """One browser that is signed in."""

    id: str
    created_at: str
    seen_at: str
    agent: str
    address: str
    current: bool


class Totp(msgspec.Struct, frozen=True):
    """The secret of a second factor, shown once, and the address that an authenticator reads from a QR code."""

    secret: str
    uri: str


class Code(msgspec.Struct, frozen=True):
    """Six digits of an authenticator."""

    code: str


class Confirm(msgspec.Struct, frozen=True):
    """The person's password, asked again."""

    password: Password


class LinkState(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a link is for and whether it can still be used."""

    purpose: Purpose
    state: Literal["open", "spent", "expired"]
    expires_at: str
    workspace: str | None = None
    email: str | None = None
    name: str | None = None
    role: Role | None = None
    spent_at: str | None = None


class SpendLink(msgspec.Struct, frozen=True):
    """Who comes in: a new person with a name, or somebody with an account, by its password (and code) or signed in."""

    password: Password | None = None
    name: Name | None = None
    email: Email | None = None
    code: str | None = None


class NewWorkspace(msgspec.Struct, frozen=True):
    """A workspace to be made."""

    name: Name


class Workspace(msgspec.Struct, frozen=True):
    """A tenant: people, projects, storage, keys."""

    id: str
    name: str
    role: Role
    created_at: str


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """A person in a workspace. `author` is who their responses are by."""

    id: str
    person: str
    author: str
    name: str
    email: str
    role: Role
    active: bool
    totp: bool
    created_at: str
    last_seen_at: str | None
    skills: list[str]
    languages: list[str]


class Traits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is said of a member: words such as `ecg`, and languages such as `sw`, as stages and items name them."""

    skills: list[str] = []
    languages: list[str] = []


class Group(msgspec.Struct, frozen=True):
    """A named group of people; `members` are ids of members."""

    id: str
    name: str
    members: list[str]


class ChangeGroup(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A group to be made, or what of it changes."""

    name: str | None = None
    members: list[str] | None = None


class ChangeMember(msgspec.Struct, frozen=True):
    """What of a member changes."""

    role: Role | None = None
    active: bool | None = None


class NewInvite(msgspec.Struct, frozen=True):
    """Who may come in by a link, and as what. With an email only that address can use it."""

    role: Role
    email: Email | None = None


class Invite(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An invite; `url` is shown once, when it is made."""

    id: str
    role: Role
    created_at: str
    expires_at: str
    email: str | None = None
    created_by: str | None = None
    url: str | None = None


class LinkMade(msgspec.Struct, frozen=True):
    """A link to hand to its person; it is shown once."""

    url: str
    expires_at: str


class NewToken(msgspec.Struct, frozen=True):
    """An API token to be made."""

    name: Name
    scopes: Annotated[list[TokenScope], Meta(min_length=1, max_length=3)]
    expires_days: Annotated[int, Meta(ge=1, le=366)] = 90


class Token(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An API token; `token` itself is shown once, when it is made."""

    id: str
    name: str
    scopes: list[TokenScope]
    person: str
    created_at: str
    expires_at: str
    seen_at: str | None = None
    token: str | None = None


class AuditActor(msgspec.Struct, frozen=True):
    """Who did it; the operator at the command line has no id."""

    id: str | None
    name: str


class AuditProject(msgspec.Struct, frozen=True):
    """The project that an entry speaks of, by the title that it has now."""

    id: str
    title: str


class AuditEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the audit trail."""

    seq: int
    at: str
    actor: AuditActor
    name: str
    project: AuditProject | None
    """Null for what is of no project, and for one that was deleted for good."""
    thing: dict[str, object]
    data: dict[str, object]
    address: str

"""What the server tells, as values; fields that this version does not know are passed over."""

import msgspec


class Measure(msgspec.Struct, frozen=True):
    """A number with its interval and its sample; `enough` says whether the sample carries a statement."""

    value: float | None = None
    low: float | None = None
    high: float | None = None
    n: int = 0
    enough: bool = False


class FieldAgreement(msgspec.Struct, frozen=True):
    """How well people agree on one field; regions (`role` "where") by distance, alpha of matched labels, and sigma."""

    field: str
    kind: str
    percent: Measure
    alpha: Measure
    title: str = ""
    n_items: int = 0
    role: str = "what"
    distance: Measure = Measure()
    label_alpha: Measure = Measure()
    sigma: Measure = Measure()
    unitising: Measure = Measure()
    clusters: Measure = Measure()


class Agreement(msgspec.Struct, frozen=True):
    """A project's agreement, and whether answers came in since it was computed."""

    fields: list[FieldAgreement]
    computed_at: str | None = None
    stale: bool = False


class Counts(msgspec.Struct, frozen=True):
    """How many of what a project has."""

    items: int = 0
    open: int = 0
    labeled: int = 0
    done: int = 0
    responses: int = 0


class ProjectState(msgspec.Struct, frozen=True):
    """A project as the server last told it."""

    id: str
    title: str
    workspace: str = ""
    description: str = ""
    state: str = "active"
    schema: dict[str, object] = {}
    schema_yaml: str = ""
    schema_version: int = 1
    policy: dict[str, object] | None = None
    """The workflow policy; None for annotators."""
    policy_version: int = 1
    counts: Counts | None = None
    """None for annotators: the counts tell of others' work."""


class ProjectRow(msgspec.Struct, frozen=True):
    """A project in a list; the counts are for reviewers and above."""

    id: str
    title: str
    state: str = "active"
    items: int | None = None
    responses: int | None = None
    done: int | None = None


class Membership(msgspec.Struct, frozen=True):
    """A workspace that a person belongs to."""

    id: str
    name: str
    role: str


class Me(msgspec.Struct, frozen=True):
    """The person who asks."""

    id: str
    name: str
    email: str
    workspaces: list[Membership] = []
    version: str = ""


class Member(msgspec.Struct, frozen=True):
    """A person in a workspace."""

    id: str
    name: str
    email: str
    role: str
    active: bool = True
    author: str = ""
    """Who their responses are by."""


class Link(msgspec.Struct, frozen=True):
    """A one-time link; the address is told once, when it is made."""

    expires_at: str
    url: str = ""
    id: str = ""
    role: str = ""
    email: str | None = None
    created_by: str | None = None


class Token(msgspec.Struct, frozen=True):
    """An API token; its text is told once."""

    id: str
    name: str = ""
    token: str = ""
    expires_at: str = ""
    person: str = ""
    scopes: list[str] = []
    seen_at: str | None = None


class Operation(msgspec.Struct, frozen=True):
    """A change of many things, which `Client.undo` takes back by its id."""

    id: str | None
    name: str = ""
    changed: int = 0
    kept: int = 0
    job: str | None = None
    unknown: list[str] = []
    """Of a table: the first keys that no item has."""


class Exclusion(msgspec.Struct, frozen=True):
    """An author's responses were left out; `Client.undo(operation)` takes them in again."""

    operation: str
    responses: int
    job: str | None = None

"""What the routes of projects take and give."""

from typing import Literal

import msgspec

from karat.model.problem import Problem
from karat.server.access import Role

State = Literal["active", "archived", "bin"]
Document = dict[str, object]


class Summary(msgspec.Struct, frozen=True):
    """A measure with its interval, and how much it rests on."""

    value: float | None
    low: float | None
    high: float | None
    n: int


class ProjectRow(msgspec.Struct, frozen=True, kw_only=True):
    """A project in a list. The counts tell of others' work, so annotators get null."""

    id: str
    title: str
    description: str
    state: State
    streams: list[str]
    items: int | None
    responses: int | None
    labeled: int | None
    done: int | None
    people: int | None
    agreement: Summary | None
    created_at: str
    changed_at: str
    deleted_at: str | None


class Counts(msgspec.Struct, frozen=True):
    """How far a project is."""

    items: int
    open: int
    labeled: int
    done: int
    responses: int


class SkipTold(msgspec.Struct, frozen=True):
    """What becomes of an item that is skipped at a stage, as people who label there are told it."""

    requeue: Literal["others", "me", "none"]
    sends: bool
    """Whether it goes to another stage once enough people have skipped it; to which, and how many, is not told."""


class Skipping(msgspec.Struct, frozen=True):
    """What skipping means in a project."""

    reasons: dict[str, str]
    """What people choose from, by key."""
    rules: dict[str, SkipTold]
    """By the stages at which people label, the one where work begins first."""


class Project(msgspec.Struct, frozen=True, kw_only=True):
    """One project. `schema` is complete, `schema_yaml` is as somebody wrote it."""

    id: str
    workspace: str
    title: str
    description: str
    state: State
    schema: Document
    schema_version: int
    schema_yaml: str
    policy: Document | None
    policy_version: int
    skipping: Skipping
    overlap: int | None
    counts: Counts | None
    role: Role
    etag: str
    created_at: str
    changed_at: str
    deleted_at: str | None
    purged_at: str | None
    """When a project in the bin is deleted for good."""


class NewProject(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Give the schema as a document or as YAML, not both."""

    title: str
    description: str = ""
    schema: Document | None = None
    schema_yaml: str | None = None
    policy: Document | None = None
    overlap: int | None = None


class ProjectEdit(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is absent stays as it is."""

    title: str | msgspec.UnsetType = msgspec.UNSET
    description: str | msgspec.UnsetType = msgspec.UNSET
    overlap: int | msgspec.UnsetType = msgspec.UNSET
    begin: str | msgspec.UnsetType = msgspec.UNSET
    """What answers begin as: `nothing`, `imported`, or `model NAME`."""
    policy: Document | msgspec.UnsetType = msgspec.UNSET


class SchemaText(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A schema as YAML or as a document, not both."""

    yaml: str | None = None
    schema: Document | None = None


class Hotkey(msgspec.Struct, frozen=True):
    """A key that the schema gives to a label or an option, and which others have it too."""

    key: str
    field: str
    label: str
    conflicts: list[str]


class LossRow(msgspec.Struct, frozen=True):
    """What a format cannot hold of a schema."""

    what: str
    count: int
    becomes: str
    remedy: str


class SchemaCheck(msgspec.Struct, frozen=True, kw_only=True):
    """A schema read: what is wrong with it, or what it is and what each format would lose of it."""

    schema: Document | None
    yaml: str
    problems: list[Problem]
    losses: dict[str, list[LossRow]]
    hotkeys: list[Hotkey]


class NewClone(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A copy of a project: its schema and policy, and its items where `with_items`. Answers are never copied."""

    title: str
    with_items: bool = False


class Cloned(msgspec.Struct, frozen=True):
    """The new project, and the job that copies its items where they are many."""

    project: Project
    job: str | None


class Template(msgspec.Struct, frozen=True):
    """A schema to start from."""

    id: str
    title: str
    group: str
    about: str
    streams: list[str]
    schema_yaml: str
    schema: Document

"""What the routes of the workflow take and give."""

from typing import Literal

import msgspec

from karat.model.problem import Problem

Document = dict[str, object]
Late = Literal["release", "raise"]


class PolicyText(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A policy to be looked at. `plan` asks what it would mean for the items that are there."""

    policy: Document
    plan: bool = False


class Move(msgspec.Struct, frozen=True, kw_only=True):
    """What a change would mean for the items in one place: how many, and where they would stand."""

    stage: str
    state: str
    to_stage: str
    to_state: str
    items: int


class PolicyCheck(msgspec.Struct, frozen=True, kw_only=True):
    """A policy read: what is wrong with it, or what it is."""

    policy: Document | None
    """Complete where it was asked for, without what is as it would be anyway; null where it has mistakes."""
    problems: list[Problem]
    people: dict[str, int]
    """How many people may work at each stage now."""
    plan: list[Move] | None = None


class StageCounts(msgspec.Struct, frozen=True, kw_only=True):
    """The items at a stage now."""

    open: int
    """They wait for somebody."""
    claimed: int
    """Claims that people hold."""
    waiting: int
    """They have what the stage asks and wait for their way or their result."""
    done: int


class Workflow(msgspec.Struct, frozen=True, kw_only=True):
    """The workflow in force, and where the items are."""

    version: int
    policy: Document
    counts: dict[str, StageCounts]
    queues: dict[str, str]
    """The orders that a queue can have, with their titles."""
    methods: list[str]
    """The methods of consensus."""
    moving: bool
    """Whether a changed policy is still being applied to the items."""


class PolicyVersion(msgspec.Struct, frozen=True, kw_only=True):
    """One version of a workflow; `by` is who wrote it."""

    version: int
    by: str
    at: str
    policy: Document


class NewBatch(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Items, by their ids or by a filter, for a person or a group (by their ids), or whoever has a skill or speaks a language.

    For none of these the items are for anybody as before, and only move in the queue, as `priority` says.
    """

    title: str
    items: list[str] | None = None
    filter: Document | None = None
    person: str | None = None
    """The id of the person as a member."""
    group: str | None = None
    skill: str | None = None
    language: str | None = None
    priority: Literal["high", "normal", "low"] | int = "normal"
    deadline: str | None = None
    """When the items are for anybody again."""
    late: Late = "release"
    """What becomes of the rest at the deadline: for anybody at its place, or before everything else."""
    exclusive: bool = True
    """Whether nobody else is given them before."""


class Batch(msgspec.Struct, frozen=True, kw_only=True):
    """Items that were given by hand, or moved in the queue. Of the `items` put in, `left` still want an answer."""

    id: str
    title: str
    to: Literal["person", "group", "skill", "language", "anybody"]
    person: str | None
    group: str | None
    name: str
    """Of the person, the group, the skill or the language."""
    priority: int
    deadline: str | None
    late: Late
    exclusive: bool
    items: int
    left: int
    held: int
    """How many of them somebody holds now."""
    at: str
    by: str
    ended_at: str | None
    job: str | None
    """The job that still puts items in, where they are many."""


class GivenBatch(msgspec.Struct, frozen=True, kw_only=True):
    """What was given to whoever asks."""

    id: str
    title: str
    priority: int
    deadline: str | None
    left: int | None
    """Items that they have not answered; null where others are given them too, since it would tell what those do."""


class HandOver(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What one member holds goes to another; only `items` of it, where they are named."""

    from_: str = msgspec.field(name="from")
    to: str
    items: list[str] | None = None
    title: str = "Handed over"


class OwnHandOver(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What you hold goes to a colleague; only `items` of it, where they are named."""

    to: str
    items: list[str] | None = None


class HandedOver(msgspec.Struct, frozen=True, kw_only=True):
    """How many claims ended, and the batch by which the items were given on; null where nothing was held."""

    items: int
    batch: str | None


class Colleague(msgspec.Struct, frozen=True):
    """Somebody to whom you can hand over, by their id as a member."""

    id: str
    name: str


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """An item that somebody holds now."""

    item: str
    key: str
    stage: str
    person: str
    """Their id as a member."""
    name: str
    at: str
    until: str


class TakeAway(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Whose claims end; only those on `items`, where they are named."""

    from_: str = msgspec.field(name="from")
    items: list[str] | None = None

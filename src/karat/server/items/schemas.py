"""What the routes of items take and give."""

from typing import Annotated, Literal

import msgspec

from karat.model.item import Scalar
from karat.model.kind import Facts
from karat.model.response import AuthorType, Base, Covers, Skip

ItemState = Literal["open", "labeled", "review", "done"]
Metadata = dict[str, Scalar]


class Person(msgspec.Struct, frozen=True):
    """An author as shown beside what they said."""

    id: str
    name: str
    type: AuthorType


class StreamRow(msgspec.Struct, frozen=True, kw_only=True):
    """A stream of an item: of a text its start, of a conversation what is read in it, and where to fetch it."""

    kind: str
    name: str | None
    facts: Facts
    url: str
    text: str | None
    """The text itself, or in a list its first 300 characters."""
    is_cut: bool
    uri: str | None = None
    """Where content that Karat does not hold was said to be."""


class ItemRow(msgspec.Struct, frozen=True, kw_only=True):
    """An item in a list. `labels` counts annotations of all authors together."""

    id: str
    key: str
    revision: int
    state: ItemState
    streams: dict[str, StreamRow]
    metadata: Metadata
    tags: list[str]
    responses: int
    labels: dict[str, dict[str, int]]
    authors: list[Person]
    disagreement: float | None
    uncertainty: float | None
    """The chance that a result is wrong, of the field where it is largest; null where none was learned."""
    created_at: str
    changed_at: str


class ItemPage(msgspec.Struct, frozen=True, kw_only=True):
    """A window on the items. Where `complete` is false time ran out: `next` goes on behind `searched_up_to`."""

    items: list[ItemRow]
    next: str | None
    complete: bool
    searched_up_to: str | None
    """The key of the last item that was looked at."""


class ItemCount(msgspec.Struct, frozen=True):
    """How many items; above 10,000 of a filter, or where time ran out, there are more."""

    count: int
    exact: bool


class ResponseRow(msgspec.Struct, frozen=True, kw_only=True):
    """What an author says of an item, as it stands. `revision` is 0 where the only one was taken back; then nothing is said."""

    id: str
    revision: int
    item: str
    item_revision: int | None
    author: Person
    schema: int | None
    state: Literal["submitted", "skipped", "withdrawn"]
    covers: Covers
    annotations: msgspec.Raw
    base: Base | None
    skip: Skip | None
    cause: str | None
    active_ms: int
    at: str
    excluded: dict[str, str] | None
    surplus: bool


class ItemBody(msgspec.Struct, frozen=True, kw_only=True):
    """One item. An annotator sees the ones they were given, with their own answers and nothing about others'."""

    id: str
    project: str
    key: str | None
    """For reviewers and above: a caller's key may say that an item is gold."""
    revision: int
    streams: dict[str, StreamRow]
    metadata: Metadata
    tags: list[str]
    split_group: str | None
    state: ItemState | None
    stage: str | None
    responses_count: int | None
    disagreement: float | None
    uncertainty: float | None
    responses: list[ResponseRow]
    resolution: dict[str, str | int] | None
    created_at: str | None
    changed_at: str | None


class ItemEdit(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is absent stays as it is; `metadata` and `tags` replace what is there."""

    metadata: Metadata | msgspec.UnsetType = msgspec.UNSET
    tags: list[str] | msgspec.UnsetType = msgspec.UNSET
    split_group: str | msgspec.UnsetType | None = msgspec.UNSET


BulkAction = Literal["tag", "untag", "delete", "metadata", "requeue"]


class Bulk(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One change to many items, named by a filter or by their ids.

    `value`: the tag; for `metadata` an object of values, null to remove one; for `requeue` how many more answers.
    """

    action: BulkAction
    filter: dict[str, object] | None = None
    ids: list[str] | None = None
    value: str | int | dict[str, Scalar | None] | None = None


class Operation(msgspec.Struct, frozen=True, kw_only=True):
    """A change to many items. `kept` were changed again since and stay as they are."""

    id: str | None
    name: str
    changed: int
    kept: int
    kept_items: list[str]
    """The ids of the first 100 that were kept."""
    job: str | None
    """The job that does it, where the items are many; then the numbers are not known yet."""
    can_undo: bool
    undoes: str | None = None
    undone_by: str | None = None
    at: str | None = None
    actor: str | None = None
    unknown: list[str] = []
    """Of a table: the first 100 keys that no item has."""


class KeyFacet(msgspec.Struct, frozen=True, kw_only=True):
    """A metadata key and some of its values."""

    key: str
    texts: list[str]
    more: bool
    """Whether there are other texts than those listed."""
    low: float | None
    high: float | None


class FieldFacet(msgspec.Struct, frozen=True):
    """A field or an attribute, and the labels it can be answered with."""

    field: str
    title: str
    kind: str
    labels: dict[str, str]


class Facets(msgspec.Struct, frozen=True):
    """What a filter can name in this project."""

    metadata: list[KeyFacet]
    fields: list[FieldFacet]
    authors: list[Person]
    tags: list[str]
    states: list[ItemState]
    sorts: list[str]


class ViewColumn(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A column of a table: `name`, `state`, `meta:<key>` and so on, and how wide it was drawn."""

    key: Annotated[str, msgspec.Meta(max_length=300)]
    width: Annotated[int, msgspec.Meta(ge=40, le=2000)] | None = None
    """In pixels; null where the table may choose."""


class ViewLook(msgspec.Struct, frozen=True, kw_only=True):
    """What a view shows: which items, in which order, with which columns. No columns: the table's own."""

    filter: dict[str, object] = {}
    sort: str = "changed"
    descending: bool = True
    columns: list[ViewColumn] = []


class NewView(ViewLook, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A view as it is saved."""

    name: str


class View(msgspec.Struct, frozen=True, kw_only=True):
    """A saved view."""

    id: str
    name: str
    filter: dict[str, object]
    sort: str
    descending: bool
    columns: list[ViewColumn]
    by: str
    """Who saved it last."""
    changed_at: str

"""What the routes of transfers take and give."""

from typing import Annotated, Literal

import msgspec

from karat.formats.base import Loss, Mapping, Which
from karat.formats.columns import Column
from karat.server.transfers.uploading import UploadedFile


class FormatRow(msgspec.Struct, frozen=True):
    """A file format: its name in requests, its title for people, what it is for, and whether it is read and written."""

    name: str
    title: str
    about: str
    reads: bool
    writes: bool


class NewUpload(msgspec.Struct, frozen=True):
    """A place to put files."""

    id: str


class Upload(msgspec.Struct, frozen=True):
    """An upload and how far its files are."""

    id: str
    files: list[UploadedFile]


class From(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where data come from: an upload or a URI, one of the two."""

    upload: str | None = None
    uri: str | None = None
    format: str | None = None
    mapping: Mapping | None = None


class NewImport(From, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An import. `strict` refuses the whole file where one row is bad; `update` gives known keys with other content a new revision."""

    strict: bool = False
    update: bool = False
    author: Annotated[str, msgspec.Meta(min_length=1, max_length=200)] = "import"
    """Who said what the file does not attribute to anybody."""


class NewExport(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An export. `filter` is that of the item list; `since` takes items that changed at or after a time."""

    format: str = "jsonl"
    which: Which = "all"
    author: str | None = None
    filter: dict[str, object] | None = None
    since: str | None = None
    media: bool = False
    """Copy the media beside the file instead of only naming them."""
    drafts: Literal[False] = False


class PreviewBody(msgspec.Struct, frozen=True, kw_only=True):
    """What an import would do."""

    format: str
    formats: list[str]
    files: list[str]
    columns: list[Column]
    mapping: Mapping
    rows: list[dict[str, object]]
    losses: list[Loss]
    rejects: list[dict[str, object]]
    notes: list[str]
    fields_matched: list[str]


class SchemaProposal(msgspec.Struct, frozen=True):
    """A schema that would hold what a file has."""

    schema: dict[str, object]
    yaml: str
    mapping: Mapping
    notes: list[str]

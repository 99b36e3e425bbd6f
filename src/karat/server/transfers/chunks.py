"""What the reading process hands to the server: chunks of rows that are checked and ready to be stored."""

import msgspec

from karat.formats.base import Loss, Mapping
from karat.model.problem import Problem
from karat.model.response import AuthorType

Metadata = dict[str, str | int | float | bool | list[str]]


class ReadPlan(msgspec.Struct, frozen=True, kw_only=True):
    """What the reading process is told."""

    path: str
    format: str | None
    """None: found out from the files."""
    mapping: Mapping | None
    schema: dict[str, object]
    project: str
    """The project's id, from which ids are derived that a file does not bring."""
    default_author: str
    scratch: str
    roots: tuple[str, ...]
    hosts: tuple[str, ...]
    max_pixels: int
    skip: int = 0
    """How many records and rejects earlier runs have had."""
    rows: int = 500
    """The most items in a chunk."""
    check_only: bool = False
    """Only find out whether every row is good; chunks carry nothing but counts and rejects."""


class NewItem(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What the server needs to know of an item beside its row."""

    id: str | None
    """Where the file brought one."""
    key: str
    hash: str
    metadata: Metadata
    tags: tuple[str, ...]
    row: bytes
    """JSON without the brackets: key, hash, revision, streams, metadata, tags, split_group, extra."""
    media: tuple[str, ...] = ()
    """SHA-256 of the files of this item, which are in `Chunk.media`."""
    line: int | None = None
    source: str | None = None


class NewAuthor(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Who said something, as the file names them."""

    type: AuthorType
    name: str
    version: str
    id: str | None


class NewResponse(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What somebody said about an item of the chunk."""

    item: int
    """Which of the chunk's items."""
    id: str
    given: bool
    author: NewAuthor
    revision: int
    item_revision: int
    state: str
    hash: str
    row: bytes
    """JSON without the brackets: covers, annotations, base, skip, cause, active_ms, at, extra, excluded."""
    marks: list[tuple[str, str, int]]
    answers: dict[str, list[str | float]]
    line: int | None = None


class MediaFile(msgspec.Struct, frozen=True, array_like=True):
    """A file that becomes a blob."""

    sha256: str
    size: int
    media_type: str
    facts: bytes
    path: str
    spooled: bool
    """The path is a copy that may be moved away."""


class Rejected(msgspec.Struct, frozen=True, omit_defaults=True):
    """A row that was not taken, as it stands in `rejects.jsonl`."""

    source: str
    line: int | None
    key: str | None
    problems: tuple[Problem, ...]
    raw: str


class Chunk(msgspec.Struct, frozen=True, tag="chunk"):
    """A part of the file, ready to be stored."""

    outputs: int
    """Records and rejects that it covers, for going on after a crash."""
    rows: int
    """Rows of the file that it covers."""
    items: list[NewItem]
    responses: list[NewResponse]
    media: list[MediaFile]
    rejects: list[Rejected]
    losses: list[Loss]
    share: float | None
    """How much of the file was read, 0 to 1, where that is known."""


class Opened(msgspec.Struct, frozen=True, tag="opened"):
    """The format that is being read."""

    format: str
    title: str


class Ended(msgspec.Struct, frozen=True, tag="ended"):
    """Everything was read."""

    notes: list[str]
    memory_mb: float


class Failed(msgspec.Struct, frozen=True, tag="failed"):
    """The file cannot be read at all, and what to do about it."""

    title: str
    problems: list[Problem]


Told = Opened | Chunk | Ended | Failed

"""What a format is, what it reads and writes, and what it says it cannot hold."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Mapping as AbstractMapping
from dataclasses import dataclass
from dataclasses import field as default
from pathlib import Path
from typing import BinaryIO, Literal, Protocol

import msgspec

from karat.kinds import KINDS
from karat.model.field import TextFormat
from karat.model.item import Item, Stream
from karat.model.kind import AnyKind
from karat.model.problem import Problem
from karat.model.response import Author, Response
from karat.model.schema import Schema

RAW_LIMIT = 64 * 1024
"""Characters of a rejected row that are kept."""

Which = Literal["consensus", "author", "all"]


class Record(msgspec.Struct, frozen=True, omit_defaults=True):
    """One item with everything that was said about it.

    Values of annotations are plain JSON when they come from a file; writers take the kinds' own values as well.
    A stream whose `ref.uri` has no scheme names a file of the same source.
    """

    item: Item
    responses: tuple[Response, ...] = ()
    line: int | None = None
    """The line it began on, or the row's number where the format has no lines; from 1."""
    source: str | None = None
    """The name of the file."""
    rows: int = 1
    """How many rows of the file it was made of."""


class Reject(msgspec.Struct, frozen=True, omit_defaults=True):
    """A row that could not be read, with the reasons; it never stops the rows after it."""

    source: str
    problems: tuple[Problem, ...]
    line: int | None = None
    key: str | None = None
    raw: str = ""
    rows: int = 1


class Loss(msgspec.Struct, frozen=True):
    """Something that a format, or the kinds of today, cannot hold."""

    what: str
    count: int
    becomes: str
    remedy: str


class SkillLine(msgspec.Struct, frozen=True, kw_only=True):
    """How likely what an author says on a field is right, in [0, 1], with the 95 % interval from `low` to `high`.

    `n` is on how many answers it rests; `method` made the consensus for which it was learned, at a time.
    """

    author: Author
    field: str
    value: float
    low: float
    high: float
    n: float
    method: str
    at: str


class LossCounter:
    """Counts losses while a file is read or written."""

    def __init__(self) -> None:
        self._counts: dict[tuple[str, str, str], int] = {}

    def add(self, what: str, count: int = 1, *, becomes: str, remedy: str = "") -> None:
        """Count `count` more things lost; nothing is noted for 0."""
        if count:
            key = (what, becomes, remedy)
            self._counts[key] = self._counts.get(key, 0) + count

    def losses(self) -> list[Loss]:
        """The losses so far, the most frequent first."""
        found = [Loss(what, count, becomes, remedy) for (what, becomes, remedy), count in self._counts.items()]
        return sorted(found, key=lambda loss: (-loss.count, loss.what, loss.becomes))

    def count(self, what: str) -> int:
        """How many of one thing were lost."""
        return sum(n for (name, _, _), n in self._counts.items() if name == what)


class Source(Protocol):
    """Files to read from: a folder, one file, an archive, an upload."""

    def names(self) -> Iterator[str]:
        """Relative names with `/`, in the order of their parts."""
        ...

    def open(self, name: str) -> BinaryIO:
        """The file's content; `FileNotFoundError` if there is none."""
        ...

    def size(self, name: str) -> int | None:
        """Bytes, where known without reading."""
        ...

    def has(self, name: str) -> bool:
        """Whether there is such a file."""
        ...


class Sink(Protocol):
    """Where an export is written."""

    def open(self, name: str) -> BinaryIO:
        """A file to write; used as a context manager, it appears under its name only if nothing was raised."""
        ...


class Mapping(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True, kw_only=True):
    """Which column of a table is what. Columns without a header are named `column_1`, `column_2` …"""

    key: str | None = None
    streams: dict[str, str] = {}
    """Stream to column."""
    formats: dict[str, TextFormat] = {}
    """Stream to how its texts are written in this file, where that is not as the schema says."""
    metadata: dict[str, str] | None = None
    """Metadata key to column; None takes all columns that are nothing else, under their own names."""
    gathered: dict[str, tuple[str, ...]] = {}
    """Stream to the columns that make it up together, such as one for each answer to a prompt."""
    fields: dict[str, str] = {}
    """Field to column. Label Studio: field to `from_name`."""
    split_group: str | None = None
    tags: str | None = None
    author: str | None = None
    """The column with the name of who answered; rows in a row with one key are answers to one item."""
    header: bool | None = None
    """CSV only: whether the first row holds names; None looks."""
    delimiter: str | None = None
    encoding: str | None = None


@dataclass(frozen=True, kw_only=True)
class ReadContext:
    """What a reader needs to know, and where it says what it lost."""

    schema: Schema | None = None
    mapping: Mapping | None = None
    losses: LossCounter = default(default_factory=LossCounter)
    kinds: AbstractMapping[str, AnyKind] = default(default_factory=lambda: KINDS)
    default_author: str = "import"
    skip: int = 0
    """How many records and rejects to pass over, since an earlier run has had them."""
    notes: list[str] = default(default_factory=list)
    """Filled by the reader with what it assumed, such as an encoding."""
    scratch: Path | None = None
    """A folder for temporary files; None is the system's."""


@dataclass(frozen=True, kw_only=True)
class WriteContext:
    """What a writer needs to know, and where it says what it lost."""

    schema: Schema
    losses: LossCounter = default(default_factory=LossCounter)
    which: Which = "all"
    """Which responses the records carry; the writer takes them as they come."""
    kinds: AbstractMapping[str, AnyKind] = default(default_factory=lambda: KINDS)
    content: Callable[[Stream], BinaryIO] | None = None
    """Opens a stream's content, for formats that are files of content."""
    scratch: Path | None = None
    skills: Sequence[SkillLine] = ()
    """How good each author is, for formats that have a place for it."""


class Proposal(msgspec.Struct, frozen=True):
    """A schema that would hold what a source has, and how its columns map to it."""

    schema: dict[str, object]
    yaml: str
    mapping: Mapping
    notes: tuple[str, ...] = ()


Read = Callable[[Source, ReadContext], Iterator[Record | Reject]]
Write = Callable[[Sink, Iterable[Record], WriteContext], None]


@dataclass(frozen=True, kw_only=True)
class Format:
    """A file format.

    `about` says in a few words what it is for, to whoever chooses one.
    `reads(name, head)` says whether a file looks like this format, from its name and its first bytes.
    `read(source, context)` is deterministic and lazy, and never raises for what a file contains.
    `write(sink, records, context)` takes any iterable once, in order, and keeps none of it.
    `losses(schema)` names what a project of this schema loses in this format, before any item is seen; counts are 0.
    `lacks(schema)` says what a schema has not, without which there is nothing to make such a file of; then `write` refuses.
    `fits(schema)`: whether a project of this schema has a place for what such files hold; else they are read as a table.
    `takes_mapping`: columns are mapped to streams, metadata and fields.
    `names_media`: its files call pictures by their names, under which an export with media puts them into `images/`.
    `propose(source, kinds)` derives a schema from what a source holds; None where it holds too little.
    """

    name: str
    title: str
    about: str
    extensions: tuple[str, ...]
    media_type: str
    reads: Callable[[str, bytes], bool]
    read: Read | None = None
    write: Write | None = None
    losses: Callable[[Schema], list[Loss]] = lambda _schema: []
    lacks: Callable[[Schema], list[Problem]] = lambda _schema: []
    fits: Callable[[Schema], bool] = lambda _schema: True
    takes_mapping: bool = False
    names_media: bool = False
    propose: Callable[[Source, AbstractMapping[str, AnyKind]], Proposal | None] | None = None


def nothing_to_read(source: Source, title: str) -> Iterator[Reject]:
    """One reject for a source without any file of the format: an import of nothing must not look like a success."""
    names = [name for name, _ in zip(source.names(), range(3), strict=False)]
    got = ", ".join(names) or "no files"
    yield reject(
        names[0] if names else "",
        [Problem("", got, f"a file that is {title}", "Name another format, or upload the right files.")],
    )


def reject(
    source: str,
    problems: Iterable[Problem],
    *,
    line: int | None = None,
    key: str | None = None,
    raw: object = "",
    rows: int = 1,
) -> Reject:
    """A `Reject` whose raw text is cut at 64 Ki characters; bytes that are not UTF-8 are shown as such."""
    if isinstance(raw, bytes | bytearray):
        text = bytes(raw[: RAW_LIMIT * 4]).decode("utf-8", "backslashreplace")
    elif isinstance(raw, str):
        text = raw
    else:
        text = msgspec.json.encode(raw, enc_hook=repr).decode()
    return Reject(source, tuple(problems), line, key, text[:RAW_LIMIT].rstrip("\r\n"), rows)

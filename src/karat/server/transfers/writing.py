"""The work of a writing process: a project becomes files of a format, from one snapshot of the database."""

import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

import msgspec

from karat.formats import format_named
from karat.formats.base import Loss, LossCounter, Record, WriteContext
from karat.formats.sinks import FolderSink, Written
from karat.formats.sources import is_safe
from karat.kinds import KINDS
from karat.model.item import Stream
from karat.model.problem import Problem, Refused
from karat.model.schema import read_schema
from karat.ports.blobs import BlobMissingError, Blobs
from karat.server.access import Scope
from karat.server.database import Tx
from karat.server.database.reading import open_for_reading
from karat.server.media.storing import key_of
from karat.server.processes.channel import Channel
from karat.server.transfers.dumping import Dump, Part
from karat.server.transfers.reading import peak_mb
from karat.server.transfers.snapshot import Wish
from karat.server.transfers.streaming import BlobFile

TOLD_S = 0.5


class WritePlan(msgspec.Struct, frozen=True, kw_only=True):
    """What the writing process is told."""

    folder: str
    parts: str
    """Where what was read waits to be written; a run that goes on finds there what the one before it has read."""
    scope: Scope
    format: str
    schema: dict[str, object]
    wish: Wish
    media: bool


class Wrote(msgspec.Struct, frozen=True, tag="wrote"):
    """How far it is."""

    items: int


class Counts(msgspec.Struct, frozen=True):
    """What went into the files."""

    items: int
    responses: int
    annotations: int
    by_field: dict[str, int]
    media: int = 0


class Done(msgspec.Struct, frozen=True, tag="done"):
    """Everything is written."""

    counts: Counts
    files: list[Written]
    losses: list[Loss]
    memory_mb: float
    kept: int = 0
    """Items that an earlier run has read."""


class Stopped(msgspec.Struct, frozen=True, tag="stopped"):
    """It cannot be written, and what to do about it."""

    title: str
    problems: list[Problem]


Says = Wrote | Done | Stopped


def work(channel: Channel) -> None:
    """Write what the plan asks for."""
    plan = channel.arguments(WritePlan)
    writer = _Writer(channel, plan)
    try:
        db = open_for_reading(channel.settings())
        try:
            dump = db.read_now(writer.read)
        finally:
            db.close()  # what is written now needs neither its snapshot nor its memory
        channel.send(writer.write(dump))
    except Refused as error:
        channel.send(Stopped(error.title, error.problems))


class _Writer:
    def __init__(self, channel: Channel, plan: WritePlan) -> None:
        self.channel = channel
        self.plan = plan
        self.sink = FolderSink(Path(plan.folder))
        self.losses = LossCounter()
        self.blobs: Blobs = channel.blobs()
        self.media: dict[str, str] = {}
        """Where a file lies in the export, and its hash."""
        self.told = time.monotonic()

    def read(self, tx: Tx) -> Dump:
        """Everything that is wanted, onto the disk."""
        dump = Dump(tx, self.plan.scope, self.plan.wish, Path(self.plan.parts))
        dump.make(self._tell)
        return dump

    def write(self, dump: Dump) -> Done:
        """The files."""
        chosen = format_named(self.plan.format)
        schema, problems = read_schema(self.plan.schema, KINDS)
        if chosen.write is None or schema is None:
            raise Refused(
                problems or [Problem("format", chosen.name, "a format that can be written", "Choose another format.")]
            )
        context = WriteContext(
            schema=schema, losses=self.losses, which=self.plan.wish.which, content=self._content, scratch=Path(self.plan.folder),
            skills=dump.skills,
        )  # fmt: skip
        counts = _counts(dump.parts)
        if self.plan.media:
            for record in dump.records():
                self._copy_media(record, named=chosen.names_media)
                self._tell(counts.items)
        records = dump.records()
        # Karat's own lines are copied as they stand.
        chosen.write(self.sink, records if chosen.name == "jsonl" else self._telling(records, counts.items), context)
        counts = msgspec.structs.replace(counts, media=len(self.media))
        return Done(counts, self.sink.written(), self.losses.losses(), peak_mb(), dump.kept)

    def _telling(self, records: Iterable[Record], items: int) -> Iterator[Record]:
        for record in records:
            self._tell(items)
            yield record

    def _tell(self, items: int) -> None:
        """Say how much was read, so that whoever waits knows that this goes on."""
        if time.monotonic() - self.told > TOLD_S:
            self.told = time.monotonic()
            self.channel.send(Wrote(items))

    def _copy_media(self, record: Record, *, named: bool) -> None:
        """Each file once: where the format `names_media` under the name that it is called by there, else under its hash,
        from where a lossless export brings it in again."""
        for stream in record.item.streams.values():
            for digest in (stream.ref.blob, stream.facts.layer):
                if digest is not None:
                    name = f"images/{stream.name}" if named and stream.name and digest == stream.ref.blob else ""
                    self._copy_file(digest, name if is_safe(name) else f"media/{digest}")

    def _copy_file(self, digest: str, name: str) -> None:
        if self.media.get(name, digest) != digest:
            # Another picture of the same name.
            name = f"media/{digest}"
        if name in self.media:
            return
        self.media[name] = digest
        try:
            with self.sink.open(name) as file:
                for piece in self.blobs.read(key_of(self.plan.scope.workspace, digest)):
                    file.write(piece)
        except BlobMissingError:
            self.losses.add(
                "content of a stream",
                becomes="only its hash",
                remedy="The file is missing in the blob store; look into its backup.",
            )

    def _content(self, stream: Stream) -> BinaryIO:
        """A stream's content, for formats that are files of content."""
        if stream.ref.blob is None:
            raise FileNotFoundError(stream.ref.uri or "inline")
        return BlobFile.opened(self.blobs, key_of(self.plan.scope.workspace, stream.ref.blob))


def _counts(parts: Sequence[Part]) -> Counts:
    by_field: dict[str, int] = {}
    for part in parts:
        for name, n in part.by_field.items():
            by_field[name] = by_field.get(name, 0) + n
    return Counts(
        sum(part.items for part in parts),
        sum(part.responses for part in parts),
        sum(part.annotations for part in parts),
        dict(sorted(by_field.items())),
    )

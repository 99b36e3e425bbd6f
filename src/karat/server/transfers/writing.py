"""The work of a writing process: a project becomes files of a format, from one snapshot of the database."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import msgspec

from karat.formats import format_named
from karat.formats.base import Loss, LossCounter, Record, WriteContext
from karat.formats.sinks import FolderSink, Written
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
from karat.server.transfers.reading import peak_mb
from karat.server.transfers.snapshot import Snapshot, Wish
from karat.server.transfers.streaming import BlobFile

TOLD_S = 0.5


class WritePlan(msgspec.Struct, frozen=True, kw_only=True):
    """What the writing process is told."""

    folder: str
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


class Stopped(msgspec.Struct, frozen=True, tag="stopped"):
    """It cannot be written, and what to do about it."""

    title: str
    problems: list[Problem]


Says = Wrote | Done | Stopped


def work(channel: Channel) -> None:
    """Write what the plan asks for."""
    plan = channel.arguments(WritePlan)
    db = open_for_reading(channel.settings())
    try:
        db.read_now(_write, channel, plan)
    except Refused as error:
        channel.send(Stopped(error.title, error.problems))
    finally:
        db.close()


def _write(tx: Tx, channel: Channel, plan: WritePlan) -> None:
    writer = _Writer(tx, channel, plan)
    channel.send(writer.write())


class _Writer:
    def __init__(self, tx: Tx, channel: Channel, plan: WritePlan) -> None:
        self.channel = channel
        self.plan = plan
        self.snapshot = Snapshot(tx, plan.scope, plan.wish)
        self.sink = FolderSink(Path(plan.folder))
        self.losses = LossCounter()
        self.blobs: Blobs = channel.blobs()
        self.items = self.responses = self.annotations = 0
        self.by_field: dict[str, int] = {}
        self.media: set[str] = set()
        self.told = time.monotonic()

    def write(self) -> Done:
        chosen = format_named(self.plan.format)
        schema, problems = read_schema(self.plan.schema, KINDS)
        if chosen.write is None or schema is None:
            raise Refused(problems or [Problem("format", chosen.name, "a format that can be written", "Choose another format.")])
        context = WriteContext(
            schema=schema, losses=self.losses, which=self.plan.wish.which, content=self._content, scratch=Path(self.plan.folder)
        )
        chosen.write(self.sink, self._records(), context)
        counts = Counts(self.items, self.responses, self.annotations, dict(sorted(self.by_field.items())), len(self.media))
        return Done(counts, self.sink.written(), self.losses.losses(), peak_mb())

    def _records(self) -> Iterator[Record]:
        for _, record in self.snapshot.records():
            self.items += 1
            self.responses += len(record.responses)
            for response in record.responses:
                self.annotations += len(response.annotations)
                for annotation in response.annotations:
                    self.by_field[annotation.field] = self.by_field.get(annotation.field, 0) + 1
            if self.plan.media:
                self._copy_media(record)
            if time.monotonic() - self.told > TOLD_S:
                self.told = time.monotonic()
                self.channel.send(Wrote(self.items))
            yield record

    def _copy_media(self, record: Record) -> None:
        """Each file once, under its hash: a lossless export brings them in again under the same names."""
        for stream in record.item.streams.values():
            digest = stream.ref.blob
            if digest is None or digest in self.media:
                continue
            self.media.add(digest)
            try:
                with self.sink.open(f"media/{digest}") as file:
                    for piece in self.blobs.read(key_of(self.plan.scope.workspace, digest)):
                        file.write(piece)
            except BlobMissingError:
                self.losses.add("content of a stream", becomes="only its hash", remedy="The file is missing in the blob store; look into its backup.")

    def _content(self, stream: Stream) -> BinaryIO:
        """A stream's content, for formats that are files of content."""
        if stream.ref.blob is None:
            raise FileNotFoundError(stream.ref.uri or "inline")
        return BlobFile.opened(self.blobs, key_of(self.plan.scope.workspace, stream.ref.blob))


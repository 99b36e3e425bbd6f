"""The work of a reading process: a source becomes chunks of checked rows. Nothing here touches the database."""

import resource
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from msgspec.structs import replace

from karat.formats import detect, format_named
from karat.formats.base import Loss, LossCounter, ReadContext, Record, Reject
from karat.formats.sources import open_source
from karat.kinds import KINDS
from karat.model.problem import Problem, Refused
from karat.model.schema import Schema, read_schema
from karat.server.media.places import Places
from karat.server.media.studio import Studio
from karat.server.processes.channel import Channel
from karat.server.transfers.chunks import (
    Chunk,
    Ended,
    Failed,
    MediaFile,
    NewItem,
    NewResponse,
    Opened,
    ReadPlan,
    Rejected,
)
from karat.server.transfers.counted import CountedSource
from karat.server.transfers.preparing import Bad, Preparer

CHUNK_BYTES = 4 << 20
FULL_RAWS, SHORT_RAW, TINY_RAW = 1_000, 2_000, 200
"""Rejected rows are kept whole for the first of them, then in ever shorter pieces, or a file of nothing but bad rows would fill the database."""


def work(channel: Channel) -> None:
    """Read the source that the plan names and send it in chunks."""
    plan = channel.arguments(ReadPlan)
    try:
        with Studio(max_pixels=plan.max_pixels) as studio:
            reader = Reader(plan, studio)
            channel.send(Opened(reader.format.name, reader.format.title))
            for chunk in reader.chunks():
                channel.send(chunk)
            channel.send(Ended(list(dict.fromkeys(reader.context.notes)), peak_mb()))
    except Refused as error:
        channel.send(Failed(error.title, error.problems))


def peak_mb() -> float:
    """The most memory that this process has had; `getrusage` would count what the server had when it started us."""
    try:
        lines = Path("/proc/self/status").read_text().splitlines()
        return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))
    except (OSError, StopIteration):
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


class Reader:
    """One pass over a source."""

    def __init__(self, plan: ReadPlan, studio: Studio) -> None:
        self.plan = plan
        self.source = CountedSource(open_source(Path(plan.path)))
        self.schema = schema_of(plan)
        self.format = format_named(plan.format) if plan.format else detect(self.source, self.schema, plan.mapping)
        self.losses = LossCounter()
        self.context = ReadContext(
            schema=self.schema,
            mapping=plan.mapping,
            losses=self.losses,
            kinds=KINDS,
            default_author=plan.default_author,
            scratch=Path(plan.scratch),
        )
        places = Places(roots=tuple(Path(root) for root in plan.roots), hosts=plan.hosts)
        self.preparer = Preparer(
            self.schema, plan.project, self.source, places, studio, self.losses, Path(plan.scratch)
        )
        self.counted: list[Loss] = []
        self.rejected = 0

    def chunks(self) -> Iterator[Chunk]:
        """Chunks of at most so many items. A chunk never has two items of one key, so that one statement can tell new ones."""
        found = self._found()
        # Passed over here and not by the format, so that what was lost in them is not counted again.
        for _ in islice(found, self.plan.skip):
            pass
        self._losses_since()
        chunk = _Building()
        for output in found:
            if not isinstance(output, Reject):
                prepared = self.preparer.prepare(output)
                if isinstance(prepared, Bad):
                    output = prepared.reject
                else:
                    if chunk.is_full(self.plan.rows) or prepared.item.key in chunk.keys:
                        yield self._finished(chunk)
                        chunk = _Building()
                    chunk.add(prepared.item, prepared.responses, prepared.media, output.rows)
                    continue
            if chunk.is_full(self.plan.rows):
                yield self._finished(chunk)
                chunk = _Building()
            chunk.reject(self._rejected(output), output.rows)
        if chunk.outputs:
            yield self._finished(chunk)

    def _found(self) -> Iterator[Record | Reject]:
        if self.format.read is None:
            raise Refused([Problem("format", self.format.name, "a format that can be read", "Name another format.")])
        return self.format.read(self.source, self.context)

    def _finished(self, chunk: "_Building") -> Chunk:
        empty = self.plan.check_only
        return Chunk(
            outputs=chunk.outputs,
            rows=chunk.rows,
            items=[] if empty else chunk.items,
            responses=[] if empty else chunk.responses,
            media=[] if empty else chunk.media,
            rejects=chunk.rejects,
            losses=self._losses_since(),
            share=self.source.share(),
        )

    def _losses_since(self) -> list[Loss]:
        """What was lost since this was asked last."""
        now = self.losses.losses()
        before = {(loss.what, loss.becomes, loss.remedy): loss.count for loss in self.counted}
        self.counted = now
        grown = [(loss, loss.count - before.get((loss.what, loss.becomes, loss.remedy), 0)) for loss in now]
        return [Loss(loss.what, count, loss.becomes, loss.remedy) for loss, count in grown if count]

    def _rejected(self, found: Reject) -> Rejected:
        self.rejected += 1
        keep = (
            len(found.raw)
            if self.rejected <= FULL_RAWS
            else SHORT_RAW
            if self.rejected <= 100 * FULL_RAWS
            else TINY_RAW
        )
        return Rejected(found.source, found.line, found.key, found.problems[:20], found.raw[:keep])


class _Building:
    """A chunk that is being filled."""

    def __init__(self) -> None:
        self.outputs = self.rows = self.bytes = 0
        self.keys: set[str] = set()
        self.items: list[NewItem] = []
        self.responses: list[NewResponse] = []
        self.media: list[MediaFile] = []
        self.rejects: list[Rejected] = []

    def is_full(self, rows: int) -> bool:
        return self.outputs >= rows or self.bytes >= CHUNK_BYTES

    def add(self, item: NewItem, responses: list[NewResponse], media: list[MediaFile], rows: int) -> None:
        index = len(self.items)
        self.outputs += 1
        self.rows += rows
        self.keys.add(item.key)
        self.items.append(item)
        self.bytes += len(item.row)
        self.media += media
        for response in responses:
            self.bytes += len(response.row)
            self.responses.append(replace(response, item=index))

    def reject(self, rejected: Rejected, rows: int) -> None:
        self.outputs += 1
        self.rows += rows
        self.bytes += len(rejected.raw)
        self.rejects.append(rejected)


def schema_of(plan: ReadPlan) -> Schema:
    """The project's schema; it was checked when it was stored."""
    schema, problems = read_schema(plan.schema, KINDS)
    if schema is None:
        raise Refused(problems)
    return schema

"""Parquet: typed columns in row groups. What does the work is imported when it is needed, since Arrow is heavy."""

from collections.abc import Iterable, Iterator, Mapping

from karat.formats.base import Format, Loss, Proposal, ReadContext, Record, Reject, Sink, Source, WriteContext
from karat.formats.losing import REMEDY, static_losses
from karat.formats.rows import Row
from karat.formats.tables import HELD
from karat.model.kind import AnyKind
from karat.model.schema import Schema


def reads(_name: str, head: bytes) -> bool:
    """By the mark at the beginning."""
    return head.startswith(b"PAR1")


def read(source: Source, context: ReadContext) -> Iterator[Record | Reject]:
    """Rows as records through the mapping; row groups that an earlier run has had are not read."""
    from karat.formats import parquet_reading

    yield from parquet_reading.read(source, context)


def write(sink: Sink, records: Iterable[Record], context: WriteContext) -> None:
    """One row a response, in row groups of some thousands, with the schema in the file's own metadata."""
    from karat.formats import parquet_writing

    parquet_writing.write(sink, records, context)


def propose(source: Source, kinds: Mapping[str, AnyKind]) -> Proposal | None:
    """The schema within a file that Karat wrote, else one from the columns."""
    from karat.formats import parquet_reading

    return parquet_reading.propose(source, kinds)


def sample_rows(source: Source, context: ReadContext) -> Iterator[Row | Reject]:
    """The rows, for a preview."""
    from karat.formats import parquet_reading

    yield from parquet_reading.sample_rows(source, context)


def losses(schema: Schema) -> list[Loss]:
    """What a table leaves out."""
    return [*static_losses(schema, HELD), Loss("metadata of several types under one key", 0, "text", REMEDY)]


PARQUET = Format(
    name="parquet",
    title="Parquet",
    about="for dataframes",
    extensions=(".parquet",),
    media_type="application/vnd.apache.parquet",
    reads=reads,
    read=read,
    write=write,
    losses=losses,
    takes_mapping=True,
    propose=propose,
)

"""Parquet in: a batch of rows at a time, from any place a file may be."""

import datetime as dt
import math
import shutil
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import replace
from decimal import Decimal
from itertools import chain, islice
from tempfile import TemporaryFile
from typing import BinaryIO, cast

import msgspec
import pyarrow as pa  # type: ignore[import-untyped]  # it has no stubs
import pyarrow.compute as pc  # type: ignore[import-untyped]  # it has no stubs
import pyarrow.parquet as pq  # type: ignore[import-untyped]  # it has no stubs

from karat.formats.base import LossCounter, Proposal, ReadContext, Record, Reject, Source, nothing_to_read, reject
from karat.formats.parquet_writing import SCHEMA_KEY, SKILL_FILE, SKILL_KEY, SOFT_KEY
from karat.formats.propose import as_proposal, propose_from_rows, schema_for
from karat.formats.rows import Row, mapping_for, read_rows
from karat.formats.sources import READ_ERRORS
from karat.model.kind import AnyKind
from karat.model.problem import Problem, shown

BATCH = 1000
BROKEN = (pa.ArrowException, MemoryError, OverflowError, ValueError, KeyError, TypeError, *READ_ERRORS)
"""What reading a damaged file raises."""
INFINITE = "infinite numbers"
LARGEST_WHOLE = 1 << 53
"""Larger ones a float does not hold exactly."""
REMEDY = "Write the file again; up to here it was read."


def read(source: Source, context: ReadContext) -> Iterator[Record | Reject]:
    """Rows as records through the mapping; row groups that an earlier run has had are not read."""
    names = _names(source)
    if not names:
        yield from islice(nothing_to_read(source, "Parquet"), context.skip, None)
        return
    schema = schema_for(context, lambda: propose(source, context.kinds))
    mapping = context.mapping
    if mapping is None or not (mapping.streams or mapping.gathered or mapping.fields):
        mapping = mapping_for(_rows(source, names[0], LossCounter()), schema, context)
    if mapping.key is not None and mapping.author is None:
        rows = _skipping(source, names, context)
        context = replace(context, skip=0)
    else:
        rows = chain.from_iterable(_rows(source, name, context.losses) for name in names)
    yield from read_rows(rows, schema, mapping, context, typed=True)


def propose(source: Source, kinds: Mapping[str, AnyKind]) -> Proposal | None:
    """The schema within a file that Karat wrote, else one from the columns."""
    names = _names(source)
    for name in names:
        with ExitStack() as stack:
            file = _opened(source, name, stack)
            text = None if isinstance(file, Reject) else (file.schema_arrow.metadata or {}).get(SCHEMA_KEY)
        found = as_proposal(text, kinds) if text else None
        if found is not None:
            return found
    losses = LossCounter()
    return (
        propose_from_rows(chain.from_iterable(_rows(source, name, losses) for name in names), kinds) if names else None
    )


def sample_rows(source: Source, context: ReadContext) -> Iterator[Row | Reject]:
    """The rows, for a preview."""
    for name in _names(source):
        yield from _rows(source, name, context.losses)


def _names(source: Source) -> list[str]:
    named = [name for name in source.names() if name.lower().endswith((".parquet", ".pq", ".parq"))]
    return [name for name in named if not (name.endswith(SKILL_FILE) and _holds_skills(source, name))]


def _holds_skills(source: Source, name: str) -> bool:
    """Whether Karat wrote the skill of authors into this file, which are no items."""
    with ExitStack() as stack:
        file = _opened(source, name, stack)
        return not isinstance(file, Reject) and SKILL_KEY in (file.schema_arrow.metadata or {})


def _columns(file: pq.ParquetFile, losses: LossCounter) -> list[str] | None:
    """The columns to be read; None for all. How sure a consensus was is no part of an item."""
    soft = (file.schema_arrow.metadata or {}).get(SOFT_KEY)
    left_out = set(msgspec.json.decode(soft, type=list[str])) if soft else set()
    if not left_out:
        return None
    losses.add(
        "columns of how sure a consensus was",
        len(left_out),
        becomes="left out",
        remedy="Export JSON lines, which bring it back.",
    )
    return [name for name in file.schema_arrow.names if name not in left_out]


def _skipping(source: Source, names: list[str], context: ReadContext) -> Iterator[Row | Reject]:
    """The rows after those that an earlier run has had; each row, and each place where a file breaks, counts as one."""
    skip = context.skip
    for name in names:
        whole = _whole_groups(source, name, skip)
        skip -= sum(whole)
        for row in _rows(source, name, context.losses, groups=len(whole), first=sum(whole)):
            if skip:
                skip -= 1
            else:
                yield row


def _whole_groups(source: Source, name: str, skip: int) -> list[int]:
    """The sizes of the row groups at the beginning that lie within the rows to be skipped."""
    found: list[int] = []
    with ExitStack() as stack:
        file = _opened(source, name, stack)
        if isinstance(file, Reject):
            return []
        for index in range(file.num_row_groups):
            size = file.metadata.row_group(index).num_rows
            if sum(found) + size > skip:
                break
            found.append(size)
    return found


def _rows(source: Source, name: str, losses: LossCounter, *, groups: int = 0, first: int = 0) -> Iterator[Row | Reject]:
    """The rows without those of the first `groups` row groups, which are `first` rows."""
    number = first
    with ExitStack() as stack:
        file = _opened(source, name, stack)
        if isinstance(file, Reject):
            yield file
            return
        try:
            rest = list(range(groups, file.num_row_groups))
            columns = _columns(file, losses)
            for batch in file.iter_batches(batch_size=BATCH, row_groups=rest, columns=columns, use_threads=False):
                for cells in _cells(batch, losses):
                    number += 1
                    if isinstance(cells, Problem):
                        yield reject(name, [cells], line=number)
                    else:
                        yield Row(
                            name, number, {str(key): as_json(value, losses) for key, value in cells.items()}, cells
                        )
        except BROKEN as error:
            yield reject(
                name, [Problem("", shown(str(error)), "Parquet that can be read to its end", REMEDY)], line=number + 1
            )


def _cells(batch: pa.RecordBatch, losses: LossCounter) -> Iterator[dict[str, object] | Problem]:
    """The rows of a batch as Python has them; a row with a value that it cannot have is a problem of its own."""
    columns = [_micro(column, losses) for column in batch.columns]
    plain = pa.RecordBatch.from_arrays(columns, names=_distinct(batch.schema.names))
    try:
        yield from plain.to_pylist()
    except BROKEN:
        for at in range(plain.num_rows):
            try:
                yield plain.slice(at, 1).to_pylist()[0]
            except BROKEN as error:
                yield Problem(
                    "",
                    shown(str(error)),
                    "values that Python can hold",
                    "Write times between the years 1 and 9999, to the microsecond.",
                )


def _micro(column: pa.Array, losses: LossCounter) -> pa.Array:
    """Times to the nanosecond, as pandas writes them, to the microsecond."""
    kind = column.type
    if not (pa.types.is_timestamp(kind) or pa.types.is_duration(kind) or pa.types.is_time64(kind)) or kind.unit != "ns":
        return column
    coarse = (
        pa.timestamp("us", kind.tz)
        if pa.types.is_timestamp(kind)
        else pa.duration("us")
        if pa.types.is_duration(kind)
        else pa.time64("us")
    )
    cut = column.cast(coarse, safe=False)
    lost = pc.sum(pc.not_equal(cut.cast(kind, safe=False), column)).as_py() or 0
    losses.add("nanoseconds of times", lost, becomes="microseconds", remedy="Write such times as text.")
    return cut


def _distinct(names: list[str]) -> list[str]:
    """Names of columns, the second `text` as `text_2`.

    >>> _distinct(["text", "text", "label"])
    ['text', 'text_2', 'label']
    """
    found: list[str] = []
    for name in names:
        nth, free = 2, name
        while free in found or (free != name and free in names):
            free, nth = f"{name}_{nth}", nth + 1
        found.append(free)
    return found


def _opened(source: Source, name: str, stack: ExitStack) -> pq.ParquetFile | Reject:
    try:
        file = stack.enter_context(source.open(name))
        if not hasattr(file, "fileno") or not _has_number(file):
            file = _copied(file, stack)
        return pq.ParquetFile(file, page_checksum_verification=True, pre_buffer=False)
    except BROKEN as error:
        return reject(name, [Problem("", shown(str(error)), "a Parquet file", "Write the file again.")])


def _copied(file: BinaryIO, stack: ExitStack) -> BinaryIO:
    """A file within an archive as one that can be read from any place."""
    copy = stack.enter_context(TemporaryFile())  # noqa: SIM115 - the stack closes it
    shutil.copyfileobj(file, copy, 1 << 20)
    copy.seek(0)
    return cast(BinaryIO, copy)  # TemporaryFile gives a binary file by default


def _has_number(file: BinaryIO) -> bool:
    try:
        return file.fileno() >= 0
    except OSError:
        return False


def _in_list(value: object) -> object:
    """Numbers of one list share a type in Arrow; the whole ones among them, such as a flag beside coordinates, are whole again."""
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) < LARGEST_WHOLE else value


def as_json(value: object, losses: LossCounter) -> object:
    """A cell as JSON has it: times as RFC 3339, decimals as numbers; bytes that are no text are left out and counted."""
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float):
        if math.isinf(value):
            losses.add(INFINITE, becomes="left out", remedy="Write it as text.")
        return value if math.isfinite(value) else None  # NaN is how missing numbers are written
    if isinstance(value, dict):
        return {str(key): as_json(entry, losses) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_in_list(as_json(entry, losses)) for entry in value]
    if isinstance(value, Decimal):
        number = float(value)
        if math.isinf(number):
            losses.add(INFINITE, becomes="left out", remedy="Write it as text.")
        return number if math.isfinite(number) else None
    if isinstance(value, dt.datetime | dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, bytes):
        try:
            return value.decode()
        except UnicodeDecodeError:
            losses.add(
                "binary cells", becomes="left out", remedy="Write the content as files and their names into the table."
            )
            return None
    return str(value)

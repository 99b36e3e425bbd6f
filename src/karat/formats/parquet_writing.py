"""Parquet with a column of its own type for each stream, field and metadata key; regions are lists of structs."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from tempfile import TemporaryFile
from typing import IO

import msgspec
import pyarrow as pa  # type: ignore[import-untyped]  # it has no stubs
import pyarrow.parquet as pq  # type: ignore[import-untyped]  # it has no stubs
from msgspec import inspect

from karat.formats import soft
from karat.formats.base import Record, Sink, WriteContext
from karat.formats.losing import REMEDY
from karat.formats.tables import Table
from karat.model.kind import AnyKind
from karat.model.schema import Field

FILE = "items.parquet"
SKILL_FILE = "skill.parquet"
SCHEMA_KEY = b"karat.schema"
SOFT_KEY = b"karat.soft"
"""The columns that say how sure a consensus is, in the metadata of the file: they are no answers and no metadata of items."""
SKILL_KEY = b"karat.skill"
"""Marks the file of skills, which holds no items."""
SOFT_TYPES = {
    soft.CONFIDENCE: pa.float64(),
    soft.PROBABILITIES: pa.map_(pa.string(), pa.float64()),
    soft.TIE: pa.bool_(),
    soft.VOTES: pa.int64(),
}
MIXED = "metadata of several types under one key"
AS_TEXT = "text"
BATCH = 1000
"""Rows held as Python values at once; with more of them the garbage collector is the slowest part."""
GROUP = 20_000
"""Rows of a row group."""
METADATA = "\x00metadata"
"""The column that holds the metadata as JSON until their keys and types are known."""


def write(sink: Sink, records: Iterable[Record], context: WriteContext) -> None:
    """Rows in groups of some thousands. Metadata get their columns in a second pass, since only the end tells them all."""
    table = Table(context.schema, context, soft=soft.ALL)
    columns = [*table.columns, METADATA]
    fields = {name: _column_type(name, table) for name in table.columns}
    arrow = pa.schema([*(pa.field(name, kind) for name, kind in fields.items()), pa.field(METADATA, pa.string())])
    encoders = [_encoder(fields[name], name, table) for name in table.columns]
    seen: dict[str, set[str]] = {}
    with TemporaryFile(dir=context.scratch) as first:
        with pa.ipc.new_stream(first, arrow, options=pa.ipc.IpcWriteOptions(compression="lz4")) as writer:
            rows = (row for record in records for row in table.rows(record))
            while batch := list(islice(rows, BATCH)):
                values = [[encode(cells[index]) for cells, _ in batch] for index, encode in enumerate(encoders)]
                for _, metadata in batch:
                    for name, value in metadata.items():
                        seen.setdefault(name, set()).add(_type_name(value))
                values.append([msgspec.json.encode(metadata).decode() if metadata else None for _, metadata in batch])
                writer.write_batch(
                    pa.record_batch([pa.array(v, t.type) for v, t in zip(values, arrow, strict=True)], schema=arrow)
                )
        first.seek(0)
        _second_pass(sink, first, columns, seen, table)
    if context.skills:
        _write_skills(sink, context)


def _second_pass(sink: Sink, first: IO[bytes], columns: list[str], seen: dict[str, set[str]], table: Table) -> None:
    context = table.context
    source = pa.ipc.open_stream(first)
    document = msgspec.json.encode(context.schema.document)
    types = {name: _metadata_type(found) for name, found in seen.items()}
    kept = [source.schema.field(name) for name in columns if name != METADATA]
    arrow = pa.schema(
        [*kept, *(pa.field(name, kind) for name, kind in types.items())],
        metadata={SCHEMA_KEY: document, SOFT_KEY: msgspec.json.encode(list(table.soft))},
    )
    with sink.open(FILE) as file, pq.ParquetWriter(file, arrow, compression="zstd", write_page_checksum=True) as writer:
        while batches := list(islice(source, GROUP // BATCH)):
            group = pa.Table.from_batches(batches)
            arrays = [group.column(name) for name in columns if name != METADATA]
            if types:
                texts = group.column(METADATA).to_pylist()
                metadata = [msgspec.json.decode(text) if text else {} for text in texts]
                arrays += [_metadata_array(name, kind, metadata, context) for name, kind in types.items()]
            writer.write_table(pa.Table.from_arrays(arrays, schema=arrow))


def _write_skills(sink: Sink, context: WriteContext) -> None:
    """One row for each author and field."""
    rows = [
        {"author": line.author.id, "name": line.author.name, "type": line.author.type, "field": line.field, "skill": line.value,
         "low": line.low, "high": line.high, "n": line.n, "method": line.method, "at": line.at}
        for line in context.skills
    ]  # fmt: skip
    texts, numbers = ("author", "name", "type", "field"), ("skill", "low", "high", "n")
    names = [
        *((name, pa.string()) for name in texts),
        *((name, pa.float64()) for name in numbers),
        ("method", pa.string()),
        ("at", pa.string()),
    ]
    table = pa.Table.from_pylist(rows, schema=pa.schema(names, metadata={SKILL_KEY: b"1"}))
    with sink.open(SKILL_FILE) as file:
        pq.write_table(table, file, compression="zstd")


def _metadata_array(name: str, kind: pa.DataType, metadata: list[dict[str, object]], context: WriteContext) -> pa.Array:
    values = [entry.get(name) for entry in metadata]
    if pa.types.is_string(kind):
        mixed = sum(1 for value in values if value is not None and not isinstance(value, str))
        context.losses.add(MIXED, mixed, becomes=AS_TEXT, remedy=REMEDY)
        values = [
            value if value is None or isinstance(value, str) else msgspec.json.encode(value).decode()
            for value in values
        ]
    return pa.array(values, kind)


def _type_name(value: object) -> str:
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, int):
        return "int" if -(2**63) <= value < 2**63 else "str"
    if isinstance(value, float):
        return "float"
    return "str" if isinstance(value, str) else "list"


def _metadata_type(found: set[str]) -> pa.DataType:
    single = {"bool": pa.bool_(), "int": pa.int64(), "float": pa.float64(), "list": pa.list_(pa.string())}
    if len(found) == 1:
        return single.get(next(iter(found)), pa.string())
    return pa.float64() if found == {"int", "float"} else pa.string()


def _column_type(name: str, table: Table) -> pa.DataType:
    if name == "tags":
        return pa.list_(pa.string())
    if name in table.soft:
        return SOFT_TYPES[table.soft[name]]
    field = table.field_of(name)
    if field is None:
        return pa.string()
    kind = table.context.kinds[field.kind]
    value = _arrow_type(inspect.type_info(kind.value), field)
    if field.each is not None:
        return pa.map_(pa.string(), value)
    if not _has_entries(field, kind):
        return value
    return pa.list_(
        pa.struct(
            [
                ("id", pa.string()),
                ("label", pa.string()),
                ("value", value),
                ("attributes", pa.string()),
                ("on", pa.string()),
            ]
        )
    )


def _arrow_type(kind: inspect.Type, field: Field) -> pa.DataType:
    """The Arrow type of a msgspec type; JSON text where there is none."""
    match kind:
        case inspect.FloatType():
            return pa.float64()
        case inspect.IntType():
            return pa.int64()
        case inspect.BoolType():
            return pa.bool_()
        case inspect.ListType(item_type=item) | inspect.VarTupleType(item_type=item):
            return pa.list_(_arrow_type(item, field))
        case inspect.TupleType(item_types=items) if len(set(map(type, items))) == 1:
            return pa.list_(_arrow_type(items[0], field))
        case inspect.TupleType(item_types=items) if all(
            isinstance(i, inspect.FloatType | inspect.IntType) for i in items
        ):
            return pa.list_(pa.float64())
        case inspect.StructType(fields=fields) if not any(isinstance(f.type, inspect.DictType) for f in fields):
            return pa.struct([(f.encode_name, _arrow_type(f.type, field)) for f in fields])
        case inspect.UnionType(types=types):
            listed = bool(getattr(field.options, "multiple", False))
            fitting = [t for t in types if isinstance(t, inspect.ListType | inspect.VarTupleType) == listed]
            return _arrow_type(fitting[0], field) if len(fitting) == 1 else pa.string()
        case _:
            return pa.string()


Encoder = Callable[[object], object]


def _as_it_is(cell: object) -> object:
    return cell


def _as_map(cell: object) -> object:
    return list(cell.items()) if isinstance(cell, dict) else None


def _as_json_map(cell: object) -> object:
    return [(part, _as_json(said)) for part, said in cell.items()] if isinstance(cell, dict) else None


def _as_json(cell: object) -> object:
    """Values without an Arrow type as JSON text."""
    return cell if cell is None or isinstance(cell, str) else msgspec.json.encode(cell).decode()


def _as_regions(cell: object) -> object:
    """Annotations with all keys of the struct; attributes as JSON, since each label has its own."""
    return None if cell is None else [*_structs(cell)]


def _structs(cell: object) -> Iterator[dict[str, object]]:
    assert isinstance(cell, list)  # cell_of gives a list for such fields
    for entry in cell:
        attributes = entry.get("attributes")
        on = entry.get("on")
        yield {
            **entry,
            "attributes": msgspec.json.encode(attributes).decode() if attributes else None,
            "on": on["stream"] if on else None,
        }


def _encoder(kind: pa.DataType, name: str, table: Table) -> Encoder:
    if table.soft.get(name) == soft.PROBABILITIES:
        return _as_map
    field = table.field_of(name)
    if field is None:
        return _as_it_is
    if field.each is not None:
        return _as_json_map if pa.types.is_string(kind.item_type) else _as_map
    if _has_entries(field, table.context.kinds[field.kind]):
        return _as_regions
    return _as_json if pa.types.is_string(kind) else _as_it_is


def _has_entries(field: Field, kind: AnyKind) -> bool:
    return field.many or kind.role != "what"

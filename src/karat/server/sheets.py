"""Tables for taking along: CSV that no spreadsheet takes for a formula, and Parquet with typed columns."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

import msgspec
from litestar import Response

from karat.model.problem import Problem, Refused, shown

Cell = str | int | float | bool | None
CSV = "text/csv"
PARQUET = "application/vnd.apache.parquet"
TYPES: Mapping[str, str] = {"csv": CSV, "parquet": PARQUET}
RISKY = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet would take text that begins so for a formula."""


class Sheet(msgspec.Struct, frozen=True):
    """A table: its columns with the type of each, and its rows."""

    columns: Mapping[str, Literal["text", "integer", "number"]]
    rows: Sequence[Sequence[Cell]]


def send(name: str, sheet: Sheet, format: str) -> Response[bytes]:
    """A sheet as a file to keep."""
    if format not in TYPES:
        raise Refused([Problem("format", shown(format), f"one of {', '.join(TYPES)}", "Name one of the formats.")])
    body = csv_of(sheet.columns, sheet.rows).encode() if format == "csv" else parquet_of(sheet)
    headers = {"content-disposition": f'attachment; filename="{name}.{format}"'}
    return Response(body, media_type=TYPES[format], headers=headers)


def csv_of(head: Iterable[str], rows: Iterable[Sequence[Cell]]) -> str:
    """CSV for people: texts that a spreadsheet would compute begin with an apostrophe.

    >>> csv_of(["name", "n"], [["=1+1", -1]])
    "name,n\\n'=1+1,-1\\n"
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(head)
    writer.writerows([_safe(value) for value in row] for row in rows)
    return out.getvalue()


def parquet_of(sheet: Sheet) -> bytes:
    """Parquet, texts as they are."""
    import pyarrow as pa  # type: ignore[import-untyped]  # it has no stubs, and is heavy
    import pyarrow.parquet as pq  # type: ignore[import-untyped]

    types = {"text": pa.string(), "integer": pa.int64(), "number": pa.float64()}
    schema = pa.schema([(name, types[kind]) for name, kind in sheet.columns.items()])
    columns = list(zip(*sheet.rows, strict=True)) or [()] * len(sheet.columns)
    arrays = [pa.array(values, type=field.type) for values, field in zip(columns, schema, strict=True)]
    out = io.BytesIO()
    pq.write_table(pa.Table.from_arrays(arrays, schema=schema), out, compression="zstd")
    return out.getvalue()


def _safe(value: Cell) -> Cell:
    return f"'{value}" if isinstance(value, str) and value.startswith(RISKY) else value

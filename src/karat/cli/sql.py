"""`karat sql`: read the views of an installation with a SELECT, at the machine itself."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal

import typer

from karat.cli.output import fail, installed, say, table

Data = Annotated[Path | None, typer.Option(envvar="KARAT_DATA", help="The server's data folder.")]
DatabaseUrl = Annotated[
    str, typer.Option(envvar="KARAT_DATABASE", help="postgresql://…; else SQLite in the data folder.")
]
Format = Literal["table", "csv", "jsonl", "parquet"]


def sql(
    statement: Annotated[str, typer.Argument(help="One SELECT over the views, see docs/reference/views.md.")] = "",
    data: Data = None,
    database: DatabaseUrl = "",
    format: Annotated[Format, typer.Option("--format", help="How the rows are written.")] = "table",
    to: Annotated[Path | None, typer.Option("--to", help="The file to write; parquet needs one.")] = None,
    grant: Annotated[
        str, typer.Option("--grant", help="Print what lets this role of PostgreSQL read the views and nothing else.")
    ] = "",
) -> None:
    """Read the views with SQL, read-only. Nothing but the views can be read on SQLite; on PostgreSQL give others a role."""
    from karat.server.settings import Settings
    from karat.server.tables.views import grants
    from karat.server.view_reading import read_views

    if grant:
        say("\n".join(f"{one};" for one in grants(grant)))
        return
    if not statement:
        fail("Give a SELECT over the views, e.g. karat sql 'SELECT state, count(*) FROM v_items GROUP BY state'.")
    if data is None and not database:
        fail("Give the server's data folder with --data, or its database with --database.")
    found = read_views(installed(Settings(data=data or Path(), database=database)), statement)
    rows = list(found.rows)
    if format == "table":
        table(found.columns, rows)
    elif format == "parquet":
        if to is None:
            fail("Parquet goes to a file; name it with --to.")
        _parquet(to, found.columns, rows)
        say(f"Wrote {to}, {len(rows)} rows.")
    else:
        _text(to, format, found.columns, rows)


def _text(to: Path | None, format: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    import msgspec

    from karat.server.sheets import csv_of

    if format == "csv":
        text = csv_of(columns, rows)  # type: ignore[arg-type]  # a database gives texts, numbers and truth values
    else:
        text = "".join(f"{msgspec.json.encode(dict(zip(columns, row, strict=True))).decode()}\n" for row in rows)
    if to is None:
        sys.stdout.write(text)
    else:
        to.write_text(text, "utf-8")


def _parquet(to: Path, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    import pyarrow as pa  # type: ignore[import-untyped]  # it has no stubs
    import pyarrow.parquet as pq  # type: ignore[import-untyped]

    arrays = [pa.array([row[i] for row in rows]) for i in range(len(columns))]
    pq.write_table(pa.Table.from_arrays(arrays, names=list(columns)), to, compression="zstd")

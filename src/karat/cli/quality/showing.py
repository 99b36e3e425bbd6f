"""How `karat quality` speaks: figures as tables, progress on standard error, columns into files."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from karat.cli.output import fail, table

if TYPE_CHECKING:
    from karat.quality.estimate import Estimate
    from karat.quality.sheet import Progress


@contextmanager
def working() -> "Iterator[Progress]":
    """A bar on standard error where there is a terminal; what does not fit is said as a sentence, never as a traceback."""
    try:
        with _bar() as tell:
            yield tell
    except ValueError as error:
        text = f"{error}".rstrip(".")
        fail(f"{text}. (Rows count from 0; the line of names does not count.)" if " row " in text else f"{text}.")


@contextmanager
def _bar() -> "Iterator[Progress]":
    if not sys.stderr.isatty():
        yield lambda what, done, of: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("reading", total=None)
        yield lambda what, done, of: bar.update(task, description=what, completed=done, total=of or None)


def note(text: str) -> None:
    """A line on standard error, beside the figures."""
    print(text, file=sys.stderr)  # noqa: T201 - the command line's own output


def show(estimates: "dict[str, Estimate]", heading: str = "") -> None:
    """Estimates as a table."""
    rows = [(name, shown(e.value), ends(e.low, e.high), f"{e.n:,}", e.warning or "") for name, e in estimates.items()]
    table([heading, "value", "95 % interval", "n", ""], rows)


def shown(value: object) -> str:
    """A value of a table, numbers to three digits."""
    if value is None:
        return "–"
    return f"{value:.3f}" if isinstance(value, float) else str(value)


def ends(low: object, high: object) -> str:
    """An interval, where there is one."""
    return "" if low is None or high is None else f"[{shown(low)}, {shown(high)}]"


def ranged(value: object, low: object, high: object) -> str:
    """A number with its interval, a dash where there is none."""
    return "–" if value is None else f"{shown(value)} {ends(low, high)}".strip()


def writable(path: Path) -> Path:
    """The file to be written, or a sentence about why it cannot be; asked before the work rather than after."""
    if path.suffix.lower() not in (".csv", ".parquet", ".jsonl"):
        fail(f"{path} ends in {path.suffix!r}; .csv, .parquet and .jsonl can be written.")
    return in_folder(path)


def in_folder(path: Path) -> Path:
    """The file to be written, whose folder must be there."""
    if not path.parent.is_dir():
        fail(f"{path.parent}: there is no such folder; make it first.")
    if path.is_dir():
        fail(f"{path} is a folder; name a file in it.")
    return path


def write(path: Path, columns: Mapping[str, Sequence[object]]) -> None:
    """Columns as CSV, Parquet or JSON lines."""
    import msgspec
    import pyarrow as pa  # type: ignore[import-untyped]
    from pyarrow import csv, parquet

    if path.suffix.lower() == ".jsonl":
        with path.open("wb") as file:
            for row in zip(*columns.values(), strict=True):
                file.write(msgspec.json.encode(dict(zip(columns, row, strict=True))) + b"\n")
        return
    made = pa.table(columns)
    if path.suffix.lower() == ".csv":
        csv.write_csv(made, path)
    else:
        parquet.write_table(made, path)

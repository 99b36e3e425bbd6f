"""Tables of votes from files: CSV, TSV, Parquet, JSON lines; and figures as tables."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from karat.cli.output import fail, table

if TYPE_CHECKING:
    import pyarrow as pa  # type: ignore[import-untyped]

    from karat.quality.estimate import Estimate
    from karat.quality.sheet import Progress
    from karat.quality.votes import Votes

SUFFIXES = (".csv", ".tsv", ".parquet", ".jsonl", ".ndjson")


@contextmanager
def told() -> Iterator[None]:
    """What does not fit is said as a sentence, never as a traceback."""
    try:
        yield
    except ValueError as error:
        fail(f"{error}.".replace("..", "."))


def read_table(path: Path) -> "pa.Table":
    """The table in a file, by its ending."""
    import pyarrow as pa
    from pyarrow import csv, json, parquet

    if not path.is_file():
        fail(f"{path}: there is no such file.")
    try:
        match path.suffix.lower():
            case ".csv":
                found = csv.read_csv(path)
            case ".tsv":
                found = csv.read_csv(path, parse_options=csv.ParseOptions(delimiter="\t"))
            case ".parquet":
                found = parquet.read_table(path)
            case ".jsonl" | ".ndjson":
                found = json.read_json(path)
            case other:
                fail(f"{path} ends in {other!r}; {', '.join(SUFFIXES)} can be read.")
    except pa.ArrowInvalid as error:
        fail(f"{path} cannot be read as {path.suffix[1:]}: {error}")
    return found


def read_votes(
    path: Path, *, item: str, annotator: str, label: str, weight: str | None = None, time: str | None = None
) -> "Votes":
    """The votes in a file."""
    from karat.quality.votes import Votes

    with told():
        return Votes.from_table(read_table(path), item=item, annotator=annotator, label=label, weight=weight, time=time)


def read_gold(path: Path | None, *, item: str, label: str) -> dict[object, object] | None:
    """The known label of each item, from a file with one row for each."""
    if path is None:
        return None
    columns = named(path, item, label)
    return dict(zip(columns[0], columns[1], strict=True))


def named(path: Path, *names: str) -> list[list[object]]:
    """These columns of a file as lists."""
    source = read_table(path)
    for name in names:
        if name not in source.column_names:
            fail(f"{path} has no column {name!r}: it has {', '.join(source.column_names[:12])}.")
    return [source[name].to_pylist() for name in names]


def probabilities(path: Path, *, item: str, items: list[object], labels: list[object]) -> list[list[float]]:
    """A model's probabilities for these items, from a file with a column for each label."""
    columns = named(path, item, *(str(label) for label in labels))
    row_of = {key: place for place, key in enumerate(columns[0])}
    missing = next((key for key in items if key not in row_of), None)
    if missing is not None:
        fail(f"{path} has no row for the item {missing!r}; the model's table needs one for each item.")
    rows = list(zip(*columns[1:], strict=True))
    empty = next((key for key in items if None in rows[row_of[key]]), None)
    if empty is not None:
        fail(f"{path} has an empty probability for the item {empty!r}; fill it in.")
    return [[float(str(value)) for value in rows[row_of[key]]] for key in items]


@contextmanager
def progressing() -> "Iterator[Progress]":
    """A bar on standard error where there is a terminal."""
    if not sys.stderr.isatty():
        yield lambda what, done, of: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    with Progress(
        TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), console=Console(stderr=True), transient=True
    ) as bar:
        task = bar.add_task("reading", total=None)
        yield lambda what, done, of: bar.update(task, description=what, completed=done, total=of)


def slices_in(path: Path, item: str, columns: list[str] | None) -> dict[str, dict[object, object]]:
    """The slice of each item for each of these columns; an item's first row says it."""
    found: dict[str, dict[object, object]] = {}
    for column in columns or []:
        items, names = named(path, item, column)
        cut: dict[object, object] = {}
        for key, name in zip(items, names, strict=True):
            cut.setdefault(key, name)
        found[column] = cut
    return found


def show(estimates: "dict[str, Estimate]", heading: str = "") -> None:
    """Estimates as a table."""
    rows = [
        (
            name,
            shown(e.value),
            f"[{shown(e.low)}, {shown(e.high)}]" if e.low is not None else "",
            f"{e.n:,}",
            e.warning or "",
        )
        for name, e in estimates.items()
    ]
    table([heading, "value", "95 % interval", "items", ""], rows)


def write(path: Path, columns: dict[str, list[object]]) -> None:
    """Columns as CSV or Parquet."""
    import pyarrow as pa
    from pyarrow import csv, parquet

    made = pa.table(columns)
    if path.suffix == ".csv":
        csv.write_csv(made, path)
    elif path.suffix == ".parquet":
        parquet.write_table(made, path)
    else:
        fail(f"{path} ends in {path.suffix!r}; .csv and .parquet can be written.")


def shown(value: object) -> str:
    """A value of a table, numbers to three digits."""
    if value is None:
        return "–"
    return f"{value:.3f}" if isinstance(value, float) else str(value)

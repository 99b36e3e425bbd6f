"""The named columns of CSV, TSV, Parquet and JSON lines, read in parts, so that the rest of a file costs no memory."""

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from karat.cli.output import fail
from karat.cli.quality.sources import Far, Source, opened, sort_of

if TYPE_CHECKING:
    import pyarrow as pa  # type: ignore[import-untyped]

Choose = Callable[[list[str]], Sequence[str]]
"""Which of a file's columns are wanted."""

LINES = 100_000
"""Lines of JSON made into a column at once."""


def read_columns(path: Path, choose: Choose, *, far: Far = lambda read, of: None) -> "pa.Table":
    """Those columns of a file that `choose` picks from the names it has. Texts that are whole numbers become such."""
    import pyarrow as pa

    with opened(path, far) as source:
        try:
            match sort_of(path, source):
                case "csv":
                    return _separated(source, choose, ",;\t|")
                case "tsv":
                    return _separated(source, choose, "\t")
                case "parquet":
                    return _parquet(path, source, choose)
                case "jsonl":
                    return _lines(source, choose)
        except pa.ArrowInvalid as error:
            fail(f"{source.name} cannot be read: {_said(error)}")
        except UnicodeDecodeError as error:
            fail(f"{source.name} holds bytes that are not UTF-8, as {error.object[error.start]:#x}; save it as UTF-8.")


def _separated(source: Source, choose: Choose, separators: str) -> "pa.Table":
    import pyarrow as pa
    from pyarrow import csv as arrow

    names, separator = _header(source, separators)
    wanted = _wanted(source, names, choose)
    text = pa.dictionary(pa.int32(), pa.string())
    found = arrow.read_csv(
        pa.PythonFile(source, mode="r"),
        parse_options=arrow.ParseOptions(delimiter=separator, newlines_in_values=True),
        convert_options=arrow.ConvertOptions(
            include_columns=wanted, column_types=dict.fromkeys(wanted, text), null_values=[""], strings_can_be_null=True
        ),
    )
    return pa.table({name: _plain(found[name]) for name in wanted})


def _header(source: Source, separators: str) -> tuple[list[str], str]:
    """The names in the first line, and what stands between them: whatever cuts it into most parts."""
    first = source.head.decode("utf-8", "replace") if b"\n" in source.head else source.head.decode("utf-8")
    lines = io.StringIO(first, newline="")
    cut = []
    for separator in separators:
        lines.seek(0)
        cut.append((next(csv.reader(lines, delimiter=separator), []), separator))
    return max(cut, key=lambda one: len(one[0]))


def _plain(column: "pa.ChunkedArray") -> "pa.ChunkedArray":
    """Texts as whole numbers where each is written as such, so that 9 comes before 10 and 007 stays as it is."""
    import pyarrow as pa
    import pyarrow.compute as pc  # type: ignore[import-untyped]

    whole = column.unify_dictionaries()
    if not whole.num_chunks or not len(whole.chunk(0).dictionary):
        return whole
    texts = whole.chunk(0).dictionary
    try:
        numbers = texts.cast(pa.int64())
    except pa.ArrowInvalid:
        return whole
    if not pc.all(pc.equal(numbers.cast(pa.string()), texts)).as_py():
        return whole
    return pa.chunked_array([pa.DictionaryArray.from_arrays(chunk.indices, numbers) for chunk in whole.chunks])


def _parquet(path: Path, source: Source, choose: Choose) -> "pa.Table":
    import pyarrow as pa
    from pyarrow import parquet

    file = parquet.ParquetFile(io.BytesIO(source.read()) if str(path) == "-" else path)
    wanted = _wanted(source, file.schema_arrow.names, choose)
    schema = pa.schema([file.schema_arrow.field(name) for name in wanted])
    return pa.Table.from_batches(file.iter_batches(columns=wanted), schema).select(wanted)


def _lines(source: Source, choose: Choose) -> "pa.Table":
    import pyarrow as pa

    names = list(_object(source, 1, source.head.lstrip().split(b"\n", 1)[0]))
    later = _object(source, 2, source.head.lstrip().split(b"\n", 2)[1]) if source.head.count(b"\n") > 1 else {}
    wanted = _wanted(source, names + [name for name in later if name not in names], choose)
    chunks: dict[str, list[pa.Array]] = {name: [] for name in wanted}
    first = 1
    for rows in _objects(source):
        for name in wanted:
            values = [row.get(name) for row in rows]
            try:
                chunks[name].append(pa.array(values))
            except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError):
                fail(_unlike(source, name, values, first))
        first += len(rows)
    return pa.table({name: _joined(source, name, parts) for name, parts in chunks.items()})


def _objects(source: Source) -> Iterator[list[dict[str, object]]]:
    rows: list[dict[str, object]] = []
    for number, line in enumerate(io.BufferedReader(source, 1 << 20), 1):
        if line.strip():
            rows.append(_object(source, number, line))
        if len(rows) == LINES:
            yield rows
            rows = []
    if rows:
        yield rows


def _object(source: Source, number: int, line: bytes) -> dict[str, object]:
    try:
        return msgspec.json.decode(line, type=dict[str, object])
    except msgspec.MsgspecError as error:
        if line.lstrip()[:1] == b"[":
            fail(f"{source.name} holds a JSON array; write one object a line, for example: jq -c '.[]'")
        fail(f"line {number} of {source.name} is no JSON object ({error}): {line[:80].decode('utf-8', 'replace')!r}")


def _unlike(source: Source, name: str, values: list[object], first: int) -> str:
    known = [(row, value) for row, value in enumerate(values) if value is not None]
    begin = known[0][1]
    row, value = next((one for one in known if type(one[1]) is not type(begin)), known[0])
    if isinstance(value, dict | list):
        return f"column {name!r} of {source.name} holds {value!r} in object {first + row}: give one text or number."
    large = next((one for one in known if isinstance(one[1], int) and not -(2**63) <= one[1] < 2**63), None)
    if large is not None and type(value) is type(begin):
        return (
            f"column {name!r} of {source.name} holds {large[1]!r} in object {first + large[0]}, more than 64 bits: write such"
            " numbers as texts."
        )
    return f"column {name!r} of {source.name} mixes {begin!r} and {value!r} (object {first + row}): write all as texts."


def _joined(source: Source, name: str, parts: "list[pa.Array]") -> "pa.ChunkedArray":
    import pyarrow as pa

    types = {part.type for part in parts if not pa.types.is_null(part.type)}
    if types == {pa.int64(), pa.float64()}:
        types = {pa.float64()}
    if len(types) > 1:
        fail(f"column {name!r} of {source.name} mixes {' and '.join(sorted(map(str, types)))}: write all as texts.")
    one = next(iter(types), pa.null())
    return pa.chunked_array([part.cast(one) for part in parts], one)


def _wanted(source: Source, names: list[str], choose: Choose) -> list[str]:
    twice = next((name for place, name in enumerate(names) if name in names[:place]), None)
    wanted = list(dict.fromkeys(choose(names)))
    if twice in wanted:
        fail(f"{source.name} has two columns called {twice!r}; rename one.")
    return wanted


def _said(error: Exception) -> str:
    """What Arrow says, and what helps."""
    text = str(error)
    if "invalid UTF8" in text:
        return "it holds bytes that are not UTF-8; save it as UTF-8, for example: iconv -f latin1 -t utf-8"
    if "Expected" in text and "columns, got" in text:
        return f"{text} (put quotes around cells that hold the separator)"
    return text

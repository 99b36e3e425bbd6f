"""Columns of tables of any library as numpy arrays, with errors that name the column, the row and what to do."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TypeAlias

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.compute as pc  # type: ignore[import-untyped]
from numpy.typing import NDArray

Codes = NDArray[np.int32]
Floats = NDArray[np.float64]
Names = NDArray[np.generic]
"""Names as they stood in the table: integers, numbers, texts (dtype object), dates and times (datetime64; in UTC where they
had a zone), sorted unless an order was given."""

Column: TypeAlias = "pa.Array | pa.ChunkedArray"
AT_ONCE = 1_000_000
DENSE = 1000
"""Whole numbers that span no more than this, or than there are rows, are coded by a table of all between."""
LIGHTEST, HEAVIEST = 1e-12, 1e12
"""What a weight may be: sums of squares of such weights stay exact enough to compare."""
LEFT_OUT = "fill it in or leave the row out"


def read_columns(table: object, names: Sequence[str]) -> dict[str, Column]:
    """These columns of a pandas or polars data frame, a pyarrow table or a dict of arrays, all of the same length."""
    listed = list(names_of(table))
    for name in names:
        if name not in listed:
            raise ValueError(f"no column {name!r} in the table: it has {some(listed)}; name one of them")
        if listed.count(name) > 1:
            raise ValueError(f"the table has {listed.count(name)} columns called {name!r}: give each a name of its own")
    columns = {name: _arrow(table[name], name) for name in names}  # type: ignore[index]
    length = len(columns[names[0]])
    for name, column in columns.items():
        if len(column) != length:
            raise ValueError(
                f"column {name!r} has {len(column)} rows and {names[0]!r} {length}: give columns of the same length"
            )
    return columns


def coded(
    column: Column, name: str, *, rows: NDArray[np.bool_] | None = None, remedy: str = LEFT_OUT
) -> tuple[Names, Codes]:
    """The values that occur, sorted, and for each row the place of its value; of some rows only where `rows` is a mask."""
    empty = missing(column) if rows is None else missing(column) & rows
    if empty.any():
        raise ValueError(f"column {name!r} is empty in row {int(np.argmax(empty))}: {remedy}")
    chosen = _in_microseconds(column if rows is None or rows.all() else column.filter(pa.array(rows)), name)
    if pa.types.is_null(chosen.type):
        return np.empty(0, dtype=object), np.empty(0, dtype=np.int32)
    dense = _dense(chosen)
    return _encoded(_comparable(chosen)) if dense is None else dense


def _in_microseconds(column: Column, name: str) -> Column:
    """Times in a unit that Python's own have, so that names are listed as such; others as they are."""
    kind = column.type
    if not (pa.types.is_timestamp(kind) or pa.types.is_duration(kind)) or kind.unit != "ns":
        return column
    try:
        return column.cast(pa.timestamp("us", tz=kind.tz) if pa.types.is_timestamp(kind) else pa.duration("us"))
    except pa.ArrowInvalid as cause:
        raise ValueError(
            f"column {name!r} holds times finer than a microsecond, which cannot be names: round them, or write them as"
            " texts or whole numbers"
        ) from cause


def _encoded(column: Column) -> tuple[Names, Codes]:
    """Values and codes of any column."""
    whole = column.dictionary_encode()
    parts = whole.unify_dictionaries().chunks if isinstance(whole, pa.ChunkedArray) else [whole]
    dictionary = parts[0].dictionary
    order = pc.sort_indices(dictionary)
    place = np.empty(len(order), dtype=np.int32)
    place[order.to_numpy()] = np.arange(len(order), dtype=np.int32)
    codes = np.empty(len(column), dtype=np.int32)
    start = 0
    for part in parts:
        np.take(place, part.indices.to_numpy(), out=codes[start : start + len(part)])
        start += len(part)
    return dictionary.take(order).to_numpy(zero_copy_only=False), codes


def _dense(column: Column) -> tuple[Names, Codes] | None:
    """Values and codes of whole numbers that lie close together; None for other columns. No hash table, a part at a time."""
    if not pa.types.is_integer(column.type) or not len(column) or column.null_count:
        return None
    ends = pc.min_max(column).as_py()
    low, width = ends["min"], ends["max"] - ends["min"] + 1
    if width > max(len(column), DENSE):
        return None
    parts = [part.to_numpy() for part in (column.chunks if isinstance(column, pa.ChunkedArray) else [column])]
    slices = [part[start : start + AT_ONCE] for part in parts for start in range(0, len(part), AT_ONCE)]
    seen = np.zeros(width, dtype=bool)
    for values in slices:
        seen[_above(values, low)] = True
    place = np.cumsum(seen, dtype=np.int32)
    place -= 1
    codes = np.empty(len(column), dtype=np.int32)
    start = 0
    for values in slices:
        np.take(place, _above(values, low), out=codes[start : start + len(values)])
        start += len(values)
    if parts[0].dtype == np.uint64:
        return np.asarray(np.flatnonzero(seen).astype(np.uint64) + np.uint64(low)), codes
    return np.asarray((np.flatnonzero(seen) + low).astype(parts[0].dtype)), codes


def _above(values: NDArray[np.integer], low: int) -> NDArray[np.int64]:
    """How far each lies above the lowest; in 64 bits, for the span of 8 may not fit into them."""
    if values.dtype == np.uint64:
        return (values - np.uint64(low)).astype(np.int64)
    return values.astype(np.int64) - low


def missing(column: Column) -> NDArray[np.bool_]:
    """Which rows are empty: null, or not a number."""
    if not column.null_count and not pa.types.is_floating(column.type):
        return np.zeros(len(column), dtype=bool)
    return _mask(pc.is_null(column, nan_is_null=True))


def among(column: Column, values: Collection[object]) -> NDArray[np.bool_]:
    """Which rows hold one of these values; None stands for empty."""
    found = missing(column) if None in values else np.zeros(len(column), dtype=bool)
    given = [value for value in values if value is not None]
    if given and not pa.types.is_null(column.type):
        other = next((value for value in given if not _fits(value, column)), None)
        if other is not None:
            raise ValueError(
                f"{other!r} ({type(other).__name__}) cannot stand in a column of {column.type}: write it as the column does"
            )
        try:
            found = found | _mask(pc.is_in(column, value_set=pa.array(given).cast(column.type)))
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError, pa.ArrowTypeError) as cause:
            raise ValueError(
                f"{some(given)} cannot stand in a column of {column.type}: write them as the column does"
            ) from cause
    return found


def _fits(value: object, column: Column) -> bool:
    """Whether a value is of the sort that the column holds: true is not 1, nor is "1"."""
    if isinstance(value, bool | np.bool_):
        return bool(pa.types.is_boolean(column.type))
    if isinstance(value, int | float | np.number):
        return not (pa.types.is_boolean(column.type) or _is_text(column) or pa.types.is_temporal(column.type))
    return _is_text(column) if isinstance(value, str) else True


def _is_text(column: Column) -> bool:
    sorts = pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view
    return any(of(column.type) for of in sorts)


def positive(column: Column, name: str) -> Floats:
    """Weights: numbers above 0, from `LIGHTEST` to `HEAVIEST`."""
    values = _numbers(column, name)
    wrong = ~(np.isfinite(values) & (values > 0))
    if wrong.any():
        row = int(np.argmax(wrong))
        raise ValueError(
            f"column {name!r} holds {column[row].as_py()!r} in row {row}, a weight must be a number above 0: leave out"
            " rows that are not to count"
        )
    far = (values < LIGHTEST) | (values > HEAVIEST)
    if far.any():
        row = int(np.argmax(far))
        raise ValueError(
            f"column {name!r} holds {column[row].as_py()!r} in row {row}, a weight says how many votes the row counts for"
            f" and lies from {LIGHTEST:g} to {HEAVIEST:g}: divide all weights by one number"
        )
    return values


def seconds(column: Column, name: str) -> Floats:
    """Times: numbers as they stand, dates and times in seconds since 1970 (UTC where no zone is given)."""
    if pa.types.is_time(column.type):
        raise ValueError(
            f"column {name!r} holds times of day, which do not say when: give dates with times, or seconds"
        )
    if pa.types.is_timestamp(column.type) or pa.types.is_date(column.type):
        values = (
            _numbers(column.cast(pa.timestamp("us", tz=getattr(column.type, "tz", None))).cast(pa.int64()), name) / 1e6
        )
    else:
        values = _numbers(column, name)
    if np.isnan(values).any():
        raise ValueError(f"column {name!r} is empty in row {int(np.argmax(np.isnan(values)))}: {LEFT_OUT}")
    if np.isinf(values).any():
        row = int(np.argmax(np.isinf(values)))
        raise ValueError(f"column {name!r} holds {values[row]} in row {row}, which is no time: give a finite number")
    return values


def some(values: Sequence[object]) -> str:
    """The first few of them, for a message."""
    shown = ", ".join(repr(value) for value in values[:8])
    return f"{shown} and {len(values) - 8} more" if len(values) > 8 else shown or "nothing"


def names_of(table: object) -> Iterable[str]:
    """The names of a table's columns."""
    if isinstance(table, Mapping):
        return table.keys()
    if isinstance(table, pa.Table | pa.RecordBatch):
        return list(table.schema.names)
    if hasattr(table, "collect") and not hasattr(table, "to_arrow"):
        raise ValueError(f"a {type(table).__name__} has no rows yet: give its .collect(), which reads them")
    columns = getattr(table, "columns", None)
    if columns is None or not hasattr(table, "__getitem__"):
        raise ValueError(
            f"a {type(table).__name__} is no table: give a pandas or polars data frame, a pyarrow table or a dict of arrays"
        )
    return list(columns)


def _arrow(column: object, name: str) -> Column:
    try:
        found = column.to_arrow() if hasattr(column, "to_arrow") else column  # polars
    except (pa.ArrowException, TypeError) as cause:
        raise ValueError(
            f"column {name!r} has a type that Arrow does not know, {getattr(column, 'dtype', type(column).__name__)}:"
            " write it as 64 bit numbers or as texts"
        ) from cause
    if not isinstance(found, pa.Array | pa.ChunkedArray):
        if isinstance(found, str | bytes) or not isinstance(found, Iterable):
            raise ValueError(f"column {name!r} is {found!r:.60}: give an array or list with one entry a row")
        values = found if hasattr(found, "__array__") else list(found)
        if getattr(values, "ndim", 1) != 1:
            raise ValueError(
                f"column {name!r} has the shape {getattr(values, 'shape', None)}: give one text, number or date in each row"
            )
        try:
            found = pa.array(values, from_pandas=True)
        except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError, OverflowError, UnicodeError) as cause:
            if not _is_unsigned(values):
                raise ValueError(_mixed(list(values), name)) from cause
            found = pa.array(values, pa.uint64(), from_pandas=True)
    if isinstance(found, pa.ChunkedArray) and found.num_chunks < 2:  # a column of no rows may have no chunk
        found = found.chunk(0) if found.num_chunks else pa.array([], found.type)
    if pa.types.is_dictionary(found.type) and isinstance(found.type.value_type, pa.BaseExtensionType):
        raise ValueError(_unsorted(found.type.value_type, name))
    plain = _decoded(found)
    if isinstance(plain.type, pa.BaseExtensionType):
        raise ValueError(_unsorted(plain.type, name))
    if pa.types.is_nested(plain.type):
        raise ValueError(f"column {name!r} holds a {plain.type} in each row: give one text, number or date in each")
    return plain


def _comparable(column: Column) -> Column:
    """The column in a type whose values can be sorted and compared."""
    if pa.types.is_string_view(column.type):
        return column.cast(pa.large_string())
    if pa.types.is_binary_view(column.type):
        return column.cast(pa.large_binary())
    if pa.types.is_floating(column.type):
        wide = column.cast(pa.float32()) if pa.types.is_float16(column.type) else column
        return pc.add(wide, pa.scalar(0.0, wide.type))  # -0.0 is 0.0
    return column


def _decoded(column: Column) -> Column:
    """A column of categories as what they stand for."""
    if not pa.types.is_dictionary(column.type):
        return column
    if isinstance(column, pa.ChunkedArray):
        return pa.chunked_array([chunk.dictionary_decode() for chunk in column.chunks])
    return column.dictionary_decode()


def _mixed(values: Sequence[object], name: str) -> str:
    """What is wrong with a column of several types: the first row that is unlike those before it."""
    first: tuple[int, object] | None = None
    for row, value in enumerate(values):
        if value is None or value != value:
            continue
        first = first or (row, value)
        if type(value) is not type(first[1]):
            return (
                f"column {name!r} mixes types: row {row} holds {value!r} ({type(value).__name__}), row {first[0]}"
                f" {first[1]!r} ({type(first[1]).__name__}); write all as one type, for example as texts"
            )
        if isinstance(value, int) and not -(2**63) <= value < 2**64:
            return f"column {name!r} holds {value!r} in row {row}, more than 64 bits: write such numbers as texts"
        if type(value) is int and max(value, first[1]) >= 2**63 and min(value, first[1]) < 0:  # type: ignore[call-overload]
            return f"column {name!r} holds numbers below 0 and above 63 bits: write such numbers as texts"
        if isinstance(value, str) and not _is_unicode(value):
            return f"column {name!r} holds {value!r:.60} in row {row}, which is no valid Unicode: mend or leave out the row"
    return f"column {name!r} holds values that are no texts, numbers, truth values or dates: write them as texts"


def _unsorted(sort: object, name: str) -> str:
    return f"column {name!r} holds values of the type {sort}, such as spans or periods: write them as texts"


def _is_unsigned(values: Iterable[object]) -> bool:
    """Whether all are whole numbers from 0 to 2**64 - 1, or empty."""
    return all(
        value is None or (isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**64)
        for value in values
    )


def _is_unicode(text: str) -> bool:
    return not any("\ud800" <= letter <= "\udfff" for letter in text)


def _numbers(column: Column, name: str) -> Floats:
    if not (pa.types.is_integer(column.type) or pa.types.is_floating(column.type) or pa.types.is_null(column.type)):
        row = int(np.argmax(~missing(column))) if len(column) else 0
        raise ValueError(
            f"column {name!r} holds {column[row].as_py()!r} in row {row}, which is no number: give numbers, such as 1.0"
        )
    return np.asarray(column.cast(pa.float64()).to_numpy(zero_copy_only=False), dtype=np.float64)


def _mask(values: Column) -> NDArray[np.bool_]:
    return np.asarray(values.to_numpy(zero_copy_only=False), dtype=bool)

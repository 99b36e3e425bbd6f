"""Texts of a file as what they mean: numbers, times, and names that two files write alike."""

from typing import TYPE_CHECKING

from karat.cli.output import fail

if TYPE_CHECKING:
    import pyarrow as pa  # type: ignore[import-untyped]

NUMBER = r"^-?(0|[1-9][0-9]*)(\.[0-9]+)?$"
"""Without zeros in front: 007 is a name."""


def numbers(column: "pa.ChunkedArray") -> "pa.ChunkedArray":
    """Numbers where every text is one, whole where all are, else the column as it is; also where one is above 64 bits."""
    import pyarrow as pa
    import pyarrow.compute as pc  # type: ignore[import-untyped]

    texts = column.cast(column.type.value_type) if pa.types.is_dictionary(column.type) else column
    if not pa.types.is_string(texts.type) or not pc.all(pc.match_substring_regex(texts, NUMBER)).as_py():
        return column
    try:
        return texts.cast(pa.float64() if pc.any(pc.match_substring(texts, ".")).as_py() else pa.int64())
    except pa.ArrowInvalid:  # above 64 bits: names, then, as in other columns
        return column


def floats(column: "pa.ChunkedArray", name: str) -> "pa.ChunkedArray":
    """Numbers, of texts too, or a sentence with the row that is none."""
    import pyarrow as pa

    plain = column.cast(column.type.value_type) if pa.types.is_dictionary(column.type) else column
    if not pa.types.is_string(plain.type):
        return plain
    try:
        return plain.cast(pa.float64())
    except pa.ArrowInvalid:
        fail(_first(plain, name, pa.float64(), "is no number"))


def times(column: "pa.ChunkedArray", name: str) -> "pa.ChunkedArray":
    """Numbers, or dates with or without a zone; or a sentence with the row that is neither."""
    import pyarrow as pa

    plain = column.cast(column.type.value_type) if pa.types.is_dictionary(column.type) else column
    if not pa.types.is_string(plain.type):
        return plain
    for sort in (pa.float64(), pa.timestamp("us"), pa.timestamp("us", "UTC")):
        try:
            return plain.cast(sort)
        except pa.ArrowInvalid:
            continue
    sort = pa.timestamp("us", "UTC") if str(plain[0])[-1:] == "Z" else pa.timestamp("us")
    return fail(_first(plain, name, sort, "is no time: write all as 2026-11-22T10:30:00, or as seconds since 1970"))


def plain(value: object) -> str:
    """A name as text, so that 1 in one file and 1.0 or "1" in another are the same."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def texts(column: "pa.ChunkedArray") -> "pa.ChunkedArray":
    """Names of any sort as texts, written as by `plain`; empty ones stay empty."""
    import pyarrow as pa

    return pa.chunked_array([[None if name is None else plain(name) for name in column.to_pylist()]], pa.string())


def _first(column: "pa.ChunkedArray", name: str, sort: "pa.DataType", says: str) -> str:
    import pyarrow as pa

    for row, value in enumerate(column):
        try:
            value.cast(sort)
        except pa.ArrowInvalid:
            return f"column {name!r} holds {value.as_py()!r} in row {row}, which {says}."
    return f"column {name!r} mixes times with and without a zone, which {says}."

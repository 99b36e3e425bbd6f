"""Columns of values of a kind: of one column that holds whole values, or of one number column for each part of a value."""

from collections.abc import Callable, Iterable, Sequence

import msgspec
import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]
from numpy.typing import NDArray

from karat.model.kind import NO_FACTS, AnyKind
from karat.model.schema import Field
from karat.quality.columns import missing, names_of, read_columns, some

Make = Callable[[object], object]
NOTHING = "leave the whole value empty where somebody looked and found nothing"


class Values:
    """The values of a table, each made when it is asked for: numbers take 8 bytes, a box as an object 150."""

    def __init__(self, raw: "list[object] | NDArray[np.generic]", make: Make | None = None) -> None:
        self.raw = raw
        self.make = make

    def __len__(self) -> int:
        return len(self.raw)

    def __getitem__(self, row: int) -> object:
        if self.make is None:
            return self.raw[row]
        given = self.raw[row]
        return self.make(given.tolist() if isinstance(given, np.ndarray) else given)

    def of(self, rows: "NDArray[np.integer] | slice") -> list[object]:
        """The values in these rows."""
        if isinstance(self.raw, np.ndarray):
            given = self.raw[rows].tolist()
        else:
            given = self.raw[rows] if isinstance(rows, slice) else [self.raw[row] for row in rows.tolist()]
        return given if self.make is None else [self.make(one) for one in given]


def read_values(
    table: object, columns: str | Sequence[str], kind: AnyKind, field: Field
) -> tuple[Values, NDArray[np.bool_]]:
    """The values that are there, and which rows have one. Raises `ValueError` that names column, row and remedy."""
    if isinstance(columns, str):
        return _whole(table, columns, kind, field)
    return _parts(table, tuple(columns), kind, field)


def _whole(table: object, column: str, kind: AnyKind, field: Field) -> tuple[Values, NDArray[np.bool_]]:
    listed = list(names_of(table))
    if column not in listed:
        raise ValueError(f"no column {column!r} in the table: it has {some(listed)}; name one of them")
    given = _listed(table[column])  # type: ignore[index]
    there = np.array([not _is_empty(value) for value in given], dtype=bool)
    values: list[object] = []
    for row in np.flatnonzero(there).tolist():
        values.append(_checked(given[row], kind, field, row, column))
    return Values(values), there


def _parts(table: object, columns: tuple[str, ...], kind: AnyKind, field: Field) -> tuple[Values, NDArray[np.bool_]]:
    """One number column for each part: the sides of a box, the ends of a span."""
    read = read_columns(table, list(columns))
    empty = np.stack([missing(read[name]) for name in columns], axis=1)
    partly = np.flatnonzero(empty.any(axis=1) & ~empty.all(axis=1))
    if len(partly):
        row = int(partly[0])
        name = columns[int(np.argmax(empty[row]))]
        raise ValueError(f"column {name!r} is empty in row {row}, where other parts of the value are not: {NOTHING}")
    there = np.asarray(~empty.all(axis=1), np.bool_)
    parts = [_numbers(read[name].filter(pa.array(there)), name) for name in columns]
    kept = np.flatnonzero(there)
    if not len(kept):
        return Values([]), there
    values = _made(np.stack(parts, axis=1), columns, kind, int(kept[0]))
    for place, row in enumerate(kept.tolist()):
        _check(values[place], kind, field, row, ", ".join(map(repr, columns)))
    return values, there


def _made(raw: NDArray[np.generic], columns: tuple[str, ...], kind: AnyKind, row: int) -> Values:
    """Rows of numbers as values: by the names of a struct's parts, as a list, or as a list of one."""
    names: tuple[str, ...] = getattr(kind.value, "__struct_fields__", ())
    wrong = ""
    for numbers in _as_numbers(raw):
        first = numbers[0].tolist()
        if len(names) == len(columns):
            try:
                value = msgspec.convert(dict(zip(names, first, strict=True)), kind.value)
            except msgspec.ValidationError as error:
                wrong = wrong or str(error)
                continue
            floats = all(isinstance(getattr(value, name), float) for name in names)
            return Values(numbers.astype(np.float64) if floats else numbers, _from_struct(kind))
        for form in (list[object], _list_of_one):
            try:
                msgspec.convert(form(first), kind.value)
            except msgspec.ValidationError as error:
                wrong = wrong or str(error)
                continue
            return Values(numbers, _from_list(form, kind))
    raise ValueError(
        f"row {row} holds {raw[0].tolist()!r} in the columns {some(columns)}, which make no {kind.name} ({wrong}): name the"
        f" columns of its parts in their order{': ' + ', '.join(names) if names else ''}"
    )


def _as_numbers(raw: NDArray[np.generic]) -> list[NDArray[np.generic]]:
    """As they stand, and as whole numbers: tables write these as 3.0 where some rows are empty."""
    whole = raw.dtype.kind == "f" and bool((raw == np.floor(raw.astype(np.float64))).all())
    return [raw, raw.astype(np.int64)] if whole else [raw]


def _from_struct(kind: AnyKind) -> Make:
    struct = kind.value
    assert callable(struct)
    return lambda parts: struct(*parts)  # type: ignore[misc]


def _from_list(form: Callable[[list[object]], list[object]], kind: AnyKind) -> Make:
    return lambda parts: msgspec.convert(form(parts), kind.value)  # type: ignore[arg-type]


def _list_of_one(parts: list[object]) -> list[object]:
    return [parts]


def _checked(given: object, kind: AnyKind, field: Field, row: int, column: str) -> object:
    try:
        value = msgspec.convert(given, kind.value)
    except msgspec.ValidationError as error:
        raise ValueError(
            f"column {column!r} holds {given!r} in row {row}, which is no {kind.name} ({error}): write it as the kind's"
            " JSON has it, or name one column for each of its parts"
        ) from None
    _check(value, kind, field, row, repr(column))
    return value


def _check(value: object, kind: AnyKind, field: Field, row: int, columns: str) -> None:
    problems = kind.check(value, field, NO_FACTS)
    if problems:
        first = problems[0]
        at = f" at {first.path}" if first.path else ""
        raise ValueError(
            f"column {columns} holds {value!r} in row {row}: got {first.got}{at}, expected {first.expected}. {first.do}"
        )


def _numbers(column: pa.Array, name: str) -> NDArray[np.generic]:
    if not (pa.types.is_integer(column.type) or pa.types.is_floating(column.type) or pa.types.is_null(column.type)):
        raise ValueError(f"column {name!r} holds a {column.type} in each row: give numbers, such as 1.0")
    return np.asarray(column.to_numpy(zero_copy_only=False))


def _listed(column: object) -> list[object]:
    for name in ("to_pylist", "to_list", "tolist"):
        if hasattr(column, name):
            listed: list[object] = getattr(column, name)()
            return listed
    if not isinstance(column, Iterable):
        raise ValueError(f"a column is {column!r}: give an array or list with one entry a row")
    return list(column)


def _is_empty(value: object) -> bool:
    return value is None or (isinstance(value, float) and value != value)

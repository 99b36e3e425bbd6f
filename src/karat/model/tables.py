"""A table as the content of a stream: columns and rows of plain values, as one canonical JSON text."""

import csv
import io
from collections.abc import Mapping, Sequence
from math import isfinite

import msgspec

from karat.model import strings
from karat.model.dialogue import Unreadable
from karat.model.kind import Facts
from karat.model.parsing import join
from karat.model.parts import Parts
from karat.model.problem import Problem, shown

MOST_ROWS = 100_000
MOST_COLUMNS = 1_000
MOST_CELLS = 2_000_000
LONGEST_NAME = 1_000
Cell = str | int | float | bool | None
TABLE = "a mapping, a list of mappings, or CSV text with a head"
CELL = "text, a number, true, false or nothing"


class Table(msgspec.Struct, frozen=True):
    """Rows under columns; each row has a cell for every column, null where there is nothing."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


_DECODER = msgspec.json.Decoder(Table)
_ENCODER = msgspec.json.Encoder()


def read(given: object) -> str:
    """The canonical text of a table; raises `Unreadable` with the place of each mistake.

    Takes one mapping (a row: its keys are the columns), a list of mappings, `{columns: […], rows: [[…]]}`, JSON text of any
    of these, or CSV text whose first line names the columns. Columns stand in the order in which they first come. What is no
    plain value, such as a list, is kept as its JSON. In CSV every cell is text, and an empty one is nothing.

    >>> read({"name": "Ada", "born": 1815})
    '{"columns":["name","born"],"rows":[["Ada",1815]]}'
    >>> read("name,born\\nAda,1815\\n")
    '{"columns":["name","born"],"rows":[["Ada","1815"]]}'
    """
    table = _table(_parsed(given) if isinstance(given, str) else given)
    problems = [*_size(table), *strings.problems_of(msgspec.to_builtins(table), "")]
    if problems:
        raise Unreadable(problems)
    return _ENCODER.encode(table).decode()


def gather(cells: Mapping[str, object]) -> object | None:
    """The row that several columns of a file make; None where all of them are empty."""
    row = {name: None if cell == "" else cell for name, cell in cells.items()}
    return None if all(cell is None for cell in row.values()) else row


def facts(text: str) -> Facts:
    """The rows of a table, each of which a field can be answered for."""
    return Facts(each={"row": Parts(count=len(table_of(text).rows))})


def words(text: str) -> str:
    """What a table says, a line for each row: of one row, a line for each cell."""
    table = table_of(text)
    if len(table.rows) == 1:
        return "\n".join(f"{name}: {written(cell)}" for name, cell in zip(table.columns, table.rows[0], strict=True))
    return "\n".join(", ".join(written(cell) for cell in row if cell is not None) for row in table.rows)


def written(cell: Cell) -> str:
    """A cell as people read it.

    >>> written(True), written(1.5), written(None)
    ('true', '1.5', '')
    """
    if cell is None:
        return ""
    return str(cell).lower() if isinstance(cell, bool) else str(cell)


def table_of(text: str) -> Table:
    """The table of a canonical text."""
    return _DECODER.decode(text)


def _parsed(text: str) -> object:
    """What a text holds: JSON where it begins so, else CSV."""
    if text.lstrip()[:1] in ("{", "["):
        try:
            return msgspec.json.decode(text)
        except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
            raise Unreadable([Problem("", shown(text), f"{TABLE}, as JSON", "Mend the JSON of this cell.")]) from error
    try:
        lines = [line for line in csv.reader(io.StringIO(text, newline="")) if line]
    except csv.Error as error:
        raise Unreadable([Problem("", shown(text), TABLE, f"Mend the CSV: {error}.")]) from error
    if not lines:
        raise Unreadable([Problem("", shown(text), TABLE, "Write the names of the columns in the first line.")])
    head, *rows = lines
    _refuse_ragged(head, rows)
    return {"columns": head, "rows": [[cell or None for cell in row] for row in rows]}


def _refuse_ragged(head: Sequence[object], rows: Sequence[Sequence[object]]) -> None:
    ragged = next((index for index, row in enumerate(rows) if len(row) != len(head)), None)
    if ragged is not None:
        do = "Give every row as many cells as there are columns."
        raise Unreadable([Problem(f"rows[{ragged}]", f"{len(rows[ragged])} cells", f"{len(head)} cells", do)])


def _table(given: object) -> Table:
    if isinstance(given, Mapping) and given.keys() == {"columns", "rows"} and isinstance(given["rows"], list | tuple):
        return _of_lists(given["columns"], given["rows"])
    rows = [given] if isinstance(given, Mapping) else given
    if not isinstance(rows, list | tuple):
        raise Unreadable([Problem("", shown(given), TABLE, "Write the rows in one of these ways.")])
    columns: dict[str, None] = {}
    for index, row in enumerate(rows):
        if not isinstance(row, Mapping):
            do = "Write each row as a mapping of columns to values."
            raise Unreadable([Problem(f"[{index}]", shown(row), "a mapping", do)])
        columns.update((str(name), None) for name in row)
    problems: list[Problem] = []
    made = [
        tuple(_cell(row.get(name), join(f"[{index}]", name), problems) for name in columns)
        for index, row in enumerate(rows)
    ]
    if problems:
        raise Unreadable(problems)
    return Table(tuple(columns), tuple(made))


def _of_lists(columns: object, rows: Sequence[object]) -> Table:
    is_named = isinstance(columns, list | tuple) and all(isinstance(name, str) for name in columns)
    if not is_named or len(set(columns)) != len(columns):  # type: ignore[arg-type, call-overload]  # a list of texts by then
        do = "Name every column once, with text."
        raise Unreadable([Problem("columns", shown(columns), "a list of different names", do)])
    problems = [
        Problem(f"rows[{index}]", shown(row), "a list of cells", "Write each row as a list.")
        for index, row in enumerate(rows)
        if not isinstance(row, list | tuple)
    ]
    if problems:
        raise Unreadable(problems)
    lists: list[Sequence[object]] = [row for row in rows if isinstance(row, list | tuple)]
    names: list[str] = list(columns)  # type: ignore[call-overload]  # just tested
    _refuse_ragged(names, lists)
    made = [
        tuple(_cell(cell, f"rows[{index}][{place}]", problems) for place, cell in enumerate(row))
        for index, row in enumerate(lists)
    ]
    if problems:
        raise Unreadable(problems)
    return Table(tuple(names), tuple(made))


def _cell(given: object, path: str, problems: list[Problem]) -> Cell:
    if isinstance(given, float) and not isfinite(given):
        problems.append(Problem(path, str(given), CELL, "Leave the cell empty, or write it as text."))
        return None
    if given is None or isinstance(given, str | int | float | bool):
        return given
    return shown(given, limit=1 << 30)


def _size(table: Table) -> list[Problem]:
    rows, columns = len(table.rows), len(table.columns)
    if rows == 0 or columns == 0:
        return [Problem("", f"{rows} rows of {columns} columns", "at least one of each", "Leave an empty table out.")]
    found = [
        Problem("columns", shown(name), f"a name of 1 to {LONGEST_NAME} characters", "Rename the column.")
        for name in table.columns
        if not 0 < len(name) <= LONGEST_NAME
    ]
    if rows > MOST_ROWS or columns > MOST_COLUMNS or rows * columns > MOST_CELLS:
        expected = f"at most {MOST_ROWS} rows, {MOST_COLUMNS} columns and {MOST_CELLS} cells"
        found.append(Problem("", f"{rows} rows of {columns} columns", expected, "Split the table."))
    return found

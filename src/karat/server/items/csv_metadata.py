"""Metadata from a CSV table: the first column names items by their key, the others are metadata keys."""

import csv
from collections.abc import Sequence
from io import StringIO

import msgspec

from karat.formats.rows import plain_scalar
from karat.model.item import Scalar
from karat.model.problem import Problem, Refused, refuse, shown
from karat.server.access import Scope
from karat.server.database import Tx, named
from karat.server.items import actions, changes

MAX_ROWS = 1_000_000
SHOWN = 100


class Done(msgspec.Struct, frozen=True):
    """What a chunk of rows did."""

    changed: int
    unknown: list[str]


class Rows(msgspec.Struct, frozen=True):
    """A table read: each row a key and the values to set, None to remove one."""

    values: list[tuple[str, dict[str, Scalar | None]]]

    def unknown(self, tx: Tx, scope: Scope) -> list[str]:
        """The first keys that no item has."""
        found: list[str] = []
        for start in range(0, len(self.values), actions.CHUNK):
            keys = [key for key, _ in self.values[start : start + actions.CHUNK]]
            known = keys_of(tx, scope, keys)
            found += [key for key in keys if key not in known]
            if len(found) >= SHOWN:
                break
        return found


def read_rows(text: str, *, removes_empty: bool) -> Rows:
    """A table as rows; refused with the line of every mistake, at most 100 of them."""
    reader = csv.reader(StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    try:
        return _read(reader, removes_empty=removes_empty)
    except csv.Error as error:
        problem = Problem("body", str(error), "CSV", "Mend the quotes at this line.", reader.line_num)
        raise Refused([problem], title="The table cannot be read") from None


def set_rows(tx: Tx, scope: Scope, operation: str, rows: Sequence[tuple[str, dict[str, Scalar | None]]]) -> Done:
    """Set the metadata of a chunk of rows."""
    known = keys_of(tx, scope, [key for key, _ in rows])
    values: dict[int, dict[str, Scalar | None]] = {}
    for key, given in rows:
        if key in known:
            values.setdefault(known[key], {}).update(given)
    changed, _ = actions.apply(
        tx, scope, operation, sorted(values), lambda item: changes.described(item, values[item.n])
    )
    return Done(changed, [key for key, _ in rows if key not in known])


def keys_of(tx: Tx, scope: Scope, keys: Sequence[str]) -> dict[str, int]:
    """The items that have these keys."""
    if not keys:
        return {}
    names, values = named(dict.fromkeys(keys))
    rows = tx.run(
        f"SELECT key, n FROM items WHERE project = :project AND deleted_at IS NULL AND key IN ({names})",  # noqa: S608 - names of parameters only
        project=scope.project,
        **values,
    )
    return {key: n for key, n in rows}  # noqa: C416 - it says what a row is


def _read(reader: "csv._reader", *, removes_empty: bool) -> Rows:  # type: ignore[name-defined]  # typeshed has no public name
    header = next(reader, None)
    if not header or len(header) < 2:
        problem = Problem(
            "body", shown(header), "a header with the key and at least one more column", "Write e.g. `key,site`.", 1
        )
        raise Refused([problem], title="The table cannot be read")
    names = [name.strip() for name in header[1:]]
    problems = changes.metadata_problems(dict.fromkeys(names), "header")
    problems += [
        Problem(f"header.{n}", shown(n), "a name of its own", "Rename the column.", 1)
        for n in set(names)
        if names.count(n) > 1
    ]
    refuse(problems, title="The table cannot be read")
    values: list[tuple[str, dict[str, Scalar | None]]] = []
    for row in reader:
        if not row:
            continue
        line = reader.line_num
        if len(values) >= MAX_ROWS:
            problems.append(
                Problem("body", f"more than {MAX_ROWS} rows", f"at most {MAX_ROWS}", "Split the table.", line)
            )
            break
        if len(row) != len(header):
            expected = f"{len(header)} cells, as in the header"
            problems.append(Problem("row", f"{len(row)} cells", expected, "Quote cells that hold a comma.", line))
        else:
            given = _cells(names, row[1:], removes_empty=removes_empty)
            wrong = changes.metadata_problems(given, "row")
            problems += [msgspec.structs.replace(p, line=line) for p in wrong]
            values.append((row[0], given))
        if len(problems) >= SHOWN:
            break
    refuse(problems, title="The table cannot be read; nothing was changed")
    return Rows(values)


def _cells(names: Sequence[str], cells: Sequence[str], *, removes_empty: bool) -> dict[str, Scalar | None]:
    """An empty cell leaves the value that is there, or removes it where that was asked."""
    found = {name: plain_scalar(cell) if cell else None for name, cell in zip(names, cells, strict=True)}
    return found if removes_empty else {name: value for name, value in found.items() if value is not None}

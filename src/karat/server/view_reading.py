"""Reading the views with SQL of one's own, read-only: for the operator at the machine, never over HTTP."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import NamedTuple

from karat.model.problem import Problem, Refused, shown
from karat.server.settings import Settings
from karat.server.tables.views import VIEWS

TIMEOUT_S = 60
AT_ONCE = 1000


class Found(NamedTuple):
    """What a statement gives: the names of its columns, and its rows."""

    columns: list[str]
    rows: Iterator[tuple[object, ...]]


def read_views(settings: Settings, statement: str) -> Found:
    """The rows of one SELECT; refused where it reads anything but what the views read, or writes."""
    found = _sqlite(settings, statement) if settings.is_sqlite else _postgresql(settings, statement)
    columns = next(found)
    return Found([str(name) for name in columns], found)


def _sqlite(settings: Settings, statement: str) -> Iterator[tuple[object, ...]]:
    path = settings.data / "karat.db"
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
        connection.set_authorizer(_only(_readable(connection)))
        try:
            cursor = connection.execute(statement)
        except sqlite3.Error as error:
            raise _refused(statement, error) from None
        if cursor.description is None:
            raise _refused(statement, "it gives no rows")
        yield tuple(column[0] for column in cursor.description)
        while rows := cursor.fetchmany(AT_ONCE):
            yield from rows


def _readable(connection: sqlite3.Connection) -> set[tuple[str, str]]:
    """The columns of tables that the views themselves read; a name of the asker's own opens none beside them."""
    found: set[tuple[str, str]] = set()

    def note(action: int, table: str | None, column: str | None, *_: str | None) -> int:
        if action == sqlite3.SQLITE_READ:
            found.add((table or "", column or ""))
            found.add((table or "", ""))
        return sqlite3.SQLITE_OK

    connection.set_authorizer(note)
    for view in VIEWS:
        connection.execute(f"SELECT * FROM {view.name} LIMIT 0")  # noqa: S608 - a name of the list
    return found


def _only(readable: set[tuple[str, str]]) -> Callable[[int, str | None, str | None, str | None, str | None], int]:
    harmless = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_RECURSIVE}

    def allow(action: int, first: str | None, second: str | None, *_: str | None) -> int:
        if action == sqlite3.SQLITE_READ:
            return sqlite3.SQLITE_OK if (first or "", second or "") in readable else sqlite3.SQLITE_DENY
        if action == sqlite3.SQLITE_FUNCTION:
            return sqlite3.SQLITE_DENY if second == "load_extension" else sqlite3.SQLITE_OK
        return sqlite3.SQLITE_OK if action in harmless else sqlite3.SQLITE_DENY

    return allow


def _postgresql(settings: Settings, statement: str) -> Iterator[tuple[object, ...]]:
    import psycopg

    # The role of the connection may read more than the views: whoever has it is the operator, who gives others another.
    with psycopg.connect(settings.database) as connection:
        connection.read_only = True
        connection.execute(f"SET statement_timeout = '{TIMEOUT_S}s'")
        try:
            cursor = connection.execute(statement, ())  # with values, one statement alone
        except psycopg.Error as error:
            raise _refused(statement, error) from None
        if cursor.description is None:
            raise _refused(statement, "it gives no rows")
        yield tuple(column.name for column in cursor.description)
        while rows := cursor.fetchmany(AT_ONCE):
            yield from rows


def _refused(statement: str, error: object) -> Refused:
    names = ", ".join(view.name for view in VIEWS)
    return Refused([Problem("statement", shown(statement), f"one SELECT over the views ({error})", f"Read {names}.")])

"""A transaction as actions and queries see it, and the database as routes and jobs see it."""

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future
from functools import lru_cache
from typing import Any, Concatenate, ParamSpec, TypeVar

import sqlalchemy as sa

from karat.model.ids import Clock, stamp

P = ParamSpec("P")
R = TypeVar("R")
Row = Sequence[Any]  # a database row holds whatever its columns do; queries turn it into structs at once
PARAMETER = re.compile(r"(?<![:\w]):([a-z_]\w*)")


class Tx:
    """One transaction. Actions never commit: whoever runs them does, and answers after the commit."""

    def __init__(
        self, connection: sa.Connection, *, clock: Clock, new_id: Callable[[], str], writes: bool = True
    ) -> None:
        self.connection = connection
        self.writes = writes
        self.dialect = connection.dialect.name
        self.is_sqlite = self.dialect == "sqlite"
        self.clock = clock
        self.new_id = new_id
        self._driver: Any = connection.connection.driver_connection  # sqlite3 or psycopg: named parameters both
        self._unsent: list[tuple[str, Mapping[str, object] | None]] = []
        self.told = False
        """Whether an event was written."""
        self._after: list[Callable[[], None]] = []
        self._now: str | None = None

    def now(self) -> str:
        """The time as it is stored: one for the whole transaction."""
        if self._now is None:
            self._now = stamp(self.clock.now())
        return self._now

    def run(self, sql: str, /, **values: object) -> list[Row]:
        """Run hand-written SQL with `:name` parameters and return its rows; for the hot paths, past SQLAlchemy."""
        if self.is_sqlite:
            return self._driver.execute(sql, values).fetchall()  # type: ignore[no-any-return]
        if not self._unsent:
            cursor = self._driver.execute(_percent(sql), values)
        else:
            with self._driver.pipeline():
                self._send()
                cursor = self._driver.execute(_percent(sql), values)
        return cursor.fetchall() if cursor.description else []

    def put(self, sql: str, /, **values: object) -> None:
        """Run SQL whose rows nobody asks for. PostgreSQL gets it together with the next statement: a way there and back less.

        What is wrong with it is raised there, or at the commit.
        """
        if self.is_sqlite:
            self._driver.execute(sql, values)
        else:
            self._unsent.append((_percent(sql), values))

    def many(self, sql: str, rows: Iterable[Mapping[str, object]]) -> None:
        """Run one statement for each row of parameters."""
        if self.is_sqlite:
            self._driver.executemany(sql, rows)
            return
        self.flush()
        with self._driver.cursor() as cursor:
            cursor.executemany(_percent(sql), list(rows))

    def copy(self, into: str, rows: Iterable[Sequence[object]]) -> None:
        """Rows into a table of PostgreSQL by COPY, the quickest way there is; `into` is e.g. `items (n, id)`."""
        self.flush()
        with self._driver.cursor() as cursor, cursor.copy(f"COPY {into} FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)

    def flush(self, *last: str) -> None:
        """Send what was `put`, and these statements after it."""
        self._unsent += [(sql, None) for sql in last]
        if self._unsent:
            with self._driver.pipeline():
                self._send()

    def _send(self) -> None:
        for sql, values in self._unsent:
            self._driver.execute(sql, values)
        self._unsent.clear()

    def execute(
        self, statement: sa.Executable, values: Sequence[Mapping[str, Any]] | Mapping[str, Any] | None = None
    ) -> sa.CursorResult[Any]:
        """Run a SQLAlchemy statement."""
        self.flush()
        return self.connection.execute(statement, values)

    def after(self, act: Callable[[], None]) -> None:
        """Call this once the transaction is committed, e.g. to wake a listener. It must be quick and must not fail."""
        self._after.append(act)

    def committed(self) -> None:
        """Called by the database when the commit stands."""
        for act in self._after:
            act()


class Database(ABC):
    """Where actions and queries run. Nothing else opens the database for writing."""

    dialect: str
    on_told: Callable[[], None] | None = None
    """Called from the writing thread once a transaction that wrote an event is committed; must be quick."""

    @abstractmethod
    def start(self) -> None:
        """Begin to take work, once the tables are up to date."""

    @abstractmethod
    async def write(self, action: Callable[Concatenate[Tx, P], R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Run an action and answer after its commit."""

    @abstractmethod
    def write_now(self, action: Callable[Concatenate[Tx, P], R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """The same from a thread of a job or the command line."""

    @abstractmethod
    def write_bulk(self, action: Callable[Concatenate[Tx, P], R], /, *args: P.args, **kwargs: P.kwargs) -> "Future[R]":
        """Queue a chunk of a large job behind the people who wait; at most 250 rows a chunk keep them fluid."""

    @abstractmethod
    async def read(self, query: Callable[Concatenate[Tx, P], R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Run a query on a read-only connection."""

    @abstractmethod
    def read_now(self, query: Callable[Concatenate[Tx, P], R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """The same from a thread."""

    @abstractmethod
    def engine(self) -> sa.Engine:
        """For migrations and the job library; not for the product's own reads and writes."""

    def waiting(self) -> int:
        """How many actions wait for their turn."""
        return 0

    @abstractmethod
    def close(self) -> None:
        """Finish what was queued and close."""


def named(given: Iterable[object]) -> tuple[str, dict[str, object]]:
    """Values as named parameters, for `IN (…)`: the names for the SQL, and the values by name.

    >>> named([7, 8])
    (':v0, :v1', {'v0': 7, 'v1': 8})
    """
    values = {f"v{i}": value for i, value in enumerate(given)}
    return ", ".join(f":{name}" for name in values), values


@lru_cache(maxsize=2048)
def _percent(sql: str) -> str:
    """psycopg's parameters for ours; a percent sign of the SQL itself is doubled."""
    return PARAMETER.sub(r"%(\1)s", sql.replace("%", "%%"))

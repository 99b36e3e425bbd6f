"""PostgreSQL with a pool of connections in threads; an action that meets a conflict is run again."""

import asyncio
import random
import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, Concatenate, ParamSpec, TypeVar

import psycopg
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, OperationalError

from karat.model.ids import Clock
from karat.server.database.base import Database, Tx

P = ParamSpec("P")
R = TypeVar("R")

ATTEMPTS = 6
# Serialization failure, deadlock, and the connection limit of a server under pressure.
RETRIED = {"40001", "40P01"}


class PostgresDatabase(Database):
    """The database for many machines."""

    dialect = "postgresql"

    def __init__(self, url: str, *, clock: Clock, new_id: Callable[[], str], threads: int = 16) -> None:
        self._clock = clock
        self._new_id = new_id
        self._engine = sa.create_engine(
            _psycopg_url(url), pool_size=threads + 4, max_overflow=4, pool_pre_ping=False, pool_recycle=1800
        )
        self._idle: deque[sa.Connection] = deque()
        self._most_idle = threads
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="karat-db")
        # Bulk chunks wait here one behind the other, so that an import never takes the threads of people.
        self._bulk = ThreadPoolExecutor(1, thread_name_prefix="karat-bulk")

    def start(self) -> None:
        """Nothing to start: connections open when they are first used."""

    async def write(self, action: Callable[Concatenate[Tx, P], R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Run an action in a thread and answer after the commit."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, lambda: self.write_now(action, *args, **kwargs))

    def write_now(self, action: Callable[Concatenate[Tx, P], R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Run an action on a pooled connection, again where another transaction was in its way."""
        for attempt in range(1, ATTEMPTS + 1):
            try:
                with self._begun("BEGIN") as tx:
                    result = action(tx, *args, **kwargs)
                tx.committed()
                return result
            except Exception as error:
                if attempt == ATTEMPTS or _state(error) not in RETRIED:
                    raise
                time.sleep(random.uniform(0, 0.005 * 2**attempt))  # noqa: S311 - jitter, not a secret
        raise AssertionError("unreachable: the last attempt returns or raises")

    def write_bulk(self, action: Callable[Concatenate[Tx, P], R], /, *args: P.args, **kwargs: P.kwargs) -> "Future[R]":
        """Queue a chunk of a large job. It does not wait for the disk: what a crash of PostgreSQL takes away are the newest
        chunks with their steps, and the job goes on before them; its end waits for the disk, and so for all chunks.
        """

        def unhurried(tx: Tx) -> R:
            tx.put("SET LOCAL synchronous_commit TO off")
            return action(tx, *args, **kwargs)

        return self._bulk.submit(lambda: self.write_now(unhurried))

    async def read(self, query: Callable[Concatenate[Tx, P], R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Run a query in a thread."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, lambda: self.read_now(query, *args, **kwargs))

    def read_now(self, query: Callable[Concatenate[Tx, P], R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Run a query in a read-only transaction, in one snapshot as on SQLite."""
        with self._begun("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY") as tx:
            return query(tx, *args, **kwargs)

    def engine(self) -> sa.Engine:
        """For migrations and the job library."""
        return self._engine

    def close(self) -> None:
        """Finish what was queued and close."""
        self._threads.shutdown()
        self._bulk.shutdown()
        self._close_idle()
        self._engine.dispose()

    @contextmanager
    def _begun(self, begin: str) -> Iterator[Tx]:
        """A transaction on a connection that is kept open: SQLAlchemy's pool and its BEGIN cost 150 µs an action."""
        connection = self._connection()
        driver: Any = connection.connection.driver_connection
        try:
            tx = Tx(connection, clock=self._clock, new_id=self._new_id, writes=begin == "BEGIN")
            tx.put(begin)
            yield tx
            tx.flush("COMMIT")
        except BaseException as error:
            if driver.closed or driver.broken:
                self._forget(connection)
            elif isinstance(error, psycopg.Error):
                # A statement that failed takes with it those that were sent behind it, and psycopg may believe that one
                # of them was prepared: the next to use it on this connection would fail.
                self._drop(connection)
            else:
                driver.execute("ROLLBACK")
                self._keep(connection)
            if isinstance(error, psycopg.OperationalError) and error.sqlstate not in RETRIED:
                raise OperationalError(None, None, error) from error
            raise
        else:
            self._keep(connection)

    def _connection(self) -> sa.Connection:
        try:
            return self._idle.pop()
        except IndexError:
            return self._open()

    def _open(self) -> sa.Connection:
        try:
            return self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        except psycopg.OperationalError as error:
            raise OperationalError(None, None, error) from error

    def _keep(self, connection: sa.Connection) -> None:
        if connection.in_transaction():
            connection.commit()  # SQLAlchemy's own record of a transaction; on the connection it does nothing
        if len(self._idle) < self._most_idle:
            self._idle.append(connection)
        else:
            connection.close()

    def _forget(self, connection: sa.Connection) -> None:
        """The server went away, and with it every connection that was open."""
        self._drop(connection)
        self._close_idle()

    def _drop(self, connection: sa.Connection) -> None:
        connection.invalidate()
        connection.close()

    def _close_idle(self) -> None:
        while self._idle:
            self._idle.pop().close()


def _state(error: BaseException) -> str | None:
    original: Any = error.orig if isinstance(error, DBAPIError) else error
    state: str | None = getattr(original, "sqlstate", None)
    return state


def _psycopg_url(url: str) -> sa.URL:
    return sa.make_url(url).set(drivername="postgresql+psycopg")

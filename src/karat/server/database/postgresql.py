"""PostgreSQL with a pool of connections in threads; an action that meets a conflict is run again."""

import asyncio
import random
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Concatenate, ParamSpec, TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

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
                return self._once(lambda tx: action(tx, *args, **kwargs))
            except Exception as error:
                if attempt == ATTEMPTS or _state(error) not in RETRIED:
                    raise
                time.sleep(random.uniform(0, 0.005 * 2**attempt))  # noqa: S311 - jitter, not a secret
        raise AssertionError("unreachable: the last attempt returns or raises")

    def write_bulk(self, action: Callable[Concatenate[Tx, P], R], /, *args: P.args, **kwargs: P.kwargs) -> "Future[R]":
        """Queue a chunk of a large job."""
        return self._bulk.submit(lambda: self.write_now(action, *args, **kwargs))

    async def read(self, query: Callable[Concatenate[Tx, P], R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Run a query in a thread."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, lambda: self.read_now(query, *args, **kwargs))

    def read_now(self, query: Callable[Concatenate[Tx, P], R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Run a query in a read-only transaction."""
        with self._engine.connect() as connection:
            tx = Tx(connection, clock=self._clock, new_id=self._new_id, writes=False)
            tx.run("SET TRANSACTION READ ONLY")
            try:
                return query(tx, *args, **kwargs)
            finally:
                connection.rollback()

    def engine(self) -> sa.Engine:
        """For migrations and the job library."""
        return self._engine

    def close(self) -> None:
        """Finish what was queued and close."""
        self._threads.shutdown()
        self._bulk.shutdown()
        self._engine.dispose()

    def _once(self, call: Callable[[Tx], R]) -> R:
        with self._engine.begin() as connection:
            tx = Tx(connection, clock=self._clock, new_id=self._new_id)
            result = call(tx)
        tx.committed()
        if tx.told and self.on_told is not None:
            self.on_told()
        return result


def _state(error: BaseException) -> str | None:
    original: Any = error.orig if isinstance(error, DBAPIError) else error
    state: str | None = getattr(original, "sqlstate", None)
    return state


def _psycopg_url(url: str) -> sa.URL:
    return sa.make_url(url).set(drivername="postgresql+psycopg")

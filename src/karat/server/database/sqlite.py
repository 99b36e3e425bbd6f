"""SQLite with one writer thread: many actions share a commit, each in a savepoint of its own."""

import asyncio
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, Concatenate, ParamSpec, TypeVar

import sqlalchemy as sa
from sqlalchemy.pool import NullPool

from karat.model.ids import Clock
from karat.server.database.base import Database, Tx

P = ParamSpec("P")
R = TypeVar("R")

ACTIONS_A_COMMIT = 64
# With people waiting a bulk chunk joins every eighth commit: imports go on, and labeling stays under its p99.
COMMITS_BETWEEN_CHUNKS = 8
# With nobody waiting chunks share a commit for this long, so that an import does not pay one fsync for each. Whoever comes
# meanwhile waits for the chunk that is being written and for the commit, not for the rest of this time.
BULK_COMMIT_S = 0.15
# What was committed stands in the log; a thread beside the writer brings it into the database, so that nobody's commit
# waits for that. Only where the log grows faster than this helps does the writer do the rest itself.
CHECKPOINT_S = 0.5
CHECKPOINT_BYTES = 8 << 20
MOST_LOG_PAGES = 40_000


@dataclass(slots=True)
class _Work:
    call: Callable[[Tx], Any]
    done: "Callable[[Any, BaseException | None], None]"
    bulk: bool
    begins: Callable[[], bool] = lambda: True
    """Called before the work is done; False where nobody waits for it any more."""
    loop: asyncio.AbstractEventLoop | None = None
    result: Any = None
    error: BaseException | None = None
    tx: Tx | None = None


class SqliteDatabase(Database):
    """The embedded database: WAL, synchronous=FULL, group commit, read-only connections for reads."""

    dialect = "sqlite"

    def __init__(self, path: Path, *, clock: Clock, new_id: Callable[[], str], read_threads: int = 4) -> None:
        self.path = path
        self._clock = clock
        self._new_id = new_id
        self._queue: SimpleQueue[_Work | None] = SimpleQueue()
        self._local = threading.local()
        self._is_durable = True
        self._opened: list[sa.Connection] = []
        self._readers = ThreadPoolExecutor(read_threads, thread_name_prefix="karat-read")
        path.parent.mkdir(parents=True, exist_ok=True)
        self._engine = _engine(path, read_only=False)
        self._read_engine = _engine(path, read_only=True)
        self._writer = threading.Thread(target=self._run, name="karat-write", daemon=True)
        self._checkpointer = threading.Thread(target=self._checkpoint, name="karat-checkpoint", daemon=True)
        self._closing = threading.Event()

    def start(self) -> None:
        """Start the writer thread, once the tables are up to date: until then migrations write."""
        self._writer.start()
        self._checkpointer.start()

    async def write(self, action: Callable[Concatenate[Tx, P], R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Run an action on the writer thread and answer after the commit."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[R] = loop.create_future()

        def done(result: R, error: BaseException | None) -> None:
            if future.cancelled():
                return
            if error is None:
                future.set_result(result)
            else:
                future.set_exception(error)

        self._queue.put(_Work(lambda tx: action(tx, *args, **kwargs), done, bulk=False, loop=loop))
        return await future

    def write_now(self, action: Callable[Concatenate[Tx, P], R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Run an action from a thread and wait for its commit."""
        return self._enqueue(lambda tx: action(tx, *args, **kwargs), bulk=False).result()

    def write_bulk(self, action: Callable[Concatenate[Tx, P], R], /, *args: P.args, **kwargs: P.kwargs) -> "Future[R]":
        """Queue a chunk of a large job behind the people who wait."""
        return self._enqueue(lambda tx: action(tx, *args, **kwargs), bulk=True)

    async def read(self, query: Callable[Concatenate[Tx, P], R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Run a query in a reader thread."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._readers, lambda: self.read_now(query, *args, **kwargs))

    def read_now(self, query: Callable[Concatenate[Tx, P], R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Run a query on this thread's read-only connection, in one snapshot."""
        connection = self._reader()
        tx = Tx(connection, clock=self._clock, new_id=self._new_id, writes=False)
        tx.run("BEGIN")
        try:
            return query(tx, *args, **kwargs)
        finally:
            tx.run("ROLLBACK")

    def engine(self) -> sa.Engine:
        """For migrations."""
        return self._engine

    def waiting(self) -> int:
        """How many actions wait for the writer."""
        return self._queue.qsize()

    def close(self) -> None:
        """Finish what was queued and close."""
        self._closing.set()
        if self._checkpointer.is_alive():
            self._checkpointer.join()
        if self._writer.is_alive():
            self._queue.put(None)
            self._writer.join()
        self._readers.shutdown()
        for connection in self._opened:
            connection.close()
        self._engine.dispose()
        self._read_engine.dispose()

    def _enqueue(self, call: Callable[[Tx], R], *, bulk: bool) -> "Future[R]":
        future: Future[R] = Future()

        def done(result: R, error: BaseException | None) -> None:
            if error is None:
                future.set_result(result)
            else:
                future.set_exception(error)

        self._queue.put(_Work(call, done, bulk=bulk, begins=future.set_running_or_notify_cancel))
        return future

    def _reader(self) -> sa.Connection:
        connection: sa.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = self._read_engine.connect()
            self._opened.append(connection)
        return connection

    def _run(self) -> None:
        bulk: deque[_Work] = deque()
        since_bulk = 0
        closing = False
        with self._engine.connect() as connection:
            while not closing or bulk:
                batch, closing = self._next_batch(bulk, closing=closing)
                if batch and since_bulk < COMMITS_BETWEEN_CHUNKS:
                    self._commit(connection, batch, deque())
                    since_bulk += 1
                elif batch or bulk:
                    self._commit(connection, batch, bulk)
                    since_bulk = 0

    def _checkpoint(self) -> None:
        """Bring the log into the database while others write; PASSIVE waits for nobody, and nobody for it."""
        log = self.path.with_name(f"{self.path.name}-wal")
        with self._engine.connect() as connection:
            driver: Any = connection.connection.driver_connection
            while not self._closing.wait(CHECKPOINT_S):
                if log.exists() and log.stat().st_size > CHECKPOINT_BYTES:
                    driver.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()

    def _next_batch(self, bulk: deque[_Work], *, closing: bool) -> tuple[list[_Work], bool]:
        """Up to 64 waiting actions; blocks only while there is nothing at all to do."""
        batch: list[_Work] = []
        while len(batch) < ACTIONS_A_COMMIT:
            try:
                work = self._queue.get(block=not batch and not bulk and not closing)
            except Empty:
                break
            if work is None:
                closing = True
            elif work.bulk:
                bulk.append(work)
            else:
                batch.append(work)
        return batch, closing

    def _commit(self, connection: sa.Connection, batch: list[_Work], bulk: deque[_Work]) -> None:
        driver: Any = connection.connection.driver_connection
        works = [work for work in batch if work.begins()]
        self._be_durable(driver, bool(batch))
        try:
            driver.execute("BEGIN IMMEDIATE")
            for work in works:
                self._attempt(driver, connection, work)
            started = time.monotonic()
            while bulk:
                chunk = bulk.popleft()
                if not chunk.begins():
                    continue
                works.append(chunk)
                self._attempt(driver, connection, chunk)
                if batch or not self._queue.empty() or time.monotonic() - started > BULK_COMMIT_S:
                    break
            driver.execute("COMMIT")
        except BaseException as error:  # noqa: BLE001 - whatever stopped the commit, those who wait must hear of it
            if driver.in_transaction:
                driver.execute("ROLLBACK")
            for work in works:
                work.error = work.error or error
        _answer(works)
        if self.on_told is not None and any(
            work.tx is not None and work.tx.told and work.error is None for work in works
        ):
            self.on_told()

    def _be_durable(self, driver: sqlite3.Connection, is_durable: bool) -> None:
        """Whether the next commit waits for the disk. Chunks alone do not: if the machine loses its power the newest are gone
        with their steps, and the job goes on before them. Its end is no chunk: it waits, and so for all that came before.
        """
        if is_durable != self._is_durable:
            driver.execute(f"PRAGMA synchronous={'FULL' if is_durable else 'NORMAL'}")
            self._is_durable = is_durable

    def _attempt(self, driver: sqlite3.Connection, connection: sa.Connection, work: _Work) -> None:
        driver.execute("SAVEPOINT a")
        tx = Tx(connection, clock=self._clock, new_id=self._new_id)
        try:
            work.result = work.call(tx)
            work.tx = tx
        except BaseException as error:  # noqa: BLE001 - it is handed to whoever asked for the action
            work.error = error
            driver.execute("ROLLBACK TO a")
        driver.execute("RELEASE a")


def _answer(works: list[_Work]) -> None:
    """Tell everyone who waited; one wake-up of an event loop for all of its waiters."""
    by_loop: dict[asyncio.AbstractEventLoop, list[_Work]] = {}
    for work in works:
        if work.tx is not None and work.error is None:
            work.tx.committed()
        if work.loop is None:
            work.done(work.result, work.error)
        else:
            by_loop.setdefault(work.loop, []).append(work)
    for loop, waiting in by_loop.items():
        if not loop.is_closed():
            loop.call_soon_threadsafe(_finish, waiting)


def _finish(works: list[_Work]) -> None:
    for work in works:
        work.done(work.result, work.error)


def _engine(path: Path, *, read_only: bool) -> sa.Engine:
    def create() -> sqlite3.Connection:
        mode = "ro" if read_only else "rwc"
        connection = sqlite3.connect(
            f"{path.resolve().as_uri()}?mode={mode}",
            uri=True,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=512,
            timeout=30,
        )
        if not read_only:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=FULL")
            connection.execute("PRAGMA foreign_keys=ON")
            connection.execute(f"PRAGMA wal_autocheckpoint={MOST_LOG_PAGES}")
            connection.execute(f"PRAGMA journal_size_limit={8 * CHECKPOINT_BYTES}")
        # Readers are several, and the system holds what they read often.
        connection.execute(f"PRAGMA cache_size={-16384 if read_only else -49152}")
        connection.execute("PRAGMA temp_store=MEMORY")
        return connection

    return sa.create_engine("sqlite://", creator=create, poolclass=NullPool, isolation_level="AUTOCOMMIT")

"""The rows of a backup: read in one snapshot of either database, written into an empty one of either."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec
import sqlalchemy as sa

from karat.model.ids import RealClock, new_id
from karat.model.problem import Problem, Refused
from karat.server.database.lock import alone
from karat.server.database.postgresql import PostgresDatabase
from karat.server.database.sqlite import SqliteDatabase
from karat.server.migrations import HEAD, current, downgrade, upgrade
from karat.server.settings import Settings
from karat.server.tables import metadata

PART_BYTES = 8_000_000
ROWS_AT_ONCE = 2_000
# Machines that are alive and requests of the last day: neither means anything in a restored installation.
LEFT_OUT = frozenset({"idempotency"})
# The numbers of transactions belong to one PostgreSQL server. Restored events are older than any that comes, so theirs is
# 0; who reads events begins a little earlier, since repeats do no harm and a gap would.
REPEATED_EVENTS = 1_000
MOVED: dict[str, dict[str, Callable[[object], object]]] = {
    "events": {"xid": lambda _: 0},
    "cursors": {
        "xid": lambda _: 0,
        "seq": lambda seq: max(0, int(str(seq)) - REPEATED_EVENTS),
        "until": lambda _: "",
    },
}


@dataclass(frozen=True)
class Rows:
    """One snapshot: its connection and what there is to read."""

    connection: sa.Connection
    step: str
    columns: dict[str, list[str]]


@contextmanager
def snapshot(settings: Settings) -> Iterator[Rows]:
    """The database as it is at this moment, however long it is read and whatever is written meanwhile."""
    database = _open(settings)
    try:
        with database.engine().connect() as connection:
            if settings.is_sqlite:
                connection.exec_driver_sql("BEGIN")
            else:
                connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            step = current(connection) or HEAD
            columns = {
                str(t.name): [str(c.name) for c in t.columns] for t in metadata.sorted_tables if t.name not in LEFT_OUT
            }
            yield Rows(connection, step, columns)
            connection.exec_driver_sql("ROLLBACK")
    finally:
        database.close()


def row_parts(rows: Rows, table: str) -> Iterator[tuple[bytes, int]]:
    """The rows of a table as lines of JSON, in parts of a few megabytes, each with its count."""
    statement = sa.select(metadata.tables[table]).execution_options(yield_per=ROWS_AT_ONCE)
    encode, lines, size = msgspec.json.Encoder().encode, list[bytes](), 0
    for row in rows.connection.execute(statement):
        lines.append(encode(tuple(row)))
        size += len(lines[-1])
        if size > PART_BYTES:
            yield b"\n".join(lines) + b"\n", len(lines)
            lines, size = [], 0
    if lines:
        yield b"\n".join(lines) + b"\n", len(lines)


def load(
    settings: Settings, *, step: str, columns: dict[str, list[str]], chunks: Iterable[tuple[str, bytes]], replace: bool
) -> None:
    """Fill a database at the step of the backup, bring it up to date, and only then put it in place."""
    if settings.is_sqlite:
        _load_sqlite(settings, step, columns, chunks, replace=replace)
    else:
        _load_postgres(settings, step, columns, chunks, replace=replace)


def _load_sqlite(
    settings: Settings, step: str, columns: dict[str, list[str]], chunks: Iterable[tuple[str, bytes]], *, replace: bool
) -> None:
    path, new = settings.data / "karat.db", settings.data / "karat.restored.db"
    settings.data.mkdir(parents=True, exist_ok=True)
    with alone(settings.data, is_sqlite=True):
        if path.exists() and not replace and _has_people(settings):
            raise occupied(str(settings.data))
        for old in _files(new):
            old.unlink(missing_ok=True)
        database = SqliteDatabase(new, clock=RealClock(), new_id=new_id)
        try:
            upgrade(database.engine(), to=step)
            with database.engine().connect() as connection:
                connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
                connection.exec_driver_sql("BEGIN IMMEDIATE")
                _insert(connection, columns, chunks)
                connection.exec_driver_sql("COMMIT")
            upgrade(database.engine())
            with database.engine().connect() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            database.close()
        for old in _files(path):
            old.unlink(missing_ok=True)
        new.replace(path)
        # The job library's own memory is of what was replaced; it begins again from the jobs in the database.
        for old in _files(settings.data / "jobs.db"):
            old.unlink(missing_ok=True)


def _load_postgres(
    settings: Settings, step: str, columns: dict[str, list[str]], chunks: Iterable[tuple[str, bytes]], *, replace: bool
) -> None:
    database = _open(settings)
    try:
        if _has_people(settings):
            if not replace:
                raise occupied("the database")
            _refuse_company(database.engine())
            downgrade(database.engine())
        upgrade(database.engine(), to=step)
        with database.engine().begin() as connection:
            _insert(connection, columns, chunks)
            _move_sequences(connection)
        upgrade(database.engine())
    finally:
        database.close()


def _refuse_company(engine: sa.Engine) -> None:
    """Nobody else may be connected while tables are replaced."""
    others = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    with engine.connect() as connection:
        count = connection.execute(sa.text(others)).scalar()
    if count:
        problem = Problem(
            "database", f"{count} other connections", "none", "Stop every server and tool that uses the database."
        )
        raise Refused([problem], status=409, title="The database is in use")


def occupied(where: str) -> Refused:
    """409: something is there already."""
    problem = Problem(
        "data", f"{where} holds an installation", "an empty one", "Restore elsewhere, or overwrite it with --replace."
    )
    return Refused([problem], status=409, title="There is an installation already")


def _insert(connection: sa.Connection, columns: dict[str, list[str]], chunks: Iterable[tuple[str, bytes]]) -> None:
    described = sa.MetaData()
    described.reflect(connection)
    for table, lines in chunks:
        target, names = described.tables[table], columns[table]
        # Columns are named by the backup: a step that came later fills its new ones itself.
        insert = sa.insert(target).values({name: sa.bindparam(name) for name in names})
        moved = MOVED.get(table, {})
        rows = [_moved(dict(zip(names, msgspec.json.decode(line), strict=True)), moved) for line in lines.splitlines()]
        for start in range(0, len(rows), ROWS_AT_ONCE):
            connection.execute(insert, rows[start : start + ROWS_AT_ONCE])


def _moved(row: dict[str, object], moved: Mapping[str, Callable[[object], object]]) -> dict[str, object]:
    return {**row, **{name: change(row[name]) for name, change in moved.items() if name in row}}


def _move_sequences(connection: sa.Connection) -> None:
    """New rows go on behind the restored ones."""
    for table in metadata.sorted_tables:
        for column in table.primary_key.columns:
            sequence = connection.execute(
                sa.text("SELECT pg_get_serial_sequence(:table, :column)"), {"table": table.name, "column": column.name}
            ).scalar()
            if sequence:
                largest = sa.select(sa.func.coalesce(sa.func.max(column), 0) + 1)
                connection.execute(sa.select(sa.func.setval(sequence, largest.scalar_subquery(), False)))


def _has_people(settings: Settings) -> bool:
    database = _open(settings)
    try:
        with database.engine().connect() as connection:
            has_table = sa.inspect(connection).has_table("logins")
            return has_table and connection.execute(sa.text("SELECT 1 FROM logins LIMIT 1")).first() is not None
    finally:
        database.close()


def _files(path: Path) -> list[Path]:
    return [path, path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")]


def _open(settings: Settings) -> SqliteDatabase | PostgresDatabase:
    if settings.is_sqlite:
        return SqliteDatabase(settings.data / "karat.db", clock=RealClock(), new_id=new_id)
    return PostgresDatabase(settings.database, clock=RealClock(), new_id=new_id)

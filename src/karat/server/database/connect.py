"""Opens the database that the settings name and brings its tables up to date."""

from collections.abc import Callable

from karat.model.ids import Clock, RealClock, new_id
from karat.server.database.base import Database
from karat.server.database.postgresql import PostgresDatabase
from karat.server.database.sqlite import SqliteDatabase
from karat.server.migrations import upgrade
from karat.server.settings import Settings


def connect(settings: Settings, *, clock: Clock | None = None, ids: Callable[[], str] = new_id) -> Database:
    """The database, with every table that this version needs."""
    clock = clock or RealClock()
    database: Database = (
        SqliteDatabase(settings.data / "karat.db", clock=clock, new_id=ids, read_threads=settings.read_threads)
        if settings.is_sqlite
        else PostgresDatabase(settings.database, clock=clock, new_id=ids)
    )
    try:
        upgrade(database.engine())
    except BaseException:
        database.close()
        raise
    database.start()
    return database

"""Opens the database for a process that only reads it: nothing is brought up to date, and the writer is not started."""

from karat.model.ids import RealClock, new_id
from karat.server.database.base import Database
from karat.server.database.postgresql import PostgresDatabase
from karat.server.database.sqlite import SqliteDatabase
from karat.server.settings import Settings


def open_for_reading(settings: Settings) -> Database:
    """The database as it is."""
    if settings.is_sqlite:
        return SqliteDatabase(settings.data / "karat.db", clock=RealClock(), new_id=new_id, read_threads=1)
    return PostgresDatabase(settings.database, clock=RealClock(), new_id=new_id, threads=1)

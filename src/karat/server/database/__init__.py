"""One way to write and one way to read, on SQLite and on PostgreSQL."""

from karat.server.database.base import Database, Tx, named
from karat.server.database.connect import connect

__all__ = ["Database", "Tx", "connect", "named"]

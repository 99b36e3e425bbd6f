"""Brings a database to this version's tables, step by step; a database of a newer version is left alone."""

from pathlib import Path

import sqlalchemy as sa

HEAD = "0001"
"""The newest step. Reading it here lets a start with nothing to do skip the migration library (0.4 s)."""
FOLDER = Path(__file__).parent
LOCK = 0x6B61726174  # "karat": two processes that start at once on one PostgreSQL wait for each other


class NewerDatabaseError(Exception):
    """The database was written by a newer Karat: this one would not understand its rows."""


def upgrade(engine: sa.Engine, *, to: str = HEAD) -> None:
    """Bring the tables up to date; a new database gets all of them."""
    with engine.connect() as connection:
        now = current(connection)
        connection.rollback()
    if now == to:
        return
    if now is not None and now not in steps():
        raise NewerDatabaseError(
            f"This database is at step {now}, which this Karat does not know ({HEAD} is its newest): it was used by a newer"
            " Karat. Install that version again, or restore a backup from before the update."
        )
    _run(engine, to, is_down=False)


def downgrade(engine: sa.Engine, *, to: str = "base") -> None:
    """Take steps back; `base` removes every table."""
    _run(engine, to, is_down=True)


def current(connection: sa.Connection) -> str | None:
    """The step that a database is at; None where no step was taken."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()
    return None if found is None else str(found)


def steps() -> set[str]:
    """Every step that this version knows."""
    return {path.name.partition("_")[0] for path in (FOLDER / "versions").glob("[0-9]*.py")}


def _run(engine: sa.Engine, to: str, *, is_down: bool) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("path_separator", "os")
    with engine.connect() as connection:
        is_sqlite = connection.dialect.name == "sqlite"
        # The SQLite engine commits by itself: without a transaction of our own a step that fails would stay half done.
        connection.execute(sa.text("BEGIN IMMEDIATE" if is_sqlite else f"SELECT pg_advisory_xact_lock({LOCK})"))
        config.attributes["connection"] = connection
        try:
            (command.downgrade if is_down else command.upgrade)(config, to)
        except BaseException:
            connection.execute(sa.text("ROLLBACK")) if is_sqlite else connection.rollback()
            raise
        connection.execute(sa.text("COMMIT")) if is_sqlite else connection.commit()

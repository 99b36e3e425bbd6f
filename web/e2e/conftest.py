"""A real server, a real Chrome, and three people signed in: what every browser test starts from."""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from karat.testing.server import Server, serve
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from karat.sdk import Client

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # The product works offline: whatever is not on this machine does not exist.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
SIZE = {"width": 1440, "height": 900}


@dataclass
class Person:
    """Somebody with a browser of their own."""

    name: str
    context: BrowserContext
    page: Page
    client: Client


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The Chrome that `make test` found."""
    path = os.environ.get("KARAT_CHROME") or shutil.which("chromium") or shutil.which("google-chrome")
    if path is None:
        pytest.fail("no Chrome was found; set KARAT_CHROME to one, or run `make test`, which finds or installs it")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, headless=True, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server on an empty data folder, for the tests of one file."""
    with serve(tmp_path_factory.mktemp("karat")) as running:
        yield running


@pytest.fixture
def pictures(request: pytest.FixtureRequest) -> Callable[[Page, str], None]:
    """Keeps a screenshot in $KARAT_SCREENSHOTS, if that is set: to be looked at by people."""
    folder = os.environ.get("KARAT_SCREENSHOTS")

    def keep(page: Page, name: str) -> None:
        if folder:
            Path(folder).mkdir(parents=True, exist_ok=True)
            page.screenshot(path=str(Path(folder) / f"{name}.png"))

    return keep

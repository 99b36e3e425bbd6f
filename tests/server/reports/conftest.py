"""Items with known answers, and waiting for what follows them."""

import time

import pytest

from karat.testing.items import fill_items
from tests.server.items.conftest import SCHEMA, TEXTS, Shelf


@pytest.fixture
def pair(team) -> Shelf:
    """Seven items that want two answers each."""
    project = team.project(SCHEMA, overlap=2)
    return Shelf(team, project, fill_items(team.server.db, project, TEXTS))


@pytest.fixture
def until():
    """Ask until the answer is as wanted, for at most ten seconds; then give the last answer."""

    def wait(ask, wanted, *, seconds=10.0):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            found = ask()
            if wanted(found):
                return found
            time.sleep(0.05)
        return ask()

    return wait

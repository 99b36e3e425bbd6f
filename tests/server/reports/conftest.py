"""Items with known answers, and waiting for what follows them."""

import pytest

from karat.testing.items import fill_items
from tests.server.items.conftest import SCHEMA, TEXTS, Shelf


@pytest.fixture
def pair(team) -> Shelf:
    """Seven items that want two answers each."""
    project = team.project(SCHEMA, overlap=2)
    return Shelf(team, project, fill_items(team.server.db, project, TEXTS))

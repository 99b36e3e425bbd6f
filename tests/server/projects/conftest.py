"""Projects with items."""

import pytest

from karat.testing.items import fill_items
from tests.server.items.conftest import SCHEMA, TEXTS, Shelf


@pytest.fixture
def shelf(team) -> Shelf:
    """Seven items without answers; overlap is 3."""
    project = team.project(SCHEMA, overlap=3)
    return Shelf(team, project, fill_items(team.server.db, project, TEXTS))

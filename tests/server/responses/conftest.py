"""Projects under labeling."""

from collections.abc import Callable

import pytest

from karat.server.access import Actor
from karat.testing.labeling import Work


@pytest.fixture
def work(team) -> Callable[..., Work]:
    """`work(items=3, overlap=2, people=2)`: a project with items, and annotators who are actors."""

    def make(*, items: int = 3, people: int = 1, **project: object) -> Work:
        persons = [team.annotator, *(team.another(name=f"Annotator{n}") for n in range(1, people))]
        made = Work(
            team.server.db,
            team.project(**project),
            [Actor(p.login, p.id, p.name, p.email) for p in persons],
            Actor(team.manager.login, team.manager.id, team.manager.name, team.manager.email),
            team.server.clock,
        )
        made.add(items)
        return made

    return make

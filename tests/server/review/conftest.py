"""Projects whose answers wait for review."""

import pytest

from tests.server.review.judging import POLICY


@pytest.fixture
def reviewed(work):
    """A project with one answer waiting for review."""

    def make(policy=POLICY, *, items=1, people=1, values=("cards",)):
        place = work(items=items, people=people, policy=policy)
        for person, value in zip(place.people, values, strict=True):
            for task in place.claim(person, items):
                place.submit(person, task, value)
        return place

    return make

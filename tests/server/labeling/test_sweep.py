"""What goes on by itself while the server runs."""

import time

import pytest

from karat.server.labeling import sweep


@pytest.fixture
def soon(monkeypatch):
    """Let the server that starts after this sweep at once."""
    monkeypatch.setattr(sweep, "EVERY_S", 0.05)


def test_claims_that_ran_out_are_taken_back_by_themselves(soon, work):
    place = work(items=1, people=2)
    place.claim(place.people[0])
    place.clock.move(minutes=21)

    until = time.monotonic() + 10
    while place.one("SELECT count(*) FROM queue") == 0 and time.monotonic() < until:
        time.sleep(0.02)

    assert place.one("SELECT count(*) FROM queue") == 1

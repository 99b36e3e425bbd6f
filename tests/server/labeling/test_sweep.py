"""What goes on by itself while the server runs."""

import time

from karat.server.labeling import sweep


def test_claims_that_ran_out_are_taken_back_by_themselves(monkeypatch, request):
    monkeypatch.setattr(sweep, "EVERY_S", 0.05)
    place = request.getfixturevalue("work")(items=1, people=2)
    place.claim(place.people[0])
    place.clock.move(minutes=21)

    until = time.monotonic() + 10
    while place.one("SELECT count(*) FROM queue") == 0 and time.monotonic() < until:
        time.sleep(0.02)

    assert place.one("SELECT count(*) FROM queue") == 1

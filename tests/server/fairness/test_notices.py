"""Whom a board waits for is told, once; and that a board can no longer sign is told to those who can mend it."""

import msgspec

from karat.server.fairness.watching import tell_board, untold
from karat.server.notices import following
from karat.server.notices.schemas import NoticeName
from karat.server.notices.sending import WORDS
from tests.server.fairness.reporting import report
from tests.server.fairness.test_board import gate, members, name_board, say, settled


def look(place):
    """What the server does every two seconds, and what follows from it."""
    for project in place.db.read_now(untold):
        place.db.write_now(tell_board, project)
    place.db.write_now(lambda tx: tx.run("UPDATE cursors SET until = '' WHERE name = 'notices'"))
    while place.db.write_now(following.follow, "tests"):
        pass


def told(person):
    """What of boards somebody is told, the oldest first."""
    return [one["name"] for one in person.get("/notices").json()["items"] if one["name"].startswith("board")][::-1]


def test_those_who_are_asked_and_those_who_wait_are_told_once(work, team, until):
    place = work(items=2)
    [annotator] = place.people
    hook = {"url": "http://127.0.0.1:9/x", "events": ["board.asked", "board.blocked", "board.opened"]}
    team.owner.post(f"/workspaces/{team.workspace}/webhooks", json=hook)
    name_board(team, place.project)
    for task in place.claim(annotator, 2):
        place.submit(annotator, task)
    settled(place, until, 2)

    look(place), look(place)
    assert [told(person) for person in (team.owner, team.manager, team.reviewer, team.annotator)] == [
        ["board-blocked"],
        ["board-blocked"],
        ["board-blocked"],
        [],
    ], "there is no report that anybody could sign"
    report(place)
    say(team.manager, place.project)
    look(place), look(place)
    assert told(team.reviewer) == ["board-blocked", "board-asked"]
    assert told(team.manager) == ["board-blocked"], "whoever has signed is not asked"
    say(team.reviewer, place.project)
    look(place), look(place)
    assert told(team.owner) == ["board-blocked", "board-opened"]
    sent = place.rows("SELECT name FROM deliveries ORDER BY n")
    assert sent == [("board.blocked",), ("board.asked",), ("board.opened",)]
    assert place.db.read_now(untold) == []


def test_a_board_that_can_no_longer_sign_is_told_plainly(work, team):
    place = work(items=1)
    ids = members(team)
    name_board(team, place.project)
    report(place)
    assert gate(team, place.project)["short"] == 0
    team.owner.patch(f"/workspaces/{team.workspace}/members/{ids['manager']}", json={"role": "annotator"})

    page = gate(team, place.project)
    assert (page["short"], [one["lacks"] for one in page["members"]]) == (1, ["role", None])
    look(place), look(place)
    assert told(team.owner).count("board-short") == 1
    team.owner.patch(f"/workspaces/{team.workspace}/members/{ids['manager']}", json={"active": False})
    assert [one["lacks"] for one in gate(team, place.project)["members"]] == ["membership", None]
    named = {"members": [ids["owner"], ids["reviewer"]]}
    team.owner.put(f"/projects/{place.project}/fairness/board", json={"board": named})
    look(place)
    assert (gate(team, place.project)["short"], told(team.owner)) == (0, ["board-short", "board-asked"])


def test_every_notice_has_its_words_in_a_letter():
    assert {name for name in msgspec.inspect.type_info(NoticeName).values if name not in WORDS} == set()

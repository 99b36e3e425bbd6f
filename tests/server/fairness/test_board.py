"""The board: nothing is accepted until two of it have spoken, and everything that waited is, by itself, once they have."""

from tests.server.fairness.reporting import report

REASON = "Night pictures are rarer, and were looked at twice."


def members(team):
    listed = team.owner.get(f"/workspaces/{team.workspace}/members").json()
    return {one["role"]: one["id"] for one in listed}


def name_board(team, project, **more):
    ids = members(team)
    board = {"members": [ids["reviewer"], ids["manager"]], **more}
    return team.owner.put(f"/projects/{project}/fairness/board", json={"board": board})


def gate(team, project):
    return team.reviewer.get(f"/projects/{project}/fairness").json()["gate"]


def say(person, project, did="signed", reason=""):
    newest = person.get(f"/projects/{project}/fairness").json()["report"]["id"]
    return person.post(f"/projects/{project}/fairness/votes", json={"report": newest, "did": did, "reason": reason})


def settled(place, until, n):
    """Wait until every answer was compared, so that whatever could be accepted is."""
    return until(lambda: place.one("SELECT count(*) FROM consensus"), lambda found: found == n)


def test_items_wait_for_the_board_and_are_accepted_once_it_has_spoken(work, team, until):
    place = work(items=3)
    [annotator] = place.people
    assert name_board(team, place.project).status_code == 200
    tasks = place.claim(annotator, 3)
    for task in tasks:
        place.submit(annotator, task)
    chosen = {"response": tasks[0].response.id, "revision": 1}
    decided = team.manager.post(f"/items/{tasks[0].item.id}/resolve", json=chosen).json()
    assert settled(place, until, 3) == 3

    assert decided["state"] == "labeled", "the choice is kept, and waits"
    assert (gate(team, place.project)["state"], gate(team, place.project)["waiting"]) == ("no_report", 3)
    report(place)
    assert gate(team, place.project)["state"] == "unsigned"
    assert say(team.owner, place.project).status_code == 409, "an owner is no member of it"
    assert say(team.reviewer, place.project).status_code == 201
    assert say(team.reviewer, place.project).status_code == 409, "once each"
    assert say(team.manager, place.project, "waived").status_code == 422, "with a reason"
    assert place.one("SELECT count(*) FROM items WHERE state = 'done'") == 0
    assert say(team.manager, place.project, "waived", REASON).json()["gate"]["state"] == "open"

    done = until(lambda: place.one("SELECT count(*) FROM items WHERE state = 'done'"), lambda n: n == 3)
    assert done == 3
    place.check()
    said = gate(team, place.project)["votes"]
    assert [(one["did"], one["by"]["name"], one["reason"]) for one in said] == [
        ("waived", "Manager", REASON),
        ("signed", "Reviewer", ""),
    ]
    undo = team.manager.delete(f"/fairness/votes/{said[0]['id']}")
    assert (undo.status_code, undo.json()["title"]) == (409, "It was used already")
    names = [row[0] for row in place.rows("SELECT name FROM audit WHERE name LIKE 'board.%' ORDER BY seq")]
    assert names == ["board.changed", "board.signed", "board.waived"]


def test_a_signature_holds_until_too_much_came_since_and_a_new_report_is_signed(work, team, until):
    place = work(items=12)
    [annotator] = place.people
    name_board(team, place.project, most_new=0.2)
    for task in place.claim(annotator, 10):
        place.submit(annotator, task)
    report(place)
    say(team.reviewer, place.project), say(team.manager, place.project)
    until(lambda: place.one("SELECT count(*) FROM items WHERE state = 'done'"), lambda n: n == 10)
    assert gate(team, place.project)["upto"] == 12

    place.add(2)
    for task in place.claim(annotator, 4):
        place.submit(annotator, task)
    settled(place, until, 14)

    assert gate(team, place.project)["state"] == "outgrown"
    # Of the last four, the two that came while the signature held may be accepted; what came after waits.
    assert gate(team, place.project)["waiting"] >= 2
    report(place)
    assert gate(team, place.project)["state"] == "outgrown", "the new report says the same, and is not signed"
    say(team.reviewer, place.project), say(team.manager, place.project)
    done = until(lambda: place.one("SELECT count(*) FROM items WHERE state = 'done'"), lambda n: n == 14)
    assert (done, gate(team, place.project)["state"]) == (14, "open")


def test_a_word_is_taken_back_while_nothing_was_accepted_by_it(work, team):
    place = work(items=1)
    name_board(team, place.project)
    report(place)
    say(team.reviewer, place.project)
    (said,) = gate(team, place.project)["votes"]
    vote = f"/fairness/votes/{said['id']}"

    assert team.manager.delete(vote).status_code == 404, "it is nobody else's to take back"
    assert team.reviewer.delete(vote).status_code == 204
    assert team.reviewer.delete(vote).status_code == 204, "harmless twice"
    assert gate(team, place.project)["votes"][0]["undone_at"]
    assert say(team.manager, place.project).json()["gate"]["state"] == "unsigned", "one of two"
    assert say(team.reviewer, place.project).json()["gate"]["state"] == "open"


def test_what_was_accepted_stays_and_without_a_board_nothing_waits(work, team, until):
    place = work(items=2)
    [annotator] = place.people
    first, second = place.claim(annotator, 2)
    place.submit(annotator, first)
    until(lambda: place.state(first.item.id), lambda state: state == "done")

    name_board(team, place.project)
    place.submit(annotator, second)
    settled(place, until, 2)

    assert (place.state(first.item.id), place.state(second.item.id)) == ("done", "labeled")
    off = team.owner.put(f"/projects/{place.project}/fairness/board", json={"board": None})
    assert off.json()["gate"]["state"] == "off"
    assert until(lambda: place.state(second.item.id), lambda state: state == "done") == "done"
    place.check()


WRONG = [
    ({"members": ["reviewer"], "quorum": 1}, "board.quorum"),
    ({"members": ["reviewer", "manager"], "quorum": 3}, "board.quorum"),
    ({"members": ["reviewer", "reviewer"], "quorum": 2}, "board.quorum"),
    ({"members": ["reviewer", "annotator"], "quorum": 2}, "board.members[1]"),
    ({"members": ["reviewer", "manager"], "most_new": 2.0}, "board.most_new"),
]


def test_a_board_is_at_least_two_people_who_may_review_and_only_an_owner_names_it(team):
    ids, at = members(team), f"/projects/{team.project()}/fairness/board"

    given = [{**board, "members": [ids[role] for role in board["members"]]} for board, _ in WRONG]
    refused = [team.owner.put(at, json={"board": board}) for board in given]

    assert [(one.status_code, one.json()["problems"][0]["path"]) for one in refused] == [
        (422, path) for _, path in WRONG
    ]
    assert team.manager.put(at, json={"board": None}).status_code == 403

"""Taking back what was handed in: the newest revision, by who made it."""

from msgspec import json

from tests.server.labeling.test_submit import body_of, path_of


def test_an_undone_submit_is_a_draft_again_and_keeps_its_place(work, team):
    place = work(items=1, people=2)
    ada, ben = place.people
    [task] = place.claim(ada)
    place.submit(ada, task, "loans")

    undone = team.annotator.delete(path_of(task))

    assert undone.status_code == 200, undone.text
    assert undone.json()["draft"]["annotations"][0]["value"] == "loans"
    assert undone.json()["next_revision"] == 2
    assert undone.json()["assignment"]["id"] == task.assignment.id
    assert place.claim(ben) == []
    assert place.state(task.item.id) == "open"
    place.check()


def test_undoing_a_correction_brings_the_answer_before_back_byte_for_byte(work, team):
    place = work(items=1, overlap=2)
    [task] = place.claim(place.people[0])
    team.annotator.put(path_of(task), json=body_of(task))
    before = team.annotator.get(f"/responses/{task.response.id}").content
    team.annotator.put(path_of(task, 2), json=body_of(task, "loans"))

    team.annotator.delete(path_of(task, 2))
    after = json.decode(team.annotator.get(f"/responses/{task.response.id}").content)

    assert {k: v for k, v in after.items() if k not in ("at", "active_ms")} == {
        k: v for k, v in json.decode(before).items() if k not in ("at", "active_ms")
    }
    assert team.annotator.put(path_of(task, 3), json=body_of(task, "other")).status_code == 201
    place.check()


def test_a_late_repeat_of_what_was_taken_back_says_so(work, team):
    place = work(items=1)
    [task] = place.claim(place.people[0])
    team.annotator.put(path_of(task), json=body_of(task))
    second = body_of(task, "loans", assignment=None)
    team.annotator.put(path_of(task, 2), json=second)
    team.annotator.delete(path_of(task, 2))

    repeats = [team.annotator.put(path_of(task, n), json=body).json() for n, body in ((1, body_of(task)), (2, second))]
    third = team.annotator.put(path_of(task, 3), json=body_of(task, "other", assignment=None))
    later = [team.annotator.put(path_of(task, n), json=body).json() for n, body in ((1, body_of(task)), (2, second))]

    assert [(r["state"], r["next_revision"]) for r in repeats] == [("submitted", 3), ("withdrawn", 3)]
    assert third.json()["state"] == "submitted"
    assert [(r["state"], r["next_revision"]) for r in later] == [("submitted", 4), ("withdrawn", 4)]
    assert place.one("SELECT count(*) FROM revisions") == 3
    place.check()


def test_only_the_newest_submit_can_be_undone(work, team):
    place = work(items=1, overlap=2)
    [task] = place.claim(place.people[0])
    team.annotator.put(path_of(task), json=body_of(task))
    team.annotator.put(path_of(task, 2), json=body_of(task, "loans"))

    assert team.annotator.delete(path_of(task)).status_code == 409


def test_anothers_answer_cannot_be_undone(work, team):
    place = work(items=1)
    [task] = place.claim(place.people[0])
    place.submit(place.people[0], task)

    assert team.reviewer.delete(path_of(task)).status_code == 404
    assert team.stranger.delete(path_of(task)).status_code == 404

"""The course before the work: practice with hints, a test that says nothing, and only then the queue."""

import pytest

from karat.model.policy import read_policy
from karat.policies import QUEUES
from karat.server.gold.following import Scorer, score_in

COURSE = {"practice": 1, "test": {"good": 0.9, "bad": 0.2, "alpha": 0.12, "beta": 0.1, "most": 4}, "pilot": None}
POLICY = {
    "start": "label",
    "stages": {
        "label": {"do": "label", "overlap": 2, "next": [{"to": "accept"}]},
        "accept": {"do": "resolve", "by": "consensus"},
    },
    "gold": {"rate": 0.0},
    "course": COURSE,
}


@pytest.fixture
def school(work, team):
    """A project with one practice item, four test items, and two to work on."""
    place = work(items=5, policy=POLICY)
    tasks = place.claim(place.manager, 5)
    for task in tasks:
        place.submit(place.manager, task)
    for use, some in (("practice", tasks[:1]), ("test", tasks[1:])):
        body = {
            "use": use,
            "source": "response",
            "items": [
                {"item": t.item.id, "response": t.response.id, "hints": {"topic": "Look at the last word."}}
                for t in some
            ],
        }
        assert len(team.manager.post(f"/projects/{place.project}/gold", json=body).json()["made"]) == len(some)
    place.add(2)
    place.practice = tasks[0].item.id
    n = place.one("SELECT n FROM projects WHERE id = :id", id=place.project)
    place.score = lambda: place.db.write_now(score_in, n, [row[0] for row in place.rows("SELECT item FROM gold")])
    return place


def own(team, place):
    return team.annotator.get(f"/projects/{place.project}/course").json()


def answered(place, value="cards"):
    """Claim one item and answer it; its id."""
    (person,) = place.people
    (task,) = place.claim(person)
    place.submit(person, task, value)
    place.score()
    return task.item.id


def test_practice_gives_hints_and_the_test_opens_the_queue(school, team):
    item = answered(school, "loans")
    told = team.annotator.get(f"/items/{item}/practice").json()

    assert (item, told["right"]) == (school.practice, [])
    assert [(one["field"], one["hint"]) for one in told["fields"]] == [("topic", "Look at the last word.")]
    tested = [answered(school), answered(school)]
    assert team.annotator.get(f"/items/{tested[0]}/practice").status_code == 404
    assert "right" not in own(team, school)
    worked = {answered(school), answered(school)}
    assert own(team, school)["state"] == "working"
    assert not worked & {school.practice, *tested}
    school.check()


def test_a_failed_test_waits_and_a_manager_may_let_one_work(school, team, clock):
    answered(school)
    answered(school, "loans")
    assert school.claim(school.people[0]) == []
    failed = own(team, school)
    assert (failed["state"], failed["tries_left"]) == ("failed", 2)

    clock.move(days=2)
    assert school.claim(school.people[0]) != []
    assert own(team, school)["state"] == "test"
    (row,) = team.reviewer.get(f"/projects/{school.project}/standings").json()
    decide = f"/projects/{school.project}/standings/{row['author']['id']}"
    assert team.reviewer.post(decide, json={"do": "waive"}).status_code == 403
    assert team.manager.post(decide, json={"do": "pause", "reason": "Away"}).status_code == 204
    refused = team.annotator.post(f"/projects/{school.project}/claims", json={})
    assert (refused.status_code, "Away" in refused.text) == (409, True)
    assert [one["did"] for one in team.annotator.get(f"/projects/{school.project}/standing").json()] == ["pause"]
    assert own(team, school)["state"] == "paused"
    assert team.annotator.get(f"/projects/{school.project}/progress").json()["left"] is False
    assert team.manager.post(decide, json={"do": "waive", "reason": "Knows it."}).status_code == 204
    assert own(team, school)["state"] == "working"
    assert school.claim(school.people[0]) != []


async def idle(_):
    return False


def test_where_the_items_of_a_test_run_out_its_last_answers_are_compared_before_more_are_asked_for(
    school, team, monkeypatch
):
    monkeypatch.setattr(Scorer, "step", idle)
    policy = {**POLICY, "course": {**COURSE, "practice": 0, "test": {**COURSE["test"], "alpha": 0.001, "most": 20}}}
    etag = team.manager.get(f"/projects/{school.project}").headers["ETag"]
    changed = team.manager.patch(f"/projects/{school.project}", json={"policy": policy}, headers={"If-Match": etag})
    assert changed.status_code == 200, changed.text
    (ada,) = school.people
    *tasks, last = school.claim(ada, 20)
    for task, value in zip(tasks, ("cards", "loans", "cards"), strict=True):
        school.submit(ada, task, value)
    assert not own(team, school)["waits"]

    school.submit(ada, last, "loans")
    assert (own(team, school)["state"], own(team, school)["waits"]) == ("test", True)
    school.score()
    assert (own(team, school)["state"], own(team, school)["waits"]) == ("test", False)


def test_what_a_course_cannot_be_is_said_with_its_path():
    given = {**POLICY, "gold": {"rate": 2}, "course": {"test": {"good": 0.5, "bad": 0.9}}}

    _, problems = read_policy(given, QUEUES, ("default",))
    assert [one.path for one in problems] == ["gold.rate", "course.test"]

"""Everybody's responses, and leaving one author's out."""

import time

import pytest

from karat.server.items import starting
from karat.server.jobs import actions as jobs
from karat.server.jobs.running import Running
from karat.server.responses import work as exclusion


@pytest.fixture
def answered(work):
    """Two items, two answers each, with nothing to ask any more."""
    place = work(items=2, overlap=2, people=3)
    for person, topic in zip(place.people[:2], ("cards", "loans"), strict=True):
        for task in place.claim(person, 2):
            place.submit(person, task, topic)
    return place


def author_of(place, person):
    return place.one(
        "SELECT a.id FROM authors a JOIN memberships m ON m.author = a.n WHERE m.login = :login", login=person.login
    )


def wait(team, job):
    for _ in range(400):
        state = team.manager.get(f"/jobs/{job}").json()["state"]
        if state in ("done", "failed", "cancelled"):
            return state
        time.sleep(0.05)
    return state


def test_responses_are_listed_page_by_page(answered, team):
    path = f"/projects/{answered.project}/responses"

    first = team.reviewer.get(f"{path}?limit=3").json()
    second = team.reviewer.get(f"{path}?limit=3&cursor={first['next']}").json()

    assert len({row["id"] for row in first["items"] + second["items"]}) == 4
    assert first["items"][0]["author"]["type"] == "person"
    assert first["items"][0]["annotations"][0]["value"] in ("cards", "loans")


def test_responses_are_listed_by_author_item_and_time(answered, team):
    path = f"/projects/{answered.project}/responses"
    author = author_of(answered, answered.people[0])

    by_author = team.reviewer.get(path, params={"author": author}).json()["items"]
    by_item = team.reviewer.get(path, params={"item": answered.items[0]}).json()["items"]
    since = team.reviewer.get(path, params={"since": by_author[0]["at"]}).json()["items"]

    assert {row["author"]["id"] for row in by_author} == {author}
    assert {row["item"] for row in by_item} == {answered.items[0]}
    assert [row["at"] for row in since] == sorted(row["at"] for row in since)


def test_revisions_are_kept(work, team):
    place = work(items=1, overlap=2)
    [task] = place.claim(place.people[0])
    place.submit(place.people[0], task)
    opened = team.annotator.post(f"/projects/{place.project}/items/{task.item.id}/open").json()

    rows = team.annotator.get(f"/responses/{opened['response']['id']}/revisions").json()

    assert [(row["revision"], row["state"], row["cause"]) for row in rows] == [(1, "submitted", "author")]


def test_a_preview_says_what_leaving_somebody_out_comes_to(answered, team):
    author = author_of(answered, answered.people[0])

    preview = team.manager.post(f"/projects/{answered.project}/exclusions/preview", json={"author": author}).json()

    assert (preview["responses"], preview["items"], preview["reopened"]) == (2, 2, 2)
    assert preview["agreement_before"]["value"] == 0
    assert preview["agreement_after"] is None


def test_excluded_answers_leave_every_count_and_open_their_items_again(answered, team):
    ada, _ben, cem = answered.people
    author = author_of(answered, ada)

    done = team.manager.post(f"/projects/{answered.project}/exclusions", json={"author": author, "reason": "careless"})

    assert done.status_code == 200, done.text
    assert done.json()["responses"] == 2
    assert answered.one("SELECT responses FROM projects") == 2
    answered.check()
    assert len(answered.claim(cem, 3)) == 2
    assert answered.claim(ada) == []


def test_an_exclusion_can_be_undone(answered, team):
    author = author_of(answered, answered.people[0])
    done = team.manager.post(f"/projects/{answered.project}/exclusions", json={"author": author, "reason": "careless"})

    undone = team.manager.post(f"/operations/{done.json()['operation']}/undo")

    assert undone.status_code == 202, undone.text
    assert wait(team, undone.json()["job"]) == "done"
    assert answered.one("SELECT responses FROM projects") == 4
    assert answered.one("SELECT count(*) FROM responses WHERE excluded IS NOT NULL") == 0
    answered.check()


def test_an_answer_taken_in_again_after_its_place_was_filled_is_surplus(answered, team):
    ada, _, cem = answered.people
    author = author_of(answered, ada)
    done = team.manager.post(f"/projects/{answered.project}/exclusions", json={"author": author, "reason": "careless"})
    for task in answered.claim(cem, 2):
        answered.submit(cem, task)

    undone = team.manager.post(f"/operations/{done.json()['operation']}/undo")

    assert wait(team, undone.json()["job"]) == "done"
    assert answered.one("SELECT count(*) FROM responses WHERE surplus") == 2
    answered.check()


def test_leaving_out_needs_a_reason_and_an_author_of_the_workspace(answered, team):
    path = f"/projects/{answered.project}/exclusions"
    author = author_of(answered, answered.people[0])

    assert team.manager.post(path, json={"author": author, "reason": " "}).status_code == 422
    assert team.manager.post(path, json={"author": "nobody", "reason": "x"}).status_code == 422
    assert team.reviewer.post(path, json={"author": author, "reason": "x"}).status_code == 403
    assert team.stranger.post(path, json={"author": author, "reason": "x"}).status_code == 404


@pytest.fixture
def many(work):
    """450 answers of one person, each the only one to its item: more than are left out at once."""
    place = work(items=450, overlap=1, people=2)
    ada = place.people[0]
    while tasks := place.claim(ada, 3):
        for task in tasks:
            place.submit(ada, task)
    return place


def exclude(place, team):
    author = author_of(place, place.people[0])
    answer = team.manager.post(f"/projects/{place.project}/exclusions", json={"author": author, "reason": "careless"})
    assert answer.status_code == 202, answer.text
    return answer.json()


def left_out(place):
    return place.one("SELECT count(*) FROM responses WHERE excluded IS NOT NULL")


def test_many_answers_are_left_out_by_a_job_and_taken_in_again(many, team):
    done = exclude(many, team)
    assert (done["responses"], wait(team, done["job"])) == (450, "done")
    assert (left_out(many), many.one("SELECT responses FROM projects")) == (450, 0)
    many.check()

    undone = team.manager.post(f"/operations/{done['operation']}/undo").json()

    assert wait(team, undone["job"]) == "done"
    assert (left_out(many), many.one("SELECT responses FROM projects")) == (0, 450)
    many.check()
    assert team.manager.post(f"/operations/{done['operation']}/undo").status_code == 409
    assert team.manager.post(f"/operations/{undone['id']}/undo").status_code == 409


def test_a_cancelled_exclusion_leaves_every_count_right_and_can_be_undone_or_gone_on_with(many, team, monkeypatch):
    real = Running.progress

    def cancelled_after_a_chunk(running, done, **more):
        if done == exclusion.CHUNK and running.attempt == 1:
            team.server.db.write_now(jobs.cancel, many.manager, running.id)
        real(running, done, **more)

    monkeypatch.setattr(Running, "progress", cancelled_after_a_chunk)
    done = exclude(many, team)

    assert wait(team, done["job"]) == "cancelled"
    assert left_out(many) == exclusion.CHUNK
    many.check()
    told = many.one("SELECT count(*) FROM events WHERE name = 'response.excluded'")
    assert team.manager.post(f"/jobs/{done['job']}/retry").status_code == 202
    assert wait(team, done["job"]) == "done"
    assert (told, left_out(many)) == (1, 450)
    many.check()


def test_an_exclusion_that_is_undone_while_it_runs_leaves_nobody_out(many, team, monkeypatch):
    real, undone = Running.progress, []

    def undone_after_a_chunk(running, done, **more):
        if done == exclusion.CHUNK and not undone:
            operation = many.one("SELECT id FROM operations")
            undone.append(team.server.db.write_now(starting.start_undo, many.manager, operation)[1])
        real(running, done, **more)

    monkeypatch.setattr(Running, "progress", undone_after_a_chunk)
    done = exclude(many, team)
    assert wait(team, done["job"]) == "done"
    team.server.front.app.jobs.submit(undone[0].id, undone[0].attempt)

    assert wait(team, undone[0].id) == "done"
    assert left_out(many) == 0
    many.check()


def test_who_is_left_out_is_listed_until_it_is_undone(answered, team):
    path = f"/projects/{answered.project}/exclusions"
    author = author_of(answered, answered.people[0])
    operation = team.manager.post(path, json={"author": author, "reason": "too fast"}).json()["operation"]

    listed = team.reviewer.get(path).json()
    assert [(row["operation"], row["author"]["id"], row["responses"], row["reason"], row["by"]) for row in listed] == [
        (operation, author, 2, "too fast", "Manager")
    ]
    team.manager.post(f"/operations/{operation}/undo", json={})
    assert team.reviewer.get(path).json() == []
    assert team.annotator.get(path).status_code == 403

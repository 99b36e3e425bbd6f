"""Everybody's responses, and leaving one author's out."""

import time

import pytest


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
        if state in ("done", "failed"):
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

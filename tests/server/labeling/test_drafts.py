"""Unfinished work on the server."""

import pytest

BOX = {"id": "topic", "field": "topic", "kind": "choice", "value": "cards"}


def patch(person, task, seq, *ops, client="a"):
    body = {"client": client, "response": task.response.id, "ops": list(ops)}
    return person.patch(f"/items/{task.item.id}/draft", json=body, headers={"if-match": f'"{seq}"'})


def put(n, **annotation):
    return {"n": n, "op": "put", "annotation": {**BOX, **annotation}}


@pytest.fixture
def held(work):
    place = work(items=1, overlap=2, people=2)
    return place, place.claim(place.people[0])[0]


def test_a_draft_begins_at_zero_and_counts_up(held, team):
    _, task = held

    first = patch(team.annotator, task, 0, put(1))
    second = patch(team.annotator, task, 1, put(2, value="loans"))

    assert (first.status_code, first.json(), first.headers["etag"]) == (200, {"seq": 1}, '"1"')
    assert second.json() == {"seq": 2}
    assert team.annotator.get(f"/items/{task.item.id}/draft").json()["annotations"] == [{**BOX, "value": "loans"}]


def test_the_same_change_sent_twice_is_made_once(held, team):
    _, task = held
    patch(team.annotator, task, 0, put(1))

    again = patch(team.annotator, task, 0, put(1))

    assert (again.status_code, again.json()) == (200, {"seq": 1})


def test_of_changes_sent_again_with_new_ones_only_the_new_are_made(held, team):
    _, task = held
    patch(team.annotator, task, 0, put(1), put(2, id="b"))

    more = patch(team.annotator, task, 1, {"n": 2, "op": "drop", "id": "topic"}, {"n": 3, "op": "drop", "id": "b"})

    assert more.json() == {"seq": 2}
    assert [a["id"] for a in team.annotator.get(f"/items/{task.item.id}/draft").json()["annotations"]] == ["topic"]


def test_a_stale_change_is_refused_with_the_draft_as_it_is(held, team):
    _, task = held
    patch(team.annotator, task, 0, put(1))

    stale = patch(team.annotator, task, 0, put(1, value="loans"), client="other tab")

    assert stale.status_code == 409
    assert stale.headers["content-type"] == "application/problem+json"
    assert stale.json()["draft"]["seq"] == 1
    assert stale.json()["draft"]["annotations"] == [BOX]


def test_a_stale_change_to_a_draft_that_is_gone_says_so(held, team):
    _, task = held
    patch(team.annotator, task, 0, put(1))
    team.annotator.delete(f"/items/{task.item.id}/draft")

    stale = patch(team.annotator, task, 1, put(2))

    assert (stale.status_code, stale.json()["draft"]) == (409, None)


def test_a_change_must_say_which_draft_it_is_of(held, team):
    _, task = held

    answer = team.annotator.patch(
        f"/items/{task.item.id}/draft", json={"client": "a", "response": task.response.id, "ops": []}
    )

    assert answer.status_code == 428


def test_a_draft_knows_which_fields_were_looked_at(held, team):
    _, task = held

    patch(team.annotator, task, 0, {"n": 1, "op": "cover", "field": "topic"})

    assert team.annotator.get(f"/items/{task.item.id}/draft").json()["covers"] == {"topic": None}


def test_the_draft_comes_with_the_item(held, team):
    place, task = held
    patch(team.annotator, task, 0, put(1))

    opened = team.annotator.post(f"/projects/{place.project}/items/{task.item.id}/open").json()

    assert opened["draft"]["annotations"] == [BOX]


def test_handing_in_ends_the_draft(held, team):
    place, task = held
    patch(team.annotator, task, 0, put(1))
    place.submit(place.people[0], task)

    assert team.annotator.get(f"/items/{task.item.id}/draft").status_code == 404


def test_a_draft_is_its_authors_alone(held, team):
    _place, task = held
    patch(team.annotator, task, 0, put(1))

    assert team.reviewer.get(f"/items/{task.item.id}/draft").status_code == 404
    assert team.stranger.get(f"/items/{task.item.id}/draft").status_code == 404


def test_an_annotator_drafts_only_on_items_they_were_given(work, team):
    place = work(items=1, people=2)
    [task] = place.claim(place.people[1])

    assert patch(team.annotator, task, 0, put(1)).status_code == 404


@pytest.mark.parametrize("op", [{"n": 1, "op": "put"}, {"n": 1, "op": "put", "annotation": 3}, {"n": 1, "op": "fly"}])
def test_a_change_that_is_none_is_a_problem(held, team, op):
    _, task = held

    assert patch(team.annotator, task, 0, op).status_code == 422


def test_throwing_a_draft_away_twice_is_harmless(held, team):
    _, task = held

    assert team.annotator.delete(f"/items/{task.item.id}/draft").status_code == 204
    assert team.annotator.delete(f"/items/{task.item.id}/draft").status_code == 204

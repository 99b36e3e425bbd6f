"""Many items at once: each by the rules of one, and what is refused does not hold up the others."""

import pytest
from msgspec import json

from tests.server.labeling.test_submit import body_of, value_of


def entry(task, value="cards", revision=None, **more):
    return {
        "response": task.response.id,
        "revision": revision or task.response.revision,
        "answer": body_of(task, value, **more),
    }


def hand_in(person, place, *entries):
    answer = person.post(f"/projects/{place.project}/submits", json={"responses": list(entries)})
    assert answer.status_code == 200, answer.text
    return answer.json()


def take_back(person, place, *handed):
    body = {"responses": [{"response": response, "revision": revision} for response, revision in handed]}
    answer = person.post(f"/projects/{place.project}/undos", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_good_answers_are_stored_and_bad_ones_are_named_with_what_is_wrong(work, team):
    place = work(items=3)
    first, second, third = place.claim(place.people[0], 3)

    done = hand_in(team.annotator, place, entry(first), entry(second, "nonsense"), entry(third, "loans"))

    assert [r["response"] for r in done["receipts"]] == [first.response.id, third.response.id]
    [refused] = done["refused"]
    assert (refused["response"], refused["status"]) == (second.response.id, 422)
    assert refused["problems"][0]["got"] == '"nonsense"'
    assert value_of(place, third) == "loans"
    draft = team.annotator.get(f"/items/{second.item.id}/draft").json()
    assert draft["annotations"][0]["value"] == "nonsense"
    place.check()


def test_the_whole_again_or_one_of_it_alone_gives_the_same_receipts(work, team):
    place = work(items=2)
    entries = [entry(task) for task in place.claim(place.people[0], 2)]
    first = hand_in(team.annotator, place, *entries)

    again = hand_in(team.annotator, place, *entries)
    [one, _] = entries
    alone = team.annotator.ask(
        "PUT",
        f"/responses/{one['response']}/revisions/1",
        content=json.encode(one["answer"]),
    )

    assert again == first
    assert (alone.status_code, alone.json()) == (200, first["receipts"][0])
    assert place.one("SELECT count(*) FROM revisions") == 2


def test_an_item_that_was_never_given_is_refused_as_one_that_is_not_there(work, team):
    place = work(items=2)
    [task] = place.claim(place.people[0])
    theirs = body_of(task, item=place.items[1], assignment=None)

    done = hand_in(team.annotator, place, {"response": task.item.id, "revision": 1, "answer": theirs}, entry(task))

    assert [r["status"] for r in done["refused"]] == [404]
    assert len(done["receipts"]) == 1


def test_many_are_taken_back_in_one_step_and_are_held_again(work, team):
    place = work(items=3)
    tasks = place.claim(place.people[0], 3)
    hand_in(team.annotator, place, *[entry(task) for task in tasks])
    hand_in(team.annotator, place, entry(tasks[0], "loans", revision=2))

    done = take_back(team.annotator, place, *[(task.response.id, 1) for task in tasks])

    assert [u["response"] for u in done["undone"]] == [task.response.id for task in tasks[1:]]
    assert [u["next_revision"] for u in done["undone"]] == [2, 2]
    assert [r["response"] for r in done["refused"]] == [tasks[0].response.id]
    assert place.one("SELECT count(*) FROM assignments WHERE state = 'claimed'") == 2
    place.check()


def test_a_page_that_is_opened_again_has_what_was_held_first(work, team):
    place = work(items=5)
    before = [task.item.id for task in place.claim(place.people[0], 2)]
    place.clock.move(minutes=10)

    answer = team.annotator.post(f"/projects/{place.project}/claims", json={"count": 4, "held": True})
    tasks = answer.json()["tasks"]
    place.clock.move(minutes=15)
    place.expire()

    assert [task["item"]["id"] for task in tasks] == place.items[:4]
    assert before == place.items[:2]
    assert place.one("SELECT count(*) FROM assignments WHERE state = 'claimed'") == 4
    place.check()


@pytest.mark.parametrize(("role", "expected"), [("annotator", 0), ("reviewer", 2)])
def test_whoever_may_choose_opens_many_and_others_none_of_them(work, team, role, expected):
    place = work(items=2)

    answer = getattr(team, role).post(f"/projects/{place.project}/open", json={"items": place.items})

    assert answer.status_code == 200
    assert len(answer.json()["tasks"]) == expected


@pytest.mark.parametrize("path", ["open", "submits", "undos"])
def test_none_and_more_than_a_hundred_are_refused(work, team, path):
    place = work()
    key = "items" if path == "open" else "responses"

    answer = team.annotator.post(f"/projects/{place.project}/{path}", json={key: []})

    assert answer.status_code == 422
    assert answer.json()["problems"][0]["expected"] == "1 to 100 of them"


def test_what_lies_in_another_project_is_refused(work, team):
    place, other = work(items=1), work(items=1)
    [task] = other.claim(other.people[0])

    done = hand_in(team.annotator, place, entry(task))

    assert [r["status"] for r in done["refused"]] == [404]
    assert done["receipts"] == []

"""Notices, webhooks and presence: who is told of what, and what leaves the house."""

import msgspec
import pytest

from karat.server.notices import following, sending
from tests.server.review.test_reviews import POLICY, claim, judged


@pytest.fixture
def asked(work, team):
    place = work(items=2, people=1, policy=POLICY)
    [task] = place.claim(place.people[0])
    body = {"item": task.item.id, "text": "A card?"}
    return place, task, team.annotator.post(f"/projects/{place.project}/threads", json=body).json()


def names(person):
    return [one["name"] for one in person.get("/notices").json()["items"]]


def test_experts_are_told_of_a_question_and_whoever_asked_of_the_answer(asked, team, until):
    _, _, thread = asked

    assert until(lambda: names(team.reviewer), lambda found: found == ["question"])
    team.reviewer.post(f"/threads/{thread['id']}/messages", json={"text": "Yes."})

    assert until(lambda: names(team.annotator), lambda found: found == ["answer"])
    told = team.annotator.get("/notices").json()["items"][0]
    assert (told["thing"]["id"], told["read_at"]) == (thread["id"], None)
    assert "Yes." not in msgspec.json.encode(told).decode(), "a notice carries no content"
    assert names(team.stranger) == []
    assert team.annotator.get("/notices/unread").json() == {"unread": 1}
    assert team.annotator.post("/notices/read", json={}).json() == {"unread": 0}
    assert team.reviewer.get("/notices/unread").json() == {"unread": 1}


def test_what_is_sent_back_is_told_to_its_author_alone(asked, team, until):
    place, task, _ = asked
    grace = team.another()
    place.submit(place.people[0], task, "cards")
    judged(team.reviewer, claim(team.reviewer, place), "rejected", defects=[{"code": "wrong_label"}])

    assert until(lambda: names(team.annotator), lambda found: "sent-back" in found)
    assert names(grace) == []


def test_an_address_is_told_signed_and_without_content(asked, team, until):
    place, _, thread = asked
    path = f"/workspaces/{team.workspace}/webhooks"
    assert team.manager.post(path, json={"url": "https://example.org", "events": ["*"]}).status_code == 403
    assert team.owner.post(path, json={"url": "ftp://example.org", "events": ["*"]}).status_code == 422
    hook = team.owner.post(path, json={"url": "http://127.0.0.1:9/x", "events": ["thread.changed"]}).json()

    team.annotator.post(f"/threads/{thread['id']}/messages", json={"text": "Please"})

    log = f"{path}/{hook['id']}/deliveries"
    assert until(lambda: team.owner.get(log).json()["items"], lambda found: bool(found) and found[0]["tries"] == 1)
    [delivery] = team.owner.get(log).json()["items"]
    assert (delivery["state"], delivery["status"]) == ("waiting", None)
    assert "open internet" in delivery["error"], "no webhook reaches into the house"
    body = place.one("SELECT body FROM deliveries")
    assert "Please" not in body
    signed = sending.signature(hook["secret"], "2026-01-01T00:00:00.000Z", "id", "{}")
    assert len(signed) == 64
    assert "secret" not in team.owner.get(path).json()[0] or team.owner.get(path).json()[0]["secret"] is None
    assert team.owner.delete(f"{path}/{hook['id']}").status_code == 204


def test_who_else_looks_is_for_experts(asked, team):
    _, task, _ = asked
    path = f"/items/{task.item.id}/here"

    assert team.reviewer.post(path).json() == []
    assert [one["person"]["name"] for one in team.manager.post(path).json()] == ["Reviewer"]
    assert team.annotator.post(path).status_code == 403
    team.server.clock.move(minutes=2)
    assert team.manager.post(path).json() == []


def test_a_day_of_notices_comes_in_one_letter(asked, team):
    place, _, thread = asked
    db = team.server.db
    team.annotator.put("/notices/choices", json={"mail": "daily"})
    for text in ("One", "Two"):
        team.reviewer.post(f"/threads/{thread['id']}/messages", json={"text": text})
    holder = place.one("SELECT coalesce(max(holder), 'x') FROM cursors WHERE name = 'notices'")
    while db.write_now(following.follow, holder):
        pass

    assert not db.read_now(sending.is_mail_due)
    team.server.clock.move(hours=25)

    [letter] = db.write_now(sending.take_letters)
    assert (letter.email, letter.lines) == (team.annotator.email, ["Your question was answered (Topics)."] * 2)
    db.write_now(sending.mailed, letter, "")
    assert not db.read_now(sending.is_mail_due)


def test_an_address_is_tried_stopped_and_told_again(asked, team, until):
    path = f"/workspaces/{team.workspace}/webhooks"
    hook = team.owner.post(path, json={"url": "http://127.0.0.1:9/x", "events": ["*"]}).json()["id"]
    at = f"{path}/{hook}"

    ping = team.owner.post(f"{at}/test").json()
    team.owner.post(f"{at}/test")

    assert (ping["name"], ping["state"], ping["tries"]) == ("ping", "waiting", 0)
    log = until(lambda: team.owner.get(f"{at}/deliveries").json()["items"], lambda found: found[-1]["tries"] == 1)
    assert [one["name"] for one in log] == ["ping", "ping"]
    assert team.owner.patch(at, json={"active": False}).json()["active"] is False
    again = team.owner.post(f"{at}/deliveries/{ping['id']}/retry").json()
    assert (again["state"], again["tries"]) == ("waiting", 0)
    assert not team.server.db.read_now(sending.is_due), "nothing is sent to an address that is switched off"
    assert team.owner.post(f"{at}/test").status_code == 409
    assert team.owner.patch(at, json={"active": True, "events": ["thread.changed"]}).json()["events"] == [
        "thread.changed"
    ]
    assert team.owner.patch(at, json={"events": []}).status_code == 422
    assert team.owner.patch(at, json={"events": ["thread.eaten"]}).status_code == 422
    assert team.owner.post(f"{at}/deliveries/nothing/retry").status_code == 404
    assert "response.submitted" in team.owner.get(f"{path}/events").json()
    assert team.manager.get(f"{path}/events").status_code == 403


def test_whoever_is_in_a_project_is_seen_there_by_experts_alone(asked, team):
    place, task, _ = asked
    path = f"/projects/{place.project}/here"

    assert team.reviewer.post(path, json={"page": "items", "item": task.item.id}).json() == []
    [seen] = team.manager.post(path, json={"page": "home"}).json()
    assert (seen["person"]["name"], seen["page"], seen["item"]) == ("Reviewer", "items", task.item.id)
    assert team.annotator.post(path, json={}).status_code == 403
    assert team.manager.post(path, json={"page": "x" * 50}).status_code == 422
    assert team.manager.post(path, json={"item": "nothing"}).status_code == 404
    team.server.clock.move(minutes=2)
    assert team.manager.post(path, json={}).json() == []

"""Questions, rulings, precedents and appeals: who sees what, and what follows."""

import pytest

from karat.server.rulings import finding
from tests.server.review.test_reviews import POLICY, claim, judged


@pytest.fixture
def asked(work, team):
    """An item of Ada's with a question of hers."""
    place = work(items=2, people=1)
    [ada] = place.people
    [task] = place.claim(ada)
    made = team.annotator.post(f"/projects/{place.project}/threads", json={"item": task.item.id, "text": "A card?"})
    assert made.status_code == 201, made.text
    return place, task, made.json()


def test_annotators_ask_and_see_their_own_without_names(asked, team):
    place, task, thread = asked
    grace = team.another()

    said = team.reviewer.post(f"/threads/{thread['id']}/messages", json={"text": "Look at the back."}).json()

    assert said["state"] == "answered"
    assert said["messages"][1]["author"]["name"] == "Reviewer"
    seen = team.annotator.get(f"/items/{task.item.id}/threads").json()
    assert [m["text"] for m in seen[0]["messages"]] == ["A card?", "Look at the back."]
    assert [m["author"] for m in seen[0]["messages"]][1] is None
    assert grace.get(f"/threads/{thread['id']}").status_code == 404
    assert grace.get(f"/items/{task.item.id}/threads").json() == []
    assert grace.get(f"/projects/{place.project}/threads").json()["items"] == []
    assert grace.post(f"/threads/{thread['id']}/messages", json={"text": "?"}).status_code == 404
    asks = {"item": task.item.id, "text": "Mine?"}
    assert grace.post(f"/projects/{place.project}/threads", json=asks).status_code == 404
    assert team.stranger.get(f"/threads/{thread['id']}").status_code == 404


def test_only_experts_name_people_and_only_such_who_may_read_the_thread(asked, team):
    place, task, thread = asked
    people, said = f"/projects/{place.project}/threads/people", f"/threads/{thread['id']}/messages"
    grace = team.another()
    id_, asker = _author(team, grace), _author(team, team.annotator)

    names = [one["name"] for one in team.reviewer.get(people, params={"thread": thread["id"]}).json()]
    assert {"Manager", "Owner", "Annotator"} <= set(names)
    assert not {"Reviewer", "Grace"} & set(names)
    assert "Annotator" not in [one["name"] for one in team.reviewer.get(people).json()]
    assert team.annotator.get(people, params={"item": task.item.id}).json() == []
    assert team.annotator.post(said, json={"text": "?", "mentions": [asker]}).status_code == 422
    assert team.reviewer.post(said, json={"text": "You too", "mentions": [id_]}).status_code == 422
    assert grace.get(f"/threads/{thread['id']}").status_code == 404


def test_an_annotator_reads_that_somebody_is_named_and_never_who(asked, team):
    _, _, thread = asked
    [asker, boss] = [_author(team, one) for one in (team.annotator, team.manager)]
    text = f"@{{{asker}}}: @{{{boss}}} knows"

    team.reviewer.post(f"/threads/{thread['id']}/messages", json={"text": text, "mentions": [asker, boss]})
    told = team.annotator.get(f"/threads/{thread['id']}").json()["messages"][-1]
    seen = team.manager.get(f"/threads/{thread['id']}").json()["messages"][-1]

    assert (told["text"], told["mentions"]) == ("@{me}: @{someone} knows", [])
    assert (seen["text"], [one["name"] for one in seen["mentions"]]) == (text, ["Annotator", "Manager"])
    ruled = team.reviewer.post(f"/threads/{thread['id']}/ruling", json={"text": f"@{{{boss}}} says a card."}).json()
    assert ruled["text"] == "says a card."


def test_a_ruling_is_a_precedent_for_all_without_names(asked, team):
    place, task, thread = asked
    ruling = {"about": "Prepaid cards", "text": "Prepaid is a card.", "field": "topic", "label": "cards", "shown": True}
    assert team.annotator.post(f"/threads/{thread['id']}/ruling", json=ruling).status_code == 403

    made = team.reviewer.post(f"/threads/{thread['id']}/ruling", json=ruling)

    assert made.status_code == 201, made.text
    assert team.annotator.get(f"/threads/{thread['id']}").json()["state"] == "ruled"
    [told] = team.annotator.get(f"/items/{task.item.id}/precedents?field=topic&label=cards&q=prepaid").json()
    assert (told["text"], told["by"], told["item"]) == ("Prepaid is a card.", None, None)
    assert team.annotator.get(f"/projects/{place.project}/precedents?q=prepaid").json()["items"]
    team.reviewer.delete(f"/precedents/{told['id']}")
    assert team.annotator.get(f"/items/{task.item.id}/precedents?q=prepaid").json() == []


def test_whoever_answers_the_same_item_is_not_told_what_was_ruled_on_it(work, team):
    place = work(items=2, people=2, overlap=2)
    ada, grace = place.people
    [item, other] = [task.item.id for task in place.claim(ada, 2)]
    place.claim(grace, 2)
    thread = team.annotator.post(f"/projects/{place.project}/threads", json={"item": item, "text": "A card?"}).json()
    team.reviewer.post(f"/threads/{thread['id']}/ruling", json={"about": "A card?", "text": "Prepaid is a card."})

    def told(who, of):
        found = place.db.read_now(finding.of_item, who, of, field=None, label=None, q="")
        return [precedent.text for precedent in found]

    assert told(ada, item) == ["Prepaid is a card."], "she asked"
    assert told(grace, item) == []
    assert told(grace, other) == ["Prepaid is a card."]


def test_a_ruling_becomes_text_of_the_guideline(asked, team):
    place, _, thread = asked
    ruling = {"text": "Prepaid is a card."}
    made = team.reviewer.post(f"/threads/{thread['id']}/ruling", json=ruling).json()
    body = {"clause": "prepaid", "title": "Prepaid", "must_read": True}

    written = team.manager.post(f"/precedents/{made['id']}/guideline", json=body)

    assert written.json() == {"version": 1, "clause": "prepaid"}
    guideline = team.annotator.get(f"/projects/{place.project}/guideline").json()
    assert (guideline["clauses"][0]["text"], guideline["to_read"]) == ("Prepaid is a card.", 1)


def test_earlier_items_are_opened_again_and_that_is_undone(asked, team, until):
    place, task, thread = asked
    place.submit(place.people[0], task, "loans")
    assert until(lambda: place.state(task.item.id), lambda state: state == "done")
    made = team.reviewer.post(f"/threads/{thread['id']}/ruling", json={"text": "A card."}).json()
    which = {"ids": [task.item.id]}
    base = f"/precedents/{made['id']}/reopening"

    preview = team.manager.post(f"{base}/preview", json=which).json()
    done = team.manager.post(base, json=which)

    assert (preview["items"], preview["sample"]) == (1, [task.item.id])
    assert (done.status_code, done.json()["items"]) == (200, 1)
    assert place.state(task.item.id) == "open"
    place.check()
    assert team.reviewer.post(base, json=which).status_code == 403
    undone = team.manager.post(f"/operations/{done.json()['operation']}/undo")
    assert undone.status_code == 202, undone.text
    assert until(lambda: place.state(task.item.id), lambda state: state == "done")
    place.check()


def test_an_overturned_rejection_lets_the_answer_count_again(work, team):
    place = work(items=1, people=1, policy=POLICY)
    [ada] = place.people
    [task] = place.claim(ada)
    place.submit(ada, task, "cards")
    judged(team.reviewer, claim(team.reviewer, place), "rejected", defects=[{"code": "wrong_label"}])
    [review] = team.annotator.get(f"/projects/{place.project}/feedback").json()["items"]
    path = f"/projects/{place.project}/appeals"

    made = team.annotator.post(path, json={"review": review["id"], "reason": "It says card on it."}).json()

    assert team.another().post(path, json={"review": review["id"], "reason": "?"}).status_code == 404
    assert team.annotator.post(path, json={"review": review["id"], "reason": "again"}).status_code == 409
    verdict = {"outcome": "overturned", "reason": "Right."}
    assert team.reviewer.post(f"/appeals/{made['id']}/decision", json=verdict).status_code == 403
    assert team.manager.post(f"/appeals/{made['id']}/decision", json=verdict).json()["state"] == "overturned"
    assert place.one("SELECT excluded FROM responses") is None
    [told] = team.annotator.get(path).json()["items"]
    assert (told["outcome"], told["by"]) == ("Right.", None)
    place.check()


def _author(team, person):
    rows = team.server.db.read_now(
        lambda tx: tx.run(
            "SELECT a.id FROM authors a JOIN memberships m ON m.author = a.n WHERE m.login = :n", n=person.login
        )
    )
    return rows[0][0]

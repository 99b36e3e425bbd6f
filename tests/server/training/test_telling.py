"""What people are told of practice, of what they mix up, and of where they stand; and what they are not told."""

import pytest

from karat.model.policy import read_policy
from karat.policies import QUEUES
from karat.server.gold.following import score_in
from karat.server.gold.telling import FIRST
from karat.server.labeling.actions import open_item
from tests.server.worlds import told_scores

COURSE = {"practice": 2, "test": None, "pilot": None}
STAGES = {
    "label": {"do": "label", "overlap": 2, "next": [{"to": "accept"}]},
    "accept": {"do": "resolve", "by": "consensus"},
}


@pytest.fixture
def school(work, team):
    """Four practice items whose key is `cards`, with hints, and two items to work on."""

    def make(course=COURSE, **more):
        place = work(
            items=4, policy={"start": "label", "stages": STAGES, "gold": {"rate": 0.0}, "course": course, **more}
        )
        body = {"use": "practice", "source": "response", "items": []}
        for task in place.claim(place.manager, 4):
            place.submit(place.manager, task)
            hints = {"topic": "Look at the last word."}
            body["items"].append({"item": task.item.id, "response": task.response.id, "hints": hints})
        made = team.manager.post(f"/projects/{place.project}/gold", json=body).json()
        place.gold = made["made"]
        place.add(2)
        place.n = place.one("SELECT n FROM projects WHERE id = :id", id=place.project)
        place.score = lambda: place.db.write_now(score_in, place.n, [n for (n,) in place.rows("SELECT item FROM gold")])
        return place

    return make


def own(team, place):
    return team.annotator.get(f"/projects/{place.project}/course").json()


def test_practice_is_told_of_the_first_answer_so_that_asking_again_tells_nothing(school, team):
    place = school()
    (ada,) = place.people
    (task,) = place.claim(ada)
    place.submit(ada, task, "loans")
    told = team.annotator.get(f"/items/{task.item.id}/practice").json()
    place.undo(ada, task)
    assert team.annotator.get(f"/items/{task.item.id}/practice").status_code == 404

    task = place.db.write_now(open_item, ada, place.project, task.item.id)
    place.submit(ada, task, "cards")

    assert told == {
        "right": [],
        "fields": [
            {
                "field": "topic",
                "right": False,
                "hint": "Look at the last word.",
                "off": [{"annotation": "topic", "what": "answer", "name": None, "hint": ""}],
                "missing": False,
            }
        ],
    }
    assert team.annotator.get(f"/items/{task.item.id}/practice").json() == told


def test_no_more_practice_is_given_than_the_course_has(school, team):
    place = school()
    (ada,) = place.people

    tasks = place.claim(ada, 3)

    assert (len(tasks), own(team, place)["of"], own(team, place)["done"]) == (2, 2, 0)
    assert place.claim(ada, 3) == []
    for task in tasks:
        place.submit(ada, task)
    assert (own(team, place)["state"], len(place.claim(ada, 3))) == ("working", 3)


def test_a_changed_guideline_that_must_be_read_sends_those_who_work_back(school, team):
    place = school({**COURSE, "renew": "practice"})
    (ada,) = place.people
    for task in place.claim(ada, 2):
        place.submit(ada, task)
    assert len(place.claim(ada, 1)) == 1
    path = f"/projects/{place.project}/guideline"

    text = {"text": "# Cards", "definitions": [], "examples": []}
    assert team.manager.put(path, json={**text, "must_read": True}, headers={"If-Match": '"0"'}).status_code == 200

    assert (own(team, place)["state"], own(team, place)["why"]) == ("practice", "guideline")
    assert team.annotator.post(f"/projects/{place.project}/claims", json={}).status_code == 409
    team.annotator.post(f"{path}/read", json={"version": 1})
    assert team.annotator.post(f"/projects/{place.project}/claims", json={"count": 3}).status_code == 200
    assert own(team, place)["done"] == 0


def test_a_course_begins_with_the_guideline(school, team):
    place = school()
    path = f"/projects/{place.project}/guideline"
    body = {"text": "# Cards", "definitions": [], "examples": []}
    assert team.manager.put(path, json=body, headers={"If-Match": '"0"'}).status_code == 200

    assert team.annotator.get(path).json()["to_read"] == 1
    assert team.annotator.post(f"/projects/{place.project}/claims", json={}).json()["type"] == "guideline-unread"
    team.annotator.post(f"{path}/read", json={"version": 1})
    assert len(team.annotator.post(f"/projects/{place.project}/claims", json={}).json()["tasks"]) == 1


def test_a_mentor_sees_their_group_with_what_it_answered(school, team):
    place = school()
    (ada,) = place.people
    tasks = place.claim(ada, 2)
    place.submit(ada, tasks[0], "loans")
    place.submit(ada, tasks[1])
    place.score()
    members = team.manager.get(f"/workspaces/{team.workspace}/members").json()
    ids = [one["id"] for one in members if one["name"] in ("Annotator", "Reviewer")]
    team.manager.post(f"/workspaces/{team.workspace}/groups", json={"name": "New", "members": ids})
    team.another(name="Bob")

    bob, row = sorted(team.reviewer.get(f"/projects/{place.project}/standings").json(), key=lambda one: one["mine"])

    assert (row["mine"], row["groups"], bob["mine"], bob["begun"]) == (True, ["New"], False, False)
    path = f"/projects/{place.project}/standings/{row['author']['id']}"
    assert [one["right"] for one in team.reviewer.get(path).json()].count(True) == 1
    assert team.annotator.get(path).status_code == 403
    assert team.manager.post(path, json={"do": "waive", "reason": " "}).status_code == 422
    assert team.manager.post(path, json={"do": "test", "reason": "x" * 501}).status_code == 422
    assert team.manager.post(path, json={"do": "train", "reason": "Once more."}).status_code == 204
    assert (own(team, place)["why"], own(team, place)["reason"]) == ("said", "Once more.")


def test_ones_own_mistakes_are_of_practice_of_earlier_days_and_their_keys_judge_nobody_again(school, team, clock):
    place = school()
    (ada,) = place.people
    for task in place.claim(ada, 2):
        place.submit(ada, task, "loans")
    place.score()
    path = f"/projects/{place.project}/learning"
    assert team.annotator.get(path).json() == {"items": 0, "confusions": [], "models": []}
    place.db.write_now(lambda tx: tx.run("DELETE FROM queue WHERE project = :p", p=place.n))

    clock.move(days=1)
    (told,) = team.annotator.get(path).json()["confusions"]

    assert (told["said"], told["key"], told["n"], told["of"], told["hint"]) == (
        "loans",
        "cards",
        2,
        2,
        "Look at the last word.",
    )
    shown = [n for (n,) in place.rows("SELECT id FROM gold WHERE told_at IS NOT NULL")]
    assert len(shown) == 2
    assert team.manager.patch(f"/gold/{shown[0]}", json={"use": "hidden"}).status_code == 409
    unused = next(one for one in place.gold if one not in shown)
    assert team.manager.patch(f"/gold/{unused}", json={"use": "hidden", "hints": {}}).status_code == 204
    assert team.manager.patch(f"/gold/{unused}", json={"hints": {"nothing": "?"}}).status_code == 422


def test_hidden_gold_is_in_no_list_of_mistakes_until_a_day_after_it_was_retired(school, team, clock):
    place = school({"practice": 0, "test": None}, gold={"rate": 0.5})
    for gold in place.gold:
        assert team.manager.patch(f"/gold/{gold}", json={"use": "hidden"}).status_code == 204
    place.db.write_now(lambda tx: tx.run("DELETE FROM queue WHERE item IN (SELECT item FROM gold)"))
    (ada,) = place.people
    for task in place.claim(ada, 9):
        place.submit(ada, task, "loans")
    place.score()
    path = f"/projects/{place.project}/learning"

    clock.move(days=1)
    assert team.annotator.get(path).json()["items"] == 0
    for gold in place.gold:
        team.manager.post(f"/gold/{gold}/retire", json={"reason": "manager"})
    assert team.annotator.get(path).json()["items"] == 0
    clock.move(days=1)

    scored = place.one("SELECT count(*) FROM gold_answers")
    assert team.annotator.get(path).json()["items"] == scored
    told = [gold for (gold,) in place.rows("SELECT id FROM gold WHERE told_at IS NOT NULL")]
    back = [gold for gold in place.gold if team.manager.post(f"/gold/{gold}/restore").status_code == 204]
    assert (len(told), {*told, *back}, {*told} & {*back}) == (scored, {*place.gold}, set())


def test_only_a_batch_that_was_told_can_be_appealed_and_who_decides_sees_its_items(work, team):
    place = work(items=2, people=1, policy={"start": "label", "stages": STAGES})
    (ada,) = place.people
    for task in place.claim(ada, 2):
        place.submit(ada, task, "loans")
    body = {"source": "response", "items": []}
    for task in place.claim(place.manager, 2):
        place.submit(place.manager, task)
        body["items"].append({"item": task.item.id, "response": task.response.id})
    assert len(team.manager.post(f"/projects/{place.project}/gold", json=body).json()["made"]) == 2
    n = place.one("SELECT n FROM projects WHERE id = :id", id=place.project)
    place.db.write_now(score_in, n, [item for (item,) in place.rows("SELECT item FROM gold")])
    path = f"/projects/{place.project}/appeals"
    assert team.annotator.post(path, json={"gold": "20", "reason": "Why?"}).status_code == 422
    told_scores(place.db, place.project, "Annotator")

    made = team.annotator.post(path, json={"gold": "20", "reason": "Why?"}).json()

    (batch,) = team.annotator.get(f"/projects/{place.project}/gold/mine").json()["batches"]
    assert (batch["name"], batch["n"]) == ("20", FIRST)
    items = team.manager.get(f"/appeals/{made['id']}/gold").json()
    assert [one["score"] for one in items] == [0.0, 0.0]
    assert team.annotator.get(f"/appeals/{made['id']}/gold").status_code == 403
    team.manager.post(f"/gold/{items[0]['gold']}/retire", json={"reason": "disputed"})
    assert place.one("SELECT count(*) FROM gold_answers WHERE use = 'disputed'") == 1
    verdict = {"outcome": "overturned", "reason": "One key was wrong."}
    assert team.manager.post(f"/appeals/{made['id']}/decision", json=verdict).status_code == 200
    (mine,) = team.annotator.get(path).json()["items"]
    assert (mine["state"], mine["outcome"], mine["by"]) == ("overturned", "One key was wrong.", None)


def test_a_pilot_that_nobody_would_compare_is_refused_with_what_to_write():
    one = {"label": {"do": "label", "next": [{"to": "accept"}]}, "accept": STAGES["accept"]}
    judged = {
        "label": {"do": "label", "next": [{"to": "review"}]},
        "review": {"do": "review", "next": {"accepted": "accept", "fixed": "accept", "rejected": "label"}},
        "accept": STAGES["accept"],
    }
    sampled = {**judged, "label": {"do": "label", "next": [{"share": 0.2, "to": "review"}, {"to": "accept"}]}}
    course = {"practice": 0, "test": None, "pilot": {"items": 3}}

    def said(stages):
        _, problems = read_policy({"start": "label", "stages": stages, "course": course}, QUEUES, ("default",))
        return [problem.path for problem in problems]

    assert [said(stages) for stages in (one, sampled, judged, STAGES)] == [["course.pilot"], ["course.pilot"], [], []]


def test_results_that_people_agree_on_are_offered_as_gold_and_imported_keys_too(work, team):
    place = work(items=2, people=2, policy={"start": "label", "stages": STAGES})
    for person in place.people:
        for task in place.claim(person, 2):
            place.submit(person, task)
    path = f"/projects/{place.project}/gold/candidates"

    assert team.reviewer.get(path).json() == {"items": [], "more": False}
    assert team.reviewer.get(path, params={"source": "import"}).json()["items"] == []
    assert team.reviewer.get(path, params={"limit": 0}).status_code == 422
    assert team.reviewer.get(path, params={"sure": 2}).status_code == 422
    assert team.annotator.get(path).status_code == 403

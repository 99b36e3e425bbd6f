"""What reviewers see, take back, and what authors are told of a fix."""

import pytest

from tests.server.review.judging import ADJUDICATED, POLICY, a_fix, claim, judged


def take_back(person, task):
    return person.delete(f"/assignments/{task['assignment']['id']}/review")


@pytest.mark.parametrize(
    ("verdict", "more"), [("accepted", {}), ("fixed", {"fix": a_fix()}), ("rejected", {"note": "look again"})]
)
def test_a_judgement_is_taken_back_right_away(reviewed, team, verdict, more):
    place = reviewed()
    task = claim(team.reviewer, place)
    before = place.rows("SELECT id, head, excluded, surplus FROM responses ORDER BY n")
    judged(team.reviewer, task, verdict, **more)

    answer = take_back(team.reviewer, task)

    assert answer.status_code == 200, answer.text
    assert place.state(place.items[0]) == "review"
    place.check()
    assert (
        place.rows("SELECT id, head, excluded, surplus FROM responses WHERE state = 'submitted' ORDER BY n") == before
    )
    assert place.rows("SELECT 1 FROM reviews") == []
    assert place.rows("SELECT author FROM assignments WHERE state = 'claimed' AND stage = 'label'") == []
    drafts = place.rows("SELECT annotations FROM drafts")
    assert len(drafts) == (verdict == "fixed"), "the fix is a draft again"
    assert judged(team.reviewer, task, "accepted").json()["counts"] is True
    place.check()


def test_a_review_is_final_after_half_a_minute_or_once_somebody_built_on_it(reviewed, team):
    place = reviewed()
    task = claim(team.reviewer, place)
    judged(team.reviewer, task, "accepted")
    place.clock.move(seconds=31)

    answer = take_back(team.reviewer, task)

    assert (answer.status_code, answer.json()["title"]) == (409, "This review stands")
    assert take_back(team.manager, task).status_code == 404


def test_a_decision_is_taken_back(reviewed, team, until):
    place = reviewed(ADJUDICATED, people=2, values=("cards", "loans"))
    until(lambda: place.state(place.items[0]), lambda state: state == "review")
    task = claim(team.reviewer, place)
    judged(team.reviewer, task, None, fix=a_fix("other"))

    assert take_back(team.reviewer, task).status_code == 200

    assert place.state(place.items[0]) == "review"
    assert place.rows("SELECT 1 FROM resolutions") == []
    place.check()


def test_what_waits_is_counted_by_stage_for_those_who_may_review(reviewed, team):
    place = reviewed(items=2)
    path = f"/projects/{place.project}/review/waiting"

    assert team.annotator.get(path).status_code == 403
    assert team.reviewer.get(path).json() == {
        "items": 2,
        "today": 0,
        "stages": [{"stage": "review", "do": "review", "items": 2}],
    }
    assert team.reviewer.get("/to-review").json() == [{"project": place.project, "title": "Topics", "items": 2}]
    assert team.annotator.get("/to-review").json() == []
    judged(team.reviewer, claim(team.reviewer, place), "accepted")
    after = team.reviewer.get(path).json()
    assert (after["items"], after["today"]) == (1, 1)


def test_a_fix_is_shown_to_the_author_of_the_answer_and_to_no_other_annotator(reviewed, team):
    place = reviewed()
    judged(team.reviewer, claim(team.reviewer, place), "fixed", fix=a_fix("loans"))
    [told] = team.annotator.get(f"/projects/{place.project}/feedback").json()["items"]
    path = f"/reviews/{told['id']}/difference"

    shown = team.annotator.get(path).json()

    assert [one["value"] for one in (*shown["judged"], *shown["fixed"])] == ["cards", "loans"]
    assert [(one["field"], one["distance"]) for one in shown["differences"]] == [("topic", 1.0)]
    assert "reviewer" not in shown
    assert team.reviewer.get(path).status_code == 200
    assert team.another().get(path).status_code == 404


def test_a_review_without_a_fix_has_no_difference(reviewed, team):
    place = reviewed(POLICY)
    judged(team.reviewer, claim(team.reviewer, place), "accepted")
    [told] = team.annotator.get(f"/projects/{place.project}/feedback").json()["items"]

    assert team.annotator.get(f"/reviews/{told['id']}/difference").status_code == 404


def test_what_was_sent_back_comes_first_with_what_was_said_of_it(reviewed, team):
    place = reviewed(items=2)
    judged(team.reviewer, claim(team.reviewer, place), "rejected", note="look again", defects=[{"code": "missing"}])
    [waits] = team.annotator.get("/sent-back").json()
    assert (waits["project"], waits["title"]) == (place.project, "Topics")
    assert team.reviewer.get("/sent-back").json() == []
    assert [one["waiting"] for one in team.annotator.get("/home").json()] == [True]
    path = f"/items/{waits['item']}/feedback"
    [said] = team.annotator.get(path).json()
    assert (said["note"], said["reviewer"]) == ("look again", None)
    assert said["titles"] == {"missing": "Something is missing"}
    assert team.another().get(path).json() == []

    [task] = team.annotator.post(f"/projects/{place.project}/claims", json={}).json()["tasks"]

    assert task["item"]["id"] == waits["item"]
    assert task["answer"]["state"] == "submitted"
    again = team.annotator.post(f"/projects/{place.project}/claims", json={"exclude": [waits["item"]]})
    assert again.json()["tasks"] == []

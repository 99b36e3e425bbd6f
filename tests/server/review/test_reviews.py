"""Judging answers: who is given what, and where an item goes by the verdict."""

import msgspec

from karat.server.access import enter_project
from karat.server.labeling import actions
from karat.server.labeling.schemas import ClaimRequest
from tests.server.review.judging import ADJUDICATED, POLICY, a_fix, claim, judged


def test_an_answered_item_waits_for_a_reviewer_and_for_nobody_else(reviewed, team):
    place = reviewed()

    assert place.state(place.items[0]) == "review"
    assert claim(team.annotator, place) is None
    assert claim(team.reviewer, place)["assignment"]["stage"] == "review"
    assert claim(team.manager, place) is None
    place.check()


def test_an_accepted_answer_goes_on_to_its_result(reviewed, team, until):
    place = reviewed()
    # As long after its answer as reviews are: what was still to be done about the answer is done.
    until(lambda: place.rows("SELECT item FROM consensus"), bool)
    task = claim(team.reviewer, place)

    receipt = judged(team.reviewer, task, "accepted").json()

    assert (receipt["verdict"], receipt["counts"]) == ("accepted", True)
    assert place.state(place.items[0]) == "labeled"
    assert until(lambda: place.state(place.items[0]), lambda state: state == "done")
    place.check()


def test_a_fix_takes_the_place_of_the_answer(reviewed, team, until):
    place = reviewed()
    task = claim(team.reviewer, place)

    assert judged(team.reviewer, task, "fixed", fix=a_fix()).status_code == 200

    assert until(lambda: place.state(place.items[0]), lambda state: state == "done")
    standing = place.rows("SELECT author FROM responses WHERE excluded IS NULL AND state = 'submitted' ORDER BY n")
    assert len(standing) == 1, "the fix alone"
    merged = msgspec.json.decode(place.one("SELECT annotations FROM consensus"))
    assert merged[0]["value"] == "loans"
    place.check()


def test_a_rejected_answer_comes_back_to_its_author_with_the_reason(reviewed, team):
    place = reviewed()
    [ada] = place.people
    task = claim(team.reviewer, place)

    assert judged(team.reviewer, task, "rejected", defects=[{"code": "wrong_label"}]).status_code == 200

    assert place.state(place.items[0]) == "open"
    place.check()
    held = place.rows("SELECT stage, author FROM assignments WHERE state = 'claimed'")
    assert [stage for stage, _ in held] == ["label"]
    [again] = place.db.write_now(_claim_held, ada, place.project)
    place.submit(ada, again, "loans")
    assert place.state(place.items[0]) == "review"
    assert claim(team.reviewer, place) is not None
    place.check()


def test_what_its_author_leaves_lying_is_offered_to_others(reviewed, team):
    place = reviewed()
    judged(team.reviewer, claim(team.reviewer, place), "rejected", note="look again")

    place.clock.move(days=3)
    place.expire()

    assert team.another().post(f"/projects/{place.project}/claims", json={}).json()["tasks"] != []
    place.check()


def test_a_rejection_says_why(reviewed, team):
    place = reviewed()

    answer = judged(team.reviewer, claim(team.reviewer, place), "rejected")

    assert answer.status_code == 422
    assert answer.json()["problems"][0]["path"] == "verdicts[0].defects"


def test_a_repeat_gives_the_same_receipt_and_another_body_is_refused(reviewed, team):
    place = reviewed()
    task = claim(team.reviewer, place)
    shown = team.reviewer.get(f"/assignments/{task['assignment']['id']}/review").json()["answers"][0]
    body = {"verdicts": [{"response": shown["response"], "revision": shown["revision"], "verdict": "accepted"}]}
    path = f"/assignments/{task['assignment']['id']}/review"

    first, again = team.reviewer.post(path, json=body), team.reviewer.post(path, json=body)

    assert first.json() == again.json()
    assert team.reviewer.post(path, json={**body, "active_ms": 5}).status_code == 409


def test_an_author_who_takes_the_answer_back_ends_the_review(reviewed, team):
    place = reviewed()
    [ada] = place.people
    task = claim(team.reviewer, place)
    [own] = place.db.read_now(_mine, place)

    place.db.write_now(_undo, ada, own)

    assert place.state(place.items[0]) == "open"
    place.check()
    shown = {"response": own, "revision": 1, "verdict": "accepted"}
    late = team.reviewer.post(f"/assignments/{task['assignment']['id']}/review", json={"verdicts": [shown]})
    assert late.status_code == 422
    assert place.state(place.items[0]) == "open"


def test_the_feedback_names_neither_reviewer_nor_chance(reviewed, team):
    place = reviewed()
    judged(team.reviewer, claim(team.reviewer, place), "rejected", note="look again")

    [told] = team.annotator.get(f"/projects/{place.project}/feedback").json()["items"]
    assert (told["note"], told["reviewer"], told["probability"]) == ("look again", None, 1.0)
    assert team.annotator.get(f"/projects/{place.project}/reviews").status_code == 403
    [row] = team.reviewer.get(f"/projects/{place.project}/reviews").json()["items"]
    assert (row["verdict"], row["note"]) == ("rejected", "look again")


def test_answers_that_differ_are_decided_by_a_reviewer_those_that_agree_are_not(reviewed, team, until):
    place = reviewed(ADJUDICATED, people=2, items=2, values=("cards", "cards"))
    assert until(lambda: {place.state(item) for item in place.items}, lambda states: states == {"done"})

    place = reviewed(ADJUDICATED, people=2, values=("cards", "loans"))
    assert until(lambda: place.state(place.items[0]), lambda state: state == "review")
    place.check()

    task = claim(team.reviewer, place)
    shown = team.reviewer.get(f"/assignments/{task['assignment']['id']}/review").json()
    assert shown["do"] == "adjudicate"
    chosen = shown["answers"][1]
    decision = {"response": chosen["response"], "revision": chosen["revision"]}
    assert judged(team.reviewer, task, None, decision=decision).status_code == 200
    assert place.state(place.items[0]) == "done"
    assert place.one("SELECT state FROM assignments WHERE id = :id", id=task["assignment"]["id"]) == "done"
    said = team.reviewer.get(f"/projects/{place.project}/reviews").json()["items"]
    assert {(one["response"], one["verdict"], one["fix"] and one["fix"]["response"]) for one in said} == {
        (chosen["response"], "accepted", None),
        (shown["answers"][0]["response"], "fixed", None),
    }
    place.check()


def test_an_adjudicator_may_say_something_else(reviewed, team, until):
    place = reviewed(ADJUDICATED, people=2, values=("cards", "loans"))
    until(lambda: place.state(place.items[0]), lambda state: state == "review")

    answer = judged(team.reviewer, claim(team.reviewer, place), None, fix=a_fix("other"))

    assert answer.status_code == 200, answer.text
    assert place.state(place.items[0]) == "done"
    place.check()


def test_a_share_is_drawn_once_for_each_item_and_its_chance_is_kept(reviewed, team, until):
    policy = msgspec.json.decode(msgspec.json.encode(POLICY))
    policy["stages"]["label"]["next"] = [{"share": 0.3, "to": "review"}, {"to": "accept"}]
    place = reviewed(policy, items=60)

    ways = until(
        lambda: place.rows("SELECT w.way, w.probability FROM routes w JOIN items i ON i.n = w.item"),
        lambda found: len(found) == 60,
    )
    drawn = [way for way, _ in ways].count("review")
    assert 5 <= drawn <= 35
    assert set(ways) == {("review", 0.3), ("accept", 0.7)}
    place.check()


def test_whoever_is_given_an_item_again_after_their_answer_was_left_out_holds_no_place_in_vain(reviewed, team):
    """A fixed answer that its author took back counts again when it is handed in anew; one that a manager left out does not."""
    place = reviewed(people=2, values=("cards", None))
    ada, ben = place.people
    judged(team.reviewer, claim(team.reviewer, place), "fixed", fix=a_fix())
    own = place.one("SELECT id FROM responses ORDER BY n LIMIT 1")
    place.db.write_now(_undo, ada, own)
    _asked_again(place)
    [task] = place.claim(ada)
    place.submit(ada, task)
    place.check()
    assert place.one("SELECT excluded FROM responses WHERE id = :id", id=own) is None

    author = place.one("SELECT a.id FROM responses r JOIN authors a ON a.n = r.author WHERE r.id = :id", id=own)
    path = f"/projects/{place.project}/exclusions"
    assert team.manager.post(path, json={"author": author, "reason": "fixed"}).status_code < 300
    place.db.write_now(_undo, ada, own, 2)
    _asked_again(place)
    place.submit(ada, place.claim(ada)[0])
    place.check()
    assert place.one("SELECT excluded FROM responses WHERE id = :id", id=own) is not None
    assert len(place.claim(ben)) == 1


def _mine(tx, place):
    return [
        row[0]
        for row in tx.run("SELECT r.id FROM responses r JOIN authors a ON a.n = r.author WHERE a.type = 'person'")
    ]


def _undo(tx, who, response, revision=1):
    return actions.undo(tx, who, response, revision)


def _claim_held(tx, who, project):
    return actions.claim(tx, who, project, ClaimRequest(1, (), held=True)).tasks


def _asked_again(place):
    def ask(tx):
        scope = enter_project(tx, place.manager, "items.change", project=place.project)
        actions.requeue(tx, scope, [tx.run("SELECT n FROM items WHERE project = :p", p=scope.project)[0][0]])

    place.db.write_now(ask)

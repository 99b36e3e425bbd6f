"""Handing in answers, correcting them, taking them back."""

import pytest
from msgspec import Raw, json

from karat.server.access import enter_project
from karat.server.labeling import actions


def body_of(task, value="cards", **more):
    annotation = {"id": "topic", "field": "topic", "kind": "choice", "value": value}
    given = {
        "item": task.item.id,
        "item_revision": 1,
        "assignment": task.assignment.id if task.assignment else None,
        "schema": 1,
        "state": "submitted",
        "covers": {"topic": None},
        "annotations": [annotation],
        "active_ms": 1500,
    }
    return {**given, **more}


def path_of(task, revision=None):
    return f"/responses/{task.response.id}/revisions/{revision or task.response.revision}"


def value_of(place, task, revision=1):
    text = place.one(
        "SELECT v.annotations FROM revisions v JOIN responses r ON r.n = v.response WHERE r.id = :id AND v.revision = :n",
        id=task.response.id,
        n=revision,
    )
    return json.decode(text)[0]["value"]


def test_an_answer_is_acknowledged_with_its_next_number(work, team):
    place = work(items=1)
    [task] = place.claim(place.people[0])

    answer = team.annotator.put(path_of(task), json=body_of(task))

    assert answer.status_code == 201, answer.text
    assert answer.json() == {
        "response": task.response.id,
        "revision": 1,
        "at": answer.json()["at"],
        "next_revision": 2,
        "state": "submitted",
    }
    place.check()


def test_handing_in_the_same_again_gives_the_same_receipt(work, team):
    place = work(items=1)
    [task] = place.claim(place.people[0])
    first = team.annotator.put(path_of(task), json=body_of(task))

    again = team.annotator.put(path_of(task), json=body_of(task))

    assert (again.status_code, again.json()) == (200, first.json())
    assert place.one("SELECT count(*) FROM revisions") == 1
    place.check()


def test_another_body_under_the_same_number_is_refused(work, team):
    place = work(items=1)
    [task] = place.claim(place.people[0])
    team.annotator.put(path_of(task), json=body_of(task))

    other = team.annotator.put(path_of(task), json=body_of(task, "loans"))

    assert other.status_code == 409
    assert value_of(place, task) == "cards"


def test_a_correction_is_a_new_revision_and_the_old_one_stays(work, team):
    place = work(items=1, overlap=2)
    [task] = place.claim(place.people[0])
    team.annotator.put(path_of(task), json=body_of(task))

    answer = team.annotator.put(path_of(task, 2), json=body_of(task, "loans"))

    assert answer.status_code == 201
    assert (value_of(place, task, 1), value_of(place, task, 2)) == ("cards", "loans")
    assert place.one("SELECT head FROM responses WHERE id = :id", id=task.response.id) == 2
    place.check()


def test_revisions_are_numbered_without_a_gap(work, team):
    place = work(items=1)
    [task] = place.claim(place.people[0])

    assert team.annotator.put(path_of(task, 2), json=body_of(task)).status_code == 409


def test_the_last_answer_labels_the_item_and_leaves_the_queue(work):
    place = work(items=1, overlap=2, people=2)
    for person in place.people:
        [task] = place.claim(person)
        place.submit(person, task)

    assert place.state(task.item.id) in ("labeled", "done")
    place.check()


def test_an_answer_is_found_by_its_label(work):
    place = work(items=1)
    [task] = place.claim(place.people[0])
    place.submit(place.people[0], task, "loans")

    found = place.rows(
        "SELECT l.text FROM marks m JOIN words f ON f.n = m.field AND f.text = 'topic' JOIN words l ON l.n = m.label"
    )

    assert found == [("loans",)]


def test_an_answer_that_does_not_fit_comes_back_as_a_draft_with_its_problems(work, team):
    place = work(items=1)
    [task] = place.claim(place.people[0])

    answer = team.annotator.put(path_of(task), json=body_of(task, "nonsense"))
    draft = team.annotator.get(f"/items/{task.item.id}/draft").json()

    assert answer.status_code == 422
    assert answer.json()["problems"][0]["path"] == "annotations[0].value"
    assert draft["annotations"][0]["value"] == "nonsense"
    assert draft["response"] == {"id": task.response.id, "revision": 1}
    place.check()


def test_an_answer_under_an_older_schema_is_taken_while_it_is_still_valid(work, team):
    place = work(items=2)
    first, second = place.claim(place.people[0], 2)
    project = team.manager.get(f"/projects/{place.project}")
    schema = project.json()["schema"]
    schema["fields"]["urgent"] = {"kind": "choice", "options": {"now": {}, "later": {}}}
    changed = team.manager.put(
        f"/projects/{place.project}/schema", json={"schema": schema}, headers={"if-match": project.headers["etag"]}
    )

    assert changed.status_code == 200, changed.text
    assert team.annotator.put(path_of(first), json=body_of(first)).status_code == 201
    assert team.annotator.put(path_of(second), json=body_of(second, "gone")).status_code == 422


def test_a_schema_that_is_not_there_is_a_problem(work, team):
    place = work(items=1)
    [task] = place.claim(place.people[0])

    answer = team.annotator.put(path_of(task), json=body_of(task, schema=7))

    assert (answer.status_code, answer.json()["problems"][0]["path"]) == (422, "schema")


def test_a_submit_after_the_claim_ran_out_takes_its_place_if_it_is_free(work):
    place = work(items=1)
    [ada] = place.people
    [task] = place.claim(ada)
    place.clock.move(hours=3)
    place.expire()

    done = place.submit(ada, task)

    assert done.receipt is not None
    assert place.rows("SELECT surplus FROM responses") in ([(0,)], [(False,)])
    place.check()


def test_a_submit_after_the_place_went_to_another_is_stored_as_surplus(work):
    place = work(items=1, people=2)
    ada, ben = place.people
    [task] = place.claim(ada)
    place.clock.move(hours=3)
    [other] = place.claim(ben)

    late = place.submit(ada, task)
    place.submit(ben, other)

    assert late.receipt is not None
    assert place.one("SELECT count(*) FROM responses WHERE surplus") == 1
    assert place.one("SELECT responses FROM items") == 2
    place.check()


def test_a_surplus_answer_takes_the_place_that_is_given_back(work):
    place = work(items=1, people=2)
    ada, ben = place.people
    [task] = place.claim(ada)
    place.clock.move(hours=3)
    [other] = place.claim(ben)
    place.submit(ada, task)

    place.db.write_now(actions.release, ben, other.assignment.id)

    assert place.one("SELECT count(*) FROM responses WHERE surplus") == 0
    assert place.state(task.item.id) in ("labeled", "done")
    place.check()


def test_an_answer_to_an_item_that_was_never_given_is_not_taken(work, team):
    place = work(items=2, people=2)
    ada, _ben = place.people
    [task] = place.claim(ada)

    stolen = team.annotator.put(path_of(task), json=body_of(task, item=place.items[1]))

    assert stolen.status_code == 404


def test_the_id_of_anothers_response_is_refused(work, team):
    place = work(items=1, overlap=2, people=2)
    ada, ben = place.people
    [first], [second] = place.claim(ada), place.claim(ben)
    place.submit(ben, second)

    answer = team.annotator.put(path_of(second), json=body_of(first))

    assert answer.status_code == 409
    place.check()


def test_a_client_may_bring_its_own_id(work, team):
    place = work(items=1)
    [task] = place.claim(place.people[0])
    own = "0192d0c4-7d2e-7c50-8f3e-7a1d3a8c9b11"

    answer = team.annotator.put(f"/responses/{own}/revisions/1", json=body_of(task))
    second = team.annotator.put(path_of(task), json=body_of(task))

    assert answer.status_code == 201
    assert second.status_code == 409  # one person has one response to an item


def test_a_skip_needs_a_reason(work, team):
    place = work(items=1)
    [task] = place.claim(place.people[0])

    answer = team.annotator.put(path_of(task), json=body_of(task, state="skipped", annotations=[], covers={}))

    assert (answer.status_code, answer.json()["problems"][0]["path"]) == (422, "skip")


def test_a_skipped_item_goes_to_others_and_not_back(work):
    place = work(items=1, people=2)
    ada, ben = place.people
    [task] = place.claim(ada)

    place.skip(ada, task)

    assert place.claim(ada) == []
    assert len(place.claim(ben)) == 1
    place.check()


def test_a_skip_can_be_answered_after_all(work):
    place = work(items=1)
    [ada] = place.people
    [task] = place.claim(ada)
    place.skip(ada, task)
    opened = place.db.write_now(actions.open_item, ada, place.project, task.item.id)

    done = place.submit(ada, opened)

    assert done.receipt.revision == 2
    assert place.state(task.item.id) in ("labeled", "done")
    place.check()


@pytest.mark.parametrize(("requeue", "again"), [("me", True), ("none", False)])
def test_a_skip_follows_the_rule_of_its_stage(work, requeue, again):
    stages = {
        "label": {"do": "label", "skip": {"requeue": requeue}, "next": [{"to": "accept"}]},
        "accept": {"do": "resolve", "by": "consensus", "method": "majority"},
    }
    place = work(items=2, policy={"karat_policy": 1, "start": "label", "stages": stages})
    [ada] = place.people
    [task] = place.claim(ada)

    place.skip(ada, task)
    given = [t.item.id for t in place.claim(ada, 3)]

    assert given == [place.items[1]] + [place.items[0]] * again
    place.check()


def test_a_result_that_a_person_chose_makes_the_answers_final(work, team):
    place = work(items=1)
    [task] = place.claim(place.people[0])
    place.submit(place.people[0], task)

    def decide(tx):
        scope = enter_project(tx, place.manager, "consensus.change", project=place.project)
        item, response = tx.run("SELECT item, n FROM responses WHERE id = :id", id=task.response.id)[0]
        return actions.resolve(tx, scope, {item: (response, 1)}, is_decided=True)

    assert place.db.write_now(decide)
    assert place.state(task.item.id) == "done"
    assert team.annotator.put(path_of(task, 2), json=body_of(task, "loans")).status_code == 409
    assert team.annotator.delete(path_of(task)).status_code == 409
    place.check()


def test_a_result_of_the_consensus_does_not_stand_in_the_way_of_a_quick_undo(work, team):
    place = work(items=1)
    [task] = place.claim(place.people[0])
    place.submit(place.people[0], task)

    def settle(tx):
        scope = enter_project(tx, place.manager, "consensus.change", project=place.project)
        item, response = tx.run("SELECT item, n FROM responses WHERE id = :id", id=task.response.id)[0]
        actions.resolve(tx, scope, {item: (response, 1)}, is_decided=False)

    place.db.write_now(settle)
    undone = team.annotator.delete(path_of(task))

    assert undone.status_code == 200, undone.text
    assert place.state(task.item.id) == "open"
    assert place.one("SELECT count(*) FROM resolutions") == 0
    place.check()


@pytest.mark.parametrize("annotations", [Raw(b"null"), Raw(b'{"a": 1}'), Raw(b'[{"id": 1}]'), Raw(b"[[[]]]")])
def test_annotations_that_are_none_are_a_problem_and_never_a_crash(work, team, annotations):
    place = work(items=1)
    [task] = place.claim(place.people[0])
    content = json.encode(body_of(task, annotations=annotations))

    answer = team.annotator.put(path_of(task), content=content)

    assert answer.status_code == 422, answer.text


def test_the_event_says_what_happened_without_its_content(work):
    place = work(items=1)
    [task] = place.claim(place.people[0])
    place.submit(place.people[0], task, "loans")

    [(thing, data)] = place.rows("SELECT thing, data FROM events WHERE name = 'response.submitted'")

    assert json.decode(thing)["id"] == task.response.id
    assert json.decode(data)["item"] == task.item.id
    assert "loans" not in thing + data

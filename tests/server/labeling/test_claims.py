"""Being given items."""

import threading

import pytest

from karat.server.access import enter_project
from karat.server.labeling import actions
from karat.server.labeling.queries.versions import rules_of
from karat.server.labeling.queries.waiting import FRESH, at_stage, marks_of


def claims(person, project, **body):
    answer = person.post(f"/projects/{project}/claims", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()["tasks"]


def test_a_task_has_everything_to_draw_it_and_nothing_of_others(work, team):
    place = work(items=1)

    [task] = claims(team.annotator, place.project)

    assert set(task) == {"assignment", "item", "response", "schema", "draft", "answer", "given"}
    assert set(task["assignment"]) == {"id", "until", "stage"}
    assert set(task["item"]) == {"id", "revision", "streams", "metadata"}
    assert task["item"]["streams"]["text"] == {
        "kind": "text",
        "facts": {"length": 6, "media_type": "text/plain"},
        "text": "text 0",
    }
    assert task["response"]["revision"] == 1
    assert task["draft"] is None


def test_reviewers_are_shown_the_callers_key(work, team):
    place = work(items=1)

    [task] = claims(team.reviewer, place.project)

    assert task["item"]["key"] == "item-0000000"


def test_items_come_in_order_and_never_twice(work):
    place = work(items=3)
    [ada] = place.people

    given = [place.claim(ada)[0].item.id for _ in range(3)]

    assert given == place.items
    assert place.claim(ada) == []


@pytest.mark.parametrize("count", [0, 101])
def test_one_to_a_hundred_items_are_claimed_at_once(work, team, count):
    place = work()

    assert team.annotator.post(f"/projects/{place.project}/claims", json={"count": count}).status_code == 422


def test_three_items_are_given_at_once(work):
    place = work(items=5)

    assert [task.item.id for task in place.claim(place.people[0], 3)] == place.items[:3]


def test_no_more_people_than_the_overlap_get_an_item(work):
    place = work(items=1, overlap=2, people=3)

    given = [len(place.claim(person)) for person in place.people]

    assert given == [1, 1, 0]


def test_excluded_items_are_left_out_now_and_given_later(work):
    place = work(items=2)
    [ada] = place.people

    first = place.claim(ada, exclude=(place.items[0],))
    second = place.claim(ada)

    assert [t.item.id for t in first + second] == [place.items[1], place.items[0]]


def test_a_claim_that_ran_out_goes_to_somebody_else(work):
    place = work(items=1, people=2)
    ada, ben = place.people
    place.claim(ada)

    before = place.claim(ben)
    place.clock.move(minutes=21)

    assert before == []
    assert len(place.claim(ben)) == 1  # found when nothing was left, without waiting for the sweep
    place.check()


def test_a_claim_that_ran_out_comes_back_to_the_same_person_too(work):
    place = work(items=2)
    [ada] = place.people
    place.claim(ada, 2)
    place.clock.move(minutes=21)
    place.expire()

    assert {t.item.id for t in place.claim(ada, 2)} == set(place.items)


def test_a_renewed_claim_holds_on(work, team):
    place = work(items=1, people=2)
    ada, ben = place.people
    [task] = place.claim(ada)
    place.clock.move(minutes=19)

    renewed = team.annotator.post(f"/assignments/{task.assignment.id}/renew")
    place.clock.move(minutes=19)

    assert renewed.json()["until"] > task.assignment.until
    assert place.claim(ben) == []


def test_a_claim_that_ran_out_is_taken_up_again_if_its_place_is_free(work, refused):
    place = work(items=1, people=2)
    ada, ben = place.people
    [task] = place.claim(ada)
    place.clock.move(minutes=21)
    place.expire()

    place.db.write_now(actions.renew, ada, task.assignment.id)

    assert place.claim(ben) == []
    place.check()


def test_a_claim_whose_place_was_taken_cannot_be_renewed(work, refused):
    place = work(items=1, people=2)
    ada, ben = place.people
    [task] = place.claim(ada)
    place.clock.move(minutes=21)
    place.claim(ben)

    assert refused(lambda: place.db.write_now(actions.renew, ada, task.assignment.id)) == 409


def test_a_released_item_is_given_again(work, team):
    place = work(items=2, people=2)
    ada, ben = place.people
    [task] = place.claim(ada)

    released = team.annotator.delete(f"/assignments/{task.assignment.id}")
    again = team.annotator.delete(f"/assignments/{task.assignment.id}")

    assert (released.status_code, again.status_code) == (204, 204)
    assert place.claim(ben)[0].item.id == task.item.id  # what came back comes first
    place.check()


def test_anothers_assignment_is_not_there(work, team):
    place = work(items=1)
    [task] = place.claim(place.people[0])

    assert team.reviewer.delete(f"/assignments/{task.assignment.id}").status_code == 404
    assert team.reviewer.post(f"/assignments/{task.assignment.id}/renew").status_code == 404
    assert team.stranger.delete(f"/assignments/{task.assignment.id}").status_code == 404


def test_two_claims_of_one_person_at_the_same_moment_give_different_items(work):
    place = work(items=40)
    [ada] = place.people
    given = []

    def claim():
        for _ in range(5):
            given.extend(task.item.id for task in place.claim(ada))

    threads = [threading.Thread(target=claim) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(given) == sorted(place.items)
    place.check()


def test_many_people_at_the_same_moment_never_exceed_the_overlap(work):
    place = work(items=12, overlap=2, people=6)
    given = []

    def claim(person):
        for _ in range(6):
            given.extend((person.id, task.item.id) for task in place.claim(person, 2))

    threads = [threading.Thread(target=claim, args=(person,)) for person in place.people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(set(given)) == len(given) == 24
    place.check()


def test_what_a_person_has_answered_is_not_walked_again(work):
    place = work(items=50, overlap=3)
    [ada] = place.people
    for _ in range(40):
        [task] = place.claim(ada)
        place.submit(ada, task)

    def mark(tx):
        scope = enter_project(tx, ada, "label", project=place.project)
        at = at_stage(scope, rules_of(tx, scope.project), "label")
        behind = (
            "SELECT count(*) FROM queue WHERE project = :p AND lane = :lane AND (priority, item) <= (:priority, :item)"
        )
        priority, item = marks_of(tx, at)[FRESH]
        return tx.run(behind, p=scope.project, lane=FRESH, priority=priority, item=item)[0][0]

    assert place.db.read_now(mark) == 40


def test_items_imported_later_are_given_too(work):
    place = work(items=1, overlap=3)
    [ada] = place.people
    place.claim(ada)
    before = place.claim(ada)
    place.add(1)

    assert before == []
    assert place.claim(ada)[0].item.id == place.items[1]


def test_the_fewest_labels_come_first(work):
    stages = {
        "label": {"do": "label", "overlap": 2, "queue": "fewest_labels", "next": [{"to": "accept"}]},
        "accept": {"do": "resolve", "by": "consensus", "method": "majority"},
    }
    place = work(items=3, people=2, policy={"karat_policy": 1, "start": "label", "stages": stages})
    ada, ben = place.people
    place.claim(ada, 2)

    given = [place.claim(ben)[0].item.id for _ in range(3)]

    assert given == [place.items[2], place.items[0], place.items[1]]
    place.check()


def test_a_project_in_the_archive_gives_no_items(work, team):
    place = work()
    team.manager.post(f"/projects/{place.project}/archive")

    assert team.annotator.post(f"/projects/{place.project}/claims").status_code == 409


def test_anothers_project_is_not_there(work, team):
    place = work()

    assert team.stranger.post(f"/projects/{place.project}/claims").status_code == 404


def test_an_annotator_opens_only_items_they_were_given(work, team):
    place = work(items=2)
    [task] = place.claim(place.people[0])
    path = f"/projects/{place.project}/items"

    own = team.annotator.post(f"{path}/{task.item.id}/open")
    other = team.annotator.post(f"{path}/{place.items[1]}/open")

    assert own.json()["assignment"]["id"] == task.assignment.id
    assert other.status_code == 404


def test_a_reviewer_opens_any_item_and_holds_it(work, team):
    place = work(items=1)

    opened = team.reviewer.post(f"/projects/{place.project}/items/{place.items[0]}/open")

    assert opened.json()["assignment"] is not None
    assert place.claim(place.people[0]) == []


def test_a_full_item_is_opened_without_a_claim(work, team):
    place = work(items=1)
    place.claim(place.people[0])

    opened = team.reviewer.post(f"/projects/{place.project}/items/{place.items[0]}/open")

    assert opened.status_code == 200
    assert opened.json()["assignment"] is None


def test_a_deactivated_persons_items_go_to_others(work, team):
    place = work(items=1, people=2)
    ada, ben = place.people
    place.claim(ada)
    members = team.owner.get(f"/workspaces/{team.workspace}/members").json()
    rows = members["items"] if isinstance(members, dict) else members
    member = next(m["id"] for m in rows if m["email"] == ada.email)

    changed = team.owner.patch(f"/workspaces/{team.workspace}/members/{member}", json={"active": False})

    assert changed.status_code == 200, changed.text
    assert len(place.claim(ben)) == 1


def test_a_higher_overlap_offers_labeled_items_again(work, team):
    place = work(items=2, people=2)
    ada, ben = place.people
    for _ in range(2):
        [task] = place.claim(ada)
        place.submit(ada, task)
    project = team.manager.get(f"/projects/{place.project}")

    before = place.claim(ben)
    changed = team.manager.patch(
        f"/projects/{place.project}", json={"overlap": 2}, headers={"if-match": project.headers["etag"]}
    )

    assert changed.status_code == 200, changed.text
    assert before == []
    assert len(place.claim(ben, 2)) == 2
    assert place.claim(ada) == []


def test_asking_for_more_answers_offers_an_item_again(work):
    place = work(items=1, people=2)
    ada, ben = place.people
    [task] = place.claim(ada)
    place.submit(ada, task)

    def requeue(tx):
        scope = enter_project(tx, place.manager, "items.change", project=place.project)
        actions.requeue(tx, scope, [tx.run("SELECT n FROM items WHERE id = :id", id=task.item.id)[0][0]])

    place.db.write_now(requeue)

    assert place.claim(ada) == []
    [again] = place.claim(ben)
    place.submit(ben, again)
    assert place.state(task.item.id) in ("labeled", "done")
    place.check()


def test_items_that_come_with_answers_want_only_the_rest(work):
    place = work(items=3, overlap=2, people=2)
    ada, ben = place.people

    def imported(tx):
        project = tx.run("SELECT n, workspace FROM projects WHERE id = :id", id=place.project)[0]
        authors = [
            tx.run(
                "INSERT INTO authors (id, workspace, type, name, created_at) VALUES (:id, :w, 'import', :name, :now) RETURNING n",
                id=tx.new_id(),
                w=project[1],
                name=name,
                now=tx.now(),
            )[0][0]
            for name in ("Old", "Older")
        ]
        items = [row[0] for row in tx.run("SELECT n FROM items WHERE project = :p ORDER BY n", p=project[0])]
        for item, count in zip(items, (2, 1, 0), strict=True):
            for author in authors[:count]:
                tx.run(
                    "INSERT INTO responses (id, project, item, author, head, last, state, active_ms, at)"
                    " VALUES (:id, :p, :item, :author, 1, 1, 'submitted', 0, :now)",
                    id=tx.new_id(),
                    p=project[0],
                    item=item,
                    author=author,
                    now=tx.now(),
                )
        actions.enqueue(tx, project[0], items)
        actions.enqueue(tx, project[0], items)  # a step of an import that is done again

    place.db.write_now(imported)

    assert place.rows("SELECT items, labeled, responses FROM projects") == [(3, 1, 3)]
    assert [t.item.id for t in place.claim(ada, 3)] == place.items[1:]
    assert [t.item.id for t in place.claim(ben, 3)] == place.items[2:]

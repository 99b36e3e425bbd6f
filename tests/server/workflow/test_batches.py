"""Items given to people by hand."""

from karat.server.labeling.actions.batches import tend


def member(team, who):
    found = team.manager.get(f"/workspaces/{team.workspace}/members").json()
    return next(one["id"] for one in found if one["person"] == who.id)


def give(team, place, **batch):
    return team.manager.post(f"/projects/{place.project}/batches", json={"title": "Night", **batch})


def ids(tasks):
    return [task.item.id for task in tasks]


def test_items_given_to_a_person_come_first_and_to_nobody_else(work, team):
    place = work(items=4, people=2, overlap=1)
    ada, ben = place.people

    made = give(team, place, items=place.items[2:], person=member(team, ada))

    assert (made.status_code, made.json()["items"], made.json()["left"]) == (201, 2, 2)
    assert ids(place.claim(ben, 4)) == place.items[:2]
    assert place.claim(ben) == []
    assert team.annotator.get(f"/projects/{place.project}/given").json()[0]["left"] == 2
    assert ids(place.claim(ada, 4)) == place.items[2:]
    assert team.annotator.get(f"/projects/{place.project}/batches").status_code == 403
    place.check()


def test_what_is_released_or_overdue_is_for_anybody_again(work, team):
    place = work(items=3, people=2, overlap=1)
    ada, ben = place.people
    first = give(team, place, items=[place.items[0]], person=member(team, ada)).json()
    deadline = "2999-01-01T00:00:00.000Z"
    give(team, place, items=[place.items[1]], person=member(team, ada), deadline=deadline)
    assert ids(place.claim(ben, 3)) == [place.items[2]]

    assert team.manager.post(f"/batches/{first['id']}/release").json()["ended_at"]
    assert ids(place.claim(ben, 3)) == [place.items[0]]
    place.db.write_now(lambda tx: tx.run("UPDATE batches SET deadline = '2020' WHERE deadline IS NOT NULL"))
    place.db.write_now(tend)

    assert ids(place.claim(ben, 3)) == [place.items[1]]
    assert not place.one("SELECT batched FROM projects WHERE id = :id", id=place.project)
    place.check()


def test_what_the_person_has_answered_is_let_go_for_the_others(work, team):
    place = work(items=1, people=2, overlap=2)
    ada, ben = place.people
    give(team, place, filter={}, person=member(team, ada))
    assert place.claim(ben) == []

    place.submit(ada, *place.claim(ada))
    place.db.write_now(tend)

    assert ids(place.claim(ben)) == place.items
    place.check()


def test_what_one_holds_is_handed_over(work, team):
    place = work(items=2, people=2, overlap=1)
    ada, ben = place.people
    place.claim(ada, 2)

    done = team.manager.post(
        f"/projects/{place.project}/handovers", json={"from": member(team, ada), "to": member(team, ben)}
    ).json()

    assert done["items"] == 2
    assert place.claim(ada, 2) == []
    assert ids(place.claim(ben, 2)) == place.items
    place.check()


def test_a_group_shares_what_it_was_given_and_mistakes_are_refused(work, team):
    place = work(items=2, people=2, overlap=1)
    ada, ben = place.people
    body = {"name": "Doctors", "members": [member(team, ben)]}
    group = team.manager.post(f"/workspaces/{team.workspace}/groups", json=body).json()

    assert give(team, place, items=place.items, group=group["id"], priority="high").status_code == 201
    assert place.claim(ada) == []
    assert len(place.claim(ben, 2)) == 2
    assert give(team, place, items=place.items, priority="normal").json()["problems"][0]["path"] == "person"
    late = give(team, place, items=place.items, group=group["id"], deadline="2001-01-01T00:00:00.000Z")
    assert late.json()["problems"][0]["path"] == "deadline"
    assert team.manager.delete(f"/workspaces/{team.workspace}/groups/{group['id']}").status_code == 409


def first_in_queue(place):
    return place.one("SELECT i.id FROM queue q JOIN items i ON i.n = q.item ORDER BY q.priority, q.item LIMIT 1")


def test_items_of_a_batch_for_nobody_only_come_earlier_or_later(work, team):
    place = work(items=4, people=3, overlap=2)
    ada, ben, cyd = place.people
    first = place.claim(ada, 1)

    urgent = give(team, place, items=place.items[2:3], priority="high").json()
    give(team, place, items=place.items[1:2], priority="low")

    assert (urgent["to"], urgent["exclusive"]) == ("anybody", False)
    assert ids(place.claim(ada, 3)) == [place.items[2], place.items[3], place.items[1]]
    place.submit(ada, *first)
    assert ids(place.claim(ben, 1)) == [place.items[2]]
    team.manager.post(f"/batches/{urgent['id']}/release")
    assert ids(place.claim(cyd, 3))[0] == place.items[0]
    place.check()


def test_what_was_moved_stays_so_when_the_queue_goes_by_answers_or_the_policy_changes(work, team):
    label = {"do": "label", "overlap": 3, "queue": "fewest_labels", "next": [{"to": "accept"}]}
    place = work(items=3, people=2, policy={"stages": {"label": label, "accept": {"do": "resolve", "by": "consensus"}}})
    ada, ben = place.people
    give(team, place, items=place.items[2:], priority="high")
    place.submit(ada, *place.claim(ada))

    assert first_in_queue(place) == place.items[2]
    assert ids(place.claim(ben, 1)) == [place.items[2]]
    place.check()


def test_items_go_to_whoever_has_the_skill_or_speaks_the_language(work, team):
    place = work(items=3, people=3, overlap=1)
    ada, ben, cyd = place.people
    traits = f"/workspaces/{team.workspace}/members"
    team.manager.put(f"{traits}/{member(team, ben)}/traits", json={"skills": ["ecg"], "languages": []})
    team.manager.put(f"{traits}/{member(team, cyd)}/traits", json={"skills": [], "languages": ["sw"]})

    assert give(team, place, items=place.items[:1], skill="ecg").json()["name"] == "ecg"
    assert give(team, place, items=place.items[1:2], language="sw").json()["to"] == "language"

    assert ids(place.claim(ada, 3)) == place.items[2:]
    assert ids(place.claim(ben, 3)) == place.items[:1]
    assert ids(place.claim(cyd, 3)) == place.items[1:2]
    place.check()


def test_at_the_deadline_the_rest_comes_first_for_anybody_where_that_is_wanted(work, team, until):
    place = work(items=3, people=2, overlap=1)
    ada, ben = place.people
    deadline = "2999-01-01T00:00:00.000Z"
    give(team, place, items=place.items[1:], person=member(team, ada), deadline=deadline, late="raise")
    place.db.write_now(lambda tx: tx.run("UPDATE batches SET deadline = '2020' WHERE deadline IS NOT NULL"))

    place.db.write_now(tend)

    assert ids(place.claim(ben, 3)) == [*place.items[1:], place.items[0]]
    standing, ended = team.manager.get(f"/projects/{place.project}/batches").json()
    assert (standing["to"], standing["priority"], ended["ended_at"] is not None) == ("anybody", 10, True)
    told = until(lambda: team.manager.get("/notices").json()["items"], bool)
    assert [one["name"] for one in told] == ["late"]
    assert [one["name"] for one in team.annotator.get("/notices").json()["items"]] == ["given"]


def test_what_nobody_waits_for_is_given_to_nobody(work, team):
    place = work(items=2, people=2, overlap=1)
    ada, ben = place.people
    place.submit(ada, *place.claim(ada, 1))

    made = give(team, place, items=place.items, person=member(team, ben))

    assert (made.json()["items"], made.json()["left"]) == (1, 1)
    refused = give(team, place, items=place.items[:1], person=member(team, ben))
    assert (refused.status_code, refused.json()["problems"][0]["path"]) == (422, "filter")
    assert give(team, place, items=place.items, person=member(team, ben), skill="ecg").status_code == 422
    assert give(team, place, items=place.items, skill=" ").status_code == 422
    assert give(team, place, filter={}, priority=5000).status_code == 422


def test_many_items_are_given_by_a_job(work, team, until):
    place = work(items=600, people=2, overlap=1)
    ada, ben = place.people

    made = give(team, place, filter={}, person=member(team, ben))

    assert made.status_code == 202
    job = until(lambda: team.manager.get(f"/jobs/{made.json()['job']}").json(), lambda job: job["state"] == "done")
    assert (job["result"]["given"], job["result"]["left_out"]) == (600, 0)
    [batch] = team.manager.get(f"/projects/{place.project}/batches").json()
    assert (batch["items"], batch["left"], batch["job"]) == (600, 600, None)
    assert place.claim(ada) == []


def test_who_holds_what_is_seen_and_taken_back_by_managers(work, team):
    place = work(items=2, people=2, overlap=1)
    ada, ben = place.people
    place.claim(ada, 2)

    held = team.manager.get(f"/projects/{place.project}/held").json()
    done = team.manager.post(
        f"/projects/{place.project}/held/release", json={"from": held[0]["person"], "items": [held[0]["item"]]}
    )

    assert [(one["name"], one["item"]) for one in held] == [("Annotator", item) for item in place.items]
    assert done.json() == {"items": 1, "batch": None}
    assert ids(place.claim(ben, 2)) == place.items[:1]
    assert team.reviewer.get(f"/projects/{place.project}/held").status_code == 403
    place.check()


def test_an_annotator_hands_over_to_somebody_of_their_group_only(work, team):
    place = work(items=3, people=3, overlap=1)
    ada, ben, cyd = place.people
    tasks = place.claim(ada, 2)
    body = {"name": "Night", "members": [member(team, ada), member(team, ben)]}
    team.manager.post(f"/workspaces/{team.workspace}/groups", json=body)
    path = f"/projects/{place.project}/handovers/mine"

    known = team.annotator.get(f"/projects/{place.project}/colleagues").json()
    refused = team.annotator.post(path, json={"to": member(team, cyd)})
    done = team.annotator.post(path, json={"to": known[0]["id"], "items": [tasks[0].item.id]})

    assert [one["name"] for one in known] == ["Annotator1"]
    assert refused.status_code == 404
    assert done.json()["items"] == 1
    assert ids(place.claim(ben, 1)) == [tasks[0].item.id]
    assert len(team.reviewer.get(f"/projects/{place.project}/colleagues").json()) > 3
    place.check()

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

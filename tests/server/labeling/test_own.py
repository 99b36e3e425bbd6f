"""What people see of their own work, and that it is only their own."""

from msgspec import json


def test_recent_items_are_ones_own_the_newest_first(work, team):
    place = work(items=3, overlap=2, people=2)
    ada, ben = place.people
    for task in [*place.claim(ada, 3)]:
        place.submit(ada, task)
    place.submit(ben, place.claim(ben)[0])

    first = team.annotator.get(f"/projects/{place.project}/mine?limit=2").json()
    second = team.annotator.get(f"/projects/{place.project}/mine?limit=2&cursor={first['next']}").json()

    assert [row["preview"] for row in first["items"] + second["items"]] == ["text 2", "text 1", "text 0"]
    assert second["next"] is None
    assert "key" not in first["items"][0]


def test_progress_counts_ones_own_answers(work, team):
    place = work(items=3, people=2)
    ada, ben = place.people
    [task] = place.claim(ada)
    place.submit(ada, task, active_ms=2_000)
    place.submit(ben, place.claim(ben)[0])

    progress = team.annotator.get(f"/projects/{place.project}/progress").json()

    assert progress == {"today": 1, "total": 1, "median_ms": 2000, "left": True}


def test_nothing_is_left_when_everything_is_held_by_others(work, team):
    place = work(items=1, people=2)
    place.claim(place.people[1])

    assert team.annotator.get(f"/projects/{place.project}/progress").json()["left"] is False


def test_home_lists_the_active_projects_with_ones_own_numbers(work, team):
    place = work(items=2)
    place.submit(place.people[0], place.claim(place.people[0])[0])

    [home] = team.annotator.get("/home").json()

    assert home == {
        "id": place.project,
        "title": "Topics",
        "description": "",
        "waiting": True,
        "mine_today": 1,
        "mine_total": 1,
        "streams": ["text"],
    }
    assert team.stranger.get("/home").json() == []


def test_an_annotator_sees_the_same_whatever_others_do(work, team):
    """Blindness: what others answered changes no byte of what somebody who has the item open is told."""
    place = work(items=2, overlap=3, people=3)
    ada, ben, cem = place.people
    [mine] = place.claim(ada)
    place.submit(ada, mine)

    def seen():
        paths = [f"/projects/{place.project}/mine", f"/projects/{place.project}/progress", "/home"]
        paths += [f"/responses/{mine.response.id}", f"/responses/{mine.response.id}/revisions"]
        answers = [team.annotator.get(path) for path in paths]
        answers.append(team.annotator.post(f"/projects/{place.project}/items/{mine.item.id}/open"))
        return [(a.status_code, a.content, a.headers.get("etag")) for a in answers]

    before = seen()
    place.submit(ben, place.claim(ben)[0], "loans")
    place.claim(cem)
    after = seen()

    assert before == after


def test_anothers_answers_cannot_be_read_by_an_annotator(work, team):
    place = work(items=1, overlap=2, people=2)
    _ada, ben = place.people
    [task] = place.claim(ben)
    place.submit(ben, task)

    assert team.annotator.get(f"/responses/{task.response.id}").status_code == 404
    assert team.annotator.get(f"/responses/{task.response.id}/revisions").status_code == 404
    assert team.annotator.get(f"/projects/{place.project}/responses").status_code == 403
    assert team.reviewer.get(f"/responses/{task.response.id}").status_code == 200


def test_why_an_item_was_given_never_leaves_for_the_person(work, team):
    place = work(items=1)
    answer = team.annotator.post(f"/projects/{place.project}/claims").content

    why = json.decode(place.one("SELECT why FROM assignments"))

    assert why == {"policy": "in_order", "version": 1, "use": "work", "probability": 1.0}
    assert b"why" not in answer
    assert b"probability" not in answer

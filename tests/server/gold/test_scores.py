"""What answers to gold come to: scores with intervals, told in batches, and items that most people fail."""

import pytest

from karat.kinds import KINDS
from karat.model.schema import read_schema
from karat.server.gold.following import score_in
from karat.server.gold.scoring import _has_leaked
from karat.server.gold.telling import FIRST, told_of

SCHEMA, _ = read_schema(
    {
        "karat_schema": 1,
        "streams": {"photo": {"kind": "image"}},
        "fields": {
            "things": {"kind": "box", "on": "photo", "labels": {"car": {}}},
            "topic": {"kind": "choice", "options": {"cards": {}, "loans": {}}},
        },
    },
    KINDS,
)
POLICY = {
    "start": "label",
    "stages": {
        "label": {"do": "label", "overlap": 20, "next": [{"to": "accept"}]},
        "accept": {"do": "resolve", "by": "consensus"},
    },
    "gold": {"rate": 0.05},
}


@pytest.fixture
def keyed(work, team):
    """A project whose items are all gold, with the key `cards`; `place.score()` compares what was said with it."""

    def make(items=1, people=1):
        place = work(items=items, people=people, policy=POLICY)
        expert = place.manager
        entries = []
        for task in place.claim(expert, items):
            place.submit(expert, task)
            entries.append({"item": task.item.id, "response": task.response.id, "revision": 1})
        body = {"items": entries, "source": "response"}
        assert team.manager.post(f"/projects/{place.project}/gold", json=body).json()["left_out"] == []
        place.n = place.one("SELECT n FROM projects WHERE id = :id", id=place.project)
        place.score = lambda: place.db.write_now(
            score_in, place.n, [row[0] for row in place.rows("SELECT item FROM gold")]
        )
        return place

    return make


def test_an_item_that_most_people_fail_is_suspicious(keyed, team):
    place = keyed(people=5)
    for n, person in enumerate(place.people):
        place.submit(person, place.claim(person)[0], "loans" if n else "cards")
    place.score()

    (row,) = team.reviewer.get(f"/projects/{place.project}/gold").json()["items"]
    assert (row["answers"], row["suspicious"], row["right"]["value"]) == (5, True, 0.2)
    assert {
        one["author"]["name"]: one["exact"]["value"]
        for one in team.reviewer.get(f"/projects/{place.project}/gold/scores").json()
    } == {
        "Annotator": 1.0,
        "Annotator1": 0.0,
        "Annotator2": 0.0,
        "Annotator3": 0.0,
        "Annotator4": 0.0,
    }
    assert team.annotator.get(f"/projects/{place.project}/gold/scores").status_code == 403
    assert team.annotator.get(f"/projects/{place.project}/gold").status_code == 403


def test_ones_own_score_is_told_the_day_after_twenty_and_never_changes_by_an_edit(keyed, team, clock):
    place = keyed(items=FIRST)
    (person,) = place.people
    tasks = place.claim(person, FIRST)
    for task in tasks[:-1]:
        place.submit(person, task)
    place.score()
    own = f"/projects/{place.project}/gold/mine"
    assert team.annotator.get(own).json()["n"] is None

    place.submit(person, tasks[-1], "loans")
    place.score()
    assert team.annotator.get(own).json()["n"] is None

    clock.move(days=1)
    told = team.annotator.get(own).json()
    assert (told["n"], told["exact"]["value"]) == (FIRST, 0.95)


def test_a_retired_item_comes_back_when_a_manager_says_so(keyed, team):
    place = keyed()
    gold = team.reviewer.get(f"/projects/{place.project}/gold").json()["items"][0]["id"]

    assert team.reviewer.post(f"/gold/{gold}/retire").status_code == 403
    assert team.manager.post(f"/gold/{gold}/retire", json={"reason": "disputed"}).status_code == 204
    assert team.reviewer.get(f"/projects/{place.project}/gold?only=retired").json()["items"][0]["reason"] == "disputed"
    assert team.manager.post(f"/gold/{gold}/restore").status_code == 204
    assert team.reviewer.get(f"/projects/{place.project}/gold?only=active").json()["items"][0]["id"] == gold


def test_plans_say_how_many_answers_a_statement_takes(keyed, team):
    place = keyed()
    ask = f"/projects/{place.project}/gold/plan"

    least = team.reviewer.get(f"{ask}?statement=accuracy&at_least=0.9&confidence=0.95").json()
    assert (least["answers"], least["have"], least["ordinary"]) == (29, 1, 551)
    tell = team.reviewer.get(f"{ask}?statement=tell&good=0.9&bad=0.75").json()
    assert tell["expected_bad"] < tell["expected_good"] < tell["answers"]
    assert team.reviewer.get(f"{ask}?statement=tell&good=0.9&bad=0.95").status_code == 422


def test_answers_that_are_all_right_still_leave_doubt():
    told = told_of([{"topic": 0.0}] * 20, SCHEMA)

    assert told.score.value == 1 and told.score.low < 0.9


def test_what_is_drawn_is_right_where_it_is_near_for_nobody_draws_the_same_twice():
    told = told_of([{"things": 0.1 + n / 100, "topic": 0.0} for n in range(20)], SCHEMA)
    things = told.fields[0]

    assert (told.exact.value, things.exact.value) == (1, 1)
    assert things.score.value == pytest.approx(0.805)
    assert 0.7 < things.score.low < things.score.value < things.score.high < 0.9
    assert told_of([{"things": 0.1, "topic": 1.0}] * 5 + [{"things": 0.9, "topic": 0.0}] * 5, SCHEMA).exact.value == 0


@pytest.mark.parametrize(("first", "has_leaked"), [(30_000, True), (2_000, False)])
def test_an_item_has_leaked_where_the_last_were_quick_and_those_before_them_were_not(keyed, first, has_leaked):
    place = keyed(items=4, people=9)
    for n, person in enumerate(place.people):
        *usual, task = place.claim(person, 4)
        for one in usual:
            place.submit(person, one, active_ms=30_000)
        place.submit(person, task, active_ms=first if n < 4 else 2_000)
        place.score()
    (item,) = place.rows("SELECT n FROM items WHERE id = :id", id=task.item.id)[0]
    place.db.write_now(lambda tx: tx.put("UPDATE gold_answers SET use = 'hidden'"))

    assert place.db.read_now(_has_leaked, place.n, item) == has_leaked

"""Gold mixed into the work: it comes, it counts for nothing, and nobody who is given it can tell."""

import json

import msgspec
import pytest

from karat.testing.labeling import answer_of


def policy(rate=0.5, overlap=1, **label):
    return {
        "start": "label",
        "stages": {
            "label": {"do": "label", "overlap": overlap, "next": [{"to": "accept"}], **label},
            "accept": {"do": "resolve", "by": "consensus"},
        },
        "gold": {"rate": rate},
    }


@pytest.fixture
def golden(work, team):
    """A project with gold made from a manager's answers, and further items."""

    def make(gold=3, items=6, people=1, **more):
        place = work(items=gold, people=people, policy=policy(**more))
        entries = []
        for item in place.items:
            task = team.manager.post(f"/projects/{place.project}/items/{item}/open").json()
            answer = {
                "item": item,
                "item_revision": 1,
                "schema": 1,
                "state": "submitted",
                "covers": {"topic": None},
                "annotations": [{"id": "topic", "field": "topic", "kind": "choice", "version": 1, "value": "cards"}],
                "active_ms": 900,
            }
            response = task["response"]["id"]
            assert team.manager.put(f"/responses/{response}/revisions/1", json=answer).status_code == 201
            entries.append({"item": item, "response": response, "revision": 1})
        made = team.manager.post(f"/projects/{place.project}/gold", json={"items": entries, "source": "response"})
        assert len(made.json()["made"]) == gold, made.text
        place.db.write_now(
            lambda tx: tx.put(
                "INSERT INTO secrets (name, value) VALUES ('draws', :v) ON CONFLICT DO NOTHING", v="07" * 32
            )
        )
        place.gold = set(place.items)
        place.add(items)
        return place

    return make


def test_gold_comes_in_the_place_of_work_and_takes_nothing_from_it(golden):
    place = golden()
    seen = []
    while tasks := place.claim(place.people[0], 1):
        assert place.submit(place.people[0], tasks[0]).receipt is not None
        place.check()
        seen.append(tasks[0].item.id)

    assert len(seen) == len(set(seen))
    assert set(place.items) - place.gold <= set(seen)
    assert len(place.gold & set(seen)) > 0
    assert place.claim(place.people[0], 5) == []


def test_nothing_comes_but_gold_is_never_asked(golden):
    place = golden(items=0)

    assert place.claim(place.people[0], 3) == []


def shape(value):
    """The names and types in an answer, without its values."""
    if isinstance(value, dict):
        return {name: shape(one) for name, one in sorted(value.items())}
    if isinstance(value, list):
        return [shape(one) for one in value[:1]]
    return type(value).__name__


def counters(person, place):
    """Every number that somebody is told of their work; the median of times is theirs to know, and changes with each."""
    progress = person.get(f"/projects/{place.project}/progress").json()
    return [{**progress, "median_ms": None}, person.get("/home").json()]


def life(person, place, task):
    """Everything somebody can do with an item, and all that they are told on the way."""
    item, assignment = task["item"]["id"], task["assignment"]["id"]
    response, told = task["response"]["id"], []

    def ask(method, path, **more):
        before = counters(person, place)
        answer = person.ask(method, path, **more)
        after = counters(person, place)
        told.append((method, answer.status_code, sorted(answer.headers), before == after))
        told.append(shape(answer.json()) if answer.content else None)
        return answer

    def answer(number, **more):
        body = json.loads(msgspec.json.encode(answer_of(FakeTask(task), **more)))
        return ask("PUT", f"/responses/{response}/revisions/{number}", json=body)

    ask("POST", f"/assignments/{assignment}/renew")
    ask("DELETE", f"/assignments/{assignment}")
    again = ask("POST", f"/projects/{place.project}/claims", json={"count": 1}).json()["tasks"]
    told.append([one["item"]["id"] == item for one in again])
    ask("POST", f"/projects/{place.project}/items/{item}/open")
    answer(1, state="skipped", skip={"reason": "unclear"}, covers={})
    ask("DELETE", f"/responses/{response}/revisions/1")
    answer(2)
    answer(3, value="loans")
    ask("DELETE", f"/responses/{response}/revisions/3")
    answer(4, value="nothing")
    for path in (
        f"/items/{item}",
        f"/items/{item}/draft",
        f"/responses/{response}",
        f"/responses/{response}/revisions",
    ):
        ask("GET", path)
    ask("POST", f"/projects/{place.project}/items/{item}/open")
    ask("DELETE", f"/assignments/{assignment}")
    mine = ask("GET", f"/projects/{place.project}/mine?limit=1").json()["items"][0]
    told.append((mine["editable"], mine["item"] == item))
    return told


class FakeTask:
    """A task of the API where a test wants one as a value."""

    def __init__(self, task):
        self.item = type("Item", (), {"id": task["item"]["id"], "revision": task["item"]["revision"]})
        self.assignment = type("Claim", (), {"id": task["assignment"]["id"]})
        self.schema = task["schema"]


def test_whoever_is_given_gold_is_told_nothing_else_than_of_ordinary_work(golden, team):
    place = golden(gold=2, items=8, overlap=2)
    place.submit(place.people[0], place.claim(place.people[0])[0])
    lives = {True: [], False: []}
    for _ in range(5):
        task = team.annotator.post(f"/projects/{place.project}/claims", json={"count": 1}).json()["tasks"][0]
        lives[task["item"]["id"] in place.gold].append([shape(task), *life(team.annotator, place, task)])

    assert lives[True] and lives[False]
    told = {json.dumps(one) for one in [*lives[True], *lives[False]]}
    assert len(told) == 1


def test_gold_that_people_are_shown_is_retired_and_cannot_come_back(golden, team):
    place = golden()
    listed = f"/projects/{place.project}/gold"

    ruled = team.reviewer.post(f"/projects/{place.project}/precedents", json={"text": "Cards.", "item": place.items[0]})

    assert ruled.status_code == 201, ruled.text
    [row] = [one for one in team.manager.get(listed).json()["items"] if one["item"] == place.items[0]]
    assert (row["state"], row["reason"]) == ("retired", "shown")
    assert team.manager.post(f"/gold/{row['id']}/restore").status_code == 409
    entry = {"item": place.items[0], "response": row["response"], "revision": row["revision"]}
    again = team.manager.post(listed, json={"items": [entry], "source": "response"}).json()
    assert (again["made"], [one["item"] for one in again["left_out"]]) == ([], [place.items[0]])

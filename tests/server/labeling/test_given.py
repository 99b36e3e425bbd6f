"""What an answer begins as: a copy of what a file or a model said, if the workflow says so, and of nobody else's words."""

import uuid

import pytest
from msgspec import Raw, json

from karat.kinds import KINDS
from karat.model.schema import read_schema
from karat.server.labeling.queries.given import copies_of
from karat.server.reports.weighing import weigh

SCHEMA = {
    "karat_schema": 1,
    "streams": {"text": {"kind": "text"}},
    "fields": {
        "names": {"kind": "span", "on": "text", "labels": {"person": {}}},
        "knows": {"kind": "relation", "from": {"names": []}, "to": {"names": []}, "labels": {"knows": {}}},
        "topic": {"kind": "choice", "options": {"news": {}, "other": {}}},
    },
}
SAID = [
    {
        "id": "a",
        "field": "names",
        "kind": "span",
        "version": 1,
        "label": "person",
        "value": [[0, 2]],
        "confidence": 0.9,
    },
    {"id": "b", "field": "names", "kind": "span", "version": 1, "label": "person", "value": [[2, 4]]},
    {
        "id": "c",
        "field": "knows",
        "kind": "relation",
        "version": 1,
        "label": "knows",
        "value": {"from": "a", "to": "b"},
    },
    {"id": "topic", "field": "topic", "kind": "choice", "version": 1, "label": None, "value": "news"},
]
ALL = {"names": None, "knows": None, "topic": None}


@pytest.fixture
def place(work):
    return work(items=1, overlap=3, people=2, schema=SCHEMA)


def said_by(place, type_, name):
    """Makes the second person's answer that of an author of another type."""
    [task] = place.claim(place.people[1])
    assert place.submit(place.people[1], task, annotations=Raw(json.encode(SAID)), covers=ALL).receipt

    def turn(tx):
        [(workspace,)] = tx.run("SELECT workspace FROM authors WHERE n = (SELECT author FROM responses)")
        [(n,)] = tx.run(
            "INSERT INTO authors (id, workspace, type, name, version, created_at)"
            " VALUES (:id, :workspace, :type, :name, '', :at) RETURNING n",
            id=str(uuid.uuid4()),
            workspace=workspace,
            type=type_,
            name=name,
            at=tx.now(),
        )
        tx.run("UPDATE responses SET author = :n", n=n)
        tx.run("DELETE FROM assignments")

    place.db.write_now(turn)
    return task.response.id


def begin(team, place, how):
    path = f"/projects/{place.project}"
    etag = team.manager.get(path).headers["etag"]
    return team.manager.patch(path, json={"begin": how}, headers={"if-match": etag})


def given(place):
    [task] = place.claim(place.people[0])
    return task, None if task.given is None else json.decode(task.given.annotations)


def test_it_begins_as_a_copy_of_what_a_model_said_with_ids_and_origins_of_its_own(place, team):
    source = said_by(place, "model", "detector")
    assert begin(team, place, "model detector").json()["policy"]["stages"]["label"]["begin"] == "model detector"

    task, copies = given(place)

    a, b, link, topic = copies
    assert a["from"] == {"response": source, "annotation": "a"}
    assert (a["extra"], "confidence" in a) == ({"given": True}, False)
    assert link["value"] == {"from": a["id"], "to": b["id"]}
    assert topic["id"] == "topic"
    assert a["id"] not in ("a", b["id"])
    assert (task.given.base.response, task.given.base.revision) == (source, 1)


def test_it_is_handed_in_as_made_from_that_and_does_not_begin_anew(place, team):
    said_by(place, "import", "boxes.json")
    begin(team, place, "imported")
    task, copies = given(place)

    done = place.submit(place.people[0], task, annotations=Raw(json.encode(copies)), covers=ALL, base=task.given.base)

    assert done.receipt, done.problems
    again = team.annotator.post(f"/projects/{place.project}/items/{task.item.id}/open").json()
    assert again["given"] is None


@pytest.mark.parametrize(
    ("type_", "name", "how"),
    [
        ("model", "detector", "nothing"),
        ("model", "detector", "imported"),
        ("model", "detector", "model other"),
        ("import", "boxes.json", "model boxes.json"),
        ("person", "Ben", "imported"),
        ("gold", "detector", "model detector"),
    ],
)
def test_nothing_else_is_copied(place, team, type_, name, how):
    said_by(place, type_, name)
    begin(team, place, how)

    assert given(place)[1] is None


def test_what_a_person_said_is_never_copied(place, team):
    [task] = place.claim(place.people[1])
    place.submit(place.people[1], task, annotations=Raw(json.encode(SAID)), covers=ALL)
    begin(team, place, "imported")

    assert given(place)[1] is None


@pytest.mark.parametrize("how", ["model", "model ", "everything"])
def test_a_beginning_that_is_none_is_refused(place, team, how):
    answer = begin(team, place, how)

    assert answer.status_code == 422
    assert [p["path"] for p in answer.json()["problems"]] == ["begin"]


def test_what_is_copied_takes_no_place_of_those_who_answer(work, team):
    place = work(items=1, overlap=1, people=2, schema=SCHEMA)
    said_by(place, "import", "boxes.json")
    assert place.claim(place.people[0]) == []

    begin(team, place, "imported")

    assert given(place)[1] is not None


@pytest.mark.parametrize(("how", "counted"), [("nothing", 2), ("imported", 1)])
def test_who_agrees_with_what_they_were_given_is_no_second_voice(place, team, how, counted):
    said_by(place, "import", "boxes.json")
    begin(team, place, how)
    task, _ = given(place)
    assert place.submit(place.people[0], task, annotations=Raw(json.encode(SAID[3:])), covers=ALL).receipt

    [n] = [n for (n,) in place.rows("SELECT n FROM items")]
    [weighed] = place.db.read_now(lambda tx: weigh(tx, 1, [n])[1])

    assert {one.field: one.n for one in weighed.merged}["topic"] == counted


def test_the_answers_to_each_part_are_copied_one_by_one():
    rating = {"kind": "rating", "on": "chat", "each": "turn", "min": 1, "max": 5}
    given = {"karat_schema": 1, "streams": {"chat": {"kind": "dialogue"}}, "fields": {"good": rating}}
    schema, _ = read_schema(given, KINDS)
    said = [
        {"id": f"good/{n}", "field": "good", "kind": "rating", "on": {"stream": "chat", "part": str(n)}, "value": n}
        for n in (1, 2)
    ]

    copies = copies_of(said, schema, source="theirs", response=str(uuid.uuid4()))

    assert [(one["id"], one["value"]) for one in copies] == [("good/1", 1), ("good/2", 2)]

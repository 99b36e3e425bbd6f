"""Vocabularies: uploaded, searched by what somebody types, and asked for on submit."""

import json

import pytest

from karat.server.projects.vocabulary import terms_of
from karat.server.vocabularies import Entry

PLACES = [
    {"id": "Q90", "title": "Paris", "aliases": ["Lutetia", "Ville Lumière"], "definition": "capital of France"},
    {"id": "Q830149", "title": "Paris, Texas", "definition": "city in Texas"},
    {"id": "Q72", "title": "Zürich"},
    {"id": "Q60", "title": "New York City", "aliases": ["Big Apple"]},
    {"id": "Q3630", "title": "Jakarta"},
]
SCHEMA = {
    "karat_schema": 1,
    "streams": {"text": {"kind": "text"}},
    "fields": {
        "place": {"kind": "entity", "vocabulary": "places"},
        "names": {
            "kind": "span",
            "labels": {"name": {"attributes": {"is": {"kind": "entity", "vocabulary": "places"}}}},
        },
    },
}


@pytest.fixture
def project(team):
    made = team.project(SCHEMA)
    answer = put(team.manager, made, "\n".join(json.dumps(entry) for entry in PLACES))
    assert answer.json()["entries"] == 5, answer.text
    return made


def put(person, project, content, name="places"):
    return person.put(f"/projects/{project}/vocabularies/{name}", content=content.encode())


def test_entries_are_found_by_the_beginning_of_any_word_without_marks_the_nearest_first(team, project):
    def found(typed):
        answer = team.annotator.get(f"/projects/{project}/vocabularies/places/entries", params={"q": typed})
        return [entry["id"] for entry in answer.json()]

    assert found("paris") == ["Q90", "Q830149"]
    assert found("TEX") == ["Q830149"]
    assert found("zur") == ["Q72"]
    assert found("lumiere") == ["Q90"]
    assert found("city york") == ["Q60"]
    assert found("Q3630") == ["Q3630"]
    assert found("aris") == []
    assert len(found("")) == 5


def test_a_clone_has_the_vocabularies_too(team, project):
    many = "id,title\n" + "".join(f"N{n},Name {n}\n" for n in range(130))
    put(team.manager, project, many, name="names")

    made = team.manager.post(f"/projects/{project}/clone", json={"title": "Again"}).json()["project"]["id"]

    listed = team.manager.get(f"/projects/{made}/vocabularies").json()
    assert [(row["name"], row["entries"]) for row in listed] == [("names", 130), ("places", 5)]
    found = team.manager.get(f"/projects/{made}/vocabularies/places/entries", params={"q": "lutetia"}).json()
    assert [entry["id"] for entry in found] == ["Q90"]
    last = team.manager.get(f"/projects/{made}/vocabularies/names/entries", params={"q": "Name 129"}).json()
    assert [entry["id"] for entry in last] == ["N129"]


def test_an_upload_takes_the_place_of_the_one_before_and_csv_is_read_too(team, project):
    table = "id,title,aliases\nQ64,Berlin,Spree-Athen|Athen an der Spree\n"

    assert put(team.manager, project, table).json()["entries"] == 1

    listed = team.annotator.get(f"/projects/{project}/vocabularies").json()
    assert [(row["name"], row["entries"]) for row in listed] == [("places", 1)]
    found = team.annotator.get(f"/projects/{project}/vocabularies/places/entries", params={"q": "athen"}).json()
    assert [(entry["id"], entry["aliases"]) for entry in found] == [("Q64", ["Spree-Athen", "Athen an der Spree"])]
    with team.server.db.engine().connect() as connection:
        left = connection.exec_driver_sql("SELECT (SELECT count(*) FROM entries), (SELECT count(*) FROM vocabularies)")
        assert tuple(left.one()) == (1, 1)


FAULTS = {
    "": "line 1",
    "title\nParis\n": "line 1",
    "id,title\nQ1,Paris\nQ1,Lyon\n": "line 3",
    "id,title\nQ1,\n": "line 2",
    '{"id": "Q1"}': "line 1",
    '{"id": "Q1", "title": "a"}\n{"id": "Q2", "title": ["b"]}': "line 2",
}


def test_what_is_wrong_with_a_file_is_told_with_its_line_and_nothing_is_changed(team, project):
    answers = {content: put(team.manager, project, content) for content in FAULTS}

    assert {answer.status_code for answer in answers.values()} == {422}
    assert {content: answer.json()["problems"][0]["path"] for content, answer in answers.items()} == FAULTS
    assert team.manager.get(f"/projects/{project}/vocabularies").json()[0]["entries"] == 5


def test_only_who_manages_uploads_and_the_name_can_stand_in_an_address(team, project):
    assert put(team.annotator, project, "id,title\n1,a\n").status_code == 403
    assert put(team.stranger, project, "id,title\n1,a\n").status_code == 404
    assert put(team.manager, project, "id,title\n1,a\n", "My Places").status_code == 422


def test_an_answer_that_names_an_entry_which_is_not_there_is_kept_as_a_draft(team, project):
    from karat.testing.items import fill_items

    fill_items(team.server.db, project, ["Ada was born in London."])
    task = team.annotator.post(f"/projects/{project}/claims", json={"count": 1}).json()["tasks"][0]

    def submit(place, name):
        answer = {
            "item": task["item"]["id"],
            "item_revision": 1,
            "assignment": task["assignment"]["id"],
            "schema": 1,
            "state": "submitted",
            "covers": {"place": None, "names": None},
            "annotations": [
                {
                    "id": "place",
                    "field": "place",
                    "kind": "entity",
                    "version": 1,
                    "label": None,
                    "value": {"id": place},
                },
                {
                    "id": "0199d7c4-8a51-7d3e-9f67-2f6b1c0e4a11",
                    "field": "names",
                    "kind": "span",
                    "version": 1,
                    "on": {"stream": "text"},
                    "label": "name",
                    "value": [[0, 3]],
                    "attributes": {"is": {"id": name}},
                },
            ],
        }
        return team.annotator.put(f"/responses/{task['response']['id']}/revisions/1", json=answer)

    refused = submit("Q84", "Q90")
    assert (refused.status_code, [p["path"] for p in refused.json()["problems"]]) == (422, ["annotations[0].value.id"])
    refused = submit("Q90", "Q7259")
    assert [p["path"] for p in refused.json()["problems"]] == ["annotations[1].attributes.is.id"]
    assert submit("Q90", None).status_code == 201


def test_a_long_name_is_found_by_its_first_words():
    entry = Entry("1", "one two three four five six seven eight nine ten", ("Uno",))

    assert len(terms_of(entry)) == 9


def test_what_the_schema_names_is_deleted_only_once_it_does_not(team, project):
    path = f"/projects/{project}/vocabularies/places"
    [listed] = team.manager.get(f"/projects/{project}/vocabularies").json()
    assert listed["used_by"] == ["fields.place", "fields.names.labels.name.attributes.is"]
    refused = team.manager.delete(path)
    assert refused.status_code == 409
    assert [problem["path"] for problem in refused.json()["problems"]] == listed["used_by"]

    put(team.manager, project, "id,title\n1,One\n", name="spare")
    assert team.manager.delete(f"/projects/{project}/vocabularies/spare").json()["entries"] == 1

    assert [row["name"] for row in team.manager.get(f"/projects/{project}/vocabularies").json()] == ["places"]
    assert team.manager.get(f"/projects/{project}/vocabularies/spare/entries").status_code == 404
    assert team.manager.delete(f"/projects/{project}/vocabularies/spare").status_code == 404

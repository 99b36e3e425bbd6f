"""Lists of words: uploaded, replaced, read by who labels, told what is wrong with them."""

import pytest

SCHEMA = {
    "karat_schema": 1,
    "streams": {"text": {"kind": "text"}},
    "fields": {"names": {"kind": "span", "labels": {"drug": {}}, "suggest": {"words": "drugs"}}},
}


def put(person, project, content, name="drugs"):
    return person.put(f"/projects/{project}/words/{name}", content=content.encode())


def test_a_list_is_read_by_who_labels_and_replaced_by_who_manages(team):
    project = team.project(SCHEMA)
    assert team.annotator.get(f"/projects/{project}/words/drugs").status_code == 404
    assert put(team.annotator, project, "words,label\na,drug\n").status_code == 403
    assert put(team.manager, project, '{"words": " low\\t potassium", "label": "x"}\n').json()["words"] == 1

    answer = put(team.manager, project, "words,label\nAspirin,drug\nAspirin,other\nacetyl acid,drug\n")

    assert answer.json()["words"] == 2, answer.text
    assert [(row["name"], row["words"]) for row in team.annotator.get(f"/projects/{project}/words").json()] == [
        ("drugs", 2)
    ]
    found = team.annotator.get(f"/projects/{project}/words/drugs").json()
    assert found["words"] == {"Aspirin": "drug", "acetyl acid": "drug"}


@pytest.mark.parametrize(
    ("content", "path"),
    [
        ("", "line 1"),
        ("word\naspirin\n", "line 1"),
        ("words,label\n,drug\n", "line 2"),
        ("words,label\naspirin,\n", "line 2"),
        ("words,label\n" + "a" * 101 + ",drug\n", "line 2"),
        ('{"words": "a"}', "line 1"),
        ("words,label\n", "body"),
    ],
)
def test_what_is_wrong_with_a_list_is_told_with_its_line(team, content, path):
    answer = put(team.manager, team.project(SCHEMA), content)

    assert (answer.status_code, answer.json()["problems"][0]["path"]) == (422, path)


def test_names_can_stand_in_an_address(team):
    project = team.project(SCHEMA)
    assert put(team.manager, project, "words,label\na,drug\n", "Bad%20Name").status_code == 422
    fields = {"names": SCHEMA["fields"]["names"] | {"suggest": {"words": "Bad Name"}}}
    made = team.manager.post(
        f"/workspaces/{team.workspace}/projects", json={"title": "x", "schema": SCHEMA | {"fields": fields}}
    )
    assert made.status_code == 422

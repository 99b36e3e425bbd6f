"""Saved views of the table of items: shared by all who see it, changed by managers."""

import pytest

LOOK = {
    "name": "Low agreement",
    "filter": {"all": [{"state": ["labeled"]}]},
    "sort": "disagreement",
    "descending": True,
    "columns": [{"key": "name", "width": 180}, {"key": "disagreement", "width": None}],
}


@pytest.fixture
def place(shelf):
    return f"/projects/{shelf.project}/views"


def test_a_view_that_a_manager_saves_is_there_for_every_reviewer(shelf, place):
    saved = shelf.team.manager.post(place, json=LOOK)

    assert saved.status_code == 201
    listed = shelf.team.reviewer.get(place).json()
    assert listed == [saved.json()]
    assert {key: listed[0][key] for key in LOOK} == LOOK
    assert listed[0]["by"] == "Manager"


def test_a_view_is_renamed_and_looks_otherwise_after_a_change(shelf, place):
    view = shelf.team.manager.post(place, json=LOOK).json()["id"]

    changed = shelf.team.owner.put(f"{place}/{view}", json={"name": "  Night  ", "sort": "key", "descending": False})

    assert changed.status_code == 200
    assert shelf.team.reviewer.get(place).json() == [changed.json()]
    body = changed.json()
    assert (body["name"], body["sort"], body["descending"], body["filter"], body["columns"], body["by"]) == (
        "Night",
        "key",
        False,
        {},
        [],
        "Owner",
    )


def test_a_deleted_view_is_gone_and_its_items_stay(shelf, place):
    view = shelf.team.manager.post(place, json=LOOK).json()["id"]
    before = shelf.count()

    assert shelf.team.manager.delete(f"{place}/{view}").status_code == 200

    assert shelf.team.reviewer.get(place).json() == []
    assert shelf.count() == before
    assert shelf.team.manager.delete(f"{place}/{view}").status_code == 404


def test_a_name_is_taken_once_but_a_view_keeps_its_own(shelf, place):
    view = shelf.team.manager.post(place, json=LOOK).json()["id"]

    again = shelf.team.manager.post(place, json=LOOK)
    assert again.status_code == 409
    assert again.json()["title"] == "There is a view of this name"
    assert shelf.team.manager.put(f"{place}/{view}", json=LOOK).status_code == 200


@pytest.mark.parametrize(
    ("wrong", "path"),
    [
        ({"name": " "}, "name"),
        ({"name": "n" * 61}, "name"),
        ({"filter": {"all": [{"nothing": 1}]}}, "filter.all[0].nothing"),
        ({"sort": "weather"}, "sort"),
        ({"columns": [{"key": "name"}] * 201}, "columns"),
    ],
)
def test_what_a_table_could_not_show_is_refused_with_its_place(shelf, place, wrong, path):
    refused = shelf.team.manager.post(place, json={**LOOK, **wrong})

    assert refused.status_code == 422, refused.text
    assert refused.json()["problems"][0]["path"] == path


def test_a_project_has_fifty_views_at_most(shelf, place):
    made = [shelf.team.manager.post(place, json={**LOOK, "name": f"view {n}"}).status_code for n in range(51)]

    assert made == [201] * 50 + [409]


def test_reviewers_change_no_view_and_annotators_see_none(shelf, place):
    view = shelf.team.manager.post(place, json=LOOK).json()["id"]

    assert shelf.team.reviewer.post(place, json=LOOK).status_code == 403
    assert shelf.team.reviewer.put(f"{place}/{view}", json=LOOK).status_code == 403
    assert shelf.team.reviewer.delete(f"{place}/{view}").status_code == 403
    assert shelf.team.annotator.get(place).status_code == 403


def test_a_view_is_found_in_its_own_project_only(shelf, place):
    view = shelf.team.manager.post(place, json=LOOK).json()["id"]
    other = shelf.team.project()

    assert shelf.team.manager.put(f"/projects/{other}/views/{view}", json=LOOK).status_code == 404
    assert shelf.team.manager.get(f"/projects/{other}/views").json() == []

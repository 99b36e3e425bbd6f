"""Dashboards: counts kept by following, the same as counted anew, and every number lists as many items as it says."""

import json

import pytest

from karat.server.boards.counting import write
from karat.server.boards.giving import look
from tests.server.items.conftest import SCHEMA, TEXTS, Shelf
from tests.server.review.judging import POLICY


@pytest.fixture
def three(team):
    """Items in two places that want three answers each."""
    from karat.server.search.index import index_item
    from karat.testing.items import fill_items

    project = team.project(SCHEMA, overlap=3)
    shelf = Shelf(team, project, fill_items(team.server.db, project, TEXTS))
    for n in range(5):
        shelf.edit(n, metadata={"site": "A" if n < 2 else "B", "year": 2020 + n % 2})
    assert index_item
    return shelf


def get(shelf, path, who=None, **query):
    answer = (who or shelf.team.manager).get(f"/projects/{shelf.project}/{path}", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def answered(shelf, until):
    """Two say cards, one says loans, on two items; one says cards alone on a third."""
    team = shelf.team
    for n in (0, 1):
        for who, topic in ((team.owner, "cards"), (team.manager, "cards"), (team.reviewer, "loans")):
            shelf.answer(who, n, topic)
    shelf.answer(team.owner, 2, "cards")
    until(lambda: get(shelf, "reports/labels"), lambda rows: sum(row["n"] for row in rows) == 7)
    until(
        lambda: get(shelf, "team"),
        lambda body: not body["behind"] and sum(row["answers"] for row in body["people"]) == 7,
    )
    until(lambda: get(shelf, "flow"), lambda body: not body["behind"] and body["done"]["n"] == 2)


def doors(body):
    """Every number of items in an answer, with the filter that lists them."""
    if isinstance(body, dict):
        if isinstance(body.get("filter"), dict):
            n = next((body[key] for key in ("differ", "items", "n") if isinstance(body.get(key), int)), None)
            if n is not None:
                yield n, body["filter"]
        for value in body.values():
            yield from doors(value)
    elif isinstance(body, list):
        for value in body:
            yield from doors(value)


def test_every_number_lists_as_many_items_as_it_says(three, until, monkeypatch):
    answered(three, until)
    pages = ["flow", "reports/labels", "reports/coverage", "reports/pairs", "reports/progress"]

    found = [door for page in pages for door in doors(get(three, page))]

    assert len(found) > 30
    for n, filter_ in found:
        counted = get(three, "items/count", filter=json.dumps(filter_))
        assert counted == {"count": n, "exact": True}, filter_
    # Of more than so many the count is read where it is kept, and must say the same.
    monkeypatch.setattr("karat.server.items.queries.FEW", 0)
    for n, filter_ in found:
        assert get(three, "items/count", filter=json.dumps(filter_))["count"] == n, filter_


def test_what_was_kept_is_what_counting_anew_gives(three, until):
    answered(three, until)
    three.answer(three.team.reviewer, 0, "cards")
    until(lambda: get(three, "reports/labels"), lambda rows: rows[0]["items"] == 3 and rows[0]["n"] == 6)
    db = three.team.server.db

    def kept(tx):
        rows = tx.run(
            "SELECT what, a, b, day, n, x, y FROM rollups WHERE n <> 0 AND what <> 'stayed' ORDER BY 1, 2, 3, 4"
        )
        near = tx.run("SELECT field, label, a, b, n, differ, x FROM pair_sums WHERE n <> 0 ORDER BY 1, 2, 3, 4")
        apart = tx.run("SELECT item, field, label, a, b, distance FROM differing ORDER BY 1, 2, 3, 4, 5")
        return [[tuple(row) for row in part] for part in (rows, near, apart)]

    before = db.read_now(kept)

    def anew(tx):
        for table in ("rollups", "pair_sums", "differing", "rolled"):
            tx.run(f"DELETE FROM {table}")
        project, items = tx.run("SELECT n FROM projects")[0][0], [row[0] for row in tx.run("SELECT n FROM items")]
        assert write(tx, project, look(tx, project, items)) == len(items)
        assert write(tx, project, look(tx, project, items)) == 0, "what did not change moves nothing"

    db.write_now(anew)
    assert db.read_now(kept) == before
    assert all(len(part) > 3 for part in before)


def test_the_matrix_says_how_near_two_are_on_a_field_and_on_a_label(three, until):
    answered(three, until)
    whole, loans = get(three, "reports/pairs", field="topic"), get(three, "reports/pairs", field="topic", label="loans")
    name = {author["id"]: author["name"] for author in whole["authors"]}

    cells = {frozenset((name[c["a"]], name[c["b"]])): (c["value"], c["n"], c["differ"]) for c in whole["cells"]}
    assert cells == {
        frozenset(("Owner", "Manager")): (1.0, 2, 0),
        frozenset(("Owner", "Reviewer")): (0.0, 2, 2),
        frozenset(("Manager", "Reviewer")): (0.0, 2, 2),
    }
    assert [a["name"] for a in whole["authors"]] in (
        ["Reviewer", "Owner", "Manager"],
        ["Reviewer", "Manager", "Owner"],
        ["Owner", "Manager", "Reviewer"],
        ["Manager", "Owner", "Reviewer"],
    )
    assert {(cell["value"], cell["n"]) for cell in loans["cells"]} == {(0.0, 2)}, "nobody but one said loans"
    assert len(loans["cells"]) == 2
    assert whole["labels"] == {"cards": "cards", "loans": "loans"}


def test_reviewers_of_a_blind_stage_see_letters_and_no_doors(work, team, until):
    place = work(
        items=2, people=2, policy={"stages": {**POLICY["stages"], "label": {**POLICY["stages"]["label"], "overlap": 2}}}
    )
    for person in place.people:
        for task in place.claim(person, 2):
            place.submit(person, task)
    at = f"/projects/{place.project}/reports/pairs"
    until(lambda: team.manager.get(at).json(), lambda body: body["cells"] and body["cells"][0]["n"] == 2)

    seen, known = team.reviewer.get(at).json(), team.manager.get(at).json()

    assert (seen["blinded"], known["blinded"]) == (True, False)
    assert [author["name"] for author in seen["authors"]] == ["A", "B"]
    assert seen["cells"][0]["filter"] is None
    assert {author["name"] for author in known["authors"]} == {"Annotator", "Annotator1"}


def test_slices_are_thinnest_first_and_a_key_of_many_values_has_none(three, until):
    answered(three, until)
    keys = {key["key"]: key for key in get(three, "reports/coverage")["keys"]}

    assert [(s["value"], s["items"]["n"], s["answered"]["n"], s["done"]["n"]) for s in keys["site"]["slices"]] == [
        ("B", 3, 1, 0),
        ("A", 2, 2, 2),
    ]
    assert keys["site"]["without"]["n"] == 2
    assert {s["value"] for s in keys["year"]["slices"]} == {2020.0, 2021.0}


def test_a_deleted_item_is_counted_no_more(three, until):
    answered(three, until)
    three.bulk(action="delete", ids=[three.items[0]])

    rows = until(lambda: get(three, "reports/labels"), lambda rows: rows[0]["items"] == 2)

    assert rows[0]["items"] == 2
    assert {c["n"] for c in get(three, "reports/pairs", field="topic")["cells"]} == {1}


def test_what_waits_is_told_by_stage_to_reviewers_and_nothing_of_others_to_annotators(work, team, until):
    place = work(items=2, people=1, policy=POLICY)
    for task in place.claim(place.people[0], 2):
        place.submit(place.people[0], task)
    [item, _] = place.rows("SELECT id FROM items ORDER BY n")
    asked = {"item": item[0], "kind": "question", "text": "Cards or loans?", "place": {}}
    thread = team.annotator.post(f"/projects/{place.project}/threads", json=asked)
    assert thread.status_code == 201, thread.text

    found = until(
        lambda: team.reviewer.get("/todo").json(), lambda todo: todo["judge"] and todo["judge"][0]["items"] == 2
    )
    own = team.annotator.get("/todo").json()

    assert [(one["stage"], one["items"], one["ages"][0]["days"]) for one in found["judge"]] == [("review", 2, 0)]
    assert [(one["project"], one["n"]) for one in found["questions"]] == [(place.project, 1)]
    assert own == {"judge": [], "questions": [], "appeals": [], "answered": []}
    assert team.stranger.get("/todo").json() == own

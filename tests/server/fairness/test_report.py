"""A report finds what was planted, says what it covers, and tells nobody's secret."""

import csv
import io
import random

import msgspec

from karat.server.search.index import index_item
from tests.server.fairness.reporting import report

ATTRIBUTE = {
    "title": "First language",
    "purpose": "To see that all are treated alike.",
    "options": ["Polish", "Thai", "Urdu"],
}
SLICES = {"slices": [{"key": "light", "expected": {"day": 0.5, "night": 0.5}}, {"key": "speed", "edges": [10, 20]}]}


def cut(place):
    """Every third item is of the night, every ninth says nothing; speeds from 0 to 29."""

    def put(tx):
        for at, id_ in enumerate(place.items):
            light = {} if at % 9 == 8 else {"light": "night" if at % 3 == 0 else "day"}
            metadata = {**light, "speed": at % 30}
            body = msgspec.json.encode(metadata).decode()
            n, project = tx.run("UPDATE items SET metadata = :m WHERE id = :id RETURNING n, project", m=body, id=id_)[0]
            index_item(tx, project, n, metadata, [])

    place.db.write_now(put)


def night_is_called_loans(place):
    """Two answer every item; of the night they say loans eight times in ten, else two times."""
    draw = random.Random(1)
    for person in place.people:
        while tasks := place.claim(person, 50):
            for task in tasks:
                at = place.items.index(task.item.id)
                loans = draw.random() < (0.8 if at % 3 == 0 and at % 9 != 8 else 0.2)
                place.submit(person, task, "loans" if loans else "cards")


def test_a_report_finds_the_planted_slice_and_its_numbers_open_its_items(work, team):
    place = work(items=90, overlap=2, people=2)
    cut(place)
    assert team.manager.put(f"/projects/{place.project}/fairness/slices", json=SLICES).status_code == 200
    night_is_called_loans(place)

    report(place)
    page = team.reviewer.get(f"/projects/{place.project}/fairness").json()
    light, speed = page["report"]["slices"]
    found = page["report"]["findings"]

    assert {(one["key"], one["cell"]) for one in found} == {("light", "night"), ("light", "day")}
    assert found[0]["figure"]["adjusted"] < 0.05 < abs(found[0]["figure"]["difference"])
    assert [(cell["name"], cell["items"]) for cell in light["cells"]] == [("day", 50), ("night", 30), ("missing", 10)]
    assert [cell["name"] for cell in speed["cells"]] == ["below 10", "10 to 20", "from 20"]
    assert round(light["distance"], 2) == 0.17, "10 of 90 are undeclared, 15 too few of the night"
    for cell in [*light["cells"], *speed["cells"]]:
        opened = team.reviewer.get(
            f"/projects/{place.project}/items",
            params={"filter": msgspec.json.encode(cell["filter"]).decode(), "limit": 200},
        ).json()
        assert len(opened["items"]) == cell["items"], cell["name"]
    keys = {one["key"]: one for one in page["keys"]}
    assert (keys["light"]["is_number"], keys["speed"]["is_number"]) == (False, True)


def test_a_report_is_made_by_a_job_of_its_own_process(work, team, until):
    place = work(items=2)
    team.owner.post(f"/workspaces/{team.workspace}/attributes", json=ATTRIBUTE)
    place.submit(place.people[0], place.claim(place.people[0])[0])
    team.manager.put(f"/projects/{place.project}/fairness/slices", json=SLICES)
    asked = team.reviewer.post(f"/projects/{place.project}/fairness/reports")
    job = until(
        lambda: team.manager.get(f"/jobs/{asked.json()['running']}").json(),
        lambda job: job["state"] in ("done", "failed"),
        seconds=60,
    )

    assert (asked.status_code, job["state"], job["result"]["items"]) == (202, "done", 2)
    assert team.reviewer.get(f"/projects/{place.project}/fairness").json()["report"]["items"] == 2
    assert place.rows("SELECT key FROM group_figures") == [("",)], "who was there is kept, though nothing is shown"
    assert team.annotator.post(f"/projects/{place.project}/fairness/reports").status_code == 403
    assert team.annotator.get(f"/projects/{place.project}/fairness").status_code == 403


def test_what_somebody_stated_is_shown_to_them_alone_and_deleted_when_withdrawn(work, team):
    place = work(items=6, overlap=12, people=12)
    at = f"/workspaces/{team.workspace}"
    attribute = team.owner.post(f"{at}/attributes", json=ATTRIBUTE).json()["id"]
    state = f"{at}/about-me/{attribute}"
    assert team.annotator.put(state, json={"value": "Klingon"}).status_code == 422
    assert team.annotator.put(state, json={"value": "Urdu"}).json()[0]["value"] == "Urdu"
    assert team.annotator.token("admin").get(f"{at}/about-me").status_code == 403, "in person only"
    _state(place, attribute, ["Urdu"] + ["Polish"] * 6 + ["Thai"] * 5)
    for person in place.people:
        for task in place.claim(person, 6):
            place.submit(person, task)

    assert report(place) == 1
    seen = [
        person.get(path).text
        for person in (team.owner, team.manager, team.reviewer)
        for path in (f"/projects/{place.project}/fairness", f"{at}/members", f"{at}/audit", f"{at}/about-me")
    ]
    (groups,) = team.manager.get(f"/projects/{place.project}/fairness").json()["groups"]
    assert (groups["cells"], groups["is_merged"]) == ([], False) or "Urdu" not in str(groups["cells"])
    assert not any('"Urdu"' in text.replace('"Polish","Thai","Urdu"', "") for text in seen)
    assert "Urdu" not in str(
        place.rows("SELECT name, data, thing FROM audit") + place.rows("SELECT name, data FROM events")
    )

    assert team.annotator.put(state, json={"value": None}).json()[0]["value"] is None
    left = [place.one(f"SELECT count(*) FROM {table} WHERE value = 'Urdu'") for table in ("statements", "group_places")]
    assert left == [0, 0]
    assert report(place) == 0, "one person less: the figures of before stand"


def _state(place, attribute, values):
    """What the people of a project state, the first of them left as they said."""

    def put(tx):
        (n,) = tx.run("SELECT n FROM attributes WHERE id = :id", id=attribute)[0]
        for person, value in list(zip(place.people, values, strict=True))[1:]:
            (author,) = tx.run("SELECT author FROM memberships WHERE login = :n", n=person.login)[0]
            tx.run(
                "INSERT INTO statements (attribute, author, value) VALUES (:n, :author, :value)",
                n=n,
                author=author,
                value=value,
            )

    place.db.write_now(put)


def test_whoever_leaves_takes_their_statements_with_them(team):
    at = f"/workspaces/{team.workspace}"
    attribute = team.owner.post(f"{at}/attributes", json=ATTRIBUTE).json()["id"]
    team.annotator.put(f"{at}/about-me/{attribute}", json={"value": "Thai"})
    member = next(m["id"] for m in team.owner.get(f"{at}/members").json() if m["role"] == "annotator")

    team.owner.patch(f"{at}/members/{member}", json={"active": False})

    assert team.server.db.read_now(lambda tx: tx.run("SELECT count(*) FROM statements")[0][0]) == 0


def test_a_report_is_taken_along_with_the_items_behind_each_row(work, team):
    place = work(items=60, overlap=2, people=2)
    cut(place)
    team.manager.put(f"/projects/{place.project}/fairness/slices", json=SLICES)
    at = f"/projects/{place.project}/fairness/tables"
    assert [line.split(",")[0] for line in team.reviewer.get(f"{at}/slices").text.splitlines()] == ["key"]
    night_is_called_loans(place)
    report(place)

    slices = list(csv.DictReader(io.StringIO(team.reviewer.get(f"{at}/slices").text)))
    found = list(csv.DictReader(io.StringIO(team.reviewer.get(f"{at}/findings").text)))
    parquet = team.reviewer.get(f"{at}/slices", params={"format": "parquet"})

    assert {row["slice"] for row in slices} == {"day", "night", "missing", "below 10", "10 to 20", "from 20"}
    night = next(row for row in slices if row["slice"] == "night")
    opened = team.reviewer.get(f"/projects/{place.project}/items", params={"filter": night["filter"], "limit": 200})
    assert len(opened.json()["items"]) == int(night["items"]) == 20
    assert {row["differs"] for row in found} == {"yes"}
    assert parquet.content[:4] == b"PAR1"
    assert "Holm" in team.reviewer.get(f"{at}/method").text
    assert team.reviewer.get(f"{at}/statements").status_code == 422
    assert [who.get(f"{at}/record").status_code for who in (team.annotator, team.stranger)] == [403, 404]


WEIRD = [
    None,
    3,
    3.5,
    True,
    "3",
    "true",
    "other",
    "missing",
    "",
    ["a", "b"],
    ["b"],
    "ü/💡.x",
    "x" * 5000,
    "x" * 4999 + "y",
]


def test_weird_metadata_makes_slices_whose_numbers_open_their_items(work, team):
    place = work(items=len(WEIRD) * 3)

    def put(tx):
        for at, id_ in enumerate(place.items):
            value = WEIRD[at % len(WEIRD)]
            metadata = {"a.b ü": value} if value is not None else {}
            metadata["name"] = f"file {at}.png"
            body = msgspec.json.encode(metadata).decode()
            n, project = tx.run("UPDATE items SET metadata = :m WHERE id = :id RETURNING n, project", m=body, id=id_)[0]
            index_item(tx, project, n, metadata, [])

    place.db.write_now(put)
    rules = [{"key": "a.b ü", "most": 20}, {"key": "a.b ü ".strip() + "2"}, {"key": "name", "most": 3}]
    assert team.manager.put(f"/projects/{place.project}/fairness/slices", json={"slices": rules}).status_code == 200
    report(place)

    page = team.manager.get(f"/projects/{place.project}/fairness").json()
    cells = [cell for one in page["report"]["slices"] for cell in one["cells"]]
    opened = [_count(team, place, cell["filter"]) for cell in cells]
    assert opened == [cell["items"] for cell in cells]
    names = [cell["name"] for cell in page["report"]["slices"][0]["cells"]]
    assert len(set(names)) == len(names), "no two slices are called the same"
    assert max(map(len, names)) < 100, "a long value is cut"
    assert [cell["items"] for cell in page["report"]["slices"][2]["cells"]] == [1, 1, 1, 39]
    edges = {"slices": [{"key": "a.b ü", "edges": [3.2], "most": 1}]}
    team.manager.put(f"/projects/{place.project}/fairness/slices", json=edges)
    report(place)
    (mixed,) = team.manager.get(f"/projects/{place.project}/fairness").json()["report"]["slices"]
    assert [_count(team, place, cell["filter"]) for cell in mixed["cells"]] == [
        cell["items"] for cell in mixed["cells"]
    ]


def _count(team, place, conditions):
    params = {"filter": msgspec.json.encode(conditions).decode(), "limit": 200}
    return len(team.reviewer.get(f"/projects/{place.project}/items", params=params).json()["items"])

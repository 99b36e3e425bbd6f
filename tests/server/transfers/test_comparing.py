"""Answers to compare: nobody who labels learns where they come from, each sees an order of their own, and it is kept."""

from msgspec import json

from karat.model import candidates, dialogue
from karat.server.reports.weighing import weigh
from tests.server.transfers.conftest import lines

SCHEMA = {
    "karat_schema": 1,
    "streams": {"prompt": {"kind": "dialogue"}, "answers": {"kind": "candidates"}},
    "fields": {"better": {"kind": "ranking", "on": "answers", "pairwise": True, "none_good": True}},
}
ROWS = [
    {
        "id": f"q{n}",
        "prompt": [{"role": "user", "content": f"What is {n} + {n}?"}],
        "answers": [
            {"key": "x", "content": f"It is {2 * n}.", "source": "secret-1"},
            {"key": "y", "content": "Four.", "source": "secret-2"},
        ],
    }
    for n in range(3)
]


def test_answers_are_blind_and_their_order_is_kept_with_what_was_said(transfers):
    team = transfers.team
    project = team.project(SCHEMA, overlap=2)
    assert transfers.bring({"a.jsonl": lines(*ROWS)}, project)["result"]["rejects"] == 0
    orders = {}
    for person in (team.annotator, team.another(name="Ben")):
        tasks = person.post(f"/projects/{project}/claims", json={"count": 3}).json()["tasks"]
        assert len(tasks) == 3
        for task in tasks:
            item = task["item"]
            shown = task["item"]["streams"]["answers"]
            fetched = person.get(f"/items/{item['id']}/streams/answers").text
            seen = person.get(f"/items/{item['id']}").text
            orders.setdefault(item["id"], {})[person.name] = shown["facts"]["parts"]
            assert [c["key"] for c in json.decode(shown["text"])] == shown["facts"]["parts"]
            assert fetched == shown["text"]
            assert "secret" not in json.encode(task).decode() + fetched + seen
            answer = {
                "id": "better",
                "field": "better",
                "kind": "ranking",
                "on": {"stream": "answers"},
                "value": {"order": [[shown["facts"]["parts"][0]], [shown["facts"]["parts"][1]]]},
            }
            body = {
                "item": item["id"],
                "item_revision": 1,
                "assignment": task["assignment"]["id"],
                "schema": task["schema"],
                "state": "submitted",
                "covers": {"better": None},
                "annotations": [answer],
                "active_ms": 9,
            }
            assert person.put(f"/responses/{task['response']['id']}/revisions/1", json=body).status_code == 201

    records = [json.decode(line) for line in transfers.take(project, format="jsonl")["items.jsonl"].splitlines()]

    assert all(sorted(order) == ["x", "y"] for item in orders.values() for order in item.values())
    for record in records:
        for response in (r for r in record["responses"] if r["author"]["type"] == "person"):
            [best] = response["annotations"][0]["value"]["order"][0]
            assert response["extra"]["shown"] == {"answers": orders[record["item"]["id"]][response["author"]["name"]]}
            assert response["extra"]["shown"]["answers"][0] == best


def test_the_report_has_sources_in_a_table_and_what_the_place_did(transfers):
    team = transfers.team
    project = team.project(SCHEMA, overlap=2)
    transfers.bring({"a.jsonl": lines(*ROWS)}, project)
    ids = []
    for person, takes in ((team.annotator, "x"), (team.another(name="Ben"), None)):
        for task in person.post(f"/projects/{project}/claims", json={"count": 3}).json()["tasks"]:
            shown = task["item"]["streams"]["answers"]["facts"]["parts"]
            ids.append(task["item"]["id"])
            best = takes or shown[0]
            order = [[best], ["y" if best == "x" else "x"]]
            answer = {"id": "better", "field": "better", "kind": "ranking", "value": {"order": order}}
            body = {
                "item": task["item"]["id"],
                "item_revision": 1,
                "assignment": task["assignment"]["id"],
                "schema": task["schema"],
                "state": "submitted",
                "covers": {"better": None},
                "annotations": [answer],
                "active_ms": 9,
            }
            assert person.put(f"/responses/{task['response']['id']}/revisions/1", json=body).status_code == 201

    job = team.manager.post(f"/projects/{project}/reports/refresh").json()
    assert transfers.ended(job["id"])["state"] == "done"
    report = team.manager.get(f"/projects/{project}/reports/compared").json()

    [field] = report["fields"]
    one, two = field["sources"]
    assert (field["field"], field["n_items"], field["n_answers"], field["unknown"]) == ("better", 3, 6, 0)
    assert {one["source"], two["source"]} == {"secret-1", "secret-2"}
    assert one["counts"]["wins"]["n"] == two["counts"]["losses"]["n"] >= 3
    assert one["elo"]["value"] >= two["elo"]["value"]
    names = {person["id"]: person["name"] for person in report["people"]}
    biases = {names[row["author"]]: row["bias"] for row in field["people"]}
    assert (biases["Ben"]["first"]["value"], biases["Ben"]["expected"], biases["Ben"]["first"]["n"]) == (1.0, 0.5, 3)
    assert field["first"]["first"]["n"] == 6
    found = team.manager.get(
        f"/projects/{project}/items", params={"filter": json.encode(one["counts"]["wins"]["filter"]).decode()}
    ).json()
    assert {item["id"] for item in found["items"]} <= set(ids)
    assert found["items"]
    refused = team.annotator.get(f"/projects/{project}/reports/compared")
    assert refused.status_code == 403


def test_a_candidate_that_the_item_does_not_have_is_refused(transfers):
    team = transfers.team
    project = team.project(SCHEMA)
    transfers.bring({"a.jsonl": lines(*ROWS[:1])}, project)
    [task] = team.annotator.post(f"/projects/{project}/claims", json={"count": 1}).json()["tasks"]
    answer = {"id": "better", "field": "better", "kind": "ranking", "value": {"order": [["x"], ["z"]]}}
    body = {
        "item": task["item"]["id"],
        "item_revision": 1,
        "assignment": task["assignment"]["id"],
        "schema": 1,
        "state": "submitted",
        "covers": {"better": None},
        "annotations": [answer],
        "active_ms": 9,
    }

    refused = team.annotator.put(f"/responses/{task['response']['id']}/revisions/1", json=body)

    assert refused.status_code == 422
    assert [(p["path"], p["expected"]) for p in refused.json()["problems"]] == [
        ("annotations[0].value.order", "one of x, y")
    ]


def test_conversations_are_found_by_what_was_said(transfers):
    team = transfers.team
    project = team.project(SCHEMA)
    transfers.bring({"a.jsonl": lines(*ROWS)}, project)

    wanted = json.encode({"all": [{"text": {"contains": "What is 2 + 2"}}]}).decode()
    found = team.manager.get(f"/projects/{project}/items", params={"filter": wanted})

    assert found.status_code == 200, found.text
    [item] = found.json()["items"]
    assert item["key"] == "q2"
    assert item["streams"]["prompt"]["text"] == "user: What is 2 + 2?"


EACH = {
    "karat_schema": 1,
    "streams": SCHEMA["streams"],
    "fields": {
        "good": {"kind": "rating", "each": "answer", "on": "answers", "required": True},
        "fair": {"kind": "choice", "options": {"yes": {}, "no": {}}, "each": "turn", "of": ["user"]},
    },
}


def test_every_candidate_is_rated_by_its_key_in_whichever_order_it_stands(transfers):
    team = transfers.team
    project = team.project(EACH, overlap=2)
    transfers.bring({"a.jsonl": lines(*ROWS[:1])}, project)
    truth, refused = {"x": 5, "y": 2}, []
    for person in (team.annotator, team.another(name="Ben")):
        [task] = person.post(f"/projects/{project}/claims", json={"count": 1}).json()["tasks"]
        streams = task["item"]["streams"]
        parts = streams["answers"]["facts"]["each"]["answer"]["keys"]
        assert parts == [c["key"] for c in json.decode(streams["answers"]["text"])]
        assert streams["prompt"]["facts"]["each"]["turn"] == {
            "count": 1,
            "roles": ["user"],
            "role": "0",
            "lengths": [14],
        }
        given = [
            {"id": f"good/{part}", "field": "good", "kind": "rating", "on": {"stream": "answers", "part": part}, "value": truth[part]}
            for part in parts
        ]  # fmt: skip
        given += [
            {"id": "fair/0", "field": "fair", "kind": "choice", "on": {"stream": "prompt", "part": "0"}, "value": "yes"}
        ]
        body = {
            "item": task["item"]["id"],
            "item_revision": 1,
            "assignment": task["assignment"]["id"],
            "schema": task["schema"],
            "state": "submitted",
            "covers": {"good": None, "fair": None},
            "annotations": given[1:],
            "active_ms": 9,
        }
        url = f"/responses/{task['response']['id']}/revisions/1"
        refused += [(parts[0], p["do"]) for p in person.put(url, json=body).json()["problems"]]
        assert person.put(url, json={**body, "annotations": given}).status_code == 201

    [record] = [json.decode(line) for line in transfers.take(project, format="jsonl")["items.jsonl"].splitlines()]
    id_ = record["item"]["id"]

    def compared(tx):
        [(of_project, n)] = tx.run("SELECT project, n FROM items WHERE id = :id", id=id_)
        return weigh(tx, of_project, [n])[1][0]

    weighed = team.server.db.read_now(compared)

    assert refused == [(part, f"Answer `good/{part}`.") for part, _ in refused] and len(refused) == 2
    for response in record["responses"]:
        rated = {a["on"]["part"]: a["value"] for a in response["annotations"] if a["field"] == "good"}
        assert rated == truth
    assert [(one.field, one.n, one.tie) for one in weighed.merged] == [("good", 2, False), ("fair", 2, False)]
    assert weighed.disagreement == 0


def test_an_import_tells_the_parts_that_its_responses_leave_open(transfers):
    project = transfers.team.project(EACH)
    text = candidates.read(ROWS[0]["answers"])
    streams = {
        "prompt": {"kind": "dialogue", "ref": {"inline": dialogue.read(ROWS[0]["prompt"])}},
        "answers": {"kind": "candidates", "ref": {"inline": text}},
    }
    rated = {"id": "good/x", "field": "good", "kind": "rating", "on": {"stream": "answers", "part": "x"}, "value": 4}
    responses = [
        {"author": {"type": "import", "name": name}, "covers": covers, "annotations": [rated]}
        for name, covers in (("Ann", {"good": None}), ("Ben", {}))
    ]

    done = transfers.bring(
        {"a.jsonl": lines({"item": {"key": "q", "streams": streams}, "responses": responses})}, project
    )

    assert done["result"]["rejects"] == 0
    told = {loss["what"]: loss["count"] for loss in done["result"]["losses"]}
    assert told["parts without an answer to `good`, which is required"] == 1

"""What goes out, and that a lossless export comes back as the same project."""

import hashlib

import msgspec
import pytest

from tests.server.transfers.conftest import lines

CSV = b"text,topic,language\nmy card is lost,cards,en\nI need money,loans,en\nwas ist das,other,de\n"


def test_an_export_has_its_files_a_manifest_and_a_loss_report(transfers):
    transfers.bring({"data.csv": CSV})
    files = transfers.take(format="jsonl")

    assert sorted(files) == ["items.jsonl", "losses.json", "manifest.json", "schema.json"]
    manifest = msgspec.json.decode(files["manifest.json"])
    assert manifest["counts"]["items"] == 3
    assert manifest["counts"]["responses"] == 3
    assert manifest["schema_version"] == 1
    sums = {f["name"]: f["sha256"] for f in manifest["files"]}
    assert sums["items.jsonl"] == hashlib.sha256(files["items.jsonl"]).hexdigest()


def test_a_lossless_export_comes_back_as_the_same_project(transfers):
    annotators = b"id,text,topic,annotator,language\n1,\xc3\xa9t\xc3\xa9 \xf0\x9f\x98\x80,cards,Ann,fr\n1,\xc3\xa9t\xc3\xa9 \xf0\x9f\x98\x80,loans,Bob,fr\n2,two,other,Ann,en\n"
    mapping = {"key": "id", "streams": {"text": "text"}, "fields": {"topic": "topic"}, "author": "annotator"}
    transfers.bring({"data.csv": annotators}, mapping=mapping)
    first = transfers.take(format="jsonl")
    fresh = transfers.team.project()
    upload = {name: first[name] for name in ("items.jsonl", "schema.json")}
    job = transfers.bring(upload, fresh)
    second = transfers.take(fresh, format="jsonl")

    assert job["result"]["rejects"] == 0, job
    # Ids are taken while the first project stands, so the second has others; everything else is the same.
    assert without_ids(second["items.jsonl"]) == without_ids(first["items.jsonl"])
    assert second["schema.json"] == first["schema.json"]


def test_a_lossless_export_into_an_empty_server_is_the_same_byte_for_byte(transfers):
    transfers.bring({"data.csv": CSV})
    first = transfers.take(format="jsonl")
    with_nothing = "DELETE FROM {} WHERE project IN (SELECT n FROM projects)"
    for table in ("revisions", "responses", "marks", "facts", "queue", "items"):
        transfers.team.server.db.write_now(lambda tx, t=table: tx.run(with_nothing.format(t)))
    transfers.team.server.db.write_now(lambda tx: tx.run("DELETE FROM authors WHERE login IS NULL"))
    transfers.team.server.db.write_now(
        lambda tx: tx.run("UPDATE projects SET items = 0, responses = 0, labeled = 0, done = 0")
    )
    transfers.bring({name: first[name] for name in ("items.jsonl", "schema.json")})
    second = transfers.take(format="jsonl")

    assert second["items.jsonl"] == first["items.jsonl"]
    assert second["schema.json"] == first["schema.json"]


def test_a_filter_an_author_and_a_time_narrow_an_export(transfers):
    transfers.bring({"data.csv": CSV})
    english = transfers.take(
        format="jsonl", filter={"all": [{"metadata": {"key": "language", "op": "eq", "value": "en"}}]}
    )
    later = transfers.take(format="jsonl", since="2100-01-01T00:00:00.000Z")
    author = transfers.rows("SELECT id FROM authors WHERE type = 'import'")[0][0]
    theirs = transfers.take(format="jsonl", which="author", author=author)

    assert len(english["items.jsonl"].splitlines()) == 2
    assert later["items.jsonl"] == b""
    assert all(msgspec.json.decode(line)["responses"] for line in theirs["items.jsonl"].splitlines())


def test_files_of_a_job_are_sent_in_parts(transfers):
    transfers.bring({"data.csv": CSV})
    answer = transfers.team.manager.post(f"/projects/{transfers.project}/exports", json={"format": "jsonl"})
    job = transfers.ended(answer.json()["id"])
    part = transfers.team.manager.get(f"/jobs/{job['id']}/files/items.jsonl", headers={"range": "bytes=2-7"})

    assert part.status_code == 206
    assert part.content == transfers.files(job["id"])["items.jsonl"][2:8]
    assert part.headers["content-range"].startswith("bytes 2-7/")
    assert part.headers["x-content-type-options"] == "nosniff"
    assert (
        transfers.team.manager.get(
            f"/jobs/{job['id']}/files/items.jsonl", headers={"range": "bytes=9999999-"}
        ).status_code
        == 416
    )
    assert transfers.team.manager.get(f"/jobs/{job['id']}/files/other").status_code == 404


def test_what_a_format_cannot_hold_is_told_before(transfers):
    answer = transfers.team.manager.get(f"/projects/{transfers.project}/exports/losses?format=csv&which=all")

    assert answer.status_code == 200
    assert isinstance(answer.json(), list)


@pytest.mark.parametrize(
    "ask",
    [
        lambda manager, path: manager.get(f"{path}/losses?format=trl_preference"),
        lambda manager, path: manager.post(path, json={"format": "trl_preference"}),
    ],
    ids=["losses", "export"],
)
def test_what_a_project_lacks_for_a_format_is_told_before(transfers, ask):
    answer = ask(transfers.team.manager, f"/projects/{transfers.project}/exports")

    assert answer.status_code == 422
    assert answer.json()["problems"][0]["expected"] == "answers that are compared or judged"


def test_an_unknown_format_is_refused(transfers):
    answer = transfers.team.manager.post(f"/projects/{transfers.project}/exports", json={"format": "papyrus"})

    assert answer.status_code == 422
    assert "jsonl" in answer.json()["problems"][0]["expected"]


def test_exports_and_imports_stand_in_the_audit(transfers):
    transfers.bring({"data.csv": CSV})
    transfers.take(format="jsonl")

    names = [name for (name,) in transfers.rows("SELECT name FROM audit WHERE name LIKE '%port.started' ORDER BY seq")]
    assert names == ["import.started", "export.started"]


def without_ids(data: bytes) -> list[object]:
    found = [msgspec.json.decode(line) for line in data.splitlines()]
    for line in found:
        line["item"].pop("id")
        for response in line["responses"]:
            response.pop("id")
    return found


def answered(transfers):
    """An export of a project in which a member has labeled one item."""
    team = transfers.team
    transfers.bring({"data.csv": b"id,text\n1,one\n"}, mapping={"key": "id", "streams": {"text": "text"}})
    task = team.annotator.post(f"/projects/{transfers.project}/claims", json={"count": 1}).json()["tasks"][0]
    annotation = {"id": "topic", "field": "topic", "kind": "choice", "version": 1, "value": "cards"}
    answer = {"item": task["item"]["id"], "item_revision": 1, "assignment": task["assignment"]["id"], "schema": 1, "state": "submitted",
              "covers": {"topic": None}, "annotations": [annotation], "active_ms": 5}  # fmt: skip
    assert team.annotator.put(f"/responses/{task['response']['id']}/revisions/1", json=answer).status_code in (200, 201)
    return {
        name: data for name, data in transfers.take(format="jsonl").items() if name in ("items.jsonl", "schema.json")
    }


def authors_of(transfers, project):
    return transfers.rows(
        "SELECT a.login IS NOT NULL, a.name, v.annotations FROM responses r JOIN authors a ON a.n = r.author JOIN projects p ON p.n = r.project"
        " JOIN revisions v ON v.response = r.n AND v.revision = r.head WHERE p.id = :project ORDER BY r.n",
        project=project,
    )


def test_what_a_member_said_comes_back_as_the_members(transfers):
    files = answered(transfers)
    fresh = transfers.team.project()

    again = transfers.bring(files)["result"]
    assert (again["responses_added"], again["responses_skipped"], again["rejects"]) == (0, 1, 0)
    assert transfers.bring(files, fresh)["result"]["responses_added"] == 1
    assert [row[0] for row in authors_of(transfers, fresh)] == [True]


def test_nobody_can_put_words_into_a_members_mouth(transfers):
    files = answered(transfers)
    fresh = transfers.team.project()
    forged = {**files, "items.jsonl": files["items.jsonl"].replace(b'"value":"cards"', b'"value":"loans"')}
    assert forged != files

    assert transfers.bring(forged, fresh)["result"]["responses_added"] == 1
    assert [row[0] for row in authors_of(transfers, fresh)] == [False]
    assert transfers.bring(forged, update=True)["result"]["responses_updated"] == 0
    assert ["cards" in row[2] for row in authors_of(transfers, transfers.project) if row[0]] == [True]


def crowd(transfers):
    """Twelve items answered by three, of whom the third often differs; their consensus learned."""
    rows = [
        {"id": str(n), "text": f"text {n}", "topic": "cards" if who != "Cem" or n % 3 else "loans", "who": who}
        for n in range(12)
        for who in ("Ada", "Ben", "Cem")
    ]
    mapping = {"key": "id", "streams": {"text": "text"}, "fields": {"topic": "topic"}, "author": "who"}
    brought = transfers.bring({"data.jsonl": lines(*rows)}, mapping=mapping)
    assert brought["result"]["responses_added"] == 36, brought
    job = transfers.team.manager.post(f"/projects/{transfers.project}/consensus", json={"method": "default"}).json()
    assert transfers.ended(job["id"])["result"]["learned"]


def test_a_consensus_is_exported_with_soft_labels_and_the_skill_of_its_authors(transfers):
    crowd(transfers)
    files = transfers.take(format="jsonl", which="consensus")
    records = [msgspec.json.decode(line) for line in files["items.jsonl"].splitlines()]
    skill = {line["author"]["name"]: line for line in msgspec.json.decode(files["skill.json"])["skill"]}

    said = records[0]["responses"][0]["extra"]["consensus"]["topic"]
    assert (len(records), said["method"], said["n"], said["tie"]) == (12, "default", 3, False)
    assert said["probabilities"] == records[0]["responses"][0]["annotations"][0]["probabilities"]
    assert said["score"] == said["probabilities"]["cards"] > said["probabilities"]["loans"]
    assert skill["Ada"]["value"] > skill["Cem"]["value"]
    assert all(line["low"] < line["value"] < line["high"] for line in skill.values())
    parquet = transfers.take(format="parquet", which="consensus")
    assert {"items.parquet", "skill.parquet"} <= parquet.keys()


def test_soft_labels_come_back_through_json_lines(transfers):
    crowd(transfers)
    files = transfers.take(format="jsonl", which="consensus")
    fresh = transfers.team.project()
    brought = transfers.bring({name: files[name] for name in ("items.jsonl", "schema.json", "skill.json")}, fresh)
    again = transfers.take(fresh, format="jsonl", which="all")

    assert (brought["result"]["responses_added"], brought["result"]["rejects"]) == (12, 0)
    there, here = (
        [msgspec.json.decode(line)["responses"][0] for line in data["items.jsonl"].splitlines()]
        for data in (files, again)
    )
    assert [r["extra"]["consensus"] for r in there] == [r["extra"]["consensus"] for r in here]
    assert [r["annotations"] for r in there] == [r["annotations"] for r in here]

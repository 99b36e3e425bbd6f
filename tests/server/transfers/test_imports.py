"""What comes in, over HTTP and through a reading process, on both databases."""

import msgspec

from .conftest import lines

CSV = b"text,topic,language\nmy card is lost,cards,en\nI need money,loans,en\nwas ist das,other,de\n"


def result_of(job):
    return {
        name: job["result"][name]
        for name in ("items_added", "items_skipped", "items_updated", "responses_added", "rejects")
    }


def test_a_table_becomes_items_with_answers_metadata_and_a_queue(transfers):
    job = transfers.bring({"data.csv": CSV})

    assert job["state"] == "done", job
    assert result_of(job) == {
        "items_added": 3,
        "items_skipped": 0,
        "items_updated": 0,
        "responses_added": 3,
        "rejects": 0,
    }
    assert transfers.rows("SELECT items, responses FROM projects") == [(3, 3)]
    assert transfers.rows("SELECT count(*) FROM facts WHERE txt = 'en'") == [(2,)]
    assert transfers.rows("SELECT name, type FROM authors WHERE type = 'import'") == [("import", "import")]
    assert {c for (c,) in transfers.rows("SELECT cause FROM revisions")} == {"import"}
    counts = transfers.team.manager.get(f"/projects/{transfers.project}").json()["counts"]
    assert counts["items"] == 3


def test_the_same_file_twice_adds_nothing(transfers):
    transfers.bring({"data.csv": CSV})
    job = transfers.bring({"data.csv": CSV})

    assert result_of(job) == {
        "items_added": 0,
        "items_skipped": 3,
        "items_updated": 0,
        "responses_added": 0,
        "rejects": 0,
    }
    assert transfers.rows("SELECT items, responses FROM projects") == [(3, 3)]


def test_a_key_with_other_content_is_rejected_or_becomes_a_revision(transfers):
    first = lines({"id": "a", "text": "one"}, {"id": "b", "text": "two"})
    second = lines({"id": "a", "text": "one"}, {"id": "b", "text": "two, mended"})
    mapping = {"key": "id", "streams": {"text": "text"}}
    transfers.bring({"data.jsonl": first}, mapping=mapping)

    refused = transfers.bring({"data.jsonl": second}, mapping=mapping)
    assert result_of(refused) == {
        "items_added": 0,
        "items_skipped": 1,
        "items_updated": 0,
        "responses_added": 0,
        "rejects": 1,
    }
    rejected = msgspec.json.decode(transfers.files(refused["id"])["rejects.jsonl"])
    assert (rejected["key"], rejected["line"]) == ("b", 2)
    assert "update" in rejected["problems"][0]["do"]
    updated = transfers.bring({"data.jsonl": second}, mapping=mapping, update=True)
    assert result_of(updated) == {
        "items_added": 0,
        "items_skipped": 1,
        "items_updated": 1,
        "responses_added": 0,
        "rejects": 0,
    }
    assert transfers.rows("SELECT key, revision FROM items ORDER BY key") == [("a", 1), ("b", 2)]
    assert transfers.rows("SELECT count(*) FROM item_revisions") == [(1,)]


def test_bad_rows_go_to_a_file_with_line_and_reason_and_never_stop_the_good_ones(transfers):
    data = b'{"text": "good"}\n{"text": broken\n{"text": "also good", "topic": "cards"}\n{"text": "no such topic", "topic": "weather"}\n'
    job = transfers.bring({"data.jsonl": data}, mapping={"streams": {"text": "text"}, "fields": {"topic": "topic"}})

    assert job["state"] == "done", job
    assert result_of(job)["items_added"] == 2
    assert job["result"]["rejects"] == 2
    rejected = [msgspec.json.decode(line) for line in transfers.files(job["id"])["rejects.jsonl"].splitlines()]
    assert [r["line"] for r in rejected] == [2, 4]
    assert "broken" in rejected[0]["raw"]
    assert all(r["problems"][0]["do"] for r in rejected)


def test_a_strict_import_refuses_the_whole_file(transfers):
    job = transfers.bring({"data.jsonl": b'{"text": "good"}\n{"text": broken\n'}, strict=True)

    assert job["state"] == "failed"
    assert job["problems"][0]["line"] == 2
    assert transfers.rows("SELECT items FROM projects") == [(0,)]
    assert b"broken" in transfers.files(job["id"])["rejects.jsonl"]


def test_annotators_of_a_file_become_authors_without_a_login(transfers):
    data = b"id,text,topic,annotator\n1,hello,cards,Ann\n1,hello,loans,Bob\n"
    mapping = {"key": "id", "streams": {"text": "text"}, "fields": {"topic": "topic"}, "author": "annotator"}
    job = transfers.bring({"data.csv": data}, mapping=mapping)

    assert result_of(job)["responses_added"] == 2, job
    assert transfers.rows("SELECT name FROM authors WHERE login IS NULL ORDER BY name") == [("Ann",), ("Bob",)]
    assert transfers.rows("SELECT responses FROM items") == [(2,)]


def test_a_source_must_be_said_once(transfers):
    answer = transfers.team.manager.post(f"/projects/{transfers.project}/imports", json={})

    assert answer.status_code == 422
    assert answer.json()["problems"][0]["path"] == "upload"


def test_an_upload_of_another_workspace_does_not_exist(transfers):
    upload = transfers.upload({"data.csv": CSV})
    other = transfers.team.stranger.post(
        f"/workspaces/{transfers.team.other}/projects",
        json={
            "title": "X",
            "schema": {"karat_schema": 1, "streams": {"text": {"kind": "text"}}, "fields": {"t": {"kind": "text"}}},
        },
    )
    answer = transfers.team.stranger.post(f"/projects/{other.json()['id']}/imports", json={"upload": upload})

    assert answer.status_code == 404
    assert transfers.team.stranger.get(f"/uploads/{upload}").status_code == 404
    assert transfers.team.annotator.get(f"/uploads/{upload}").status_code == 403

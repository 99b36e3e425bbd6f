"""What an import would do, before it is done."""

from .conftest import lines


def test_a_preview_shows_columns_mapping_rows_and_rejects_and_stores_nothing(transfers):
    data = lines({"text": "one", "topic": "cards", "n": 1}, {"text": "two", "topic": "loans", "n": 2}) + b"{broken\n"
    upload = transfers.upload({"data.jsonl": data})
    answer = transfers.team.manager.post(f"/projects/{transfers.project}/imports/preview", json={"upload": upload})

    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert body["format"] == "jsonl"
    assert body["mapping"]["streams"] == {"text": "text"}
    assert body["mapping"]["fields"] == {"topic": "topic"}
    assert [row["item"]["metadata"] for row in body["rows"]] == [{"n": 1}, {"n": 2}]
    assert len(body["rejects"]) == 1
    assert body["fields_matched"] == ["topic"]
    assert transfers.rows("SELECT count(*) FROM items") == [(0,)]


def test_a_schema_is_proposed_from_a_file_before_there_is_a_project(team):
    upload = team.manager.post(f"/workspaces/{team.workspace}/uploads", json={}).json()["id"]
    team.manager.put(f"/uploads/{upload}/files/data.csv", content=b"text,label\na b c d,x\ne f g h,y\ni j k l,x\n" * 5)
    answer = team.manager.post(f"/workspaces/{team.workspace}/schemas/propose", json={"upload": upload})

    assert answer.status_code == 200, answer.text
    assert answer.json()["schema"]["karat_schema"] == 1
    assert "karat_schema: 1" in answer.json()["yaml"]


def test_what_is_no_data_at_all_is_refused_with_what_to_do(transfers):
    upload = transfers.upload({"notes.xyz": b"\x00\x01\x02"})
    answer = transfers.team.manager.post(f"/projects/{transfers.project}/imports/preview", json={"upload": upload})

    assert answer.status_code == 422
    assert answer.json()["problems"][0]["do"]

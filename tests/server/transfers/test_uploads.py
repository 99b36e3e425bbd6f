"""Files on their way in: in one piece, in parts, under safe names, and gone when nobody wants them."""

import asyncio
import hashlib

import pytest

from karat.model.problem import Refused
from karat.server.transfers import uploading
from karat.server.transfers.work import remove_abandoned_uploads


@pytest.fixture
def upload(team):
    project = team.project()
    return team.manager.post(f"/projects/{project}/uploads", json={}).json()["id"]


def test_a_file_arrives_whole_with_its_hash(team, upload):
    answer = team.manager.put(f"/uploads/{upload}/files/folder/a.txt", content=b"hello")

    assert answer.json() == {
        "name": "folder/a.txt",
        "size": 5,
        "sha256": hashlib.sha256(b"hello").hexdigest(),
        "complete": True,
    }
    assert team.manager.get(f"/uploads/{upload}").json()["files"] == [answer.json()]


def test_a_file_arrives_in_parts_and_goes_on_where_it_stopped(team, upload):
    data = bytes(range(256)) * 100
    first = team.manager.put(
        f"/uploads/{upload}/files/a.bin", content=data[:10_000], headers={"content-range": f"bytes 0-9999/{len(data)}"}
    )
    assert first.json() == {"name": "a.bin", "size": 10_000, "sha256": None, "complete": False}
    hole = team.manager.put(
        f"/uploads/{upload}/files/a.bin",
        content=data[20_000:],
        headers={"content-range": f"bytes 20000-{len(data) - 1}/{len(data)}"},
    )
    assert hole.status_code == 409
    assert "10000" in hole.json()["problems"][0]["expected"]
    rest = team.manager.put(
        f"/uploads/{upload}/files/a.bin",
        content=data[10_000:],
        headers={"content-range": f"bytes 10000-{len(data) - 1}/{len(data)}"},
    )

    assert rest.json()["sha256"] == hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize(
    "name", ["../a", "a/../../b", "..%2F..%2Fetc", "C:/x", "a\\b", "%00", "a%0D%0ASet-Cookie:x", "%1B[2J"]
)
def test_a_name_that_leads_elsewhere_is_refused(team, upload, name):
    answer = team.manager.put(f"/uploads/{upload}/files/{name}", content=b"x")

    assert answer.status_code in (400, 404, 422)
    assert team.manager.get(f"/uploads/{upload}").json()["files"] == []


def test_a_file_above_the_limit_is_refused_on_the_way(team, upload):
    limit = team.server.settings.max_upload_mb * 1_000_000
    answer = team.manager.put(
        f"/uploads/{upload}/files/a", content=b"x", headers={"content-range": f"bytes 0-0/{limit + 1}"}
    )

    assert answer.status_code == 413


def test_an_abandoned_upload_is_removed(team, upload, clock):
    team.manager.put(f"/uploads/{upload}/files/a.txt", content=b"hello")
    app = team.server.front.app
    assert remove_abandoned_uploads(app) == 0
    clock.move(hours=100)

    assert remove_abandoned_uploads(app) == 1
    assert team.manager.get(f"/uploads/{upload}").status_code == 404
    assert list(app.blobs.list(f"uploads/{upload}/")) == []


def test_a_file_that_is_on_its_way_is_not_sent_twice_at_once(team, upload, tmp_path):
    app = team.server.front.app

    async def slow():
        yield b"he"
        with pytest.raises(Refused, match="no other request"):
            await uploading.receive(quick(), tmp_path, "a.txt", None, limit=100, blobs=app.blobs, upload=upload)
        yield b"llo"

    async def quick():
        yield b"other"

    file = asyncio.run(uploading.receive(slow(), tmp_path, "a.txt", None, limit=100, blobs=app.blobs, upload=upload))

    assert file.sha256 == hashlib.sha256(b"hello").hexdigest()
    assert b"".join(app.blobs.read(uploading.key_of(upload, "a.txt"))) == b"hello"

"""Pictures that come with a list or in a folder: kept once, looked into, and given back."""

import http.server
import io
import threading
import zipfile

import msgspec
import pytest
from PIL import Image

from .conftest import Transfers

BOXES = {
    "karat_schema": 1,
    "streams": {"photo": {"kind": "image"}},
    "fields": {"objects": {"kind": "box", "labels": {"cat": {}, "dog": {}}}},
}


def picture(size=(60, 40), color="teal", format="PNG", **more):
    data = io.BytesIO()
    Image.new("RGB", size, color).save(data, format, **more)
    return data.getvalue()


@pytest.fixture
def photos(team):
    return Transfers(team, team.project(BOXES))


def coco(*names, boxes=()):
    images = [{"id": n, "file_name": name, "width": 60, "height": 40} for n, name in enumerate(names, 1)]
    annotations = [
        {"id": n, "image_id": image, "category_id": 1, "bbox": box, "area": 1, "iscrowd": 0}
        for n, (image, box) in enumerate(boxes, 1)
    ]
    return msgspec.json.encode({"images": images, "annotations": annotations, "categories": [{"id": 1, "name": "cat"}]})


def test_a_folder_of_pictures_becomes_items_with_blobs_and_facts(photos):
    job = photos.bring({"a.png": picture(), "b/c.jpg": picture(format="JPEG"), "d.png": picture(color="red")})

    assert job["result"]["items_added"] == 3, job
    streams = [msgspec.json.decode(s) for (s,) in photos.rows("SELECT streams FROM items ORDER BY n")]
    assert [s["photo"]["facts"]["width"] for s in streams] == [60, 60, 60]
    assert photos.rows("SELECT count(*) FROM blobs") == [(3,)]


def test_pictures_in_an_archive_come_with_the_boxes_of_their_list(photos):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("instances.json", coco("a.png", "b.png", boxes=[(1, [1, 2, 3, 4])]))
        archive.writestr("images/a.png", picture())
        archive.writestr("images/b.png", picture(color="red"))
    job = photos.bring({"set.zip": data.getvalue()})

    assert (job["result"]["items_added"], job["result"]["rejects"]) == (2, 0), job
    assert photos.rows("SELECT count(*) FROM blobs") == [(2,)]
    annotations = msgspec.json.decode(photos.rows("SELECT annotations FROM revisions ORDER BY response LIMIT 1")[0][0])
    assert annotations[0]["value"] == {"left": 1, "top": 2, "right": 4, "bottom": 6}


def test_an_archive_that_leads_elsewhere_is_refused_as_a_whole(photos):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("../../evil.png", picture())
    job = photos.bring({"set.zip": data.getvalue()})

    assert job["state"] == "failed"
    assert photos.rows("SELECT count(*) FROM items") == [(0,)]


def test_what_only_looks_like_a_picture_is_rejected_and_the_others_come_in(photos):
    svg = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    job = photos.bring({"good.png": picture(), "bad.png": svg, "broken.jpg": picture(format="JPEG")[:30]})

    assert job["result"]["items_added"] == 1, job
    assert job["result"]["rejects"] == 2


def test_pictures_by_address_are_kept_as_addresses_where_the_host_is_allowed(photos):
    job = photos.bring({"list.json": coco("https://nowhere.example.org/a.jpg")})

    assert job["result"]["rejects"] == 1, job
    rejected = msgspec.json.decode(photos.files(job["id"])["rejects.jsonl"])
    assert "import_hosts" in rejected["problems"][0]["do"]


def test_an_export_with_media_comes_back_with_them(photos):
    photos.bring({"a.png": picture(), "b.png": picture(color="red")})
    files = photos.take(format="jsonl", media=True)
    fresh = photos.team.project(BOXES)
    job = photos.bring(
        {name: data for name, data in files.items() if name.startswith(("media/", "items", "schema"))}, fresh
    )

    assert len([name for name in files if name.startswith("media/")]) == 2
    assert (job["result"]["items_added"], job["result"]["rejects"]) == (2, 0), job


@pytest.mark.parametrize("format", ["coco", "cvat", "label_studio"])
def test_formats_that_call_pictures_by_name_find_them_beside_them(photos, format):
    listed = {"set/list.json": coco("a.png", "b.png", boxes=[(1, [1, 2, 3, 4])])}
    photos.bring({**listed, "set/a.png": picture(), "set/b.png": picture(color="red")})
    files = photos.take(format=format, media=True)
    fresh = photos.team.project(BOXES)
    job = photos.bring({name: data for name, data in files.items() if "manifest" not in name}, fresh)

    assert {"images/a.png", "images/b.png"} <= files.keys()
    assert (job["result"]["items_added"], job["result"]["rejects"], job["result"]["losses"]) == (2, 0, []), job


class Web(http.server.BaseHTTPRequestHandler):
    asked = 0

    def do_GET(self):
        Web.asked += 1
        self.send_response(200)
        self.end_headers()
        self.wfile.write(picture())

    def log_message(self, *_):
        pass


@pytest.fixture
def web():
    Web.asked = 0
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Web)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def settings(settings, web):
    return msgspec.structs.replace(settings, import_hosts=(web,))


def test_a_picture_that_stays_at_its_address_is_sent_under_the_rights_of_its_item(photos, web):
    job = photos.bring({"list.json": coco(f"{web}/a.png")})
    assert job["result"]["items_added"] == 1, job
    item = photos.rows("SELECT id FROM items")[0][0]
    first = photos.team.reviewer.get(f"/items/{item}/streams/photo")
    second = photos.team.reviewer.get(f"/items/{item}/streams/photo")
    small = photos.team.reviewer.get(f"/items/{item}/streams/photo?size=thumb")

    assert (first.status_code, first.headers["content-type"], first.content) == (200, "image/png", picture())
    assert second.content == first.content
    assert Web.asked == 1
    assert (small.status_code, small.headers["content-type"]) == (200, "image/webp")
    assert photos.team.annotator.get(f"/items/{item}/streams/photo").status_code == 404
    assert photos.team.stranger.get(f"/items/{item}/streams/photo").status_code == 404

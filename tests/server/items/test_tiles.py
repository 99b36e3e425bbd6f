"""Large pictures in tiles: who gets them, how they come about, and what is said when they cannot."""

import io
import time

import numpy as np
import pytest
from PIL import Image

from karat.server.items.tiles import DESCRIPTION
from karat.server.media import tiling
from tests.server.items.test_seeing import give, keep
from tests.server.transfers.conftest import Transfers
from tests.server.transfers.test_media import BOXES

ASK = {"accept": f"{DESCRIPTION}, image/*"}


@pytest.fixture
def settings(settings):
    import msgspec

    return msgspec.structs.replace(settings, tile_pixels=200_000)


def wide(width=640, height=520, opacity=255):
    """A picture whose red says the column and whose green says the row."""
    columns, rows = np.meshgrid(np.arange(width) * 255 / width, np.arange(height) * 255 / height)
    out = io.BytesIO()
    image = Image.fromarray(np.stack([columns, rows, 0 * rows], 2).astype(np.uint8))
    if opacity < 255:
        image.putalpha(opacity)
    image.save(out, "PNG")
    return out.getvalue()


def brought(shelf, tmp_path, data, n=0, width=640, height=520):
    sha256 = keep(shelf, tmp_path, data, "image/png")
    give(shelf, n, {"kind": "image", "ref": {"blob": sha256}, "facts": {"width": width, "height": height}})
    return f"/items/{shelf.items[n]}/streams/text"


def settled(person, address):
    """The answer once the tiles are made or cannot be."""
    for _ in range(500):
        answer = person.get(address, headers=ASK)
        if answer.status_code != 200 or answer.json()["ready"]:
            return answer
        time.sleep(0.02)
    raise AssertionError("the tiles were not made")


def ended(person, kind):
    """The jobs of a kind, once all have come to their end."""
    for _ in range(200):
        jobs = person.get("/jobs", params={"kind": kind}).json()["items"]
        if jobs and all(job["state"] == "done" for job in jobs):
            return jobs
        time.sleep(0.02)
    raise AssertionError(f"no job {kind} came to its end")


def test_a_large_picture_is_cut_once_and_its_tiles_are_given_under_the_rights_of_the_item(shelf, tmp_path):
    large = brought(shelf, tmp_path, wide())
    small = brought(shelf, tmp_path, wide(300, 200), 1, 300, 200)
    reviewer = shelf.team.reviewer

    first = reviewer.get(large, headers=ASK)
    made = settled(reviewer, large).json()
    tile = reviewer.get(large, params={"tile": "1/1/0"})
    jobs = shelf.team.manager.get("/jobs", params={"kind": "tiles"}).json()["items"]

    assert (first.headers["content-type"], first.headers["cache-control"]) == (DESCRIPTION, "no-store")
    assert (made["width"], made["height"], made["tile"], made["levels"]) == (640, 520, 512, 2)
    image = Image.open(io.BytesIO(tile.content))
    assert (image.size, tile.headers["content-type"]) == ((640 - 512, 512), "image/jpeg")
    red, green, _ = image.getpixel((0, 500))
    assert abs(red - 512 * 255 / 640) < 4
    assert abs(green - 500 * 255 / 520) < 4
    assert len(jobs) == 1
    asked = [who.get(large, params={"tile": "1/1/0"}) for who in (shelf.team.stranger, shelf.team.annotator)]
    assert [answer.status_code for answer in asked] == [404, 404]
    assert reviewer.get(large, params={"tile": "1/2/0"}).status_code == 422
    assert reviewer.get(small, params={"tile": "0/0/0"}).status_code == 409
    assert reviewer.get(small, headers=ASK).content == wide(300, 200)


def test_imported_pictures_are_cut_before_anybody_asks_and_one_that_cannot_be_says_why(shelf, tmp_path):
    photos = Transfers(shelf.team, shelf.team.project(BOXES))
    broken = brought(shelf, tmp_path, wide()[:900])

    photos.bring({"a.png": wide(opacity=40), "b.png": wide(30, 20)})
    ahead = ended(shelf.team.manager, "tiles.ahead")
    item = shelf.team.manager.get(f"/projects/{photos.project}/items").json()["items"]
    large = next(i for i in item if i["key"] == "a.png")
    at_once = shelf.team.manager.get(f"/items/{large['id']}/streams/photo", headers=ASK).json()
    tile = shelf.team.manager.get(f"/items/{large['id']}/streams/photo", params={"tile": "0/0/0"})
    answer = settled(shelf.team.reviewer, broken)

    assert [job["result"] for job in ahead] == [{"cut": 1, "failed": 0, "left": 0}]
    assert at_once["ready"]
    assert (tile.headers["content-type"], Image.open(io.BytesIO(tile.content)).mode) == ("image/webp", "RGBA")
    assert answer.status_code == 422
    assert answer.json()["title"] == tiling.TITLE
    assert "tiled TIFF" in answer.json()["problems"][0]["do"]

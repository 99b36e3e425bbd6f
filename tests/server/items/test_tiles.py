"""Large pictures in tiles: who gets them, how they come about, and what is said when they cannot."""

import io
import time

import numpy as np
import pytest
from PIL import Image

from karat.server.items.tiles import DESCRIPTION
from karat.server.media import tiling
from tests.server.items.test_seeing import give, keep

ASK = {"accept": f"{DESCRIPTION}, image/*"}


@pytest.fixture
def settings(settings):
    import msgspec

    return msgspec.structs.replace(settings, tile_pixels=500_000)


def wide(width=1300, height=900):
    """A picture whose red says the column and whose green says the row."""
    columns, rows = np.meshgrid(np.arange(width) * 255 / width, np.arange(height) * 255 / height)
    out = io.BytesIO()
    Image.fromarray(np.stack([columns, rows, 0 * rows], 2).astype(np.uint8)).save(out, "PNG")
    return out.getvalue()


def brought(shelf, tmp_path, data):
    sha256 = keep(shelf, tmp_path, data, "image/png")
    give(shelf, 0, {"kind": "image", "ref": {"blob": sha256}, "facts": {"width": 1300, "height": 900}})
    return f"/items/{shelf.items[0]}/streams/text", sha256


def settled(person, address):
    """The answer once the tiles are made or cannot be."""
    for _ in range(200):
        answer = person.get(address, headers=ASK)
        if answer.status_code != 200 or answer.json()["ready"]:
            return answer
        time.sleep(0.05)
    raise AssertionError("the tiles were not made")


def test_a_large_picture_is_cut_once_and_its_tiles_show_their_part_of_it(shelf, tmp_path):
    address, _ = brought(shelf, tmp_path, wide())

    first = shelf.team.reviewer.get(address, headers=ASK)
    made = settled(shelf.team.reviewer, address).json()
    tile = shelf.team.reviewer.get(address, params={"tile": "2/2/1"})
    jobs = shelf.team.manager.get("/jobs", params={"kind": "tiles"}).json()["items"]

    assert (first.headers["content-type"], first.headers["cache-control"]) == (DESCRIPTION, "no-store")
    assert (made["width"], made["height"], made["tile"], made["levels"]) == (1300, 900, 512, 3)
    image = Image.open(io.BytesIO(tile.content))
    assert image.size == (1300 - 1024, 900 - 512)
    red, green, _ = image.getpixel((0, 0))
    assert abs(red - 1024 * 255 / 1300) < 4
    assert abs(green - 512 * 255 / 900) < 4
    assert len(jobs) == 1


def test_tiles_are_given_under_the_rights_of_the_item_and_a_small_picture_has_none(shelf, tmp_path):
    small = wide(300, 200)
    sha256 = keep(shelf, tmp_path, small, "image/png")
    give(shelf, 0, {"kind": "image", "ref": {"blob": sha256}, "facts": {"width": 300, "height": 200}})
    address = f"/items/{shelf.items[0]}/streams/text"

    answers = [who.get(address, params={"tile": "0/0/0"}) for who in (shelf.team.stranger, shelf.team.annotator)]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert shelf.team.reviewer.get(address, params={"tile": "0/0/0"}).status_code == 409
    assert shelf.team.reviewer.get(address, headers=ASK).content == small


def test_a_picture_that_cannot_be_cut_says_why_and_what_to_do(shelf, tmp_path):
    address, _ = brought(shelf, tmp_path, wide()[:2000])

    answer = settled(shelf.team.reviewer, address)

    assert answer.status_code == 422
    assert answer.json()["title"] == tiling.TITLE
    assert "tiled TIFF" in answer.json()["problems"][0]["do"]

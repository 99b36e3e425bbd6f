"""Masks on a real picture: painted, erased, undone, kept over a reload, handed in, and exported pixel by pixel."""

import json

import numpy as np
import pytest
from playwright.sync_api import expect

from karat.demo.pictures import scene
from karat.geometry import masks

SCHEMA = """
karat_schema: 1
streams: {photo: {kind: image}}
fields:
  things: {kind: mask, on: photo, overlap: false, labels: {roof: {title: Roof, key: "1"}, yard: {title: Yard, key: "2"}, road: {title: Road, key: "3"}}}
"""


class Desk:
    """A page at work, the corner of its surface, and the masks that it last told the server of."""

    def __init__(self, page, surface):
        self.page = page
        self.told = {}
        page.on("request", self._hear)
        box = surface(page).bounding_box()
        self.left, self.top = box["x"], box["y"]

    def _hear(self, request):
        if request.method == "PATCH" and request.url.endswith("/draft"):
            for op in json.loads(request.post_data)["ops"]:
                if op["op"] == "put":
                    self.told[op["annotation"]["label"]] = op["annotation"]["value"]

    def stroke(self, *way, button="left"):
        (x, y), *more = way
        self.page.mouse.move(self.left + x, self.top + y)
        self.page.mouse.down(button=button)
        for x, y in more:
            self.page.mouse.move(self.left + x, self.top + y, steps=5)
        self.page.mouse.up(button=button)

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)

    def masks(self, holds):
        """Waits until what the server was told holds, and gives it."""
        for _ in range(200):
            told = {label: pixels(value) for label, value in self.told.items()}
            if holds(told):
                return told
            self.page.wait_for_timeout(50)
        raise AssertionError({label: int(value.sum()) for label, value in told.items()})


def pixels(value, width=1280, height=800):
    left, top, wide, high = value["box"]
    canvas = np.zeros((max(height, top + high), max(width, left + wide)), bool)
    canvas[top : top + high, left : left + wide] = masks.pixels((tuple(value["box"]), value["counts"]))
    return canvas


@pytest.fixture
def project(house, tmp_path):
    drawn = scene(0)
    (tmp_path / drawn.name).write_bytes(drawn.png)
    made = house.client.create_project("Roofs", schema=SCHEMA)
    assert made.import_from(tmp_path).wait().result["items_added"] == 1
    return made


def test_a_mask_is_painted_erased_kept_and_exported(house, project, surface, watched, pictures, tmp_path):
    page = watched.page(house.context(house.owner).new_page())
    page.goto(f"/p/{project.id}/label")
    desk = Desk(page, surface)

    # A stroke makes a mask, the next one adds to it, the other button takes away; undo takes back one stroke.
    desk.press("m", "]", "]")
    desk.stroke((300, 300), (480, 280))
    first = desk.masks(lambda told: "roof" in told)["roof"]
    desk.stroke((480, 280), (500, 400))
    both = desk.masks(lambda told: told["roof"].sum() > first.sum())["roof"]
    assert both[first].all()
    desk.stroke((380, 240), (380, 340), button="right")
    cut = desk.masks(lambda told: told["roof"].sum() < both.sum())["roof"]
    assert not cut[~both].any()
    pictures(page, "mask-painted")
    desk.press("Control+z")
    desk.masks(lambda told: (told["roof"] == both).all())
    desk.press("Control+Shift+z")
    desk.masks(lambda told: (told["roof"] == cut).all())

    # Another mask takes the pixels that it covers, in one step.
    desk.press("m", "2", "Shift+R")
    desk.stroke((440, 200), (640, 350))
    told = desk.masks(lambda told: "yard" in told and not (told["roof"] & told["yard"]).any())
    assert (told["roof"] == (cut & ~told["yard"])).all()
    desk.press("Control+z")
    expect(page.locator(".ob")).to_have_count(1)
    desk.masks(lambda told: (told["roof"] == cut).all())
    desk.press("Control+Shift+z")
    expect(page.locator(".ob")).to_have_count(2)
    desk.masks(lambda told: (told["roof"] == (cut & ~told["yard"])).all())

    # What has the colour of a point is filled, as far as it is joined.
    desk.press("m", "3", "Shift+F")
    desk.stroke((150, 700), (150, 702))
    road = desk.masks(lambda told: "road" in told)["road"]
    assert road.sum() > 50_000
    assert not (road & desk.masks(bool)["yard"]).any()
    expect(page.locator(".save")).to_contain_text("Saved")

    # What was painted is there again, is what is handed in, and is what is exported.
    page.reload()
    expect(page.locator(".ob")).to_have_count(3)
    pictures(page, "mask-again")
    said = dict(desk.told)
    with page.expect_response(lambda got: got.request.method == "PUT" and "/revisions/" in got.url and got.ok):
        desk.press("Space")
    expect(page.locator(".ob")).to_have_count(0)
    with house.asks(house.owner) as http:
        (response,) = http.get(f"/projects/{project.id}/responses").json()["items"]
    stored = project.item(response["item"])["responses"][0]["annotations"]
    assert {a["label"]: a["value"] for a in stored} == said
    job = project.export("coco").wait()
    job.download(tmp_path / "out")
    (file,) = (tmp_path / "out").rglob("*instances.json")
    made = json.loads(file.read_text("utf-8"))
    names = {c["id"]: c["name"] for c in made["categories"]}
    for annotation in made["annotations"]:
        height, width = annotation["segmentation"]["size"]
        runs = masks.decode(annotation["segmentation"]["counts"])
        whole = masks.of_runs((0, 0, width, height), runs)
        assert whole == (
            tuple(said[names[annotation["category_id"]]]["box"]),
            said[names[annotation["category_id"]]]["counts"],
        )
    assert len(made["annotations"]) == 3
    key = project.item(response["item"])["key"]
    page.goto(f"/p/{project.id}/items?filter=" + json.dumps({"all": [{"key": {"op": "eq", "value": key}}]}))
    expect(page.get_by_label("Preview", exact=True).locator(".pic-box svg path")).to_have_count(3)
    pictures(page, "mask-item")

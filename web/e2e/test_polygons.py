"""Polygons on a real picture: drawn, changed corner by corner, cut, kept over a reload, compared and exported."""

import json

import pytest
from playwright.sync_api import expect

from karat.demo.pictures import scene

SCHEMA = """
karat_schema: 1
streams: {photo: {kind: image}}
fields:
  plots: {kind: polygon, on: photo, labels: {roof: {title: Roof, key: "1"}, yard: {title: Yard, key: "2"}}}
"""
ROOF = [(300, 240), (520, 220), (560, 380), (320, 420)]
HOLE = [(400, 290), (460, 290), (430, 340)]
POLE = [(600, 240), (660, 240), (660, 300)]


@pytest.fixture
def project(house, tmp_path):
    for number in range(2):
        drawn = scene(number)
        (tmp_path / drawn.name).write_bytes(drawn.png)
    made = house.client.create_project("Plots", schema=SCHEMA)
    assert made.import_from(tmp_path).wait().result["items_added"] == 2
    return made


class Desk:
    """A page at work, the corner of its surface, and what it last told the server of a polygon."""

    def __init__(self, page, surface):
        self.page = page
        self.value = None
        page.on("request", self._hear)
        box = surface(page).bounding_box()
        self.left, self.top = box["x"], box["y"]

    def _hear(self, request):
        if request.method == "PATCH" and request.url.endswith("/draft"):
            for op in json.loads(request.post_data)["ops"]:
                if op["op"] == "put":
                    self.value = op["annotation"]["value"]

    def click(self, *points):
        for x, y in points:
            self.page.mouse.move(self.left + x, self.top + y)
            self.page.mouse.down()
            self.page.mouse.up()

    def drag(self, start, end):
        self.page.mouse.move(self.left + start[0], self.top + start[1])
        self.page.mouse.down()
        self.page.mouse.move(self.left + end[0], self.top + end[1], steps=4)
        self.page.mouse.up()

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)

    def has(self, corners, holes=0):
        """Waits until the server was told of so many corners and holes."""
        for _ in range(200):
            if self.value is not None and (len(self.value["outer"][0]), len(self.value.get("holes", []))) == (
                corners,
                holes,
            ):
                return self.value
            self.page.wait_for_timeout(50)
        raise AssertionError(f"expected {corners} corners and {holes} holes, told {self.value}")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_polygon_is_drawn_changed_kept_and_exported(house, project, surface, watched, pictures, tmp_path, theme):
    page = watched.page(house.context(house.owner, color_scheme=theme).new_page())
    page.goto(f"/p/{project.id}/label")
    desk = Desk(page, surface)

    # One corner too many is taken back; Enter closes.
    desk.press("p")
    desk.click(*ROOF, (200, 200))
    desk.press("Backspace")
    page.mouse.move(desk.left + 250, desk.top + 330)
    pictures(page, f"polygon-drawing-{theme}")
    desk.press("Enter")
    drawn = desk.has(4)
    expect(page.locator(".ob")).to_have_count(1)

    # An edge that is dragged makes a corner; a corner that was clicked goes by Delete, and comes back.
    desk.press("v")
    desk.drag((410, 230), (410, 180))
    assert desk.has(5)["outer"][0][1][1] < drawn["outer"][0][0][1]
    desk.click((560, 380))
    pictures(page, f"polygon-corner-{theme}")
    desk.press("Delete")
    desk.has(4)
    desk.press("Control+z")
    before = desk.has(5)
    desk.press("Escape", "Escape")

    # A hole that lies beside is none; one inside is cut.
    desk.click((480, 250))
    desk.press("Shift+P")
    desk.click(*POLE)
    desk.press("Enter")
    desk.press("Shift+P")
    desk.click(*HOLE)
    desk.click(HOLE[0])
    cut = desk.has(5, 1)
    assert cut["outer"] == before["outer"]
    desk.press("v")
    desk.press("Shift+ArrowRight")
    page.wait_for_timeout(1500)
    assert [round(b[0] - a[0], 1) for a, b in zip(cut["outer"][0], desk.value["outer"][0], strict=True)] == [10] * 5
    pictures(page, f"polygon-hole-{theme}")
    desk.press("?")
    expect(page.get_by_text("Cut a hole")).to_be_visible()
    pictures(page, f"polygon-keys-{theme}")
    desk.press("Escape")

    # A neighbour that begins and ends at the corners of the first one shares them exactly.
    said = desk.value
    expect(page.locator(".save")).to_contain_text("Saved")
    page.reload()
    expect(page.locator(".ob")).to_have_count(1)
    desk = Desk(page, surface)
    desk.press("2", "p")
    scale = 220 / abs(drawn["outer"][0][1][0] - drawn["outer"][0][0][0])
    moved = 10 * scale
    desk.click((520 + moved + 4, 220 + 3), (700, 230), (700, 400), (560 + moved - 3, 380 + 4))
    desk.press("Enter")
    shared = desk.has(4)["outer"][0]
    assert {tuple(shared[0]), tuple(shared[3])} <= {tuple(corner) for corner in said["outer"][0]}
    pictures(page, f"polygon-neighbours-{theme}")
    expect(page.locator(".save")).to_contain_text("Saved")
    with page.expect_response(lambda got: got.request.method == "PUT" and "/revisions/" in got.url and got.ok):
        desk.press("Space")
    expect(page.locator(".ob")).to_have_count(0)

    # What was handed in is what was drawn, in JSON lines and in COCO, where the hole is filled and told.
    with house.asks(house.owner) as http:
        (response,) = http.get(f"/projects/{project.id}/responses").json()["items"]
    stored = project.item(response["item"])["responses"][0]["annotations"]
    assert [(a["label"], a["value"]) for a in stored] == [("roof", said), ("yard", desk.value)]
    job = project.export("coco").wait()
    job.download(tmp_path / "out")
    (file,) = (tmp_path / "out").rglob("*instances.json")
    made = json.loads(file.read_text("utf-8"))["annotations"]
    assert [a["segmentation"][0][:2] for a in made] == [said["outer"][0][0], desk.value["outer"][0][0]]
    key = project.item(response["item"])["key"]
    page.goto(f"/p/{project.id}/items?filter=" + json.dumps({"all": [{"key": {"op": "eq", "value": key}}]}))
    expect(page.get_by_label("Preview", exact=True).locator(".pic-box svg path")).to_have_count(2)
    pictures(page, f"polygon-item-{theme}")

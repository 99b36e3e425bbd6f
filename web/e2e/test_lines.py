"""A line, a point, a rotated box and an ellipse on one picture: drawn, changed, undone, handed in and exported."""

import json

import pytest

from karat.demo.pictures import scene

LABELS = "labels: {thing: {title: Thing}}"
SCHEMA = f"""
karat_schema: 1
streams: {{photo: {{kind: image}}}}
fields:
  lanes: {{kind: polyline, on: photo, {LABELS}}}
  spots: {{kind: point, on: photo, {LABELS}}}
  planes: {{kind: rotated_box, on: photo, {LABELS}}}
  wheels: {{kind: ellipse, on: photo, {LABELS}}}
"""


@pytest.fixture
def project(house, tmp_path):
    drawn = scene(0)
    (tmp_path / drawn.name).write_bytes(drawn.png)
    made = house.client.create_project("Lines", schema=SCHEMA)
    assert made.import_from(tmp_path).wait().result["items_added"] == 1
    return made


class Desk:
    """A page at work, the corner of its surface, and what it last told the server of each field."""

    def __init__(self, page, surface):
        self.page = page
        self.values = {}
        page.on("request", self._hear)
        box = surface(page).bounding_box()
        self.left, self.top = box["x"], box["y"]

    def _hear(self, request):
        if request.method == "PATCH" and request.url.endswith("/draft"):
            for op in json.loads(request.post_data)["ops"]:
                if op["op"] == "put":
                    self.values[op["annotation"]["field"]] = op["annotation"]["value"]

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

    def has(self, field, is_so):
        """Waits until the server was told of such a value, and gives it."""
        for _ in range(200):
            if field in self.values and is_so(self.values[field]):
                return self.values[field]
            self.page.wait_for_timeout(50)
        raise AssertionError(f"the server was told {self.values.get(field)}")


def test_four_shapes_are_drawn_changed_undone_handed_in_and_exported(
    house, project, surface, watched, pictures, tmp_path
):
    page = watched.page(house.context(house.owner).new_page())
    page.goto(f"/p/{project.id}/label")
    desk = Desk(page, surface)

    # A line of three points, one of them taken back and one made by dragging the line.
    desk.press("u")
    desk.click((200, 300), (300, 260), (380, 200))
    desk.press("Backspace")
    desk.click((400, 300))
    page.mouse.move(desk.left + 420, desk.top + 320)
    pictures(page, "lines-drawing")
    desk.press("Enter")
    line = desk.has("lanes", lambda v: len(v["points"]) == 3)
    desk.press("v")
    desk.drag((350, 280), (350, 220))
    desk.has("lanes", lambda v: len(v["points"]) == 4)
    desk.press("Control+z")
    assert desk.has("lanes", lambda v: len(v["points"]) == 3) == line
    desk.press("Escape")

    # A point, nudged by an arrow.
    desk.press("y")
    desk.click((250, 400))
    spot = desk.has("spots", lambda v: True)
    desk.press("Shift+ArrowRight")
    desk.has("spots", lambda v: round(v["x"] - spot["x"], 1) == 10)

    # A box along an edge and across, turned by keys and by its handle.
    desk.press("Shift+B")
    desk.click((500, 300), (600, 300))
    page.mouse.move(desk.left + 560, desk.top + 340)
    pictures(page, "lines-across")
    desk.click((560, 350))
    level = desk.has("planes", lambda v: v["angle"] == 0)
    assert level["width"] == pytest.approx(2 * level["height"], rel=0.02)
    desk.press("v", "}", ">")
    desk.has("planes", lambda v: v["angle"] == 16)
    desk.press("Control+z", "Control+z")
    desk.has("planes", lambda v: v["angle"] == 0)
    desk.drag((550, 278), (640, 325))
    turned = desk.has("planes", lambda v: v["angle"] > 0)
    assert turned["angle"] == pytest.approx(90, abs=2)
    assert (turned["cx"], turned["cy"], turned["width"]) == (level["cx"], level["cy"], level["width"])
    pictures(page, "lines-turned")
    desk.press("Escape")

    # An ellipse, made larger at one side.
    desk.press("Shift+E")
    desk.drag((300, 440), (400, 500))
    ellipse = desk.has("wheels", lambda v: True)
    desk.press("v")
    desk.drag((400, 470), (440, 470))
    grown = desk.has("wheels", lambda v: v["rx"] > ellipse["rx"])
    assert grown["rx"] == pytest.approx(1.4 * ellipse["rx"], rel=0.02)
    assert grown["ry"] == ellipse["ry"]
    pictures(page, "lines-four")
    page.emulate_media(color_scheme="dark")
    pictures(page, "lines-four-dark")
    said = dict(desk.values)
    with page.expect_response(lambda got: got.request.method == "PUT" and "/revisions/" in got.url and got.ok):
        desk.press("Space")

    # What was handed in is what was drawn, and Label Studio gets a region of each.
    (item,) = [i["id"] for i in project.items()]
    stored = project.item(item)["responses"][0]["annotations"]
    assert {a["field"]: a["value"] for a in stored} == said
    project.export("label_studio").wait().download(tmp_path / "out")
    (file,) = (tmp_path / "out").rglob("tasks.json")
    regions = json.loads(file.read_text("utf-8"))[0]["annotations"][0]["result"]
    assert {r["type"] for r in regions} == {"vectorlabels", "keypointlabels", "rectanglelabels", "ellipselabels"}
    page.goto(f"/p/{project.id}/items")
    page.get_by_role("row").nth(1).click()
    page.get_by_label("Preview", exact=True).locator(".pic-box svg path").nth(3).wait_for(state="attached")
    pictures(page, "lines-item")

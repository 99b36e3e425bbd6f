"""Keypoints on a picture: placed in order with the next one named, or all at once; changed, swapped, kept and exported."""

import json
import shutil

import pytest
from playwright.sync_api import expect

from karat.demo.pictures import scene

SCHEMA = """
karat_schema: 1
streams: {photo: {kind: image}}
fields:
  faces:
    kind: keypoints
    on: photo
    labels: {face: {title: Face, key: "1"}}
    points: [left_eye, right_eye, nose, left_mouth, right_mouth]
    edges: [[left_eye, nose], [right_eye, nose], [nose, left_mouth], [nose, right_mouth]]
    pairs: [[left_eye, right_eye], [left_mouth, right_mouth]]
"""
ABSENT = [0, 0, 0]


class Desk:
    """A page at work, the corner of its surface, and what it last told the server of each set of keypoints."""

    def __init__(self, page, surface):
        self.page = page
        self.told = {}
        self.seen = None
        page.on("request", self._hear)
        box = surface(page).bounding_box()
        self.left, self.top = box["x"], box["y"]

    def _hear(self, request):
        if request.method == "PATCH" and request.url.endswith("/draft"):
            for op in json.loads(request.post_data)["ops"]:
                if op["op"] == "put":
                    self.told[op["annotation"]["id"]] = op["annotation"]["value"]

    def point(self, x, y):
        self.page.mouse.move(self.left + x, self.top + y)

    def click(self, x, y, button="left"):
        self.point(x, y)
        self.page.mouse.down(button=button)
        self.page.mouse.up(button=button)

    def drag(self, start, end):
        self.point(*start)
        self.page.mouse.down()
        self.page.mouse.move(self.left + end[0], self.top + end[1], steps=4)
        self.page.mouse.up()

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)

    def sees(self, *flags, count=1):
        """Waits until the server was told of so many sets, the last of them new and with these flags of visibility."""
        for _ in range(200):
            last = list(self.told.values())[-1] if len(self.told) == count else []
            if [seen for _, _, seen in last] == list(flags) and last != self.seen:
                self.seen = last
                return last
            self.page.wait_for_timeout(50)
        raise AssertionError(f"expected {flags}, told {self.told}")


def test_keypoints_are_placed_in_order_changed_kept_and_exported(house, surface, watched, pictures, tmp_path):
    drawn = scene(0)
    (tmp_path / drawn.name).write_bytes(drawn.png)
    project = house.client.create_project("Faces", schema=SCHEMA)
    assert project.import_from(tmp_path).wait().result["items_added"] == 1
    page = watched.page(house.context(house.owner).new_page())
    page.goto(f"/p/{project.id}/label")
    desk = Desk(page, surface)
    guide = page.locator(".guide")

    # The screen names what comes next: a click, an occluded one by the second button, one taken back, one that is not there.
    expect(guide).to_contain_text("Left eye")
    desk.click(560, 200)
    expect(guide).to_contain_text("Right eye2 of 5")
    desk.click(480, 200)
    desk.press("Backspace")
    expect(guide).to_contain_text("Right eye")
    desk.click(484, 204, button="right")
    desk.press("v")
    desk.point(520, 250)
    pictures(page, "keypoints-drawing")
    desk.click(520, 250)
    desk.press("f")
    expect(guide).to_contain_text("Right mouth")
    desk.click(490, 300)
    face = desk.sees(2, 1, 1, 0, 2)
    assert face[3] == ABSENT
    expect(page.locator(".ob")).to_have_count(1)

    # A point is dragged, two become visible, one is taken out and put in again; left and right are swapped, all are nudged.
    desk.drag((490, 300), (500, 310))
    desk.click(520, 250, button="right")
    desk.point(484, 204)
    desk.press("q")
    before = desk.sees(2, 2, 2, 0, 2)
    assert before[4] != face[4] and [p[:2] for p in before[:4]] == [p[:2] for p in face[:4]]
    desk.press("o")
    desk.sees(2, 0, 2, 0, 2)
    desk.press("Control+z", "Shift+K")
    expect(guide).to_contain_text("Left mouth")
    desk.click(545, 310)
    whole = desk.sees(2, 2, 2, 2, 2)
    assert [whole[i] for i in (0, 1, 2, 4)] == [before[i] for i in (0, 1, 2, 4)]
    desk.press("Shift+X")
    swapped = desk.sees(2, 2, 2, 2, 2)
    assert [swapped[i] for i in (1, 0, 2, 4, 3)] == whole
    desk.press("v", "Shift+ArrowRight")
    last = desk.sees(2, 2, 2, 2, 2)
    assert last == [pytest.approx([x + 10, y, seen]) for x, y, seen in swapped]
    pictures(page, "keypoints-selected")

    # A whole template in a box, begun on free ground.
    desk.press("k", "Escape")
    desk.drag((700, 150), (860, 330))
    boxed = desk.sees(2, 2, 2, 2, 2, count=2)
    assert boxed[0][0] > boxed[1][0] and boxed[3][1] > boxed[0][1]
    desk.press("?")
    expect(page.get_by_text("Swap left and right")).to_be_visible()
    pictures(page, "keypoints-keys")
    desk.press("Escape")
    expect(page.locator(".save")).to_contain_text("Saved")
    page.reload()
    expect(page.locator(".ob")).to_have_count(2)
    surface(page)
    with page.expect_response(lambda got: got.request.method == "PUT" and "/revisions/" in got.url and got.ok):
        desk.press("Space")

    # What was handed in is what was drawn, also in COCO, and the item shows it.
    with house.asks(house.owner) as http:
        (response,) = http.get(f"/projects/{project.id}/responses").json()["items"]
    stored = [a["value"] for a in project.item(response["item"])["responses"][0]["annotations"]]
    assert stored == [last, boxed]
    project.export("coco").wait().download(tmp_path / "out")
    (file,) = (tmp_path / "out").rglob("*instances.json")
    made = json.loads(file.read_text("utf-8"))
    assert [a["keypoints"] for a in made["annotations"]] == [[n for point in value for n in point] for value in stored]
    assert made["categories"][0]["skeleton"] == [[1, 3], [2, 3], [3, 4], [3, 5]]
    page.goto(f"/p/{project.id}/items")
    expect(page.get_by_label("Preview", exact=True).locator(".pic-box svg path")).to_have_count(6)
    pictures(page, "keypoints-item")


def test_cocos_people_come_in_with_their_skeleton_and_go_out_as_they_were(
    house, real_data, watched, pictures, tmp_path
):
    given = real_data("image/coco_keypoints")
    truth = json.loads((given / "test_coco.json").read_text("utf-8"))
    folder = tmp_path / "coco"
    folder.mkdir()
    for path in (given / "test_coco.json", *given.glob("*.jpg")):
        shutil.copy(path, folder)
    project = house.client.create_project("People", schema=house.client.propose_schema(folder)["yaml"])
    result = project.import_from(folder).wait().result
    assert (result["items_added"], result.get("rejects", 0)) == (len(truth["images"]), 0)

    page = watched.page(house.context(house.owner).new_page())
    page.goto(f"/p/{project.id}/items")
    expect(page.get_by_label("Preview", exact=True).locator(".pic-box svg path").first).to_be_visible()
    pictures(page, "keypoints-coco-item")
    project.export("coco").wait().download(tmp_path / "out")

    (file,) = (tmp_path / "out").rglob("*instances.json")
    made = {a["id"]: a for a in json.loads(file.read_text("utf-8"))["annotations"]}
    assert {i: (a["keypoints"], a["num_keypoints"], a["bbox"]) for i, a in made.items()} == {
        a["id"]: (a["keypoints"], a["num_keypoints"], a["bbox"]) for a in truth["annotations"]
    }

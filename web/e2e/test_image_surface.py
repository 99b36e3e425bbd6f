"""The image surface: how a picture is shown is kept and changes no data; many shapes are changed, locked and carried on as one."""

import json

import pytest
from playwright.sync_api import expect

from karat.demo.pictures import scene

SCHEMA = """
karat_schema: 1
streams: {photo: {kind: image}}
fields:
  objects:
    kind: box
    on: photo
    attributes: {state: {kind: choice, title: State, options: {parked: {}, moving: {}}}, speed: {kind: choice, title: Speed, when: {state: moving}, options: {slow: {}, fast: {}}}}
    labels: {car: {title: Car}, bus: {title: Bus}}
"""
# What the canvas shows in a place of the picture: red, green, blue; null before there is anything.
PIXEL = """([x, y]) => {
  if (document.querySelector('.karat-picture') === null) return null
  const one = document.createElement('canvas').getContext('2d', { willReadFrequently: true })
  one.drawImage(document.querySelector('.karat-picture'), x + 128, y + 128, 1, 1, 0, 0, 1, 1)
  const [red, green, blue, alpha] = one.getImageData(0, 0, 1, 1).data
  return alpha === 255 ? [red, green, blue] : null
}"""
PLACE = [300, 300]


@pytest.fixture
def project(house, tmp_path):
    for number in range(3):
        drawn = scene(number)
        (tmp_path / drawn.name).write_bytes(drawn.png)
    made = house.client.create_project("Streets", schema=SCHEMA)
    assert made.import_from(tmp_path).wait().result["items_added"] == 3
    return made


def shows(page, pixel):
    page.wait_for_function(
        f"(wanted) => JSON.stringify(({PIXEL})({PLACE})) === wanted", arg=json.dumps(pixel, separators=(",", ":"))
    )


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_how_a_picture_is_shown_is_kept_and_changes_nothing(house, project, surface, watched, pictures, theme):
    page = watched.page(house.context(house.owner, color_scheme=theme).new_page())
    page.goto(f"/p/{project.id}/label")
    surface(page)
    told = []
    page.on(
        "request",
        lambda asked: told.append(asked.url) if asked.method in ("PATCH", "PUT") and "/draft" in asked.url else None,
    )
    plain = page.wait_for_function(PIXEL, arg=PLACE).json_value()

    page.keyboard.press("Shift+I")
    inverted = [255 - c for c in plain]
    shows(page, inverted)
    page.keyboard.press("Shift+G")
    page.keyboard.press("Shift+V")
    panel = page.get_by_role("dialog", name="Brightness and contrast")
    expect(panel).to_be_visible()
    pictures(page, f"image-tone-{theme}")
    panel.get_by_label("Brightness").focus()
    page.keyboard.press("Home")
    shows(page, [255, 255, 255])

    # It is kept for this person and project, and one key shows the picture as it is.
    page.reload()
    surface(page)
    shows(page, [255, 255, 255])
    page.keyboard.press("Shift+0")
    shows(page, plain)
    page.keyboard.press("Shift+G")
    assert told == []


def test_many_shapes_are_changed_locked_and_carried_on_as_one(house, project, surface, watched, pictures):
    page = watched.page(house.open(house.owner, f"/p/{project.id}/label"))
    box = surface(page).bounding_box()

    def drag(start, end):
        page.mouse.move(box["x"] + start[0], box["y"] + start[1])
        page.mouse.down()
        page.mouse.move(box["x"] + end[0], box["y"] + end[1], steps=3)
        page.mouse.up()

    def has(cars, buses):
        expect(page.locator(".ob").filter(has_text="Car")).to_have_count(cars)
        expect(page.locator(".ob").filter(has_text="Bus")).to_have_count(buses)

    for left in (200, 400, 700):
        page.keyboard.press("b")
        drag((left, 250), (left + 120, 350))
    has(3, 0)

    # A marquee takes what lies in it; a label, an answer and what it asks for go to all of it, each as one step.
    page.keyboard.press("v")
    drag((150, 200), (560, 400))
    expect(page.locator(".ob.sel")).to_have_count(2)
    page.keyboard.press("2")
    has(1, 2)
    page.keyboard.press("Control+z")
    has(3, 0)
    drag((150, 200), (560, 400))
    pictures(page, "image-many")
    many = page.get_by_role("complementary").get_by_role("heading", name="For all 2")
    expect(many).to_be_visible()
    expect(page.get_by_text("Speed")).to_have_count(0)
    page.keyboard.press("q")
    page.keyboard.press("q")
    expect(page.get_by_text("Speed")).to_be_visible()

    # What is locked stays, whatever is pressed.
    page.keyboard.press("Alt+l")
    page.keyboard.press("Delete")
    has(3, 0)
    page.keyboard.press("Alt+Shift+L")
    page.keyboard.press("Delete")
    has(1, 0)
    page.keyboard.press("Control+z")
    has(3, 0)

    # All of it goes on to the next picture.
    page.keyboard.press("Control+a")
    page.keyboard.press("Control+c")
    page.keyboard.press("Space")
    has(0, 0)
    page.keyboard.press("Control+v")
    has(3, 0)
    expect(page.locator(".save")).to_contain_text("Saved")

    # What is asked about a shape stands at it wherever the picture goes, and leads to what was said.
    page.keyboard.press("Escape")
    page.mouse.click(box["x"] + 260, box["y"] + 300)
    expect(page.locator(".ob.sel")).to_have_count(1)
    page.keyboard.press("g")
    page.get_by_label("Your question").fill("Is it parked?")
    page.keyboard.press("Control+Enter")
    pin = page.get_by_role("button", name="open: Is it parked?", exact=True)
    expect(pin).to_be_visible()
    expect(page.locator(".ob.sel").get_by_role("button", name="open: Is it parked?")).to_be_visible()
    before, place = pin.bounding_box(), page.locator(".pins").get_attribute("style")
    page.mouse.move(box["x"] + 260, box["y"] + 300)
    page.mouse.wheel(0, -300)
    expect(page.locator(".pins")).not_to_have_attribute("style", place)
    after = pin.bounding_box()
    assert (after["x"], after["width"]) > (before["x"], before["width"] - 1)
    pictures(page, "image-pin")
    pin.click()
    expect(page.get_by_role("article", name="Is it parked?")).to_be_focused()


def test_a_picture_that_did_not_arrive_comes_by_itself_and_is_not_handed_in_before(house, project, surface, pictures):
    page = house.context(house.owner).new_page()
    page.route("**/streams/photo*", lambda route: route.abort("connectionrefused"))
    page.goto(f"/p/{project.id}/label")
    expect(page.get_by_role("alert")).to_contain_text("This picture has not arrived")
    item = page.locator(".hd bdi").inner_text()
    expect(page.get_by_role("button", name="Submit")).to_be_disabled()
    page.keyboard.press("Space")
    pictures(page, "image-away")

    page.unroute("**/streams/photo*")
    expect(page.locator(".canvas-host canvas").first).to_be_visible()
    box = surface(page).bounding_box()
    expect(page.locator(".hd bdi")).to_have_text(item)
    page.keyboard.press("b")
    page.mouse.move(box["x"] + 300, box["y"] + 250)
    page.mouse.down()
    page.mouse.move(box["x"] + 400, box["y"] + 350, steps=3)
    page.mouse.up()
    expect(page.locator(".ob")).to_have_count(1)

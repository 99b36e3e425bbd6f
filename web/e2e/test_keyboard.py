"""Labeling without a mouse, from signing in to the last answer."""

import re

import pytest
from playwright.sync_api import expect

from karat.demo import schemas
from karat.demo.messages import message
from karat.demo.pictures import scene


@pytest.fixture(scope="module")
def texts(settled, tmp_path_factory):
    made = settled.client.create_project("Messages", schema=schemas.MESSAGES)
    file = tmp_path_factory.mktemp("texts") / "messages.csv"
    file.write_text("key,text\n" + "".join(f'M-{n},"{message(n).text}"\n' for n in range(8)), "utf-8")
    made.import_from(file).wait()
    return made


@pytest.fixture(scope="module")
def photos(settled, tmp_path_factory):
    made = settled.client.create_project("Streets", schema=schemas.STREET)
    folder = tmp_path_factory.mktemp("photos")
    for number in range(3):
        (folder / scene(number).name).write_bytes(scene(number).png)
    made.import_from(folder).wait()
    return made


# Each key in the turn after the last one's, as a script or a fast hand gives them; nothing waits for a timer.
FAST_KEYS = """async (keys) => {
    for (const [key, code] of keys) {
        document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key, code, bubbles: true, cancelable: true }))
        await new Promise((done) => { const { port1, port2 } = new MessageChannel(); port1.onmessage = done; port2.postMessage(0) })
    }
}"""


def type_keys(page, *keys):
    for key in keys:
        page.keyboard.press(key)


def go_by_palette(page, words, choice):
    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox", name="Find or do")).to_be_focused()
    page.keyboard.type(words)
    expect(page.get_by_role("option", selected=True)).to_contain_text(choice)
    page.keyboard.press("Enter")


def answers_of(house, project):
    with house.asks(house.owner) as http:
        return http.get(f"/projects/{project.id}/responses").json()["items"]


def open_item(page):
    return page.locator(".hd bdi").inner_text()


def test_texts_are_labeled_by_keyboard_alone(house, texts, watched):
    kim = house.join("Kim Lindqvist")
    page = watched.page(house.context().new_page(), allowed=r"401.*/api/v1/me\b|console error.*401.*/api/v1/me\b")
    page.goto("/")
    expect(page.get_by_label("Email")).to_be_focused()
    page.keyboard.type(kim.email)
    page.keyboard.press("Tab")
    page.keyboard.type("a long enough password")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Go on")).to_be_visible()
    go_by_palette(page, "Messages", "Messages")
    words = page.locator(".text-words").first
    expect(words).to_be_visible()
    spans = page.locator(".ob")

    # Enter sets the caret, Shift and an arrow marks a word, Enter labels it, a digit gives it another label.
    type_keys(page, "Enter", "Control+Shift+ArrowRight", "Enter")
    expect(spans).to_have_count(1)
    expect(spans.first).to_contain_text(re.match(r"\w+", words.inner_text()).group())
    expect(spans.first).to_contain_text("Product")
    page.keyboard.press("2")
    expect(spans.first).to_contain_text("Order number")
    # Undo and redo.
    page.keyboard.press("Control+z")
    expect(spans.first).to_contain_text("Product")
    page.keyboard.press("Control+Shift+z")
    expect(spans.first).to_contain_text("Order number")

    # An answer by its key, what is missing is said, and the item is handed in.
    expect(page.get_by_role("button", name="Submit, 1 open")).to_be_visible()
    page.keyboard.press("w")
    expect(page.get_by_role("radio", name="Refund", checked=True)).to_be_visible()
    one = open_item(page)
    page.keyboard.press("Space")
    expect(page.get_by_text(f"{one} handed in")).to_be_visible()
    expect(page.get_by_text(one, exact=True)).to_have_count(0)

    # The submit is taken back: the item is there again as it was, then goes in for good.
    page.keyboard.press("Control+z")
    expect(page.locator(".hd bdi")).to_have_text(one)
    expect(spans.first).to_contain_text("Order number")
    expect(page.get_by_role("radio", name="Refund", checked=True)).to_be_visible()
    page.keyboard.press("Space")
    expect(page.get_by_text(f"{one} handed in")).to_be_visible()

    # Skipped with a reason: a digit chooses it, however soon it follows, Enter does it.
    expect(words).to_be_visible()
    two = open_item(page)
    page.evaluate(FAST_KEYS, [["x", "KeyX"], ["3", "Digit3"]])
    dialog = page.get_by_role("dialog", name="Skip this item")
    expect(dialog).to_be_visible()
    expect(dialog.get_by_role("radio", name="It does not belong here", checked=True)).to_be_visible()
    page.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    expect(page.get_by_text(f"{two} skipped")).to_be_visible()

    # The palette does what is typed; the sheet tells the keys; Esc closes both.
    expect(words).to_be_visible()
    go_by_palette(page, "topic damage", "Damage")
    expect(page.get_by_role("radio", name="Damage", checked=True)).to_be_visible()
    page.keyboard.press("?")
    sheet = page.get_by_role("dialog", name="Keys of this screen")
    expect(sheet.get_by_text("Submit and next")).to_be_visible()
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    # A note: its key leads into it, Esc out of it, and Space means a space in it.
    page.keyboard.press("u")
    expect(page.get_by_label("Note")).to_be_focused()
    page.keyboard.type("seen twice")
    page.keyboard.press("Escape")
    three = open_item(page)
    page.keyboard.press("Space")
    expect(page.get_by_text(f"{three} handed in")).to_be_visible()
    expect(page.locator(".today .n")).to_have_text("2")
    go_by_palette(page, "leave", "Leave labeling")
    expect(page.get_by_role("heading", name="My work", exact=True)).to_be_visible()

    said = sorted(answers_of(house, texts), key=lambda r: r["state"])
    assert [r["state"] for r in said] == ["skipped", "submitted", "submitted"]
    whole = [{a["field"]: a["value"] for a in r["annotations"]} for r in said[1:]]
    assert {"topic": "damage", "note": "seen twice"} in whole
    assert any(set(answer) == {"topic", "entities"} and answer["topic"] == "refund" for answer in whole)


def test_boxes_are_drawn_by_keyboard_alone(house, photos, watched):
    lea = house.join("Lea Marchetti")
    page = watched.page(house.open(lea, f"/p/{photos.id}/label"))
    picture = page.get_by_role("application")
    expect(picture).to_be_visible()
    expect(picture).to_be_focused()
    boxes = page.locator(".ob")

    # The cross appears in the middle; Enter sets a corner, the arrows go, Enter sets the other.
    type_keys(page, "b", "Enter", "Enter", *["Shift+ArrowRight"] * 12, *["Shift+ArrowDown"] * 8, "Enter")
    expect(boxes).to_have_count(1)
    expect(boxes.first).to_contain_text("Car")
    # The car is half hidden: its attribute by its key; then it becomes a bus, which is not asked.
    attribute = page.get_by_role("radio", name="part", exact=True)
    page.keyboard.press("q")
    expect(attribute).to_be_checked()
    # Nudged by one and by ten, made larger, then a copy that is a person.
    type_keys(page, "ArrowLeft", "Shift+ArrowUp", "Alt+ArrowRight", "Control+d")
    expect(boxes).to_have_count(2)
    page.keyboard.press("3")
    expect(boxes.last).to_contain_text("Person")
    # Tab walks the objects; Delete takes one away, undo brings it back.
    page.keyboard.press("Tab")
    page.keyboard.press("Delete")
    expect(boxes).to_have_count(1)
    page.keyboard.press("Control+z")
    expect(boxes).to_have_count(2)
    # Drawn anew it stays one box; taken back, it is what it was.
    type_keys(page, "Tab", "Shift+N", "Enter", *["Shift+ArrowRight"] * 6, *["Shift+ArrowDown"] * 6, "Enter")
    expect(page.locator(".ob.sel")).to_contain_text("Person")
    expect(boxes).to_have_count(2)
    page.keyboard.press("Control+z")
    # The label menu is left by Esc; the boxes go out of sight and come back.
    page.keyboard.press("`")
    menu = page.get_by_role("dialog", name="Choose a label")
    expect(menu).to_be_visible()
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    expect(picture).to_be_focused()
    page.keyboard.press("Alt+5")
    expect(page.get_by_role("button", name="Show all")).to_be_visible()
    page.keyboard.press("Alt+1")
    expect(page.get_by_role("button", name="Show all")).to_be_hidden()

    # The weather is needed: the palette answers it, Space hands in.
    page.keyboard.press("Escape")
    go_by_palette(page, "weather night", "Night")
    item = open_item(page)
    page.keyboard.press("Space")
    expect(page.get_by_text(f"{item} handed in")).to_be_visible()
    expect(page.locator(".save")).to_have_text("Saved")
    expect(page.locator(".today .n")).to_have_text("1")

    (said,) = answers_of(house, photos)
    by_label = {a["label"]: a for a in said["annotations"] if a["field"] == "objects"}
    assert set(by_label) == {"car", "person"}
    car, person = by_label["car"]["value"], by_label["person"]["value"]
    assert car["right"] - car["left"] == 121 and car["bottom"] - car["top"] == 80
    assert person["left"] - car["left"] == 12
    assert by_label["car"]["attributes"]["occluded"] == "part"
    assert next(a for a in said["annotations"] if a["field"] == "weather")["value"] == "night"


def test_a_picture_that_does_not_arrive_is_asked_for_again_and_never_skipped(house, tmp_path):
    (tmp_path / scene(0).name).write_bytes(scene(0).png)
    photos = house.client.create_project("One street", schema=schemas.STREET)
    photos.import_from(tmp_path).wait()
    ida = house.join("Ida Marsh")
    page = house.context(ida).new_page()
    page.route("**/streams/**", lambda route: route.abort())
    page.goto(f"/p/{photos.id}/label")
    expect(page.get_by_role("heading", name="This picture has not arrived")).to_be_visible()
    item = open_item(page)
    page.keyboard.press("Space")
    page.unroute("**/streams/**")
    expect(page.get_by_role("application")).to_be_visible()

    assert open_item(page) == item
    expect(page.get_by_text(f"{item} skipped")).to_have_count(0)

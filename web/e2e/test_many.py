"""Many texts are labeled at once by keys alone: chosen, answered, handed in, taken back, and nothing lost with the tab."""

import json

from playwright.sync_api import expect

SCHEMA = """
karat_schema: 1
streams: {text: {kind: text}}
fields:
  topic: {kind: choice, required: true, options: {spam: {title: Spam}, ham: {title: Ham}, other: {title: Other}}}
  sure: {kind: rating, min: 1, max: 3}
"""


def test_many_texts_are_labeled_by_keys(house, watched, pictures, tmp_path):
    rows = [
        {
            "id": f"t{n:03}",
            "text": f"Message {n}: {'WIN a prize now' if n % 3 == 0 else 'see you at noon'}",
            "site": "oslo" if n % 2 else "rome",
        }
        for n in range(70)
    ]
    (tmp_path / "texts.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    project = house.client.create_project("Spam", schema=SCHEMA)
    assert project.import_from(tmp_path / "texts.jsonl").wait().result["items_added"] == 70
    ann = house.join("Ann")
    page = watched.page(house.open(ann, f"/p/{project.id}/many"))
    cards = page.get_by_role("gridcell")
    expect(cards.first).to_be_visible()
    expect(page.get_by_role("grid", name="Items to label")).to_be_focused()

    # Those that hold a word are chosen and answered by two keys; the rest by two more.
    page.keyboard.press("/")
    page.keyboard.type("prize")
    expect(cards.filter(has_text="noon")).to_have_count(0)
    page.keyboard.press("Escape")
    page.keyboard.press("Control+a")
    expect(page.get_by_text("20 items chosen")).to_be_visible()
    page.keyboard.press("1")
    expect(page.get_by_role("button", name="Hand in 20")).to_be_enabled()
    pictures(page, "many")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("20 labeled")).to_be_visible()

    # One step takes all of them back.
    page.keyboard.press("Control+z")
    expect(page.get_by_text("20 taken back")).to_be_visible()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("20 labeled")).to_be_visible()

    # What is not handed in outlives the tab.
    page.get_by_label("Search this page").fill("")
    page.keyboard.press("Escape")
    page.keyboard.press("Space")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("2")
    expect(page.get_by_role("button", name="Hand in 2")).to_be_enabled()
    context = page.context
    page.close()
    page = watched.page(context.new_page())
    page.goto(f"/p/{project.id}/many?view=table")
    expect(page.get_by_role("button", name="Hand in 2")).to_be_enabled()
    pictures(page, "many-table")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("2 labeled")).to_be_visible()

    project.export("jsonl").wait().download(tmp_path / "out")
    records = [json.loads(line) for line in (tmp_path / "out" / "items.jsonl").read_text("utf-8").splitlines()]
    said = [
        a["value"] for record in records for response in record.get("responses", []) for a in response["annotations"]
    ]
    assert sorted(said) == ["ham"] * 2 + ["spam"] * 20


CARDS = """
karat_schema: 1
streams: {text: {kind: text}}
fields:
  spam: {kind: choice, title: Is this spam?, options: {"yes": {title: Spam}, "no": {title: Not spam}}}
layout: card
"""


def test_one_key_answers_a_card_and_one_goes_back(house, watched, pictures, tmp_path):
    (tmp_path / "texts.csv").write_text("id,text\n" + "".join(f"m{n},Message number {n}\n" for n in range(5)))
    project = house.client.create_project("Cards", schema=CARDS)
    assert project.import_from(tmp_path / "texts.csv").wait().result["items_added"] == 5
    page = watched.page(house.context(house.owner).new_page())
    page.goto(f"/p/{project.id}/label")

    # Accept, reject, ignore; back to what was ignored, and that is accepted instead.
    for number, key in enumerate(("a", "x", "Space")):
        expect(page.get_by_text(f"Message number {number}")).to_be_visible()
        if number == 0:
            expect(
                page.get_by_role("group", name="Is this spam?").get_by_role("button", name="Not spam")
            ).to_be_visible()
            pictures(page, "card")
        page.keyboard.press(key)
    expect(page.get_by_text("Message number 3")).to_be_visible()
    page.keyboard.press("Backspace")
    expect(page.get_by_text("Message number 2")).to_be_visible()
    page.keyboard.press("a")
    expect(page.get_by_text("Message number 3")).to_be_visible()
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()

    project.export("jsonl").wait().download(tmp_path / "out")
    records = [json.loads(line) for line in (tmp_path / "out" / "items.jsonl").read_text("utf-8").splitlines()]
    said = [a["value"] for record in records for one in record.get("responses", []) for a in one["annotations"]]
    assert sorted(said) == ["no", "yes", "yes"]

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


SUGGESTIONS = """
karat_schema: 1
streams: {text: {kind: text}}
fields:
  names: {kind: span, on: text, labels: {person: {title: person}, place: {title: place}}}
layout: card
"""


def test_a_card_asks_whether_what_was_imported_is_right(house, watched, pictures, tmp_path):
    rows = [
        {"id": f"s{n}", "text": f"Ada went to Rome {n} times", "names": [{"start": 0, "end": 3, "label": "person"}]}
        for n in range(3)
    ]
    (tmp_path / "texts.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    project = house.client.create_project("Suggested", schema=SUGGESTIONS)
    project.update(begin="imported")
    assert project.import_from(tmp_path / "texts.jsonl").wait().result["responses_added"] == 3
    page = watched.page(house.context(house.owner).new_page())
    page.goto(f"/p/{project.id}/label")
    expect(page.get_by_role("group", name="Is this right: person?")).to_be_visible()
    pictures(page, "card-suggested")
    page.keyboard.press("a")
    expect(page.get_by_text("Rome 1 times")).to_be_visible()
    page.keyboard.press("x")
    expect(page.get_by_text("Rome 2 times")).to_be_visible()

    # What was rejected is there again when it is gone back to, and is accepted instead.
    page.keyboard.press("Backspace")
    expect(page.get_by_text("Rome 1 times")).to_be_visible()
    expect(page.get_by_role("group", name="Is this right: person?")).to_be_visible()
    page.keyboard.press("a")
    expect(page.get_by_text("Rome 2 times")).to_be_visible()
    page.keyboard.press("x")
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()

    project.export("jsonl").wait().download(tmp_path / "out")
    records = [json.loads(line) for line in (tmp_path / "out" / "items.jsonl").read_text("utf-8").splitlines()]
    labels = [
        [a["label"] for a in one.get("annotations", [])]
        for record in records
        for one in record["responses"]
        if one["author"]["type"] != "import"
    ]
    assert sorted(labels) == [[], ["person"], ["person"]]


ROWS = """
karat_schema: 1
streams: {sales: {kind: table}}
fields:
  right: {kind: choice, title: Is the row right?, on: sales, each: row, options: {"yes": {}, "no": {}}}
"""


def test_rows_of_a_table_are_answered_under_it_by_keys(house, watched, pictures, tmp_path):
    table = [{"product": f"Lamp {n}", "sold": n * 7, "of": "2024-01-02"} for n in range(400)]
    (tmp_path / "tables.jsonl").write_text(json.dumps({"id": "t", "sales": table}) + "\n")
    project = house.client.create_project("Rows", schema=ROWS)
    assert project.import_from(tmp_path / "tables.jsonl").wait().result["items_added"] == 1
    page = watched.page(house.context(house.owner).new_page())
    page.goto(f"/p/{project.id}/label")
    expect(page.get_by_role("grid")).to_be_visible()
    expect(page.get_by_role("group", name="Questions about 1", exact=True)).to_be_visible()

    # An answer goes on to the next row; arrows and the pointer take the question with them.
    page.keyboard.press("1")
    expect(page.get_by_role("group", name="Questions about 2", exact=True)).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("2")
    expect(page.get_by_role("group", name="Questions about 4", exact=True)).to_be_visible()
    pictures(page, "table-rows")
    page.get_by_role("gridcell", name="Lamp 8", exact=True).click()
    page.keyboard.press("1")
    expect(page.get_by_role("group", name="Questions about 10", exact=True)).to_be_visible()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()

    project.export("jsonl").wait().download(tmp_path / "out")
    [record] = [json.loads(line) for line in (tmp_path / "out" / "items.jsonl").read_text("utf-8").splitlines()]
    said = {a["id"]: a["value"] for a in record["responses"][0]["annotations"]}
    assert said == {"right/0": "yes", "right/2": "no", "right/8": "yes"}

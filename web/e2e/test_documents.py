"""A PDF and a scan with its words: marked, boxed, linked, scrolled, handed in and exported."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import expect

from karat.testing.pdf import pdf_of

SCHEMA = Path("src/karat/templates/documents.yaml").read_text()
HIGH = 400
PAGES = [
    [
        (40, 340, "Invoice number"),
        (200, 340, "4711"),
        (40, 300, "Total due"),
        (200, 300, "9.00 EUR"),
        (40, 200, "Thank you"),
    ],
    [(40, 340, "Conditions apply")],
]


@pytest.fixture
def project(house, tmp_path):
    (tmp_path / "a.pdf").write_bytes(pdf_of(PAGES, size=(300, HIGH)))
    made = house.client.create_project("Invoices", schema=SCHEMA)
    assert made.import_from(tmp_path).wait().result["items_added"] == 1
    return made


class Paper:
    """The pages on the screen, and what was last told the server of each annotation."""

    def __init__(self, page):
        self.page = page
        self.told = {}
        page.on("request", self._hear)

    def _hear(self, request):
        if request.method == "PATCH" and request.url.endswith("/draft"):
            for op in json.loads(request.post_data)["ops"]:
                if op["op"] == "put":
                    self.told[op["annotation"]["id"]] = op["annotation"]

    def at(self, number, x, y):
        """A place of a page in points on the screen."""
        box = self.page.locator(f'[data-page="{number}"]').bounding_box()
        share = box["width"] / 300
        return box["x"] + x * share, box["y"] + y * share

    def drag(self, number, start, end):
        self.page.mouse.move(*self.at(number, *start))
        self.page.mouse.down()
        self.page.mouse.move(*self.at(number, *end), steps=4)
        self.page.mouse.up()

    def has(self, count):
        for _ in range(200):
            if len(self.told) == count:
                return list(self.told.values())
            self.page.wait_for_timeout(50)
        raise AssertionError(f"expected {count} annotations, told {self.told}")


TABLE = """
karat_schema: 1
streams: {document: {kind: document}}
fields:
  tables: {kind: grid, on: document, labels: {table: {title: Table}}}
  ends: {kind: keypoints, on: document, points: [from, to], labels: {arrow: {title: Arrow}}}
  blocks: {kind: cuboid, on: document, labels: {block: {title: Block}}}
"""


def test_a_table_is_split_where_its_words_leave_gaps_and_cells_are_joined(house, watched, pictures, tmp_path):
    (tmp_path / "a.pdf").write_bytes(pdf_of(PAGES, size=(300, HIGH)))
    project = house.client.create_project("Tables", schema=TABLE)
    assert project.import_from(tmp_path).wait().result["items_added"] == 1
    page = watched.page(house.context(house.owner).new_page())
    page.goto(f"/p/{project.id}/label")
    paper = Paper(page)
    expect(page.locator('[data-page="1"] canvas.karat-picture')).to_be_attached()

    page.keyboard.press("Alt+t")
    paper.drag(1, (30, 40), (270, 215))
    expect(page.get_by_role("button", name="Table 1")).to_be_visible()
    page.keyboard.press("Alt+w")
    page.mouse.move(*paper.at(1, 100, 190))
    page.keyboard.press("Alt+j")
    page.mouse.move(*paper.at(1, 100, 180))
    page.keyboard.press("Alt+r")
    pictures(page, "documents-table")
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+Shift+z")
    [told] = paper.has(1)
    for _ in range(200):
        told = next(iter(paper.told.values()))["value"]
        if len(told.get("rows", ())) == 3:
            break
        page.wait_for_timeout(50)
    assert len(told["rows"]) == 3
    assert [130 < at < 200 for at in told["columns"]] == [True]
    assert [cell[1:] for cell in told["merged"]] == [[0, 2, 2]]

    # Points of a template and boxes in space lie on the page as well.
    page.keyboard.press("Escape")
    page.keyboard.press("k")
    page.mouse.click(*paper.at(1, 40, 20))
    page.mouse.click(*paper.at(1, 80, 20))
    expect(page.get_by_role("button", name="Arrow 2")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("Shift+U")
    paper.drag(1, (120, 10), (160, 30))
    page.mouse.click(*paper.at(1, 170, 24))
    expect(page.get_by_role("button", name="Block 3")).to_be_visible()
    pictures(page, "documents-points")
    made = {a["kind"]: a for a in paper.has(3)}
    assert [a["on"]["part"] for a in made.values()] == ["1", "1", "1"]
    assert [point[2] for point in made["keypoints"]["value"]] == [2, 2]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_words_and_regions_of_a_pdf_are_marked_by_pointer_and_keys(house, project, watched, pictures, tmp_path, theme):
    page = watched.page(house.context(house.owner, color_scheme=theme).new_page())
    page.goto(f"/p/{project.id}/label")
    paper = Paper(page)
    expect(page.locator('[data-page="1"] canvas.karat-picture')).to_be_attached()

    # By pointer: a drag over words, and a click on one.
    paper.drag(1, (45, 56), (110, 58))
    expect(page.get_by_role("button", name="Invoice number Key")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("2")
    page.mouse.click(*paper.at(1, 210, 56))
    expect(page.get_by_role("button", name="4711 Value")).to_be_visible()
    pictures(page, f"documents-span-{theme}")

    # By keys: down to the next line, over its two words, and their label.
    page.keyboard.press("Escape")
    page.keyboard.press("1")
    for key in ("ArrowDown", "ArrowDown", "Shift+ArrowRight", "Enter"):
        page.keyboard.press(key)
    expect(page.get_by_role("button", name="Total due Key")).to_be_visible()

    # A region takes the words in it, and lies on its page.
    page.keyboard.press("Escape")
    page.keyboard.press("b")
    page.keyboard.press("4")
    paper.drag(1, (30, 185), (150, 215))
    expect(page.locator("#attribute-text")).to_have_value("Thank you")
    pictures(page, f"documents-box-{theme}")
    page.keyboard.press("Escape")

    # Regions are numbered in turn; what is chosen last can be taken back.
    page.keyboard.press("b")
    page.keyboard.press("4")
    paper.drag(1, (30, 130), (150, 165))
    expect(page.get_by_role("button", name="Paragraph 5")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("v")
    page.keyboard.press("i")
    expect(page.get_by_text("Choose the first")).to_be_visible()
    page.mouse.click(*paper.at(1, 140, 155))
    expect(page.get_by_text("After Paragraph 5")).to_be_visible()
    page.mouse.click(*paper.at(1, 140, 210))
    expect(page.get_by_role("button", name="Paragraph 5 → Paragraph 4 Text")).to_be_visible()
    pictures(page, f"documents-order-{theme}")
    page.keyboard.press("Backspace")
    expect(page.get_by_role("button", name="Paragraph 5 → Paragraph 4 Text")).to_have_count(0)
    page.mouse.click(*paper.at(1, 140, 210))
    page.keyboard.press("Escape")
    expect(page.get_by_text("After Paragraph")).to_have_count(0)
    page.mouse.move(*paper.at(1, 150, 100))
    page.mouse.wheel(0, 1300)
    expect(page.locator('[data-page="2"] canvas.karat-picture')).to_be_attached()
    page.keyboard.press("t")
    page.mouse.click(*paper.at(2, 60, 57))
    expect(page.get_by_role("button", name="Conditions Key")).to_be_visible()
    said = {a.get("label"): a for a in paper.has(7)}
    [first, second] = said["text"]["value"]
    assert said["text"]["kind"] == "order"
    assert paper.told[first]["value"]["top"] < paper.told[second]["value"]["top"]
    said["paragraph"] = paper.told[second]
    assert said["paragraph"]["on"] == {"stream": "document", "part": "1"}
    assert said["paragraph"]["attributes"] == {"text": "Thank you"}
    pictures(page, f"documents-second-{theme}")

    page.keyboard.press("Space")
    expect(page.get_by_role("heading", name="Nothing is left for you here")).to_be_visible()
    job = project.export("jsonl").wait()
    job.download(tmp_path / "out")
    line = json.loads((tmp_path / "out" / "items.jsonl").read_text())
    values = [a["value"] for a in line["responses"][0]["annotations"] if a["kind"] == "span"]
    assert sorted(values) == [[[0, 14]], [[15, 19]], [[20, 29]], [[50, 60]]]

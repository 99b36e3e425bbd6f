"""Real files and every script people write in: what goes in is shown right, and what is marked is exactly what was meant."""

import json
import shutil
import unicodedata

import pytest
from playwright.sync_api import expect

SPANS = """
karat_schema: 1
streams: {text: {kind: text}}
fields: {words: {kind: span, labels: {word: {}}}}
"""
# Each with the word to take by double click: emoji of one and of many code points, right to left, no spaces, marks that join.
TEXTS = [
    ("My wool blanket 🐑 arrived 👩‍👩‍👧 yesterday 🎉 in Graz.", "yesterday"),
    ("👨🏽‍💻👨🏽‍💻 codes", "codes"),
    ("كتب محمد رسالة إلى صديقه في القاهرة أمس.", "القاهرة"),
    ("הספר נמצא על השולחן בחדר 12 ליד החלון.", "השולחן"),
    ("我喜欢在北京吃烤鸭。", "北京"),
    ("私は東京に住んでいます。", "東京"),
    ("Cafe\u0301 au lait à São Paulo, s'il vous plaît", "Cafe\u0301"),
    ("Order שלום 42 of 🥐🥐 now", "שלום"),
]
WHERE = """([word, text]) => {
  for (const node of [...document.querySelectorAll('.text-words')].map((e) => e.firstChild)) {
    const at = node.data.indexOf(word)
    if (at < 0) continue
    const range = document.createRange()
    range.setStart(node, at)
    range.setEnd(node, at + word.length)
    const box = range.getBoundingClientRect()
    return [box.left + box.width / 2, box.top + box.height / 2]
  }
}"""


def take_word(page, text, word):
    """Double clicks a word; the span that goes to the server, in code points."""
    x, y = page.evaluate(WHERE, [word, text])
    with page.expect_request(lambda asked: asked.method == "PATCH" and asked.url.endswith("/draft")) as sent:
        page.mouse.dblclick(x, y)
        expect(page.locator(".ob")).to_have_count(1)
    (op,) = json.loads(sent.value.post_data)["ops"]
    return op["annotation"]["value"]


def shown(page, words):
    expect(page.locator(".text-words").first).to_contain_text(words)


@pytest.fixture(scope="module")
def scripts(settled, tmp_path_factory):
    file = tmp_path_factory.mktemp("scripts") / "texts.jsonl"
    file.write_text(
        "".join(json.dumps({"key": f"t{n}", "text": text}) + "\n" for n, (text, _) in enumerate(TEXTS)), "utf-8"
    )
    made = settled.client.create_project("Scripts", schema=SPANS)
    assert made.import_from(file).wait().result["items_added"] == len(TEXTS)
    return made


def test_a_double_click_takes_exactly_the_word_in_every_script(house, scripts, watched):
    page = watched.page(house.context(house.owner).new_page())
    items = {item["key"]: item["id"] for item in scripts.items()}
    for number, (text, word) in enumerate(TEXTS):
        page.goto(f"/p/{scripts.id}/label/{items[f't{number}']}")
        shown(page, text)
        start = text.index(word)
        assert take_word(page, text, word) == [[start, start + len(word)]], text
        expect(page.locator(".ob")).to_contain_text(word)


def test_arabic_sentences_are_marked_word_by_word(house, real_data, watched, tmp_path):
    lines = real_data("text/ud_pud_arabic/ar_pud-ud-test.conllu").read_text("utf-8").splitlines()
    sentences = [line.removeprefix("# text = ") for line in lines if line.startswith("# text = ")][:6]
    (tmp_path / "arabic.jsonl").write_text("".join(json.dumps({"text": s}) + "\n" for s in sentences), "utf-8")
    project = house.client.create_project("Arabic", schema=SPANS)
    project.import_from(tmp_path / "arabic.jsonl").wait()
    page = watched.page(house.context(house.owner).new_page())
    for item in project.items():
        page.goto(f"/p/{project.id}/label/{item['id']}")
        with house.asks(house.owner) as http:
            text = http.get(f"/items/{item['id']}/streams/text").text
        shown(page, text)
        # A word of letters alone that stands once in its sentence.
        letters = [
            w
            for w in text.split()
            if len(w) > 3 and text.count(w) == 1 and all(unicodedata.category(c).startswith(("L", "M")) for c in w)
        ]
        word = letters[len(letters) // 2]
        assert take_word(page, text, word) == [[text.index(word), text.index(word) + len(word)]]
        assert page.locator(".text-words").first.evaluate("(e) => getComputedStyle(e).direction") == "rtl"


def preview_of(page, project, key):
    page.goto(f"/p/{project.id}/items?filter=" + json.dumps({"all": [{"key": {"op": "eq", "value": key}}]}))
    preview = page.get_by_label("Preview", exact=True)
    expect(preview.get_by_text(key).first).to_be_visible()
    return preview


def test_spans_of_conll_are_shown_on_their_words(house, real_data, watched, tmp_path):
    file = real_data("text/wnut17_conll/emerging.dev.conll")
    sentences = file.read_text("utf-8").split("\n\n")[:60]
    (tmp_path / "emerging.conll").write_text("\n\n".join(sentences) + "\n", "utf-8")
    proposed = house.client.propose_schema(tmp_path / "emerging.conll")
    project = house.client.create_project("Emerging", schema=proposed["yaml"])
    assert project.import_from(tmp_path / "emerging.conll").wait().result["items_added"] == len(
        [s for s in sentences if s.strip()]
    )
    page = watched.page(house.context(house.owner).new_page())
    seen = 0
    for item in project.items():
        whole = project.item(item["id"])
        said = [a for r in whole["responses"] for a in r["annotations"]]
        if not said or seen == 4:
            continue
        seen += 1
        with house.asks(house.owner) as http:
            text = http.get(f"/items/{item['id']}/streams/{next(iter(item['streams']))}").text
        preview = preview_of(page, project, item["key"])
        wanted = sorted("".join(list(text)[start:end]) for a in said for start, end in a["value"])
        expect(preview.locator("mark")).to_have_count(len(wanted))
        assert sorted(preview.locator("mark").all_inner_texts()) == wanted
    # The words of the file itself, read here by hand.
    entities = {
        line.split("\t")[0] for s in sentences for line in s.splitlines() if line.endswith(("B-person", "B-location"))
    }
    assert seen == 4 and entities


def test_polygons_of_coco_lie_where_the_file_says(house, real_data, watched, tmp_path):
    given = real_data("image/coco_instances")
    truth = json.loads((given / "instances.json").read_text("utf-8"))
    folder = tmp_path / "coco"
    (folder / "images").mkdir(parents=True)
    shutil.copy(given / "instances.json", folder)
    for image in truth["images"]:
        shutil.copy(given / "images" / image["file_name"], folder / "images")
    project = house.client.create_project("COCO", schema=house.client.propose_schema(folder)["yaml"])
    result = project.import_from(folder).wait().result
    assert result["items_added"] == len(truth["images"])
    page = watched.page(house.context(house.owner).new_page())
    items = {item["key"].rsplit("/", 1)[-1]: item for item in project.items()}
    for image in truth["images"][:4]:
        preview = preview_of(page, project, items[image["file_name"]]["key"])
        boxes = [a["bbox"] for a in truth["annotations"] if a["image_id"] == image["id"]]
        shapes = preview.locator(".pic-box svg path")
        expect(shapes).to_have_count(len(boxes))
        drawn = shapes.evaluate_all("(all) => all.map((p) => p.getBBox()).map((b) => [b.x, b.y, b.width, b.height])")
        assert sorted(drawn) == [pytest.approx(box, abs=0.6) for box in sorted(boxes)]
        expect(preview.locator("img")).to_have_js_property("naturalWidth", image["width"])


def test_an_export_of_label_studio_becomes_a_project_in_the_browser(house, real_data, watched):
    file = real_data("formats/label_studio/frontend_examples/named_entity/annotations/1.json")
    page = watched.page(house.context(house.owner).new_page())
    workspace = house.client.workspace.id
    page.goto(f"/w/{workspace}/new")
    page.get_by_test_id("files").set_input_files(file)
    expect(page.get_by_role("heading", name="proposed from 1.json")).to_be_visible()
    page.get_by_label("Title", exact=True).first.fill("From Label Studio")
    page.get_by_role("button", name="Create project").click()
    # The file is there already: the import begins with its check.
    expect(page.get_by_role("heading", name="First items")).to_be_visible()
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_role("heading", name="Imported")).to_be_visible()
    project = house.client.project("From Label Studio")
    (item,) = project.items()
    spans = [a for r in project.item(item["id"])["responses"] for a in r["annotations"] if a["kind"] == "span"]
    page.get_by_role("link", name="See the items").click()
    preview = page.get_by_label("Preview", exact=True)
    expect(preview.locator("mark").first).to_be_visible()
    assert spans

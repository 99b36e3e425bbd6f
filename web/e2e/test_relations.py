"""Relations in a text by keyboard alone: two spans, a letter for the other end, one undo for an end and what hangs on it.

Entities are linked beside them, in the same kind of text."""

import json

import pytest
from playwright.sync_api import expect

TEXT = "Ada Obi works for Acme in Lagos."
SCHEMA = """
karat_schema: 1
streams: {text: {kind: text}}
fields:
  entities: {kind: span, on: text, labels: {person: {title: Person, key: "1"}, firm: {title: Firm, key: "2"}}}
  relations:
    kind: relation
    labels: {knows: {title: knows}, works_for: {title: works for}}
    ends:
      knows: {from: {entities: [person]}, to: {entities: [person]}}
      works_for: {from: {entities: [person]}, to: {entities: [firm]}}
"""

ENTITIES = """
karat_schema: 1
streams: {text: {kind: text}}
fields:
  names: {kind: span, labels: {place: {attributes: {is: {kind: entity, vocabulary: places, title: Which}}}}}
"""

CLUSTERS = """
karat_schema: 1
streams: {text: {kind: text}}
fields:
  mentions: {kind: span, on: text, clusters: true, labels: {name: {key: "1"}, pronoun: {key: "2"}}}
"""

SUGGESTED = """
karat_schema: 1
streams: {text: {kind: text}}
fields:
  names: {kind: span, on: text, suggest: {words: drugs}, labels: {drug: {key: "1"}, advice: {key: "2"}}}
"""


@pytest.fixture
def project(house, tmp_path):
    (tmp_path / "items.jsonl").write_text(json.dumps({"text": TEXT}) + "\n", "utf-8")
    made = house.client.create_project("Relations", schema=SCHEMA)
    assert made.import_from(tmp_path / "items.jsonl").wait().result["items_added"] == 1
    return made


def test_a_relation_is_made_by_keys_comes_back_with_its_end_and_is_exported(
    house, project, surface, watched, pictures, tmp_path
):
    page = watched.page(house.context(house.owner).new_page())
    page.goto(f"/p/{project.id}/label")
    expect(surface(page)).to_be_focused()
    press = page.keyboard.press
    rows = page.locator(".ob")

    # "Ada Obi", then "Acme": the caret walks by word, Shift marks.
    press("Enter")
    for key in ["Control+Shift+ArrowRight"] * 2:
        press(key)
    press("1")
    expect(rows).to_have_count(1)
    for key in ["Control+ArrowRight", "Control+ArrowRight", "ArrowRight", *["Shift+ArrowRight"] * 4]:
        press(key)
    press("2")
    expect(rows).to_have_count(2)

    # From the person, the firm's letter; `knows` does not fit, so it is the other label.
    press(",")
    press("l")
    expect(page.locator(".sp-hint")).to_have_text(["A"])
    pictures(page, "relation-hints")
    press("a")
    expect(page.locator(".sp-link")).to_have_text("works for")
    expect(rows.last).to_contain_text("Ada Obi → Acme")
    pictures(page, "relation-made")

    # The firm goes with its relation, and one undo brings both back.
    press("Escape")
    press(".")
    press(".")
    expect(page.locator(".ob.sel")).to_contain_text("Acme")
    press("Delete")
    expect(rows).to_have_count(1)
    press("Control+z")
    expect(rows).to_have_count(3)
    expect(page.locator(".sp-link")).to_have_count(1)

    expect(page.locator(".save")).to_contain_text("Saved")
    with page.expect_response(lambda got: got.request.method == "PUT" and "/revisions/" in got.url and got.ok):
        press("Space")
    project.export("jsonl").wait().download(tmp_path / "out")
    (file,) = (tmp_path / "out").rglob("*.jsonl")
    said = json.loads(file.read_text("utf-8").splitlines()[-1])["responses"][0]["annotations"]
    at = {a["id"]: TEXT[slice(*a["value"][0])] for a in said if a["kind"] == "span"}
    (relation,) = [a for a in said if a["kind"] == "relation"]
    assert (at[relation["value"]["from"]], relation["label"], at[relation["value"]["to"]]) == (
        "Ada Obi",
        "works_for",
        "Acme",
    )


def test_an_entity_is_found_by_the_words_of_its_span(house, surface, watched, pictures, tmp_path):
    (tmp_path / "items.jsonl").write_text(json.dumps({"text": "Paris is a town in Texas."}) + "\n", "utf-8")
    (tmp_path / "places.csv").write_text(
        'id,title,aliases,definition\nQ90,Paris,Lutetia,capital of France\nQ830149,"Paris, Texas",,a city\n', "utf-8"
    )
    project = house.client.create_project("Places", schema=ENTITIES)
    project.import_from(tmp_path / "items.jsonl").wait()
    assert project.put_vocabulary("places", tmp_path / "places.csv") == 2
    page = watched.page(house.context(house.owner).new_page())
    page.goto(f"/p/{project.id}/label")
    expect(surface(page)).to_be_focused()
    press = page.keyboard.press

    for key in ["Enter", "Control+Shift+ArrowRight", "1"]:
        press(key)
    expect(page.locator(".ob")).to_have_count(1)
    page.get_by_role("button", name="Which: Choose").click()
    expect(page.get_by_role("combobox")).to_have_value("Paris")
    expect(page.get_by_role("option")).to_have_count(3)
    pictures(page, "entity-search")
    press("ArrowDown")
    press("Enter")

    expect(page.locator(".at .chip").first).to_have_text("Paris, Texas")
    page.get_by_role("button", name="Which: Change").click()
    expect(page.get_by_role("option")).to_have_count(3)
    press("ArrowUp")
    press("Enter")
    expect(page.locator(".at .chip").first).to_have_text("Not in the list")


def test_mentions_are_put_into_clusters_by_keys(house, surface, watched, pictures, tmp_path):
    (tmp_path / "items.jsonl").write_text(json.dumps({"text": "Ada met Ben and she knew him"}) + "\n", "utf-8")
    project = house.client.create_project("Who is who", schema=CLUSTERS)
    project.import_from(tmp_path / "items.jsonl").wait()
    page = watched.page(house.context(house.owner).new_page())
    page.goto(f"/p/{project.id}/label")
    expect(surface(page)).to_be_focused()
    press = page.keyboard.press
    clusters, mentions = page.locator(".clusters .ob.head"), page.locator(".clusters .ob.mention")

    # Ada begins a cluster, Ben another; "she" goes to the first by its number, "him" to the last by C.
    for at, key in enumerate(["g", "g", "Shift+1", "Shift+2"]):
        if at == 0:
            press("Enter")
        else:
            for step in ["Control+ArrowRight"] * 2 + ["Control+ArrowLeft"]:
                press(step)
        press("Control+Shift+ArrowRight")
        press("1")
        expect(page.locator(".ob.sel").first).to_be_visible()
        press(key)
        expect(mentions).to_have_count(at + 1)
    expect(page.locator(".sp-cluster")).to_have_text(["1", "2", "1", "2"])
    expect(clusters).to_have_count(2)
    expect(mentions).to_have_text(["Ada", "she", "Ben", "him"])
    pictures(page, "clusters")

    # Two become one, and one undo parts them.
    clusters.first.hover()
    page.get_by_role("button", name="Merge with cluster 2").click()
    expect(clusters).to_have_count(1)
    press("Control+z")
    expect(clusters).to_have_count(2)

    expect(page.locator(".save")).to_contain_text("Saved")
    with page.expect_response(lambda got: got.request.method == "PUT" and "/revisions/" in got.url and got.ok):
        page.locator(".text-host").focus()
        press("Space")
    project.export("jsonl").wait().download(tmp_path / "out")
    (file,) = (tmp_path / "out").rglob("*.jsonl")
    said = json.loads(file.read_text("utf-8").splitlines()[-1])["responses"][0]["annotations"]
    groups = [a["group"] for a in sorted(said, key=lambda a: a["value"])]
    assert groups[0] == groups[2] != groups[1] == groups[3]


def test_words_of_a_list_are_suggested_and_become_spans_when_they_are_accepted(
    house, surface, watched, pictures, tmp_path
):
    (tmp_path / "items.jsonl").write_text(json.dumps({"text": "Aspirin or heparin? Heparin, and rest"}) + "\n", "utf-8")
    (tmp_path / "drugs.csv").write_text("words,label\naspirin,drug\nheparin,drug\nrest,advice\n", "utf-8")
    project = house.client.create_project("Drugs", schema=SUGGESTED)
    project.import_from(tmp_path / "items.jsonl").wait()
    assert project.put_words("drugs", tmp_path / "drugs.csv") == 3
    page = watched.page(house.context(house.owner).new_page())
    page.goto(f"/p/{project.id}/label")
    surface(page)
    press = page.keyboard.press
    guesses, rows, bar = page.locator(".sp-guess"), page.locator(".ob"), page.get_by_role("group", name="Suggestion")
    expect(guesses).to_have_count(4)

    # The first is asked about and accepted, the second passed over, the rest taken at once.
    press("a")
    expect(bar).to_contain_text("Aspirin: drug?")
    expect(rows).to_have_count(0)
    pictures(page, "suggestions")
    press("a")
    expect(rows).to_have_count(1)
    expect(bar).to_contain_text("heparin: drug?")
    press("d")
    expect(bar).to_contain_text("Heparin: drug?")
    expect(guesses).to_have_count(2)
    press("Alt+s")
    expect(rows).to_have_count(3)
    expect(guesses).to_have_count(0)
    press("Control+z")
    expect(rows).to_have_count(1)
    expect(guesses).to_have_count(2)


WRITTEN = """
karat_schema: 1
streams: {text: {kind: text, format: html}}
fields: {names: {kind: span, on: text, labels: {person: {key: "1"}, place: {key: "2"}}}}
"""
PAGE = """<title>no</title><h1>Letters of <i>Ada</i> Lovelace</h1><script>window.hurt = 1</script>
<p>Written to <a href="https://example.org/x" onclick="window.hurt = 2">Charles <b>Babbage</b></a>, in <code>London</code>.</p>
<img src="https://example.org/hurt.png" onerror="window.hurt = 3" alt="A portrait"><ol start="3"><li>First<ul><li>شارع بغداد</ul><li>東京都</ol>
<blockquote>It <b>can <u>follow</b> analysis</u>.</blockquote><pre>a  = 1
b  = 2</pre><table><tr><th>Year<th>Place<tr><td>1842<td>Turin</table>"""


def test_a_page_is_marked_in_its_plain_text_and_nothing_of_it_acts(house, surface, watched, pictures, tmp_path):
    (tmp_path / "items.jsonl").write_text(json.dumps({"text": PAGE}) + "\n", "utf-8")
    project = house.client.create_project("Pages", schema=WRITTEN)
    project.import_from(tmp_path / "items.jsonl").wait()
    page = watched.page(house.context(house.owner).new_page())
    page.goto(f"/p/{project.id}/label")
    surface(page)

    # A word that begins in one style and ends in another is one word: it is taken whole.
    page.locator(".st-link", has_text="Babbage").dblclick()
    expect(page.locator(".ob")).to_have_count(1)
    expect(page.locator(".ob")).to_contain_text("Babbage")
    page.get_by_text("Turin").dblclick(position={"x": 30, "y": 22})
    expect(page.locator(".ob")).to_have_count(2)
    pictures(page, "styled")
    page.emulate_media(color_scheme="dark")
    pictures(page, "styled-dark")
    assert page.evaluate("window.hurt") is None
    assert page.locator(".text-body").locator("a, img, script").count() == 0
    page.keyboard.press("Space")
    expect(page.locator(".ob")).to_have_count(0)

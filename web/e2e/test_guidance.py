"""Guideline, question, ruling: what an expert decides stands beside the item of whoever asked."""

import json

import pytest
from playwright.sync_api import expect

SCHEMA = """
karat_schema: 1
streams: {text: {kind: text}}
fields:
  topic: {kind: choice, options: {cards: {}, loans: {}}}
"""


@pytest.fixture
def project(house, tmp_path):
    rows = [{"text": "My prepaid card does not work."}, {"text": "What does a loan cost?"}]
    (tmp_path / "items.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf-8")
    made = house.client.create_project("Topics", schema=SCHEMA)
    made.import_from(tmp_path / "items.jsonl").wait()
    return made


def test_a_guideline_is_written_read_and_asked_about_and_a_ruling_stands_beside_the_item(
    house, project, watched, pictures
):
    owner = watched.page(house.context(house.owner).new_page())
    owner.goto(f"/p/{project.id}/guideline")
    owner.get_by_role("button", name="Write the guideline").click()
    owner.get_by_label("Text").fill("# Cards {#cards}\nAnything about a card.\n\n# Loans\nMoney that is **lent**.")
    owner.get_by_role("button", name="Add a definition").click()
    owner.get_by_label("Meaning").fill("A card that pays")
    owner.get_by_text("Must be read before the next item").click()
    owner.get_by_role("button", name="Put in force").click()
    expect(owner.get_by_role("heading", name="Cards")).to_be_visible()
    pictures(owner, "guideline")

    ann = watched.page(house.context(house.join("Ann")).new_page())
    ann.goto(f"/p/{project.id}/label")
    expect(ann.get_by_text("Read the guideline before your first item.")).to_be_visible()
    pictures(ann, "guideline-gate")
    ann.get_by_role("button", name="I have read it").click()
    expect(ann.get_by_text("My prepaid card")).to_be_visible()
    ann.keyboard.press("g")
    ann.get_by_label("Your question").fill("Is prepaid a card?")
    ann.get_by_role("button", name="Send").click()
    expect(ann.get_by_label("Is prepaid a card?")).to_be_visible()

    owner.goto(f"/p/{project.id}/questions")
    pictures(owner, "questions")
    owner.get_by_role("button", name="Rule", exact=True).click()
    owner.get_by_label("The ruling").fill("Prepaid is a card too.")
    owner.get_by_label("Field").select_option("topic")
    owner.get_by_label("Label").select_option("cards")
    pictures(owner, "ruling")
    owner.get_by_role("dialog").get_by_role("button", name="Rule", exact=True).click()
    expect(owner.get_by_text("No questions here")).to_be_visible()

    ann.reload()
    expect(ann.get_by_text("Prepaid is a card too.").first).to_be_visible()
    pictures(ann, "beside")

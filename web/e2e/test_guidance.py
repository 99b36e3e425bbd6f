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
    ann.keyboard.press("x")
    expect(ann.get_by_text("Somebody else is given it. You are not given it again.")).to_be_visible()
    expect(ann.get_by_text("Reviewers and managers read your reason and note")).to_be_visible()
    ann.keyboard.press("ArrowDown")
    expect(ann.get_by_role("radio", name="It cannot be read or shown")).to_be_checked()
    expect(ann.get_by_text("What you did on it stays with your reason.")).to_be_visible()
    pictures(ann, "skip")
    ann.keyboard.press("Escape")

    owner.goto(f"/p/{project.id}/questions")
    pictures(owner, "questions")
    owner.get_by_role("button", name="Rule", exact=True).click()
    owner.get_by_label("The ruling").fill("Prepaid is a card too.")
    owner.get_by_label("Field").select_option("topic")
    owner.get_by_label("Label").select_option("cards")
    pictures(owner, "ruling")
    owner.get_by_role("dialog").get_by_role("button", name="Rule", exact=True).click()
    expect(owner.get_by_text("No questions here")).to_be_visible()

    # Whoever may read it is named by a few letters; the one who asked is told, and reads no name.
    owner.get_by_role("radio", name="Ruled").click()
    reply = owner.get_by_label("Reply")
    reply.press_sequentially("@a")
    expect(owner.get_by_role("option", name="Ann")).to_be_visible()
    reply.press("Escape")
    expect(owner.get_by_role("option", name="Ann")).to_have_count(0)
    reply.press_sequentially("n")
    reply.press("Escape")
    reply.fill("")
    reply.press_sequentially("@an")
    reply.press("Enter")
    expect(owner.get_by_text("Are told:")).to_be_visible()
    pictures(owner, "mention")
    reply.press_sequentially("see the ruling")
    reply.press("Enter")
    expect(owner.locator(".mention-chip", has_text="@Ann")).to_be_visible()

    # What changed is read before the next item.
    owner.goto(f"/p/{project.id}/guideline")
    owner.get_by_role("button", name="Edit").click()
    owner.get_by_label("Text").fill("# Cards {#cards}\nAnything about a card, prepaid too.")
    owner.get_by_text("Must be read before the next item").click()
    owner.get_by_role("button", name="Put in force").click()
    owner.get_by_role("button", name="Version 2").click()
    expect(owner.get_by_role("region", name="Changes")).to_contain_text("prepaid too")
    owner.get_by_label("Search the guideline").fill("card prepaid")
    expect(owner.get_by_role("heading", name="Cards")).to_be_visible()

    ann.reload()
    expect(ann.get_by_role("heading", name="The guideline has changed")).to_be_visible()
    expect(ann.get_by_role("region", name="Changes")).to_contain_text("prepaid too")
    ann.get_by_role("button", name="I have read it").click()
    expect(ann.get_by_text("Prepaid is a card too.").first).to_be_visible()
    expect(ann.locator(".mention-chip.me")).to_have_text("@you")
    expect(ann.get_by_text("Olu")).to_have_count(0)
    pictures(ann, "beside")

    # Ann hands the item over to Ben, who is in a group with her; he finds it first.
    ben = house.join("Ben")
    with house.asks(house.owner) as http:
        workspace = http.get("/me").json()["workspaces"][0]["id"]
        known = {one["name"]: one["id"] for one in http.get(f"/workspaces/{workspace}/members").json()}
        pair = {"name": "Pair", "members": [known["Ann"], known["Ben"]]}
        assert http.post(f"/workspaces/{workspace}/groups", json=pair).status_code == 201
    ann.keyboard.press("Control+k")
    ann.keyboard.type("hand over")
    ann.keyboard.press("Enter")
    ann.get_by_label("To", exact=True).select_option(label="Ben")
    ann.get_by_role("dialog").get_by_role("button", name="Hand over").click()
    expect(ann.get_by_text("What does a loan cost?")).to_be_visible()
    page = watched.page(house.context(ben).new_page())
    page.goto(f"/p/{project.id}/label")
    page.get_by_role("button", name="I have read it").click()
    expect(page.get_by_text("My prepaid card")).to_be_visible()

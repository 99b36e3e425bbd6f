"""What managers do on their pages: views of the table, columns, labels that a file brings along, leaving somebody out."""

import csv
import hashlib
import hmac
import json
import re
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from playwright.sync_api import expect

SCHEMA = """karat_schema: 1
streams:
  text: {kind: text}
fields:
  topic: {kind: choice, options: {cards: {}, loans: {}}}  # what the mail is about
"""
CSV = "key,text,topic\na,Where is my card?,cards\nb,Bitcoin is down,crypto\nc,Taxes again,Tax return\n"


def heads(page):
    """The columns as they stand, without the first, which shows the content."""
    return [
        words.strip()
        for words in page.locator(".tb-head .th").all_inner_texts()
        if words.strip() and words.strip() != "Content"
    ]


def item_filter(page):
    """Finds the items that are done."""
    expect(page.locator(".tb-row").first).to_be_visible()
    page.get_by_role("button", name=re.compile("^Filter")).click()
    page.get_by_role("checkbox", name="Done").check()
    page.get_by_role("button", name=re.compile("^Apply")).click()
    expect(page.get_by_role("button", name="state done")).to_be_visible()


@pytest.fixture(scope="module")
def street(demo):
    return demo.client.project("Street objects")


def test_a_saved_view_keeps_filter_order_and_columns_for_everybody(demo, street, watched):
    page = watched.page(demo.open(demo.owner, f"/p/{street.id}/items"))
    item_filter(page)
    page.get_by_role("columnheader", name="Disagreement").get_by_role("button").click()
    page.get_by_role("button", name="Columns").click()
    page.get_by_role("checkbox", name="State").uncheck()
    page.get_by_role("button", name="Move Labels up").click()
    page.keyboard.press("Escape")
    page.keyboard.press("Control+s")
    page.get_by_label("Name of the view").fill("Most argued about")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Most argued about")).to_have_attribute("aria-current", "page")
    mine = heads(page)

    theirs = watched.page(demo.open(demo.join("Rita Reviewer", role="reviewer"), f"/p/{street.id}/items"))
    theirs.get_by_role("button", name="Most argued about").click()
    expect(theirs.get_by_role("button", name="state done")).to_be_visible()
    expect(theirs.get_by_role("columnheader", name="Disagreement")).to_have_attribute("aria-sort", "descending")
    assert mine[:2] == ["Labels", "Name"]
    assert "State" not in mine
    assert heads(theirs) == mine
    expect(theirs.get_by_role("button", name=re.compile("Save view"))).to_have_count(0)

    # Nobody is led to a page that is not for them: neither beside the page nor by the palette. A group folds, its open page stays.
    nav = theirs.get_by_role("navigation", name="Navigation")
    expect(nav.get_by_role("link", name="Gold")).to_be_visible()
    for title in ("Assignments", "Workflow", "Import"):
        expect(nav.get_by_role("link", name=title)).to_have_count(0)
    theirs.keyboard.press("Control+k")
    theirs.get_by_role("combobox", name="Find or do").fill("assign")
    expect(theirs.get_by_role("option", name=re.compile("Assignments"))).to_have_count(0)
    theirs.get_by_role("combobox", name="Find or do").fill("fair")
    theirs.keyboard.press("Enter")
    expect(nav.get_by_role("link", name="Fairness")).to_have_attribute("aria-current", "page")
    fold = nav.get_by_role("button", name="People and quality")
    fold.press("Enter")
    expect(fold).to_have_attribute("aria-expanded", "false")
    expect(nav.get_by_role("link", name="Gold")).to_have_count(0)
    expect(nav.get_by_role("link", name="Fairness")).to_be_visible()
    demo.leave()


def test_columns_are_drawn_wider_by_keyboard_and_stay_so(demo, street, watched):
    page = watched.page(demo.open(demo.owner, f"/p/{street.id}/items"))
    edge = page.get_by_role("separator", name="Width of State")
    state = page.get_by_role("columnheader", name="State")
    before = state.bounding_box()["width"]
    edge.focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    expect(edge).to_have_attribute("aria-valuenow", str(round(before + 48)))

    page.reload()
    expect(edge).to_have_attribute("aria-valuenow", str(round(before + 48)))
    edge.focus()
    page.keyboard.press("Enter")
    expect(edge).to_have_attribute("aria-valuenow", str(round(before)))
    demo.leave()


def test_labels_that_a_file_brings_along_are_added_in_the_check(house, watched, tmp_path):
    project = house.client.create_project("Mail", schema=SCHEMA)
    (tmp_path / "mail.csv").write_text(CSV, "utf-8")
    page = watched.page(house.open(house.owner, f"/p/{project.id}/import"))
    with page.expect_file_chooser() as chosen:
        page.get_by_role("button", name="Choose files").click()
    chosen.value.set_files(str(tmp_path / "mail.csv"))
    page.get_by_role("button", name="Add 2 labels").click()
    expect(page.get_by_text("Everything in the file has a place here.")).to_be_visible()

    page.get_by_role("button", name="Import").last.click()
    expect(page.get_by_role("link", name="See the items")).to_be_visible()
    assert len(list(project.items())) == 3
    with house.asks(house.owner) as http:
        changed = http.get(f"/projects/{project.id}").json()
    assert changed["schema_version"] == 2
    assert "# what the mail is about" in changed["schema_yaml"]
    assert list(changed["schema"]["fields"]["topic"]["options"]) == ["cards", "loans", "crypto", "tax_return"]


def test_whoever_is_left_out_is_listed_and_counted_again(demo, watched):
    shop = demo.client.project("Shop messages")
    page = watched.page(demo.open(demo.owner, f"/p/{shop.id}/people"))
    page.get_by_role("button", name="Exclude responses: Chi Mbeki").click()
    page.get_by_role("menuitem", name="Exclude responses").click()
    page.get_by_label("Reason").fill("Answers without reading")
    page.get_by_role("button", name="Exclude 128").click()
    row = page.get_by_role("row").filter(has_text="Answers without reading")
    expect(row).to_contain_text("Chi Mbeki")

    row.get_by_role("button", name="Count again").click()
    expect(page.get_by_role("heading", name="Left out")).to_have_count(0)
    demo.leave()


def test_a_contested_line_is_corrected_and_the_tables_have_both(demo, watched, pictures):
    shop = demo.client.project("Shop messages")
    member = next(one for one in demo.client.members() if one.name == "Fay Nakamura")
    with demo.asks(demo.owner) as http:
        made = http.post(f"/workspaces/{demo.client.workspace.id}/members/{member.id}/reset", json={})
    fay = demo.spend(made.json()["url"], member.name, "fay@example.org")
    theirs = watched.page(demo.open(fay, f"/p/{shop.id}/pay/mine"))
    theirs.get_by_role("button", name="Contest").click()
    theirs.get_by_label("Reason").fill("Two mornings are missing")
    theirs.get_by_role("button", name="Send").click()
    expect(theirs.get_by_role("definition").filter(has_text="A manager looks at it")).to_be_visible()

    page = watched.page(demo.open(demo.owner, f"/p/{shop.id}/pay"))
    row = page.get_by_role("row").filter(has_text="Two mornings are missing")
    row.get_by_role("button", name="Decide").click()
    page.get_by_label(re.compile("^More, or less")).fill("2.40")
    page.get_by_label("Reason").fill("They were not counted")
    page.get_by_role("dialog").get_by_role("button", name="Correct").click()
    expect(row).to_contain_text("€2.40")
    page.get_by_role("button", name="Dora Lindqvist").click()
    page.get_by_role("button", name="Corrections").click()
    expect(page.get_by_role("cell", name=re.compile("^True: the clock"))).to_be_visible()
    pictures(page, "pay-corrected")

    draft, closed = (table_of(page, link) for link in page.get_by_role("link", name="CSV").all())
    said = closed["Fay Nakamura"]
    assert [said[f"contest{of}"] for of in ("", "_reason", "_outcome", "_amount")] == [
        "corrected",
        "Two mornings are missing",
        "They were not counted",
        "2.4",
    ]
    assert float(draft["Dora Lindqvist"]["pay_corrections"]) == 3.15
    theirs.reload()
    expect(theirs.get_by_text("They were not counted")).to_be_visible()
    demo.leave()


def table_of(page, link):
    """The lines that a link downloads, by name."""
    with page.expect_download() as got:
        link.click()
    with got.value.path().open(newline="", encoding="utf-8") as file:
        return {row["name"]: row for row in csv.DictReader(file)}


def test_a_board_of_two_signs_before_an_item_is_accepted(demo, watched, tmp_path, pictures):
    messages = [
        {
            "key": f"m{n}",
            "streams": {"text": {"kind": "text", "ref": {"inline": f"Message {n}"}}},
            "metadata": {"channel": ["mail", "chat"][n % 2]},
        }
        for n in range(4)
    ]
    (tmp_path / "rows.jsonl").write_text("".join(json.dumps({"item": one, "responses": []}) + "\n" for one in messages))
    project = demo.client.create_project("Signed by a board", schema=SCHEMA)
    project.import_from(tmp_path).wait()
    page = watched.page(demo.open(demo.owner, f"/p/{project.id}/fairness"))
    second = demo.join("Bo Board", role="reviewer")

    page.get_by_role("button", name="Choose slices").click()
    page.get_by_role("checkbox", name=re.compile("^channel")).check()
    page.get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Board …").click()
    page.get_by_role("checkbox", name=re.compile("Bo Board")).check()
    page.get_by_role("checkbox", name=re.compile(f"^{demo.owner.name}")).check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("there is no report for the board to sign")).to_be_visible()
    page.get_by_role("button", name="New report").click()
    expect(page.get_by_role("cell", name="mail", exact=True)).to_be_visible(timeout=60_000)
    page.get_by_role("button", name="Sign", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="Sign", exact=True).click()
    expect(page.get_by_text("1 of 2 have spoken")).to_be_visible()

    theirs = watched.page(demo.open(second, f"/p/{project.id}/fairness"))
    theirs.get_by_role("button", name="Waive …").click()
    theirs.get_by_label("Reason").fill("A trial of four messages")
    pictures(theirs, "fairness-waive")
    theirs.get_by_role("dialog").get_by_role("button", name="Waive", exact=True).click()

    expect(theirs.get_by_text("Items are accepted.")).to_be_visible()
    expect(theirs.get_by_role("region", name="The record")).to_contain_text("A trial of four messages")
    expect(theirs.get_by_role("button", name="Take back")).to_be_visible()
    pictures(theirs, "fairness-signed")


@pytest.fixture
def program():
    """A program that listens on this machine: its address, and what it was told with the headers."""
    told = []

    class Ear(BaseHTTPRequestHandler):
        def do_POST(self):
            told.append((dict(self.headers), self.rfile.read(int(self.headers["content-length"])).decode()))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Ear)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/karat", told
    server.shutdown()
    server.server_close()


def test_a_webhook_is_added_tried_and_signed_and_a_failing_one_is_explained(house, program, watched, pictures):
    url, told = program
    with house.asks(house.owner) as http:
        workspace = http.get("/me").json()["workspaces"][0]["id"]
    page = watched.page(house.open(house.owner, f"/w/{workspace}/webhooks"))
    page.get_by_role("button", name="Add a webhook").click()
    page.get_by_label("Address").fill(url)
    page.get_by_role("dialog").get_by_role("button", name="Add a webhook").click()
    expect(page.get_by_text("karat-signature is v1=")).to_be_visible()
    secret = page.get_by_role("dialog").locator(".cmd > span").first.inner_text().strip()
    page.get_by_role("button", name="Done").click()

    page.get_by_role("button", name="Send a test").click()
    expect(page.get_by_role("row", name=re.compile("ping.*arrived.*answered 204"))).to_be_visible()
    pictures(page, "webhooks")
    headers, body = next(one for one in told if one[0]["karat-event"] == "ping")
    signed = f"{headers['karat-timestamp']}.{headers['karat-id']}.{body}".encode()
    assert headers["karat-signature"] == f"v1={hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()}"

    # Nothing listens at the second address.
    page.get_by_role("button", name="Add a webhook").click()
    page.get_by_label("Address").fill("http://127.0.0.1:9/karat")
    page.get_by_role("dialog").get_by_role("button", name="Add a webhook").click()
    page.get_by_role("button", name="Done").click()
    page.get_by_role("row", name=re.compile("127.0.0.1:9.karat")).get_by_role("button", name="Send a test").click()
    expect(page.get_by_text("Nothing listens there.").first).to_be_visible()
    pictures(page, "webhook-failing")
    with house.asks(house.owner) as http:
        for hook in http.get(f"/workspaces/{workspace}/webhooks").json():
            http.delete(f"/workspaces/{workspace}/webhooks/{hook['id']}")

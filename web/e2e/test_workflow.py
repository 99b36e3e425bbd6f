"""The workflow of a project: seen as a graph, changed in the form and as text, put in force after it was said what it means."""

import re

from playwright.sync_api import expect

SCHEMA = {
    "karat_schema": 1,
    "streams": {"text": {"kind": "text"}},
    "fields": {"topic": {"kind": "choice", "options": {"a": {}, "b": {}}}},
}


def test_a_workflow_is_changed_in_all_its_views(house, watched, tmp_path):
    boss = house.join("Mara", "manager")
    with house.asks(boss) as asked:
        workspace = asked.get("/me").json()["workspaces"][0]["id"]
        made = asked.post(f"/workspaces/{workspace}/projects", json={"title": "News", "schema": SCHEMA})
        project = made.json()["id"]
    (tmp_path / "news.jsonl").write_text('{"text": "Rain"}\n{"text": "Sun"}\n')
    house.client.project("News").import_from(tmp_path / "news.jsonl").wait()
    page = watched.page(house.open(boss, f"/p/{project}/workflow"))

    expect(page.get_by_role("heading", name="Workflow")).to_be_visible()
    page.get_by_label("Start from a template").select_option("sampled")
    expect(page.get_by_text("Not saved")).to_be_visible()
    # A way is taken out of the drawing and comes back, and one is drawn from box to box; form and text follow.
    ways = page.get_by_role("button", name=re.compile("^label to review"))
    ways.click()
    page.get_by_role("button", name="Take out label → review").click()
    expect(ways).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(ways).to_have_count(1)
    page.get_by_role("button", name=re.compile("^review review")).click()
    page.get_by_role("button", name="Draw a way from review").click()
    page.get_by_role("button", name=re.compile("^review review")).click()
    expect(page.get_by_role("button", name=re.compile("^review to review: rejected"))).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    page.get_by_label("Stage", exact=True).select_option("label")
    page.get_by_label("People per item").fill("2")
    page.get_by_text("YAML", exact=True).click()
    expect(page.get_by_role("textbox", name="YAML")).to_have_value(re.compile("overlap: 2"))
    # Items that nobody could work on are counted before anything is saved, with a way out.
    page.get_by_text("Form", exact=True).click()
    page.get_by_label("Skills, all of them").fill("astronomy")
    stranded = page.get_by_text("2 items would wait at label, where nobody can work now")
    expect(stranded).to_be_visible()
    page.get_by_role("button", name="Let everybody with the role work at label").click()
    expect(stranded).to_have_count(0)
    page.get_by_role("button", name="Review and save").click()
    expect(page.get_by_text("No item changes its place.")).to_be_visible()
    page.get_by_role("button", name="Put in force").click()
    expect(page.get_by_text("version 2").first).to_be_visible()
    expect(page.get_by_role("button", name="Edit this version")).to_be_visible()

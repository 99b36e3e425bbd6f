"""The workflow of a project: seen as a graph, changed in the form and as text, put in force after it was said what it means."""

import re

from playwright.sync_api import expect

SCHEMA = {
    "karat_schema": 1,
    "streams": {"text": {"kind": "text"}},
    "fields": {"topic": {"kind": "choice", "options": {"a": {}, "b": {}}}},
}


def test_a_workflow_is_changed_in_all_its_views(house, watched):
    boss = house.join("Mara", "manager")
    with house.asks(boss) as asked:
        workspace = asked.get("/me").json()["workspaces"][0]["id"]
        made = asked.post(f"/workspaces/{workspace}/projects", json={"title": "News", "schema": SCHEMA})
        project = made.json()["id"]
    page = watched.page(house.open(boss, f"/p/{project}/workflow"))

    expect(page.get_by_role("heading", name="Workflow")).to_be_visible()
    page.get_by_label("Start from a template").select_option("sampled")
    expect(page.get_by_text("Not saved")).to_be_visible()
    page.get_by_label("Stage", exact=True).select_option("label")
    page.get_by_label("People per item").fill("2")
    page.get_by_text("YAML", exact=True).click()
    expect(page.get_by_role("textbox", name="YAML")).to_have_value(re.compile("overlap: 2"))
    page.get_by_role("button", name="Review and save").click()
    expect(page.get_by_text("No item changes its place.")).to_be_visible()
    page.get_by_role("button", name="Put in force").click()
    expect(page.get_by_text("version 2").first).to_be_visible()
    expect(page.get_by_role("button", name="Edit this version")).to_be_visible()

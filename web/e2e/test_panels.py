"""Panels that a project brings: the example of the guide answers a field, and a hostile one reaches nothing."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

PANELS = Path(__file__).parents[2] / "docs" / "panels"
HOSTILE = """
const tried = {
  calls: () => new RTCPeerConnection(),
  cookie: () => document.cookie,
  storage: () => localStorage.length,
  page: () => parent.document.title,
  top: () => { top.location = '/' },
  eval: () => (0, eval)('1'),
  window: () => { if (open('/') === null) throw new Error('blocked') },
  api: () => fetch('/api/v1/me'),
  abroad: () => fetch('http://127.0.0.1:9/'),
  module: () => import('data:text/javascript,export default 1'),
  picture: () => new Promise((done, failed) => Object.assign(new Image(), {onload: done, onerror: failed, src: '/stolen.png'})),
  worker: () => new Promise((done, failed) => { new Worker('data:text/javascript,postMessage(1)').onerror = failed }),
}
const open_ = []
for (const [name, attempt] of Object.entries(tried)) {
  await Promise.resolve().then(attempt).then(() => open_.push(name), () => undefined)
}
karat.start({
  look: () => { location = 'http://127.0.0.1:9/?stolen' },
  show: () => {
    karat.set('other', 'x')
    karat.set('hex', 'red')
    parent.postMessage({karat: 1, type: 'set', field: 'hex', value: '#000000'}, '*')
  },
  refused: ({field, problems}) => karat.problem(`${field} ${problems[0].expected} ${open_.length} ${open_}`),
})
"""


@pytest.fixture
def project(house, tmp_path):
    schema = (PANELS / "colour.yaml").read_text("utf-8")
    (tmp_path / "items.jsonl").write_text(json.dumps({"name": "sky blue"}) + "\n" + json.dumps({"name": "rust"}) + "\n")
    made = house.client.create_project("Colours", schema=schema[: schema.index("panels:")])
    assert made.import_from(tmp_path / "items.jsonl").wait().result["items_added"] == 2
    return made


def bring(project, file):
    """Upload a panel and name it in the schema."""
    schema = (PANELS / "colour.yaml").read_text("utf-8")
    project.change_schema(schema.replace("module: MODULE", f'module: "{project.add_panel(file)}"'))


def test_the_panel_of_the_guide_answers_its_field_and_follows_undo(house, project, surface, watched, pictures):
    bring(project, PANELS / "colour.js")
    page = watched.page(house.context(house.owner).new_page())
    page.goto(f"/p/{project.id}/label")
    surface(page)
    panel = page.frame_locator("iframe.panel-frame")
    field = page.locator("#answer-hex")

    hue = panel.get_by_label("Hue")
    expect(panel.get_by_role("img")).to_have_accessible_name("No colour for sky blue yet")
    hue.focus()
    hue.press("ArrowRight")
    expect(field).to_have_value("#3396cc")
    expect(panel.get_by_role("img")).to_have_accessible_name("sky blue: #3396cc")
    pictures(page, "panel-light")
    page.emulate_media(color_scheme="dark")
    expect(panel.locator("html")).to_have_attribute("data-theme", "dark")
    pictures(page, "panel-dark")

    # Ctrl+Z and Space are keys of the screen, pressed in the panel.
    hue.press("Control+z")
    expect(field).to_have_value("")
    expect(panel.get_by_role("img")).to_have_accessible_name("No colour for sky blue yet")
    field.fill("#aa5500")
    expect(panel.get_by_role("img")).to_have_accessible_name("sky blue: #aa5500")
    expect(page.locator(".save")).to_contain_text("Saved")
    hue.focus()
    with page.expect_response(lambda got: got.request.method == "PUT" and "/revisions/" in got.url and got.ok):
        hue.press("Control+Enter")
    expect(panel.get_by_role("img")).to_have_accessible_name("No colour for rust yet")


def test_a_hostile_panel_reaches_nothing_and_is_heard_no_more_when_it_leaves(house, project, surface, tmp_path):
    (tmp_path / "hostile.js").write_text(HOSTILE, "utf-8")
    bring(project, tmp_path / "hostile.js")
    asked, answered = [], []
    page = house.context(house.owner).new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.on("response", lambda response: answered.append(response.url))
    page.goto(f"/p/{project.id}/label")
    surface(page)

    told = page.locator(".side [role=alert]")
    expect(told).to_have_text("This panel reports: hex text that matches #[0-9a-f]{6} 0 ")
    page.emulate_media(color_scheme="dark")
    expect(told).to_have_text(re.compile("has left for another page"))

    expect(page.locator("#answer-hex")).to_have_value("")
    assert page.url.endswith("/label")
    assert not [url for url in asked if "127.0.0.1:9/" in url]
    assert not [url for url in answered if url.endswith("/stolen.png")]

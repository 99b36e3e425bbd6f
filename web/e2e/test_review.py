"""The whole life of an answer: labeled, fixed by a reviewer; sent back, done again, accepted; two that differ, decided."""

import json

from playwright.sync_api import expect

from karat.demo.pictures import scene

SCHEMA = """
karat_schema: 1
streams: {photo: {kind: image}}
fields:
  objects: {kind: box, on: photo, title: Objects, labels: {car: {}, bus: {}}}
  light: {kind: choice, title: Light, options: {day: {title: Day}, night: {title: Night}}, required: true}
"""
REVIEWED = {
    "start": "label",
    "stages": {
        "label": {"do": "label", "next": [{"to": "review"}]},
        "review": {"do": "review", "next": {"accepted": "accept", "fixed": "accept", "rejected": "label"}},
        "accept": {"do": "resolve", "by": "consensus"},
    },
}
DECIDED = {
    "start": "label",
    "stages": {
        "label": {
            "do": "label",
            "overlap": 2,
            "next": [{"when": {"differ": {"below": 0.9}}, "to": "decide"}, {"to": "accept"}],
        },
        "decide": {"do": "adjudicate", "next": [{"to": "accept"}]},
        "accept": {"do": "resolve", "by": "consensus"},
    },
}


def project_of(house, title, policy, folder, items=1):
    """A project of pictures whose answers go where the policy says."""
    folder.mkdir()
    (folder / "street.png").write_bytes(scene(1).png)
    rows = [{"id": f"street-{n}", "photo": "street.png"} for n in range(items)]
    (folder / "items.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    project = house.client.create_project(title, schema=SCHEMA)
    with house.asks(house.owner) as http:
        etag = http.get(f"/projects/{project.id}").headers["ETag"]
        answer = http.patch(f"/projects/{project.id}", json={"policy": policy}, headers={"If-Match": etag})
        assert answer.status_code == 200, answer.text
    assert project.import_from(folder).wait().result["items_added"] == items
    return project


def answer(house, person, project, *, light="day", boxes=((40, 200, 160, 260),)):
    """Somebody labels the next item, past the browser."""
    with house.asks(person) as http:
        [task] = http.post(f"/projects/{project.id}/claims", json={}).json()["tasks"]
        said = [{"id": "light", "field": "light", "kind": "choice", "version": 1, "value": light}]
        for n, (x0, y0, x1, y1) in enumerate(boxes):
            value = {"left": x0, "top": y0, "right": x1, "bottom": y1}
            said.append(
                {
                    "id": f"box-{n}",
                    "field": "objects",
                    "kind": "box",
                    "version": 1,
                    "label": "car",
                    "on": {"stream": "photo"},
                    "value": value,
                }
            )
        body = {
            "item": task["item"]["id"],
            "item_revision": task["item"]["revision"],
            "assignment": task["assignment"]["id"],
            "schema": task["schema"],
            "state": "submitted",
            "annotations": said,
            "covers": {"objects": None, "light": None},
        }
        given = http.put(f"/responses/{task['response']['id']}/revisions/{task['response']['revision']}", json=body)
        assert given.status_code == 201, given.text
        return task["item"]["id"]


def test_an_answer_is_fixed_or_sent_back_and_done_again(house, surface, watched, pictures, tmp_path):
    ann, rea = house.join("Ann"), house.join("Rea", role="reviewer")
    project = project_of(house, "Streets", REVIEWED, tmp_path / "streets", items=2)
    for _ in range(2):
        answer(house, ann, project)

    page = watched.page(house.context(rea).new_page())
    page.goto(f"/p/{project.id}/review")
    surface(page)
    bar = page.get_by_role("toolbar", name="Review")
    expect(bar.get_by_role("button", name="Accept")).to_be_visible()
    pictures(page, "review-looking")

    # The first is fixed: what the reviewer changes is listed against the answer, and is kept over a reload.
    page.keyboard.press("f")
    page.get_by_role("radio", name="Night").click()
    changes = page.locator(".changes")
    expect(changes).to_contain_text("Day → Night")
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()
    pictures(page, "review-fixing")
    page.reload()
    surface(page)
    expect(page.get_by_role("button", name="Accept with my fix")).to_be_visible()
    expect(page.get_by_role("radio", name="Night")).to_be_checked()
    page.keyboard.press("Space")

    # The second is sent back with what is wrong; taken back, and sent back again.
    expect(bar.get_by_role("button", name="Reject")).to_be_visible()
    page.keyboard.press("r")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("checkbox").first).to_be_focused()
    page.keyboard.press("1")
    page.get_by_label("To the author").fill("The bus at the left is missing.")
    pictures(page, "review-rejecting")
    dialog.get_by_role("button", name="Reject").click()
    expect(page.get_by_text("Nothing waits for review")).to_be_visible()
    page.keyboard.press("Control+z")
    expect(bar.get_by_role("button", name="Accept")).to_be_visible()
    page.keyboard.press("r")
    expect(dialog.get_by_role("checkbox").first).to_be_focused()
    page.keyboard.press("1")
    dialog.get_by_role("button", name="Reject").click()
    expect(page.get_by_text("Nothing waits for review")).to_be_visible()

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


def arrives(page, method, path):
    """Waits until the server has taken what was handed in: the screen goes on at once."""
    return page.expect_response(lambda got: got.request.method == method and path in got.url and got.ok)


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
    with arrives(page, "POST", "/review"):
        dialog.get_by_role("button", name="Reject").click()
    expect(page.get_by_text("Nothing waits for review")).to_be_visible()

    # Its author finds it first, with what was said, changes it and hands it in; the reviewer accepts it with one key.
    own = watched.page(house.context(ann, color_scheme="dark").new_page())
    own.goto("/work")
    expect(own.get_by_role("heading", name="Sent back to you")).to_be_visible()
    pictures(own, "review-work-dark")
    own.goto(f"/p/{project.id}/label")
    surface(own)
    expect(own.locator(".sent-back")).to_contain_text("Something is missing")
    pictures(own, "review-sent-back-dark")
    own.get_by_role("radio", name="Night").click()
    with arrives(own, "PUT", "/revisions/"):
        own.get_by_role("button", name="Submit").click()
    expect(own.get_by_text("Nothing is waiting").or_(own.get_by_role("button", name="Look again"))).to_be_visible()
    page.get_by_role("button", name="Look again").click()
    expect(bar.get_by_role("button", name="Accept")).to_be_visible()
    expect(page.get_by_role("heading", name="Earlier verdicts")).to_be_visible()
    pictures(page, "review-again")
    with arrives(page, "POST", "/review"):
        page.keyboard.press("a")
    expect(page.get_by_text("Nothing waits for review")).to_be_visible()

    # The author reads all that was said, and sees the fix beside the answer.
    own.goto(f"/p/{project.id}/feedback")
    expect(own.get_by_text("The bus at the left is missing.")).to_have_count(0)
    own.get_by_role("button", name="What was changed").click()
    expect(own.locator("table.changed")).to_contain_text("Night")
    pictures(own, "review-feedback-dark")


def test_answers_that_differ_are_decided(house, surface, watched, pictures, tmp_path):
    bea, cyd = house.join("Bea"), house.join("Cyd")
    dan = house.join("Dan", role="manager")
    project = project_of(house, "Crossings", DECIDED, tmp_path / "crossings", items=2)
    far = ((400, 260, 520, 330), (60, 300, 130, 380))
    for _ in range(2):
        answer(house, bea, project, boxes=((40, 200, 160, 260), *far))
        answer(house, cyd, project, light="night", boxes=((60, 205, 190, 270), far[0]))

    # Whether answers differ is known a moment after the last of them.
    with house.asks(dan) as http:
        while http.get(f"/projects/{project.id}/review/waiting").json()["items"] < 2:
            continue
    page = watched.page(house.context(dan, color_scheme="dark").new_page())
    page.goto(f"/p/{project.id}/review")
    bar = page.get_by_role("toolbar", name="Adjudication")
    expect(bar).to_be_visible()
    surface(page)
    expect(page.get_by_role("group", name="Answers as layers")).to_contain_text("Together")
    page.keyboard.press("n")
    expect(page.locator(".differences [aria-current=true]")).to_be_visible()
    pictures(page, "review-deciding-dark")
    page.keyboard.press("g")
    expect(page.get_by_role("combobox", name="Make it gold")).to_have_value("hidden")
    with arrives(page, "POST", "/gold"):
        page.keyboard.press("2")
    expect(bar.get_by_role("button", name="Take A")).to_be_visible()

    # The second is put together: what one of them says at each difference, then edited and handed in.
    page.keyboard.press("Shift+1")
    page.keyboard.press("f")
    expect(page.get_by_role("button", name="Hand in the result")).to_be_visible()
    page.keyboard.press("n")
    page.keyboard.press("Alt+2")
    expect(page.locator(".changes li").first).to_be_visible()
    pictures(page, "review-composing-dark")
    with arrives(page, "POST", "/review"):
        page.keyboard.press("Space")
    expect(page.get_by_text("Nothing waits for review")).to_be_visible()
    with house.asks(house.owner) as http:
        said = http.get(f"/projects/{project.id}/reviews").json()["items"]
        gold = http.get(f"/projects/{project.id}/gold").json()["items"]
    assert (len(said), len(gold)) == (4, 1)
    assert {one["verdict"] for one in said} >= {"accepted", "fixed"}

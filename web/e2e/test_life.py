"""The whole life of a project, six people at once: qualify, pilot, label, ask, rule, review, appeal, adjudicate, accept."""

import contextlib
import json
import re
import time

from playwright.sync_api import TimeoutError as PlaywrightTimeoutError
from playwright.sync_api import expect

SCHEMA = """
karat_schema: 1
streams: {text: {kind: text}}
fields: {topic: {kind: choice, title: Topic, options: {cards: {title: Cards}, loans: {title: Loans}}, required: true}}
"""
COURSE = {
    "practice": 1,
    "test": {"good": 0.9, "bad": 0.2, "alpha": 0.12, "beta": 0.1, "most": 4},
    "pilot": {"items": 1, "agree": 0.7},
}
POLICY = {
    "start": "label",
    "stages": {
        "label": {
            "do": "label",
            "overlap": 2,
            "next": [{"when": {"differ": {"below": 0.9}}, "to": "decide"}, {"to": "review"}],
        },
        "review": {
            "do": "review",
            "who": {"groups": ["Reviewers"]},
            "next": {"accepted": "accept", "fixed": "accept", "rejected": "label"},
        },
        "decide": {"do": "adjudicate", "who": {"groups": ["Experts"]}, "next": [{"to": "accept"}]},
        "accept": {"do": "resolve", "by": "consensus"},
    },
    "gold": {"rate": 0.0},
    "course": COURSE,
}
KNOWN = {"practice": "To practise on: my card", "test-1": "A test about a card", "test-2": "A test about my card"}
WORK = {
    "pilot": "The pilot is about a card",
    "unsure": "Is a prepaid card one",
    "rejected": "My loan is too dear",
    "disputed": "A loan for my prepaid card",
}
ON = re.compile(r"^(Next item|Begin|Go on|All right|Look again)")


def test_six_people_bring_a_project_from_its_first_item_to_its_last(house, watched, pictures, tmp_path):
    owner = watched.page(house.open(house.owner, "/"))
    mara = house.join("Mara Voss", role="manager")
    people = {name: house.join(name, role) for name, role in TEAM.items()}
    group(house, "Reviewers", "Rea Moss")
    project = school(house, tmp_path)
    label, review = f"/p/{project.id}/label", f"/p/{project.id}/review"

    # The owner sees who is here, and a manager what will happen.
    owner.get_by_role("link", name="People", exact=True).click()
    expect(owner.get_by_text("Edda Lund")).to_be_visible()
    owner.get_by_role("button", name="New group").click()
    dialog = owner.get_by_role("dialog")
    dialog.get_by_label("Name", exact=True).fill("Experts")
    dialog.get_by_text("Edda Lund").click()
    pictures(owner, "life-group")
    dialog.get_by_role("button", name="Save").click()
    expect(owner.get_by_role("region", name="Groups").get_by_text("Experts")).to_be_visible()
    pictures(owner, "life-people")
    manager = watched.page(house.open(mara, f"/p/{project.id}/workflow"))
    expect(manager.get_by_role("heading", name="Workflow")).to_be_visible()
    pictures(manager, "life-workflow")

    # Two annotators qualify and do their pilot; a reviewer accepts it, and the queue is open to them.
    ann, bo = (watched.page(house.open(people[name], label)) for name in ("Ann Kay", "Bo Ito"))
    for page in (ann, bo):
        answer(page, "To practise on", "Cards")
        answer(page, "A test about", "Cards")
        answer(page, "A test about", "Cards")
    pictures(ann, "life-tested")
    for page in (ann, bo):
        answer(page, WORK["pilot"], "Cards")
    pictures(ann, "life-piloted")
    rea = watched.page(house.open(people["Rea Moss"], review))
    judge(rea, WORK["pilot"], "a", "a")
    pictures(rea, "life-reviewed")
    expect(ann.get_by_text("Your pilot agrees")).to_be_visible()
    pictures(ann, "life-passed")

    # Ann asks about her next item; the expert rules, and the ruling stands beside what is like it, for everybody.
    shows(ann, WORK["unsure"])
    ann.keyboard.press("g")
    ann.get_by_label("Your question").fill("Is prepaid a card?")
    ann.get_by_role("button", name="Send").click()
    expect(ann.get_by_label("Is prepaid a card?")).to_be_visible()
    edda = watched.page(house.open(people["Edda Lund"], f"/p/{project.id}/questions"))
    edda.get_by_role("button", name="Rule", exact=True).click()
    edda.get_by_label("The ruling").fill("Prepaid is a card too.")
    edda.get_by_role("dialog").get_by_role("button", name="Rule", exact=True).click()
    expect(edda.get_by_text("No questions here")).to_be_visible()
    pictures(edda, "life-ruled")

    # A manager sees who holds what meanwhile.
    manager.goto(f"/p/{project.id}/assignments")
    manager.get_by_role("radio", name="Held now").click()
    expect(manager.get_by_role("region", name="Ann Kay")).to_be_visible()
    pictures(manager, "life-held")

    # Both label the rest; on the last item they differ.
    for page, last in ((ann, "Loans"), (bo, "Cards")):
        answer(page, WORK["unsure"], "Cards")
        answer(page, WORK["rejected"], "Loans")
        shows(page, WORK["disputed"])
        expect(page.get_by_text("Prepaid is a card too.").first).to_be_visible()
        pictures(page, "life-beside")
        answer(page, WORK["disputed"], last)
    pictures(bo, "life-nothing-left")

    # The expert decides between the two answers; the reviewer accepts one item, and rejects an answer to the other.
    waits(house, project, "decide")
    edda.goto(review)
    decide(edda)
    pictures(edda, "life-decided")
    rea.goto(review)
    judge(rea, WORK["unsure"], "a", "a")
    judge(rea, WORK["rejected"], "r", "a")

    # Its author appeals, and the expert, who was not part of it, overturns the verdict.
    told = appealed((ann, bo), project, pictures)
    edda.goto(f"/p/{project.id}/questions")
    edda.get_by_role("radio", name="Appeals").click()
    edda.get_by_role("button", name="Decide the appeal").first.click()
    edda.get_by_role("dialog").get_by_role("textbox").fill("It is a loan.")
    pictures(edda, "life-appeal")
    edda.get_by_role("button", name="Overturn").click()
    expect(edda.get_by_text("overturned", exact=True)).to_be_visible()
    told.goto("/notices")
    expect(told.get_by_text("Your appeal was decided")).to_be_visible()
    pictures(told, "life-told")
    told.goto(f"/p/{project.id}/feedback")
    expect(told.get_by_text("Appeal: you were right")).to_be_visible()

    # It counts again, as if it were handed in anew: it is accepted, and with it everything is.
    finished(house, project, rea, review)
    manager.goto(f"/p/{project.id}/items?filter={json.dumps({'all': [{'state': ['done']}]})}")
    for text in WORK.values():
        expect(manager.get_by_text(text).first).to_be_visible()
    pictures(manager, "life-accepted")
    owner.goto(f"/p/{project.id}")
    expect(owner.get_by_role("heading", name="The life")).to_be_visible()
    pictures(owner, "life-home")


TEAM = {"Ann Kay": "annotator", "Bo Ito": "annotator", "Rea Moss": "reviewer", "Edda Lund": "reviewer"}


def group(house, name, *members):
    with house.asks(house.owner) as http:
        workspace = http.get("/me").json()["workspaces"][0]["id"]
        known = {one["name"]: one["id"] for one in http.get(f"/workspaces/{workspace}/members").json()}
        made = http.post(
            f"/workspaces/{workspace}/groups", json={"name": name, "members": [known[one] for one in members]}
        )
        assert made.status_code == 201, made.text


def school(house, folder):
    """A project with items of known answer to qualify by, and items to work on behind them."""
    project = house.client.create_project("The life", schema=SCHEMA)
    with house.asks(house.owner) as http:
        etag = http.get(f"/projects/{project.id}").headers["ETag"]
        changed = http.patch(f"/projects/{project.id}", json={"policy": POLICY}, headers={"If-Match": etag})
        assert changed.status_code == 200, changed.text
        fill(project, folder, KNOWN)
        tasks = http.post(f"/projects/{project.id}/claims", json={"count": len(KNOWN)}).json()["tasks"]
        keys = {}
        for task in tasks:
            given = http.put(f"/responses/{task['response']['id']}/revisions/1", json=said(task, "cards"))
            assert given.status_code == 201, given.text
            keys[task["item"]["id"]] = task["response"]["id"]
        for n, (item, response) in enumerate(keys.items()):
            body = {"use": "practice" if n == 0 else "test", "source": "response"}
            made = http.post(
                f"/projects/{project.id}/gold", json={**body, "items": [{"item": item, "response": response}]}
            )
            assert made.json()["made"], made.text
    fill(project, folder, WORK)
    return project


def fill(project, folder, texts):
    (folder / "items.jsonl").write_text("".join(json.dumps({"id": k, "text": t}) + "\n" for k, t in texts.items()))
    assert project.import_from(folder / "items.jsonl").wait().result["items_added"] == len(texts)


def said(task, topic):
    return {
        "item": task["item"]["id"],
        "item_revision": task["item"]["revision"],
        "assignment": task["assignment"]["id"],
        "schema": task["schema"],
        "state": "submitted",
        "covers": {"topic": None},
        "annotations": [{"id": "topic", "field": "topic", "kind": "choice", "version": 1, "value": topic}],
    }


def shows(page, text):
    """Goes on, past whatever a course says between its parts, until the item with this text is on the screen."""
    item = page.locator('[data-panel="surface"]').get_by_text(text)
    further = page.get_by_role("button", name=ON)
    dialog = page.get_by_role("dialog")
    expect(item.or_(further).first).to_be_visible()
    while not item.first.is_visible() or dialog.is_visible():
        # The screen may have gone on by itself meanwhile.
        with contextlib.suppress(PlaywrightTimeoutError):
            further.last.click(timeout=1000)
        expect(item.or_(further).first).to_be_visible()


def answer(page, text, option):
    """Answers the item with this text, and waits until the server has it."""
    choice = page.get_by_role("radio", name=option)
    chosen = False
    while not chosen:
        shows(page, text)
        # What a course says between its parts may come over the item a moment later.
        with contextlib.suppress(PlaywrightTimeoutError):
            choice.click(timeout=1000)
            chosen = True
    expect(choice).to_be_checked()
    with arrives(page, "PUT", "/revisions/"):
        page.get_by_role("button", name="Submit").click()


def judge(page, text, *verdicts):
    """Gives the answers to an item their verdicts, by their keys."""
    shows(page, text)
    bar = page.get_by_role("toolbar", name="Review")
    with arrives(page, "POST", "/review"):
        for key in verdicts:
            expect(bar.get_by_role("button", name="Accept")).to_be_visible()
            page.keyboard.press(key)
            if key == "r":
                dialog = page.get_by_role("dialog")
                expect(dialog.get_by_role("checkbox").first).to_be_focused()
                page.keyboard.press("1")
                dialog.get_by_role("button", name="Reject").click()
                expect(dialog).to_have_count(0)


def decide(edda):
    """The expert decides the item on which the answers differ."""
    shows(edda, WORK["disputed"])
    bar = edda.get_by_role("toolbar", name="Adjudication")
    expect(bar.get_by_role("button", name="Take A")).to_be_visible()
    with arrives(edda, "POST", "/review"):
        edda.keyboard.press("1")


def appealed(pages, project, pictures):
    """Whoever was rejected appeals, on the page that tells them of it; that page."""
    for page in pages:
        page.goto(f"/p/{project.id}/feedback")
        # Both were accepted in their pilot.
        expect(page.locator(".verdict-said").first).to_be_visible()
        if page.locator(".verdict-said").get_by_role("button", name="Appeal").count() > 0:
            break
    page.get_by_role("button", name="Appeal").click()
    dialog = page.get_by_role("dialog", name="Appeal this verdict")
    dialog.get_by_label("Why is it wrong?").fill("It is a loan, as I said.")
    pictures(page, "life-appealing")
    dialog.get_by_role("button", name="Send the appeal").click()
    expect(page.get_by_text("Appealed, not decided yet")).to_be_visible()
    return page


def waits(house, project, stage):
    """Waits until an item has come to a stage: whether answers differ is known a moment after the last of them."""
    with house.asks(house.owner) as http:
        ask_until(
            lambda: stage in [s["stage"] for s in http.get(f"/projects/{project.id}/review/waiting").json()["stages"]]
        )


def finished(house, project, rea, review):
    """Brings the item that was appealed through its review again, and waits until everything is done."""
    rea.goto(review)
    judge(rea, WORK["rejected"], "a")
    wanted = {"filter": json.dumps({"all": [{"state": ["done"]}]})}
    with house.asks(house.owner) as http:
        ask_until(lambda: http.get(f"/projects/{project.id}/items/count", params=wanted).json()["count"] >= len(WORK))


def ask_until(holds, seconds=45):
    until = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < until, "it never came"
        time.sleep(0.05)


def arrives(page, method, path):
    """Waits until the server has taken what was handed in: the screen goes on at once."""
    return page.expect_response(lambda got: got.request.method == method and path in got.url and got.ok)

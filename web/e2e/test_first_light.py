"""A team labels real data, from the first sign-in to a measured export: three people at once, each in a browser."""

import csv
import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from karat.demo.messages import message
from karat.demo.pictures import scene

ROWS = 300
PICTURES = 4
# Agreement shows no number below 30 items that two people share.
LABELED = 33
MARKED = 4
PASSWORD = "correct horse battery"
# Every page asks who is signed in before anybody is.
BEFORE = r"401.*/api/v1/me\b|console error.*401.*/api/v1/me\b"


@pytest.fixture(scope="module")
def texts(tmp_path_factory):
    """Some hundred rows of banking77 where it is there, else messages as the demo has them."""
    from_disk = Path(__file__).parents[3] / "shared" / "data" / "text" / "banking77" / "train.csv"
    file = tmp_path_factory.mktemp("files") / "utterances.csv"
    if from_disk.exists():
        with from_disk.open(encoding="utf-8", newline="") as source:
            rows = [row for row, _ in zip(csv.DictReader(source), range(ROWS), strict=False)]
    else:
        rows = [{"text": message(n).text, "category": message(n).topic} for n in range(ROWS)]
    with file.open("w", encoding="utf-8", newline="") as target:
        writer = csv.DictWriter(target, ["text", "category"])
        writer.writeheader()
        writer.writerows(rows)
    return file


@pytest.fixture(scope="module")
def photos(tmp_path_factory):
    folder = tmp_path_factory.mktemp("files") / "street"
    (folder / "north").mkdir(parents=True)
    for number in range(PICTURES):
        drawn = scene(number)
        (folder / "north" / drawn.name).write_bytes(drawn.png)
    return folder


def first_sign_in(house, watched):
    page = watched.page(house.context().new_page(), allowed=BEFORE)
    page.goto(house.link)
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Name").fill("Olu Adeyemi")
    page.get_by_label("Email").fill("olu@example.com")
    page.get_by_label(re.compile("^Password")).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Projects", exact=True)).to_be_visible()
    return page


def make_project(page, *, title, template, overlap, labels=()):
    page.get_by_role("link", name=re.compile("^New project")).first.click()
    page.get_by_role("button", name=template, exact=True).click()
    page.get_by_label("Title", exact=True).first.fill(title)
    page.get_by_label("Responses per item").fill(str(overlap))
    for label in labels:
        page.get_by_role("textbox", name="Label", exact=True).fill(label)
        page.keyboard.press("Enter")
    preview = page.get_by_label("Preview", exact=True)
    for label in labels:
        expect(preview.get_by_text(label).first).to_be_visible()
    page.get_by_role("button", name=re.compile("^Create project")).click()
    expect(page.get_by_role("heading", name="Bring in items")).to_be_visible()
    return re.search(r"/p/([^/]+)/", page.url).group(1)


def finish_import(page, added):
    page.get_by_role("button", name="Import", exact=False).last.click()
    expect(page.get_by_role("heading", name=re.compile("^Imported"))).to_be_visible()
    expect(page.get_by_text(f"{added}", exact=True).first).to_be_visible()


def invite(page, role):
    page.get_by_role("navigation").get_by_role("link", name="People").click()
    page.get_by_role("button", name="Invite", exact=True).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("radio", name=re.compile(f"^{role}")).check()
    dialog.get_by_role("button", name="Make the link").click()
    link = dialog.get_by_text("/links/").first.inner_text()
    dialog.get_by_role("button", name="Done").click()
    return link


def join(house, watched, link, name):
    page = watched.page(house.context().new_page(), allowed=BEFORE)
    page.goto(link)
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Name").fill(name)
    page.get_by_label("Email").fill(f"{name.split()[0].lower()}@example.com")
    page.get_by_label(re.compile("^Password")).fill(PASSWORD)
    page.get_by_role("button", name="Join", exact=True).click()
    expect(page.get_by_role("heading", name="My work", exact=True)).to_be_visible()
    return page


def drop(page, file):
    """Drags a file from the desktop onto the page."""
    holder = page.evaluate_handle(
        "([name, text]) => { const d = new DataTransfer(); d.items.add(new File([text], name, {type: 'text/csv'})); return d }",
        [file.name, file.read_text("utf-8")],
    )
    page.locator(".dz").dispatch_event("drop", {"dataTransfer": holder})


def label_text(page, topic, *, mark):
    """Marks the first word by double click if asked to, answers the intent, hands in; waits for the next text only."""
    words = page.locator(".text-words").first
    expect(words).to_be_visible()
    text = words.inner_text()
    if mark:
        box = words.bounding_box()
        page.mouse.dblclick(box["x"] + 3, box["y"] + 22)
        expect(page.locator(".ob")).to_have_count(1)
        page.keyboard.press("Escape")
    page.keyboard.press(topic)
    expect(page.locator(".choices [aria-checked=true]")).to_have_count(1)
    page.keyboard.press("Space")
    expect(words).not_to_have_text(text)


def intent(person, number):
    """What somebody answers: Olu always the first thing, the others now and then something else."""
    slips = {"Olu": 0, "Ben": 8, "Chi": 4}[person]
    truth = number % 4
    return "qwer"[(truth + 1) % 4 if slips and number % slips == 3 else truth]


def draw_box(page, surface, *, at):
    page.keyboard.press("b")
    box = surface(page).bounding_box()
    page.mouse.move(box["x"] + at, box["y"] + 300)
    page.mouse.down()
    page.mouse.move(box["x"] + at + 120, box["y"] + 380, steps=4)
    page.mouse.up()


def export(page, folder, *, file_format, which):
    """Runs an export and downloads every file of it; the manifest, and the files by their names."""
    page.get_by_role("radio", name=re.compile(f"^{file_format}")).check()
    page.get_by_role("radio", name=re.compile(f"^{which}")).check()
    exports = page.locator("article")
    before = exports.count()
    page.get_by_role("button", name="Export", exact=True).click()
    expect(exports).to_have_count(before + 1)
    newest = exports.first.get_by_role("row").filter(has=page.get_by_role("link", name="Download"))
    expect(newest.filter(has_text="manifest.json")).to_be_visible()
    folder.mkdir()
    files = {}
    for name in newest.locator("td:first-child").all_inner_texts():
        with page.expect_download() as coming:
            newest.filter(has=page.get_by_role("cell", name=name, exact=True)).get_by_role(
                "link", name="Download"
            ).click()
        files[name] = folder / name.replace("/", "_")
        coming.value.save_as(files[name])
    return json.loads(files["manifest.json"].read_text("utf-8")), files


def test_three_people_label_texts_and_pictures_and_the_export_holds_what_they_said(
    new_house, texts, photos, surface, watched, tmp_path
):
    owner = first_sign_in(new_house, watched)

    # Two projects in the form, with the screen as it will be beside it; a file dropped, a folder chosen.
    project = make_project(owner, title="Utterances", template="Intent and its slots", overlap=3)
    drop(owner, texts)
    expect(owner.get_by_text("utterances.csv").first).to_be_visible()
    finish_import(owner, ROWS)
    owner.goto("/")
    street = make_project(owner, title="Street", template="Boxes around objects", overlap=1, labels=["Tram"])
    owner.get_by_test_id("folder").set_input_files(photos)
    finish_import(owner, PICTURES)

    people = {"Olu": owner}
    for name in ("Ben Sato", "Chi Mbeki"):
        owner.goto("/")
        people[name.split()[0]] = join(new_house, watched, invite(owner, "Annotator"), name)

    # All three at once, item by item, each blind to the others.
    for page in people.values():
        page.goto(f"/p/{project}/label")
    for number in range(LABELED):
        for name, page in people.items():
            label_text(page, intent(name, number), mark=number < MARKED)
    for page in people.values():
        expect(page.locator(".save")).to_contain_text("Saved")
        expect(page.locator(".today .n")).to_have_text(str(LABELED))

    # The pictures, one each.
    for number, page in enumerate(people.values()):
        page.goto(f"/p/{street}/label")
        draw_box(page, surface, at=200 + 40 * number)
        expect(page.locator(".ob")).to_have_count(1)
        page.keyboard.press("4" if number == 0 else "1")
        page.keyboard.press("Space")
        expect(page.locator(".ob")).to_have_count(0)
        expect(page.locator(".today .n")).to_have_text("1")
        page.locator("button.logo").click()  # the empty queue has a second way back

    # The owner sees how well they agree, with its doubt, and opens the item they differ most on.
    owner.goto(f"/p/{project}/quality")
    owner.get_by_role("button", name="Compute again").click()
    row = owner.get_by_role("row").filter(has_text="Intent").first
    expect(row.get_by_text(re.compile(r"n \d+"))).to_be_visible()
    expect(row).to_contain_text(re.compile(r"0\.\d\d–0\.\d\d"))
    owner.get_by_role("navigation").get_by_role("link", name="Home").click()
    expect(owner.get_by_role("row").filter(has_text="Intent").first).to_contain_text(re.compile(r"0\.\d\d"))
    expect(owner.get_by_text(f"{3 * LABELED}", exact=True).first).to_be_visible()
    most = owner.locator("section").filter(has=owner.get_by_role("heading", name=re.compile("^Most disagreed on")))
    most.get_by_role("row").first.get_by_role("link").first.click()
    preview = owner.get_by_label("Preview", exact=True)
    for name in ("Olu Adeyemi", "Ben Sato", "Chi Mbeki"):
        expect(preview.get_by_text(name)).to_be_visible()

    # What is exported is what was said, counted alike by the manifest and by whoever reads the files.
    owner.goto(f"/p/{project}/export")
    manifest, files = export(owner, tmp_path / "jsonl", file_format="JSON lines", which="All responses")
    items = [
        json.loads(line)
        for name in files
        if name.endswith(".jsonl")
        for line in files[name].read_text("utf-8").splitlines()
    ]
    responses = [response for item in items for response in item.get("responses", [])]
    assert manifest["counts"]["items"] == len(items) == ROWS
    assert manifest["counts"]["responses"] == len(responses)
    assert manifest["counts"]["annotations"] == sum(len(r["annotations"]) for r in responses)
    # Three people each, and what was merged from them.
    said = [response for response in responses if response["author"]["type"] == "person"]
    assert len(said) == 3 * LABELED
    assert sum(len(r["annotations"]) for r in said) == 3 * (LABELED + MARKED)
    assert len(responses) - len(said) == LABELED
    manifest, files = export(owner, tmp_path / "csv", file_format="CSV", which="All responses")
    with files["items.csv"].open(encoding="utf-8", newline="") as table:
        rows = list(csv.DictReader(table))
    assert sum(1 for row in rows if row["author"]) == manifest["counts"]["responses"] == len(responses)
    assert len({row["key"] for row in rows}) == ROWS
    owner.goto(f"/p/{street}/export")
    manifest, files = export(owner, tmp_path / "coco", file_format="COCO", which="All responses")
    coco = [json.loads(path.read_text("utf-8")) for name, path in files.items() if name.endswith(".instances.json")]
    named = [
        {c["id"]: c["name"] for c in one["categories"]}[a["category_id"]] for one in coco for a in one["annotations"]
    ]
    assert len(named) == manifest["counts"]["annotations"] == 3
    assert sorted(named) == ["person", "person", "tram"]

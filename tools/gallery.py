"""Opens, edits and exports real data, and draws docs/guide/gallery.md: `python tools/gallery.py [NAME …]`.

Each row of `gallery_rows` is imported into a fresh server, one item of it is edited in Chrome and handed in. It is then
exported in each of its formats, by the author of the import and by the one who edited; both are read back into new projects,
and every annotation must be there again: the edit, and all that was not touched. Where a row says so the export is also held
against the files that were imported. Where a licence forbids showing what is on the screen, all of it is done once more with
an item of our own (`gallery_items`), and that is the picture. A set that is not there is skipped, and said so.
"""

import io
import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from gallery_desk import Desk
from gallery_edits import Spot
from gallery_page import went_through, write_page
from gallery_rows import ROWS, TEMPLATES, Row
from gallery_trip import DiffersError, back, same, told, unlike
from PIL import Image
from playwright.sync_api import Page, expect, sync_playwright
from screenshots import browser_tests

from karat.sdk.projects import Project

IMAGES = Path(__file__).parents[1] / "docs" / "images" / "gallery"
MOST_BYTES = 90_000
SETTLE_MS = 1500
Json = dict[str, Any]
House = Any


def main(names: list[str]) -> int:
    """All rows, or those that are named; 1 where one did not go through."""
    tests = browser_tests()
    chrome = os.environ.get("KARAT_CHROME") or shutil.which("chromium") or shutil.which("google-chrome")
    if chrome is None:
        sys.exit("The gallery needs a Chrome: sudo apt-get install chromium")
    IMAGES.mkdir(parents=True, exist_ok=True)
    failed, counts = 0, {}
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chrome, args=tests.FLAGS)
        house = tests.House(Path(folder) / "karat" / "data", browser).start().claim()
        try:
            for row in [row for row in ROWS if not names or row.name in names]:
                try:
                    counts[row.name] = taken(house, row, tests.DATA, Path(folder) / row.name)
                    print(f"{row.name}: {counts[row.name] or 'no real data'}", flush=True)
                except Exception as error:  # noqa: BLE001 - one set at fault does not keep the others from being tried
                    failed += 1
                    print(f"{row.name}: FAILED {type(error).__name__}: {error}", flush=True)
        finally:
            house.leave()
            house.stop()
            browser.close()
    write_page(ROWS, {name: said for name, said in counts.items() if said})
    return 1 if failed else 0


def taken(house: House, row: Row, data: Path, folder: Path) -> str:
    """The real set, and the item of our own where that is what may be shown; what came of the real one."""
    said = ""
    given = data / row.source
    if given.exists():
        (folder / "real").mkdir(parents=True)
        source = row.stage(given, folder / "real" / "set")
        said = through(house, row, source, row.spot, shown=row.own is None, real=True)
    else:
        print(f"{row.name}: skipped, {row.source} is not in {data} (KARAT_DATA says where it is)")
    if row.own is not None:
        through(house, row, row.own(folder / "own" / "set"), row.own_spot, shown=True, real=False)
    return said


def through(house: House, row: Row, source: Path, spot: Spot, *, shown: bool, real: bool) -> str:
    """Imports, opens, edits, hands in, exports and compares; what came of it in words."""
    client = house.client
    out = source.parent / f"out-{'real' if real else 'own'}"
    out.mkdir(parents=True, exist_ok=True)
    schema = TEMPLATES / row.schema if row.schema and row.schema.endswith(".yaml") else row.schema
    title = row.title if shown else row.name
    project = client.create_project(title, schema=schema or client.propose_schema(source)["yaml"])
    result = project.import_from(source).wait().result
    if not result["items_added"] or result["rejects"]:
        raise AssertionError(f"the import of {source.name} gave {result}")
    project.update(begin="imported")
    before = told(project, out / "before")
    key = next(key for key in before.items if not real or row.opens in key)
    item = str(next(i["id"] for i in project.items() if i["key"] == key))
    stored, edited = edit(house, row, project, item, spot, before.held[key], shown=shown)
    lost, more = unlike(before.held[key], stored["annotations"])
    if {a["id"] for a in edited} - {a["id"] for a in more}:
        raise DiffersError("what was edited is not in what was handed in")
    responses: list[Json] = list(project.responses())
    imported = {r["author"]["id"] for r in responses} - {stored["author"]["id"]}
    for format in ("jsonl", *row.formats):
        mine = back(client, project, format, out / f"{format}-mine", stored["author"]["id"])
        came = [
            a for v in mine.held.values() for a in v if not row.adds or a["kind"] != row.adds or not _is_new(a, stored)
        ]
        same({key: stored["annotations"]}, {"": came}, f"{format}, edited")
        for author in imported:
            theirs = back(client, project, format, out / f"{format}-theirs", author)
            same(before.held, theirs.held, f"{format}, not edited")
    if row.trains:
        project.export(row.trains, which="author", author=stored["author"]["id"]).wait().download(out / row.trains)
        if not any(file.stat().st_size for file in (out / row.trains).glob("*.jsonl")):
            raise DiffersError(f"{row.trains} has no rows")
    if real and row.holds is not None:
        row.holds(source, out)
    return went_through(before, row.formats, changed=len(more), gone=len(lost))


def _is_new(one: Json, stored: Json) -> bool:
    return bool(unlike([one], stored["annotations"])[0])


def edit(
    house: House, row: Row, project: Project, item: str, spot: Spot, given: list[Json], *, shown: bool
) -> tuple[Json, list[Json]]:
    """The item opened and edited in Chrome, and handed in: the response as it is stored, and what was told of the edit."""
    page = house.context(house.owner, color_scheme="light").new_page()
    page.set_viewport_size({"width": 1280, "height": 800})
    desk = Desk(page, size(house, project, item))
    page.goto(f"/p/{project.id}/label/{item}")
    expect(page.locator('[data-panel="surface"] [tabindex="0"]').first).to_be_visible()
    expect(page.locator(".sk:visible")).to_have_count(0)
    page.wait_for_timeout(SETTLE_MS)
    if given:
        desk.press("Shift+Enter")
        expect(page.get_by_role("button", name="Accept all")).to_have_count(0)
    row.edit(desk, spot)
    edited = desk.edited(lambda found: unlike(found, given)[0])
    if shown:
        page.mouse.move(640, 5)
        keep(page.screenshot(), row.name)
    page.get_by_role("button", name="Submit").click()
    stored = handed_in(page, project, item, house.owner.name)
    page.close()
    return stored, edited


def size(house: House, project: Project, item: str) -> tuple[float, float]:
    """The pixels of the first picture of an item; nothing where it has none."""
    found: Json = project.item(item)
    for stream in found["streams"].values():
        facts = stream.get("facts") or stream
        if "width" in facts:
            return float(facts["width"]), float(facts["height"])
    return 0.0, 0.0


def handed_in(page: Page, project: Project, item: str, name: str) -> Json:
    """The response of the person of this name, once it is handed in."""
    for _ in range(200):
        found: Json = project.item(item)
        for response in found["responses"]:
            if response["author"]["name"] == name:
                return dict(response)
        page.wait_for_timeout(100)
    raise AssertionError("nothing was handed in")


def keep(shot: bytes, name: str) -> None:
    """A screenshot as WebP, as fine as fits."""
    with Image.open(io.BytesIO(shot)) as taken:
        for quality in (88, 80, 70, 60, 50):
            taken.convert("RGB").save(IMAGES / f"{name}.webp", quality=quality, method=6)
            if (IMAGES / f"{name}.webp").stat().st_size < MOST_BYTES:
                return
    raise AssertionError(f"{name}.webp is larger than {MOST_BYTES} bytes")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

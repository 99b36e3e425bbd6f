"""Opens, edits and exports real data, and draws docs/guide/gallery.md: `python tools/gallery.py [NAME …]`.

Each row of `gallery_rows` is imported into a fresh server, one item of it is edited in Chrome and handed in, and every export
is read back and must hold the edit. Where a licence forbids showing what is on the screen, all of it is done once more with
an item of our own (`gallery_items`), and that is the picture. A set that is not there is skipped, and said so.
"""

import io
import os
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from gallery_desk import Desk
from gallery_rows import ROWS, TEMPLATES, Row, Spot
from PIL import Image
from playwright.sync_api import Page, expect, sync_playwright
from screenshots import browser_tests

from karat.sdk.projects import Project

ROOT = Path(__file__).parents[1]
IMAGES = ROOT / "docs" / "images" / "gallery"
PAGE = ROOT / "docs" / "guide" / "gallery.md"
MOST_BYTES = 90_000
Json = dict[str, Any]
House = Any


def main(names: list[str]) -> int:
    """All rows, or those that are named; 1 where one did not go through."""
    tests = browser_tests()
    chrome = os.environ.get("KARAT_CHROME") or shutil.which("chromium") or shutil.which("google-chrome")
    if chrome is None:
        sys.exit("The gallery needs a Chrome: sudo apt-get install chromium")
    IMAGES.mkdir(parents=True, exist_ok=True)
    failed = 0
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chrome, args=tests.FLAGS)
        house = tests.House(Path(folder) / "karat" / "data", browser).start().claim()
        try:
            for row in [row for row in ROWS if not names or row.name in names]:
                try:
                    print(f"{row.name}: {taken(house, row, tests.DATA, Path(folder) / row.name)}", flush=True)
                except Exception as error:  # noqa: BLE001 - one set at fault does not keep the others from being tried
                    failed += 1
                    print(f"{row.name}: FAILED {type(error).__name__}: {error}", flush=True)
        finally:
            house.leave()
            house.stop()
            browser.close()
    PAGE.write_text(page_of(ROWS), "utf-8")
    return 1 if failed else 0


def taken(house: House, row: Row, data: Path, folder: Path) -> str:
    """The real set, and the item of our own where that is what may be shown."""
    said = []
    given = data / row.source
    if given.exists():
        (folder / "real").mkdir(parents=True)
        said.append(through(house, row, row.stage(given, folder / "real"), row.spot, shown=row.own is None, real=True))
    else:
        said.append(f"skipped, {row.source} is not in {data} (KARAT_DATA says where it is)")
    if row.own is not None:
        said.append("own item: " + through(house, row, row.own(folder / "own"), row.own_spot, shown=True, real=False))
    return "; ".join(said)


def through(house: House, row: Row, source: Path, spot: Spot, *, shown: bool, real: bool) -> str:
    """Imports, opens, edits, hands in and exports; what came of it in words."""
    client = house.client
    schema = TEMPLATES / row.schema if (row.schema or "").endswith(".yaml") else row.schema
    project = client.create_project(
        row.title if shown else row.name, schema=schema or client.propose_schema(source)["yaml"]
    )
    result = project.import_from(source).wait().result
    if not result["items_added"] or result["rejects"]:
        raise AssertionError(f"the import of {source.name} gave {result}")
    project.update(begin="imported")
    item = next(i for i in project.items() if not real or row.opens in str(i["key"]))
    page = house.context(house.owner, color_scheme="dark" if row.dark and shown else "light").new_page()
    page.set_viewport_size({"width": 1280, "height": 800})
    desk = Desk(page)
    page.goto(f"/p/{project.id}/label/{item['id']}")
    expect(page.locator('[data-panel="surface"] [tabindex="0"]').first).to_be_visible()
    expect(page.locator(".sk:visible")).to_have_count(0)
    given = answers(project, str(item["id"]))
    if given:
        desk.press("Shift+Enter")
        expect(page.get_by_role("button", name="Accept all")).to_have_count(0)
    row.edit(desk, spot)
    edited = desk.edited(lambda one: not any(like(one, other) for other in given))
    if shown:
        page.mouse.move(640, 5)
        keep(page.screenshot(), row.name)
    page.get_by_role("button", name="Submit").click()
    stored = handed_in(page, project, str(item["id"]), house.owner.name)
    page.close()
    missing = [one["id"] for one in edited if not any(like(one, other) for other in stored["annotations"])]
    if missing:
        raise AssertionError(f"what was edited is not in what was handed in: {missing}")
    held = ["jsonl", *row.formats]
    for number, format in enumerate(held):
        out = source.parent / f"{source.name}-{format}-{'real' if real else 'own'}"
        project.export(format, which="author", author=stored["author"]["id"], media=True).wait().download(out)
        again = client.create_project(f"{project.title} {number}", schema=project.state.schema)
        again.import_from(out).wait()
        back = [a for i in again.items() for a in answers(again, str(i["id"]))]
        for one in edited:
            if not any(like(one, other) for other in back):
                raise AssertionError(f"{format} does not hold the edit {one}: read back {len(back)} annotations")
    return f"{result['items_added']} items, {len(edited)} edited, in {', '.join(held)}"


def answers(project: Project, item: str) -> list[Json]:
    """All annotations of an item, by whomever."""
    return [a for response in project.item(item)["responses"] for a in response["annotations"]]


def handed_in(page: Page, project: Project, item: str, name: str) -> Json:
    """The response of the person of this name, once it is handed in."""
    for _ in range(200):
        for response in project.item(item)["responses"]:
            if response["author"]["name"] == name:
                return response
        page.wait_for_timeout(100)
    raise AssertionError("nothing was handed in")


def like(one: Json, other: Json) -> bool:
    """Whether two annotations say the same, but for the rounding of a format."""
    if (one.get("kind"), one.get("label")) != (other.get("kind"), other.get("label")):
        return False
    a, b = list(numbers(one["value"])), list(numbers(other["value"]))
    return len(a) == len(b) and all(abs(x - y) <= 0.6 for x, y in zip(a, b, strict=True))


def numbers(value: object) -> Iterator[float]:
    """Every number in a value, in order."""
    if isinstance(value, dict):
        for key in sorted(value):
            yield from numbers(value[key])
    elif isinstance(value, list):
        for one in value:
            yield from numbers(one)
    elif isinstance(value, int | float):
        yield float(value)


def keep(shot: bytes, name: str) -> None:
    """A screenshot as WebP, as fine as fits."""
    with Image.open(io.BytesIO(shot)) as taken:
        for quality in (88, 80, 70, 60, 50):
            taken.convert("RGB").save(IMAGES / f"{name}.webp", quality=quality, method=6)
            if (IMAGES / f"{name}.webp").stat().st_size < MOST_BYTES:
                return
    raise AssertionError(f"{name}.webp is larger than {MOST_BYTES} bytes")


def page_of(rows: Iterable[Row]) -> str:
    """docs/guide/gallery.md: the rows that have a picture."""
    lines = [
        "<!-- Generated by tools/gallery.py; change its table, tools/gallery_rows.py, instead. -->",
        "# Gallery",
        "",
        "Real data, imported, opened, edited by pointer and keys, handed in, exported and read back by "
        "`python tools/gallery.py`, which fails where an export does not hold the edit. Where a licence does not let us show "
        "a set, or leaves it open, the picture is of an item of our own in the same layout that went the same way.",
    ]
    for row in rows:
        if not (IMAGES / f"{row.name}.webp").exists():
            continue
        shown = "The picture is of an item of our own." if row.own else row.credit
        went = ", ".join(["JSON lines", *(f"`{format}`" for format in row.formats)])
        lines += ["", f"## {row.title}", "", row.about, "", f"![{row.title}](../images/gallery/{row.name}.webp)", ""]
        lines += [f"`{row.command}`: tried with {Path(row.source).name}; exported as {went}. {shown}"]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

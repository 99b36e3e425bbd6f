"""Keys and pointer actions for each item, counted while the real screen is worked as its guide says.

    python -m bench.web.keys [--items 5] [--chrome /usr/bin/chromium]

A flow is done on some items in a headless Chrome; the page counts key presses and presses of the pointer (a drag is one).
Beside it stand the same steps with the documented keys of other tools, counted by hand from their own lists of keys:
a chord such as Ctrl+Enter is one press. Prints one JSON document: actions an item, by flow.
"""

import argparse
import json
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, expect, sync_playwright

from bench.web.frames import CHROME_ARGS
from bench.web.site import WORD, chats, pictures, settle_in, texts
from karat.sdk import Client
from karat.testing.server import serve

COUNT = """() => {
  window.acts = { keys: 0, pointer: 0 }
  const modifiers = new Set(['Control', 'Shift', 'Alt', 'Meta'])
  addEventListener('keydown', (e) => { if (!e.repeat && !modifiers.has(e.key)) window.acts.keys += 1 }, { capture: true })
  addEventListener('pointerdown', () => { window.acts.pointer += 1 }, { capture: true })
}"""

Worked = Callable[[Page], None]
Files = Callable[[Path, int], Path]


def take(page: Page, tool: str, key: str) -> None:
    """The tool, which stays from item to item."""
    button = page.get_by_role("navigation", name="Tools").get_by_role("button", name=tool, exact=True)
    if button.get_attribute("aria-pressed") != "true":
        page.keyboard.press(key)


def box_flow(page: Page) -> None:
    """Three boxes: two of the first label, one of the third."""
    take(page, "Box", "b")
    for number in range(3):
        drag(page, 160 + 220 * number, 200, 100, 90)
        expect(page.locator(".ob")).to_have_count(number + 1)
    page.keyboard.press("3")


def polygon_flow(page: Page) -> None:
    """One outline of eight corners."""
    take(page, "Polygon", "p")
    corners = [(200, 150), (300, 130), (400, 160), (450, 250), (400, 340), (300, 370), (200, 340), (150, 250)]
    for x, y in corners:
        click(page, x, y)
    page.keyboard.press("Enter")
    expect(page.locator(".ob")).to_have_count(1)


def span_flow(page: Page) -> None:
    """Three words marked: two of the first label, one of the second."""
    for number, word in enumerate((0, 2, 4)):
        left, right, y = page.evaluate(WORD, word)
        page.mouse.move(left, y)
        page.mouse.down()
        page.mouse.move(right, y, steps=3)
        page.mouse.up()
        expect(page.locator(".ob")).to_have_count(number + 1)
    page.keyboard.press("2")


def choice_flow(page: Page) -> None:
    """One of four topics."""
    page.keyboard.press("q")


def pair_flow(page: Page) -> None:
    """The first answer is better."""
    page.keyboard.press("1")


SCHEMAS = {
    "box": {"objects": {"kind": "box", "on": "photo", "labels": {"car": {}, "bus": {}, "person": {}}}},
    "polygon": {"objects": {"kind": "polygon", "on": "photo", "labels": {"field": {}}}},
    "entities": {"entities": {"kind": "span", "on": "text", "labels": {"product": {}, "date": {}}}},
    "classification": {
        "topic": {
            "kind": "choice",
            "required": True,
            "options": {"delivery": {"key": "q"}, "refund": {"key": "w"}, "damage": {"key": "e"}, "question": {}},
        }
    },
    "pairwise": {"better": {"kind": "ranking", "on": "answers", "pairwise": True, "required": True}},
}
STREAMS = {
    "box": {"photo": {"kind": "image"}},
    "polygon": {"photo": {"kind": "image"}},
    "entities": {"text": {"kind": "text"}},
    "classification": {"text": {"kind": "text"}},
    "pairwise": {"prompt": {"kind": "text"}, "answers": {"kind": "candidates"}},
}
FLOWS: dict[str, tuple[Worked, Files]] = {
    "box": (box_flow, pictures),
    "polygon": (polygon_flow, pictures),
    "entities": (span_flow, texts),
    "classification": (choice_flow, texts),
    "pairwise": (pair_flow, chats),
}
DOCUMENTED = {
    # N begins each shape, two clicks draw it, Ctrl+3 changes the label of the last; F is the next frame.
    "box": {"CVAT": 3 + 3 * 2 + 1 + 1, "Label Studio": 3 + 3 + 1},
    # N, eight clicks, N ends it, F. Label Studio: the label's key, eight clicks, the first corner again, Ctrl+Enter.
    "polygon": {"CVAT": 1 + 8 + 1 + 1, "Label Studio": 1 + 8 + 1 + 1},
    # Label Studio: a label's key before each mark, for it is let go after; Prodigy keeps it, A accepts.
    "entities": {"Label Studio": 3 + 3 + 1, "Prodigy": 3 + 1 + 1},
    # A digit and submit; Prodigy with choice_auto_accept needs the digit alone.
    "classification": {"Label Studio": 2, "Prodigy": 1},
    "pairwise": {"Label Studio": 2, "Prodigy": 1},
}
"""Actions an item by the documented default keys of each tool (docs/guide/desk-figures.md says which)."""


def click(page: Page, x: float, y: float) -> None:
    """On the surface, from its corner."""
    box = surface(page)
    page.mouse.click(box["x"] + x, box["y"] + y)


def drag(page: Page, x: float, y: float, width: float, height: float) -> None:
    """A box on the surface."""
    box = surface(page)
    page.mouse.move(box["x"] + x, box["y"] + y)
    page.mouse.down()
    page.mouse.move(box["x"] + x + width, box["y"] + y + height, steps=3)
    page.mouse.up()


def surface(page: Page) -> dict[str, float]:
    """Where the surface is."""
    return page.locator('[data-panel="surface"] [tabindex="0"]').first.bounding_box()


def counted(owner: Client, context: BrowserContext, url: str, flow: str, folder: Path, items: int) -> dict[str, object]:
    """Actions an item of one flow; the first item, on which tools are chosen for good, is told apart."""
    work, files = FLOWS[flow]
    schema = {"karat_schema": 1, "streams": STREAMS[flow], "fields": SCHEMAS[flow]}
    project = owner.create_project(flow, schema=schema)
    project.import_from(files(folder / flow, items)).wait()
    page = context.new_page()
    page.goto(f"{url}/p/{project.id}/label")
    expect(page.locator('[data-panel="surface"] [tabindex="0"]').first).to_be_visible()
    page.evaluate(COUNT)
    each = []
    for number in range(items):
        shown = page.locator(".hd bdi").inner_text()
        before = page.evaluate("() => ({...acts})")
        work(page)
        with page.expect_response(lambda got: got.request.method == "PUT" and "/responses/" in got.url):
            page.keyboard.press("Space")
        after = page.evaluate("() => ({...acts})")
        each.append({key: after[key] - before[key] for key in after})
        if number < items - 1:
            expect(page.locator(".hd bdi")).not_to_have_text(shown)
            expect(page.locator('[data-panel="surface"] [tabindex="0"]').first).to_be_visible()
    page.close()
    said = sum(1 for r in project.responses() if r["state"] == "submitted")
    if said != items:
        raise RuntimeError(f"{flow}: {items} items were worked, {said} were handed in")
    last = each[-1]
    return {"karat": last["keys"] + last["pointer"], **last, "documented": DOCUMENTED[flow]}


def main() -> int:
    """Print the table as JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--items", type=int, default=5)
    parser.add_argument("--chrome", default=shutil.which("chromium") or shutil.which("google-chrome") or "chromium")
    given = parser.parse_args()
    expect.set_options(timeout=60_000)
    with tempfile.TemporaryDirectory(prefix="karat-keys-") as name:
        folder = Path(name)
        with serve(folder / "data") as server, sync_playwright() as playwright:
            owner, cookie = settle_in(server)
            browser = playwright.chromium.launch(executable_path=given.chrome, args=CHROME_ARGS)
            context = browser.new_context(viewport={"width": 1440, "height": 900})
            context.add_cookies([{"name": "karat_session", "value": cookie, "url": server.url}])
            found = {flow: counted(owner, context, server.url, flow, folder, given.items) for flow in FLOWS}
            browser.close()
    print(json.dumps(found, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())

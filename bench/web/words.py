"""How fluid a page of 800 words is: zoom and pan, and from the click on a word to the frame in which it is marked.

    python -m bench.web.words [--words 800] [--marks 40] [--chrome /usr/bin/chromium]

A page of a document with its words, in the product as it is served. Prints one JSON document. `script_ms` is the main
thread's own work for each frame: it hardly depends on what else the machine does, frame times do.
"""

import argparse
import json
import os
import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

from bench.web.frames import CHROME_ARGS, FRAMES, PAINTS, metrics, spent, spread
from bench.web.site import settle_in
from karat.testing.pdf import pdf_of
from karat.testing.server import serve

COLUMNS = 16
WIDE, LINE = 62, 16
"""Points between the beginnings of two words, of which the longest is 48 wide, and between two lines."""
STEPS = 60
SCHEMA = (
    "karat_schema: 1\nstreams: {page: {kind: document}}\n"
    "fields: {words: {kind: span, on: page, labels: {key: {}, value: {}}}}\n"
)


def main() -> int:
    """Print the figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--words", type=int, default=800)
    parser.add_argument("--marks", type=int, default=40)
    parser.add_argument(
        "--chrome", default=os.environ.get("KARAT_CHROME") or shutil.which("chromium") or shutil.which("google-chrome")
    )
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="karat-words-") as name:
        folder = Path(name)
        (folder / "pages").mkdir()
        size = (20 + COLUMNS * WIDE, 20 + (given.words // COLUMNS + 1) * LINE)
        lines: list[tuple[float, float, str]] = [
            (10 + n % COLUMNS * WIDE, size[1] - 20 - n // COLUMNS * LINE, f"word{n}") for n in range(given.words)
        ]
        (folder / "pages" / "page.pdf").write_bytes(pdf_of([lines], size=size))
        with serve(folder / "data") as server, sync_playwright() as playwright:
            owner, cookie = settle_in(server)
            project = owner.create_project("Words", schema=SCHEMA)
            project.import_from(folder / "pages").wait()
            browser = playwright.chromium.launch(executable_path=given.chrome, args=CHROME_ARGS)
            context = browser.new_context(base_url=server.url, viewport={"width": 1440, "height": 900})
            context.add_cookies([{"name": "karat_session", "value": cookie, "url": server.url}])
            page = context.new_page()
            page.goto(f"/p/{project.id}/label")
            page.locator('[data-page="1"] canvas.karat-picture').wait_for(state="attached")
            page.wait_for_timeout(1_000)
            found = {"words": given.words, **moved(page), "mark_ms": spread(marked(page, lines, size, given.marks))}
            browser.close()
    print(json.dumps(found, indent=2))
    return 0


def moved(page: Page) -> dict[str, object]:
    """Frames and script of zooming in and out at the middle of the page, and of scrolling over it."""
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    box = page.locator('[data-page="1"]').bounding_box() or {"x": 0, "y": 0, "width": 0, "height": 0}
    page.mouse.move(box["x"] + box["width"] / 2, min(box["y"] + box["height"] / 2, 600))
    found: dict[str, object] = {}
    for name, held, way in (("zoom", "Control", 60), ("scroll", None, 120)):
        if held:
            page.keyboard.down(held)
        before = metrics(session)
        page.evaluate(FRAMES)
        for step in range(STEPS):
            page.mouse.wheel(0, way if step % 20 < 10 else -way)
        frames = page.evaluate("() => window.stopFrames()")
        after = metrics(session)
        if held:
            page.keyboard.up(held)
        found[name] = {"frame_ms": spread(frames), **spent(before, after, len(frames))}
    return found


def marked(page: Page, lines: list[tuple[float, float, str]], size: tuple[float, float], marks: int) -> list[float]:
    """Milliseconds from releasing the pointer on a word to the frame that shows it marked."""
    page.evaluate(PAINTS, "pointerup")
    page.keyboard.press("t")
    for n in range(marks):
        box = page.locator('[data-page="1"]').bounding_box()
        if box is None:
            raise AssertionError("the page has gone")
        share = box["width"] / size[0]
        x, y, _ = lines[n * 7]
        page.mouse.click(box["x"] + (x + 12) * share, box["y"] + (size[1] - y - 4) * share)
        # The list is a window: its head counts all.
        expect(page.locator(".objects .sh .c")).to_have_text(str(n + 1))
        page.keyboard.press("Escape")
        page.keyboard.press("t")
    found: list[float] = page.evaluate("() => window.paints")
    return found


if __name__ == "__main__":
    sys.exit(main())

"""How fluid a table of 10,000 rows scrolls, and how long an arrow key and the next card take, in the product as it is served.

    python -m bench.web.table [--rows 10000] [--columns 20] [--cards 20] [--chrome /usr/bin/chromium]

Prints one JSON document. `script_ms` is the main thread's own work for each frame: it hardly depends on what else the
machine does, frame times do. `next_card_ms` is from the key that answers a card to the frame in which the next one stands.
"""

import argparse
import json
import os
import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import BrowserContext, sync_playwright

from bench.web.frames import CHROME_ARGS, metrics, spent, spread
from bench.web.site import settle_in
from karat.sdk import Client
from karat.testing.server import serve

FRAMES = 200
TABLE = "karat_schema: 1\nstreams: {sheet: {kind: table}}\nfields:\n  good: {kind: choice, options: {a: {}, b: {}}}\n"
CARDS = "karat_schema: 1\nstreams: {text: {kind: text}}\nfields:\n  good: {kind: choice, options: {a: {}, b: {}}}\nlayout: card\n"

SCROLL = """async (count) => {
  const host = document.querySelector('.table-host'); const frames = []; let last = performance.now()
  for (let i = 0; i < count; i++) {
    host.scrollTop += 400
    await new Promise((done) => requestAnimationFrame(done))
    const now = performance.now(); frames.push(now - last); last = now
  }
  return frames
}"""
NEXT = """async () => {
  const start = performance.now(); const before = document.querySelector('.text-body').textContent
  document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'a', code: 'KeyA', bubbles: true }))
  while (document.querySelector('.text-body')?.textContent === before || !document.querySelector('.text-body')) await new Promise((done) => requestAnimationFrame(done))
  return performance.now() - start
}"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--columns", type=int, default=20)
    parser.add_argument("--cards", type=int, default=20)
    parser.add_argument(
        "--chrome", default=os.environ.get("KARAT_CHROME") or shutil.which("chromium") or shutil.which("google-chrome")
    )
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="karat-table-") as name:
        folder = Path(name)
        with serve(folder / "data") as server, sync_playwright() as playwright:
            owner, cookie = settle_in(server)
            browser = playwright.chromium.launch(executable_path=given.chrome, args=CHROME_ARGS)
            context = browser.new_context(base_url=server.url, viewport={"width": 1440, "height": 900})
            context.add_cookies([{"name": "karat_session", "value": cookie, "url": server.url}])
            found = {
                "table": scrolled(owner, context, folder, given.rows, given.columns),
                "next_card_ms": spread(answered(owner, context, folder, given.cards)),
            }
            browser.close()
    print(json.dumps(found, indent=2))
    return 0


def scrolled(owner: Client, context: BrowserContext, folder: Path, rows: int, columns: int) -> dict[str, object]:
    """Frame times and script of a scroll through a table."""
    cells = [{f"column {k}": (n * 7919 + k * 104729) % 1_000_000 for k in range(columns)} for n in range(rows)]
    (folder / "table.jsonl").write_text(json.dumps({"id": "sheet-1", "sheet": cells}) + "\n", "utf-8")
    project = owner.create_project("Table", schema=TABLE)
    project.import_from(folder / "table.jsonl").wait()
    page = context.new_page()
    page.goto(f"/p/{project.id}/label")
    page.locator(".table-row").first.wait_for()
    session = context.new_cdp_session(page)
    session.send("Performance.enable")
    before = metrics(session)
    frames = page.evaluate(SCROLL, FRAMES)
    after = metrics(session)
    page.close()
    return {"rows": rows, "columns": columns, "frame_ms": spread(frames), **spent(before, after, FRAMES)}


def answered(owner: Client, context: BrowserContext, folder: Path, cards: int) -> list[float]:
    """Milliseconds from the key that answers a card to the next one, with two prefetched."""
    (folder / "cards.csv").write_text("id,text\n" + "".join(f"c{n},Message {n}\n" for n in range(cards + 3)), "utf-8")
    project = owner.create_project("Cards", schema=CARDS)
    project.import_from(folder / "cards.csv").wait()
    page = context.new_page()
    page.goto(f"/p/{project.id}/label")
    page.locator(".card-bar").wait_for()
    times: list[float] = []
    for _ in range(cards):
        page.wait_for_timeout(400)  # as long as a person looks: the next two are claimed meanwhile
        times.append(page.evaluate(NEXT))
    page.close()
    return times


if __name__ == "__main__":
    sys.exit(main())

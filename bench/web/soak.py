"""Items labeled one after the other through the real screen, while the network, the server and the tab go away at random.

    python -m bench.web.soak [--items 2000] [--seed 0] [--chrome /usr/bin/chromium]

One person labels texts (a span, a topic) and pictures (boxes, the weather) by pointer and keys in a headless Chrome, on a
server of their own with SQLite. Now and then the network is cut for some items, the server is killed with -9 and started
again, or the tab crashes in the middle of an edit. In the end the server must hold for each item exactly what was on the
screen when it was handed in, once. In the second half of each leg the tab lives on, and its heap is read after a collection
every 50 items: that is how flat memory is. Prints one JSON document; ends with 1 if anything was lost or doubled.
"""

import argparse
import json
import random
import re
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

import psutil
from playwright.sync_api import BrowserContext, Error, Page, expect, sync_playwright

from bench.web.labeling import CHROME_ARGS
from bench.web.site import WORD, pictures, settle_in, texts
from karat.demo import schemas
from karat.sdk.projects import Project
from karat.testing.server import Process, serve

PATIENCE_MS = 60_000
CUT_FOR = 3
"""Items that are labeled without a network: the open one and the two that wait behind it."""
DOWN_S = 2.0
STEADY_EVERY = 50
expect.set_options(timeout=PATIENCE_MS)
WEATHER_KEYS = {"clear": "7", "overcast": "8", "night": "9"}


@dataclass
class Said:
    """What stood on the screen when an item was handed in."""

    regions: int
    choice: str


@dataclass
class Leg:
    """What one project went through."""

    kind: str
    items: int
    seconds: float = 0.0
    cuts: int = 0
    kills: int = 0
    crashes: int = 0
    edits_after_crash: int = 0
    heap: list[dict[str, float]] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


@dataclass
class Desk:
    """A person's browser on one project."""

    server: Process
    context: BrowserContext
    project: str
    chance: random.Random
    leg: Leg
    mark: Callable[[Page, random.Random], None]
    choices: dict[str, str]
    """Key to the answer's name."""
    page: Page | None = None
    said: dict[str, Said] = field(default_factory=dict)
    cut_until: int = -1
    starting: threading.Thread | None = None

    def label(self) -> None:
        """All items, the first half with every fault, the second half in one tab."""
        began = time.monotonic()
        self.open()
        for number in range(self.leg.items):
            if number == self.cut_until:
                self.context.set_offline(False)
            steady = number >= self.leg.items // 2
            self.one(self.fault(number, steady=steady))
            if steady and number % STEADY_EVERY == 0:
                self.leg.heap.append({"item": number, **heap(self.context, self.page)})
        self.context.set_offline(False)
        self.settle()
        expect(self.page.locator(".save")).to_have_text("Saved", timeout=PATIENCE_MS)
        self.leg.seconds = round(time.monotonic() - began, 1)

    def open(self) -> None:
        """A new tab on the queue."""
        self.page = self.context.new_page()
        self.page.set_default_timeout(PATIENCE_MS)
        self.page.goto(f"{self.server.url}/p/{self.project}/label")

    def fault(self, number: int, *, steady: bool) -> str:
        """What goes wrong at this item, if anything; the last items arrive in peace."""
        if number < self.cut_until or self.starting is not None or number > self.leg.items - 2 * CUT_FOR:
            self.settle(wait=False)
            return ""
        drawn = self.chance.random()
        if drawn < 0.01:
            self.leg.cuts += 1
            self.cut_until = number + CUT_FOR
            self.context.set_offline(True)
        elif drawn < 0.02:
            self.leg.kills += 1
            self.server.kill()
            self.starting = threading.Thread(target=self.start)
            self.starting.start()
        elif drawn < 0.03 and not steady:
            return "crash"
        return ""

    def start(self) -> None:
        """The server comes back after a while."""
        time.sleep(DOWN_S)
        self.server.start()

    def settle(self, *, wait: bool = True) -> None:
        """The server is back, if it was away."""
        if self.starting is not None and (wait or not self.starting.is_alive()):
            self.starting.join()
            self.starting = None

    def one(self, fault: str) -> None:
        """Label the item that is open and hand it in."""
        item = self.item()
        self.mark(self.page, self.chance)
        key, name = self.chance.choice(sorted(self.choices.items()))
        self.page.keyboard.press(key)
        expect(self.page.get_by_role("radio", name=name, exact=True)).to_be_checked()
        words = self.words()
        if fault == "crash":
            self.crash(item, words, name)
        self.said[item] = Said(len(words), name.lower())
        self.page.keyboard.press("Space")
        expect(self.page.get_by_text(f"item {item}", exact=True)).to_have_count(0)

    def crash(self, item: str, words: list[str], name: str) -> None:
        """The tab dies in the middle of the edit; a new one must show it again."""
        self.leg.crashes += 1
        time.sleep(0.2)
        with suppress(Error):
            self.page.goto("chrome://crash", timeout=2000)
        self.page.close()
        self.open()
        if self.item() != item:
            self.leg.wrong.append(f"{item}: another item was open after the tab crashed")
        expect(self.page.get_by_role("radio", name=name, exact=True)).to_be_checked()
        found = self.words()
        self.leg.edits_after_crash += len(found)
        if found != words:
            self.leg.wrong.append(f"{item}: {words} before the tab crashed, {found} after it")

    def item(self) -> str:
        """The first letters of the open item's id, once its surface is there."""
        surface = self.page.locator('[data-panel="surface"] [tabindex="0"]').first
        expect(surface.or_(self.page.get_by_text("Still waiting for the server."))).to_be_visible()
        if not surface.is_visible():  # fewer items had been fetched ahead
            self.context.set_offline(False)
        expect(surface).to_be_visible()
        return self.page.locator(".hd bdi").inner_text().removeprefix("item ")

    def words(self) -> list[str]:
        """The annotations as the side panel lists them."""
        return sorted(re.sub(r"\s+", " ", text) for text in self.page.locator(".ob").all_inner_texts())


def heap(context: BrowserContext, page: Page) -> dict[str, float]:
    """What the tab holds after a collection."""
    session = context.new_cdp_session(page)
    session.send("HeapProfiler.collectGarbage")
    used = session.send("Runtime.getHeapUsage")["usedSize"]
    session.send("Performance.enable")
    metrics = {m["name"]: m["value"] for m in session.send("Performance.getMetrics")["metrics"]}
    session.detach()
    return {"heap_mb": round(used / 1e6, 2), "nodes": metrics["Nodes"], "listeners": metrics["JSEventListeners"]}


def mark_text(page: Page, chance: random.Random) -> None:
    """A word becomes a span."""
    before = page.locator(".ob").count()
    left, right, y = page.evaluate(WORD, chance.randrange(3))
    page.mouse.dblclick((left + right) / 2, y)
    expect(page.locator(".ob")).to_have_count(before + 1)


def mark_picture(page: Page, chance: random.Random) -> None:
    """One to three boxes."""
    box = page.locator('[data-panel="surface"] [tabindex="0"]').first.bounding_box()
    for number in range(chance.randint(1, 3)):
        page.keyboard.press("b")
        # Side by side: where a shape is, a drag moves it.
        x, y = box["x"] + 150 + 200 * number + chance.uniform(0, 60), box["y"] + chance.uniform(150, 450)
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x + chance.uniform(30, 120), y + chance.uniform(30, 120), steps=3)
        page.mouse.up()
        expect(page.locator(".ob")).to_have_count(number + 1)


def main() -> int:
    """Run both legs; 1 if anything was lost or doubled."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--items", type=int, default=2000, help="half of them texts, half pictures")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--chrome", default=shutil.which("chromium") or shutil.which("google-chrome") or "chromium")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="karat-soak-") as name:
        folder = Path(name)
        with serve(folder / "data") as server, sync_playwright() as playwright:
            owner, cookie = settle_in(server)
            browser = playwright.chromium.launch(executable_path=given.chrome, args=CHROME_ARGS)
            legs = []
            for kind, mark, choices, files in LEGS:
                count = given.items // 2
                project = owner.create_project(kind, schema=SCHEMAS[kind])
                project.import_from(files(folder / kind, count)).wait()
                context = browser.new_context(viewport={"width": 1440, "height": 900})
                context.add_cookies([{"name": "karat_session", "value": cookie, "url": server.url}])
                chance = random.Random(f"{given.seed} {kind}")
                desk = Desk(server, context, project.id, chance, Leg(kind, count), mark, choices)
                desk.label()
                desk.leg.wrong += compared(project, desk.said, count)
                context.close()
                legs.append(desk.leg)
            memory = round(psutil.Process(server.pid).memory_info().rss / 1e6)
            browser.close()
    print(json.dumps({"legs": [asdict(leg) for leg in legs], "server_rss_mb": memory}, indent=2))
    return 1 if any(leg.wrong for leg in legs) else 0


def compared(project: Project, said: dict[str, Said], count: int) -> list[str]:
    """Where what the server holds is not what was on the screen."""
    held: dict[str, list[Said]] = {}
    for response in project.responses():
        if response["state"] == "submitted":
            held.setdefault(response["item"][:8], []).append(said_in(response["annotations"]))
    wrong = [f"{count - len(said)} items were never shown"] if len(said) != count else []
    for item in sorted(held.keys() | said.keys()):
        if held.get(item) != [said.get(item)]:
            wrong.append(f"{item}: {said.get(item)} on the screen, {held.get(item)} on the server")
    return wrong


def said_in(annotations: Sequence[dict[str, object]]) -> Said:
    """The same of what the server holds."""
    choices = [str(a["value"]) for a in annotations if a["kind"] == "choice"]
    return Said(sum(a["kind"] in ("span", "box") for a in annotations), ", ".join(choices))


SCHEMAS = {
    "texts": schemas.MESSAGES,
    "pictures": re.sub(r"(clear|overcast|night): {", lambda m: f'{m[0]}key: "{WEATHER_KEYS[m[1]]}", ', schemas.STREET),
}
Files = Callable[[Path, int], Path]
LEGS: Sequence[tuple[str, Callable[[Page, random.Random], None], dict[str, str], Files]] = (
    ("texts", mark_text, {"q": "Delivery", "w": "Refund", "e": "Damage", "r": "Question"}, texts),
    ("pictures", mark_picture, {"7": "Clear", "8": "Overcast", "9": "Night"}, pictures),
)

if __name__ == "__main__":
    sys.exit(main())

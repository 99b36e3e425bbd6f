"""A person's browser on a labeling project: works items by pointer and keys while things go away, and knows what stood on the screen."""

import json
import random
import re
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

import psutil
from playwright.sync_api import BrowserContext, Error, Page, expect

from bench.web.site import WORD
from karat.testing.server import Process

PATIENCE_MS = 240_000
CUT_FOR = 3
"""Items that are labeled without a network: the open one and the two that wait behind it."""
DOWN_S = 2.0
STEADY_EVERY = 50
TELL_EVERY = 100
SURFACE = '[data-panel="surface"] :is(.text-words, .canvas-host)'
AWAY = '[data-panel="surface"] :is(.waiting, .broken)'
"""What stands in the place of a text or a picture that has not arrived."""
expect.set_options(timeout=PATIENCE_MS)


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
    done: int = 0
    seconds: float = 0.0
    cuts: int = 0
    kills: int = 0
    crashes: int = 0
    edits_after_crash: int = 0
    late: int = 0
    """Items whose text or picture had not arrived when they were opened, and came by themselves."""
    heap: list[dict[str, float]] = field(default_factory=list)
    grown: dict[str, float] = field(default_factory=dict)
    """Megabytes by which the tab's heap grew over the second half, by what they are: objects are ours, code is what the
    browser compiled, native its own."""
    server_rss_mb: int = 0
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
    rate: float = 0.01
    """How often each kind of fault comes: at this share of the items."""
    page: Page | None = None
    said: dict[str, Said] = field(default_factory=dict)
    cut_until: int = -1
    starting: threading.Thread | None = None
    parts: dict[str, float] = field(default_factory=dict)

    def label(self) -> None:
        """All items, the first half with every fault, the second half in one tab."""
        began = time.monotonic()
        try:
            self.open()
            self.item()
            for number in range(self.leg.items):
                self.next(number, steady=number >= self.leg.items // 2)
                self.leg.seconds = round(time.monotonic() - began, 1)
                if self.leg.done % TELL_EVERY == 0:
                    print(self.told(), file=sys.stderr, flush=True)
            self.context.set_offline(False)
            self.settle()
            expect(self.page.locator(".save")).to_have_text("Saved", timeout=PATIENCE_MS)
        finally:
            self.settle()

    def next(self, number: int, *, steady: bool) -> None:
        """One item, with what goes wrong at it."""
        if number == self.cut_until:
            self.context.set_offline(False)
        self.one(self.fault(number, steady=steady))
        self.leg.done = number + 1
        if steady and number % STEADY_EVERY == 0:
            self.leg.heap.append({"item": number, **heap(self.context, self.page)})
        if number in (self.leg.items // 2, self.leg.items - 1):
            was, self.parts = self.parts, parts_of_heap(self.context, self.page)
            self.leg.grown = {key: round(value - was.get(key, 0.0), 2) for key, value in self.parts.items() if was}

    def told(self) -> str:
        """How far it is."""
        leg = self.leg
        faults = f"{leg.cuts} cuts, {leg.kills} kills, {leg.crashes} crashes, {leg.late} late, {len(leg.wrong)} wrong"
        return f"{leg.kind}: {leg.done} of {leg.items} after {leg.seconds:.0f} s; {faults}; {leg.heap[-1:]}"

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
        if drawn < self.rate:
            self.leg.cuts += 1
            self.cut_until = number + CUT_FOR
            self.context.set_offline(True)
        elif drawn < 2 * self.rate:
            self.leg.kills += 1
            self.server.kill()
            self.starting = threading.Thread(target=self.start)
            self.starting.start()
        elif drawn < 3 * self.rate and not steady:
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
        """The first letters of the open item's id, once it can be worked on."""
        surface = self.page.locator(SURFACE).first
        away = self.page.locator(AWAY).first
        # What was fetched ahead is there at once; for the rest the network must be back.
        expect(surface.or_(away).first).to_be_visible()
        if away.is_visible():
            self.leg.late += 1
            self.context.set_offline(False)
        expect(away).to_be_hidden()
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
    return {
        "heap_mb": round(used / 1e6, 2),
        "tab_rss_mb": tab_rss_mb(),
        "nodes": metrics["Nodes"],
        "listeners": metrics["JSEventListeners"],
    }


def tab_rss_mb() -> int:
    """Megabytes of the browser's largest page process: decoded pictures lie outside of the heap."""
    sizes = [0]
    for process in psutil.Process().children(recursive=True):
        with suppress(psutil.Error):
            if "--type=renderer" in process.cmdline():
                sizes.append(process.memory_info().rss)
    return round(max(sizes) / 1e6)


def parts_of_heap(context: BrowserContext, page: Page) -> dict[str, float]:
    """Megabytes of a heap snapshot that are objects of the page, code, and the browser's own."""
    chunks: list[str] = []
    session = context.new_cdp_session(page)
    session.on("HeapProfiler.addHeapSnapshotChunk", lambda event: chunks.append(event["chunk"]))
    session.send("HeapProfiler.collectGarbage")
    session.send("HeapProfiler.takeHeapSnapshot", {"reportProgress": False})
    session.detach()
    snapshot = json.loads("".join(chunks))
    meta = snapshot["snapshot"]["meta"]
    fields, types = meta["node_fields"], meta["node_types"][0]
    nodes, step = snapshot["nodes"], len(fields)
    sizes = dict.fromkeys(("objects", "code", "native"), 0.0)
    for kind, size in zip(nodes[fields.index("type") :: step], nodes[fields.index("self_size") :: step], strict=True):
        sizes[types[kind] if types[kind] in sizes else "objects"] += size / 1e6
    return sizes


def mark_text(page: Page, chance: random.Random) -> None:
    """A word becomes a span."""
    before = page.locator(".ob").count()
    left, right, y = page.evaluate(WORD, chance.randrange(3))
    page.mouse.dblclick((left + right) / 2, y)
    expect(page.locator(".ob")).to_have_count(before + 1)


def mark_picture(page: Page, chance: random.Random) -> None:
    """One to three boxes."""
    box = page.locator(SURFACE).first.bounding_box()
    for number in range(chance.randint(1, 3)):
        page.keyboard.press("b")
        # Side by side: where a shape is, a drag moves it.
        x, y = box["x"] + 150 + 200 * number + chance.uniform(0, 60), box["y"] + chance.uniform(150, 450)
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x + chance.uniform(30, 120), y + chance.uniform(30, 120), steps=3)
        page.mouse.up()
        expect(page.locator(".ob")).to_have_count(number + 1)

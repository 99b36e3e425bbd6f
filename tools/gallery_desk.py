"""A labeling screen that the gallery works at: drags, clicks and keys on pictures, texts and pages."""

import json
import re
from collections.abc import Callable, Sequence
from typing import Any

from playwright.sync_api import Page, Request, expect

# Where a word of the text lies on the screen.
WHERE = """(word) => {
  const nodes = [...document.querySelectorAll('[data-panel="surface"] .text-words, .text-words')]
  for (const top of nodes) {
    const walk = document.createTreeWalker(top, NodeFilter.SHOW_TEXT)
    for (let node = walk.nextNode(); node; node = walk.nextNode()) {
      const at = node.data.indexOf(word)
      if (at < 0) continue
      const range = document.createRange()
      range.setStart(node, at)
      range.setEnd(node, at + word.length)
      const box = range.getBoundingClientRect()
      return [box.left, box.right, box.top + box.height / 2]
    }
  }
}"""
Annotation = dict[str, Any]
Point = tuple[float, float]
# Room around a fitted picture, at its foot for the bars, and at its head where there are tools that paint.
AIR, FOOT, HEAD = 12, 88, 60
HAND_MS = 100


class Desk:
    """A page of the browser with an item open, whose picture has so many pixels.

    Places of a sheet are in widths of it, from its upper left; places of a picture are its pixels.
    """

    def __init__(self, page: Page, size: Point) -> None:
        self.page = page
        self.size = size
        self.head = AIR
        self.told: dict[str, Annotation] = {}
        page.on("request", self._hear)

    def _hear(self, request: Request) -> None:
        if request.method == "PATCH" and request.url.endswith("/draft"):
            for op in json.loads(request.post_data or "{}")["ops"]:
                if op["op"] == "put":
                    self.told[op["annotation"]["id"]] = op["annotation"]

    def press(self, *keys: str) -> None:
        """Keys, one after the other."""
        for key in keys:
            self.page.keyboard.press(key)

    def at(self, x: float, y: float) -> Point:
        """A pixel of the picture on the screen, while the whole picture is in sight."""
        box = self.page.get_by_role("application").bounding_box()
        if box is None:
            raise AssertionError("the picture was shown before")
        width, height = box["width"] - 2 * AIR, box["height"] - self.head - FOOT
        scale = min(width / self.size[0], height / self.size[1], 4)
        return (
            box["x"] + round(AIR + (width - self.size[0] * scale) / 2) + x * scale,
            box["y"] + round(self.head + (height - self.size[1] * scale) / 2) + y * scale,
        )

    def clicks(self, places: Sequence[Point]) -> None:
        """A click on each of these pixels."""
        for place in places:
            self.page.mouse.move(*self.at(*place))
            self.page.mouse.down()
            self.page.mouse.up()

    def page_drag(self, start: Point, end: Point) -> None:
        """From one place of the first page to another."""
        self._drag(self.on_page(*start), self.on_page(*end))

    def on_page(self, x: float, y: float) -> Point:
        """A place of the first page on the screen."""
        box = self.page.locator('[data-page="1"]:not([aria-busy])').bounding_box()
        if box is None:
            raise AssertionError("the first page was shown before")
        return box["x"] + x * box["width"], box["y"] + y * box["width"]

    def _drag(self, start: Point, end: Point) -> None:
        # As slow as a hand: what a key did has to be on the screen before.
        self.page.mouse.move(*start)
        self.page.wait_for_timeout(HAND_MS)
        self.page.mouse.down()
        self.page.mouse.move(*end, steps=5)
        self.page.wait_for_timeout(HAND_MS)
        self.page.mouse.up()

    def double(self, word: str) -> None:
        """A double click on a word."""
        left, right, y = self._word(word)
        self.page.mouse.dblclick((left + right) / 2, y)

    def over(self, word: str) -> None:
        """A drag over a word, or a part of one."""
        left, right, y = self._word(word)
        self._drag((left + 1, y), (right - 1, y))

    def click(self, word: str) -> None:
        """A click on a word."""
        left, right, y = self._word(word)
        self.page.mouse.click((left + right) / 2, y)

    def _word(self, word: str) -> tuple[float, float, float]:
        expect(self.page.locator(".text-words").filter(has_text=word).first).to_be_attached()
        found = self.page.evaluate(WHERE, word)
        if found is None:
            raise AssertionError(f"{word!r} is not on the screen")
        left, right, y = found
        return float(left), float(right), float(y)

    def says(self, what: str) -> None:
        """Waits until the screen says it."""
        expect(self.page.locator("body")).to_contain_text(re.compile(what))

    def edited(self, new: Callable[[list[Annotation]], list[Annotation]]) -> list[Annotation]:
        """What the server was last told of each annotation that was made or changed, once it has been told."""
        for _ in range(200):
            if new(list(self.told.values())):
                # Of what is done to many in one step, all is told at once.
                expect(self.page.get_by_text("Saved", exact=True).first).to_be_visible()
                return new(list(self.told.values()))
            self.page.wait_for_timeout(50)
        raise AssertionError("no edit reached the server")

"""A labeling screen that the gallery works at: drags, clicks and keys on texts and pages."""

import json
import re
from collections.abc import Callable
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
      return [box.left + box.width / 2, box.top + box.height / 2]
    }
  }
}"""
Annotation = dict[str, Any]


class Desk:
    """A page of the browser with an item open; places of a sheet are in widths of it, from its upper left."""

    def __init__(self, page: Page) -> None:
        self.page = page
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

    def page_drag(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        """From one place of the first page to another."""
        self._drag(self.on_page(*start), self.on_page(*end))

    def on_page(self, x: float, y: float) -> tuple[float, float]:
        """A place of the first page on the screen."""
        box = self.page.locator('[data-page="1"]').bounding_box()
        if box is None:
            raise AssertionError("the first page was shown before")
        return box["x"] + x * box["width"], box["y"] + y * box["width"]

    def _drag(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        self.page.mouse.move(*start)
        self.page.mouse.down()
        self.page.mouse.move(*end, steps=5)
        self.page.mouse.up()

    def double(self, word: str) -> None:
        """A double click on a word."""
        self.page.mouse.dblclick(*self._word(word))

    def click(self, word: str) -> None:
        """A click on a word."""
        self.page.mouse.click(*self._word(word))

    def _word(self, word: str) -> tuple[float, float]:
        expect(self.page.locator(".text-words").filter(has_text=word).first).to_be_attached()
        found = self.page.evaluate(WHERE, word)
        if found is None:
            raise AssertionError(f"{word!r} is not on the screen")
        return float(found[0]), float(found[1])

    def says(self, what: str) -> None:
        """Waits until the screen says it."""
        expect(self.page.locator("body")).to_contain_text(re.compile(what))

    def edited(self, new: Callable[[Annotation], bool]) -> list[Annotation]:
        """What the server was last told of each annotation that was made or changed, once it has been told."""
        for _ in range(200):
            if found := [one for one in self.told.values() if new(one)]:
                # Of what is done to many in one step, all is told at once.
                expect(self.page.get_by_text("Saved", exact=True).first).to_be_visible()
                return found
            self.page.wait_for_timeout(50)
        raise AssertionError("no edit reached the server")

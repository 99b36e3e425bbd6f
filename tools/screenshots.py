"""Draws the README's pictures from a fresh demo: `python tools/screenshots.py` writes docs/images."""

import importlib.util
import shutil
import sys
import tempfile
from pathlib import Path
from types import ModuleType

from PIL import Image
from playwright.sync_api import Page, expect, sync_playwright

from karat.demo.pictures import Scene, scene

ROOT = Path(__file__).parents[1]
IMAGES = ROOT / "docs" / "images"
# A scene of many things, none of them at the edge of the picture.
NUMBER = 14
LABELS = ("car", "bus", "person", "bicycle")


def main() -> int:
    """Start a demo, label a picture, look at a project; two files are the result."""
    tests = browser_tests()
    chrome = shutil.which("chromium") or shutil.which("google-chrome")
    if chrome is None:
        sys.exit("The pictures need a Chrome: sudo apt-get install chromium")
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chrome, args=tests.FLAGS)
        house = tests.House(Path(folder) / "demo" / "data", browser, command="demo").start().claim()
        try:
            page = house.context(house.owner, color_scheme="light").new_page()
            street, messages = house.client.project("Street objects"), house.client.project("Shop messages")
            drawn = scene(NUMBER)
            item = next(i for i in street.items() if i["key"] == drawn.name)
            page.goto(f"/p/{street.id}/label/{item['id']}")
            label(page, drawn)
            keep(page, "label-image")
            page.goto(f"/p/{messages.id}")
            expect(page.get_by_text("Most disagreed on")).to_be_visible()
            expect(page.locator(".sk:visible")).to_have_count(0)
            keep(page, "project-home")
        finally:
            house.stop()
            browser.close()
    return 0


def browser_tests() -> ModuleType:
    """The browser tests' own house: a server with its owner signed in."""
    spec = importlib.util.spec_from_file_location("browser_tests", ROOT / "web" / "e2e" / "conftest.py")
    if spec is None or spec.loader is None:
        raise AssertionError("web/e2e/conftest.py is part of the source")
    found = importlib.util.module_from_spec(spec)
    sys.modules["browser_tests"] = found
    spec.loader.exec_module(found)
    return found


def label(page: Page, drawn: Scene) -> None:
    """Box every thing on the picture, answer the question, and select the largest car."""
    surface = page.get_by_role("application")
    expect(surface).to_be_focused()
    scale, left, top = camera(page)
    for number, thing in enumerate(drawn.things, start=1):
        page.keyboard.press(str(LABELS.index(thing.label) + 1))
        page.mouse.move(left + thing.left * scale, top + thing.top * scale)
        page.mouse.down()
        page.mouse.move(left + thing.right * scale, top + thing.bottom * scale, steps=5)
        page.mouse.up()
        expect(page.locator(".ob")).to_have_count(number)
        page.keyboard.press("Escape")
    page.get_by_role("radio", name=drawn.weather.capitalize()).click()
    cars = [n for n, thing in enumerate(drawn.things) if thing.label == "car"]
    largest = max(cars, key=lambda n: drawn.things[n].right - drawn.things[n].left)
    page.locator(".ob button.pick").nth(largest).click()
    page.mouse.move(5, 895)


def camera(page: Page) -> tuple[float, float, float]:
    """How the picture lies on the window: it is fitted into the surface, with room at the foot for the bars."""
    box = page.get_by_role("application").bounding_box()
    if box is None:
        raise AssertionError("the surface was just focused")
    width, height = box["width"] - 24, box["height"] - 12 - 88
    scale = min(width / 1280, height / 800)
    return scale, box["x"] + 12 + (width - 1280 * scale) / 2, box["y"] + 12 + (height - 800 * scale) / 2


def keep(page: Page, name: str) -> None:
    """A screenshot, packed tightly."""
    path = IMAGES / f"{name}.png"
    page.screenshot(path=str(path))
    with Image.open(path) as taken:
        taken.convert("RGB").save(path, optimize=True)
    print(f"{path.relative_to(ROOT)}  {path.stat().st_size // 1024} KiB")


if __name__ == "__main__":
    sys.exit(main())

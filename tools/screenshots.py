"""Makes the README's pictures from a fresh demo: `python tools/screenshots.py` (needs a Chrome)."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from karat.demo.pictures import scene

ROOT = Path(__file__).parents[1]
IMAGES = ROOT / "docs" / "images"
PORT = 8079
KEYS = {"car": "1", "bus": "2", "person": "3", "bicycle": "4"}
# Where the picture stands in a window of 1440 x 900, and how many of the window's pixels one of its own takes.
LEFT, TOP, SCALE = 56, 81, 0.878


def main() -> int:
    """Start a demo, walk through it and keep the pictures."""
    chrome = os.environ.get("KARAT_CHROME") or shutil.which("chromium") or shutil.which("google-chrome")
    with tempfile.TemporaryDirectory() as folder:
        karat = Path(sys.executable).parent / "karat"
        process = subprocess.Popen([karat, "demo", "--data", folder, "--port", str(PORT)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        try:
            link = first_link(process)
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=chrome, args=["--no-sandbox", "--disable-gpu"])
                walk(browser.new_page(viewport={"width": 1440, "height": 900}), link)
        finally:
            process.terminate()
            process.wait()
    return 0


def first_link(process: "subprocess.Popen[str]") -> str:
    """The one-time link that the demo prints, once it is ready."""
    found = ""
    for line in process.stdout or ():
        link = re.search(r"http://127\.0\.0\.1:\d+/links/\S+", line)
        found = link[0] if link else found
        if "Ctrl+C" in line:
            return found
    raise RuntimeError("the demo ended before it was ready")


def walk(page: Page, link: str) -> None:
    """Sign in, keep the project's home, draw a few boxes and keep the labeling screen."""
    page.goto(link)
    page.get_by_role("button", name="Continue").click()
    page.locator("input[type=text]").fill("Lena Roth")
    page.locator("input[type=email]").fill("lena@example.org")
    page.locator("input[type=password]").fill("correct horse battery")
    page.keyboard.press("Enter")
    page.get_by_role("main").get_by_text("Street objects").click()
    page.get_by_text("Who agrees with whom").wait_for()
    keep(page, "project-home")
    page.goto(f"{page.url}/label")
    page.get_by_text("They appear as you draw.").wait_for()
    page.wait_for_load_state("networkidle")
    number = re.search(r"street-(\d+)", page.inner_text("header"))
    assert number is not None
    for thing in scene(int(number[1])).things:
        left, right = (LEFT + x * SCALE for x in (thing.left, thing.right))
        top, bottom = (TOP + y * SCALE for y in (thing.top, thing.bottom))
        page.keyboard.press("b")
        page.mouse.move(left, top)
        page.mouse.down()
        page.mouse.move((left + right) / 2, bottom, steps=4)
        page.mouse.move(right, bottom, steps=4)
        page.mouse.up()
        page.keyboard.press(KEYS[thing.label])
    page.mouse.move(700, 840)
    keep(page, "label-image")


def keep(page: Page, name: str) -> None:
    """A small PNG of what the page shows once it is at rest."""
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(500)
    IMAGES.mkdir(parents=True, exist_ok=True)
    path = IMAGES / f"{name}.png"
    page.screenshot(path=str(path))
    Image.open(path).convert("RGB").save(path, optimize=True)
    print(f"{path.relative_to(ROOT)}: {path.stat().st_size // 1024} KB")


if __name__ == "__main__":
    sys.exit(main())

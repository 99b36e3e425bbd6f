"""How much of the front end each page loads before it can be worked with, and the largest parts that come only when asked for.

    python -m bench.web.bundles [--chrome /usr/bin/chromium]

Opens pages in a browser that has nothing of them, on a server in a folder of its own, and adds up the scripts and styles
that were asked for until the page stands, as gzip of their own bytes. Prints one JSON document, in KiB.
"""

import argparse
import gzip
import json
import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, expect, sync_playwright

import karat.server
from bench.web.frames import CHROME_ARGS
from bench.web.site import chats, pictures, settle_in, texts
from karat.demo import schemas
from karat.testing.server import serve

STATIC = Path(karat.server.__file__).parent / "static"
SURFACE = '[data-panel="surface"] [tabindex="0"]'
LARGEST = 8
COMPARING = {
    "karat_schema": 1,
    "streams": {"prompt": {"kind": "text"}, "answers": {"kind": "candidates"}},
    "fields": {"better": {"kind": "ranking", "on": "answers", "pairwise": True}},
}


def main() -> int:
    """Print the sizes as JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--chrome", default=shutil.which("chromium") or shutil.which("google-chrome") or "chromium")
    given = parser.parse_args()
    expect.set_options(timeout=60_000)
    with tempfile.TemporaryDirectory(prefix="karat-bundles-") as name:
        folder = Path(name)
        with serve(folder / "data") as server, sync_playwright() as playwright:
            owner, cookie = settle_in(server)
            made = {
                "image": (schemas.STREET, pictures(folder / "pictures", 2)),
                "text": (schemas.MESSAGES, texts(folder / "texts", 2)),
                "answers": (COMPARING, chats(folder / "chats", 2)),
            }
            routes = {"sign in": ("/", "button"), "my work": ("/", "main a")}
            for kind, (schema, files) in made.items():
                project = owner.create_project(kind, schema=schema)
                project.import_from(files).wait()
                routes[f"labeling, {kind}"] = (f"/p/{project.id}/label", SURFACE)
            browser = playwright.chromium.launch(executable_path=given.chrome, args=CHROME_ARGS)
            found = {
                route: loaded(browser, server.url, path, shown, None if route == "sign in" else cookie)
                for route, (path, shown) in routes.items()
            }
            browser.close()
    eager = {name for names in found.values() for name in names}
    late = {p.name: size(p.name) for p in (STATIC / "assets").iterdir() if p.name not in eager and p.suffix == ".js"}
    largest = dict(sorted(late.items(), key=lambda part: -part[1])[:LARGEST])
    print(json.dumps({"routes": {r: round(sum(map(size, n)), 1) for r, n in found.items()}, "late": largest}, indent=2))
    return 0


def loaded(browser: Browser, url: str, path: str, shown: str, cookie: str | None) -> list[str]:
    """The scripts and styles that a page asks for until it shows what it is about."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    if cookie is not None:
        context.add_cookies([{"name": "karat_session", "value": cookie, "url": url}])
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(url + path)
    expect(page.locator(shown).first).to_be_visible()
    context.close()
    return sorted({address.rsplit("/", 1)[1] for address in asked if "/assets/" in address})


def size(name: str) -> float:
    """KiB of a file of the front end as it travels."""
    return round(len(gzip.compress((STATIC / "assets" / name).read_bytes(), 9)) / 1024, 1)


if __name__ == "__main__":
    sys.exit(main())

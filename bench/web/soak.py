"""Items labeled one after the other through the real screen, while the network, the server and the tab go away at random.

    python -m bench.web.soak [--items 2000] [--seed 0] [--rate 0.01] [--only texts] [--shots FOLDER] [--chrome /usr/bin/chromium]

One person labels texts (a span, a topic) and pictures (boxes, the weather) by pointer and keys in a headless Chrome, on a
server of their own with SQLite. Now and then the network is cut for some items, the server is killed with -9 and started
again, or the tab crashes in the middle of an edit. In the end the server must hold for each item exactly what was on the
screen when it was handed in, once. In the second half of each leg the tab lives on, and its heap is read after a collection
every 50 items: that is how flat memory is. Tells every 100 items how far it is, and prints one JSON document; ends with 1
if anything was lost or doubled, or if it broke off, which the document says beside what had been found by then.
"""

import argparse
import json
import random
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil
from playwright.sync_api import Error, Page, sync_playwright

from bench.web.desk import Desk, Leg, Said, mark_picture, mark_text
from bench.web.frames import CHROME_ARGS
from bench.web.site import pictures, settle_in, texts
from karat.demo import schemas
from karat.sdk.projects import Project
from karat.testing.server import serve

WEATHER_KEYS = {"clear": "7", "overcast": "8", "night": "9"}


def main() -> int:
    """Run both legs; 1 if anything was lost or doubled."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--items", type=int, default=2000, help="half of them texts, half pictures")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--rate", type=float, default=0.01, help="share of the items at which each kind of fault comes")
    parser.add_argument("--only", choices=[leg.kind for leg in LEGS], help="one half of the items alone")
    parser.add_argument("--shots", type=Path, help="a folder for the screen as it was when a run broke off")
    parser.add_argument("--chrome", default=shutil.which("chromium") or shutil.which("google-chrome") or "chromium")
    given = parser.parse_args()
    found: dict[str, object] = {"items": given.items, "seed": given.seed, "rate": given.rate}
    legs: list[Leg] = []
    with tempfile.TemporaryDirectory(prefix="karat-soak-") as name:
        folder = Path(name)
        with serve(folder / "data") as server, sync_playwright() as playwright:
            owner, cookie = settle_in(server)
            browser = playwright.chromium.launch(executable_path=given.chrome, args=CHROME_ARGS)
            for task in [task for task in LEGS if given.only in (None, task.kind)]:
                count = given.items // 2
                project = owner.create_project(task.kind, schema=task.schema)
                project.import_from(task.files(folder / task.kind, count)).wait()
                context = browser.new_context(viewport={"width": 1440, "height": 900})
                context.add_cookies([{"name": "karat_session", "value": cookie, "url": server.url}])
                chance = random.Random(f"{given.seed} {task.kind}")
                leg = Leg(task.kind, count)
                legs.append(leg)
                desk = Desk(server, context, project.id, chance, leg, task.mark, task.choices, given.rate)
                try:
                    desk.label()
                    leg.wrong += compared(project, desk.said, count)
                except (AssertionError, Error) as error:
                    leg.wrong.append(f"broke off at item {leg.done}: {error}")
                    if given.shots is not None and desk.page is not None:
                        desk.page.screenshot(path=given.shots / f"{task.kind}-{given.seed}.png")
                context.close()
                leg.server_rss_mb = round(psutil.Process(server.pid).memory_info().rss / 1e6)
            browser.close()
    print(json.dumps({**found, "legs": [asdict(leg) for leg in legs]}, indent=2))
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


@dataclass(frozen=True)
class Task:
    """What one half of the items is."""

    kind: str
    schema: str
    files: Callable[[Path, int], Path]
    mark: Callable[[Page, random.Random], None]
    choices: dict[str, str]
    """Key to the answer's name."""


STREET = re.sub(r"(clear|overcast|night): {", lambda m: f'{m[0]}key: "{WEATHER_KEYS[m[1]]}", ', schemas.STREET)
TOPICS = {"q": "Delivery", "w": "Refund", "e": "Damage", "r": "Question"}
WEATHER = {key: name.capitalize() for name, key in WEATHER_KEYS.items()}
LEGS = (
    Task("texts", schemas.MESSAGES, texts, mark_text, TOPICS),
    Task("pictures", STREET, pictures, mark_picture, WEATHER),
)

if __name__ == "__main__":
    sys.exit(main())

"""Pay of a project of a million responses: computing a period, its memory by items, and every page of pay.

    python -m bench.pay [--items 333334] [--database sqlite|postgresql|both] [--rounds 30] [--data DIR]

Builds what `bench.dashboards` does, three answers of forty people to each item over twelve weeks, with reviews of a tenth,
and takes back one answer in a hundred; then puts a formula with every part in force and computes the one period of it all,
first of a tenth of the items and then of all: wall clock, CPU of the server and of PostgreSQL, and how far the process's
memory grew meanwhile, by item. Then a draft that was computed is verified, and each page is asked for over HTTP.
"""

import argparse
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
from litestar.testing import TestClient

from bench.claim_submit import percentile
from bench.dashboards import BUDGET_MS, FIRST, ORIGIN, build
from bench.dashboards import _place as placed
from bench.workbench import cpu_s, noise
from karat.server.app import create_app
from karat.server.database import Tx, connect
from karat.server.settings import Settings

FORMULA = {
    "per_hour": 1200,
    "per_100": 300,
    "difficulty": [{"from": 1.5, "percent": 125}],
    "accuracy": {
        "days": 90,
        "steps": [{"from": 0, "percent": 90}, {"from": 0.7, "percent": 100}, {"from": 0.9, "percent": 115}],
    },
    "consistency": {
        "steps": [{"from": 0, "percent": 95}, {"from": 0.6, "percent": 100}, {"from": 0.9, "percent": 110}]
    },
    "flag": 50,
}
TAKEN_BACK = 100
"""One answer in so many was taken back after a minute."""
SHARE = 10
"""Memory is looked at with one item in so many, and with all."""


def main() -> int:
    """Build, measure, print; 1 where a page takes longer than a second or a line does not come out the same."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--items", type=int, default=333_334)
    parser.add_argument("--database", choices=("sqlite", "postgresql", "both"), default="both")
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--data", type=Path, help="keep what was built here, and use it again")
    given = parser.parse_args()
    print(noise())
    wrong = 0
    for kind in ("sqlite", "postgresql") if given.database == "both" else (given.database,):
        grown = {}
        for items in (given.items // SHARE, given.items):
            data = given.data / str(items) if given.data else None
            with placed(kind, data) as (folder, database, postmaster):
                settings = Settings(data=folder / "data", database=database, job_library="threads")
                site = build(settings, items, min(2_000, items))
                rounds = given.rounds if items == given.items else 0
                grown[items], failed = measure(settings, site, rounds, postmaster, f"{kind}, {items:,} items")
                wrong += failed
        (few, less), (all_, more) = grown.items()
        print(f"{kind}: memory grows by {(more - less) / (all_ - few):.1f} bytes an item", flush=True)
    return 1 if wrong else 0


def measure(
    settings: Settings, site: tuple[str, str], rounds: int, postmaster: int | None, name: str
) -> tuple[int, int]:
    """By how many bytes the memory grew while a period was computed, and how much was wrong or slow."""
    project, cookie = site
    _begin(settings)
    wrong = 0
    with TestClient(create_app(settings), base_url=ORIGIN) as client:
        client.headers.update({"cookie": f"karat_session={cookie}", "origin": ORIGIN})
        at = f"/api/v1/projects/{project}/pay"
        if client.get(f"{at}/formula").json()["now"] is None:
            assert client.put(f"{at}/formula", json={"formula": FORMULA}).status_code == 200
        if not rounds:
            # What is loaded when a first period is computed is no memory of items.
            _ended(client, client.post(f"{at}/periods", json={}).json()["job"])
        cpu, other, began = time.process_time(), _cpu(postmaster), time.perf_counter()
        with _growing() as grown:
            started = client.post(f"{at}/periods", json={}).json()
            job = _ended(client, started["job"])
        wall, used = time.perf_counter() - began, time.process_time() - cpu + _cpu(postmaster) - other
        result = job["result"]
        print(
            f"{name}: {result['lines']} lines, {result['total'] / 100:,.2f} EUR in {wall:.1f} s, {used:.1f} s of CPU; memory"
            f" +{grown[0] / 1e6:.0f} MB",
            flush=True,
        )
        if not rounds:
            return grown[0], 0
        began = time.perf_counter()
        same = _ended(client, client.post(f"/api/v1/pay/periods/{started['period']}/verify").json()["id"])["result"]
        print(
            f"{name}: verified, {same['same']} of {same['lines']} the same in {time.perf_counter() - began:.1f} s",
            flush=True,
        )
        wrong += same["same"] != same["lines"]
        for page, ask in _pages(client, at, started["period"]):
            times = [_timed(ask) for _ in range(rounds)]
            p99 = percentile(times, 0.99)
            wrong += p99 > BUDGET_MS
            mark = "  OVER" if p99 > BUDGET_MS else ""
            print(f"{name}, {page}: p50 {percentile(times, 0.5):.0f} ms, p99 {p99:.0f} ms{mark}", flush=True)
        return grown[0], wrong


def _begin(settings: Settings) -> None:
    """The project as old as its answers, and some of these taken back."""
    db = connect(settings)
    try:
        db.write_now(_aged)
    finally:
        db.close()


def _aged(tx: Tx) -> None:
    if tx.run("SELECT 1 FROM events WHERE name = 'response.reverted' LIMIT 1"):
        return
    tx.run("UPDATE projects SET created_at = :at", at=f"{FIRST.isoformat()}T00:00:00.000Z")
    # Under a second after it was handed in, as an undo comes.
    tx.run(
        "INSERT INTO events (id, workspace, project, name, at, actor, thing, data) SELECT 'e' || n, 1, 1, 'response.reverted',"
        ' substr(at, 1, 17) || \'30.000Z\', 1, \'{"type":"response","id":"\' || id || \'","revision":1}\', \'{}\''
        " FROM responses WHERE n % :every = 0",
        every=TAKEN_BACK,
    )
    tx.run("UPDATE responses SET head = 0, state = 'withdrawn' WHERE n % :every = 0", every=TAKEN_BACK)


def _pages(client: TestClient, at: str, period: str) -> Iterator[tuple[str, object]]:
    lines = client.get(f"/api/v1/pay/periods/{period}/lines").json()
    line = max(lines, key=lambda one: one["amount"])["id"]
    for name, path in (
        ("formula", f"{at}/formula"),
        ("periods", f"{at}/periods"),
        ("lines", f"/api/v1/pay/periods/{period}/lines"),
        ("table", f"/api/v1/pay/periods/{period}/table"),
        ("what a line comes from", f"/api/v1/pay/lines/{line}/sources?of=answers&limit=50"),
        ("its reviews", f"/api/v1/pay/lines/{line}/sources?of=reviews&limit=50"),
        ("contests", f"{at}/contests"),
        ("corrections", f"{at}/corrections"),
        ("my pay", f"{at}/mine"),
        ("budget", f"{at}/budget"),
    ):
        yield name, lambda path=path: client.get(path)
    second = client.get(f"/api/v1/pay/lines/{line}/sources?of=answers&limit=50").json()["next"]
    yield "its second page", lambda: client.get(f"/api/v1/pay/lines/{line}/sources?of=answers&limit=50&cursor={second}")
    yield "preview", lambda: client.post(f"{at}/preview", json={"formula": FORMULA})


def _timed(ask: object) -> float:
    began = time.perf_counter()
    answer = ask()
    took = time.perf_counter() - began
    if answer.status_code != 200:
        raise RuntimeError(f"{answer.status_code} {answer.text[:300]}")
    return took


def _ended(client: TestClient, job: str) -> dict[str, object]:
    while (found := client.get(f"/api/v1/jobs/{job}").json())["state"] in ("queued", "running"):
        time.sleep(0.5)
    if found["state"] != "done":
        raise RuntimeError(f"{found}")
    return found


def _cpu(postmaster: int | None) -> float:
    return cpu_s(postmaster, children=True) if postmaster else 0.0


@contextmanager
def _growing() -> Iterator[list[int]]:
    """By how much the process's resident memory grew at most."""
    process, over = psutil.Process(), threading.Event()
    before = process.memory_info().rss
    grown = [0]

    def look() -> None:
        while not over.wait(0.05):
            grown[0] = max(grown[0], process.memory_info().rss - before)

    watch = threading.Thread(target=look)
    watch.start()
    try:
        yield grown
    finally:
        over.set()
        watch.join()


if __name__ == "__main__":
    sys.exit(main())

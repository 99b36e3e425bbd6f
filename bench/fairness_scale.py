"""A report of fairness over a million answers: how long it takes, how much memory its process needs, and the page.

    python -m bench.fairness --items 333334 [--database sqlite|postgresql|both] [--data DIR]

The project is that of `bench.dashboards`: three answers of forty people to each item. Every item has a language, a site and
a number; the forty have stated one of two things; of every answer it is known whether the others say so. The report compares
three keys with their slices, two groups, and these in each slice, in a process of its own as in the server.
"""

import statistics
import time
from contextlib import suppress
from pathlib import Path

import msgspec
import psutil
from litestar.testing import TestClient

from bench.dashboards import EACH, ORIGIN, PEOPLE, _place, build
from karat.server.app import create_app
from karat.server.database import Tx, connect
from karat.server.front import Front
from karat.server.settings import Settings
from karat.server.team.counting import Body

CHUNK = 5_000
RULES = {
    "slices": [{"key": "language"}, {"key": "site"}, {"key": "length", "edges": [50, 100, 200]}],
    "people": 5,
}
LANGUAGES = ("en", "en", "en", "pl", "th")
ROUNDS = 20


def scale(items: int, database: str, data: Path | None) -> None:
    """Build on each database, make a report, and read its page."""
    for kind in ("sqlite", "postgresql") if database == "both" else (database,):
        with _place(kind, data) as (folder, address, _):
            settings = Settings(data=folder / "data", database=address, job_library="threads")
            project, cookie = build(settings, items, min(2_000, items))
            _fill(settings)
            _measure(settings, project, cookie, kind)


def _fill(settings: Settings) -> None:
    """What `bench.dashboards` leaves out: metadata beside the items, what each answer is near to, what people stated."""
    db = connect(settings)
    try:
        if db.read_now(lambda tx: tx.run("SELECT 1 FROM attributes")):
            return
        last = db.read_now(lambda tx: tx.run("SELECT max(n) FROM items"))[0][0]
        for after in range(0, last, CHUNK):
            db.write_bulk(_enrich, after).result()
        db.write_now(_state)
    finally:
        db.close()


def _enrich(tx: Tx, after: int) -> None:
    rows = tx.run(
        "SELECT item, author FROM responses WHERE item > :after AND item <= :last", after=after, last=after + CHUNK
    )
    people: dict[int, list[int]] = {}
    for item, author in rows:
        people.setdefault(item, []).append(author)
    metadata, given = [], []
    for item, authors in people.items():
        known = {"language": LANGUAGES[item % 5], "site": f"site {item % 12}", "length": item * 7 % 300}
        metadata.append({"n": item, "m": msgspec.json.encode(known).decode()})
        listed = [
            (author, what, "", 1, float((item * 31 + author * 17) % 10 > 1 + (item % 5 == 3)), 1.0, 1.0)
            for author in authors
            for what in ("right:topic", "agree:topic")
        ]
        given.append({"item": item, "body": msgspec.json.encode(Body(listed)).decode()})
    tx.many("UPDATE items SET metadata = :m WHERE n = :n", metadata)
    tx.many(
        "INSERT INTO given (item, project, body) VALUES (:item, 1, :body) ON CONFLICT (item) DO UPDATE SET body = excluded.body",
        given,
    )


def _state(tx: Tx) -> None:
    options = msgspec.json.encode(["one", "two"]).decode()
    n = tx.run(
        "INSERT INTO attributes (id, workspace, title, purpose, options, created_at)"
        " VALUES ('asked', 1, 'First language', 'To see that all are treated alike.', :options, :now) RETURNING n",
        options=options,
        now=tx.now(),
    )[0][0]
    authors = [a for (a,) in tx.run("SELECT n FROM authors WHERE name LIKE 'person-%' ORDER BY n")]
    tx.many(
        "INSERT INTO statements (attribute, author, value) VALUES (:n, :author, :value)",
        [{"n": n, "author": author, "value": ("one", "two")[at % 2]} for at, author in enumerate(authors)],
    )


def _measure(settings: Settings, project: str, cookie: str, kind: str) -> None:
    with TestClient(create_app(settings), base_url=ORIGIN) as client:
        client.headers.update({"cookie": f"karat_session={cookie}", "origin": ORIGIN})
        at = f"/api/v1/projects/{project}/fairness"
        client.put(f"{at}/slices", json=RULES).raise_for_status()
        began = time.perf_counter()
        cpu_s: dict[int, float] = {}
        memory: dict[int, int] = {}
        job = client.post(f"{at}/reports").json()["running"]
        while (state := client.get(f"/api/v1/jobs/{job}").json())["state"] not in ("done", "failed"):
            for one in psutil.Process().children(recursive=True):
                with suppress(psutil.Error):
                    cpu_s[one.pid] = sum(one.cpu_times()[:2])
                    memory[one.pid] = max(memory.get(one.pid, 0), one.memory_info().rss)
            time.sleep(0.2)
        if state["state"] == "failed":
            raise SystemExit(f"{kind}: the report failed: {state}")
        took, largest = time.perf_counter() - began, max(memory, key=lambda pid: memory[pid])
        print(
            f"{kind}: a report of {state['result'].get('answers', 0):,} answers of {PEOPLE} people, {EACH} an item: {took:.0f} s,"
            f" {cpu_s[largest]:.0f} s of CPU in its process, {memory[largest] / 2**20:.0f} MB at most",
            flush=True,
        )
        page = client.get(at).json()
        times = [_timed(client, at) for _ in range(ROUNDS)]
        cells = sum(len(one["cells"]) for one in page["crossed"])
        print(
            f"{kind}: {page['report']['tests']} comparisons of slices, {cells} cells of groups in slices; the page"
            f" p50 {statistics.median(times) * 1000:.0f} ms, at most {max(times) * 1000:.0f} ms",
            flush=True,
        )


def _timed(client: TestClient[Front], path: str) -> float:
    began = time.perf_counter()
    client.get(path).raise_for_status()
    return time.perf_counter() - began

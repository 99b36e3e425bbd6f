"""Label Studio and Karat doing the same work, side by side in one run: import, next + submit, a filtered page, export.

    python -m bench.peers.label_studio --tasks 10000 --environment .bench/label-studio

Both servers run on one core, the generator on the other; each figure is printed for both, with the ratio. Label Studio
answers kept-alive connections about 44 ms late, so its labeling is measured with a connection each request as well and
the better of the two counts.
"""

import argparse
import asyncio
import json
import os
import random
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from statistics import quantiles
from urllib.parse import quote, urlsplit

from bench.peers import karat_server as ours
from bench.peers import label_studio_server as theirs
from bench.peers.sample import Sample
from bench.peers.wire import Wire

WORDS = [f"word{i:03d}" for i in range(500)]
SERVER_CORE, GENERATOR_CORE = 0, 1
FAILURES = 20
"""So many cycles in a row without a task, one by one 50 ms apart, mean that nothing is left."""
Figures = dict[str, float]
Cycle = Callable[[Wire, random.Random], Awaitable[bool]]


def rows(count: int) -> list[dict[str, object]]:
    """So many short texts with a number and a source."""
    chance = random.Random(1)
    return [{"text": " ".join(chance.choices(WORDS, k=20)), "n": i, "src": f"s{i % 10}"} for i in range(count)]


def measure_theirs(count: int, environment: Path, folder: Path, seconds: float) -> Figures:
    """Label Studio's figures."""
    found: Figures = {}
    with theirs.running(environment, folder / "label-studio", 18080) as (url, pid), theirs.client(url) as http:
        pin(pid, SERVER_CORE)
        tokens = theirs.people(http, 8)
        plain, annotated = theirs.project(http, "plain"), theirs.project(http, "annotated")
        with Sample(pid) as sample:
            found["import_s"] = timed(lambda: _post(http, plain, theirs.tasks(rows(count), annotated=False)))
        found["import_peak_mb"] = sample.peak_mb
        found["import_annotated_s"] = timed(lambda: _post(http, annotated, theirs.tasks(rows(count), annotated=True)))
        for people in (1, 8):
            runs = [
                asyncio.run(
                    loop(
                        url,
                        [{"Authorization": f"Token {t}"} for t in tokens[:people]],
                        their_cycle(plain),
                        seconds,
                        close=close,
                    )
                )
                for close in (False, True)
            ]
            best = max(runs, key=lambda run: run["per_s"])
            found |= {f"labeling_{people}_{name}": value for name, value in best.items()}
        view = {
            "project": annotated,
            "data": {
                "title": "pos",
                "filters": {
                    "conjunction": "and",
                    "items": [
                        {
                            "filter": "filter:tasks:annotations_results",
                            "operator": "contains",
                            "type": "String",
                            "value": "pos",
                        }
                    ],
                },
                "ordering": ["tasks:id"],
            },
        }
        made = http.post(f"/api/dm/views/?project={annotated}", json=view).raise_for_status().json()["id"]
        page = {"view": made, "project": annotated, "page": 1, "page_size": 100, "fields": "all"}
        found["filtered_page_s"] = min(
            timed(lambda: http.get("/api/tasks", params=page).raise_for_status()) for _ in range(3)
        )
        query = {"exportType": "JSON", "download_all_tasks": "true", "download_resources": "false"}
        with Sample(pid) as sample:
            found["export_s"] = timed(
                lambda: http.get(f"/api/projects/{annotated}/export", params=query).raise_for_status()
            )
        found["export_peak_mb"] = sample.peak_mb
    return found


def measure_ours(count: int, folder: Path, seconds: float) -> Figures:
    """Karat's figures."""
    found: Figures = {}
    ours.write_rows(rows(count), folder / "plain.jsonl", annotated=False)
    ours.write_rows(rows(count), folder / "annotated.jsonl", annotated=True)
    with ours.running(folder / "karat", 8) as (url, pid, tokens):
        pin(pid, SERVER_CORE)
        client, plain_id = ours.project(url, tokens[0], "plain")
        plain, annotated = client.project(plain_id), client.create_project("annotated", schema=ours.SCHEMA)
        with Sample(pid) as sample:
            found["import_s"] = timed(lambda: plain.import_from(folder / "plain.jsonl").wait())
        found["import_peak_mb"] = sample.peak_mb
        found["import_annotated_s"] = timed(lambda: annotated.import_from(folder / "annotated.jsonl").wait())
        for people in (1, 8):
            headers = [{"Authorization": f"Bearer {t}"} for t in tokens[1 : people + 1]]
            run = asyncio.run(loop(url, headers, our_cycle(plain_id), seconds, close=False))
            found |= {f"labeling_{people}_{name}": value for name, value in run.items()}
        wanted = quote(json.dumps({"all": [{"label": {"field": "sentiment", "label": "pos"}}]}))
        path = f"projects/{annotated.id}/items?limit=100&filter={wanted}"
        found["filtered_page_s"] = min(timed(lambda: client.connection.get(path, dict[str, object])) for _ in range(3))
        with Sample(pid) as sample:
            found["export_s"] = timed(lambda: annotated.export("label_studio").wait().download(folder / "export"))
        found["export_peak_mb"] = sample.peak_mb
    return found


async def loop(url: str, people: list[dict[str, str]], cycle: Cycle, seconds: float, *, close: bool) -> Figures:
    """Closed loop of next + submit by these people; cycles a second, and their latency in ms.

    It ends early where a server has nothing left to give: only the time in which there was work counts.
    """
    host, port = urlsplit(url).hostname or "", urlsplit(url).port or 0
    taken: list[float] = []
    last = [0.0]
    end = time.perf_counter() + seconds

    async def work(k: int, headers: dict[str, str]) -> None:
        wire, chance = Wire(host, port, headers, close), random.Random(k)
        failures = 0
        while time.perf_counter() < end and failures < FAILURES:
            started = time.perf_counter()
            if await cycle(wire, chance):
                last[0], failures = time.perf_counter(), 0
                taken.append(last[0] - started)
            else:
                failures += 1
                await asyncio.sleep(0.05)

    started = time.perf_counter()
    await asyncio.gather(*(work(k, headers) for k, headers in enumerate(people)))
    spent = last[0] - started
    cuts = quantiles(taken, n=100) if len(taken) > 1 else [0.0] * 99
    return {"per_s": len(taken) / spent, "p50_ms": cuts[49] * 1000, "p99_ms": cuts[98] * 1000}


def their_cycle(project: int) -> Cycle:
    """Label Studio: ask for the next task, post an annotation."""

    async def cycle(wire: Wire, chance: random.Random) -> bool:
        status, answer = await wire.send("GET", f"/api/projects/{project}/next")
        if status != 200:
            return False
        choice = {"choices": [chance.choice(["pos", "neg", "neu"])]}
        result = {"from_name": "sentiment", "to_name": "text", "type": "choices", "value": choice}
        status, _ = await wire.send(
            "POST", f"/api/tasks/{json.loads(answer)['id']}/annotations/", {"result": [result], "lead_time": 2.5}
        )
        return status == 201

    return cycle


def our_cycle(project: str) -> Cycle:
    """Karat: claim one item, hand in a revision."""

    async def cycle(wire: Wire, chance: random.Random) -> bool:
        status, answer = await wire.send("POST", f"/api/v1/projects/{project}/claims", {"count": 1})
        tasks = json.loads(answer)["tasks"] if status < 300 else []
        if not tasks:
            return False
        path, body = ours.revision(tasks[0], chance.choice(["pos", "neg", "neu"]))
        status, _ = await wire.send("PUT", path, body)
        return status in (200, 201)

    return cycle


def report(count: int, their: Figures, our: Figures) -> None:
    """Both columns and the ratio, larger is better for Karat."""
    print(f"\n{count:,} short texts, choice of three; Label Studio {theirs.VERSION} on SQLite, Karat on SQLite")
    print(f"{'':28}{'Label Studio':>14}{'Karat':>12}{'ratio':>10}")
    for name in their:
        better_high = name.endswith("per_s")
        ratio = our[name] / their[name] if better_high else their[name] / max(our[name], 1e-9)
        print(
            f"{name:28}{their[name]:>14,.2f}{our[name]:>12,.2f}{ratio:>9,.0f}x"
            if ratio >= 10
            else f"{name:28}{their[name]:>14,.2f}{our[name]:>12,.2f}{ratio:>9,.1f}x"
        )


def timed(act: Callable[[], object]) -> float:
    """Seconds that a call takes."""
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


def pin(pid: int, core: int) -> None:
    """A process and its threads on one core, this one on the other, where there are two."""
    if (os.cpu_count() or 1) < 2:
        return
    for task in Path(f"/proc/{pid}/task").iterdir():
        os.sched_setaffinity(int(task.name), {core})
    os.sched_setaffinity(0, {GENERATOR_CORE})


def _post(http: "theirs.httpx.Client", project: int, body: bytes) -> None:
    http.post(
        f"/api/projects/{project}/import", content=body, headers={"content-type": "application/json"}
    ).raise_for_status()


def main() -> None:
    """Measure both and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--tasks", type=int, default=10_000)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument(
        "--environment", type=Path, default=Path(".bench/label-studio"), help="where Label Studio is, or is installed"
    )
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        our = measure_ours(given.tasks, Path(folder), given.seconds)
        print(json.dumps({"karat": our}), flush=True)
        their = measure_theirs(given.tasks, given.environment.absolute(), Path(folder), given.seconds)
        print(json.dumps({"label_studio": their}), flush=True)
    report(given.tasks, their, our)


if __name__ == "__main__":
    main()

"""Claim and submit over many items: requests a second, times, and the server's CPU for each request.

    python -m bench.claim_submit --clients 1,8,64 --items 1000000 --database sqlite
    python -m bench.claim_submit --clients 64 --during-import          an import of a million items runs meanwhile
    python -m bench.claim_submit --clients 1 --overlap 3 --answered 100000     one person alone, after many answers

The server (and PostgreSQL) are kept to core 0, the generator to core 1. SQLite commits with synchronous=FULL. Every run
checks that no item was granted past its overlap and nobody was given an item twice.
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path

import msgspec

from bench.importing import importing
from bench.labelers import Plan
from bench.workbench import Site, answered, build, cpu_s, disk_ms, noise, pin, workplace
from karat.testing.server import Process, serve


def percentile(times: Sequence[float], share: float) -> float:
    """A percentile in milliseconds."""
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1000 if ordered else float("nan")


def main() -> int:
    """Measure and print; 1 if any rule was broken."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--clients", default="1,8,64")
    parser.add_argument("--items", type=int, default=1_000_000)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--overlap", type=int, default=1)
    parser.add_argument("--during-import", action="store_true")
    parser.add_argument("--import-items", type=int, default=1_000_000)
    parser.add_argument("--answered", type=int, default=0, help="answers that the first person has given before")
    parser.add_argument("--answers-only", action="store_true", help="without the consensus that follows behind")
    parser.add_argument("--profile", help="write a flame graph of the server here (py-spy)")
    given = parser.parse_args()
    clients = [int(n) for n in given.clients.split(",")]
    print(f"machine: {noise()}")
    broken = 0
    with workplace(given.database) as (folder, database, postmaster):
        print(f"disk: {disk_ms(folder):.2f} ms a synchronous write of 4 KiB")
        site = build(folder, database, items=given.items, people_count=max(clients), overlap=given.overlap)
        if given.answered:
            answered(site, author=site.authors[0], count=given.answered)
        if postmaster:
            pin(postmaster, 0)
        print(f"{given.items:,} items, overlap {given.overlap}, {given.database}")
        print(
            f"{'clients':>7} {'requests/s':>10} {'p50 ms':>7} {'p99 ms':>7} {'max ms':>7} {'claim p99':>9} {'submit p99':>10} {'CPU µs/request':>14}  broken"
        )
        for count in clients:
            broken += measure(site, count, postmaster, given)
    return 1 if broken else 0


def measure(site: Site, count: int, postmaster: int | None, given: argparse.Namespace) -> int:
    """One number of clients against a fresh server process; how often a rule was broken."""
    environment = {"PYTHONPATH": os.pathsep.join(p for p in sys.path if p), "KARAT_JOB_LIBRARY": "dbos"}
    factory = "karat.testing.server:application"
    if given.answers_only:
        factory = "bench.alone:application"
    with serve(site.data, site.database, cores=[0], environment=environment, factory=factory) as server:
        profiler = (
            subprocess.Popen(
                [
                    str(Path(sys.executable).with_name("py-spy")),
                    "record",
                    "-p",
                    str(server.pid),
                    "-o",
                    given.profile,
                    "-f",
                    "raw",
                    "-r",
                    "400",
                    "-t",
                    "-d",
                    str(int(given.seconds)),
                ]
            )
            if given.profile
            else None
        )
        meanwhile = importing(site, server.url, given.import_items) if given.during_import else nullcontext()
        with meanwhile:
            result, cpu, database_cpu = generate(site, count, server, postmaster, given.seconds)
        if profiler:
            profiler.wait()
    times = result["claims"] + result["submits"]
    grants: dict[str, list[int]] = result["grants"]
    over = sum(len(who) > given.overlap for who in grants.values())
    twice = sum(len(set(who)) < len(who) for who in grants.values())
    requests = len(times) / given.seconds
    # CPU was read around the whole run, warm-up included.
    per_request = cpu / (result["acknowledged"] * 2) * 1e6
    extra = f" + {database_cpu / (result['acknowledged'] * 2) * 1e6:.0f} in PostgreSQL" if postmaster else ""
    errors = f" errors {result['errors']}" if result["errors"] else ""
    print(
        f"{count:>7} {requests:>10,.0f} {percentile(times, 0.5):>7.2f} {percentile(times, 0.99):>7.2f} {percentile(times, 1):>7.2f}"
        f" {percentile(result['claims'], 0.99):>9.2f} {percentile(result['submits'], 0.99):>10.2f} {per_request:>14.0f}{extra}"
        f"  overlap {over}, twice {twice}{errors}",
        flush=True,
    )
    return over + twice + sum(result["errors"].values())


def generate(
    site: Site, count: int, server: Process, postmaster: int | None, seconds: float
) -> tuple[dict[str, object], float, float]:
    """Run the generator; its result, and the CPU seconds of the server and of PostgreSQL."""
    plan = Plan(port=server.port, project=site.project, cookies=site.cookies[:count], seconds=seconds)
    before = cpu_s(server.pid), cpu_s(postmaster, children=True) if postmaster else 0.0
    generator = subprocess.Popen(
        [sys.executable, "-m", "bench.labelers"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    os.sched_setaffinity(generator.pid, {1 % (os.cpu_count() or 1)})
    out, _ = generator.communicate(msgspec.json.encode(plan))
    after = cpu_s(server.pid), cpu_s(postmaster, children=True) if postmaster else 0.0
    return json.loads(out), after[0] - before[0], after[1] - before[1]


if __name__ == "__main__":
    sys.exit(main())

"""Reports over 100,000 items with three answers each: time of the job and memory it adds, and what following costs.

    python -m bench.reports [--items 100000] [--authors 3]

Prints, on SQLite: the agreement job, the consensus job, the pages of every report, and the CPU for each item that follows
an answer.
"""

import argparse
import resource
import sys
import tempfile
import time
from pathlib import Path

import msgspec

from bench.workbench import bare_project
from karat.server.access import Actor, Scope
from karat.server.database import Database, connect
from karat.server.reports import computing, following, queries
from karat.server.reports.settling import settle_project
from karat.server.reports.weighing import rules_of, weigh
from karat.server.search.index import Said, index_many_answers
from karat.server.settings import Settings
from karat.testing.items import fill_items

SCHEMA = {
    "karat_schema": 1,
    "streams": {"text": {"kind": "text"}},
    "fields": {
        "topic": {"kind": "choice", "options": {f"topic_{i}": {} for i in range(77)}},
        "names": {"kind": "span", "labels": {"person": {}, "place": {}}},
    },
}
POLICY = {
    "stages": {
        "label": {"do": "label", "overlap": 3, "next": [{"to": "accept"}]},
        "accept": {"do": "resolve", "by": "consensus", "method": "majority"},
    }
}
CHUNK = 2_000
SCOPE = Scope(Actor(1, "", "", ""), 1, "owner", 1, 1)


def main() -> int:
    """Fill, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--items", type=int, default=100_000)
    parser.add_argument("--authors", type=int, default=3)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        db = connect(Settings(data=Path(folder)))
        try:
            fill(db, given.items, given.authors)
            measure(db)
        finally:
            db.close()
    return 0


def fill(db: Database, items: int, authors: int) -> None:
    """Items with answers that mostly agree."""
    db.write_now(bare_project, SCHEMA, authors=authors, policy=POLICY)
    fill_items(db, "p", (f"Anna and Boris went to Oslo, number {n}" for n in range(items)))
    for start in range(0, items, CHUNK):
        db.write_bulk(answer_chunk, start, min(CHUNK, items - start), authors).result()
    print(f"{items:,} items with {authors} answers each", flush=True)


def answer_chunk(tx: object, start: int, size: int, authors: int) -> None:
    """Answers of everybody to some items."""
    heads, bodies, said = [], [], []
    for i in range(start, start + size):
        for author in range(1, authors + 1):
            topic = f"topic_{(i if (i * 7 + author) % 10 else i + author) % 77}"
            spans = [[0, 4], [9, 14]] if (i + author) % 6 else [[0, 5]]
            annotations = [{"id": "topic", "field": "topic", "kind": "choice", "value": topic}]
            annotations += [
                {"id": f"s{k}", "field": "names", "kind": "span", "label": "person", "value": [span]}
                for k, span in enumerate(spans)
            ]
            n = i * authors + author
            heads.append(
                {"n": n, "id": f"r{n}", "item": i + 1, "author": author, "at": f"2026-11-{i % 28 + 1:02}T10:00:00.000Z"}
            )
            bodies.append({"n": n, "a": msgspec.json.encode(annotations).decode(), "at": "2026-11-01T10:00:00.000Z"})
            said.append((i + 1, author, Said({("topic", topic): 1, ("names", "person"): len(spans)}, {})))
    tx.many(
        "INSERT INTO responses (n, id, project, item, author, head, last, state, active_ms, at)"
        " VALUES (:n, :id, 1, :item, :author, 1, 1, 'submitted', 4000 + :n % 1000, :at)",
        heads,
    )
    tx.many(
        "INSERT INTO revisions (response, revision, project, item_revision, schema_version, state, covers, annotations, cause,"
        " active_ms, at, by, body_hash) VALUES (:n, 1, 1, 1, 1, 'submitted', '{\"topic\":null,\"names\":null}', :a, 'author', 1, :at, 1, '')",
        bodies,
    )
    index_many_answers(tx, 1, said, fresh=True)
    tx.run(
        "UPDATE items SET responses = :n, state = 'labeled', stage = 'accept' WHERE n > :a AND n <= :b",
        n=authors,
        a=start,
        b=start + size,
    )
    tx.run(
        "UPDATE projects SET responses = responses + :r, labeled = labeled + :n WHERE n = 1", r=size * authors, n=size
    )


def measure(db: Database) -> None:
    """Print each figure."""
    before = memory_mb()
    began, cpu = time.perf_counter(), time.process_time()
    gathering = computing.gathering_of(db.read_now(computing.schema_now, 1))
    count = 0
    for chunk in computing.answered_items(db, 1):
        count += len(chunk)
        for item in chunk:
            gathering.add(str(item.n), item.responses)
    read = time.perf_counter() - began
    report = gathering.report()
    db.write_now(computing.write_reports, 1, computing.reports_of(report), upto=0)
    distances = computing.item_distances(report)
    entries = list(distances.items())
    for start in range(0, len(entries), 500):
        db.write_bulk(computing.write_distances, 1, dict(entries[start : start + 500])).result()
    took = time.perf_counter() - began
    print(
        f"agreement: {took:.1f} s ({read:.1f} s of it reading), {time.process_time() - cpu:.1f} CPU s, {memory_mb() - before:.0f} MB more"
    )
    for field in report.fields:
        print(
            f"  {field.field}: percent {field.percent.value:.3f}, alpha {field.alpha.value:.3f} [{field.alpha.low:.3f}, {field.alpha.high:.3f}]"
        )
    for name, query in PAGES.items():
        times = sorted(timed(db, query) for _ in range(10))
        print(f"{name}: p50 {times[5]:.0f} ms, slowest {times[-1]:.0f} ms")
    follow(db)


def follow(db: Database) -> None:
    """What an answer costs behind the request."""
    rules = db.read_now(rules_of, 1)
    began, cpu, n = time.perf_counter(), time.process_time(), 0
    for start in range(0, 5_000, following.AT_ONCE):
        items = list(range(start + 1, start + following.AT_ONCE + 1))
        _, weighed = db.read_now(weigh, 1, items)
        n += len(weighed)
        db.write_bulk(settle_project, 1, rules, weighed).result()
    wall, used = time.perf_counter() - began, time.process_time() - cpu
    print(
        f"following: {wall / n * 1e6:.0f} µs an item ({used / n * 1e6:.0f} µs CPU), {n / wall:.0f} items/s without rest"
    )


PAGES = {
    "progress": lambda tx: queries.progress(tx, SCOPE),
    "agreement page": lambda tx: queries.agreement(tx, SCOPE),
    "most disagreed": lambda tx: queries.disagreement(tx, SCOPE, field="topic", limit=50, cursor=None),
    "label mix": lambda tx: queries.labels(tx, SCOPE),
}


def timed(db: Database, query: object) -> float:
    """Milliseconds of one read."""
    began = time.perf_counter()
    db.read_now(query)
    return (time.perf_counter() - began) * 1000


def memory_mb() -> float:
    """The most memory this process has had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    sys.exit(main())

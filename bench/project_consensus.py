"""The consensus of a project: CPU and memory to learn from a million items, and to make it of items in a database.

    python -m bench.project_consensus [--items 1000000] [--stored 50000] [--authors 1000]

Three votes an item on one of five options, each author right with a chance of their own. `learn` feeds answers straight
into the learner, as the server's process does; `merge` is the whole work of that process on SQLite: reading, learning,
settling each item. Each runs in a process of its own; memory is the peak of the process, with all that is imported.
"""

import argparse
import multiprocessing
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import msgspec
import numpy as np

from bench.workbench import bare_project
from karat.kinds import KINDS
from karat.model.response import Annotation
from karat.model.schema import read_schema
from karat.quality.consensus.choices import Choices
from karat.quality.consensus.methods import METHODS
from karat.quality.responses import Said
from karat.server.database import Tx, connect
from karat.server.reports import merging
from karat.server.reports.merging import MergePlan
from karat.server.settings import Settings
from karat.testing.items import fill_items

OPTIONS = [f"option_{n}" for n in range(5)]
SCHEMA = {
    "karat_schema": 1,
    "streams": {"text": {"kind": "text"}},
    "fields": {"topic": {"kind": "choice", "options": {name: {} for name in OPTIONS}}},
}
POLICY = {
    "stages": {
        "label": {"do": "label", "overlap": 3, "next": [{"to": "accept"}]},
        "accept": {"do": "resolve", "by": "consensus", "method": "default"},
    }
}
VOTES = 3
CHUNK = 2_000
AT = "2026-11-01T10:00:00.000Z"


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--items", type=int, default=1_000_000)
    parser.add_argument("--stored", type=int, default=50_000)
    parser.add_argument("--authors", type=int, default=1_000)
    given = parser.parse_args()
    alone(learn, given.items, given.authors)
    with tempfile.TemporaryDirectory() as folder:
        db = connect(Settings(data=Path(folder)))
        fill(db.write_now, given.stored, given.authors)
        fill_items(db, "p", (f"number {n}" for n in range(given.stored)))
        for start in range(0, given.stored, CHUNK):
            db.write_bulk(answer, start, min(CHUNK, given.stored - start), given.authors).result()
        db.close()
        alone(merge, folder)
    return 0


def alone(work: Callable[..., None], *arguments: object) -> None:
    """Run in a process of its own, so that its peak is its own."""
    process = multiprocessing.get_context("spawn").Process(target=work, args=arguments)
    process.start()
    process.join()
    if process.exitcode:
        raise SystemExit(process.exitcode)


def votes(items: int, authors: int, *, start: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Who voted on each item, and for what, shape (items, votes)."""
    random = np.random.default_rng(start)
    skill = np.random.default_rng(1).beta(8, 3, authors)
    who = random.integers(0, authors, (items, VOTES))
    who[:, 1] = (who[:, 0] + 1 + who[:, 1] % (authors // 2 - 1)) % authors
    who[:, 2] = (who[:, 0] + authors // 2 + who[:, 2] % (authors // 2 - 1)) % authors
    truth = random.integers(0, len(OPTIONS), items)
    right = random.random((items, VOTES)) < skill[who]
    return who, np.where(right, truth[:, None], random.integers(0, len(OPTIONS), (items, VOTES)))


def learn(items: int, authors: int) -> None:
    """Feed the learner and let it learn."""
    schema, _ = read_schema(SCHEMA, KINDS)
    assert schema is not None
    learner = Choices(schema.fields["topic"], KINDS["choice"], METHODS["default"])
    said = [
        [
            Said(f"author-{author}", (Annotation(id="topic", field="topic", kind="choice", value=option),), None)
            for option in OPTIONS
        ]
        for author in range(authors)
    ]
    base, cpu = peak_mb(), 0.0
    for start in range(0, items, CHUNK):
        who, option = votes(min(CHUNK, items - start), authors, start=start)
        began = time.process_time()
        for people, given in zip(who.tolist(), option.tolist(), strict=True):
            learner.add([said[person][code] for person, code in zip(people, given, strict=True)], None)
        cpu += time.process_time() - began
    fed, began = peak_mb(), time.process_time()
    known = learner.learn()
    assert known is not None and known.accuracy is not None
    print(
        f"learn: {items:,} items, {VOTES * items:,} votes of {authors:,} authors: {cpu:.1f} CPU s to take in,"
        f" {time.process_time() - began:.1f} to learn; {peak_mb():.0f} MB in all, {fed - base:.0f} more to keep the votes,"
        f" {peak_mb() - fed:.0f} more to learn; what is known takes {len(known.body) / 1e6:.1f} MB; accuracy {known.accuracy}"
    )


class Counting:
    """The server's end of the conversation, which only counts."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self.said: dict[str, int] = {}

    def arguments(self, _type: type[MergePlan]) -> MergePlan:
        """What to do."""
        return MergePlan(1, "job", full=True)

    def settings(self) -> Settings:
        """Where the database is."""
        return Settings(data=Path(self.folder))

    def send(self, message: msgspec.Struct) -> None:
        """Count the items that were settled, having packed the message as it would be sent."""
        msgspec.msgpack.encode(message)
        size = len(message.weighed) if isinstance(message, merging.Settled) else 1
        self.said[type(message).__name__] = self.said.get(type(message).__name__, 0) + size


def merge(folder: str) -> None:
    """The work of the merging process."""
    channel = Counting(folder)
    base, began = peak_mb(), time.process_time()
    merging.work(channel)  # type: ignore[arg-type]  # it has what the work asks of a channel
    took, items = time.process_time() - began, channel.said["Settled"]
    print(
        f"merge: {items:,} items: {took:.1f} CPU s, {took / items * 1e6:.0f} µs an item; {peak_mb():.0f} MB in all, {peak_mb() - base:.0f} more"
    )


def fill(write: Callable[..., object], items: int, authors: int) -> None:
    """A project that wants three answers."""
    write(bare_project, SCHEMA, authors=authors, policy=POLICY)


def answer(tx: Tx, start: int, size: int, authors: int) -> None:
    """Three answers to each of some items."""
    who, option = votes(size, authors, start=start)
    heads, bodies = [], []
    for i, (people, given) in enumerate(zip(who.tolist(), option.tolist(), strict=True), start=start):
        for k, (person, code) in enumerate(zip(people, given, strict=True)):
            n = i * VOTES + k + 1
            said = [{"id": "topic", "field": "topic", "kind": "choice", "value": OPTIONS[code]}]
            heads.append({"n": n, "id": f"r{n}", "item": i + 1, "author": person + 1, "at": AT})
            bodies.append({"n": n, "covers": '{"topic":null}', "a": msgspec.json.encode(said).decode(), "at": AT})
    tx.many(
        "INSERT INTO responses (n, id, project, item, author, head, last, state, active_ms, at)"
        " VALUES (:n, :id, 1, :item, :author, 1, 1, 'submitted', 4000, :at)",
        heads,
    )
    tx.many(
        "INSERT INTO revisions (response, revision, project, item_revision, schema_version, state, covers, annotations, cause,"
        " active_ms, at, by, body_hash) VALUES (:n, 1, 1, 1, 1, 'submitted', :covers, :a, 'author', 1, :at, 1, '')",
        bodies,
    )
    tx.run(
        "UPDATE items SET responses = 3, state = 'labeled', stage = 'accept' WHERE n > :a AND n <= :b",
        a=start,
        b=start + size,
    )
    tx.run("UPDATE projects SET responses = responses + :r, labeled = labeled + :n WHERE n = 1", r=size * VOTES, n=size)


def peak_mb() -> float:
    """The most memory this process has had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    raise SystemExit(main())

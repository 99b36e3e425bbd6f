"""Agreement and consensus over 100,000 items with three votes each: seconds and peak memory, for each kind of field.

    python bench/quality.py [--items 100000] [--fields choice,choice77,tags,text,span,box]
    python bench/quality.py --coverage        how often the 95 % interval of alpha holds the true value

Each field runs in a process of its own. "gather" reads the responses, "report" computes every measure with its interval
from 1,000 resamples, "consensus" merges each item. Memory is the peak above what was in use before the first item;
responses are made one item at a time, so none of it is the input.
"""

import argparse
import multiprocessing
import random
import resource
import time
from collections.abc import Iterator

from karat.kinds import KINDS
from karat.kinds.box import Box
from karat.model.response import Annotation, Author, Response
from karat.model.schema import Schema, read_schema
from karat.quality import Gathering, agreement_of, consensus_of

AUTHORS = [Author(type="person", name=f"p{n}", id=f"p{n}") for n in range(20)]
FIELDS: dict[str, dict[str, object]] = {
    "choice": {"kind": "choice", "options": {f"o{n}": {} for n in range(5)}},
    "choice77": {"kind": "choice", "options": {f"o{n}": {} for n in range(77)}},
    "tags": {"kind": "choice", "multiple": True, "options": {f"o{n}": {} for n in range(8)}},
    "text": {"kind": "text"},
    "span": {"kind": "span", "labels": {f"l{n}": {} for n in range(6)}},
    "box": {"kind": "box", "labels": {f"l{n}": {} for n in range(6)}},
}
WORDS = [f"word{n}" for n in range(2000)]


def schema_of(field: str) -> Schema:
    streams = {"photo": {"kind": "image"}, "text": {"kind": "text"}}
    schema, problems = read_schema({"karat_schema": 1, "streams": streams, "fields": {"f": FIELDS[field]}}, KINDS)
    assert schema is not None, problems
    return schema


def items(field: str, count: int, seed: float = 1) -> Iterator[tuple[str, list[Response]]]:
    chance = random.Random(seed)
    for number in range(count):
        truth = draw(field, chance)
        yield (
            f"item-{number}",
            [
                Response(author=author, covers={"f": None}, annotations=vary(field, truth, chance))
                for author in chance.sample(AUTHORS, 3)
            ],
        )


def draw(field: str, chance: random.Random) -> list[tuple[str | None, object]]:
    options = list(FIELDS[field].get("options", {}))
    if field == "tags":
        return [(None, tuple(o for o in options if chance.random() < 0.3))]
    if options:
        return [(None, chance.choice(options))]
    if field == "text":
        return [(None, " ".join(chance.choices(WORDS, k=6)))]
    if field == "span":
        return [(f"l{chance.randrange(6)}", ((at, at + 8),)) for at in range(0, 50, 10)]
    return [(f"l{chance.randrange(6)}", Box(at, at, at + 80.0, at + 60.0)) for at in range(0, 500, 100)]


def vary(field: str, truth: list[tuple[str | None, object]], chance: random.Random) -> tuple[Annotation, ...]:
    kind = str(FIELDS[field]["kind"])
    found = []
    for index, (label, value) in enumerate(truth):
        move = chance.randint(-3, 3) if chance.random() < 0.4 else 0
        if kind == "box":
            value = Box(value.left + 2.5 * move, value.top + move, value.right + move, value.bottom)
        elif kind == "span":
            value = ((value[0][0] + abs(move), value[0][1] + move),)
        elif chance.random() < 0.15:
            value = draw(field, chance)[0][1]
        if label and chance.random() < 0.05:
            label = f"l{chance.randrange(6)}"
        found.append(
            Annotation(id="f" if label is None else str(index), field="f", kind=kind, label=label, value=value)
        )
    return tuple(found)


def run(field: str, count: int) -> None:
    schema = schema_of(field)
    for _ in items(field, 100):
        pass
    before = peak()
    start = time.process_time()
    for _ in items(field, count):
        pass
    making = time.process_time() - start
    gathering = Gathering(schema)
    start = time.process_time()
    for item, responses in items(field, count):
        gathering.add(item, responses)
    gathered = time.process_time() - start - making
    start = time.process_time()
    report = gathering.report()["f"]
    reported = time.process_time() - start
    used = peak() - before
    start = time.process_time()
    for _, responses in items(field, count):
        consensus_of(responses, schema)
    merged = time.process_time() - start - making
    value = report.alpha
    print(
        f"{field:10} gather {gathered:6.1f} s   report {reported:5.1f} s   consensus {merged:6.1f} s   peak {used / 2**20:5.0f} MiB"
        f"   {used / (3 * count):4.0f} B/vote   alpha {value.value:.4f} [{value.low:.4f}, {value.high:.4f}]",
        flush=True,
    )


def coverage(field: str, count: int, rounds: int) -> None:
    """How many of the intervals from `count` items each hold the value of a very large sample."""
    schema = schema_of(field)
    true = agreement_of(items(field, 40_000), schema, resamples=20)["f"].alpha.value
    chance = random.Random(count)
    hits = 0
    for seed in range(rounds):
        found = agreement_of(items(field, count, seed=chance.random()), schema, seed=seed)["f"].alpha
        hits += found.low <= true <= found.high
    print(
        f"{field:10} {count:4} items  alpha {true:.3f}  held by {100 * hits / rounds:.1f} % of {rounds} intervals",
        flush=True,
    )


def peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--items", type=int, default=100_000)
    parser.add_argument("--fields", default=",".join(FIELDS))
    parser.add_argument("--coverage", action="store_true")
    parser.add_argument("--rounds", type=int, default=1000)
    given = parser.parse_args()
    if given.coverage:
        for field in ("choice", "tags", "box"):
            for count in (30, 100):
                coverage(field, count, given.rounds)
        return
    print(f"{given.items:,} items x 3 votes by 20 people; CPU seconds")
    for field in given.fields.split(","):
        process = multiprocessing.Process(target=run, args=(field, given.items))
        process.start()
        process.join()


if __name__ == "__main__":
    main()

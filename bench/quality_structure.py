"""Consensus of boxes, spans and intervals: planted worlds, recorded entities, and a hundred thousand images.

    python -m bench.quality_structure [boxes|intervals|entities|scale] [--data ../shared/data/crowd] [--seeds 3]

Planted worlds have misses, extras, jitter, class noise and spammers; the truth is known. Greedy merging is what is usually
done: boxes one after the other join the first-best cluster of their label with IoU of one half or more to its mean; a cluster
that more than half of those who looked have is kept, at the mean of its boxes. F1 counts a thing as found where IoU is at
least one half and the label is right; IoU is the mean over these, `common` over the things that both found. Entities are
whole spans with the right label, on documents that somebody annotated.
"""

import argparse
import csv
import multiprocessing
import resource
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.optimize import linear_sum_assignment

from karat.quality import InstanceConsensus, Responses, responses_of_tags

Thing = tuple[str, tuple[float, ...]]
Marks = list[list[tuple[int, list[Thing]]]]
"""By item: who looked, and what each marked."""
SIDES = {2: ["start", "end"], 4: ["left", "top", "right", "bottom"]}
KINDS = {2: "interval", 4: "box"}


@dataclass(frozen=True, kw_only=True)
class World:
    """What is planted."""

    items: int = 400
    annotators: int = 20
    each: int = 3
    things: float = 10
    labels: int = 4
    spammers: float = 0.15
    hard: float = 0.0
    """Share of things that all see less, by 2.5 in the logit."""
    jitter: tuple[float, float] = (0.03, 0.12)
    sides: int = 4


WORLDS = {
    "three annotators, 15 % spammers": World(),
    "no spammers": World(spammers=0.0),
    "a quarter of the things hard to see": World(hard=0.25),
    "two annotators": World(each=2),
    "five annotators, 40 % spammers": World(each=5, spammers=0.4),
    "many annotators, few boxes each": World(annotators=150, items=300),
    "rough boxes": World(jitter=(0.08, 0.2)),
    "crowded: 40 things": World(items=100, things=40),
}
LINES = {
    "three annotators, 15 % spammers": World(sides=2, things=12),
    "five annotators, 40 % spammers": World(sides=2, things=12, each=5, spammers=0.4),
}


def planted(world: World, seed: int) -> tuple[list[list[Thing]], Marks]:
    """The things of each item, and what annotators made of them."""
    random = np.random.default_rng(seed)
    count = world.annotators
    sees, extras = random.beta(12, 2.5, count), random.gamma(1.5, 0.4, count)
    jitter, confuses = random.uniform(*world.jitter, count), random.beta(1.5, 10, count)
    spam = random.random(count) < world.spammers
    sees[spam], extras[spam] = random.uniform(0.2, 0.5, spam.sum()), random.uniform(3, 8, spam.sum())
    jitter[spam], confuses[spam] = 1.5 * jitter[spam], random.uniform(0.3, 0.75, spam.sum())
    common = np.arange(world.labels, 0, -1) / np.arange(1, world.labels + 1).sum()
    truth: list[list[Thing]] = []
    marks: Marks = []
    for _ in range(world.items):
        n = int(random.poisson(world.things))
        label = random.choice(world.labels, n, p=common)
        sides, size = _placed(random, n, world.sides)
        harder = 2.5 * (random.random(n) < world.hard)
        truth.append([(f"c{label[k]}", tuple(sides[k].tolist())) for k in range(n)])
        looked: list[tuple[int, list[Thing]]] = []
        for who in random.choice(count, world.each, replace=False).tolist():
            seen = random.random(n) < 1 / (1 + np.exp(harder - np.log(sees[who] / (1 - sees[who]))))
            given: list[Thing] = []
            for k in np.flatnonzero(seen).tolist():
                moved = np.clip(sides[k] + random.normal(0, jitter[who], world.sides) * size[k], 0, 1000)
                called = label[k] if random.random() > confuses[who] else random.integers(world.labels)
                if (moved[world.sides // 2 :] - moved[: world.sides // 2] > 2).all():
                    given.append((f"c{called}", tuple(moved.tolist())))
            n_extra = int(random.poisson(extras[who]))
            for places in _placed(random, n_extra, world.sides)[0]:
                given.append((f"c{random.integers(world.labels)}", tuple(places.tolist())))
            looked.append((who, given))
        marks.append(looked)
    return truth, marks


def _placed(random: np.random.Generator, n: int, sides: int) -> tuple[np.ndarray, np.ndarray]:
    extent = random.uniform(30, 200, (n, sides // 2))
    start = random.uniform(0, 1000 - extent)
    return np.concatenate([start, start + extent], axis=1), np.concatenate([extent, extent], axis=1)


def table_of(marks: Marks, sides: int) -> dict[str, list[object]]:
    rows: list[tuple[object, ...]] = []
    for item, looked in enumerate(marks):
        for who, given in looked:
            rows += [(item, who, label, *places) for label, places in given]
            if not given:
                rows.append((item, who, None, *[None] * sides))
    names = ["item", "who", "label", *SIDES[sides]]
    return {name: list(column) for name, column in zip(names, zip(*rows, strict=True), strict=True)}


def by_model(marks: Marks, sides: int) -> list[list[Thing]]:
    responses = Responses.from_table(
        table_of(marks, sides), item="item", annotator="who", label="label", kind=KINDS[sides], value=SIDES[sides]
    )
    found = InstanceConsensus().fit(responses).instances_
    things: list[list[Thing]] = [[] for _ in marks]
    for item, label, value in zip(found.item_codes, found.label_codes, found.values, strict=True):
        places = tuple(getattr(value, name) for name in SIDES[sides])
        things[int(responses.items[item])].append((responses.labels[label], places))
    return things


def greedy(marks: Marks, _sides: int) -> list[list[Thing]]:
    """The usual merging; see above."""
    found: list[list[Thing]] = []
    for looked in marks:
        clusters: list[tuple[str, list[tuple[float, ...]], set[int]]] = []
        for who, given in looked:
            for label, places in given:
                best, most = None, 0.5
                for cluster in clusters:
                    if cluster[0] == label and who not in cluster[2]:
                        mean = np.mean(cluster[1], axis=0)
                        overlap = float(ious(np.array([places]), mean[None])[0, 0])
                        if overlap >= most:
                            best, most = cluster, overlap
                if best is None:
                    clusters.append((label, [places], {who}))
                else:
                    best[1].append(places)
                    best[2].add(who)
        kept = [c for c in clusters if 2 * len(c[2]) > len(looked)]
        found.append([(label, tuple(np.mean(all_places, axis=0).tolist())) for label, all_places, _ in kept])
    return found


def ious(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Intersection over union of boxes or intervals, shape (a, b)."""
    half = a.shape[1] // 2
    low = np.maximum(a[:, None, :half], b[None, :, :half])
    high = np.minimum(a[:, None, half:], b[None, :, half:])
    common = np.clip(high - low, 0, None).prod(axis=2)
    size = [(x[:, half:] - x[:, :half]).prod(axis=1) for x in (a, b)]
    return common / (size[0][:, None] + size[1][None, :] - common)


def matched(found: Sequence[Thing], truth: Sequence[Thing]) -> dict[int, float]:
    """By true thing, the IoU of the found one that is assigned to it."""
    if not found or not truth:
        return {}
    overlap = ious(np.array([places for _, places in found]), np.array([places for _, places in truth]))
    same = np.array([[a == b for b, _ in truth] for a, _ in found])
    gain = np.where(same & (overlap >= 0.5), overlap, 0.0)
    rows, columns = linear_sum_assignment(-gain)
    return {int(c): float(gain[r, c]) for r, c in zip(rows, columns, strict=True) if gain[r, c] > 0}


def scores(truth: list[list[Thing]], results: Sequence[list[list[Thing]]]) -> Iterator[tuple[float, ...]]:
    """Precision, recall, F1, IoU, and IoU over the things that all found; per cent."""
    pairs = [[matched(f, t) for f, t in zip(found, truth, strict=True)] for found in results]
    shared = [set.intersection(*(set(p[i]) for p in pairs)) for i in range(len(truth))]
    there = sum(map(len, truth))
    for found, of in zip(results, pairs, strict=True):
        given, right = sum(map(len, found)), sum(map(len, of))
        overlap = [o for p in of for o in p.values()]
        common = [p[thing] for p, things in zip(of, shared, strict=True) for thing in things]
        figures = (right / max(given, 1), right / there, 2 * right / (given + there), np.mean(overlap), np.mean(common))
        yield tuple(100 * float(figure) for figure in figures)


def planted_worlds(worlds: dict[str, World], seeds: int) -> None:
    print(f"{'':38}{'precision':>10}{'recall':>8}{'F1':>7}{'IoU':>7}{'common':>8}   mean of {seeds} seeds from 100 on")
    for name, world in worlds.items():
        totals: dict[str, list[tuple[float, ...]]] = defaultdict(list)
        for seed in range(100, 100 + seeds):
            truth, marks = planted(world, seed)
            of = scores(truth, [greedy(marks, world.sides), by_model(marks, world.sides)])
            for method, figures in zip(("greedy", "InstanceConsensus"), of, strict=True):
                totals[method].append(figures)
        for method, rows in totals.items():
            p, r, f, i, c = np.mean(rows, axis=0)
            print(f"{name:38}{p:10.1f}{r:8.1f}{f:7.1f}{i:7.1f}{c:8.1f}   {method}", flush=True)
            name = ""


def spans_of(tags: Sequence[str]) -> list[tuple[int, int, str]]:
    """Entities of BIO tags: start, end, label; a tag that continues nothing starts one."""
    found: list[tuple[int, int, str]] = []
    start = -1
    label = ""
    for place, tag in enumerate([*tags, "O"]):
        if start >= 0 and (tag[0] != "I" or tag[2:] != label):
            found.append((start, place, label))
            start = -1
        if tag != "O" and start < 0:
            start, label = place, tag[2:]
    return found


def entities(data: Path) -> None:
    """Spans of ner_val; places are counted in tokens."""
    with (data / "ner_val" / "gold.csv").open() as file:
        gold_tags = {row["task"]: row["label"] for row in csv.DictReader(file)}
    tags: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    with (data / "ner_val" / "labels.csv").open() as file:
        for row in csv.DictReader(file):
            tags[row["task"].split(":")[0], row["worker"]][row["task"]] = row["label"]
    tokens: dict[str, list[str]] = defaultdict(list)
    for task in sorted(gold_tags):
        tokens[task.split(":")[0]].append(task)
    documents = sorted({document for document, _ in tags})
    gold = {d: set(spans_of([gold_tags[t] for t in tokens[d]])) for d in documents}
    said = {key: spans_of([own[t] for t in tokens[key[0]]]) for key, own in tags.items()}
    rows = [(d, w, int(t.split(":")[1]), tag) for (d, w), own in tags.items() for t, tag in own.items()]
    table = dict(zip(("item", "who", "token", "tag"), map(list, zip(*rows, strict=True)), strict=True))
    for cut in (0.5, 0.8):
        responses = responses_of_tags(table, item="item", annotator="who", position="token", tag="tag", cut=cut)
        model = InstanceConsensus().fit(responses)
        found = model.instances_
        items, labels = responses.items[found.item_codes].tolist(), [responses.labels[c] for c in found.label_codes]
        kept = [(d, (v[0][0], v[-1][1], lab)) for d, v, lab in zip(items, found.values, labels, strict=True)]
        right = np.array([span in gold[d] for d, span in kept])
        there = sum(map(len, gold.values()))
        print(
            f"InstanceConsensus, cut {cut}: precision {100 * right.mean():.1f}, recall {100 * right.sum() / there:.1f},"
            f" F1 {200 * right.sum() / (len(kept) + there):.1f}"
        )
        every = model.candidates_
        sure = every.existence * every.label_probability
        names, codes = responses.items[every.item_codes].tolist(), every.label_codes.tolist()
        is_right = np.array(
            [(v[0][0], v[-1][1], responses.labels[c]) in gold[d] for d, v, c in zip(names, every.values, codes, strict=True)]
        )  # fmt: skip
        place = np.minimum((10 * sure).astype(int), 9)
        gap = np.abs(np.bincount(place, is_right - sure, minlength=10)).sum() / len(sure)
        print(f"  expected calibration error of 'the span is exactly right', ten bins: {100 * gap:.1f} %")
    marked = {d: {span for (e, _), spans in said.items() if e == d for span in spans} for d in documents}
    reach = sum(len(gold[d] & marked[d]) for d in documents)
    print(f"{100 * reach / sum(map(len, gold.values())):.1f} % of the entities were marked exactly by anybody at all")
    votes: set[tuple[str, int, int, str]] = set()
    for d in documents:
        given = [own for (e, _), own in tags.items() if e == d]
        best = []
        for task in tokens[d]:
            names_of = sorted(own[task] for own in given)
            best.append(max(sorted(set(names_of)), key=names_of.count))
        votes |= {(d, *span) for span in spans_of(best)}
    good = sum((s, e, lab) in gold[d] for d, s, e, lab in votes)
    print(f"token vote, ties to the first in the alphabet: F1 {200 * good / (len(votes) + there):.1f}")


def _scaled(items: int, queue: "multiprocessing.Queue[tuple[float, ...]]") -> None:
    random = np.random.default_rng(0)
    n, each, annotators = 10, 3, 1000
    start = random.uniform(0, 900, (items, n, 2))
    truth = np.concatenate([start, start + random.uniform(20, 100, (items, n, 2))], axis=2)
    moved = truth[:, None] + random.normal(0, 3, (items, each, n, 4))
    who = random.integers(0, annotators, (items, 1)) + np.arange(each) * (annotators // each)
    seen = random.random((items, each, n)) < 0.9
    item = np.broadcast_to(np.arange(items)[:, None, None], seen.shape)[seen]
    annotator = np.broadcast_to((who % annotators)[:, :, None], seen.shape)[seen]
    label = np.broadcast_to(random.integers(0, 5, (items, 1, n)), seen.shape)[seen]
    sides = np.clip(moved[seen], 0, None)
    table = {"item": item, "who": annotator, "label": label} | dict(zip(SIDES[4], sides.T, strict=True))
    del start, truth, moved, seen
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begun = time.process_time()
    responses = Responses.from_table(table, item="item", annotator="who", label="label", kind="box", value=SIDES[4])
    read = time.process_time()
    found = InstanceConsensus().fit(responses)
    end = time.process_time()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    queue.put((len(responses), len(found.instances_), read - begun, end - read, peak / 1024))


def scale(sizes: Sequence[int]) -> None:
    print(
        "images × 3 annotators × 10 things, 1,000 annotators: CPU seconds of reading and fitting, MiB above the input"
    )
    context = multiprocessing.get_context("spawn")
    for items in sizes:
        queue: multiprocessing.Queue[tuple[float, ...]] = context.Queue()
        process = context.Process(target=_scaled, args=(items, queue))
        process.start()
        boxes, things, read, fitted, peak = queue.get()
        process.join()
        print(
            f"{items:9,} images {boxes:10,} boxes {things:10,} things {read:7.1f} {fitted:7.1f} {peak:7.0f}", flush=True
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="?", choices=["boxes", "intervals", "entities", "scale"])
    parser.add_argument("--data", type=Path, default=Path("../shared/data/crowd"))
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--items", type=int, nargs="*", default=[10_000, 100_000])
    given = parser.parse_args()
    if given.what in (None, "boxes"):
        planted_worlds(WORLDS, given.seeds)
    if given.what in (None, "intervals"):
        planted_worlds(LINES, given.seeds)
    if given.what in (None, "entities"):
        entities(given.data)
    if given.what in (None, "scale"):
        scale(given.items)


if __name__ == "__main__":
    main()

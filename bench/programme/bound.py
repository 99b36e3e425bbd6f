"""Does the stated bound hold? A random sample of the results is looked at, and the share of wrong ones of all is held
against the bound that comes of it; two hundred times, on simulated and on recorded votes."""

import csv
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.programme.people import world
from karat.quality import Consensus, Votes
from karat.quality.acceptance import defect_bound

SAMPLE = 150
RUNS = 200
LEAST = 182
MOST, MOST_LABELS, FEWEST = 60_000, 20, 100
"""Sets with more votes or labels, or fewer known labels, are left out."""


def recorded(folder: Path) -> tuple[Votes, dict[object, object]]:
    """The votes of a set and what is known of it."""
    with (folder / "labels.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    with (folder / "gold.csv").open(encoding="utf-8", newline="") as lines:
        gold = {row["task"]: row["label"] for row in csv.DictReader(lines)}
    table = {
        "item": [row["task"] for row in rows],
        "annotator": [row["worker"] for row in rows],
        "label": [row["label"] for row in rows],
    }
    labels = sorted({*table["label"], *gold.values()})
    return Votes.from_table(table, item="item", annotator="annotator", label="label", labels=labels), gold


def sets(folder: Path | None) -> Iterator[tuple[str, Votes, dict[object, object]]]:
    """The sets of a folder whose labels are few, by name."""
    for one in sorted(folder.iterdir()) if folder and folder.is_dir() else []:
        if all((one / name).exists() for name in ("gold.csv", "labels.csv")):
            votes, gold = recorded(one)
            if len(votes) <= MOST and len(votes.labels) <= MOST_LABELS and len(gold) >= FEWEST:
                yield one.name, votes, gold


def holds(right: NDArray[np.bool_], random: np.random.Generator) -> bool:
    """Whether the bound of one sample is at or above the share of wrong results."""
    drawn = random.choice(len(right), min(SAMPLE, len(right) // 2), replace=False)
    bound = defect_bound(int((~right[drawn]).sum()), len(drawn), lot=len(right))
    return bool(bound >= (~right).mean())


def simulated_rights(seed: int) -> NDArray[np.bool_]:
    """Whether the consensus of three votes each is right, of each of 500 items."""
    mine = world(seed, items=500, labels=2 + 3 * (seed % 2))
    asked = [(item, who) for item in range(500) for who in mine.random.choice(30, 3, replace=False).tolist()]
    table = {
        "item": [item for item, _ in asked],
        "annotator": [who for _, who in asked],
        "label": [mine.answer(who, item) for item, who in asked],
    }
    votes = Votes.from_table(table, item="item", annotator="annotator", label="label", labels=range(mine.labels))
    return np.asarray(Consensus().fit(votes).posterior_.argmax(axis=1) == mine.truth)


def rights_of(votes: Votes, gold: dict[object, object], seed: int) -> NDArray[np.bool_]:
    """Whether the consensus of a random half of a set's votes is right, of each item with gold."""
    random = np.random.default_rng(seed)
    half = votes.rows(np.sort(random.permutation(len(votes))[: len(votes) // 2]))
    codes = half.gold_codes(gold)
    known = (codes >= 0) & (np.bincount(half.item_codes, minlength=len(codes)) > 0)
    return np.asarray(Consensus().fit(half).posterior_.argmax(axis=1) == codes)[known]


def bounds(seed: int, folder: Path | None, *, runs: int = RUNS) -> dict[str, object]:
    """In how many of the runs the bound of 95 % held; half of them on recorded votes where there are any."""
    crowds = [(votes, gold) for _, votes, gold in sets(folder)]
    held = of_recorded = 0
    for run in range(runs):
        random = np.random.default_rng([seed, run])
        if crowds and run % 2:
            of_recorded += 1
            right = rights_of(*crowds[run // 2 % len(crowds)], seed + run)
        else:
            right = simulated_rights(seed + run)
        held += holds(right, random)
    need = round(LEAST / RUNS * runs)
    return {"runs": runs, "on_recorded_votes": of_recorded, "held": held, "stated": 0.95, "met": held >= need}

"""How often the 95 % interval of an annotator's skill holds it, on simulated populations with skills of Beta(6, 2).

    python -m bench.quality_coverage [many|few] [--worlds 20] [--seeds 60]

`many`: populations of 60 annotators, 1,000 items, five votes an item, two to five labels. `few`: small tables, each of
`--seeds` populations; gold: the interval of the share right on items known, averaged (`accuracy_on_gold`).
"""

import argparse
from typing import NamedTuple

import numpy as np

from karat.quality import Consensus, DawidSkene, OneCoin, Votes
from karat.quality.annotators import Accuracies, accuracy_on_gold
from karat.quality.consensus.model import Skill


class Size(NamedTuple):
    """How large a table is: votes an item, and how many labels there are."""

    items: int
    annotators: int
    each: int
    labels: int


FEW = [
    Size(20, 3, 3, 2),
    Size(50, 3, 3, 2),
    Size(30, 5, 3, 3),
    Size(100, 4, 2, 2),
    Size(100, 10, 3, 3),
    Size(300, 20, 3, 2),
]
GOLD = 200


def population(size: Size, random: np.random.Generator) -> tuple[Votes, np.ndarray, np.ndarray]:
    """Votes, the skills of all annotators and the true labels; wrong labels are equally likely."""
    skill, truth = random.beta(6, 2, size.annotators), random.integers(0, size.labels, size.items)
    who = np.concatenate([random.choice(size.annotators, size.each, replace=False) for _ in range(size.items)])
    item = np.repeat(np.arange(size.items), size.each)
    other = (truth[item] + random.integers(1, size.labels, len(item))) % size.labels
    said = np.where(random.random(len(item)) < skill[who], truth[item], other)
    table = {"i": item, "a": who, "l": said}
    return Votes.from_table(table, item="i", annotator="a", label="l", labels=range(size.labels)), skill, truth


def held(found: Skill | Accuracies, skill: np.ndarray, votes: Votes) -> float:
    """The share of annotators whose skill lies in the interval."""
    true = skill[np.asarray(votes.annotators, dtype=int)]
    return float(((found.low <= true) & (true <= found.high)).mean())


def many(worlds: int) -> None:
    shares: dict[str, list[float]] = {}
    for seed in range(2000, 2000 + worlds):
        random = np.random.default_rng(seed)
        size = Size(1000, 60, 5, int(random.integers(2, 6)))
        votes, skill, truth = population(size, random)
        known: dict[object, object] = dict(enumerate(truth[:GOLD].tolist()))
        for name, fitted in (
            ("one coin", OneCoin().fit(votes)),
            ("Dawid-Skene", DawidSkene().fit(votes)),
            ("Consensus", Consensus().fit(votes)),
            ("Consensus with gold", Consensus().fit(votes, known)),
        ):
            shares.setdefault(name, []).append(held(fitted.skill_, skill, votes))
    print(f"skill held by its 95 % interval, % of annotators over {worlds} populations; gold of {GOLD} items")
    print("  ".join(f"{name} {100 * np.mean(each):.1f}" for name, each in shares.items()), flush=True)


def few(seeds: int) -> None:
    print(f"small tables, {seeds} populations each: % of annotators whose skill the interval holds, and its width")
    print(f"{'items people votes labels':26}{'one coin':>14}{'Consensus':>14}{'gold of all':>14}")
    for size in FEW:
        rows = []
        for seed in range(7000, 7000 + seeds):
            votes, skill, truth = population(size, np.random.default_rng(seed))
            gold: dict[object, object] = dict(enumerate(truth.tolist()))
            told = accuracy_on_gold(votes, gold)
            row = []
            for found in (OneCoin().fit(votes).skill_, Consensus().fit(votes).skill_, told):
                row.append((held(found, skill, votes), float(np.mean(found.high - found.low))))
            rows.append(row)
        means = np.mean(rows, axis=0)
        name = " ".join(f"{number:>5}" for number in size)
        print(f"{name:26}" + "".join(f"{f'{100 * share:.1f} {width:.2f}':>14}" for share, width in means), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="?", choices=["many", "few"])
    parser.add_argument("--worlds", type=int, default=20)
    parser.add_argument("--seeds", type=int, default=60)
    given = parser.parse_args()
    if given.what in (None, "many"):
        many(given.worlds)
    if given.what in (None, "few"):
        few(given.seeds)


if __name__ == "__main__":
    main()

"""Agreement of a million items with five votes each: CPU seconds and peak memory above the votes, with 1,000 samples.

    python -m bench.agreement [--items 1000000] [--votes 5] [--annotators 1000] [--labels 5]

Each coefficient runs in a process of its own.
"""

import argparse
import multiprocessing
import resource
import time

import numpy as np

from karat.quality.agreement import fleiss_kappa, gwet_ac1, gwet_ac2, krippendorff_alpha, percent_agreement
from karat.quality.agreement.parts import agreement_by_label, agreement_by_pair
from karat.quality.annotators import skill_without_gold
from karat.quality.tallies import Bootstrap
from karat.quality.votes import Votes

BOTH = Bootstrap(over="items and annotators")
WORK = {
    "percent": percent_agreement,
    "fleiss": fleiss_kappa,
    "ac1": gwet_ac1,
    "ac2": gwet_ac2,
    "alpha nominal": krippendorff_alpha,
    "alpha ordinal": lambda votes: krippendorff_alpha(votes, metric="ordinal"),
    "alpha interval": lambda votes: krippendorff_alpha(votes, metric="interval"),
    "alpha ratio": lambda votes: krippendorff_alpha(votes, metric="ratio"),
    "alpha, annotators drawn too": lambda votes: krippendorff_alpha(votes, bootstrap=BOTH),
    "by label": agreement_by_label,
    "by pair": agreement_by_pair,
    "skill without gold": skill_without_gold,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=1_000_000)
    parser.add_argument("--votes", type=int, default=5)
    parser.add_argument("--annotators", type=int, default=1000)
    parser.add_argument("--labels", type=int, default=5)
    chosen = parser.parse_args()
    print(f"{'':<30}{'CPU s':>8}{'MiB':>8}")
    for name in WORK:
        run = multiprocessing.get_context("spawn").Process(target=measure, args=(name, chosen))
        run.start()
        run.join()


def measure(name: str, chosen: argparse.Namespace) -> None:
    votes = made(chosen)
    before, start = peak_mib(), time.process_time()
    WORK[name](votes)
    print(f"{name:<30}{time.process_time() - start:8.2f}{peak_mib() - before:8.0f}", flush=True)


def made(chosen: argparse.Namespace) -> Votes:
    chance = np.random.default_rng(0)
    item = np.repeat(np.arange(chosen.items, dtype=np.int32), chosen.votes)
    person = chance.integers(0, chosen.annotators, len(item), dtype=np.int32)
    truth = np.repeat(chance.integers(0, chosen.labels, chosen.items, dtype=np.int32), chosen.votes)
    said = np.where(chance.random(len(item)) < 0.7, truth, chance.integers(0, chosen.labels, len(item), dtype=np.int32))
    names = (np.arange(n) for n in (chosen.items, chosen.annotators, chosen.labels))
    return Votes(*names, item, person, said)


def peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()

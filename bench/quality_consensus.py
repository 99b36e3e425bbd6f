"""Consensus of votes on recorded crowds and made ones: accuracy, calibration, labels to buy, and speed.

    python -m bench.quality_consensus [accuracy|calibration|leave-out|unseen|worlds|buying|speed]
                                      [--data ../shared/data/crowd]

Items whose best labels are level count as right by the share of the right label among them (the expectation of a toss).
The calibration error is of ten bins of equal width. Speed is CPU seconds and peak memory above the input, each model in a
process of its own, with and without reading the table.
"""

import argparse
import csv
import multiprocessing
import resource
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow.csv

from bench.consensus_worlds import print_worlds
from bench.scoring import accuracy, calibration_error
from karat.quality import Consensus, DawidSkene, Glad, Mace, MajorityVote, OneCoin, Votes, replay
from karat.quality.consensus.model import Model
from karat.quality.estimate import exact_interval

SETS = [
    "bluebird", "dog", "fact_eval", "labelme", "rte", "s_adult", "weather_amt", "weather_cf", "zencrowd_in", "zencrowd_us",
]  # fmt: skip
MODELS: dict[str, Callable[[], Model]] = {
    "vote": MajorityVote,
    "one coin": OneCoin,
    "Dawid-Skene": DawidSkene,
    "GLAD": Glad,
    "MACE": Mace,
    "Consensus": Consensus,
}
Recorded = tuple[Votes, dict[object, object]]


def recorded(folder: Path) -> Recorded:
    """The votes and the known labels of a set."""
    votes = Votes.from_table(
        pyarrow.csv.read_csv(folder / "labels.csv"), item="task", annotator="worker", label="label"
    )
    with (folder / "gold.csv").open() as file:
        gold: dict[object, object] = {int(row["task"]): int(row["label"]) for row in csv.DictReader(file)}
    return votes, gold


def on_sets(data: Path, figure: Callable[[np.ndarray, np.ndarray], float]) -> None:
    print(f"{'':12}" + "".join(f"{name:>13}" for name in MODELS))
    rows = []
    for name in SETS:
        votes, gold = recorded(data / name)
        codes = votes.gold_codes(gold)
        row = [figure(make().fit(votes).posterior_, codes) for make in MODELS.values()]
        rows.append(row)
        print(f"{name:12}" + "".join(f"{100 * value:13.2f}" for value in row), flush=True)
    print(f"{'mean':12}" + "".join(f"{100 * value:13.2f}" for value in np.mean(rows, axis=0)))


def leave_out(data: Path) -> None:
    """The two settings of the default chosen on nine sets by the likelihood of their gold, and scored on the tenth."""
    weights, shares = (1.0, 2.0, 4.0, 8.0, 16.0), (0.0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3)
    figures = np.zeros((len(SETS), len(weights), len(shares), 3))
    for row, name in enumerate(SETS):
        votes, gold = recorded(data / name)
        codes = votes.gold_codes(gold)
        for column, weight in enumerate(weights):
            model = Consensus(weight=weight, astray=(0.0, 1.0)).fit(votes)
            for place, share in enumerate(shares):
                posterior = (1 - share) * model.posterior_ + share / len(votes.labels)
                figures[row, column, place] = (
                    accuracy(posterior, codes).mean(), calibration_error(posterior, codes), log_loss(posterior, codes)
                )  # fmt: skip
    print("default by weight of the population (lines) and share of items astray: mean accuracy, calibration error, %")
    print(f"{'':12}{'accuracy':>10}" + "".join(f"{share:8.2f}" for share in shares))
    for weight, line in zip(weights, figures.mean(axis=0), strict=True):
        print(f"{weight:<12.0f}{100 * line[3, 0]:10.2f}" + "".join(f"{100 * error:8.2f}" for error in line[:, 1]))
    held = []
    for row, name in enumerate(SETS):
        others = np.delete(figures, row, axis=0).mean(axis=0)
        column, place = np.unravel_index(int(others[..., 2].argmin()), others.shape[:2])
        held.append(100 * figures[row, column, place, :2])
        print(
            f"{name:12} by the others {weights[column]:.0f}, {shares[place]:.2f}: {held[-1][0]:.2f} {held[-1][1]:.2f}"
        )
    print(
        "chosen by the likelihood of gold on nine, scored on the tenth, mean: {:.2f} {:.2f}".format(
            *np.mean(held, axis=0)
        )
    )


def log_loss(posterior: np.ndarray, gold: np.ndarray) -> float:
    known = np.flatnonzero(gold >= 0)
    return float(-np.log(np.maximum(posterior[known, gold[known]], 1e-6)).mean())


def unseen(data: Path) -> None:
    """A set that took no part in the choice of the model: votes on the words of ner_val, one label a word."""
    votes, gold = words(data / "ner_val")
    codes = votes.gold_codes(gold)
    print("ner_val, words as items: accuracy, of words that anybody marked, and calibration error, %")
    marked = votes.counts()[:, votes.labels.tolist().index("O")] < votes.counts().sum(axis=1)
    for name, make in MODELS.items():
        posterior = make().fit(votes).posterior_
        right = accuracy(posterior, codes)
        some = accuracy(posterior, np.where(marked, codes, -1))
        print(
            f"{name:12} {100 * right.mean():6.2f} {100 * some.mean():6.2f} {100 * calibration_error(posterior, codes):6.2f}",
            flush=True,
        )


def words(folder: Path) -> Recorded:
    """Votes and gold on words; labels that gold has and nobody gave are listed too."""
    table = pyarrow.csv.read_csv(folder / "labels.csv")
    with (folder / "gold.csv").open() as file:
        gold: dict[object, object] = {row["task"]: row["label"] for row in csv.DictReader(file)}
    labels = sorted({str(label) for label in [*table["label"].to_pylist(), *gold.values()]})
    return Votes.from_table(table, item="task", annotator="worker", label="label", labels=labels), gold


def buying(data: Path, seeds: int) -> None:
    """Labels per item until the accuracy of the vote on all labels less 0.2 points, and what was promised there.

    `held`: in how many orders the promise was within two points of the accuracy reached, or in its exact binomial interval
    of 95 %. `model`: what the model expected before the pilot corrected it.
    """
    print(
        f"mean of {seeds} random orders; deviation of one order after +-; pilot: items with gold that correct the promise"
    )
    print(
        f"{'':12}{'all':>7}{'bought':>16}{'reached':>9}{'accuracy':>10}{'promised':>16}{'held':>7}{'model':>8}{'pilot':>7}{'CPU s':>8}"
    )
    for name in SETS:
        votes, gold = recorded(data / name)
        start = time.process_time()
        runs = [replay(votes, gold, seed=seed) for seed in range(seeds)]
        spent = (time.process_time() - start) / seeds
        known = votes.gold_codes(gold) >= 0
        items = int(known.sum())
        bought, found, promise, model = (
            np.array([getattr(run, of) for run in runs])
            for of in ("labels_per_item", "accuracy", "promised", "expected")
        )
        reached = sum(run.reached for run in runs)
        held = sum(_holds(p, a, items) for p, a in zip(promise, found, strict=True))
        everything = known[votes.item_codes].sum() / items
        print(
            f"{name:12}{everything:7.2f}{f'{bought.mean():.2f} +- {bought.std():.2f}':>16}{f'{reached}/{seeds}':>9}"
            f"{100 * found.mean():10.2f}{f'{100 * promise.mean():.1f} +- {100 * promise.std():.1f}':>16}"
            f"{f'{held}/{seeds}':>7}{100 * model.mean():8.1f}{runs[0].pilot:7}{spent:8.1f}",
            flush=True,
        )


def _holds(promised: float, reached: float, items: int) -> bool:
    low, high = exact_interval(reached * items, items)
    return abs(promised - reached) <= 0.02 or bool(low <= promised <= high)


def made(items: int, each: int, annotators: int, labels: int, seed: int = 0) -> dict[str, np.ndarray]:
    """Votes of annotators who are right three times in four, give or take, and err evenly."""
    random = np.random.default_rng(seed)
    truth = random.integers(0, labels, items)
    skill = random.beta(7.5, 2.5, annotators)
    item = np.repeat(np.arange(items), each)
    annotator = random.integers(0, annotators, items * each)
    right = random.random(items * each) < skill[annotator]
    other = (truth[item] + random.integers(1, labels, items * each)) % labels
    return {"item": item, "annotator": annotator, "label": np.where(right, truth[item], other)}


def _timed(model: str, items: int, queue: "multiprocessing.Queue[tuple[float, float, float]]") -> None:
    table = made(items, 5, 1000, 5)
    before = resource.getrusage(resource.RUSAGE_SELF)
    start = time.process_time()
    votes = Votes.from_table(table, item="item", annotator="annotator", label="label")
    read = time.process_time()
    MODELS[model]().fit(votes)
    end = time.process_time()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before.ru_maxrss
    queue.put((read - start, end - read, peak / 1024))


def speed(items: int, models: list[str]) -> None:
    print(
        f"{items:,} items x 5 votes, 1,000 annotators, 5 labels: CPU seconds of reading and fitting, MiB above the input"
    )
    context = multiprocessing.get_context("spawn")
    for model in models:
        queue: multiprocessing.Queue[tuple[float, float, float]] = context.Queue()
        process = context.Process(target=_timed, args=(model, items, queue))
        process.start()
        read, fitted, peak = queue.get()
        process.join()
        print(f"{model:12} {read:6.2f} {fitted:7.2f} {peak:8.0f}", flush=True)


PARTS = ["accuracy", "calibration", "leave-out", "unseen", "worlds", "buying", "speed"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="?", choices=PARTS)
    parser.add_argument("--data", type=Path, default=Path("../shared/data/crowd"))
    parser.add_argument("--items", type=int, default=1_000_000)
    parser.add_argument("--seeds", type=int, default=10, help="replays a set, and made-up worlds of a kind")
    parser.add_argument("--models", default=",".join(MODELS))
    given = parser.parse_args()
    if given.what in (None, "accuracy"):
        print("accuracy, %, ties at expectation")
        on_sets(given.data, lambda posterior, gold: float(accuracy(posterior, gold).mean()))
    if given.what in (None, "calibration"):
        print("expected calibration error, %")
        on_sets(given.data, calibration_error)
    if given.what in (None, "leave-out"):
        leave_out(given.data)
    if given.what in (None, "unseen"):
        unseen(given.data)
    if given.what in (None, "worlds"):
        print_worlds(given.seeds)
    if given.what in (None, "buying"):
        buying(given.data, given.seeds)
    if given.what in (None, "speed"):
        speed(given.items, given.models.split(","))


if __name__ == "__main__":
    main()

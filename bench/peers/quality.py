"""Karat's quality beside crowd-kit, krippendorff, irrCAC and cleanlab, in one run: CPU seconds, peak memory, accuracy.

    python -m bench.peers.quality [--environment .bench/quality-peers] [--only speed,accuracy,mislabels] [--limit 200]
        [--sets bluebird,dog,…] [--works alpha,GLAD,…]

The peers get an environment of their own, made at the first run. Each piece of work is a process of its own, one after the
other, on the same file of arrays; memory is the peak above the input, with half of the machine's memory as the most. What is
not done after `--limit` seconds is stopped. Votes are of 1,000 annotators with five labels, five an item. Karat's alpha has
its interval from 1,000 samples, those of the peers have none. Accuracy is over items with a known label, level labels
tossed for.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import venv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bench.mislabels import auroc, average_precision
from bench.quality_consensus import SETS, made, recorded
from bench.scoring import accuracy

ROOT = Path(__file__).parents[2]
PEERS = ("crowd-kit==1.4.2", "krippendorff==0.9.0", "irrCAC==0.4.4", "cleanlab==2.9.0")
MOST_BYTES = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2
Arrays = dict[str, np.ndarray]


@dataclass(frozen=True)
class Side:
    """Who does a piece of work, and what it is called there."""

    who: str
    work: str

    @property
    def is_ours(self) -> bool:
        return self.who == "Karat"


@dataclass(frozen=True)
class Result:
    """What came out, its CPU seconds and MiB; without them why there is none."""

    found: Arrays
    cpu_s: float | None
    peak_mib: float | None
    why: str = ""


class Runner:
    """Runs work of both sides in processes of their own."""

    def __init__(self, environment: Path, limit_s: float) -> None:
        self.peers = made_environment(environment)
        self.limit_s = limit_s

    def run(self, side: Side, source: Path) -> Result:
        target = source.with_name("found.npz")
        target.unlink(missing_ok=True)
        python = sys.executable if side.is_ours else str(self.peers)
        module = "bench.peers.quality_ours" if side.is_ours else "bench.peers.quality_theirs"
        command = [python, "-m", module, side.work, str(source), str(target)]
        try:
            done = subprocess.run(
                command, cwd=ROOT, capture_output=True, text=True, timeout=self.limit_s, preexec_fn=_bounded
            )
        except subprocess.TimeoutExpired:
            return Result({}, None, None, f"not done after {self.limit_s:.0f} s")
        if done.returncode or not target.exists():
            last = (done.stderr.strip().splitlines() or [f"ended with {done.returncode}"])[-1]
            enough = "MemoryError" in done.stderr or "Unable to allocate" in done.stderr or done.returncode < 0
            return Result({}, None, None, "not enough memory" if enough else last[:60])
        figures = json.loads(target.with_suffix(".json").read_text())
        with np.load(target, allow_pickle=True) as stored:
            return Result({key: stored[key] for key in stored.files}, figures["cpu_s"], figures["peak_mib"])


def _bounded() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))


def made_environment(folder: Path) -> Path:
    """The interpreter of the peers' environment, which is made where it is not there."""
    python = folder / "bin" / "python"
    if not python.exists():
        print(f"installing {', '.join(PEERS)} into {folder}", flush=True)
        venv.create(folder, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *PEERS], check=True)
    return python.absolute()


def speed(runner: Runner, folder: Path, works: str) -> None:
    print(f"{'work':<16}{'size':<12}{'by':<24}{'CPU s':>8}{'MiB':>8}  result")
    for work, items, sides in (
        ("majority", 1_000_000, (Side("Karat", "majority"), Side("crowd-kit", "majority"))),
        ("Dawid-Skene", 100_000, (Side("Karat", "Dawid-Skene"), Side("crowd-kit", "Dawid-Skene"))),
        ("Dawid-Skene", 1_000_000, (Side("Karat", "Dawid-Skene"), Side("crowd-kit", "Dawid-Skene"))),
        ("default", 1_000_000, (Side("Karat", "default"),)),
        ("GLAD", 10_000, (Side("Karat", "GLAD"), Side("crowd-kit", "GLAD"))),
        ("GLAD", 100_000, (Side("Karat", "GLAD"), Side("crowd-kit", "GLAD"))),
        ("MACE", 10_000, (Side("Karat", "MACE"), Side("crowd-kit", "MACE"))),
        ("MACE", 100_000, (Side("Karat", "MACE"), Side("crowd-kit", "MACE"))),
        ("alpha", 100_000, (Side("Karat", "alpha"), *_alphas(), Side("irrCAC", "irrCAC"))),
        ("alpha", 1_000_000, (Side("Karat", "alpha"), *_alphas())),
    ):
        if works and work not in works.split(","):
            continue
        table = {key: value.astype(np.int32) for key, value in made(items, 5, 1000, 5).items()}
        np.savez(folder / "input.npz", **table)
        truth = np.random.default_rng(0).integers(0, 5, items)  # the first thing that `made` draws
        for side in sides:
            show(work, f"{items:,}", side, runner.run(side, folder / "input.npz"), truth)


def _alphas() -> tuple[Side, Side]:
    return Side("krippendorff", "krippendorff"), Side("krippendorff, counted", "krippendorff, counted")


def show(work: str, size: str, side: Side, result: Result, truth: np.ndarray | None = None) -> None:
    said = result.why
    if "p" in result.found and truth is not None:
        said = f"{100 * accuracy(*_on_truth(result.found, truth)).mean():.2f} % right"
    elif "value" in result.found:
        said = " ".join(f"{value:.6f}" for value in np.atleast_1d(result.found["value"]))
    figures = "".join("       –" if x is None else f"{x:8.2f}" for x in (result.cpu_s,))
    memory = "       –" if result.peak_mib is None else f"{result.peak_mib:8.0f}"
    print(f"{work:<16}{size:<12}{side.who:<24}{figures}{memory}  {said}", flush=True)


def _on_truth(found: Arrays, truth: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Posteriors with a column for each label up to the last, and the known labels, both in the order of items."""
    labels, items = found["labels"].astype(int), found["items"].astype(int)
    p = np.zeros((len(items), max(int(labels.max()), int(truth.max())) + 1))
    p[:, labels] = np.nan_to_num(found["p"])
    return p, truth[items]


def on_recorded_crowds(runner: Runner, data: Path, folder: Path, sets: list[str]) -> None:
    sides = [Side("Karat", "default")]
    sides += [Side("crowd-kit", name) for name in ("majority", "Dawid-Skene", "one coin", "GLAD", "MACE", "M-MSR")]
    print("\naccuracy, %, ties at expectation: Karat's default, then crowd-kit")
    print(f"{'':14}" + "".join(f"{side.work:>13}" for side in sides))
    rows = []
    for name in sets:
        votes, gold = recorded(data / name)
        np.savez(folder / "input.npz", item=votes.item_codes, annotator=votes.annotator_codes, label=votes.label_codes)
        codes = votes.gold_codes(gold)
        row = []
        for side in sides:
            found = runner.run(side, folder / "input.npz").found
            row.append(100 * float(accuracy(*_on_truth(found, codes)).mean()) if found else np.nan)
        rows.append(row)
        print(f"{name:14}" + "".join(f"{value:13.2f}" for value in row), flush=True)
    print(f"{'mean':14}" + "".join(f"{value:13.2f}" for value in np.mean(rows, axis=0)))
    print(f"the best of crowd-kit's six, set by set: {np.nanmax(np.array(rows)[:, 1:], axis=1).mean():.2f}")


def mislabels(runner: Runner, data: Path, folder: Path) -> None:
    arrays, wrong = large()
    np.savez(folder / "input.npz", **arrays)
    del arrays
    print(
        f"\n{'label errors':<14}{'size':<12}{'by':<10}{'CPU s':>8}{'MiB':>8}{'found':>10}{'right, %':>10}{'of all, %':>10}"
    )
    for side in (Side("Karat", "label errors"), Side("cleanlab", "label errors")):
        result = runner.run(side, folder / "input.npz")
        found = result.found["wrong"].astype(bool)
        hits = (found & wrong).sum()
        shares = f"{100 * hits / found.sum():10.1f}{100 * hits / wrong.sum():10.1f}"
        print(
            f"{'':<14}{'1 M x 100':<12}{side.who:<10}{result.cpu_s:8.2f}{result.peak_mib:8.0f}{found.sum():10,}{shares}"
        )
    print(
        "\nseveral annotators: errors of the majority's label, where both sides take the same; then each side's own consensus"
    )
    heads = f"{'AP':>8}{'AUROC':>8}{'right, %':>10}{'AP':>8}{'AUROC':>8}{'CPU s':>8}{'MiB':>8}"
    print(f"{'':<34}{'by':<12}{heads}")
    for name, arrays, truth in crowds(data):
        np.savez(folder / "input.npz", **arrays)
        sides = (Side("Karat", "crowd"), Side("CROWDLAB", "CROWDLAB"))
        results = {side.who: runner.run(side, folder / "input.npz") for side in sides}
        labels = [r.found["majority"].astype(int) for r in results.values() if r.found]
        same = np.all([label == labels[0] for label in labels], axis=0)
        for who, result in results.items():
            if result.cpu_s is None:
                print(f"{name:<34}{who:<12}  {result.why}", flush=True)
                continue
            figures = _ranked(labels[0][same], result.found["scores"][same], truth[same])
            own = result.found["own"].astype(int)
            figures += f"{100 * (own == truth).mean():10.2f}" + _ranked(own, result.found["own_scores"], truth)
            print(f"{name:<34}{who:<12}{figures}{result.cpu_s:8.2f}{result.peak_mib:8.0f}", flush=True)


def _ranked(labels: np.ndarray, scores: np.ndarray, truth: np.ndarray) -> str:
    wrong = labels != truth
    return f"{average_precision(wrong, scores):8.3f}{auroc(wrong, scores):8.3f}"


def large() -> tuple[Arrays, np.ndarray]:
    """A million items of 100 labels, one label in ten wrong, and a model that is right on 85 of 100."""
    chance = np.random.default_rng(0)
    truth = chance.integers(0, 100, 1_000_000)
    label = np.where(chance.random(len(truth)) < 0.9, truth, chance.integers(0, 100, len(truth)))
    sees = np.where(chance.random(len(truth)) < 0.85, truth, chance.integers(0, 100, len(truth)))
    p = chance.random((len(truth), 100), dtype=np.float32) ** 8
    p[np.arange(len(truth)), sees] += 12 * chance.beta(4, 1, len(truth)).astype(np.float32)
    p /= p.sum(axis=1, keepdims=True)
    return {"label": label, "p": p}, label != truth


def crowds(data: Path) -> Iterator[tuple[str, Arrays, np.ndarray]]:
    """Crowds over the recorded model's probabilities of 10,000 pictures, and made ones of 50,000 items.

    "even": whoever errs names any other label. "shared": nine errors in ten are the label with which the model confuses the
    picture's class most, so that annotators err alike and as the model does. "hard": on the tenth of pictures that the model
    finds hardest everybody errs twice as often, and four times in five as the model would. The truth is the set's given
    label.
    """
    stored = np.load(data / "label_errors_cifar10" / "pred.npz")
    p, truth = stored["pred_probs"].astype(np.float64), stored["labels"].astype(np.int64)
    p = np.clip(p, 1e-9, None) / np.clip(p, 1e-9, None).sum(axis=1, keepdims=True)
    near = np.array([p[truth == label].mean(axis=0) for label in range(p.shape[1])])
    np.fill_diagonal(near, 0)
    for sort, shared in (("even", 0.0), ("shared", 0.9)):
        for people in (50, 300):
            yield (
                f"cifar10, {people} people, {sort}",
                crowd(p, truth, near.argmax(axis=1), people, shared, seed=people),
                truth,
            )
        if shared:
            yield "cifar10, 300 people, hard", hard_crowd(p, truth, 300), truth
    for people in (100, 400, 2571):
        chance = np.random.default_rng(people)
        known = chance.integers(0, 10, 50_000)
        said = np.where(chance.random(50_000) < 0.85, known, chance.integers(0, 10, 50_000))
        made_up = chance.dirichlet([0.3] * 10, 50_000) * 0.3
        made_up[np.arange(50_000), said] += 0.7
        yield f"50,000 items, {people:,} people", crowd(made_up, known, np.arange(10), people, 0.0, seed=people), known


def crowd(p: np.ndarray, truth: np.ndarray, near: np.ndarray, people: int, shared: float, *, seed: int) -> Arrays:
    chance = np.random.default_rng(seed)
    per = chance.integers(1, 6, len(truth))
    item = np.repeat(np.arange(len(truth)), per)
    who = np.concatenate([chance.choice(people, n, replace=False) for n in per])
    skill = 0.4 + 0.6 * chance.beta(2, 1.5, people)
    k = p.shape[1]
    other = (truth[item] + chance.integers(1, k, len(item))) % k
    other = np.where(chance.random(len(item)) < shared, near[truth[item]], other)
    said = np.where(chance.random(len(item)) < skill[who], truth[item], other)
    return {"item": item, "annotator": who, "label": said, "p": p}


def hard_crowd(p: np.ndarray, truth: np.ndarray, people: int) -> Arrays:
    arrays = crowd(p, truth, truth, people, 0.0, seed=people)
    chance = np.random.default_rng(1)
    item = arrays["item"]
    own = p[np.arange(len(truth)), truth]
    hard = own <= np.quantile(own, 0.1)
    wrong = p.copy()
    wrong[np.arange(len(truth)), truth] = 0
    errs = (arrays["label"] != truth[item]) | (hard[item] & (chance.random(len(item)) < 0.25))
    alike = errs & hard[item] & (chance.random(len(item)) < 0.8)
    label = np.where(errs, arrays["label"], truth[item])
    slipped = errs & (label == truth[item])
    label = np.where(slipped, (truth[item] + chance.integers(1, p.shape[1], len(item))) % p.shape[1], label)
    return arrays | {"label": np.where(alike, wrong.argmax(axis=1)[item], label)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--environment", type=Path, default=Path(".bench/quality-peers"))
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data" / "crowd")
    parser.add_argument("--only", default="speed,accuracy,mislabels")
    parser.add_argument("--limit", type=float, default=200)
    parser.add_argument("--sets", default=",".join(SETS))
    parser.add_argument("--works", default="", help="only these pieces of work of `speed`, by name")
    given = parser.parse_args()
    runner = Runner(given.environment, given.limit)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for part in given.only.split(","):
            if part == "speed":
                speed(runner, folder, given.works)
            elif part == "accuracy":
                on_recorded_crowds(runner, given.data, folder, given.sets.split(","))
            else:
                mislabels(runner, given.data, folder)


if __name__ == "__main__":
    main()

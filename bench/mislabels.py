"""Label errors beside cleanlab: average precision and AUROC on reviewed sets; CPU seconds, peak memory.

    python -m bench.mislabels [--data ../shared/data] [--peers PYTHON] [--large]

PYTHON is an interpreter with cleanlab 2.9; without it only Karat is measured. Each side runs in a process of
its own on the same arrays. Wrong is what fewer than three of five reviewers left as it was. `--large` adds 1,000,000 items
of 100 labels. Several annotators: `bench.peers.quality --only mislabels`.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from scipy.stats import rankdata

PEER = Path(__file__).parent / "peers" / "cleanlab_scores.py"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path(__file__).parents[2] / "shared" / "data")
    parser.add_argument("--peers")
    parser.add_argument("--large", action="store_true")
    parser.add_argument("--one", type=Path, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.one:
        measure(chosen.one)
        return
    print(f"{'set':<22}{'by':<40}{'AP':>8}{'AUROC':>8}{'CPU s':>8}{'MiB':>8}")
    for name, arrays in sets(chosen.data, large=chosen.large):
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "set.npz"
            np.savez(file, **arrays)
            show(name, arrays, file, [sys.executable, "-m", "bench.mislabels", "--one", str(file)])
            if chosen.peers:
                show(name, arrays, file, [chosen.peers, str(PEER), str(file)])


def show(name: str, arrays: dict, file: Path, command: list[str]) -> None:
    try:
        ran = subprocess.run(command, check=True, capture_output=True, text=True, timeout=600)
    except subprocess.TimeoutExpired:
        print(f"{name:<22}{Path(command[0]).name + ' ' + Path(command[1]).name:<40}{'not finished in 600 s':>32}")
        return
    about = json.loads(ran.stdout)
    scores = np.load(file.with_suffix(".scores.npz"))
    for method in scores.files:
        given = arrays["wrong"]
        figures = (
            f"{average_precision(given, scores[method]):8.4f}{auroc(given, scores[method]):8.4f}"
            if given.any()
            else f"{'–':>8}{'–':>8}"
        )
        print(f"{name:<22}{method:<40}{figures}{about['cpu_s']:8.2f}{about['peak_mib']:8.0f}")


def measure(file: Path) -> None:
    """Karat's scores of one set, written beside it."""
    from karat.quality.mislabels import find_mislabels

    with np.load(file) as stored:
        arrays = {key: stored[key] for key in stored.files if key != "wrong"}
    p, before, start = arrays["p"], peak_mib(), time.process_time()
    found = {"karat margin, calibrated": find_mislabels(arrays["labels"], p).scores}
    about = {"cpu_s": time.process_time() - start, "peak_mib": peak_mib() - before}
    np.savez(file.with_suffix(".scores.npz"), **found)
    print(json.dumps(about))


def sets(data: Path, *, large: bool) -> Iterator[tuple[str, dict]]:
    for name in ("cifar10", "imdb"):
        folder = data / "crowd" / f"label_errors_{name}"
        stored = np.load(folder / "pred.npz")
        reviewed = json.loads((folder / "mturk.json").read_text())
        wrong = np.zeros(len(stored["labels"]), bool)
        wrong[[entry["id"] for entry in reviewed if entry["mturk"]["given"] < 3]] = True
        yield name, {"labels": stored["labels"].astype(np.int64), "p": stored["pred_probs"], "wrong": wrong}
    if large:
        chance = np.random.default_rng(0)
        p = chance.random((1_000_000, 100), dtype=np.float32)
        p /= p.sum(axis=1, keepdims=True)
        yield "1 M x 100", {"labels": chance.integers(0, 100, 1_000_000), "p": p, "wrong": np.zeros(1_000_000, bool)}


def average_precision(wrong: np.ndarray, scores: np.ndarray) -> float:
    hits = wrong[np.argsort(scores, kind="stable")]
    return float((np.cumsum(hits) / np.arange(1, len(hits) + 1))[hits].mean())


def auroc(wrong: np.ndarray, scores: np.ndarray) -> float:
    ranks, n = rankdata(-scores), wrong.sum()
    return float((ranks[wrong].sum() - n * (n + 1) / 2) / (n * (len(wrong) - n)))


def peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()

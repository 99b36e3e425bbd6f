"""Label errors beside cleanlab: average precision and AUROC on reviewed sets and planted crowds; CPU seconds, peak memory.

    python -m bench.mislabels [--data ../shared/data] [--peers PYTHON] [--large]

PYTHON is an interpreter with cleanlab 2.9 and pandas; without it only Karat is measured. Each side runs in a process of
its own on the same arrays. Wrong is what fewer than three of five reviewers left as it was; in planted crowds it is known.
`--large` adds 1,000,000 items of 100 labels, and a crowd of 2,571 on 50,000 items, which CROWDLAB does not finish: it
is stopped after ten minutes.
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
        wrong = about["wrong"].get(method) if "wrong" in about else None
        given = np.array(wrong, bool) if wrong is not None else arrays["wrong"]
        figures = (
            f"{average_precision(given, scores[method]):8.4f}{auroc(given, scores[method]):8.4f}"
            if given.any()
            else f"{'–':>8}{'–':>8}"
        )
        print(f"{name:<22}{method:<40}{figures}{about['cpu_s']:8.2f}{about['peak_mib']:8.0f}")


def measure(file: Path) -> None:
    """Karat's scores of one set, written beside it."""
    from karat.quality.crowd_mislabels import find_crowd_mislabels
    from karat.quality.mislabels import find_mislabels
    from karat.quality.votes import Votes

    with np.load(file) as stored:
        arrays = {key: stored[key] for key in stored.files if key != "wrong"}
    p, before, start = arrays["p"], peak_mib(), time.process_time()
    about: dict = {}
    if "labels" in arrays:
        found = {"karat margin, calibrated": find_mislabels(arrays["labels"], p).scores}
    else:
        people = np.arange(int(arrays["person"].max()) + 1)
        codes = (arrays[key].astype(np.int32) for key in ("item", "person", "vote"))
        crowd = find_crowd_mislabels(Votes(np.arange(len(p)), people, np.arange(p.shape[1]), *codes), p)
        found = {"karat, model as annotator": crowd.scores}
        about["wrong"] = {"karat, model as annotator": (crowd.majority != arrays["truth"]).tolist()}
    about |= {"cpu_s": time.process_time() - start, "peak_mib": peak_mib() - before}
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
    for seed, (people, labels) in enumerate(((40, 4), (100, 8))):
        yield f"crowd of {people}, {labels} labels", crowd(seed, items=2000, people=people, labels=labels)
    if large:
        chance = np.random.default_rng(0)
        p = chance.random((1_000_000, 100), dtype=np.float32)
        p /= p.sum(axis=1, keepdims=True)
        yield "1 M x 100", {"labels": chance.integers(0, 100, 1_000_000), "p": p, "wrong": np.zeros(1_000_000, bool)}
        yield "50,000 by 2,571", crowd(9, items=50_000, people=2571, labels=10)


def crowd(seed: int, *, items: int, people: int, labels: int) -> dict:
    chance = np.random.default_rng(seed)
    truth, per = chance.integers(0, labels, items), chance.integers(1, 6, items)
    item = np.repeat(np.arange(items), per)
    person = np.concatenate([chance.choice(people, n, replace=False) for n in per])
    skill = 1 / labels + (1 - 1 / labels) * chance.beta(3, 1.5, people)
    vote = np.where(chance.random(len(item)) < skill[person], truth[item], chance.integers(0, labels, len(item)))
    said = np.where(chance.random(items) < 0.85, truth, chance.integers(0, labels, items))
    p = chance.dirichlet([0.3] * labels, items) * 0.3
    p[np.arange(items), said] += 0.7
    return {"item": item, "person": person, "vote": vote, "p": p, "truth": truth, "wrong": np.zeros(items, bool)}


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

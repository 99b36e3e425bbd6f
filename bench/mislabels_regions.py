"""Planted errors in boxes: overlooked, badly placed and misnamed ones, beside cleanlab's ObjectLab; average precision and AUROC.

    python -m bench.mislabels_regions [--peers PYTHON] [--worlds 3]

PYTHON is an interpreter with cleanlab 2.9. Each picture has one to six boxes of five labels; in one picture of five one
box was left out, moved, or named otherwise. The model misses a tenth of the boxes, finds some that are not there, is off by
a few pixels and calls one in ten something else; its confidence runs from 0.3 to 1 ("sure") or from 0.2 to 0.8 ("shy").
Low scores are to find pictures with an error.
"""

import argparse
import json
import subprocess
import tempfile
import time
from pathlib import Path

import numpy as np

from bench.mislabels import auroc, average_precision
from karat.quality.mislabels.regions import find_region_mislabels
from karat.quality.structured import Responses

PEER = Path(__file__).parent / "peers" / "cleanlab_boxes.py"
SORTS = ("overlooked", "placed", "named")
LABELS = 5
SIDES = ("left", "top", "right", "bottom")
Row = tuple[int, int, float, float, float, float]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peers")
    parser.add_argument("--worlds", type=int, default=3)
    parser.add_argument("--pictures", type=int, default=1000)
    chosen = parser.parse_args()
    print(f"{'model':<8}{'error':<12}{'by':<18}{'AP':>8}{'AUROC':>8}{'CPU s':>8}")
    for model, most in (("sure", 1.0), ("shy", 0.8)):
        for sort in (*SORTS, "any"):
            found: dict[str, list[tuple[float, float, float]]] = {}
            for seed in range(chosen.worlds):
                given, seen, confidence, wrong = world(seed, chosen.pictures, sort, most)
                for name, (scores, cpu_s) in scored(given, seen, confidence, chosen.pictures, chosen.peers).items():
                    found.setdefault(name, []).append((average_precision(wrong, scores), auroc(wrong, scores), cpu_s))
            for name, rows in found.items():
                precision, area, cpu_s = np.mean(rows, axis=0)
                print(f"{model:<8}{sort:<12}{name:<18}{precision:8.3f}{area:8.3f}{cpu_s:8.2f}", flush=True)


def scored(
    given: list[Row], seen: list[Row], confidence: list[float], pictures: int, peers: str | None
) -> dict[str, tuple[np.ndarray, float]]:
    start = time.process_time()
    mine = find_region_mislabels(table(given), table(seen), confidence)
    scores = np.ones(pictures)
    scores[table(given).items.astype(int)] = mine.item_scores
    found = {"karat": (scores, time.process_time() - start)}
    if peers:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "boxes.json"
            file.write_text(json.dumps({"given": given, "found": seen, "confidence": confidence, "pictures": pictures}))
            ran = subprocess.run([peers, str(PEER), str(file)], check=True, capture_output=True, text=True)
            said = json.loads(ran.stdout)
            found["cleanlab ObjectLab"] = (np.array(said["scores"]), said["cpu_s"])
    return found


def table(rows: list[Row]) -> Responses:
    columns = dict(zip(("item", "label", *SIDES), map(list, zip(*rows, strict=True)), strict=True))
    columns |= {"who": ["one"] * len(rows), "label": [f"l{label}" for label in columns["label"]]}
    return Responses.from_table(columns, item="item", annotator="who", label="label", kind="box", value=list(SIDES))


def world(seed: int, pictures: int, sort: str, most: float) -> tuple[list[Row], list[Row], list[float], np.ndarray]:
    chance = np.random.default_rng(seed)
    given: list[Row] = []
    seen: list[Row] = []
    confidence: list[float] = []
    wrong = chance.random(pictures) < 0.2
    for picture in range(pictures):
        truth = [box_at(chance) for _ in range(chance.integers(1, 7))]
        planted = int(chance.integers(len(truth))) if wrong[picture] else -1
        which = sort if sort != "any" else str(chance.choice(SORTS))
        for place, (label, sides) in enumerate(truth):
            if place != planted:
                given.append((picture, label, *sides))
            elif which == "placed":
                given.append((picture, label, *moved(sides, chance, 0.3)))
            elif which == "named":
                given.append((picture, int(label + chance.integers(1, LABELS)) % LABELS, *sides))
            elif len(truth) == 1:
                wrong[picture] = False  # else the picture would be gone from the table
                given.append((picture, label, *sides))
            if chance.random() > 0.1:
                said = label if chance.random() > 0.1 else int(chance.integers(LABELS))
                seen.append((picture, said, *moved(sides, chance, 0.03)))
                confidence.append(
                    float(most * (0.3 + 0.7 * chance.beta(4, 1) if said == label else 0.3 + 0.7 * chance.beta(2, 2)))
                )
        for _ in range(chance.poisson(0.5)):
            label, sides = box_at(chance)
            seen.append((picture, label, *sides))
            confidence.append(float(most * (0.2 + 0.8 * chance.beta(1, 3))))
    return given, seen, confidence, wrong


def box_at(chance: np.random.Generator) -> tuple[int, tuple[float, float, float, float]]:
    left, top = chance.uniform(200, 700, 2)
    width, height = chance.uniform(30, 140, 2)
    return int(chance.integers(LABELS)), (float(left), float(top), float(left + width), float(top + height))


def moved(
    sides: tuple[float, float, float, float], chance: np.random.Generator, by: float
) -> tuple[float, float, float, float]:
    """A box moved and stretched by such a share of its size."""
    left, top, right, bottom = sides
    size = np.array([right - left, bottom - top, right - left, bottom - top])
    at = np.array(sides) + chance.normal(0, by, 4) * size
    at = np.maximum(at, 0)
    return (float(at[0]), float(at[1]), float(max(at[2], at[0] + 1)), float(max(at[3], at[1] + 1)))


if __name__ == "__main__":
    main()

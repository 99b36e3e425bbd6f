"""Consensus of transcripts, numbers, several labels and comparisons, beside their baselines, on recorded crowds and made ones.

    python -m bench.quality_sequences [transcripts|numbers|labels|pairs] [--data ../shared/data/crowd] [--rover PYTHON]

Word error is all changes over all words of the gold, both texts in small letters with everything but letters, digits and
apostrophes turned into spaces: under this, crowd-kit's ROVER of texts treated likewise has the 6.05, 60.8 and 52.5 % that
are known of it. `--rover` is a Python that has crowd-kit, which is then run beside. Made worlds have seeds 0, 1, 2, ….
Seconds are of the CPU, reading included; memory is what the process reached above what it had.
"""

import argparse
import csv
import re
import resource
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from rapidfuzz.distance import Levenshtein

from karat.quality import BradleyTerry, MultiLabel, Numbers, Ordinals, Pairs, Transcripts, Votes
from karat.quality.consensus.multilabel import ticks_of

TEXTS = ("speech_dev_clean", "wsa_j1", "wsa_t2")
MEANING = re.compile(r"[^\w\s']")
ROVER = """
import sys, time, resource, re
import pandas as pd
from crowdkit.aggregation import ROVER
table = pd.read_csv(sys.argv[1]).rename(columns={"label": "text"})
table["text"] = table.text.fillna("").map(lambda s: " ".join(re.sub(r"[^\\w\\s']", " ", s.lower()).split()))
before, start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
found = ROVER(tokenizer=lambda s: s.split(" "), detokenizer=" ".join).fit_predict(table)
took = time.process_time() - start
peak = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
found.rename("label").rename_axis("task").reset_index().to_csv(sys.argv[2], index=False)
print(took, peak)
"""


def words(text: str) -> list[str]:
    return MEANING.sub(" ", text.lower()).split()


def word_error(found: dict[object, str], gold: dict[object, str]) -> float:
    errors = sum(Levenshtein.distance(words(text), words(found[item])) for item, text in gold.items())
    return 100 * errors / sum(len(words(text)) for text in gold.values())


def read(folder: Path, column: Callable[[str], object]) -> tuple[Votes, dict[object, str]]:
    with (folder / "labels.csv").open() as file:
        rows = list(csv.DictReader(file))
    with (folder / "gold.csv").open() as file:
        gold: dict[object, str] = {row["task"]: row["label"] for row in csv.DictReader(file)}
    table = {"i": [r["task"] for r in rows], "a": [r["worker"] for r in rows], "l": [column(r["label"]) for r in rows]}
    return Votes.from_table(table, item="i", annotator="a", label="l"), gold


def transcripts(data: Path, rover: str | None) -> None:
    print(
        f"{'word error, %':18}{'ROVER':>8}{'equal':>8}{'medoid':>8}{'Karat':>8}{'best':>8}{'said':>8}{'was':>8}{'CPU s':>8}{'MiB':>7}  chosen"
    )
    for name in TEXTS:
        peer = rover_of(data / name, rover) if rover else None
        before, start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
        votes, gold = read(data / name, str)
        model = Transcripts().fit(votes)
        took = time.process_time() - start
        peak = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
        items = votes.items.tolist()
        figures = [
            word_error(dict(zip(items, fitted.texts_, strict=True)), gold)
            for fitted in (Transcripts(strength=0).fit(votes), Transcripts(strength=0, mixture=2).fit(votes), model)
        ]
        given: dict[object, list[str]] = {}
        for item, label in zip(votes.item_codes.tolist(), votes.label_codes.tolist(), strict=True):
            given.setdefault(items[item], []).append(str(votes.labels[label]))
        best = {i: min(given[i], key=lambda t, i=i: Levenshtein.distance(words(gold[i]), words(t))) for i in gold}
        right = [
            1 - Levenshtein.normalized_distance(words(gold[i]), words(text))
            for i, text in zip(items, model.texts_, strict=True)
        ]
        shown = f"{word_error(peer[0], gold):8.2f}" if peer else f"{'-':>8}"
        print(
            f"{name:18}{shown}" + "".join(f"{f:8.2f}" for f in figures) + f"{word_error(best, gold):8.2f}"
            f"{100 * model.posterior_.mean():8.1f}{100 * np.mean(right):8.1f}{took:8.1f}{peak:7.0f}"
            f"  strength {model.reading_.strength}, sharpness {model.reading_.sharpness}"
            + (f"; ROVER {peer[1]:.1f} CPU s, {peer[2]:.0f} MiB" if peer else ""),
            flush=True,
        )
    made_transcripts()


def rover_of(folder: Path, python: str) -> tuple[dict[object, str], float, float]:
    out = Path(f"/tmp/rover-{folder.name}.csv")
    run = subprocess.run(
        [python, "-c", ROVER, str(folder / "labels.csv"), str(out)], check=True, capture_output=True, text=True
    )
    took, peak = map(float, run.stdout.split()[-2:])
    with out.open() as file:
        return {row["task"]: row["label"] for row in csv.DictReader(file)}, took, peak


def made_transcripts() -> None:
    """Sentences of twelve of 112 words; a wrong word is missing, another, or one more; some share which other it is."""
    known = [f"{a}{b}" for a in "bcdfghklmnprst" for b in ("ame", "ent", "ish", "old", "une", "art", "ick", "oss")]
    worlds = {
        "all alike": ([0.2] * 5, 0.0),
        "two good of seven": ([0.05] * 2 + [0.6] * 5, 0.0),
        "shared errors": ([0.1, 0.2, 0.25, 0.3, 0.3], 0.8),
    }
    for name, (rates, shared) in worlds.items():
        figures = []
        for seed in range(3):
            random, rows, gold = np.random.default_rng(seed), [], {}
            for item in range(150):
                right, other = ([known[k] for k in random.integers(0, len(known), 12)] for _ in range(2))
                gold[item] = " ".join(right)
                for who, rate in enumerate(rates):
                    text = []
                    for word, same in zip(right, other, strict=True):
                        wrong = same if random.random() < shared else known[int(random.integers(0, len(known)))]
                        text += (
                            [word]
                            if random.random() > rate
                            else [[], [wrong], [word, wrong]][int(random.integers(0, 3))]
                        )
                    rows.append((item, who, " ".join(text)))
            table = dict(zip("ial", map(list, zip(*rows, strict=True)), strict=True))
            votes = Votes.from_table(table, item="i", annotator="a", label="l")
            model, equal = Transcripts().fit(votes), Transcripts(strength=0).fit(votes)
            errors = [word_error(dict(enumerate(fitted.texts_)), gold) for fitted in (equal, model)]
            figures.append([*errors, 100 * model.posterior_.mean()])
        equal_error, error, said = np.mean(figures, axis=0)
        print(f"made: {name:20} equal voices {equal_error:.2f}, Karat {error:.2f}; expected right {said:.1f}")


def numbers(data: Path) -> None:
    start = time.process_time()
    votes, gold = read(data / "emotion_a", float)
    model = Numbers().fit(votes)
    took = time.process_time() - start
    truth = np.array([float(gold[item]) for item in votes.items.tolist()])
    shown(
        "emotion_a", votes, truth, model, Numbers(held=0).fit(votes), f"{took:.2f} CPU s, halves {model.reliability_}"
    )
    settings = {
        "bias and scale": (8, 0.2, 0.5, 0),
        "noise only": (0, 0, 0.7, 0),
        "slips": (3, 0.1, 0.5, 0.05),
        "alike": (0, 0, 0, 0),
    }
    for name, planted in settings.items():
        for seed in range(3):
            votes, truth = made_numbers(seed, *planted)
            shown(f"made: {name} {seed}", votes, truth, Numbers().fit(votes), Numbers(held=0).fit(votes), "")
    print("steps (made, 5 levels): mean distance from the truth of median, Karat; right: vote, Karat")
    for seed in range(3):
        votes, truth = made_steps(seed)
        value = votes.labels[votes.label_codes].astype(float)
        middle = np.array([np.median(value[votes.item_codes == item]) for item in range(len(truth))])
        found = Ordinals().fit(votes).labels_.astype(float)
        vote = votes.counts().argmax(axis=1)
        print(
            f"  seed {seed}: {np.abs(middle - truth).mean():.3f}, {np.abs(found - truth).mean():.3f};"
            f" {100 * (vote == truth).mean():.1f}, {100 * (found == truth).mean():.1f} %"
        )


def shown(name: str, votes: Votes, truth: np.ndarray, model: Numbers, free: Numbers, note: str) -> None:
    value = votes.labels[votes.label_codes]
    mean = np.bincount(votes.item_codes, value) / np.bincount(votes.item_codes)
    median = np.array([np.median(value[votes.item_codes == item]) for item in range(len(truth))])
    errors = [np.abs(found - truth).mean() for found in (mean, median, free.values_, model.values_)]
    inside = 100 * ((model.low_ <= truth) & (truth <= model.high_)).mean()
    print(
        f"{name:24} absolute error: mean {errors[0]:.3f}, median {errors[1]:.3f}, Karat unheld {errors[2]:.3f}, Karat"
        f" {errors[3]:.3f}; interval holds {inside:.0f} %; tails {model.rated_.tails}  {note}",
        flush=True,
    )


def made_numbers(seed: int, bias: float, scale: float, noise: float, slips: float) -> tuple[Votes, np.ndarray]:
    random = np.random.default_rng(seed)
    items, people, each = 300, 40, 6
    truth = random.normal(50, 20, items)
    off, stretch = random.normal(0, bias, people), np.exp(random.normal(0, scale, people))
    scatter = 8 * np.exp(random.normal(0, noise, people))
    item = np.repeat(np.arange(items), each)
    who = np.concatenate([random.choice(people, each, replace=False) for _ in range(items)])
    value = 50 + off[who] + stretch[who] * (truth[item] - 50) + random.normal(0, 1, len(item)) * scatter[who]
    value = np.where(random.random(len(item)) < slips, random.uniform(0, 1000, len(item)), value)
    return Votes.from_table({"i": item, "a": who, "x": value}, item="i", annotator="a", label="x"), truth


def made_steps(seed: int) -> tuple[Votes, np.ndarray]:
    random = np.random.default_rng(seed)
    truth = random.integers(0, 5, 400)
    off, scatter = random.normal(0, 0.8, 30), random.choice([0.4, 0.6, 2.0], 30)
    item = np.repeat(np.arange(400), 4)
    who = np.concatenate([random.choice(30, 4, replace=False) for _ in range(400)])
    value = np.clip(np.round(truth[item] + off[who] + random.normal(0, 1, len(item)) * scatter[who]), 0, 4).astype(int)
    return Votes.from_table({"i": item, "a": who, "x": value}, item="i", annotator="a", label="x"), truth


def labels() -> None:
    print(
        "several labels (made): F1 of ticks of more than half, of half and more, Karat; calibration error of shares, Karat"
    )
    for name, together in (("labels that go together", True), ("labels apart", False)):
        for seed in range(3):
            votes, truth = made_ticks(seed, together)
            share = ticks_of(votes, {}, none=-1)[0].shares()
            start = time.process_time()
            model = MultiLabel(none=-1).fit(votes)
            took = time.process_time() - start
            figures = [100 * f1(found, truth) for found in (share > 0.5, share >= 0.5, model.posterior_ > 0.5)]
            gaps = [100 * calibration(p, truth) for p in (share, model.posterior_)]
            types = max(model.evidences_, key=model.evidences_.__getitem__)
            print(
                f"  {name:24}{seed}: F1 {figures[0]:.1f}, {figures[1]:.1f}, {figures[2]:.1f}; error {gaps[0]:.1f},"
                f" {gaps[1]:.1f}; {types} types, {took:.2f} CPU s"
            )


def made_ticks(seed: int, together: bool) -> tuple[Votes, np.ndarray]:
    random = np.random.default_rng(seed)
    common = np.where(random.random((3, 8)) < 0.35, 0.8, 0.05) if together else np.full((3, 8), 0.3)
    truth = random.random((400, 8)) < common[random.integers(0, 3, 400)]
    hit, false = random.beta(6, 3, 25), random.beta(1.5, 12, 25)
    rows: list[tuple[int, int, int]] = []
    for item in range(400):
        for who in random.choice(25, 4, replace=False).tolist():
            ticked = np.flatnonzero(random.random(8) < np.where(truth[item], hit[who], false[who])).tolist()
            rows += [(item, who, label) for label in ticked] or [(item, who, -1)]
    table = dict(zip("ial", map(np.array, zip(*rows, strict=True)), strict=True))
    return Votes.from_table(table, item="i", annotator="a", label="l", labels=[-1, *range(8)]), truth


def f1(found: np.ndarray, truth: np.ndarray) -> float:
    return float(2 * (found & truth).sum() / (found.sum() + truth.sum()))


def calibration(posterior: np.ndarray, truth: np.ndarray) -> float:
    place = np.minimum((posterior * 10).astype(int), 9)
    return float(np.abs(np.bincount(place.ravel(), (posterior - truth).ravel())).sum() / truth.size)


def pairs() -> None:
    print("comparisons (made, a third of the annotators bad): mean error of scores, pairs in order; plain BT, Karat")
    for seed in range(3):
        random = np.random.default_rng(seed)
        scores = random.normal(0, 1.5, 40)
        trust = np.where(np.arange(30) % 3 == 0, random.uniform(0.3, 0.6, 30), random.uniform(0.85, 1, 30))
        first, who = random.integers(0, 40, 1500), random.integers(0, 30, 1500)
        second = (first + random.integers(1, 40, 1500)) % 40
        wins = random.random(1500) < 1 / (1 + np.exp(scores[second] - scores[first]))
        wins ^= random.random(1500) > trust[who]
        table = {"b": np.where(wins, first, second), "w": np.where(wins, second, first), "a": who}
        given = Pairs.from_table(table, better="b", worse="w", annotator="a")
        scores -= scores.mean()
        start = time.process_time()
        model = BradleyTerry().fit(given)
        took = time.process_time() - start
        plain = BradleyTerry(skilled="nobody").fit(given)
        errors = [np.abs(m.scores_ - scores).mean() for m in (plain, model)]
        orders = [
            100
            * float(
                (np.sign(np.subtract.outer(m.scores_, m.scores_)) == np.sign(np.subtract.outer(scores, scores))).mean()
            )
            for m in (plain, model)
        ]
        inside = [100 * ((m.low_ <= scores) & (scores <= m.high_)).mean() for m in (plain, model)]
        print(
            f"  seed {seed}: {errors[0]:.3f}, {errors[1]:.3f}; {orders[0]:.1f}, {orders[1]:.1f} %; intervals hold"
            f" {inside[0]:.0f}, {inside[1]:.0f} %; {took:.2f} CPU s"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="?", choices=["transcripts", "numbers", "labels", "pairs"])
    parser.add_argument("--data", type=Path, default=Path("../shared/data/crowd"))
    parser.add_argument("--rover", help="a Python with crowd-kit, to run its ROVER beside")
    given = parser.parse_args()
    if given.what in (None, "transcripts"):
        transcripts(given.data, given.rover)
    if given.what in (None, "numbers"):
        numbers(given.data)
    if given.what in (None, "labels"):
        labels()
    if given.what in (None, "pairs"):
        pairs()


if __name__ == "__main__":
    main()

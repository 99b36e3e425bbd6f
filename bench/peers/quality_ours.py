"""What Karat makes of one input of `bench.peers.quality`.

python -m bench.peers.quality_ours WORK INPUT OUTPUT
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np

from bench.peers.measured import measured
from karat.quality import Consensus, DawidSkene, Glad, Mace, MajorityVote, OneCoin, Votes, krippendorff_alpha
from karat.quality.consensus.model import Model
from karat.quality.mislabels import find_mislabels
from karat.quality.mislabels.crowd import find_crowd_mislabels

Arrays = dict[str, np.ndarray]


def votes_of(arrays: Arrays) -> Votes:
    return Votes.from_table(arrays, item="item", annotator="annotator", label="label")


def fitted(model: type[Model]) -> Callable[[Arrays], Arrays]:
    def work(arrays: Arrays) -> Arrays:
        found = model().fit(votes := votes_of(arrays))
        return {"items": votes.items, "labels": votes.labels, "p": found.posterior_}

    return work


def alpha(arrays: Arrays) -> Arrays:
    """With its interval from 1,000 samples."""
    found = krippendorff_alpha(votes_of(arrays))
    return {"value": np.array([found.value, found.low, found.high], np.float64)}


def label_errors(arrays: Arrays) -> Arrays:
    return {"wrong": find_mislabels(arrays["label"], arrays["p"]).suspected}


def crowd(arrays: Arrays) -> Arrays:
    people, k = np.arange(int(arrays["annotator"].max()) + 1), arrays["p"].shape[1]
    codes = (arrays[key].astype(np.int32) for key in ("item", "annotator", "label"))
    found = find_crowd_mislabels(Votes(np.arange(len(arrays["p"])), people, np.arange(k), *codes), arrays["p"])
    sure = found.posterior.max(axis=1)
    return {"own": found.labels, "own_scores": sure, "majority": found.majority, "scores": found.scores}


WORK: dict[str, Callable[[Arrays], Arrays]] = {
    "majority": fitted(MajorityVote),
    "Dawid-Skene": fitted(DawidSkene),
    "one coin": fitted(OneCoin),
    "GLAD": fitted(Glad),
    "MACE": fitted(Mace),
    "default": fitted(Consensus),
    "alpha": alpha,
    "label errors": label_errors,
    "crowd": crowd,
}


def main() -> None:
    name, source, target = sys.argv[1:]
    with np.load(source) as stored:
        arrays = {key: stored[key] for key in stored.files}
    found, figures = measured(lambda: WORK[name](arrays))
    np.savez(target, **found)
    Path(target).with_suffix(".json").write_text(json.dumps(figures))


if __name__ == "__main__":
    main()

"""cleanlab's scores of one set of `bench/mislabels.py`; runs in an environment of its own."""

import json
import resource
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
from cleanlab.filter import find_label_issues
from cleanlab.multiannotator import get_label_quality_multiannotator
from cleanlab.rank import get_label_quality_scores


def main(file: Path) -> None:
    stored = np.load(file)
    p = stored["p"].astype(np.float64) if "labels" not in stored.files or len(stored["p"]) < 100_000 else stored["p"]
    p = np.clip(p / p.sum(axis=1, keepdims=True), 0, 1)
    before, start = peak_mib(), time.process_time()
    about: dict = {}
    if "labels" in stored.files:
        labels = stored["labels"]
        find_label_issues(labels, p, n_jobs=1)
        found = {}
        for method in ("normalized_margin", "self_confidence", "confidence_weighted_entropy"):
            if len(labels) < 100_000 or method == "normalized_margin":
                found[f"cleanlab {method}"] = get_label_quality_scores(labels, p, method=method)
    else:
        table = np.full((len(p), int(stored["person"].max()) + 1), np.nan)
        table[stored["item"], stored["person"]] = stored["vote"]
        frame = pd.DataFrame(table)
        frame = frame.loc[:, frame.notna().any()]
        quality = get_label_quality_multiannotator(frame, p, verbose=False)["label_quality"]
        name = "CROWDLAB, of its own labels"
        found = {name: quality["consensus_quality_score"].to_numpy()}
        about["wrong"] = {name: (quality["consensus_label"].to_numpy() != stored["truth"]).tolist()}
    about |= {"cpu_s": time.process_time() - start, "peak_mib": peak_mib() - before}
    np.savez(file.with_suffix(".scores.npz"), **found)
    print(json.dumps(about))


def peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main(Path(sys.argv[1]))

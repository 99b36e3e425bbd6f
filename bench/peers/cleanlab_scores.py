"""cleanlab's scores of one set of `bench/mislabels.py`; runs in an environment of its own."""

import json
import resource
import sys
import time
from pathlib import Path

import numpy as np
from cleanlab.filter import find_label_issues
from cleanlab.rank import get_label_quality_scores


def main(file: Path) -> None:
    stored = np.load(file)
    p = stored["p"].astype(np.float64) if len(stored["p"]) < 100_000 else stored["p"]
    p = np.clip(p / p.sum(axis=1, keepdims=True), 0, 1)
    before, start = peak_mib(), time.process_time()
    labels = stored["labels"]
    find_label_issues(labels, p, n_jobs=1)
    found = {}
    for method in ("normalized_margin", "self_confidence", "confidence_weighted_entropy"):
        if len(labels) < 100_000 or method == "normalized_margin":
            found[f"cleanlab {method}"] = get_label_quality_scores(labels, p, method=method)
    about = {"cpu_s": time.process_time() - start, "peak_mib": peak_mib() - before}
    np.savez(file.with_suffix(".scores.npz"), **found)
    print(json.dumps(about))


def peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main(Path(sys.argv[1]))

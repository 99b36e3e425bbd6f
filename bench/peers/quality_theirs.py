"""What crowd-kit, krippendorff, irrCAC and cleanlab make of one input of `bench.peers.quality`; runs in their environment.

python -m bench.peers.quality_theirs WORK INPUT OUTPUT
"""

import json
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from bench.peers.measured import measured

Arrays = dict[str, np.ndarray]
Work = Callable[[], Any]


def crowd_kit(name: str) -> Callable[[Arrays], Work]:
    def prepared(arrays: Arrays) -> Work:
        import pandas as pd
        from crowdkit.aggregation import GLAD, MACE, MMSR, DawidSkene, MajorityVote, OneCoinDawidSkene

        make = {
            "majority": MajorityVote,
            "Dawid-Skene": DawidSkene,
            "one coin": OneCoinDawidSkene,
            "GLAD": GLAD,
            "MACE": MACE,
            "M-MSR": MMSR,
        }[name]
        frame = pd.DataFrame({"task": arrays["item"], "worker": arrays["annotator"], "label": arrays["label"]})

        def work() -> Arrays:
            model = make()
            # M-MSR gives scores, which are no probabilities.
            found = model.fit_predict_score(frame) if name == "M-MSR" else model.fit_predict_proba(frame)
            return {"items": found.index.to_numpy(), "labels": found.columns.to_numpy(), "p": found.to_numpy()}

        return work

    return prepared


def krippendorff_matrix(arrays: Arrays) -> Work:
    import krippendorff

    table = np.full((int(arrays["annotator"].max()) + 1, int(arrays["item"].max()) + 1), np.nan)
    table[arrays["annotator"], arrays["item"]] = arrays["label"]
    return lambda: {"value": np.array(krippendorff.alpha(table, level_of_measurement="nominal"))}


def krippendorff_counts(arrays: Arrays) -> Work:
    import krippendorff

    def work() -> Arrays:
        k = int(arrays["label"].max()) + 1
        cell = arrays["item"].astype(np.int64) * k + arrays["label"]
        counts = np.bincount(cell, minlength=(int(arrays["item"].max()) + 1) * k).reshape(-1, k)
        return {"value": np.array(krippendorff.alpha(value_counts=counts, level_of_measurement="nominal"))}

    return work


def irrcac(arrays: Arrays) -> Work:
    import pandas as pd
    from irrCAC.raw import CAC

    votes = int(np.bincount(arrays["item"]).max())
    order = np.argsort(arrays["item"], kind="stable")
    table = arrays["label"][order].reshape(-1, votes).astype(object)  # who voted does not matter for alpha
    frame = pd.DataFrame(table)
    return lambda: {"value": np.array(CAC(frame, digits=10).krippendorff()["est"]["coefficient_value"])}


def label_errors(arrays: Arrays) -> Work:
    from cleanlab.filter import find_label_issues

    return lambda: {"wrong": find_label_issues(arrays["label"], arrays["p"], n_jobs=1)}


def crowdlab(arrays: Arrays) -> Work:
    import pandas as pd
    from cleanlab.multiannotator import get_label_quality_multiannotator

    table = np.full((len(arrays["p"]), int(arrays["annotator"].max()) + 1), np.nan)
    table[arrays["item"], arrays["annotator"]] = arrays["label"]
    frame = pd.DataFrame(table)
    frame = frame.loc[:, frame.notna().any()]

    def work() -> Arrays:
        methods = ["best_quality", "majority_vote"]
        quality = get_label_quality_multiannotator(frame, arrays["p"], consensus_method=methods, verbose=False)
        found = quality["label_quality"]
        return {
            "own": found["consensus_label"].to_numpy(),
            "own_scores": found["consensus_quality_score"].to_numpy(),
            "majority": found["consensus_label_majority_vote"].to_numpy(),
            "scores": found["consensus_quality_score_majority_vote"].to_numpy(),
        }

    return work


WORK: dict[str, Callable[[Arrays], Work]] = {
    "majority": crowd_kit("majority"),
    "Dawid-Skene": crowd_kit("Dawid-Skene"),
    "one coin": crowd_kit("one coin"),
    "GLAD": crowd_kit("GLAD"),
    "MACE": crowd_kit("MACE"),
    "M-MSR": crowd_kit("M-MSR"),
    "krippendorff": krippendorff_matrix,
    "krippendorff, counted": krippendorff_counts,
    "irrCAC": irrcac,
    "label errors": label_errors,
    "CROWDLAB": crowdlab,
}


def main() -> None:
    warnings.simplefilter("ignore")
    name, source, target = sys.argv[1:]
    with np.load(source) as stored:
        work = WORK[name]({key: stored[key] for key in stored.files})
    found, figures = measured(work)
    np.savez(target, **found)
    Path(target).with_suffix(".json").write_text(json.dumps(figures))


if __name__ == "__main__":
    main()

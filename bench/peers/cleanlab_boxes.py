"""cleanlab's ObjectLab scores of the planted boxes of `bench/mislabels_regions.py`; runs in an environment of its own."""

import json
import sys
import time
from pathlib import Path

import numpy as np
from cleanlab.object_detection.rank import get_label_quality_scores


def main(file: Path) -> None:
    stored = json.loads(file.read_text())
    pictures = stored["pictures"]
    count = 1 + max(row[1] for row in stored["given"] + stored["found"])
    labels = [{"bboxes": [], "labels": []} for _ in range(pictures)]
    for picture, label, *sides in stored["given"]:
        labels[picture]["bboxes"].append(sides)
        labels[picture]["labels"].append(label)
    found = [[[] for _ in range(count)] for _ in range(pictures)]
    for (picture, label, *sides), p in zip(stored["found"], stored["confidence"], strict=True):
        found[picture][label].append([*sides, p])
    given = [{key: np.array(value) for key, value in entry.items()} for entry in labels]
    predictions = []
    for each in found:
        rows = np.empty(count, dtype=object)
        for label, boxes in enumerate(each):
            rows[label] = np.array(boxes, np.float32).reshape(-1, 5)
        predictions.append(rows)
    start = time.process_time()
    scores = get_label_quality_scores(given, predictions, verbose=False)
    print(json.dumps({"scores": scores.tolist(), "cpu_s": time.process_time() - start}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))

"""An export held against the files that were imported: what nobody touched says there what it said before."""

import csv
import json
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
from gallery_trip import DiffersError
from PIL import Image

Json = dict[str, Any]


def coco(source: Path, out: Path) -> None:
    """Each annotation with its picture, category, box, outline and keypoints, numbers to a hundredth."""
    before = sum((_coco(file) for file in sorted(source.glob("*.json"))), Counter())
    after = sum((_coco(file) for file in (out / "coco-theirs").rglob("*.json") if _is_coco(file)), Counter())
    _equal(before, after, "COCO")


def _is_coco(file: Path) -> bool:
    content = json.loads(file.read_text("utf-8"))
    return isinstance(content, dict) and "annotations" in content and "images" in content


def _coco(file: Path) -> "Counter[str]":
    content = json.loads(file.read_text("utf-8"))
    images = {image["id"]: Path(image["file_name"]).stem for image in content["images"]}
    names = {category["id"]: category["name"] for category in content["categories"]}
    found: Counter[str] = Counter()
    for one in content["annotations"]:
        shape = [[round(v, 2) + 0 for v in ring] for ring in one.get("segmentation") or [] if isinstance(ring, list)]
        box = [round(v, 2) + 0 for v in one["bbox"]]
        points = [round(v, 2) + 0 for v in one.get("keypoints") or []]
        crowd = one.get("iscrowd", 0)
        found[json.dumps([images[one["image_id"]], names[one["category_id"]], box, shape, points, crowd])] += 1
    return found


def conllu(source: Path, out: Path) -> None:
    """Byte by byte."""
    _equal_text(source, next((out / "conllu-theirs").rglob("*.conllu")))


def conll(source: Path, out: Path) -> None:
    """Each token with its tag, sentence by sentence."""
    _equal_text(source, next(p for p in (out / "conll-theirs").rglob("*") if p.suffix in (".conll", ".txt", ".iob")))


def _equal_text(source: Path, written: Path) -> None:
    before = [line.split() for line in source.read_text("utf-8").strip().splitlines()]
    after = [line.split() for line in written.read_text("utf-8").strip().splitlines()]
    for number, (one, other) in enumerate(zip(before, after, strict=False), start=1):
        if one != other:
            raise DiffersError(f"line {number} of {source.name} is {one}, and {other} in the export")
    if len(before) != len(after):
        raise DiffersError(f"{source.name} has {len(before)} lines, its export {len(after)}")


def masks(source: Path, out: Path) -> None:
    """Pixel by pixel, by the names of the classes."""
    folder = next(p for p in (source / "testannot", source / "masks") if p.exists())
    written = {file.stem: file for file in (out / "mask_folder-theirs").rglob("masks*/*.png")}
    theirs = _names(next((out / "mask_folder-theirs").rglob("classes.csv")))
    ours = _names(source / "classes.csv")
    for file in sorted(folder.glob("*.png")):
        with Image.open(file) as before, Image.open(written[file.stem]) as after:
            a, b = np.asarray(before), np.asarray(after)
        for number, name in ours.items():
            other = next((n for n, label in theirs.items() if label == name), -1)
            if not np.array_equal(a == number, b == other):
                raise DiffersError(f"{file.name}: {int(((a == number) != (b == other)).sum())} pixels of {name} differ")


def _names(file: Path) -> dict[int, str]:
    with file.open(encoding="utf-8", newline="") as rows:
        return {int(row["value"]): row["label"] for row in csv.DictReader(rows)}


def _equal(before: "Counter[str]", after: "Counter[str]", what: str) -> None:
    if before != after:
        lost, more = before - after, after - before
        raise DiffersError(
            f"{what}: {lost.total()} of {before.total()} annotations are not in the export as they were, such as "
            f"{next(iter(lost), '-')[:300]}; instead there are {more.total()}, such as {next(iter(more), '-')[:300]}"
        )

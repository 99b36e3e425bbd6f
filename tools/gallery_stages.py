"""How each set of the gallery is laid out for its import: its files, and a table or list where Karat reads another one."""

import csv
import json
import re
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

Stage = Callable[[Path, Path], Path]
"""From the folder of a set, and one that is not there yet, to what is imported."""
CAMVID = [
    "Sky",
    "Building",
    "Pole",
    "Road",
    "Pavement",
    "Tree",
    "SignSymbol",
    "Fence",
    "Car",
    "Pedestrian",
    "Bicyclist",
    "Unlabelled",
]


def whole(given: Path, into: Path) -> Path:
    """All of it as it is."""
    return given


def part(name: str) -> Stage:
    """One file or folder of it."""
    return lambda given, into: given / name


def copied(files: Iterable[Path], into: Path) -> Path:
    """These files in one folder."""
    into.mkdir(parents=True, exist_ok=True)
    for file in files:
        shutil.copy(file, into / file.name)
    return into


def coco128(given: Path, into: Path) -> Path:
    """Photographs and their semantic masks, with the names of classes out of the set's `config.yaml`."""
    copied((given / "images" / "train2017").glob("*.jpg"), into / "images")
    copied((given / "semantic_segmentation" / "masks" / "train2017").glob("*.png"), into / "masks")
    config = (given / "semantic_segmentation" / "config.yaml").read_text("utf-8")
    named = re.findall(r"^  (\d+): (.+)$", config, re.M)
    return _classes(into, [(int(number), name.strip()) for number, name in named if number != "0"])


def camvid(given: Path, into: Path) -> Path:
    """`test/` beside `testannot/`, with the names of the classes as SegNet numbers them."""
    for name in ("test", "testannot"):
        copied((given / name).glob("*.png"), into / name)
    return _classes(into, list(enumerate(CAMVID)))


def instances(given: Path, into: Path) -> Path:
    """A COCO file and the photographs that it names."""
    named = {image["file_name"] for image in json.loads((given / "instances.json").read_text("utf-8"))["images"]}
    copied([given / "instances.json"], into)
    copied([given / "images" / name for name in sorted(named)], into / "images")
    return into


def keypoints(given: Path, into: Path) -> Path:
    """A COCO file of keypoints and its photographs."""
    return copied([given / "test_coco.json", *given.glob("*.jpg")], into)


def aerial(given: Path, into: Path) -> Path:
    """The photograph and its COCO file."""
    return copied([given / "coco_utils" / name for name in ("terrain1.jpg", "terrain1_coco.json")], into)


def quads(given: Path, into: Path) -> Path:
    """MMOCR's list of corners written as COCO; what it says to ignore is a crowd there."""
    given = given / "det_toy_dataset"
    copied((given / "imgs" / "test").glob("*.jpg"), into)
    images, annotations = [], []
    for number, one in enumerate(json.loads((given / "textdet_test.json").read_text("utf-8"))["data_list"], start=1):
        name = Path(one["img_path"]).name
        images.append({"id": number, "file_name": name, "width": one["width"], "height": one["height"]})
        for word in one["instances"]:
            left, top, right, bottom = word["bbox"]
            annotations.append(
                {
                    "id": len(annotations) + 1,
                    "image_id": number,
                    "category_id": 1,
                    "segmentation": [word["polygon"]],
                    "bbox": [left, top, right - left, bottom - top],
                    "area": (right - left) * (bottom - top),
                    "iscrowd": int(word["ignore"]),
                }
            )
    content = {"images": images, "annotations": annotations, "categories": [{"id": 1, "name": "text"}]}
    (into / "textdet_test_coco.json").write_text(json.dumps(content), "utf-8")
    return into


def mt_bench(given: Path, into: Path) -> Path:
    """The questions as conversations, with the reference answers where there are some."""
    given = given / "mt_bench"
    answers = {
        row["question_id"]: row["choices"][0]["turns"] for row in _lines(given / "reference_answer" / "gpt-4.jsonl")
    }
    into.mkdir(parents=True)
    with (into / "mt_bench.jsonl").open("w", encoding="utf-8") as out:
        for row in _lines(given / "question.jsonl"):
            messages = []
            for number, question in enumerate(row["turns"]):
                messages.append({"role": "user", "content": question})
                for answer in answers.get(row["question_id"], [])[number : number + 1]:
                    messages.append({"role": "assistant", "content": answer})
            line = {"key": str(row["question_id"]), "kind": row["category"], "conversation": messages}
            out.write(json.dumps(line) + "\n")
    return into / "mt_bench.jsonl"


def _lines(file: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


def _classes(folder: Path, rows: Iterable[tuple[int, str]]) -> Path:
    with (folder / "classes.csv").open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([("value", "label"), *rows])
    return folder

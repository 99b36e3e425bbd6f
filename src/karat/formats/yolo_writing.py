"""YOLO out, as docs.ultralytics.com has its data sets: pictures, a label file for each, and `data.yaml`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from dataclasses import field as default

import msgspec

from karat.formats.base import Loss, Record, Sink, WriteContext
from karat.formats.losing import Losing
from karat.formats.propose import to_yaml
from karat.formats.region_writing import (
    UNSIZED,
    Answer,
    Holding,
    answers,
    fields_of,
    labels_of,
    region_losses,
    stem_of,
    write_picture,
)
from karat.formats.regions import Region
from karat.formats.repeats import Repeats
from karat.formats.yolo_rows import row_of, shares_of
from karat.model.schema import Field, Schema

HOLDING = Holding(own="yolo", kinds=("box", "rotated_box", "polygon", "keypoints"))
TASKS = {"box": "detect", "rotated_box": "obb", "polygon": "segment", "keypoints": "pose"}
"""A data set is for one of them."""
SPLITS = {"train": "train", "training": "train", "val": "val", "valid": "val", "validation": "val", "dev": "val", "test": "test", "testing": "test"}  # fmt: skip
ALL = "all"
"""The part of items that have no `split`; trained and validated by."""
BEYOND = "corners beyond the picture"
EDGE = "moved to its edge"


@dataclass
class Set:
    """The fields that are written into one data set, with where it goes and which parts it has."""

    kind: str
    fields: list[Field]
    folder: str
    splits: dict[str, dict[str, None]] = default(default_factory=dict)
    """Of each author's folder."""


def write(sink: Sink, records: Iterable[Record], context: WriteContext) -> None:
    """`data.yaml`, `images/<part>/` and `labels/<part>/`, below a folder for each author and for each task where there are
    several; the part is the item's `split`, else `all`."""
    sets = _sets(context.schema)
    names = Repeats()
    losing = Losing(context.losses)
    for answer in answers(records, context, HOLDING):
        facts = answer.stream.facts
        if not facts.width or not facts.height:
            losing.add(UNSIZED, len(answer.regions))
            continue
        stem = stem_of(answer, names)
        above = f"{answer.author}/" if answer.author else ""
        part = SPLITS.get(str(answer.item.metadata.get("split", "")).lower(), ALL)
        for one in sets:
            if not any(field.key in answer.response.covers for field in one.fields):
                continue
            folder = above + one.folder
            one.splits.setdefault(above, {}).setdefault(part)
            write_picture(sink, f"{folder}images/{part}/", stem, answer, context)
            with sink.open(f"{folder}labels/{part}/{stem}.txt") as file:
                file.write(_rows(answer, one, (facts.width, facts.height), losing).encode())
    for one in sets:
        for above, splits in (one.splits or {"": {}}).items():
            with sink.open(f"{above}{one.folder}data.yaml") as file:
                file.write(to_yaml(_description(one, splits)).encode())


def losses(schema: Schema) -> list[Loss]:
    """What YOLO has no place for."""
    return region_losses(schema, HOLDING, {UNSIZED: "left out", BEYOND: EDGE})


def _sets(schema: Schema) -> list[Set]:
    """Fields with one data set for each task, and for each template of keypoints."""
    found: dict[tuple[str, ...], list[Field]] = {}
    for field in fields_of(schema, HOLDING):
        kind = HOLDING.nearest(field.kind) or field.kind
        found.setdefault((kind, *getattr(field.options, "points", ())), []).append(field)
    several = [kind for kind, *_ in found]
    sets: list[Set] = []
    for (kind, *_rest), fields in found.items():
        task = TASKS[kind]
        more = f".{fields[0].key}" if several.count(kind) > 1 else ""
        sets.append(Set(kind, fields, f"{task}{more}/" if len(found) > 1 else ""))
    return sets


def _rows(answer: Answer, one: Set, size: tuple[int, int], losing: Losing) -> str:
    numbers = {label: n for n, label in enumerate(labels_of(one.fields))}
    points = tuple(getattr(one.fields[0].options, "points", ()))
    boxes = {r.group: r.value for r in answer.regions if r.kind == "box" and r.group}
    rows: list[str] = []
    for region in answer.regions:
        if region.kind != one.kind or (points and not _has(region, points)):
            continue
        box = boxes.get(region.group) if region.group else None
        shares, beyond = shares_of(region.kind, region.value, box if isinstance(box, dict) else None, size)
        losing.add(BEYOND, beyond, becomes=EDGE)
        rows.append(row_of(numbers[region.label], shares))
    return "".join(rows)


def _has(region: Region, points: tuple[str, ...]) -> bool:
    return isinstance(region.value, dict) and tuple(region.value) == points


def _description(one: Set, splits: Mapping[str, None]) -> dict[str, object]:
    """`data.yaml`: where the parts are, names by number, and the shape of keypoints. Without a part to validate by, the
    pictures to train on stand there, since the key is asked for."""
    parts = {part: f"images/{part}" for part in ("train", "val", "test", ALL) if part in splits}
    to_train = [parts[part] for part in ("train", ALL) if part in parts] or list(parts.values()) or [f"images/{ALL}"]
    train = to_train[0] if len(to_train) == 1 else to_train
    found: dict[str, object] = {"path": ".", "train": train, "val": parts.get("val") or train}
    if "test" in parts:
        found["test"] = parts["test"]
    options = msgspec.to_builtins(one.fields[0].options)
    if one.kind == "keypoints":
        points = list(options["points"])
        swapped = {a: b for pair in options.get("pairs", ()) for a, b in (tuple(pair), tuple(reversed(pair)))}
        found["kpt_shape"] = [len(points), 3]
        found["flip_idx"] = [points.index(swapped.get(name, name)) for name in points]
        found["kpt_names"] = {0: points}
    found["names"] = dict(enumerate(labels_of(one.fields)))
    return found

"""What a folder of YOLO has: pictures, the label file of each, names of classes, and what the rows are for."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import PurePosixPath

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from karat.formats.base import Source
from karat.formats.cells import BadCell
from karat.formats.columns import is_image
from karat.formats.lines import head_of
from karat.formats.sources import READ_ERRORS, is_aside
from karat.formats.yolo_rows import Task, numbers_of, rows_in

NAMED = re.compile(rb"^\s*names\s*:", re.MULTILINE)
SETS = re.compile(rb"^\s*(train|val|test|path|nc)\s*:", re.MULTILINE)
ROW = re.compile(rb"^\s*\d{1,5}(?:[ \t]+-?(?:[01]?\.\d+(?:[eE]-?\d+)?|[012])){4,}[ \t]*$")
LISTS = frozenset({"train.txt", "val.txt", "valid.txt", "test.txt", "classes.txt"})
LARGEST = 1 << 20
LARGEST_LABELS = 32 << 20
SAMPLE = 500
OBJECT = "kpt_shape"


@dataclass(frozen=True)
class Found:
    """Pictures in their order with the label file of each, label files without a picture, and the sets by their folder.

    A label file is None where no picture of the folder has one, "" where others have.
    """

    pictures: tuple[tuple[str, str | None], ...]
    strays: tuple[str, ...]
    sets: Mapping[str, "Told"]

    def told(self, name: str) -> "Told":
        """What is said of a file: by the nearest folder above it that says something, else by the first."""
        folder = _folder_of(name, self.sets)
        return self.sets[folder] if folder is not None else next(iter(self.sets.values()), Told({}, Task()))


@dataclass(frozen=True)
class Told:
    """Names by number, and what rows are for."""

    names: Mapping[int, str]
    task: Task


def is_table(name: str, head: bytes) -> bool:
    """Whether a file is the description of a set, as Ultralytics documents it."""
    return name.lower().endswith((".yaml", ".yml")) and bool(NAMED.search(head) and SETS.search(head))


def is_labels(name: str, head: bytes) -> bool:
    """Whether a text file begins with a row of a class and shares of a picture."""
    first = next((line for line in head.splitlines() if line.strip()), b"")
    return name.lower().endswith(".txt") and bool(ROW.match(first))


def look(source: Source) -> Found:
    """All names of a source, and a sample of its rows."""
    pictures: list[str] = []
    texts: dict[str, None] = {}
    tables: list[str] = []
    for name in source.names():
        last = name.rsplit("/", 1)[-1].lower()
        if is_image(name):
            pictures.append(name)
        elif last.endswith((".yaml", ".yml", ".names")) or last == "classes.txt":
            tables.append(name)
        elif last.endswith(".txt") and last not in LISTS and not is_aside(name):
            texts.setdefault(name)
    stems: dict[str, list[str]] = {}
    for name in texts:
        stems.setdefault(PurePosixPath(name).stem, []).append(name)
    labels = {name: _labels_of(name, texts, stems) for name in pictures}
    used = {label for label in labels.values() if label}
    folders = {PurePosixPath(name).parent for name, label in labels.items() if label}
    with_labels = tuple(
        (n, label if label or PurePosixPath(n).parent not in folders else "") for n, label in labels.items()
    )
    strays = tuple(name for name in texts if name not in used and is_labels(name, _head(source, name)))
    sets = _sets(source, tables)
    rows: dict[str, list[str]] = {}
    for name in (*used, *strays):
        rows.setdefault(_folder_of(name, sets) or next(iter(sets), ""), []).append(name)
    for folder, mine in rows.items():
        told = sets.get(folder, Told({}, Task()))
        sample = list(islice(_rows(source, mine), 20_000))
        is_turned = bool(sample) and all(len(row) == 9 for row in sample)
        sets[folder] = told if told.task.points else Told(told.names, Task(corners=is_turned))
    return Found(with_labels, strays, sets)


def text_of(source: Source, name: str) -> str:
    """A label file; raises `ValueError` or one of `READ_ERRORS` where it cannot be read."""
    with source.open(name) as file:
        found = file.read(LARGEST_LABELS + 1)
    if len(found) > LARGEST_LABELS:
        raise ValueError(f"more than {LARGEST_LABELS} bytes")
    return found.decode("utf-8-sig")


def _labels_of(picture: str, texts: Mapping[str, None], stems: Mapping[str, Sequence[str]]) -> str | None:
    """The label file of a picture: in `labels` where it is in `images`, beside it, else the nearest of its name."""
    path = PurePosixPath(picture)
    parts = list(path.with_suffix(".txt").parts)
    for n in range(len(parts) - 2, -1, -1):
        if parts[n].lower() == "images":
            found = "/".join([*parts[:n], "labels", *parts[n + 1 :]])
            if found in texts:
                return found
    if "/".join(parts) in texts:
        return "/".join(parts)
    words = set(path.parts[:-1])
    near = {name: len(words & set(PurePosixPath(name).parts[:-1])) for name in stems.get(path.stem, ())}
    best = [name for name, alike in near.items() if alike == max(near.values())]
    return best[0] if len(best) == 1 else None


def _sets(source: Source, tables: Sequence[str]) -> dict[str, Told]:
    """By folder, names and the shape of keypoints: of the description where there is one, else of a list of names."""
    found: dict[str, Told] = {}
    for name in tables:
        folder = name.rpartition("/")[0]
        if name.lower().endswith(("yaml", "yml")):
            told = _yaml(source, name)
            given = told.get("names")
            pairs = given.items() if isinstance(given, dict) else enumerate(given) if isinstance(given, list) else ()
            names = {int(n): str(label) for n, label in pairs if str(n).isdigit() and isinstance(label, str | int)}
            if names:
                found[folder] = Told(names, _pose(told))
        else:
            lines = _head(source, name).decode("utf-8", "replace").splitlines()
            found.setdefault(folder, Told({n: line.strip() for n, line in enumerate(lines) if line.strip()}, Task()))
    return found


def _folder_of(name: str, sets: Mapping[str, Told]) -> str | None:
    folder = name
    while folder:
        folder = folder.rpartition("/")[0]
        if folder in sets:
            return folder
    return None


def _pose(told: Mapping[object, object]) -> Task:
    shape = told.get(OBJECT)
    if not isinstance(shape, list) or len(shape) != 2 or shape[0] not in range(1, 1001) or shape[1] not in (2, 3):
        return Task()
    given = told.get("kpt_names")
    listed = next(iter(given.values()), None) if isinstance(given, dict) else given
    known = isinstance(listed, list) and len({*map(str, listed)}) == shape[0]
    names = (
        [str(name) for name in listed]
        if known and isinstance(listed, list)
        else [f"point_{n}" for n in range(1, shape[0] + 1)]
    )
    return Task(points=tuple(names), size=int(shape[1]))


def _yaml(source: Source, name: str) -> Mapping[object, object]:
    reader = YAML(typ="safe", pure=True)
    try:
        found = reader.load(_head(source, name).decode("utf-8"))
    except (YAMLError, ValueError, RecursionError):
        return {}  # a description that cannot be read is none: classes keep their numbers
    return found if isinstance(found, dict) else {}


def _rows(source: Source, names: Sequence[str]) -> Iterator[list[float]]:
    for name in sorted(names)[:SAMPLE]:
        try:
            for _, line in rows_in(text_of(source, name)):
                yield numbers_of(line)
        except (BadCell, ValueError, *READ_ERRORS):
            continue  # it is a reject when it is read


def _head(source: Source, name: str) -> bytes:
    try:
        with source.open(name) as file:
            return head_of(file, LARGEST)
    except READ_ERRORS:
        return b""

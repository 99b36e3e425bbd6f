"""What the numbers and colours of mask files mean: tables beside them."""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

import numpy as np
from numpy.typing import NDArray

from karat.formats.base import Source
from karat.formats.cells import BadCell
from karat.formats.lines import encoding_of, head_of
from karat.formats.sources import READ_ERRORS
from karat.model.problem import Problem

CLASSES = ("classes.csv", "classes.txt", "labels.txt", "label_colors.txt", "label_colours.txt")
THINGS = "instances.csv"
LARGEST = 4 << 20


def is_table(name: str) -> bool:
    """Whether a file says what numbers or colours mean."""
    return PurePosixPath(name).name.lower() in (*CLASSES, THINGS)


@dataclass(frozen=True)
class Classes:
    """Tables by the folder that they stand in."""

    numbers: Mapping[str, Mapping[int, str]] = field(default_factory=dict)
    things: Mapping[str, Mapping[str, Mapping[int, str]]] = field(default_factory=dict)
    """Folder, then name of the file, then number."""
    colours: Mapping[tuple[int, int, int], int] = field(default_factory=dict)

    @property
    def has_things(self) -> bool:
        """Whether numbers tell things of one class apart."""
        return bool(self.things)

    @staticmethod
    def read(source: Source, names: Iterable[str]) -> "Classes":
        """Every table that can be read; others say nothing."""
        numbers: dict[str, dict[int, str]] = {}
        things: dict[str, dict[str, dict[int, str]]] = {}
        colours: dict[tuple[int, int, int], int] = {}
        for name in names:
            folder, last = str(PurePosixPath(name).parent), PurePosixPath(name).name.lower()
            text = _text(source, name)
            if last == THINGS:
                for row in csv.DictReader(io.StringIO(text)):
                    if row.get("file") and (row.get("number") or "").isdigit() and row.get("label"):
                        things.setdefault(folder, {}).setdefault(row["file"], {})[int(row["number"])] = row["label"]
            elif last == "classes.csv":
                for row in csv.DictReader(io.StringIO(text)):
                    if (row.get("value") or "").isdigit() and row.get("label"):
                        numbers.setdefault(folder, {})[int(row["value"])] = row["label"]
            elif "colo" in last:
                for number, (colour, label) in enumerate(_colours(text)):
                    colours.setdefault(colour, number)
                    numbers.setdefault(folder, {})[number] = label
            else:
                lines = [line.strip() for line in text.splitlines()]
                numbers.setdefault(folder, {}).update({n: line for n, line in enumerate(lines) if line})
        return Classes(numbers, things, colours)

    def names(self) -> list[str]:
        """Every class, in the order of its number."""
        found = [label for table in self.numbers.values() for _, label in sorted(table.items())]
        return found or sorted(
            {label for files in self.things.values() for table in files.values() for label in table.values()}
        )

    def numbered(self, pixels: NDArray[np.int64], name: str) -> NDArray[np.int64]:
        """The numbers of colours, shape (height, width) of (height, width, 3); raises `BadCell` for one that no table has."""
        flat = pixels @ np.array([1 << 16, 1 << 8, 1])
        known = {red << 16 | green << 8 | blue: number for (red, green, blue), number in self.colours.items()}
        found, places = np.unique(flat, return_inverse=True)
        unknown = [value for value in found.tolist() if value not in known]
        if unknown:
            first = [unknown[0] >> 16, unknown[0] >> 8 & 255, unknown[0] & 255]
            raise BadCell(
                Problem(
                    "",
                    f"the colour {first} in {name}",
                    "a colour of label_colors.txt",
                    "Add the colour, or save numbers instead of colours.",
                )
            )
        return np.array([known[value] for value in found.tolist()], np.int64)[places].reshape(flat.shape)


def value_names(tables: Classes, name: str) -> dict[int, str]:
    """What the numbers of a mask file mean: of the nearest tables above it, the file's own before those of classes."""
    found: dict[int, str] = {}
    path = PurePosixPath(name)
    for folder in map(str, reversed(path.parents)):
        found.update(tables.numbers.get(folder, {}))
    for folder in map(str, path.parents):
        own = tables.things.get(folder, {}).get(path.name)
        if own is not None:
            return dict(own)
    return found


def _colours(text: str) -> Iterable[tuple[tuple[int, int, int], str]]:
    """Lines such as `64 128 64 Animal`."""
    for line in text.splitlines():
        parts = line.split(None, 3)
        if len(parts) == 4 and all(part.isdigit() and int(part) < 256 for part in parts[:3]):
            yield (int(parts[0]), int(parts[1]), int(parts[2])), parts[3].strip()


def _text(source: Source, name: str) -> str:
    try:
        with source.open(name) as file:
            given = head_of(file, LARGEST)
        return given.decode(encoding_of(given)).removeprefix("\ufeff")
    except (UnicodeDecodeError, *READ_ERRORS):
        return ""  # the numbers then stand for themselves
